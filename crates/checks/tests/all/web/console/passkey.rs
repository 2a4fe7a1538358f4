//! Passkeys, by a device and a browser of ours that can lie.

use super::{ANOTHER, PASSWORD, SESSION, goes_to, is_in, says, sign_in, welcomed};
use checks::{Answer, Api, Browser, Call, Database, PUBLIC_URL, SoftPasskey};
use domain::sign_in::LinkPurpose;
use serde_json::{Value, json};

/// The cookie that goes along with what a browser was asked.
const ASKED: &str = "__Host-reveille-passkey";
const SIGN_IN: &str = "/app/sign-in/passkey";
const SECURITY: &str = "/app/me/security";

/// What a script of a page of ours is told that the browser is to be asked.
fn asked(browser: &Browser<'_>, path: &str) -> Value {
    let call = Call::post(path).header("sec-fetch-site", "same-origin").header("accept", "application/json");
    let answer = browser.send(call);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Sends the form of a page with what the browser answered.
fn answered(browser: &Browser<'_>, path: &str, answer: &Value, name: &str) -> Answer {
    browser.post(path, &[("credential", &answer.to_string()), ("passkey_name", name)])
}

/// Adds a passkey for whoever is signed in.
pub(super) fn added(browser: &Browser<'_>, name: &str) -> SoftPasskey {
    let options = asked(browser, "/app/me/security/passkey-options");
    let selection = &options["publicKey"]["authenticatorSelection"];
    assert_eq!((&selection["residentKey"], &selection["userVerification"]), (&"required".into(), &"required".into()));
    let (passkey, answer) = SoftPasskey::made(&options, PUBLIC_URL);
    goes_to(&answered(browser, "/app/me/security/passkey", &answer, name), SECURITY);
    passkey
}

/// Signs in by a passkey.
fn enter(browser: &Browser<'_>, passkey: &mut SoftPasskey) -> Answer {
    let answer = passkey.shown(&asked(browser, "/app/sign-in/passkey/options"));
    answered(browser, SIGN_IN, &answer, "")
}

/// The id by which a form of the page names the passkey with this name.
fn id_of(browser: &Browser<'_>, name: &str) -> String {
    let page = browser.get(SECURITY);
    let (_, rest) = page.text().split_once(&format!("<strong>{name}</strong>")).expect("the passkey is listed");
    rest.split("name=\"which\" value=\"").nth(1).expect("a field").split('"').next().expect("a value").to_owned()
}

#[test]
fn a_passkey_signs_in_alone_and_is_listed_renamed_and_removed() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        assert!(!Browser::new(api, "192.0.2.9").get("/app/sign-in").text().contains(SIGN_IN), "nobody has one");
        let mut first = added(&ana, "telephone");
        says(&ana.get(SECURITY), 200, "This is your only one.");
        let second = added(&ana, "laptop");
        assert!(!ana.get(SECURITY).text().contains("This is your only one."));
        let known = asked(&ana, "/app/me/security/passkey-options");
        let known: Vec<Value> = known["publicKey"]["excludeCredentials"].as_array().expect("a list").clone();
        let described = |passkey: &SoftPasskey| json!({"type": "public-key", "id": passkey.written_id()});
        assert!(known.len() == 2 && known.contains(&described(&first)) && known.contains(&described(&second)));
        let browser = Browser::new(api, "192.0.2.2");
        says(&browser.get("/app/me/security"), 401, SIGN_IN);
        let answer = first.shown(&asked(&browser, "/app/sign-in/passkey/options"));
        let fields = [("credential", answer.to_string()), ("next", SECURITY.to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        goes_to(&browser.post(SIGN_IN, &fields), SECURITY);
        assert_eq!(browser.cookie(ASKED), None, "what was asked is forgotten");
        says(&browser.get(SECURITY), 200, "by passkey");
        let telephone = id_of(&browser, "telephone");
        let rename = |name: &str| {
            browser.post("/app/me/security/passkey-name", &[("which", &telephone), ("passkey_name", name)])
        };
        says(&rename(&"x".repeat(65)), 400, "the name of a passkey has at most 64 characters");
        goes_to(&rename("old telephone"), SECURITY);
        goes_to(&browser.post("/app/me/security/passkey-remove", &[("which", &telephone)]), SECURITY);
        assert!(!browser.get(SECURITY).text().contains("telephone"));
        says(&browser.post("/app/me/security/passkey-remove", &[("which", &telephone)]), 400, "no such passkey");
        says(&enter(&Browser::new(api, "192.0.2.3"), &mut first), 401, "That did not work.");
        let mut second = second;
        goes_to(&enter(&Browser::new(api, "192.0.2.3"), &mut second), "/app/now");
    });
}

#[test]
fn an_answer_of_another_site_or_another_persons_passkey_is_refused() {
    let api = Api::reachable(Database::Sqlite);
    let (ana, ben) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    let (mut hers, his) = (added(&ana, "hers"), added(&ben, "his"));
    let browser = Browser::new(&api, "192.0.2.3");
    let refused = |hers: &mut SoftPasskey, what: &str| {
        says(&enter(&browser, hers), 401, "That did not work.");
        assert!(!is_in(&browser), "{what}");
    };
    for origin in ["https://reveille.example.org.evil.example", "http://reveille.example.org", "https://evil.example"] {
        hers.origin = origin.to_owned();
        refused(&mut hers, origin);
    }
    hers.origin = PUBLIC_URL.to_owned();
    hers.site = "evil.example".to_owned();
    refused(&mut hers, "made for another site");
    hers.site = "reveille.example.org".to_owned();
    hers.is_verified = false;
    refused(&mut hers, "nobody knows who touched the device");
    hers.is_verified = true;
    let (id, handle) = (hers.id.clone(), hers.handle.clone());
    hers.id = his.id.clone();
    refused(&mut hers, "his by its id, signed with her key");
    hers.handle = his.handle.clone();
    refused(&mut hers, "his by all that it says, signed with her key");
    hers.id = id;
    refused(&mut hers, "hers, said to be his");
    hers.handle = handle;
    goes_to(&enter(&browser, &mut hers), "/app/now");
    // Whoever is signed in proves once more that it is they, and not somebody else.
    let answer = hers.shown(&asked(&ben, "/app/sign-in/passkey/options"));
    says(&answered(&ben, "/app/again/passkey", &answer, ""), 401, "That did not work.");
    says(&ben.get("/app/now"), 200, "title=\"Ben Bauer\"");
}

#[test]
fn an_answer_counts_once_in_the_browser_that_was_asked_and_for_five_minutes() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let mut passkey = added(&ana, "telephone");
        // A device that does not count is like most: only what it was asked tells one answer from another.
        let browser = Browser::new(api, "192.0.2.2");
        passkey.counts = false;
        let mut show = |browser: &Browser<'_>| {
            let answer = passkey.shown(&asked(browser, "/app/sign-in/passkey/options"));
            (browser.cookie(ASKED).expect("a cookie"), answer)
        };
        let (cookie, answer) = show(&browser);
        goes_to(&answered(&browser, SIGN_IN, &answer, ""), "/app/now");
        let thief = Browser::new(api, "198.51.100.1");
        thief.plant(ASKED, &cookie);
        says(&answered(&thief, SIGN_IN, &answer, ""), 401, "That did not work.");
        let (_, answer) = show(&browser);
        let other = Browser::new(api, "198.51.100.2");
        says(&answered(&other, SIGN_IN, &answer, ""), 401, "That did not work.");
        drop(asked(&other, "/app/sign-in/passkey/options"));
        says(&answered(&other, SIGN_IN, &answer, ""), 401, "That did not work.");
        let late = Browser::new(api, "192.0.2.3");
        let (cookie, answer) = show(&late);
        api.pass_minutes(5);
        late.plant(ASKED, &cookie);
        says(&answered(&late, SIGN_IN, &answer, ""), 401, "That did not work.");
        assert!(!is_in(&thief) && !is_in(&other) && !is_in(&late));
    });
}

#[test]
fn a_count_of_signatures_that_goes_back_is_refused() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let mut passkey = added(&ana, "telephone");
    let browser = Browser::new(&api, "192.0.2.2");
    passkey.count = 10;
    goes_to(&enter(&browser, &mut passkey), "/app/now");
    for back in [10, 4] {
        passkey.count = back;
        let copy = Browser::new(&api, "198.51.100.1");
        says(&enter(&copy, &mut passkey), 401, "That did not work.");
    }
    passkey.count = 11;
    goes_to(&enter(&browser, &mut passkey), "/app/now");
}

#[test]
fn a_passkey_is_nobody_elses_and_what_was_asked_for_one_person_makes_none_for_another() {
    let api = Api::reachable(Database::Sqlite);
    let (ana, ben) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    let passkey = added(&ana, "hers");
    let add = |browser: &Browser<'_>, answer: &Value| answered(browser, "/app/me/security/passkey", answer, "x");
    let options = asked(&ben, "/app/me/security/passkey-options");
    says(&add(&ben, &passkey.attested(&options["publicKey"])), 400, "the passkey is not what was asked for");
    let options = asked(&ana, "/app/me/security/passkey-options");
    let (_, answer) = SoftPasskey::made(&options, PUBLIC_URL);
    ben.plant(ASKED, &ana.cookie(ASKED).expect("a cookie"));
    says(&add(&ben, &answer), 400, "the passkey is not what was asked for");
    let (_, elsewhere) = SoftPasskey::made(&options, "https://evil.example");
    says(&add(&ana, &elsewhere), 400, "the passkey is not what was asked for");
    assert!(!ben.get(SECURITY).text().contains("passkey-remove"));
    api.pass_minutes(10);
    let call = Call::post("/app/me/security/passkey-options").header("sec-fetch-site", "same-origin");
    let stale = ana.send(call.header("accept", "application/json"));
    assert_eq!((stale.status, &stale.json()["code"]), (403, &"fresh_sign_in_needed".into()));
}

#[test]
fn a_link_lets_one_choose_a_passkey_instead_of_a_password_and_the_last_way_in_stays() {
    Api::reached_on_both(|api| {
        let link = api.link(LinkPurpose::Invite, "ben");
        let browser = Browser::new(api, "192.0.2.1");
        says(&browser.get(&link), 200, "data-passkey=\"make\"");
        let options = asked(&browser, &format!("{link}/passkey/options"));
        let (mut passkey, answer) = SoftPasskey::made(&options, PUBLIC_URL);
        let follow = |answer: &Value| answered(&browser, &format!("{link}/passkey"), answer, "laptop");
        goes_to(&follow(&answer), SECURITY);
        says(&browser.get("/app/now"), 200, "title=\"Ben Bauer\"");
        says(&follow(&answer), 404, "This link does not count");
        let remove = |which: &str| browser.post("/app/me/security/passkey-remove", &[("which", which)]);
        says(&remove(&id_of(&browser, "laptop")), 400, "your last way in");
        // Without a password it is the passkey that says that it is still they.
        api.pass_minutes(10);
        says(&remove(&id_of(&browser, "laptop")), 403, "/app/again/passkey");
        let answer = passkey.shown(&asked(&browser, "/app/sign-in/passkey/options"));
        goes_to(&answered(&browser, "/app/again/passkey", &answer, ""), "/app/now");
        let fields = [("password", PASSWORD), ("again", PASSWORD)];
        goes_to(&browser.post("/app/me/security/password", &fields), SECURITY);
        goes_to(&remove(&id_of(&browser, "laptop")), SECURITY);
        goes_to(&sign_in(&Browser::new(api, "192.0.2.2"), "ben", PASSWORD), "/app/now");
    });
}

#[test]
fn whose_password_was_forgotten_or_who_has_a_second_factor_chooses_no_passkey_by_a_link() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let browser = Browser::new(&api, "192.0.2.2");
    let offered = |purpose: LinkPurpose| {
        let link = api.link(purpose, "ana");
        let shown = browser.get(&link).text().contains("data-passkey");
        let call = Call::post(&format!("{link}/passkey/options")).header("sec-fetch-site", "same-origin");
        (shown, browser.send(call).status)
    };
    assert_eq!(offered(LinkPurpose::Reset), (false, 404));
    assert_eq!(offered(LinkPurpose::Setup), (true, 200));
    drop(super::factor::set_up(&api, &ana));
    assert_eq!(offered(LinkPurpose::Setup), (false, 404));
    // Beside the second factor, a passkey is both; and a link to a new password leaves it alone.
    let mut passkey = added(&ana, "telephone");
    let link = api.link(LinkPurpose::Reset, "ana");
    goes_to(&browser.post(&link, &[("password", ANOTHER), ("again", ANOTHER)]), "/app/sign-in");
    assert!(!is_in(&ana));
    goes_to(&enter(&browser, &mut passkey), "/app/now");
}

#[test]
fn whoever_is_locked_or_gone_comes_in_by_no_passkey() {
    let api = Api::reachable(Database::Sqlite);
    let eva = welcomed(&api, "eva", "192.0.2.1");
    let mut passkey = added(&eva, "telephone");
    let browser = Browser::new(&api, "192.0.2.2");
    api.amend("username = \"eva\"\n", "username = \"eva\"\nlocked = true\n");
    says(&enter(&browser, &mut passkey), 401, "That did not work.");
    api.amend("username = \"eva\"\n", "username = \"eva\"\n");
    goes_to(&enter(&browser, &mut passkey), "/app/now");
    assert!(browser.cookie(SESSION).is_some());
}
