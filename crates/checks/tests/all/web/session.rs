//! Sessions of others: who lists and ends them, whose they are not, and what the audit log says of it.

use super::console::{PASSWORD, goes_to, sign_in, welcomed};
use checks::{Answer, Api, Browser, Call, Database};
use domain::permission::Scope;
use serde_json::{Value, json};

const PEOPLE: &str = r#"
[[user]]
username = "own"
role = "owner"
[[user]]
username = "adm"
role = "admin"
[[user]]
username = "man"
role = "manager"
[[user]]
username = "res"
"#;

fn list(api: &Api, key: &str, user: &str) -> Answer {
    api.send(Call::get(&format!("/v1/users/{user}/sessions")).key(key))
}

fn end(api: &Api, key: &str, path: &str) -> Answer {
    api.send(Call::new("DELETE", &format!("/v1/users/{path}")).key(key))
}

/// Whether the browser is still signed in.
fn is_in(browser: &Browser<'_>) -> bool {
    browser.get("/v1/me").status == 200
}

#[test]
fn an_admin_sees_where_a_person_is_signed_in_and_ends_one_session_or_all_and_the_log_says_so() {
    Api::reached_on_both(|api| {
        api.extend(PEOPLE);
        let (first, second) = (welcomed(api, "res", "192.0.2.1"), Browser::new(api, "192.0.2.2"));
        goes_to(&sign_in(&second, "res", PASSWORD), "/app/now");
        let adm = api.token_of("adm", Scope::Admin);
        let listed = list(api, &adm, "res").ok();
        let own = first.get("/v1/me").ok()["session_ref_id"].clone();
        let found: Vec<_> = listed.as_array().expect("a list").iter().collect();
        assert_eq!(found.len(), 2);
        assert!(found.iter().any(|session| session["session_ref_id"] == own && session["network"] == "192.0.2.1"));
        let one = format!("res/sessions/{}", own.as_str().expect("an id"));
        end(api, &adm, &one).ok();
        assert!(!is_in(&first) && is_in(&second));
        let again = end(api, &adm, &one);
        assert!(again.first_error(404, "unknown_session").starts_with("session_ref_id: the person has no session"));
        end(api, &adm, "nobody/sessions").refused(404, "unknown_component");
        end(api, &adm, "res/sessions").ok();
        assert!(!is_in(&second));
        assert_eq!(list(api, &adm, "res").ok(), json!([]));
        end(api, &adm, "res/sessions").ok();
        let rows = api.get("/v1/audit?object=res&limit=2");
        let told = |row: &Value| {
            json!([row["action"], row["actor"]["kind"], row["object"]["name"], row["changes"][0]["before"]])
        };
        assert_eq!(told(&rows[0]), json!(["session.end_all", "token", "res", 1]), "what ended nothing is not told");
        assert_eq!(told(&rows[1]), json!(["session.end", "token", "res", own]));
    });
}

#[test]
fn nobody_but_an_owner_sees_or_ends_the_sessions_of_an_owner_and_who_manages_nobody_those_of_others() {
    let api = Api::reachable(Database::Sqlite);
    api.extend(PEOPLE);
    let own = welcomed(&api, "own", "192.0.2.1");
    let res = welcomed(&api, "res", "192.0.2.2");
    let boss = api.new_key("demo", "boss", Scope::Admin);
    for (key, needed) in [
        (api.token_of("adm", Scope::Admin), "authorization: needs owner"),
        (boss.clone(), "authorization: needs an owner who is signed in"),
    ] {
        for answer in [list(&api, &key, "own"), end(&api, &key, "own/sessions"), end(&api, &key, "own/sessions/x")] {
            assert_eq!(answer.first_error(403, "not_allowed"), needed);
        }
    }
    for username in ["man", "res"] {
        let token = api.token_of(username, Scope::Admin);
        let other = if username == "man" { "res" } else { "man" };
        for answer in [list(&api, &token, other), end(&api, &token, &format!("{other}/sessions"))] {
            assert_eq!(answer.first_error(403, "not_allowed"), "authorization: needs admin", "{username}");
        }
        list(&api, &token, username).ok();
    }
    assert!(is_in(&own) && is_in(&res));
    end(&api, &boss, "res/sessions").ok();
    assert!(!is_in(&res));
    end(&api, &api.token_of("own", Scope::Admin), "own/sessions").ok();
    assert!(!is_in(&own));
}

#[test]
fn the_page_of_a_person_shows_those_who_manage_people_where_they_are_signed_in_and_ends_it() {
    let api = Api::reachable(Database::Sqlite);
    api.extend(PEOPLE);
    let (adm, man) = (welcomed(&api, "adm", "192.0.2.3"), welcomed(&api, "man", "192.0.2.4"));
    let res = welcomed(&api, "res", "192.0.2.5");
    drop(welcomed(&api, "own", "192.0.2.6"));
    let (page, at) = ("/app/people/res", "/app/people/res/sessions");
    assert!(!man.get(page).text().contains(at) && !adm.get("/app/people/own").text().contains("/sessions"));
    assert!(
        !adm.get("/app/people/adm").text().contains("/app/people/adm/sessions"),
        "one's own stand with one's security"
    );
    let shown = adm.get(page);
    assert!(shown.text().contains(at) && shown.text().contains("from 192.0.2.5, by link"), "{}", shown.text());
    assert_eq!(man.post(at, &[("which", "all")]).status, 403);
    assert_eq!(adm.post("/app/people/own/sessions", &[("which", "all")]).status, 403);
    assert_eq!(adm.post(at, &[("which", "another")]).status, 404);
    assert!(is_in(&res));
    let ended = adm.post(at, &[("which", "all")]);
    assert!(ended.status == 200 && ended.text().contains("It is ended.") && ended.text().contains("Nowhere."));
    assert!(!is_in(&res));
}

#[test]
fn whoever_lost_the_second_factor_is_sent_a_link_by_an_administrator_who_signed_in_just_now() {
    Api::reached_on_both(|api| {
        api.extend(&PEOPLE.replace("username = \"res\"", "username = \"res\"\nemail = \"res@example.com\""));
        let (adm, man) = (welcomed(api, "adm", "192.0.2.3"), welcomed(api, "man", "192.0.2.4"));
        let send = |browser: &Browser<'_>, who: &str| {
            let path = format!("/v1/users/{who}/enrolment");
            browser.send(Call::post(&path).header("sec-fetch-site", "same-origin"))
        };
        for key in [api.key.clone(), api.token_of("adm", Scope::Admin)] {
            api.send(Call::post("/v1/users/res/enrolment").key(&key)).refused(403, "fresh_sign_in_needed");
        }
        send(&man, "res").refused(403, "not_allowed");
        let id = api.get("/v1/users/own")["ref_id"].as_str().expect("an id").to_owned();
        for owner in ["own", &id] {
            send(&adm, owner).refused(403, "not_allowed");
        }
        send(&adm, "nobody").refused(404, "unknown_component");
        let sent = send(&adm, "res").ok();
        assert_eq!(json!([sent["is_mailed"], sent["email"]]), json!([true, "res@example.com"]));
        let url = sent["url"].as_str().expect("a text").to_owned();
        {
            let mails = api.sent.lock().expect("no panic");
            let mail = mails.iter().find(|mail| mail.subject == "Set up another second factor").expect("a mail");
            assert!(mail.text.contains(&url) && url.contains("/app/enrol/"), "{}", mail.text);
        }
        let page = adm.post("/app/people/res/sessions", &[("which", "factor")]);
        super::console::says(&page, 200, "They were sent a link");
        let old = &url[url.find("/app/").expect("a path")..];
        super::console::says(&Browser::new(api, "192.0.2.9").get(old), 404, "This link does not count");
        api.pass_minutes(11);
        send(&adm, "res").refused(403, "fresh_sign_in_needed");
        super::console::says(&adm.post("/app/people/res/sessions", &[("which", "factor")]), 403, "Is it still you?");
    });
}
