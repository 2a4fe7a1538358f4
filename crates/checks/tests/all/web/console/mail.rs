//! Mail about signing in.

use super::{ANOTHER, PASSWORD, goes_to, is_in, says, sign_in, welcomed};
use checks::{Api, Browser, Database, PUBLIC_URL};
use notify::carrier::{Address, Message};

/// The mails of this subject so far.
fn mails(api: &Api, subject: &str) -> Vec<Message> {
    api.beat();
    let sent = api.sent.lock().expect("no panic");
    sent.iter().filter(|message| message.subject == subject).cloned().collect()
}

const RESET: &str = "Your new password for Reveille";

fn ask(browser: &Browser<'_>, name: &str) -> String {
    let page = browser.post("/app/reset", &[("name", name), ("organization", "demo")]);
    says(&page, 200, "a link is on its way to them");
    page.text().to_owned()
}

/// The path of the link in a mail.
fn link(mail: &Message) -> String {
    let at = mail.text.find(PUBLIC_URL).expect("a link") + PUBLIC_URL.len();
    mail.text[at..].split_whitespace().next().expect("a path").to_owned()
}

#[test]
fn a_forgotten_password_is_replaced_by_a_link_that_works_once_and_ends_all_sessions() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let browser = Browser::new(api, "192.0.2.2");
        ask(&browser, "ana@example.com");
        let sent = mails(api, RESET);
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].address, Address::Email("ana@example.com".to_owned()));
        let path = link(&sent[0]);
        assert!(path.starts_with("/app/reset/"), "{path}");
        says(&browser.get(&path), 200, "For Ana Alves (ana), in demo.");
        assert!(is_in(&ana));
        goes_to(&browser.post(&path, &[("password", ANOTHER), ("again", ANOTHER)]), "/app/now");
        assert!(is_in(&browser) && !is_in(&ana));
        says(&ana.post(&path, &[("password", PASSWORD), ("again", PASSWORD)]), 404, "This link does not count");
        assert_eq!(sign_in(&ana, "ana", PASSWORD).status, 401);
    });
}

#[test]
fn whether_somebody_is_there_nobody_is_told_and_older_links_end() {
    let api = Api::reachable(Database::Sqlite);
    drop(welcomed(&api, "ana", "192.0.2.9"));
    let browser = Browser::new(&api, "192.0.2.2");
    let expect = ask(&browser, "ana");
    for name in ["noa", "ben", "", "ana\r\nBcc: thief@evil.example", "ana@example.com\nBcc: thief@evil.example"] {
        assert_eq!(ask(&browser, name), expect, "{name}");
    }
    assert_eq!(mails(&api, RESET).len(), 1, "Ben never chose a password");
    ask(&browser, "ana");
    let sent = mails(&api, RESET);
    says(&browser.get(&link(&sent[0])), 404, "This link does not count");
    says(&browser.get(&link(&sent[1])), 200, "Choose a password");
    for mail in &sent {
        let headers = [&mail.subject, &mail.thread, &mail.delivery_id];
        assert!(headers.iter().all(|text| !text.contains(['\r', '\n'])), "{headers:?}");
    }
}

#[test]
fn nobody_is_buried_under_links() {
    let api = Api::reachable(Database::Sqlite);
    drop(welcomed(&api, "ana", "192.0.2.9"));
    for number in 0..8 {
        ask(&Browser::new(&api, &format!("198.51.{number}.1")), "ana");
    }
    assert_eq!(mails(&api, RESET).len(), 5);
    let browser = Browser::new(&api, "203.0.113.1");
    for _ in 0..20 {
        ask(&browser, "noa");
    }
    assert_eq!(browser.post("/app/reset", &[("name", "noa")]).status, 429);
}

#[test]
fn a_server_that_people_reach_at_no_address_says_who_can_help() {
    let api = Api::new();
    let page = api.browse(checks::Call::get("/app/reset").header("host", "localhost:8080"));
    says(&page, 200, "<code>reveille setup-link --user NAME</code>");
}

#[test]
fn a_person_hears_of_ten_failures_a_new_device_and_a_new_password() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let stranger = Browser::new(&api, "198.51.100.1");
    for failures in 1..=11 {
        api.pass_minutes(16);
        assert_eq!(sign_in(&stranger, "ana", ANOTHER).status, 401);
        let expect = usize::from(failures >= 10);
        assert_eq!(mails(&api, "Failed sign-ins as you").len(), expect, "{failures}");
    }
    assert_eq!(mails(&api, "A new device signed in as you").len(), 0);
    goes_to(&sign_in(&Browser::new(&api, "203.0.113.1"), "ana", PASSWORD), "/app/now");
    assert_eq!(mails(&api, "A new device signed in as you").len(), 1);
    goes_to(&ana.post("/app/sign-out", &[]), "/app/sign-in");
    goes_to(&sign_in(&ana, "ana", PASSWORD), "/app/now");
    assert_eq!(mails(&api, "A new device signed in as you").len(), 1, "this one is known");
    let fields = [("present", PASSWORD), ("password", ANOTHER), ("again", ANOTHER)];
    goes_to(&ana.post("/app/me/security/password", &fields), "/app/me/security");
    assert_eq!(mails(&api, "Your password was changed").len(), 1);
}
