//! Signing in by a password, and guessing.

use super::{ANOTHER, PASSWORD, SESSION, goes_to, is_in, says, sign_in, welcomed};
use checks::{Api, Browser, Call, Database, PUBLIC_URL};
use domain::sign_in::LinkPurpose;

#[test]
fn a_person_signs_in_by_name_or_address_and_goes_on_where_they_were() {
    Api::reached_on_both(|api| {
        drop(welcomed(api, "ana", "192.0.2.9"));
        for name in ["ana", "ANA ", "ana@example.com"] {
            let browser = Browser::new(api, "192.0.2.1");
            let deep = browser.get("/app/me/security?x=1");
            says(&deep, 401, "<h1>Sign in</h1>");
            assert!(deep.text().contains("value=\"/app/me/security?x=1\""), "{}", deep.text());
            let fields =
                [("name", name), ("password", PASSWORD), ("organization", "demo"), ("next", "/app/me/security?x=1")];
            goes_to(&browser.post("/app/sign-in", &fields), "/app/me/security?x=1");
            says(&browser.get("/app/me/security?x=1"), 200, "Your security");
            goes_to(&browser.get("/app/sign-in"), "/app/now");
        }
    });
}

#[test]
fn unknown_locked_and_mistyped_people_are_answered_alike() {
    Api::reached_on_both(|api| {
        drop(welcomed(api, "ana", "192.0.2.9"));
        drop(welcomed(api, "eva", "192.0.2.9"));
        api.amend("username = \"eva\"\n", "username = \"eva\"\nlocked = true\n");
        let answer = |name: &str, organization: &str, address: &str| {
            let browser = Browser::new(api, address);
            let fields = [("name", name), ("password", PASSWORD), ("organization", organization)];
            let fields = if name == "ana" { [fields[0], ("password", ANOTHER), fields[2]] } else { fields };
            let answer = browser.post("/app/sign-in", &fields);
            assert_eq!(browser.cookies(), "");
            let page = answer.text().replace(name, "NAME").replace(organization, "ORGANIZATION");
            (answer.status, page, answer.headers.len())
        };
        let expect = answer("ana", "demo", "192.0.2.1");
        assert_eq!(expect.0, 401);
        // Ben never chose a password; nobody is named noa.
        let others =
            [("eva", "demo"), ("ben", "demo"), ("noa", "demo"), ("ana@example.org", "demo"), ("ben", "nowhere")];
        for (place, (name, organization)) in others.into_iter().enumerate() {
            assert_eq!(answer(name, organization, &format!("198.51.{place}.1")), expect, "{name}");
        }
        let program = Call::post("/app/sign-in").header("origin", PUBLIC_URL).header("accept", "application/json");
        api.browse(program.body("name=noa&password=x")).refused(401, "sign_in_refused");
    });
}

#[test]
fn a_password_counts_however_its_letters_are_composed_and_only_whole() {
    let api = Api::reachable(Database::Sqlite);
    let link = api.link(LinkPurpose::Setup, "ana");
    let (composed, apart) = ("\u{e9}lf schn\u{e4}uzige Otter", "e\u{301}lf schna\u{308}uzige Otter");
    let fields = [("password", composed), ("again", composed)];
    goes_to(&Browser::new(&api, "192.0.2.1").post(&link, &fields), "/app/now");
    let browser = Browser::new(&api, "192.0.2.2");
    assert_eq!(sign_in(&browser, "ana", "elf schnauzige Otter").status, 401);
    assert_eq!(sign_in(&browser, "ana", &composed[..composed.len() - 1]).status, 401);
    goes_to(&sign_in(&browser, "ana", apart), "/app/now");
}

#[test]
fn after_five_failures_there_is_a_wait_that_doubles_and_a_right_password_within_it_is_not_looked_at() {
    Api::reached_on_both(|api| {
        drop(welcomed(api, "ana", "192.0.2.9"));
        let browser = Browser::new(api, "198.51.100.1");
        for _ in 0..5 {
            assert_eq!(sign_in(&browser, "ana", ANOTHER).status, 401);
        }
        for seconds in ["1", "2", "4", "8"] {
            let wait = sign_in(&browser, "ana", PASSWORD);
            says(&wait, 429, "failed too often");
            assert_eq!(wait.header("retry-after"), seconds);
            assert!(!is_in(&browser));
            api.clock.advance(seconds.parse::<i64>().expect("a number") * 1_000_000);
            assert_eq!(sign_in(&browser, "ana", ANOTHER).status, 401);
        }
        // Another network has a count of its own, and a success ends it.
        goes_to(&sign_in(&Browser::new(api, "203.0.113.1"), "ana", PASSWORD), "/app/now");
        api.pass_minutes(1);
        goes_to(&sign_in(&browser, "ana", PASSWORD), "/app/now");
        for _ in 0..5 {
            assert_eq!(sign_in(&Browser::new(api, "198.51.100.1"), "ana", ANOTHER).status, 401);
        }
    });
}

#[test]
fn people_who_are_not_there_wait_like_those_who_are() {
    let api = Api::reachable(Database::Sqlite);
    drop(welcomed(&api, "ana", "192.0.2.9"));
    let statuses = |name: &str, address: &str| -> Vec<(u16, String)> {
        let browser = Browser::new(&api, address);
        let tries = (0..7).map(|_| sign_in(&browser, name, ANOTHER));
        tries.map(|answer| (answer.status, answer.header("retry-after").to_owned())).collect()
    };
    assert_eq!(statuses("ana", "198.51.100.1"), statuses("noa", "203.0.113.1"));
}

#[test]
fn a_stranger_in_the_same_network_locks_nobody_out_who_was_here_before() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    goes_to(&ana.post("/app/sign-out", &[]), "/app/sign-in");
    let stranger = Browser::new(&api, "192.0.2.2");
    for _ in 0..6 {
        sign_in(&stranger, "ana", ANOTHER);
    }
    assert_eq!(sign_in(&stranger, "ana", PASSWORD).status, 429);
    goes_to(&sign_in(&ana, "ana", PASSWORD), "/app/now");
    // What a device shows counts for who signed in there, and for nobody else.
    let ben = Browser::new(&api, "192.0.2.2");
    ben.plant("__Host-reveille-device", &ana.cookie("__Host-reveille-device").expect("a device"));
    for _ in 0..5 {
        assert_eq!(sign_in(&ben, "ben", ANOTHER).status, 401);
    }
    assert_eq!(sign_in(&stranger, "ben", ANOTHER).status, 429);
}

#[test]
fn a_network_fails_a_hundred_times_an_hour_whatever_the_names() {
    let api = Api::reachable(Database::Sqlite);
    drop(welcomed(&api, "ana", "192.0.2.9"));
    for number in 0..100 {
        let browser = Browser::new(&api, &format!("198.51.100.{number}"));
        assert_eq!(sign_in(&browser, &format!("name {number}"), ANOTHER).status, 401);
    }
    assert_eq!(sign_in(&Browser::new(&api, "198.51.100.200"), "ana", PASSWORD).status, 429);
    goes_to(&sign_in(&Browser::new(&api, "198.51.101.1"), "ana", PASSWORD), "/app/now");
    api.pass_minutes(61);
    goes_to(&sign_in(&Browser::new(&api, "198.51.100.201"), "ana", PASSWORD), "/app/now");
}

#[test]
fn whoever_changes_their_password_ends_their_other_sessions_and_needs_the_present_one() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let elsewhere = Browser::new(api, "192.0.2.2");
        goes_to(&sign_in(&elsewhere, "ana", PASSWORD), "/app/now");
        let change = |present: &str, wanted: &str, again: &str| {
            let fields = [("present", present), ("password", wanted), ("again", again)];
            ana.post("/app/me/security/password", &fields)
        };
        says(&change(ANOTHER, ANOTHER, ANOTHER), 401, "Present password was not taken.");
        says(&change(PASSWORD, "short", "short"), 400, "New password must have at least 15 characters.");
        says(&change(PASSWORD, ANOTHER, PASSWORD), 400, "is not the same as the new password.");
        assert!(is_in(&elsewhere));
        let before = ana.cookie(SESSION);
        goes_to(&change(PASSWORD, ANOTHER, ANOTHER), "/app/me/security");
        assert_ne!(ana.cookie(SESSION), before);
        assert!(is_in(&ana) && !is_in(&elsewhere));
        assert_eq!(sign_in(&elsewhere, "ana", PASSWORD).status, 401);
        goes_to(&sign_in(&elsewhere, "ana", ANOTHER), "/app/now");
    });
}
