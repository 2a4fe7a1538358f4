//! Web Push from end to end: the body is opened by a library of others, the worker shows it in a real browser, and the last
//! state is read there when the server is gone.

use super::ACME;
use super::chromium::Window;
use checks::{Database, Home, Peer};
use serde_json::{Value, json};

/// Makes a device of ana.
fn allow(client: &mut checks::Client, name: &str, endpoint: &str, keys: &Value) {
    let body = json!({"name": name, "endpoint": endpoint, "p256dh": keys["p256dh"], "auth": keys["auth"]});
    client.done("/v1/users/ana/devices", &body);
}

#[test]
fn a_page_is_opened_by_the_browser_alone_and_acknowledged_by_its_link() {
    let mut service = Peer::push_service();
    let keys = service.wait_for_one();
    let mut home = Home::with(Database::Sqlite, ACME);
    home.set("egress.allow", "127.0.0.0/8");
    home.set("server.public_url", "https://reveille.example.org");
    let mut server = home.serve();
    let mut client = server.client(&home.key(&["--scope", "admin"]));
    for name in ["telephone", "gone"] {
        allow(&mut client, name, &format!("http://127.0.0.1:{}/{name}", service.port), &keys);
    }
    let order = json!({"title": "Disk full", "users": "ana", "urgency_level": 5});
    let id = client.done("/incidents/create", &order)["instance_id"].as_i64().expect("a number");
    let pushed = [service.wait_for_one(), service.wait_for_one()];
    for push in &pushed {
        assert_eq!(push["fault"], Value::Null, "{push}");
        assert_eq!(
            (&push["headers"]["urgency"], &push["headers"]["content-encoding"]),
            (&json!("high"), &json!("aes128gcm"))
        );
        assert_eq!(push["body"]["web_push"], 8030);
    }
    let told = &pushed[0]["body"]["notification"];
    assert_eq!((&told["title"], &told["tag"]), (&json!("[#1] Critical: Disk full"), &json!(format!("incident-{id}"))));
    assert_eq!(told["navigate"], "https://reveille.example.org/app/i/1");
    // The browser that is gone is removed.
    assert_eq!(server.logged("a browser takes no pushes any more and was removed")["device"], "gone");
    let left = client.get("/v1/users/ana/devices").json();
    assert_eq!(left.as_array().expect("a list").iter().map(|one| &one["name"]).collect::<Vec<_>>(), ["telephone"]);
    // As the worker does it: without a session.
    let act = told["data"]["act"].as_str().expect("a link").strip_prefix("https://reveille.example.org").expect("ours");
    let answer = client.post(act, &json!({}));
    assert!(answer.body.contains("<h1>Incident #1 is acknowledged</h1>"), "{}", answer.body);
    assert_eq!(client.details(id)["status"], "ACKNOWLEDGED");
    assert!(server.terminate().success());
}

/// A push as it is opened, of the incident with this link.
fn pushed(act: &str) -> String {
    let data = json!({"act": act, "label": "Acknowledge", "page": "/app/i/1"});
    let notification = json!({"title": "[#1] High: Checkout is slow", "body": "checkout", "tag": "incident-1",
        "requireInteraction": true, "navigate": "/app/i/1", "data": data});
    json!({"web_push": 8030, "notification": notification}).to_string()
}

/// Once the worker has put a copy of the incident's page away, which it does after it has shown what was pushed. To ask for what
/// is shown before it is, would have Chromium forget it.
const KEPT: &str = "while (!(await caches.match('/app/incidents/1'))) { await new Promise(requestAnimationFrame); }";

/// What the worker shows.
const SHOWN: &str = "const worker = await navigator.serviceWorker.ready; const shown = await worker.getNotifications(); \
    return shown.map((one) => [one.title, one.body, one.tag, one.requireInteraction, \
    one.actions.map((action) => action.title).join()]);";

#[test]
fn the_worker_shows_what_is_pushed_and_the_last_state_when_the_server_is_gone_and_says_how_old_it_is() {
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&["--without-incidents"]);
    let key = server.printed(|line| line.strip_prefix("api key: ").map(str::to_owned));
    let link = server.printed(|line| line.strip_prefix("sign in: ").map(str::to_owned));
    let site = format!("http://localhost:{}", server.address.port());
    let mut client = server.client(&key);
    let services = client.get("/list/services").json();
    let checkout =
        services.as_array().expect("a list").iter().find(|one| one["name"] == "checkout").expect("a service");
    client.done("/incidents/create", &json!({"title": "Checkout is slow", "service_ref_id": checkout["ref_id"]}));
    let body = async move |window: Window| {
        window.allow_notifications(&site).await;
        window.open(&link).await;
        window.open(&format!("{site}/app/me")).await;
        window.press("//button[contains(., 'Keep the last state')]").await;
        window.see("//p[contains(., 'This browser keeps the last state from now on.')]").await;
        window.open(&format!("{site}/app/now")).await;
        window.see("//a[contains(., 'Checkout is slow')]").await;
        window.push(&site, &pushed("/act/none")).await;
        window.ask(KEPT).await;
        let expected = json!([["[#1] High: Checkout is slow", "checkout", "incident-1", true, "Acknowledge,Open"]]);
        assert_eq!(window.ask(SHOWN).await, expected);
        // The server dies.
        assert!(server.terminate().success());
        for page in ["now", "i/1"] {
            window.open(&format!("{site}/app/{page}")).await;
            window.see("//p[@role='alert'][starts-with(., 'As of ') and contains(., ', not live: the server does not answer.')]").await;
            window.see("//*[contains(., 'Checkout is slow')]").await;
        }
        window.press("//div[@class='bar']//button[.='Acknowledge']").await;
        window
            .see("//*[contains(@class, 'live') and starts-with(., 'Not sent yet: the server does not answer.')]")
            .await;
        window.open(&format!("{site}/app/audit")).await;
        window.see("//h1[.='No connection']").await;
    };
    Window::run(&home.path("chromium"), body);
}

/// What is left of the worker and its copies.
const LEFT: &str = "return [(await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length];";

#[test]
fn whoever_signs_out_takes_the_worker_and_its_copies_along() {
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&["--without-incidents"]);
    let link = server.printed(|line| line.strip_prefix("sign in: ").map(str::to_owned));
    let site = format!("http://localhost:{}", server.address.port());
    let body = async move |window: Window| {
        window.open(&link).await;
        window.open(&format!("{site}/app/me")).await;
        window.press("//button[contains(., 'Keep the last state')]").await;
        window.see("//p[contains(., 'This browser keeps the last state from now on.')]").await;
        assert_eq!(window.ask(LEFT).await, json!([1, 1]));
        window.press("//button[.='Sign out']").await;
        window.see("//h1[.='Sign in']").await;
        assert_eq!(window.ask(LEFT).await, json!([0, 0]));
    };
    Window::run(&home.path("chromium"), body);
}

#[test]
fn the_buttons_that_push_needs_are_there_after_another_form_of_the_page_was_sent() {
    let directory = ACME.replace("ana@example.com\"", "ana@example.com\"\nsms = \"+4915112345678\"");
    let home = Home::with(Database::Sqlite, &directory);
    let server = home.serve();
    let link = home.succeed(&["setup-link", "--user", "ana"]);
    let path = link[link.find("/app/setup/").expect("a path")..].trim().to_owned();
    let site = format!("http://localhost:{}", server.address.port());
    let body = async move |window: Window| {
        window.open(&format!("{site}{path}")).await;
        window.fill("//input[@id='password']", "eleven lazy otters knit").await;
        window.fill("//input[@id='again']", "eleven lazy otters knit").await;
        window.press("//button[.='Set the password']").await;
        window.see("//h1[.='Now']").await;
        window.open(&format!("{site}/app/me")).await;
        window.see("//button[contains(., 'Push to this device')]").await;
        window.fill("//input[@id='code-sms']", "000000").await;
        window.press("//button[.='Prove it']").await;
        window.see("//div[@role='alert'][contains(@class, 'bad')]").await;
        window.see("//button[contains(., 'Push to this device')]").await;
        window.press("//button[contains(., 'Keep the last state')]").await;
        window.see("//p[contains(., 'This browser keeps the last state from now on.')]").await;
    };
    Window::run(&home.path("chromium"), body);
}
