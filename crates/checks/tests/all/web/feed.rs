//! Feeds: read by a secret URL without a key, until it is renewed.

use checks::{Answer, Api, Call, Database, START};
use domain::permission::Scope;
use serde_json::{Value, json};

const ROUTINE: &str = "/v1/routines/test%20turns/feed";
const PERSON: &str = "/v1/users/dee/feed";

fn ask(api: &Api, path: &str, body: &Value) -> String {
    let answer = api.send(Call::post(path).key(&api.key).json(body)).ok();
    answer["url"].as_str().expect("a URL").to_owned()
}

fn read(api: &Api, url: &str) -> Answer {
    api.send(Call::get(url))
}

/// The text of a feed that is there, lines joined as the format folds them.
fn text(api: &Api, url: &str) -> String {
    let answer = read(api, url);
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/calendar; charset=utf-8"));
    answer.guarded();
    answer.text().replace("\r\n ", "")
}

/// To 2026-06-10T13:00:00, a Wednesday of Ben's week, for whom Dee stands in.
fn in_june(api: &Api) {
    api.clock.advance(1_781_096_400_000_000 - START.0);
}

#[test]
fn a_feed_is_read_by_its_url_alone_and_the_url_stays_the_same() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        in_june(&api);
        let url = ask(&api, ROUTINE, &json!({}));
        assert!(url.starts_with("/feeds/") && url.ends_with(".ics"), "{url}");
        let calendar = text(&api, &url);
        assert!(calendar.starts_with("BEGIN:VCALENDAR") && calendar.trim_end().ends_with("END:VCALENDAR"));
        for name in ["Ana Alves", "Ben Bauer", "Cho Min-seo"] {
            assert!(calendar.contains(name), "{name}: {calendar}");
        }
        api.pass_minutes(1);
        for path in [ROUTINE.to_owned(), format!("/v1/routines/{}/feed", api.ref_id("routines", "test turns"))] {
            assert_eq!(ask(&api, &path, &json!({"renew": false})), url);
        }
        let person = ask(&api, PERSON, &json!({}));
        let shifts = text(&api, &person);
        assert!(shifts.contains("test turns") && !shifts.contains("Ana Alves"), "{shifts}");
        assert_ne!(person, ask(&api, "/v1/users/cho/feed", &json!({})));
    }
}

#[test]
fn a_renewed_feed_has_another_url_and_the_old_one_leads_nowhere() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let urls = [ROUTINE, PERSON].map(|path| {
            let first = ask(&api, path, &json!({}));
            let second = ask(&api, path, &json!({"renew": true}));
            let third = ask(&api, path, &json!({"renew": true}));
            assert_eq!(ask(&api, path, &json!({})), third);
            for old in [&first, &second] {
                assert_ne!(*old, third);
                read(&api, old).refused(404, "unknown_path");
            }
            text(&api, &third);
            third
        });
        assert_ne!(urls[0], urls[1]);
    }
}

#[test]
fn what_is_no_feed_is_unknown_whatever_it_is() {
    let api = Api::new();
    let url = ask(&api, ROUTINE, &json!({}));
    let token = url.trim_start_matches("/feeds/").trim_end_matches(".ics").to_owned();
    let other = token.replace(&token[5..6], if &token[5..6] == "A" { "B" } else { "A" });
    let paths = [
        "/feeds/".to_owned(),
        "/feeds/x.ics".to_owned(),
        "/feeds/.ics".to_owned(),
        "/feeds/%ff.ics".to_owned(),
        format!("/feeds/{token}"),
        format!("/feeds/{token}.ics/"),
        format!("/feeds/{token}.ICS"),
        format!("/feeds/{other}.ics"),
    ];
    for path in paths {
        read(&api, &path).refused(404, "unknown_path");
    }
    let posted = api.send(Call::post(&url));
    posted.refused(405, "method_not_allowed");
    assert_eq!(posted.header("allow"), "GET, HEAD");
    let unknown = api.send(Call::post("/v1/users/nobody/feed").key(&api.key));
    let error = unknown.first_error(404, "unknown_component");
    assert_eq!(error, "preferred_username: there is no user `nobody`");
}

#[test]
fn a_feed_of_one_organization_tells_nothing_of_another() {
    let api = Api::new();
    in_june(&api);
    let theirs = api.new_key("other", "spy", Scope::Incidents);
    let url = api.send(Call::post(ROUTINE).key(&theirs)).ok()["url"].as_str().expect("a URL").to_owned();
    assert_ne!(url, ask(&api, ROUTINE, &json!({})));
    let calendar = text(&api, &url);
    assert!(calendar.contains("zed") && !calendar.contains("Ana Alves"), "{calendar}");
    // Theirs is renewed, ours is not.
    let ours = ask(&api, ROUTINE, &json!({}));
    api.send(Call::post(ROUTINE).key(&theirs).json(&json!({"renew": true}))).ok();
    read(&api, &url).refused(404, "unknown_path");
    text(&api, &ours);
}

#[test]
fn a_repeated_request_renews_once_and_the_secret_is_not_kept() {
    let api = Api::new();
    let renew = || {
        let call = Call::post(ROUTINE).key(&api.key).header("idempotency-key", "k");
        api.send(call.json(&json!({"renew": true}))).ok()["url"].clone()
    };
    let url = renew();
    assert_eq!(renew(), url);
    text(&api, url.as_str().expect("a URL"));
    let kept = |tx: &mut dyn store::Tx| {
        tx.one("select outcome from idempotency", &[])?.expect("one").text(0).map(str::to_owned)
    };
    let kept = api.test.store().read(kept).expect("what is remembered");
    assert!(!kept.contains("feeds"), "{kept}");
}

#[test]
fn whoever_may_only_read_is_given_no_url() {
    let api = Api::new();
    let key = api.new_key("demo", "reader", Scope::Read);
    for path in [ROUTINE, PERSON] {
        api.send(Call::post(path).key(&key)).refused(403, "scope_too_small");
    }
}
