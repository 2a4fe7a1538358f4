//! Links that work once.

use super::{ANOTHER, PASSWORD, goes_to, is_in, says, sign_in, welcomed};
use checks::{Api, Browser, Call};
use domain::sign_in::LinkPurpose;

#[test]
fn a_setup_link_is_shown_by_a_get_used_by_a_post_and_works_once() {
    Api::reached_on_both(|api| {
        let link = api.link(LinkPurpose::Setup, "ana");
        let browser = Browser::new(api, "192.0.2.1");
        for _ in 0..3 {
            says(&browser.get(&link), 200, "For Ana Alves (ana), in demo.");
            assert_eq!(browser.send(Call::new("HEAD", &link)).status, 200);
        }
        assert!(!is_in(&browser));
        says(&browser.get("/"), 200, "Nobody can sign in yet.");
        goes_to(&browser.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]), "/app/now");
        says(&browser.get("/app/now"), 200, "title=\"Ana Alves\"");
        says(&browser.get("/"), 200, "title=\"Ana Alves\"");
        let another = Browser::new(api, "192.0.2.2");
        for again in [another.get(&link), another.post(&link, &[("password", ANOTHER), ("again", ANOTHER)])] {
            says(&again, 404, "This link does not count");
        }
        assert!(!is_in(&another));
        goes_to(&sign_in(&another, "ana", PASSWORD), "/app/now");
        assert_eq!(sign_in(&Browser::new(api, "192.0.2.3"), "ana", ANOTHER).status, 401);
    });
}

#[test]
fn what_is_chosen_badly_is_told_beside_the_field_and_the_link_goes_on_to_count() {
    let api = Api::reachable(checks::Database::Sqlite);
    let link = api.link(LinkPurpose::Invite, "ana");
    let browser = Browser::new(&api, "192.0.2.1");
    for (password, again, words) in [
        ("short", "short", "Password must have at least 15 characters."),
        ("password1234567", "password1234567", "Password is among the first that are tried"),
        ("ana alves ana alves", "ana alves ana alves", "Password is among the first that are tried"),
        (PASSWORD, ANOTHER, "is not the same as the password above."),
    ] {
        let page = browser.post(&link, &[("password", password), ("again", again)]);
        says(&page, 400, words);
        assert!(page.text().contains("aria-invalid=\"true\"") && !page.text().contains(password), "{}", page.text());
    }
    let long = "x y".repeat(90);
    says(&browser.post(&link, &[("password", &long), ("again", &long)]), 400, "must have at most 256 characters.");
    goes_to(&browser.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]), "/app/now");
}

#[test]
fn an_invitation_counts_for_three_days_a_setup_link_for_an_hour_and_a_replayed_one_never() {
    let api = Api::reachable(checks::Database::Sqlite);
    let browser = Browser::new(&api, "192.0.2.1");
    let (invitation, setup) = (api.link(LinkPurpose::Invite, "ben"), api.link(LinkPurpose::Setup, "cho"));
    api.pass_minutes(59);
    says(&browser.get(&setup), 200, "Choose a password");
    api.pass_minutes(1);
    says(&browser.get(&setup), 404, "This link does not count");
    api.pass_minutes(72 * 60 - 61);
    says(&browser.get(&invitation), 200, "Welcome to demo");
    let chosen = [("password", PASSWORD), ("again", PASSWORD)];
    goes_to(&browser.post(&invitation, &chosen), "/app/now");
    let thief = Browser::new(&api, "198.51.100.1");
    says(&thief.post(&invitation, &chosen), 404, "This link does not count");
    assert!(!is_in(&thief) && is_in(&browser));
    let late = api.link(LinkPurpose::Invite, "dee");
    api.pass_minutes(72 * 60);
    says(&thief.post(&late, &chosen), 404, "This link does not count");
}

#[test]
fn a_newer_link_ends_the_one_before_and_a_chosen_password_ends_all() {
    let api = Api::reachable(checks::Database::Sqlite);
    let browser = Browser::new(&api, "192.0.2.1");
    let (first, invitation) = (api.link(LinkPurpose::Setup, "ana"), api.link(LinkPurpose::Invite, "ana"));
    let second = api.link(LinkPurpose::Setup, "ana");
    says(&browser.get(&first), 404, "This link does not count");
    goes_to(&browser.post(&second, &[("password", PASSWORD), ("again", PASSWORD)]), "/app/now");
    says(&browser.get(&invitation), 404, "This link does not count");
}

#[test]
fn a_link_serves_no_purpose_but_its_own_and_none_that_is_cut() {
    let api = Api::reachable(checks::Database::Sqlite);
    let browser = Browser::new(&api, "192.0.2.1");
    let link = api.link(LinkPurpose::Setup, "ana");
    let token = link.strip_prefix("/app/setup/").expect("a path").to_owned();
    let (number, secret) = token.split_once('.').expect("a number and a secret");
    let mut wrong: Vec<String> =
        ["invite", "reset", "enrol", "enter"].iter().map(|word| format!("/app/{word}/{token}")).collect();
    for other in [format!("2.{secret}"), format!("0.{secret}"), secret.to_owned(), format!("{number}.")] {
        wrong.push(format!("/app/setup/{other}"));
    }
    wrong.extend((1..6).map(|cut| format!("/app/setup/{}", &token[..token.len() - cut])));
    wrong.push(format!("{link}A"));
    for path in wrong {
        let answer = browser.get(&path);
        assert!([401, 404].contains(&answer.status), "{path}: {}", answer.status);
        let answer = browser.post(&path, &[("password", PASSWORD), ("again", PASSWORD)]);
        assert!([401, 404, 405].contains(&answer.status), "{path}: {}", answer.status);
        assert!(!is_in(&browser), "{path}");
    }
    says(&browser.get(&link), 200, "For Ana Alves");
}

#[test]
fn the_demos_link_signs_in_by_a_get_once_and_a_head_does_nothing() {
    Api::reached_on_both(|api| {
        let link = api.link(LinkPurpose::SignIn, "ana");
        let browser = Browser::new(api, "192.0.2.1");
        assert_eq!(browser.send(Call::new("HEAD", &link)).status, 405);
        goes_to(&browser.get(&link), "/app/now");
        says(&browser.get("/app/now"), 200, "title=\"Ana Alves\"");
        let another = Browser::new(api, "192.0.2.2");
        says(&another.get(&link), 404, "This link does not count");
        assert!(!is_in(&another));
    });
}

#[test]
fn nobody_follows_a_link_of_somebody_who_is_locked_or_gone() {
    let api = Api::reachable(checks::Database::Sqlite);
    let chosen = [("password", PASSWORD), ("again", PASSWORD)];
    drop(welcomed(&api, "eva", "192.0.2.9"));
    let browser = Browser::new(&api, "192.0.2.1");
    let link = api.link(LinkPurpose::Setup, "eva");
    api.amend("username = \"eva\"\n", "username = \"eva\"\nlocked = true\n");
    says(&browser.post(&link, &chosen), 404, "This link does not count");
    api.amend("job_title = \"Head of operations\"", "job_title = \"Head of all operations\"");
    says(&browser.post(&link, &chosen), 404, "This link does not count");
    goes_to(&sign_in(&browser, "eva", PASSWORD), "/app/now");
}
