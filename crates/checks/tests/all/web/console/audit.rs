//! What the audit log says of signing in: one row for each act, by whom, from where, and what came of it.

use super::{ANOTHER, PASSWORD, factor, goes_to, says, sign_in, welcomed};
use checks::{Api, Browser, Call, Database};
use domain::sign_in::LinkPurpose;
use serde_json::{Value, json};

/// The rows since this number, oldest first, and the number of the last.
fn since(api: &Api, number: &mut i64) -> Vec<Value> {
    let rows = api.send(Call::get("/v1/audit?limit=1000").key(&api.key)).ok();
    let mut rows: Vec<Value> = rows.as_array().expect("a list").clone();
    rows.retain(|row| row["number"].as_i64() > Some(*number));
    rows.reverse();
    *number = rows.last().and_then(|row| row["number"].as_i64()).unwrap_or(*number);
    rows
}

/// Action, outcome, and who acted, of each row about signing in; what the server told people beside is another's test.
fn told(rows: &[Value]) -> Vec<String> {
    let rows = rows.iter().filter(|row| row["action"] != "user.tell");
    rows.map(|row| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let actor = &row["actor"];
        format!("{} {} {} {}", text(&row["action"]), text(&row["outcome"]), text(&actor["kind"]), text(&actor["name"]))
    })
    .collect()
}

#[test]
fn each_act_of_signing_in_writes_one_row_with_its_outcome_and_who_did_it() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let mut number = 0;
    let rows = told(&since(&api, &mut number));
    let welcome = [
        "link.make done operator operator",
        "link.use done person ana",
        "password.change done person ana",
        "user.sign_in done person ana",
    ];
    assert_eq!(rows[rows.len() - 4..], welcome);
    let mut wrote = |what: &str, expect: &[&str]| assert_eq!(told(&since(&api, &mut number)), expect, "{what}");
    let other = Browser::new(&api, "192.0.2.2");
    goes_to(&sign_in(&other, "ana", PASSWORD), "/app/now");
    wrote("a password", &["user.sign_in done person ana"]);
    goes_to(&ana.post("/app/me/security/sessions", &[("which", "others")]), "/app/me/security");
    wrote("all other sessions", &["session.end_others done person ana"]);
    goes_to(&ana.post("/app/me/security/sessions", &[("which", "others")]), "/app/me/security");
    wrote("none is left", &[]);
    goes_to(&ana.post("/app/again", &[("password", PASSWORD)]), "/app/now");
    wrote("once more", &["user.sign_in_again done person ana"]);
    let fields = [("present", PASSWORD), ("password", ANOTHER), ("again", ANOTHER)];
    goes_to(&ana.post("/app/me/security/password", &fields), "/app/me/security");
    wrote("another password", &["password.change done person ana"]);
    drop(factor::set_up(&api, &ana));
    wrote("a factor", &["factor.add done person ana"]);
    assert_eq!(ana.post("/app/me/security/codes", &[]).status, 200);
    wrote("its codes", &["recovery_codes.renew done person ana"]);
    goes_to(&ana.post("/app/me/security/remove", &[]), "/app/me/security");
    wrote("no factor", &["factor.remove done person ana"]);
    goes_to(&ana.post("/app/me/security/remove", &[]), "/app/me/security");
    wrote("there was none", &[]);
    goes_to(&ana.post("/app/sign-out", &[]), "/app/sign-in");
    wrote("signed out", &["user.sign_out done person ana"]);
    for _ in 0..3 {
        assert_eq!(sign_in(&other, "ana", PASSWORD).status, 401);
    }
    assert_eq!(sign_in(&other, "nobody at all", PASSWORD).status, 401);
    wrote("refused, and the minute is not over", &[]);
    api.pass_minutes(1);
    api.beat();
    let refused = "user.sign_in_refused refused(sign_in_refused) system system";
    wrote("refused", &[refused, refused]);
    drop(api.link(LinkPurpose::Invite, "ben"));
    wrote("invited", &["link.make done operator operator"]);
}

#[test]
fn a_row_about_signing_in_tells_the_session_and_where_it_came_from_as_what_can_be_erased() {
    let api = Api::reachable(Database::Sqlite);
    drop(welcomed(&api, "ana", "192.0.2.1"));
    let browser = Browser::new(&api, "198.51.100.7");
    assert_eq!(sign_in(&browser, "ana", ANOTHER).status, 401);
    goes_to(&sign_in(&browser, "ana", PASSWORD), "/app/now");
    api.pass_minutes(1);
    api.beat();
    let rows = since(&api, &mut 0);
    let row = rows.iter().rfind(|row| row["action"] == "user.sign_in").expect("a row");
    assert_eq!(
        (&row["way"], &row["object"]["kind"], &row["object"]["name"]),
        (&json!("console"), &json!("user"), &json!("ana"))
    );
    assert!(row["actor"]["session"].as_str().is_some_and(|session| session.len() == 22), "{row}");
    for personal in ["address", "user_agent"] {
        assert!(row["from"][personal]["sha256"].is_string(), "{row}");
    }
    assert_eq!(row["changes"][0], json!({"field": "means", "before": null, "after": "password"}));
    let row = rows.iter().rfind(|row| row["action"] == "user.sign_in_refused").expect("a row");
    assert_eq!((&row["count"], &row["from"]["address"]), (&json!(1), &json!("198.51.100.0/24")));
    let text = serde_json::to_string(&rows).expect("JSON");
    assert!(!text.contains(PASSWORD) && !text.contains(ANOTHER), "{text}");
}

#[test]
fn who_was_written_to_about_what_stands_in_the_log() {
    let api = Api::reachable(Database::Sqlite);
    drop(welcomed(&api, "ana", "192.0.2.1"));
    goes_to(&sign_in(&Browser::new(&api, "198.51.100.7"), "ana", PASSWORD), "/app/now");
    api.beat();
    let rows = since(&api, &mut 0);
    let row = rows.iter().rfind(|row| row["action"] == "user.tell").expect("a row");
    assert_eq!(
        (&row["outcome"], &row["way"], &row["actor"]["kind"]),
        (&json!("done"), &json!("system"), &json!("system"))
    );
    assert_eq!(row["changes"][0]["after"], "A new device signed in as you");
}

#[test]
fn whether_the_log_is_whole_is_said_on_its_page_to_whoever_reads_all_of_it() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let ask = |known: &str| ana.get(&format!("/app/audit?verify=yes&known={known}"));
        let page = ana.get("/app/audit");
        assert!(page.text().contains("Verify the log") && !page.text().contains("note down"), "{}", page.text());
        let whole = ask("");
        says(&whole, 200, "Rows 1 to ");
        let head =
            whole.text().split_once("note down ").expect("its head").1.split('<').next().expect("its end").to_owned();
        says(&ask(&head), 200, "are as they were written.");
        says(&ask("1:2"), 200, "a number, a colon and 64 hexadecimal digits");
        let (number, digest) = head.split_once(':').expect("both");
        says(&ask(&format!("{number}:{}", "0".repeat(digest.len()))), 200, "is not the one that was known");
        let later = number.parse::<i64>().expect("a number") + 1;
        says(&ask(&format!("{later}:{digest}")), 200, "the end was cut off");
        let ben = welcomed(api, "ben", "192.0.2.2").get("/app/audit?verify=yes");
        assert!(!ben.text().contains("Verify the log") && !ben.text().contains("note down"), "{}", ben.text());
    });
}
