//! Who is on call: the board, routines with their swaps, one's own shifts, and ladders.

use super::{hidden, says, welcomed};
use checks::{Api, Browser, Call, Database};
use serde_json::json;

const PAGES: [&str; 6] = [
    "/app/on-call",
    "/app/routines",
    "/app/routines/payments",
    "/app/policies",
    "/app/policies/payments",
    "/app/me/when",
];

/// Somebody who reads and nothing else, and components with markup in their names.
const MORE: &str = r#"
[[user]]
username = "oli"
display_name = "Oli Observes"
email = "oli@example.com"
role = "observer"

[[user]]
username = "rae"
display_name = "Rae <b>Responds</b>"
email = "rae@example.com"

[[routine]]
name = "<script>nights</script> / 100 %"
timezone = "Asia/Seoul"
[[routine.routine_layers]]
layer_name = "</text><b>layer"
valid_start = "2021-01-04"
rotations = [["rae"], ["ana"]]

[[escalation_policy]]
name = "<i>strange</i>"
levels = [{ minutes = 5, routines = ["<script>nights</script> / 100 %"] }]
"#;

fn furnished() -> Api {
    let api = Api::reachable(Database::Sqlite);
    api.extend(MORE);
    api
}

/// The swap by which Cho takes over from Ana, by the clock of Lisbon in the year after next.
fn swap<'a>(key: &'a str, act: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("act", act),
        ("idempotency_key", key),
        ("out", "ana"),
        ("in", "cho"),
        ("from", "2030-07-01T10:00"),
        ("until", "2030-07-15T10:00"),
    ]
}

const THEN: &str = "/app/routines/payments?from=2030-07-01&zone=Europe/Lisbon";

#[test]
fn every_page_is_there_for_an_owner_and_an_observer_and_asks_others_to_sign_in() {
    let api = furnished();
    for user in ["ana", "oli"] {
        let browser = welcomed(&api, user, "192.0.2.1");
        for path in PAGES {
            says(&browser.get(path), 200, "</h1>");
        }
    }
    for path in PAGES {
        says(&api.browse(Call::get(path)), 401, "<h1>Sign in</h1>");
    }
}

#[test]
fn a_stakeholder_does_not_see_who_is_on_call() {
    let api = furnished();
    let eva = welcomed(&api, "eva", "192.0.2.1");
    for path in PAGES.into_iter().filter(|path| *path != "/app/me/when") {
        says(&eva.get(path), 403, "</h1>");
    }
}

#[test]
fn a_swap_is_weighed_made_shown_and_taken_back_by_forms_alone() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let page = ana.get(THEN);
        let key = hidden(&page, "idempotency_key");
        let weighed = ana.post(THEN, &swap(&key, "preview"));
        says(&weighed, 200, "nothing is stored yet");
        assert!(weighed.text().contains("Cho Min-seo instead of Ana Alves"), "{}", weighed.text());
        says(&ana.get(THEN), 200, "None. A swap lets one person go");
        let made = ana.post(THEN, &swap(&key, "swap"));
        says(&made, 200, "Cho Min-seo is on call for Ana Alves");
        assert!(made.text().contains(">Swaps</text>") && made.text().contains("<bdi>for Ana Alves</bdi>"));
        // A reload, or a double tap, acts once.
        ana.post(THEN, &swap(&key, "swap"));
        let swap_ref_id = hidden(&ana.get(THEN), "swap_ref_id");
        assert_eq!(ana.get(THEN).text().matches("value=\"take-back\"").count(), 1);
        let taken = ana.post(THEN, &[("act", "take-back"), ("swap_ref_id", &swap_ref_id)]);
        says(&taken, 200, "The swap was taken back.");
        assert!(!taken.text().contains("value=\"take-back\""));
        says(&ana.post(THEN, &[("act", "take-back"), ("swap_ref_id", &swap_ref_id)]), 404, "That did not work.");
    });
}

#[test]
fn a_refused_swap_says_why_beside_the_field_and_keeps_what_was_typed() {
    let api = furnished();
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let refused = |field: &str, value: &str, problem: &str| {
        let key = hidden(&ana.get(THEN), "idempotency_key");
        let form = swap(&key, "swap").map(|(name, old)| (name, if name == field { value } else { old }));
        let page = ana.post(THEN, &form);
        says(&page, 400, &format!("id=\"{field}-problem\">"));
        assert!(page.text().contains(problem) && page.text().contains("One thing is wrong"), "{}", page.text());
        assert!(page.text().contains("value=\"2030-07-01T10:00\"") || field == "from", "{}", page.text());
    };
    refused("until", "2030-06-01T10:00", "Until must be after the beginning.");
    refused("until", "nonsense", "Until must be a date and a time");
    refused("in", "ana", "cannot stand in for themselves");
    refused("from", "2030-03-31T01:30", "clocks are put forward over it");
    let stranger = swap("stranger", "swap").map(|(name, old)| (name, if name == "in" { "nobody-of-us" } else { old }));
    says(&ana.post(THEN, &stranger), 404, "Who takes over there is no user `nobody-of-us`.");
    let over = swap("over", "swap").map(|(name, value)| match name {
        "from" => (name, "2020-01-01T10:00"),
        "until" => (name, "2020-01-02T10:00"),
        _ => (name, value),
    });
    says(&ana.post(THEN, &over), 400, "Until must be in the future.");
}

#[test]
fn a_link_to_a_shift_fills_in_the_form_by_the_clock_of_the_routine() {
    let api = furnished();
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let page = ana.get("/app/routines/payments?zone=Asia/Seoul&swap=ana~2030-07-01T09:00:00Z~2030-07-08T09:00:00Z");
    says(&page, 200, "value=\"2030-07-01T10:00\"");
    assert!(page.text().contains("value=\"2030-07-08T10:00\""), "{}", page.text());
    assert!(page.text().contains("<option value=\"ana\" selected>Ana Alves</option>"), "{}", page.text());
    for link in ["", "ana", "~~", "ana~x~y", "%00~2030-07-01~2030-07-02"] {
        says(&ana.get(&format!("/app/routines/payments?swap={link}")), 200, "Swap a shift");
    }
}

#[test]
fn whoever_only_reads_sees_no_form_and_the_post_behind_it_is_refused() {
    let api = furnished();
    let oli = welcomed(&api, "oli", "192.0.2.1");
    let page = oli.get(THEN);
    for none in ["Swap a shift", "take-back", "/app/edit/", "#swap"] {
        assert!(!page.text().contains(none), "{none}: {}", page.text());
    }
    says(&oli.post(THEN, &swap("key", "swap")), 403, "needs");
    assert_eq!(api.get(&format!("/v1/routines/{}/swaps", api.ref_id("routines", "payments"))), json!([]));
    says(&oli.get("/app/policies/payments"), 200, "</h1>");
    assert!(!oli.get("/app/policies/payments").text().contains("/app/edit/"));
}

#[test]
fn a_responder_takes_over_a_shift_and_swaps_no_others() {
    let api = furnished();
    let rae = welcomed(&api, "rae", "192.0.2.1");
    let with =
        |who: &'static str| swap("a-key", "swap").map(|(name, old)| (name, if name == "in" { who } else { old }));
    says(&rae.post(THEN, &with("cho")), 403, "needs");
    says(&rae.post(THEN, &with("rae")), 200, "is on call for Ana Alves");
    assert!(!rae.get(THEN).text().contains("take-back"));
}

#[test]
fn names_with_markup_are_text_and_found_by_name_and_by_id() {
    let api = furnished();
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let id = api.ref_id("routines", "<script>nights</script> / 100 %");
    let policy = api.ref_id("escalation-policies", "<i>strange</i>");
    for path in [
        "/app/on-call",
        "/app/routines",
        "/app/policies",
        "/app/me/when",
        "/app/routines/%3Cscript%3Enights%3C%2Fscript%3E%20%2F%20100%20%25",
        &format!("/app/routines/{id}"),
        "/app/policies/%3Ci%3Estrange%3C%2Fi%3E",
        &format!("/app/policies/{policy}"),
    ] {
        let page = ana.get(path);
        says(&page, 200, "#60;");
        for markup in ["<b>", "<i>", "<script>nights"] {
            assert!(!page.text().contains(markup), "{markup}: {}", page.text());
        }
    }
}

#[test]
fn what_another_organization_has_is_not_there() {
    let api = furnished();
    let key = api.new_key("other", "theirs", domain::permission::Scope::Admin);
    let theirs = api.ref_id_for(&key, "escalation-policies", "primary");
    let ana = welcomed(&api, "ana", "192.0.2.1");
    for path in [&format!("/app/policies/{theirs}"), "/app/policies/none", "/app/routines/none", "/app/routines/a/b"] {
        says(&ana.get(path), 404, "</h1>");
    }
    says(&ana.post("/app/routines/none", &swap("key", "swap")), 404, "</h1>");
    says(&ana.post("/app/on-call", &[]), 400, "must name a shift");
}

#[test]
fn the_board_is_shown_at_any_instant_and_says_what_it_cannot_read() {
    let api = furnished();
    let ana: Browser<'_> = welcomed(&api, "ana", "192.0.2.1");
    // Dee takes Christmas.
    let christmas = ana.get("/app/on-call?at=2026-12-25T12:00");
    says(&christmas, 200, "value=\"2026-12-25T12:00\"");
    assert!(christmas.text().contains("Dee Diallo") && christmas.text().contains("Show now"), "{}", christmas.text());
    says(&ana.get("/app/on-call?at=yesterday"), 400, "The time must be a date and a time");
}

#[test]
fn a_shift_is_taken_over_on_the_board_by_whoever_may() {
    Api::reached_on_both(|api| {
        api.extend(MORE);
        let rae = welcomed(api, "rae", "192.0.2.1");
        let board = "/app/on-call?q=payments";
        let page = rae.get(board);
        let take =
            page.text().split_once("name=\"take\" value=\"").expect("a button").1.split('"').next().expect("a value");
        let (take, key) = (take.to_owned(), hidden(&page, "idempotency_key"));
        let taken = rae.post(board, &[("idempotency_key", &key), ("take", &take)]);
        says(&taken, 200, "You are on call for");
        assert!(taken.text().contains("Rae &#60;b&#62;Responds&#60;/b&#62;</bdi></a>"), "{}", taken.text());
        // A reload acts once.
        says(&rae.post(board, &[("idempotency_key", &key), ("take", &take)]), 200, "You are on call for");
        let swaps = api.get(&format!("/v1/routines/{}/swaps", api.ref_id("routines", "payments")));
        assert_eq!((swaps.as_array().map(Vec::len), &swaps[0]["in"]), (Some(1), &json!("rae")));
        says(
            &rae.post(board, &[("take", "x~ana~2030-01-01T00:00:00Z~2030-01-02T00:00:00Z")]),
            404,
            "That did not work.",
        );
        says(&rae.post(board, &[("take", "nonsense")]), 400, "must name a shift");
        // What is shown of the past cannot be taken, and whoever only reads takes nothing.
        assert!(!rae.get("/app/on-call?q=payments&at=2020-01-01T00:00").text().contains("name=\"take\""));
        let oli = welcomed(api, "oli", "192.0.2.2");
        let page = oli.get(board);
        assert!(!page.text().contains("name=\"take\"") && !page.text().contains("Page this level"), "{}", page.text());
        says(&oli.post(board, &[("take", &take)]), 403, "needs");
    });
}

#[test]
fn a_level_is_paged_from_the_board_and_the_board_is_copied_as_text() {
    let api = furnished();
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let page = ana.get("/app/on-call?q=payments");
    let policy = api.ref_id("escalation-policies", "payments");
    says(&page, 200, &format!("href=\"/app/incidents/new?policy_ref_id={policy}\""));
    says(&page, 200, "href=\"/app/incidents/new?users=");
    let form = ana.get(&format!("/app/incidents/new?policy_ref_id={policy}"));
    says(&form, 200, &format!("value=\"{policy}\" checked"));
    let text = page
        .text()
        .split_once("data-copies>Copy</button><pre>")
        .expect("a text")
        .1
        .split("</pre>")
        .next()
        .expect("its end");
    assert!(text.starts_with("On call, ") && text.contains("\npayments\n  level 1: "), "{text}");
    assert!(!text.contains('<'), "{text}");
}

#[test]
fn what_is_to_be_looked_at_is_told_as_soon_as_it_is_so_and_no_longer() {
    let api = furnished();
    let ana = welcomed(&api, "ana", "192.0.2.9");
    let is_told = || ana.get("/app/now").text().contains("no level of a policy names it");
    assert!(!is_told());
    let unused = json!({"name": "unused", "timezone": "UTC", "routine_layers": []});
    api.send(Call::post("/v1/routines").key(&api.key).json(&unused)).ok();
    assert!(is_told());
    api.send(Call::new("DELETE", "/v1/routines/unused").key(&api.key).header("if-match", "*")).ok();
    assert!(!is_told());
}

#[test]
fn a_routine_and_a_policy_say_what_file_keeps_them_who_changed_them_and_are_removed_by_whoever_may() {
    let api = Api::reachable(Database::Sqlite);
    let (ana, ben) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    let layers = json!([{"valid_start": "2026-06-01", "rotations": [["ben"]]}]);
    let own = json!({"name": "own", "timezone": "UTC", "routine_layers": layers});
    api.send(Call::post("/v1/routines").key(&api.key).json(&own)).ok();
    let own = json!({"name": "own", "levels": [{"minutes": 5, "users": ["ben"]}]});
    api.send(Call::post("/v1/escalation-policies").key(&api.key).json(&own)).ok();
    for (list, kept, collection) in
        [("/app/routines", "payments", "routines"), ("/app/policies", "primary", "escalation-policies")]
    {
        let page = ana.get(&format!("{list}/{kept}"));
        says(&page, 200, "Managed by <code>a directory file</code>");
        says(&page, 200, "<h2>As file text</h2>");
        says(&page, 200, "<a href=\"/app/audit?object=");
        assert!(!page.text().contains("Remove…"), "what a file keeps is removed there");
        says(&ana.get(list), 200, "<br><span class=\"quiet-text\">a directory file</span>");
        let page = ana.get(&format!("{list}/own"));
        assert!(!page.text().contains("Managed by"), "{}", page.text());
        let remove = format!("/app/edit/{collection}/own/remove");
        says(&page, 200, &format!("<a class=\"button danger\" href=\"{remove}\">Remove…</a>"));
        says(&ana.get(&remove), 200, "Remove");
        let seen = ben.get(&format!("{list}/own"));
        assert!(!seen.text().contains("Remove…") && !seen.text().contains("/app/audit"), "{}", seen.text());
        says(&ben.get(&remove), 403, "needs");
    }
}
