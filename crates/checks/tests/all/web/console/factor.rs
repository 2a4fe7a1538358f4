//! The second factor, with the codes that an app of others shows.

use super::{ANOTHER, PASSWORD, goes_to, hidden, is_in, says, sign_in, welcomed};
use checks::{Answer, Api, Browser, Database, shown_code};
use domain::sign_in::LinkPurpose;

/// What an app that was set up with this shows now.
pub(super) struct App<'a> {
    api: &'a Api,
    url: String,
}

impl<'a> App<'a> {
    fn read(api: &'a Api, page: &Answer) -> Self {
        let url = page.text().split("href=\"otpauth://").nth(1).expect("a link").split('"').next().expect("its end");
        Self { api, url: format!("otpauth://{}", url.replace("&#38;", "&").replace("&amp;", "&")) }
    }

    /// The code of so many seconds from now.
    pub(super) fn code(&self, seconds: i64) -> String {
        shown_code(&self.url, self.api.clock.now() / 1_000_000 + seconds)
    }
}

/// Sets a second factor up; the app, and the codes for recovery.
pub(super) fn set_up<'a>(api: &'a Api, browser: &Browser<'a>) -> (App<'a>, Vec<String>) {
    let page = browser.post("/app/me/security/factor", &[]);
    says(&page, 200, "Set up your second factor");
    assert!(page.text().contains("<svg class=\"qr\" viewBox=\"0 0 "), "{}", page.text());
    let app = App::read(api, &page);
    let wrong = browser.post("/app/me/security/confirm", &[("token", &hidden(&page, "token")), ("code", "000000")]);
    says(&wrong, 400, "is not the one that the app shows now");
    assert_eq!(App::read(api, &wrong).url, app.url, "it is the same that the app was told");
    let fields = [("token", hidden(&wrong, "token")), ("code", app.code(0))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let shown = browser.post("/app/me/security/confirm", &fields);
    says(&shown, 200, "Your codes for recovery");
    let codes: Vec<String> = shown
        .text()
        .split("<li class=\"code\">")
        .skip(1)
        .map(|rest| rest[..rest.find('<').expect("an end")].to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    (app, codes)
}

/// Gives the password, which is right, and then a code.
fn enter(browser: &Browser<'_>, password: &str, code: &str) -> Answer {
    let half = sign_in(browser, "ana", password);
    says(&half, 200, "Your second factor");
    assert!(!is_in(browser), "half is not in");
    let (token, next) = (hidden(&half, "token"), hidden(&half, "next"));
    browser.post("/app/sign-in/code", &[("token", &token), ("next", &next), ("code", code)])
}

#[test]
fn a_code_lets_in_once_and_neither_it_nor_an_older_one_again() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let (app, _) = set_up(api, &ana);
        let browser = Browser::new(api, "192.0.2.2");
        says(&enter(&browser, PASSWORD, &app.code(0)), 401, "That did not work.");
        says(&enter(&browser, PASSWORD, &app.code(-30)), 401, "That did not work.");
        goes_to(&enter(&browser, PASSWORD, &app.code(30)), "/app/now");
        assert!(is_in(&browser));
        let another = Browser::new(api, "192.0.2.3");
        says(&enter(&another, PASSWORD, &app.code(30)), 401, "That did not work.");
        api.clock.advance(60_000_000);
        says(&enter(&another, PASSWORD, &app.code(90)), 401, "That did not work.");
        goes_to(&enter(&another, PASSWORD, &app.code(0)), "/app/now");
    });
}

#[test]
fn a_code_for_recovery_lets_in_once_and_new_ones_end_the_old() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let (_, codes) = set_up(&api, &ana);
    let browser = Browser::new(&api, "192.0.2.2");
    let typed = codes[2].to_lowercase().replace('-', " ").replacen(' ', "-", 1);
    goes_to(&enter(&browser, PASSWORD, &typed), "/app/now");
    says(&ana.get("/app/me/security"), 200, "9 codes for recovery are left");
    let another = Browser::new(&api, "192.0.2.3");
    says(&enter(&another, PASSWORD, &codes[2]), 401, "That did not work.");
    // The number names one code; another code's signs are none.
    let swapped = codes[0].replacen("1-", "2-", 1);
    says(&enter(&another, PASSWORD, &swapped), 401, "That did not work.");
    says(&ana.post("/app/me/security/codes", &[]), 200, "Your codes for recovery");
    says(&enter(&another, PASSWORD, &codes[4]), 401, "That did not work.");
}

#[test]
fn no_link_passes_the_second_factor_and_beside_it_twelve_characters_are_enough() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let (app, _) = set_up(&api, &ana);
    let browser = Browser::new(&api, "192.0.2.2");
    let short = "eleven otte7";
    for purpose in [LinkPurpose::Reset, LinkPurpose::Setup, LinkPurpose::Invite] {
        let link = api.link(purpose, "ana");
        says(&browser.get(&link), 200, "At least 12 characters");
        goes_to(&browser.post(&link, &[("password", short), ("again", short)]), "/app/sign-in");
        assert!(!is_in(&browser) && !is_in(&ana));
    }
    goes_to(&enter(&browser, short, &app.code(30)), "/app/now");
}

#[test]
fn wrong_codes_are_counted_for_the_account_wherever_they_come_from() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let (app, _) = set_up(&api, &ana);
    for number in 0..5 {
        let browser = Browser::new(&api, &format!("198.51.{number}.1"));
        assert_eq!(enter(&browser, PASSWORD, "000000").status, 401);
    }
    let browser = Browser::new(&api, "203.0.113.1");
    assert_eq!(enter(&browser, PASSWORD, &app.code(30)).status, 429);
    api.clock.advance(1_000_000);
    goes_to(&enter(&browser, PASSWORD, &app.code(30)), "/app/now");
}

#[test]
fn half_a_sign_in_is_good_for_ten_minutes_and_for_the_same_password() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let (app, _) = set_up(&api, &ana);
    let browser = Browser::new(&api, "192.0.2.2");
    let half = |browser: &Browser<'_>| hidden(&sign_in(browser, "ana", PASSWORD), "token");
    let code = |token: &str, code: &str| browser.post("/app/sign-in/code", &[("token", token), ("code", code)]).status;
    let old = half(&browser);
    api.pass_minutes(10);
    assert_eq!(code(&old, &app.code(0)), 401);
    let token = half(&browser);
    let link = api.link(LinkPurpose::Reset, "ana");
    goes_to(&ana.post(&link, &[("password", ANOTHER), ("again", ANOTHER)]), "/app/sign-in");
    assert_eq!(code(&token, &app.code(0)), 401);
    assert_eq!(code("made-up", &app.code(0)), 401);
    assert!(!is_in(&browser));
    goes_to(&enter(&browser, ANOTHER, &app.code(0)), "/app/now");
}

#[test]
fn the_factor_is_asked_for_again_before_it_is_removed_and_the_person_hears_of_it() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let (app, _) = set_up(&api, &ana);
    api.pass_minutes(15);
    says(&ana.post("/app/me/security/remove", &[]), 403, "Is it still you?");
    says(&ana.post("/app/again", &[("password", PASSWORD)]), 401, "That did not work.");
    goes_to(&ana.post("/app/again", &[("password", PASSWORD), ("code", &app.code(0))]), "/app/now");
    goes_to(&ana.post("/app/me/security/remove", &[]), "/app/me/security");
    goes_to(&sign_in(&Browser::new(&api, "192.0.2.2"), "ana", PASSWORD), "/app/now");
    api.beat();
    let sent = api.sent.lock().expect("no panic");
    let told = sent.iter().filter(|message| message.subject == "Your second factor was changed").count();
    assert_eq!(told, 2, "set up and removed");
}

#[test]
fn whoever_lost_the_second_factor_is_let_in_by_a_link_of_the_operator_and_the_password() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let (_, codes) = set_up(&api, &ana);
    let link = api.link(LinkPurpose::Enrol, "ana");
    let browser = Browser::new(&api, "192.0.2.2");
    says(&browser.get(&link), 200, "Without your second factor");
    says(&browser.post(&link, &[("password", ANOTHER)]), 401, "That did not work.");
    says(&ana.get("/app/me/security"), 200, "10 codes for recovery are left");
    goes_to(&browser.post(&link, &[("password", PASSWORD)]), "/app/me/security");
    says(&browser.get("/app/me/security"), 200, "Set it up");
    assert!(!is_in(&ana));
    says(&browser.post(&link, &[("password", PASSWORD)]), 404, "This link does not count");
    let (_, others) = set_up(&api, &browser);
    let another = Browser::new(&api, "192.0.2.3");
    assert_eq!(enter(&another, PASSWORD, &codes[0]).status, 401);
    goes_to(&enter(&another, PASSWORD, &others[0]), "/app/now");
}
