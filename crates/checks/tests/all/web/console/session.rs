//! Sessions: their ids, their ends, and what is dangerous.

use super::{ANOTHER, PASSWORD, SESSION, goes_to, is_in, says, sign_in, welcomed};
use checks::{Api, Browser, Call, Database, PUBLIC_URL};
use domain::sign_in::LinkPurpose;

#[test]
fn a_session_that_somebody_else_put_into_the_browser_is_never_the_one_that_is_signed_in() {
    Api::reached_on_both(|api| {
        let thief = welcomed(api, "ben", "198.51.100.1");
        let known = thief.cookie(SESSION).expect("a session");
        drop(welcomed(api, "ana", "192.0.2.9"));
        for planted in [known.as_str(), "1.made-up", ""] {
            let victim = Browser::new(api, "192.0.2.1");
            victim.plant(SESSION, planted);
            goes_to(&sign_in(&victim, "ana", PASSWORD), "/app/now");
            assert_ne!(victim.cookie(SESSION).as_deref(), Some(planted));
            says(&victim.get("/app/now"), 200, "title=\"Ana Alves\"");
        }
        // What the thief had in that browser ended when another session began there.
        assert!(!is_in(&thief));
    });
}

#[test]
fn a_session_has_a_new_id_at_each_sign_in_and_ends_when_one_signs_out() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let first = ana.cookie(SESSION).expect("a session");
    let copy = Browser::new(&api, "198.51.100.1");
    copy.plant(SESSION, &first);
    assert!(is_in(&copy));
    goes_to(&ana.post("/app/sign-out", &[]), "/app/sign-in");
    assert_eq!(ana.cookie(SESSION), None);
    assert!(!is_in(&copy) && !is_in(&ana));
    goes_to(&sign_in(&ana, "ana", PASSWORD), "/app/now");
    assert_ne!(ana.cookie(SESSION), Some(first));
}

#[test]
fn the_cookie_is_the_hosts_own_secure_and_hidden_from_scripts_and_only_its_digest_is_kept() {
    let api = Api::reachable(Database::Sqlite);
    drop(welcomed(&api, "ana", "192.0.2.9"));
    let form = Call::post("/app/sign-in").header("sec-fetch-site", "same-origin");
    let answer = api.browse(form.body(format!("name=ana&organization=demo&password={}", PASSWORD.replace(' ', "+"))));
    let lines: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().expect("ASCII")).collect();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert!(line.starts_with("__Host-reveille") && line.contains("; Path=/; "), "{line}");
        assert!(line.ends_with("; Secure; HttpOnly; SameSite=Lax"), "{line}");
    }
    let token = lines[0].split(['=', ';']).nth(1).expect("a value");
    let file = api.test.url.to_string();
    let kept = std::fs::read(file.trim_start_matches("sqlite:")).expect("the database");
    let log = std::fs::read(format!("{}-wal", file.trim_start_matches("sqlite:"))).unwrap_or_default();
    let holds =
        |secret: &str| [&kept, &log].iter().any(|bytes| bytes.windows(secret.len()).any(|at| at == secret.as_bytes()));
    assert!(holds("a test's browser") || holds("eva@example.com"), "it is the database");
    assert!(!holds(token) && !holds(PASSWORD));
}

#[test]
fn a_lock_ends_a_session_at_the_next_request_and_what_ended_stays_ended() {
    Api::reached_on_both(|api| {
        let eva = welcomed(api, "eva", "192.0.2.1");
        assert!(is_in(&eva));
        api.amend("username = \"eva\"\n", "username = \"eva\"\nlocked = true\n");
        says(&eva.get("/app/now"), 401, "<h1>Sign in</h1>");
        assert_eq!(sign_in(&eva, "eva", PASSWORD).status, 401);
        api.amend("job_title = \"Head of operations\"", "job_title = \"Head of all operations\"");
        assert!(!is_in(&eva));
        goes_to(&sign_in(&eva, "eva", PASSWORD), "/app/now");
    });
}

#[test]
fn a_person_who_is_gone_has_no_session_and_another_of_the_same_name_no_password() {
    let api = Api::reachable(Database::Sqlite);
    api.extend("[[user]]\nusername = \"zoe\"\nemail = \"zoe@example.com\"\n");
    let zoe = welcomed(&api, "zoe", "192.0.2.1");
    assert!(is_in(&zoe));
    api.extend("");
    assert!(!is_in(&zoe));
    api.extend("[[user]]\nusername = \"zoe\"\nemail = \"zoe@example.net\"\n");
    assert!(!is_in(&zoe));
    assert_eq!(sign_in(&zoe, "zoe", PASSWORD).status, 401);
}

#[test]
fn a_session_ends_after_two_weeks_without_use_and_after_ninety_days_in_any_case() {
    const DAY: i64 = 24 * 60;
    let api = Api::reachable(Database::Sqlite);
    let (idle, busy) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    for day in 1..90 {
        api.pass_minutes(DAY);
        assert!(is_in(&busy), "day {day}");
        // As the beat does, which records uses.
        api.beat();
        if day == 13 {
            assert!(is_in(&idle));
            api.beat();
        }
    }
    assert!(!is_in(&idle));
    api.pass_minutes(DAY);
    assert!(!is_in(&busy));
}

#[test]
fn a_person_sees_their_sessions_and_ends_one_or_all_others() {
    Api::reached_on_both(|api| {
        let here = welcomed(api, "ana", "192.0.2.1");
        let others = ["192.0.2.2", "192.0.2.3"].map(|address| {
            let browser = Browser::new(api, address);
            goes_to(&sign_in(&browser, "ana", PASSWORD), "/app/now");
            browser
        });
        let stranger = welcomed(api, "ben", "198.51.100.1");
        let page = here.get("/app/me/security");
        says(&page, 200, "a test&#39;s browser, from 192.0.2.1, by link");
        assert_eq!(page.text().matches("by password").count(), 2);
        let place = page.text().find("from 192.0.2.2").expect("listed");
        let which = page.text()[place..].split("name=\"which\" value=\"").nth(1).expect("a button");
        let which = which.split('"').next().expect("an id").to_owned();
        let fields = [("which", which.as_str())];
        says(&stranger.post("/app/me/security/sessions", &fields), 404, "There is no such session");
        assert!(is_in(&others[0]));
        goes_to(&here.post("/app/me/security/sessions", &fields), "/app/me/security");
        assert!(!is_in(&others[0]) && is_in(&others[1]));
        let log = api.get("/v1/audit?action=session.end&object=ana");
        let ended = log.as_array().expect("rows").iter().map(|row| row["changes"][0]["before"].as_str());
        assert_eq!(ended.collect::<Vec<_>>(), [Some(which.as_str())], "it is written down which");
        goes_to(&here.post("/app/me/security/sessions", &[("which", "others")]), "/app/me/security");
        assert!(is_in(&here) && !is_in(&others[1]) && is_in(&stranger));
    });
}

#[test]
fn what_is_dangerous_wants_a_sign_in_of_the_last_ten_minutes_and_then_goes_on_where_one_was() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let dangerous = ["password", "factor", "codes", "remove", "confirm"];
    api.pass_minutes(10);
    let before = ana.cookie(SESSION);
    for what in dangerous {
        let fields = [("present", PASSWORD), ("password", ANOTHER), ("again", ANOTHER)];
        says(&ana.post(&format!("/app/me/security/{what}"), &fields), 403, "Is it still you?");
        let program = Call::post(&format!("/app/me/security/{what}")).header("origin", PUBLIC_URL);
        let program = program.header("accept", "application/json").body("present=x&password=y&again=y");
        ana.send(program).refused(403, "fresh_sign_in_needed");
    }
    says(&ana.post("/app/again", &[("password", ANOTHER)]), 401, "That did not work.");
    let next = ("next", "/app/me/security");
    goes_to(&ana.post("/app/again", &[("password", PASSWORD), next]), "/app/me/security");
    assert_ne!(ana.cookie(SESSION), before);
    let stolen = Browser::new(&api, "198.51.100.1");
    stolen.plant(SESSION, &before.expect("a session"));
    assert!(!is_in(&stolen));
    says(&ana.post("/app/me/security/factor", &[]), 200, "Set up your second factor");
    // A link signs in freshly, too.
    let enter = api.link(LinkPurpose::SignIn, "ben");
    let ben = Browser::new(&api, "192.0.2.2");
    goes_to(&ben.get(&enter), "/app/now");
    says(&ben.post("/app/me/security/factor", &[]), 200, "Set up your second factor");
}
