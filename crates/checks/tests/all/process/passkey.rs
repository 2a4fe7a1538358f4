//! Passkeys in a real browser.

use super::ACME;
use super::chromium::Window;
use checks::{Database, Home};

const SIGN_IN: &str = "//button[.='Sign in with a passkey']";
const SIGN_OUT: &str = "//button[.='Sign out']";
const ADD: &str = "//button[.='Add a passkey']";
const PASSKEYS: &str = "//button[.='Rename']";

#[test]
fn a_browser_makes_a_passkey_by_a_link_signs_in_with_it_adds_a_second_and_removes_the_first() {
    let home = Home::new(Database::Sqlite);
    home.apply(ACME);
    let link = home.succeed(&["setup-link", "--user", "ana"]);
    let path = link.trim().split_once("/app/").expect("a link").1.to_owned();
    let server = home.serve();
    let house = format!("http://localhost:{}/app", server.address.port());
    let body = move |window: Window| async move {
        let telephone = window.add_device().await;
        window.open(&format!("{house}/{path}")).await;
        window.press(ADD).await;
        window.see("//p[contains(., 'This is your only one.')]").await;
        window.press(ADD).await;
        window.see("//p[@role='alert'][contains(., 'has a passkey of yours')]").await;
        window.press(SIGN_OUT).await;
        window.press(SIGN_IN).await;
        window.see("//h1[.='Now']").await;
        window.remove_device(&telephone).await;
        window.add_device().await;
        window.open(&format!("{house}/me/security")).await;
        window.fill("//input[@id='passkey_name']", "laptop").await;
        window.press(ADD).await;
        window.see("//strong[.='laptop']").await;
        assert_eq!(window.count(PASSKEYS).await, 2);
        window.press(SIGN_OUT).await;
        window.press(SIGN_IN).await;
        window.see("//h1[.='Now']").await;
        window.open(&format!("{house}/me/security")).await;
        window.press("//button[@aria-label='Remove Passkey 1']").await;
        window.see("//p[contains(., 'This is your only one.')]").await;
        window.press("//button[@aria-label='Remove laptop']").await;
        window.see("//p[@role='alert'][contains(., 'your last way in')]").await;
        assert_eq!(window.count(PASSKEYS).await, 1);
    };
    Window::run(&home.path("chromium"), body);
    // The chain holds with the rows of all that; else the command fails.
    drop(home.succeed(&["audit", "verify"]));
}
