//! One's devices: browsers that one is pushed to, made and removed on the page about oneself, and what makes the console an app.

use super::{goes_to, says, welcomed};
use checks::{Answer, Api, Browser, Call, Database, number};
use notify::carrier::Address;
use serde_json::{Value, json};

const P256DH: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

/// What the form sends once a browser has made a subscription.
fn allow(browser: &Browser<'_>, name: &str, endpoint: &str) -> Answer {
    let fields = [("name", name), ("endpoint", endpoint), ("p256dh", P256DH), ("auth", AUTH)];
    browser.post("/app/me/devices", &fields)
}

fn listed(api: &Api, user: &str) -> Vec<String> {
    let devices = api.get(&format!("/v1/users/{user}/devices"));
    devices.as_array().expect("a list").iter().map(|one| one["name"].as_str().expect("a name").to_owned()).collect()
}

/// What is done to devices, by whom and whose, as the audit log tells it.
fn audited(api: &Api) -> Vec<String> {
    let rows = api.get("/v1/audit?limit=1000");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of_devices = rows.as_array().expect("a list").iter().filter(|row| row["object"]["kind"] == "push_device");
    of_devices
        .map(|row| format!("{} {} {}", text(&row["action"]), text(&row["actor"]["name"]), text(&row["object"]["name"])))
        .collect()
}

#[test]
fn a_person_is_pushed_to_the_browsers_that_they_allow_until_they_remove_them() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let page = ana.get("/app/me");
        says(&page, 200, "No device is pushed to.");
        let key =
            page.text().split_once("data-push-key=\"").expect("a key").1.split('"').next().expect("a key").to_owned();
        assert_eq!(key.len(), 87, "a point on P-256 in base64 of URLs");
        assert!(ana.get("/app/me").text().contains(&key), "the same for everybody, and always");
        says(&allow(&ana, "Fairphone", "https://push.example.net/a"), 200, "This device is pushed to from now on.");
        api.pass_minutes(1);
        says(&allow(&ana, "Ana's laptop", "https://push.example.net/b"), 200, "<bdi>Ana&#39;s laptop</bdi>");
        assert_eq!(listed(api, "ana"), ["Fairphone", "Ana's laptop"]);
        let before = api.sent.lock().expect("no panic").len();
        number(&api.ok("create", &json!({"title": "Disk full", "users": ["ana"], "urgency_level": 5})));
        api.beat();
        let mut places: Vec<_> = api.sent.lock().expect("no panic")[before..]
            .iter()
            .filter_map(|message| match &message.address {
                Address::Device { device, key: known } => Some((device.endpoint.clone(), known.public() == key)),
                _ => None,
            })
            .collect();
        places.sort();
        let expected =
            ["https://push.example.net/a", "https://push.example.net/b"].map(|endpoint| (endpoint.to_owned(), true));
        assert_eq!(places, expected);
        let devices = api.get("/v1/users/ana/devices");
        assert!(devices.as_array().expect("a list").iter().all(|one| one["last_success_at"].is_string()), "{devices}");
        assert!(!devices.to_string().contains("push.example.net"), "{devices}");
        let id = devices[0]["device_id"].as_str().expect("an id");
        says(
            &ana.post(&format!("/app/me/devices/{id}/remove"), &[]),
            200,
            "Nothing is pushed to that device any more.",
        );
        assert_eq!(listed(api, "ana"), ["Ana's laptop"]);
        says(&ana.post(&format!("/app/me/devices/{id}/remove"), &[]), 404, "the person has no device");
        let expected = [
            "push_device.remove ana ana Fairphone",
            "push_device.create ana ana Ana's laptop",
            "push_device.create ana ana Fairphone",
        ];
        assert_eq!(audited(api), expected);
    });
}

#[test]
fn a_browser_is_one_device_of_whoever_allowed_it_last() {
    let api = Api::reachable(Database::Sqlite);
    let (ana, ben) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    for name in ["telephone", "Fairphone"] {
        says(&allow(&ana, name, "https://push.example.net/a"), 200, "pushed to from now on");
    }
    assert_eq!(listed(&api, "ana"), ["Fairphone"]);
    says(&allow(&ben, "shared", "https://push.example.net/a"), 200, "pushed to from now on");
    assert_eq!((listed(&api, "ana").len(), listed(&api, "ben")), (0, vec!["shared".to_owned()]));
}

#[test]
fn what_is_no_subscription_is_refused_in_words_and_so_is_the_eleventh_device() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    says(&allow(&ana, "x", "http://push.example.net/a"), 400, "endpoint: must be an https URL");
    says(&allow(&ana, "x", ""), 400, "endpoint: ");
    let fields = [("name", "x"), ("endpoint", "https://push.example.net/a"), ("p256dh", AUTH), ("auth", AUTH)];
    says(&ana.post("/app/me/devices", &fields), 400, "p256dh: and auth must be the keys");
    for number in 1..=10 {
        assert_eq!(allow(&ana, "x", &format!("https://push.example.net/{number}")).status, 200);
    }
    says(&allow(&ana, "x", "https://push.example.net/11"), 400, "there would be more than 10 devices");
    assert_eq!(allow(&ana, "again", "https://push.example.net/10").status, 200);
}

#[test]
fn whoever_signs_out_leaves_neither_copies_nor_a_subscription_in_the_browser() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let out = ana.post("/app/sign-out", &[]);
    goes_to(&out, "/app/sign-in");
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
}

#[test]
fn the_console_can_be_installed_by_whoever_is_not_signed_in_yet() {
    let api = Api::reachable(Database::Sqlite);
    let manifest = api.browse(Call::get("/app/manifest.webmanifest"));
    assert_eq!((manifest.status, manifest.header("content-type")), (200, "application/manifest+json"));
    let told: Value = serde_json::from_str(manifest.text()).expect("JSON");
    assert_eq!((&told["scope"], &told["display"]), (&json!("/app/"), &json!("standalone")));
    for icon in told["icons"].as_array().expect("a list") {
        let picture = api.asset(Call::get(icon["src"].as_str().expect("a path")));
        assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"), "{icon}");
    }
    let worker = api.browse(Call::get("/app/sw.js"));
    assert_eq!((worker.status, worker.header("cache-control")), (200, "no-store"));
    assert_eq!(worker.header("content-type"), "text/javascript; charset=utf-8");
    assert!(worker.header("content-security-policy").contains("connect-src 'self'"));
    says(&api.browse(Call::get("/app/sign-in")), 200, "<link rel=\"manifest\" href=\"/app/manifest.webmanifest\">");
}
