//! Debian's Chromium, driven as a person uses it, with a device for passkeys that is not there.

use checks::PATIENCE;
use serde_json::json;
use std::future::Future;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use thirtyfour::TypingData;
use thirtyfour::prelude::*;

/// How often it is looked whether an element is there.
const LOOK_EVERY: Duration = Duration::from_millis(20);
const FLAGS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// What drives it; ended when dropped.
struct Driver(Child, u16);

impl Driver {
    fn start() -> Self {
        for program in ["/usr/bin/chromium", "/usr/bin/chromedriver"] {
            assert!(Path::new(program).exists(), "this test needs {program}: run `bash scripts/prepare.sh` once");
        }
        let mut child = Command::new("/usr/bin/chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok());
        Self(child, port.expect("it says where it listens"))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A window.
#[derive(Clone)]
pub(super) struct Window(WebDriver);

impl Window {
    /// Runs a test body in a window of a new profile in this folder, and closes it whatever comes of that.
    pub(super) fn run<F: Future<Output = ()> + Send + 'static>(profile: &Path, body: impl FnOnce(Self) -> F) {
        // The driver is spoken to in clear, but the client that does so wants some cryptography to be chosen.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let driver = Driver::start();
        let mut wanted = DesiredCapabilities::chrome();
        for flag in FLAGS {
            wanted.add_arg(flag).expect("a flag");
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.display())).expect("a flag");
        wanted.set_binary("/usr/bin/chromium").expect("a path");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let outcome = runtime.block_on(async {
            let window = WebDriver::new(format!("http://127.0.0.1:{}", driver.1), wanted).await.expect("a window");
            // A check of a whole page takes its time on a machine with much else to do.
            window.set_script_timeout(5 * PATIENCE).await.expect("a limit");
            let outcome = tokio::spawn(body(Self(window.clone()))).await;
            window.quit().await.expect("it closes");
            outcome
        });
        if let Err(failed) = outcome {
            std::panic::resume_unwind(failed.into_panic());
        }
    }

    /// Opens a page.
    pub(super) async fn open(&self, url: &str) {
        self.0.goto(url).await.expect("a page");
    }

    /// Waits until an element of this XPath can be seen.
    pub(super) async fn see(&self, path: &str) -> WebElement {
        // What is replaced while it is looked at can be seen a moment later.
        let query = self.0.query(By::XPath(path)).wait(PATIENCE, LOOK_EVERY).ignore_errors(true).and_displayed();
        match query.first().await {
            Ok(element) => element,
            Err(error) => panic!("{path}: {error}\n{}", self.0.source().await.unwrap_or_default()),
        }
    }

    /// Presses a button, once it can be seen and stands in the middle of the window.
    pub(super) async fn press(&self, path: &str) {
        let button = self.see(path).await;
        button.scroll_into_view().await.expect("it can be brought there");
        button.click().await.expect("it can be pressed");
    }

    /// Types into a field in the place of what is there.
    pub(super) async fn fill(&self, path: &str, text: &str) {
        let field = self.see(path).await;
        field.clear().await.expect("it can be emptied");
        field.send_keys(text).await.expect("it can be typed into");
    }

    /// Types where the focus is.
    pub(super) async fn keys(&self, keys: impl Into<TypingData>) {
        let focused = self.0.active_element().await.expect("something has the focus");
        focused.send_keys(keys).await.expect("it can be typed into");
    }

    /// How many elements of this XPath there are now.
    pub(super) async fn count(&self, path: &str) -> usize {
        self.0.find_all(By::XPath(path)).await.expect("a page").len()
    }

    /// What the browser answers to a command of its DevTools protocol.
    pub(super) async fn command(&self, name: &str, parameters: serde_json::Value) -> serde_json::Value {
        self.0.cdp().send_raw(name, parameters).await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Puts a device there that keeps passkeys and knows its owner; its id.
    pub(super) async fn add_device(&self) -> String {
        self.command("WebAuthn.enable", json!({})).await;
        let options = json!({"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "automaticPresenceSimulation": true,
        }});
        let added = self.command("WebAuthn.addVirtualAuthenticator", options).await;
        added["authenticatorId"].as_str().expect("its id").to_owned()
    }

    /// Takes the device away.
    pub(super) async fn remove_device(&self, id: &str) {
        let which = json!({"authenticatorId": id});
        self.command("WebAuthn.removeVirtualAuthenticator", which).await;
    }

    /// Lets this site show notifications, as a person who is asked does.
    pub(super) async fn allow_notifications(&self, site: &str) {
        let allowed = json!({"origin": site, "permissions": ["notifications"]});
        self.0.cdp().send_raw("Browser.grantPermissions", allowed).await.expect("it is allowed");
    }

    /// Gives the worker of this site what a push service would.
    pub(super) async fn push(&self, site: &str, data: &str) {
        self.0.cdp().send_raw("ServiceWorker.enable", json!({})).await.expect("workers can be spoken to");
        // The first worker of a new profile.
        let pushed = json!({"origin": site, "registrationId": "0", "data": data});
        self.0.cdp().send_raw("ServiceWorker.deliverPushMessage", pushed).await.expect("it is delivered");
    }

    /// Looks at pages from now on as on a screen so wide, in this theme: `light` or `dark`.
    pub(super) async fn look_as(&self, width: u32, theme: &str) {
        self.look_at_width(width).await;
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
        self.command("Emulation.setEmulatedMedia", media).await;
    }

    /// Makes the screen so wide.
    pub(super) async fn look_at_width(&self, width: u32) {
        let screen = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500});
        self.command("Emulation.setDeviceMetricsOverride", screen).await;
    }

    /// Reads pages from now on with text of this size, as somebody has set it in their browser, pixels.
    pub(super) async fn write_as(&self, size: u32) {
        self.command("Page.setFontSizes", json!({"fontSizes": {"standard": size, "fixed": size * 13 / 16}})).await;
    }

    /// Runs this script on every page before anything of the page runs.
    pub(super) async fn begin_with(&self, script: &str) {
        let source = json!({"source": script});
        self.command("Page.addScriptToEvaluateOnNewDocument", source).await;
    }

    /// What a script of the test returns; one that ends with a promise is waited for.
    pub(super) async fn ask(&self, script: &str) -> serde_json::Value {
        self.0.execute(script, Vec::new()).await.expect("it runs").json().clone()
    }
}
