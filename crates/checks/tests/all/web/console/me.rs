//! Who one is, told to keys and to sessions.

use super::{PASSWORD, SESSION, goes_to, is_in, says, sign_in, welcomed};
use checks::{Api, Browser, Call, Database};
use serde_json::{Value, json};

#[test]
fn a_session_says_who_one_is_and_ends_ones_other_sessions() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let me = ana.get("/v1/me").ok();
        assert_eq!(
            json!([me["kind"], me["name"], me["organization"], me["preferred_username"], me["user_role"], me["scope"]]),
            json!(["person", "Ana Alves", "demo", "ana", "admin", null])
        );
        assert_eq!(me["signed_in_by"], "link");
        let elsewhere = Browser::new(api, "192.0.2.2");
        goes_to(&sign_in(&elsewhere, "ana", PASSWORD), "/app/now");
        let sessions = ana.get("/v1/me/sessions").ok();
        let column =
            |key: &str| sessions.as_array().expect("a list").iter().map(|one| one[key].clone()).collect::<Vec<Value>>();
        assert_eq!(sessions.as_array().map(Vec::len), Some(2));
        assert!(
            column("network").contains(&json!("192.0.2.2")) && column("device").contains(&json!("a test's browser"))
        );
        assert_eq!(column("is_this").iter().filter(|is_this| **is_this == json!(true)).count(), 1);
        assert!(column("session_ref_id").contains(&me["session_ref_id"]));
        let end = || Call::new("DELETE", "/v1/me/sessions");
        ana.send(end()).refused(403, "cross_site");
        ana.send(end().header("sec-fetch-site", "cross-site")).refused(403, "cross_site");
        assert!(is_in(&elsewhere));
        assert_eq!(ana.send(end().header("sec-fetch-site", "same-origin")).ok(), "Success");
        assert!(is_in(&ana) && !is_in(&elsewhere));
        elsewhere.get("/v1/me").refused(401, "signed_out");
    });
}

#[test]
fn a_key_says_what_it_is_and_goes_before_a_session() {
    let api = Api::reachable(Database::Sqlite);
    let me = api.get("/v1/me");
    assert_eq!(
        json!([me["kind"], me["name"], me["organization"], me["preferred_username"], me["scope"]]),
        json!(["key", "batch", "demo", null, "admin"])
    );
    assert_eq!(api.get("/v1/me/sessions"), json!([]));
    let ana = welcomed(&api, "ana", "192.0.2.1");
    assert_eq!(ana.send(Call::get("/v1/me").key(&api.key)).ok()["kind"], "key");
    ana.send(Call::get("/v1/me").key("reveille_nothing")).refused(401, "unknown_key");
    api.send(Call::get("/v1/me")).refused(401, "missing_key");
    let shown = format!("{SESSION}=1.made-up");
    api.send(Call::get("/v1/me").header("cookie", shown)).refused(401, "signed_out");
}

#[test]
fn whoever_wants_to_know_whether_they_are_reached_pages_themselves_alone() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let page = ana.get("/app/me");
    says(&page, 200, "<strong>e-mail</strong>");
    says(&ana.post("/app/me/test", &[("urgency_level", "9")]), 400, "urgency_level: ");
    for _ in 0..2 {
        let paged = ana.post("/app/me/test", &[("urgency_level", "4"), ("idempotency_key", "form-1")]);
        says(&paged, 200, "<h1><bdi>Test: a page to see that it reaches Ana Alves</bdi></h1>");
        says(&paged, 200, "With Ana Alves, level 1.");
    }
    says(&ana.get("/app/incidents/2"), 404, "There is no such incident");
}

#[test]
fn whoever_is_away_sees_which_shifts_those_are_before_somebody_takes_them_in_their_own_zone() {
    let api = Api::reachable(Database::Sqlite);
    let routine = json!({"name": "week", "timezone": "UTC", "routine_layers": [{"valid_start": "2026-06-01",
        "rotation_frequency": 7, "rotations": [["ben"], ["cho"]]}]});
    api.send(Call::post("/v1/routines").key(&api.key).json(&routine)).ok();
    // He lives in Berlin.
    let ben = welcomed(&api, "ben", "192.0.2.1");
    says(&ben.get("/app/me"), 200, "Times are those of your zone, Berlin.");
    let mut key = 0;
    let mut away = |typed: [&str; 3], act: &str| {
        key += 1;
        let key = format!("form-{key}");
        let [from, until, stand_in] = typed;
        let fields = [("idempotency_key", &*key), ("from", from), ("until", until), ("in", stand_in), ("do", act)];
        [(); 2].map(|()| ben.post("/app/me/away", &fields)).into_iter().last().expect("an answer")
    };
    let time = ["2026-06-02T02:00", "2026-06-04T02:00"];
    let looked = away([time[0], time[1], ""], "look");
    says(&looked, 200, "<a href=\"/app/routines/week\">week</a>: Tue 2 Jun 2026 02:00 – Thu 4 Jun 2026 02:00");
    says(&looked, 200, "value=\"2026-06-02T02:00\"");
    assert_eq!(api.get("/v1/routines/week/swaps"), json!([]), "nothing is stored");
    for (typed, field) in [
        (["soon", time[1], "cho"], "away-from-problem"),
        ([time[1], time[0], "cho"], "away-until-problem"),
        ([time[0], time[1], ""], "away-in-problem"),
        ([time[0], time[1], "ben"], "away-in-problem"),
    ] {
        let refused = away(typed, "take");
        says(&refused, 400, &format!("id=\"{field}\""));
        assert_eq!(refused.text().matches("Nothing was stored.").count(), 1, "{}", refused.text());
    }
    says(
        &away([time[0], time[1], "dee"], "take"),
        200,
        "Dee Diallo takes your shifts of one routine, Tue 2 Jun 2026 02:00",
    );
    let swaps = api.get("/v1/routines/week/swaps");
    assert_eq!(swaps.as_array().map(Vec::len), Some(1), "{swaps}");
    assert_eq!(json!([swaps[0]["in"], swaps[0]["from"]]), json!(["dee", "2026-06-02T00:00:00.000000"]));
    says(&away([time[0], time[1], "dee"], "look"), 200, "You have no shift then.");
}

#[test]
fn ones_rules_are_drawn_as_bars_of_time_with_the_same_in_words() {
    let api = Api::reachable(Database::Sqlite);
    let ben = welcomed(&api, "ben", "192.0.2.2");
    let page = ben.get("/app/me");
    says(&page, 200, "<strong>Low</strong> 1: e-mail");
    says(&page, 200, "<circle class=\"bar-of\" cx=\"4%\"");
    says(&page, 200, "href=\"/app/edit/users/ben#notification_rules\"");
    api.amend("{ after_minutes = 2, channel = \"sms\" }", "{ after_minutes = 70, channel = \"email\" }");
    let page = ben.get("/app/me");
    says(&page, 200, "<strong>High</strong> 1: e-mail at once; 2: e-mail after 70 min");
    says(&page, 200, "until 70 minutes later");
    says(&page, 200, "cx=\"96%\"");
}
