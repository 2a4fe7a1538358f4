//! The first run in a real browser: from a program with nothing but one person to a page that a receiver of pushes has got.

use super::chromium::Window;
use checks::{Database, Home, Outside};
use serde_json::Value;

/// An organization of one person.
const ALONE: &str = "[organization]\nname = \"acme\"\n\n[[user]]\nusername = \"zoe\"\nrole = \"owner\"\n";

/// What was published to a topic.
fn published(outside: &Outside) -> Value {
    let heard = outside.wait_for_one();
    assert!(heard.treatment.is_ok(), "{heard:?}");
    serde_json::from_str(&heard.body).expect("JSON")
}

/// Presses the first form's button.
async fn press_on(window: &Window) {
    window.press("(//main//form[@method='post']//button[@type='submit'])[1]").await;
}

#[test]
fn the_first_run_leads_from_nothing_to_a_page_that_a_receiver_of_pushes_has_got_and_ends_when_it_is_acknowledged() {
    let outside = Outside::open();
    let mut home = Home::with(Database::Sqlite, ALONE);
    home.set("egress.allow", "127.0.0.0/8");
    let server = home.serve();
    let link = home.succeed(&["setup-link", "--user", "zoe"]);
    let path = link[link.find("/app/setup/").expect("a path")..].trim().to_owned();
    let site = format!("http://localhost:{}", server.address.port());
    let body = async move |window: Window| {
        window.look_as(390, "dark").await;
        window.open(&format!("{site}{path}")).await;
        window.fill("//input[@id='password']", "eleven lazy otters knit").await;
        window.fill("//input[@id='again']", "eleven lazy otters knit").await;
        window.press("//button[.='Set the password']").await;
        window.press("//a[contains(@href, '/app/welcome')]").await;
        window.see("//h2[contains(., '1. Organization and zone')]").await;
        press_on(&window).await;
        window.see("//h2[contains(., '2. By what you are reached')]").await;
        window.fill("//input[@id='push']", &format!("{}/zoe", outside.url())).await;
        press_on(&window).await;
        window.see("//*[contains(., 'A code shows now that it is yours.')]").await;
        press_on(&window).await;
        window.see("//*[contains(., 'A code is on its way.')]").await;
        let told = published(&outside);
        assert_eq!(told["topic"], "zoe");
        let said = told["message"].as_str().expect("words");
        let code =
            said.split(|letter: char| !letter.is_ascii_digit()).find(|digits| digits.len() == 6).expect("a code");
        window.fill("//input[@id='code-push']", code).await;
        press_on(&window).await;
        for step in
            ["3. Who else", "4. Who is on call", "5. Who is asked first", "6. What can break", "7. Where alerts"]
        {
            window.see(&format!("//h2[contains(., '{step}')]")).await;
            press_on(&window).await;
        }
        window.see("//h2[contains(., '8. A page that rings')]").await;
        press_on(&window).await;
        window.see("//*[contains(., 'It is on its way.')]").await;
        // Who has just come on call is told that, too.
        while !published(&outside).to_string().contains("A first page, to see that it rings") {}
        // The page shows by itself that it was handed over, and that it is over once it is acknowledged elsewhere.
        window.see("//section[@aria-labelledby='rung']//*[contains(@class, 'good') and .='handed over']").await;
        window.press("//section[@aria-labelledby='rung']//p/a").await;
        window.press("//div[@class='bar']//button[.='Acknowledge']").await;
        window.see("//*[.='Acknowledged: it is yours.']").await;
        window.open(&format!("{site}/app/welcome")).await;
        window.see("//*[contains(., 'All is set up: a page was received and acknowledged.')]").await;
    };
    Window::run(&home.path("chromium"), body);
}
