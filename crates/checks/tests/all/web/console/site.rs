//! Where requests come from and where browsers are sent.

use super::{PASSWORD, SESSION, goes_to, is_in, says, welcomed};
use checks::{Answer, Api, Browser, Call, Database, PUBLIC_URL};
use domain::sign_in::LinkPurpose;

/// Every path of the console at which something is changed.
const CHANGING: [&str; 17] = [
    "/app/sign-in",
    "/app/sign-in/code",
    "/app/sign-out",
    "/app/reset",
    "/app/again",
    "/app/setup/1.x",
    "/app/invite/1.x",
    "/app/reset/1.x",
    "/app/enrol/1.x",
    "/app/me/security/password",
    "/app/me/security/factor",
    "/app/me/security/confirm",
    "/app/me/security/codes",
    "/app/me/security/remove",
    "/app/me/security/sessions",
    "/app/whatever/comes",
    "/",
];

#[test]
fn a_page_of_another_site_changes_nothing_whatever_it_sends_and_wherever_to() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let link = api.link(LinkPurpose::Setup, "ben");
    let from: [&[(&str, &str)]; 7] = [
        &[],
        &[("sec-fetch-site", "cross-site"), ("origin", PUBLIC_URL)],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("origin", "https://reveille.example.org.evil.example"), ("referer", PUBLIC_URL)],
    ];
    let body = "which=others&password=eleven+lazy+otters+knit&again=eleven+lazy+otters+knit";
    for path in CHANGING.iter().copied().chain([link.as_str()]) {
        for told in from {
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                let call = Call::new(method, path).header("accept", "application/json").body(body);
                let call = told.iter().fold(call, |call, (name, value)| call.header(name, value));
                ana.send(call).refused(403, "cross_site");
            }
        }
    }
    assert!(is_in(&ana));
    says(&ana.get(&link), 200, "For Ben Bauer");
    let shown = ana.send(Call::post("/app/sign-out"));
    says(&shown, 403, "The request comes from another site");
    // What the same lists say of a page of ours is done.
    goes_to(&ana.send(Call::post("/app/sign-out").header("origin", PUBLIC_URL)), "/app/sign-in");
    assert!(!is_in(&ana));
}

#[test]
fn a_session_counts_for_no_path_of_the_api() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    for path in ["/list/users", "/v1/on-call", "/list/services"] {
        ana.get(path).refused(401, "missing_key");
    }
    for path in ["/create", "/incidents/create", "/users/list"] {
        let call =
            Call::post(path).header("sec-fetch-site", "same-origin").body("{\"title\": \"x\", \"users\": [\"ana\"]}");
        ana.send(call).refused(401, "missing_key");
    }
}

#[test]
fn nobody_is_sent_elsewhere_after_signing_in() {
    let api = Api::reachable(Database::Sqlite);
    drop(welcomed(&api, "ana", "192.0.2.9"));
    let elsewhere = [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/app/../../evil",
        "/v1/me",
        "/app//evil.example",
        "x",
    ];
    for next in elsewhere {
        let browser = Browser::new(&api, "192.0.2.1");
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let page = browser.get(&format!("/app/sign-in?{query}"));
        assert!(page.text().contains("name=\"next\" value=\"/app/now\""), "{next}: {}", page.text());
        let fields = [("name", "ana"), ("password", PASSWORD), ("organization", "demo"), ("next", next)];
        goes_to(&browser.post("/app/sign-in", &fields), "/app/now");
        goes_to(&browser.get(&format!("/app/sign-in?{query}")), "/app/now");
        goes_to(&browser.post("/app/again", &[("password", PASSWORD), ("next", next)]), "/app/now");
    }
}

#[test]
fn whoever_is_not_signed_in_meets_the_sign_in_page_at_every_path() {
    let api = Api::reachable(Database::Sqlite);
    says(&api.browse(Call::get("/")), 200, "Run <code>reveille setup-link</code> on the server.");
    drop(welcomed(&api, "ana", "192.0.2.9"));
    let page = |path: &str| api.browse(Call::get(path));
    for path in ["/", "/app", "/app/", "/app/sign-in"] {
        says(&page(path), 200, "<h1>Sign in</h1>");
    }
    for path in ["/app/now", "/app/me/security", "/app/again", "/app/incidents/17", "/app/x/y/z"] {
        says(&page(path), 401, "<h1>Sign in</h1>");
        api.browse(Call::get(path).header("accept", "application/json")).refused(401, "signed_out");
    }
    says(&page("/app/setup"), 200, "Run <code>reveille setup-link</code> on the server.");
}

#[test]
fn nobody_signs_in_over_a_plain_connection_but_on_the_machine_itself() {
    let api = Api::new();
    let at = |host: &str, call: Call| api.browse(call.header("host", host));
    says(&at("reveille.example.org", Call::get("/app")), 403, "Nobody can sign in at this address");
    says(&at("localhost:8080", Call::get("/app")), 200, "Nobody can sign in yet.");
    let link = api.link(LinkPurpose::SignIn, "ana");
    assert_eq!(at("192.0.2.1", Call::get(&link)).status, 403);
    let entered = at("localhost:8080", Call::get(&link));
    goes_to(&entered, "/app/now");
    let cookie = entered.headers.get("set-cookie").expect("a session").to_str().expect("ASCII");
    assert!(cookie.starts_with("reveille=") && !cookie.contains("Secure"), "{cookie}");
    let shown = cookie.split(';').next().expect("a pair");
    assert_eq!(at("localhost:8080", Call::get("/app/now").header("cookie", shown)).status, 200);
    // A page of another program on this machine is another site.
    let out = || Call::post("/app/sign-out").header("cookie", shown);
    assert_eq!(at("localhost:8080", out().header("origin", "http://localhost:9090")).status, 403);
    goes_to(&at("localhost:8080", out().header("origin", "http://localhost:8080")), "/app/sign-in");
}

#[test]
fn the_style_sheet_has_a_path_of_its_content_and_may_be_kept() {
    let api = Api::reachable(Database::Sqlite);
    let page = api.browse(Call::get("/app"));
    let path = page.text().split("<link rel=\"stylesheet\" href=\"").nth(1).expect("a style sheet");
    let path = path.split('"').next().expect("a path").to_owned();
    let plain = api.asset(Call::get(&path));
    assert_eq!((plain.status, plain.header("content-type")), (200, "text/css; charset=utf-8"));
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    let packed = api.asset(Call::get(&path).header("accept-encoding", "br, gzip"));
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() < plain.body.len() && packed.body.len() < 12 * 1024);
    assert!(plain.text().contains("prefers-color-scheme: dark"));
    let icon = page.text().split("type=\"image/svg+xml\" href=\"").nth(1).expect("an icon");
    let icon = api.asset(Call::get(icon.split('"').next().expect("a path")));
    assert_eq!((icon.status, icon.header("content-type")), (200, "image/svg+xml"));
}

/// Every label has its field, every field its label, and what is hidden is no field to anybody.
#[track_caller]
fn is_labelled(page: &Answer) {
    let text = page.text();
    let labels: Vec<_> = text.split("<label for=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for label in &labels {
        assert!(text.contains(&format!("<input id=\"{label}\" name=\"{label}\"")), "{label}: {text}");
    }
    let fields = text.split("<input id=\"").skip(1).count();
    assert_eq!(fields, labels.len(), "{text}");
    assert!(text.contains("<html lang=\"en\"") && text.contains("<main id=\"content\""));
    assert!(text.matches("autofocus").count() <= 1, "{text}");
}

#[test]
fn every_page_is_labelled_and_runs_nothing() {
    let api = Api::reachable(Database::Sqlite);
    let link = api.link(LinkPurpose::Setup, "ben");
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let stranger = Browser::new(&api, "192.0.2.2");
    let pages = [
        (stranger.get("/app"), 200),
        (stranger.post("/app/sign-in", &[("name", "\"><script>alert(1)</script>"), ("password", "x")]), 401),
        (stranger.get("/app/reset"), 200),
        (stranger.get(&link), 200),
        (stranger.post(&link, &[("password", "x"), ("again", "x")]), 400),
        (ana.get("/app/now"), 200),
        (ana.get("/app/again"), 200),
        (ana.get("/app/me/security"), 200),
        (ana.post("/app/me/security/password", &[("present", "x"), ("password", "x"), ("again", "y")]), 400),
        (ana.post("/app/me/security/factor", &[]), 200),
        (ana.get("/app/nothing/here"), 404),
    ];
    for (page, status) in pages {
        says(&page, status, "<h1>");
        is_labelled(&page);
    }
    let made_up = Browser::new(&api, "192.0.2.3");
    made_up.plant(SESSION, "1.\"><script>");
    says(&made_up.get("/app/now"), 401, "<h1>Sign in</h1>");
}
