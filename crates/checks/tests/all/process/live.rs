//! Pages that change while somebody looks, on two nodes.

use super::ACME;
use super::chromium::Window;
use checks::{Database, Home};

#[test]
fn what_is_done_on_one_node_is_seen_on_the_page_that_another_shows_and_on_the_next_when_that_one_dies() {
    let home = Home::with(Database::Postgresql, ACME);
    let key = home.key(&[]);
    let [one, two] = [home.serve(), home.serve()];
    let link = home.succeed(&["setup-link", "--user", "ana"]);
    let path = link[link.find("/app/setup/").expect("a path")..].trim().to_owned();
    let mut client = two.client(&key);
    let body = async move |window: Window| {
        let [here, there] = [&one, &two].map(|server| format!("http://localhost:{}", server.address.port()));
        window.open(&format!("{here}{path}")).await;
        window.fill("//input[@id='password']", "eleven lazy otters knit").await;
        window.fill("//input[@id='again']", "eleven lazy otters knit").await;
        window.press("//button[.='Set the password']").await;
        window.see("//h1[.='Now']").await;
        // What changes before the page listens is not told: the page is then asked for once more, and has it.
        window.begin_with("document.addEventListener('htmx:sse:after:connection', () => { document.body.dataset.hears = 'yes'; });").await;
        window.open(&format!("{here}/app/incidents?state=open")).await;
        window.see("//body[@data-hears]").await;
        let mut create = |title: &str| {
            let made = client.done("/incidents/create", &serde_json::json!({"title": title, "users": "ana"}));
            made["instance_id"].as_i64().expect("a number")
        };
        let id = create("Disk full");
        window.see("//*[contains(@class, 'live') and contains(., '1 new')]").await;
        window.press("//*[contains(@class, 'live')]/a").await;
        window.see("//th//bdi[.='Disk full']").await;
        client.done("/incidents/acknowledge", &serde_json::json!({"instance_id": id}));
        window.see("//tr[@id='i1']//*[.='ACK']").await;
        // The node that shows the page dies: the page says so, keeps what it shows, and the other node goes on.
        one.kill_9();
        window.see("//*[contains(@class, 'live') and contains(., 'not live')]").await;
        assert_eq!(window.count("//tr[@id='i1']").await, 1);
        window.open(&format!("{there}/app/now")).await;
        window.see("//tr[@id='i1']//*[.='ACK']").await;
        client.done("/incidents/resolve", &serde_json::json!({"instance_id": id}));
        // In its place; or the page was asked for once more, since it was told of it before it listened.
        window.see("//tr[@id='i1']//*[.='resolved'] | //p[.='Nothing else is unresolved.']").await;
    };
    Window::run(&home.path("chromium"), body);
}
