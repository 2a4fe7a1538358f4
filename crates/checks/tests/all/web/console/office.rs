//! Keys, the audit log, versions, settings, and search.

use super::{goes_to, hidden, says, welcomed};
use checks::{Api, Call, Database};
use serde_json::json;

#[test]
fn a_key_is_made_shown_once_used_and_revoked() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    says(&ana.get("/app/keys"), 200, "batch");
    let refused = ana.post("/app/keys", &[("name", "deploy"), ("scope", "read"), ("networks", "nowhere")]);
    says(&refused, 400, "networks[0]: must be a network");
    says(&refused, 400, "value=\"deploy\"");
    let made = ana.post("/app/keys", &[("name", "<i>deploy</i>"), ("scope", "read"), ("expires_at", "")]);
    says(&made, 200, "&#60;i&#62;deploy&#60;/i&#62;");
    let key =
        made.text().split_once("<pre>reveille_").expect("a key").1.split('<').next().expect("its rest").to_owned();
    assert!(!ana.get("/app/keys").text().contains(&key));
    let me = || checks::Call::get("/v1/me").key(&format!("reveille_{key}"));
    assert_eq!(api.send(me()).ok()["scope"], "read");
    let id = made
        .text()
        .split("name=\"revoke\" value=\"")
        .last()
        .expect("a button")
        .split('"')
        .next()
        .expect("a number")
        .to_owned();
    says(&ana.post("/app/keys", &[("revoke", &id)]), 200, "The key is revoked");
    api.send(me()).refused(401, "revoked_key");
}

#[test]
fn what_is_changed_stands_in_the_audit_log_and_the_history_and_can_be_taken_back() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let add = [("name", "<u>network</u>"), ("members", "ana\nben: manager"), ("do", "save")];
    says(&ana.post("/app/edit/teams", &add), 200, "is saved");
    let log = ana.get("/app/audit?action=team.create");
    says(&log, 200, "team &#60;u&#62;network&#60;/u&#62;");
    says(&log, 200, "<ins>");
    says(&ana.get("/app/audit?since=yesterday"), 400, "since");
    let history = ana.get("/app/history");
    says(&history, 200, "+ team `&#60;u&#62;network&#60;/u&#62;`");
    let number: i64 = history
        .text()
        .split_once("/app/history/")
        .expect("a version")
        .1
        .split('"')
        .next()
        .expect("its number")
        .parse()
        .expect("a number");
    let before = format!("/app/history/{}", number - 1);
    says(&ana.get(&before), 200, "What has changed since");
    says(&ana.post(&before, &[("do", "look")]), 200, "Restore version");
    says(&ana.get("/app/teams/%3Cu%3Enetwork%3C%2Fu%3E"), 200, "<h1>");
    says(&ana.post(&before, &[("do", "restore")]), 200, "The directory is what it was");
    says(&ana.get("/app/teams/%3Cu%3Enetwork%3C%2Fu%3E"), 404, "<h1>");
    says(&ana.get("/app/history/4711"), 404, "<h1>");
}

#[test]
fn settings_are_changed_and_a_refusal_says_why_in_place() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let key = hidden(&ana.get("/app/settings"), "idempotency_key");
    let set = |policy| {
        [
            ("idempotency_key", key.as_str()),
            ("fallback_policy", policy),
            ("file_lock", "drift"),
            ("password_sign_in", "true"),
        ]
    };
    let refused = ana.post("/app/settings", &set("nobody's"));
    assert!(refused.status >= 400 && refused.text().contains("<h1>Settings"), "{}", refused.text());
    says(&ana.post("/app/settings", &set("primary")), 200, "The settings are saved");
    assert_eq!(api.get("/v1/organization")["file_lock"], "drift");
}

#[test]
fn who_may_not_sees_nothing_of_it_and_changes_nothing() {
    let api = Api::reachable(Database::Sqlite);
    let ben = welcomed(&api, "ben", "192.0.2.2");
    for path in ["/app/keys", "/app/history", "/app/settings"] {
        says(&ben.get(path), 403, "needs");
    }
    for path in ["/app/keys", "/app/history/1", "/app/settings"] {
        says(&ben.post(path, &[("name", "x"), ("scope", "admin"), ("do", "restore")]), 403, "needs");
    }
}

#[test]
fn a_number_goes_to_its_incident_and_words_find_what_has_them() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    api.ok("create", &json!({"title": "Disk <full> on db-3", "users": ["ana"]}));
    goes_to(&ana.get("/app/search?q=%23321"), "/app/incidents/321");
    says(&ana.get("/app/search"), 200, "A number leads");
    says(&ana.get("/app/search?q=disk"), 200, "Disk &#60;full&#62; on db-3");
    says(&ana.get("/app/search?q=check"), 200, "href=\"/app/services/checkout\"");
    says(&ana.get("/app/search?q=ben"), 200, "Ben Bauer");
    // What the other organization has.
    says(&ana.get("/app/search?q=vault"), 200, "Nothing like");
}

#[test]
fn the_screen_in_a_room_shows_who_is_on_call_and_what_is_unresolved_to_whoever_knows_its_address_until_it_has_another()
{
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let address = |fields: &[(&str, &str)]| {
        let given = ana.post("/app/settings/wall", fields);
        says(&given, 200, "Its address:");
        let url = given.text().split_once("/app/wall/").expect("an address").1.split('"').next().expect("its end");
        format!("/app/wall/{url}")
    };
    let wall = address(&[]);
    assert_eq!(address(&[]), wall, "it stays the same");
    let nobody = |path: &str| api.browse(checks::Call::get(path));
    says(&nobody(&wall), 200, "Nothing is unresolved.");
    api.incident("Checkout is <slow>");
    let shown = nobody(&wall);
    says(&shown, 200, "<bdi>Checkout is &#60;slow&#62;</bdi>");
    says(&shown, 200, "<dt>primary</dt>");
    assert_eq!(shown.header("refresh"), "15");
    assert!(!shown.text().contains("<form") && !shown.text().contains("<button"), "nobody acts there");
    let other = address(&[("renew", "true")]);
    says(&nobody(&other), 200, "Checkout is");
    says(&nobody(&wall), 404, "<h1>");
    says(&nobody(&other.replace("/wall/", "/wall/x")), 404, "<h1>");
    // What reads shifts does not read incidents, and the other way round.
    let feed =
        api.send(checks::Call::post("/v1/users/ana/feed").key(&api.key).json(&json!({}))).ok()["url"].to_string();
    let token = feed.rsplit('/').next().expect("a file").trim_end_matches(".ics\"").to_owned();
    says(&nobody(&format!("/app/wall/{token}")), 404, "<h1>");
    let token = other.rsplit('/').next().expect("a token").to_owned();
    assert_eq!(api.send(checks::Call::get(&format!("/feeds/{token}.ics"))).status, 404);
}

/// The path of the wall that ana is given for these fields.
fn wall(ana: &checks::Browser<'_>, fields: &[(&str, &str)]) -> String {
    let given = ana.post("/app/settings/wall", fields);
    says(&given, 200, "Its address:");
    let url = given.text().split_once("/app/wall/").expect("an address").1.split('"').next().expect("its end");
    format!("/app/wall/{url}")
}

#[test]
fn the_screen_in_the_room_shows_the_time_of_the_organization_and_not_that_of_anybody_else() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let wall = wall(&ana, &[]);
    says(&api.browse(Call::get(&wall)), 200, "<p class=\"big\">UTC ");
    says(
        &ana.post(
            "/app/settings",
            &[("file_lock", "strict"), ("password_sign_in", "true"), ("timezone", "Asia/Tokyo")],
        ),
        200,
        "are saved",
    );
    for (query, place) in [("", "Tokyo"), ("?zone=Mars", "Tokyo"), ("?zone=Europe/Lisbon", "Lisbon")] {
        says(&api.browse(Call::get(&format!("{wall}{query}"))), 200, &format!("<p class=\"big\">{place} "));
    }
}

#[test]
fn a_screen_of_one_team_shows_what_is_theirs_alone_at_an_address_of_its_own() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let night = [("name", "night"), ("members", "ben"), ("do", "save")];
    says(&ana.post("/app/edit/teams", &night), 200, "is saved");
    let policy = json!({"name": "nights", "team": "night", "levels": [{"minutes": 5, "users": ["ben"]}]});
    api.send(Call::post("/v1/escalation-policies").key(&api.key).json(&policy)).ok();
    api.ok("create", &json!({"title": "With ana", "users": "ana"}));
    api.ok("create", &json!({"title": "With ben", "users": "ben"}));
    let (all, theirs) = (wall(&ana, &[]), wall(&ana, &[("team_ref_id", "night")]));
    let shown = api.browse(Call::get(&theirs));
    says(&shown, 200, "<bdi>night</bdi></h1>");
    says(&shown, 200, "<strong>1</strong> open, <strong>0</strong> acknowledged");
    assert!(shown.text().contains("With ben") && !shown.text().contains("With ana"), "{}", shown.text());
    assert!(shown.text().contains("<dt>nights</dt>") && !shown.text().contains("<dt>primary</dt>"), "{}", shown.text());
    says(&api.browse(Call::get(&all)), 200, "With ana");
    // Each has an address of its own, which ends by itself.
    let other = wall(&ana, &[("team_ref_id", "night"), ("renew", "true")]);
    says(&api.browse(Call::get(&other)), 200, "With ben");
    says(&api.browse(Call::get(&theirs)), 404, "<h1>");
    says(&api.browse(Call::get(&all)), 200, "With ana");
    says(&ana.post("/app/settings/wall", &[("team_ref_id", "nobody")]), 404, "nobody");
    // What a private team has is shown on its own screen alone.
    let secret = json!({"private": true});
    api.send(Call::new("PATCH", "/v1/teams/night").key(&api.key).header("if-match", "*").json(&secret)).ok();
    let policy = api.ref_id("escalation-policies", "nights");
    api.ok("create", &json!({"title": "Of the night", "policy_ref_id": [policy]}));
    for (screen, is_shown) in [(&all, false), (&other, true)] {
        let shown = api.browse(Call::get(screen)).text().to_owned();
        assert_eq!(
            (shown.contains("Of the night"), shown.contains("<dt>nights</dt>")),
            (is_shown, is_shown),
            "{shown}"
        );
    }
}

#[test]
fn a_token_is_made_and_revoked_on_a_page_of_ones_own_and_is_no_key_of_the_organization() {
    let api = Api::reachable(Database::Sqlite);
    let ben = welcomed(&api, "ben", "192.0.2.1");
    let made = ben.post("/app/me/tokens", &[("name", "<i>laptop</i>"), ("scope", "incidents")]);
    says(&made, 200, "The new token, which is shown this once:");
    let text = made.text();
    let start = text.find("<pre>reveille_").expect("the token") + "<pre>".len();
    let token = &text[start..start + text[start..].find('<').expect("its end")];
    assert_eq!(api.send(Call::get("/v1/me").key(token)).ok()["preferred_username"], "ben");
    says(&ben.get("/app/me/tokens"), 200, "&#60;i&#62;laptop&#60;/i&#62;");
    let ana = welcomed(&api, "ana", "192.0.2.2");
    assert!(!ana.get("/app/keys").text().contains("laptop") && !ana.get("/app/me/tokens").text().contains("laptop"));
    let id = ben.get("/v1/me/tokens").ok()[0]["token_id"].to_string();
    says(&ana.post("/app/me/tokens", &[("revoke", &id)]), 404, "you have no token");
    says(&ben.post("/app/me/tokens", &[("revoke", &id)]), 200, "The token is revoked");
    api.send(Call::get("/v1/me").key(token)).refused(401, "revoked_key");
    api.pass_minutes(11);
    let stale = ben.post("/app/me/tokens", &[("name", "x"), ("scope", "read")]);
    says(&stale, 403, "Is it still you?");
}

#[test]
fn many_are_asked_in_at_once_and_each_is_told_apart() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    says(&ana.get("/app/invitations"), 200, "Nobody is asked in");
    let people = "Zoe Zorn <zoe@example.org>\n\nkim@example.org\nana@example.com\n";
    let asked = ana.post("/app/invitations", &[("people", people), ("role", "observer")]);
    says(&asked, 200, "is the address of ana, who is there already");
    assert_eq!(asked.text().matches("<strong>Done</strong>").count(), 2);
    assert_eq!(api.get("/v1/users/zoe")["display_name"], "Zoe Zorn");
    assert_eq!(super::super::column(&api.get("/v1/invitations"), "user_role"), ["observer", "observer"]);
    says(&ana.post("/app/invitations", &[("take_back", "kim")]), 200, "The link of kim counts no more");
    says(&ana.post("/app/invitations", &[("resend", "zoe")]), 200, "<strong>Done</strong>: <bdi>zoe</bdi>");
    says(&ana.post("/app/invitations", &[("people", " \n ")]), 400, "people: must have from 1 to 100 lines");
    let ben = welcomed(&api, "ben", "192.0.2.2");
    says(&ben.get("/app/invitations"), 403, "needs");
}

#[test]
fn settings_are_saved_and_what_cannot_be_is_said_with_what_was_typed() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let typed = |days: &'static str| {
        [
            ("file_lock", "strict"),
            ("password_sign_in", "true"),
            ("timezone", "Europe/Lisbon"),
            ("observers_note", "true"),
            ("session_days", days),
            ("second_factor_for", "owner"),
        ]
    };
    says(&ana.post("/app/settings", &typed("900")), 400, "session_days: must be");
    assert_eq!(api.get("/v1/organization")["timezone"], "UTC");
    says(&ana.post("/app/settings", &typed("9")), 200, "The settings are saved");
    let set = api.get("/v1/organization");
    assert_eq!(json!([set["timezone"], set["observers_note"], set["session_days"]]), json!(["Europe/Lisbon", true, 9]));
    assert_eq!(json!([set["second_factor_for"], set["token_days"]]), json!([["owner"], 90]));
    // Who saw older settings does not put them back.
    let shown = hidden(&ana.get("/app/settings"), "version");
    let changed = Call::new("PATCH", "/v1/organization")
        .key(&api.key)
        .header("if-match", "*")
        .json(&json!({"observers_note": false}));
    api.send(changed).ok();
    let old = [&typed("8")[..], &[("version", shown.as_str())]].concat();
    says(&ana.post("/app/settings", &old), 412, "changed meanwhile");
    assert_eq!(api.get("/v1/organization")["session_days"], 9);
    let again = hidden(&ana.post("/app/settings", &old), "version");
    assert_ne!(again, shown, "now that it was said, it is saved");
    let new = [&typed("8")[..], &[("version", again.as_str())]].concat();
    says(&ana.post("/app/settings", &new), 200, "The settings are saved");
    says(
        &ana.post("/app/settings", &[("file_lock", "strict"), ("password_sign_in", "true")]),
        200,
        "The settings are saved",
    );
    assert_eq!(api.get("/v1/organization")["observers_note"], false);
}

#[test]
fn search_finds_what_is_over_too_and_whatever_has_a_tag() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let order = |title: &str, tags: serde_json::Value| json!({"title": title, "users": "ana", "tags": tags});
    let over = api.ok("create", &order("Kiwis are <lost>", json!(["fruit salad"])));
    api.ok("create", &order("Plums are late", json!(["fruit salad", "stone"])));
    api.ok("resolve", &json!({"instance_id": over["instance_id"]}));
    let found = ana.get("/app/search?q=kiwis");
    says(&found, 200, ">Resolved incidents <span class=\"count\">1</span>");
    says(&found, 200, "<a href=\"/app/incidents/1\"><bdi>#1 Kiwis are &#60;lost&#62;</bdi></a>");
    says(&ana.get("/app/search?q=STONE"), 200, ">Unresolved incidents <span class=\"count\">1</span>");
    let tagged = ana.get("/app/search?q=fruit+salad");
    says(&tagged, 200, ">Incidents with this tag <span class=\"count\">2</span>");
    says(&ana.get("/app/search?q=melon"), 200, "Nothing like <bdi>melon</bdi>");
    // What a team keeps to itself stays there.
    api.extend("\n[[team]]\nname = \"vault\"\nprivate = true\nmembers = [\"ben\"]\n\n[[service]]\nname = \"vault\"\nteam = \"vault\"\nescalation_policy = \"primary\"\n");
    let hidden = json!({"title": "Melons", "service_ref_id": api.ref_id("services", "vault"), "tags": ["melon"]});
    api.ok("create", &hidden);
    let mofab = welcomed(&api, "mofab", "192.0.2.3");
    says(&mofab.get("/app/search?q=melon"), 200, "Nothing like <bdi>melon</bdi>");
    says(&ana.get("/app/search?q=melon"), 200, "Incidents with this tag");
}
