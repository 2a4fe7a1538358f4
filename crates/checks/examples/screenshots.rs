//! Takes pictures of the console of a new demo in Debian's Chromium, on a phone and on a desk, by day and by night, into a folder:
//! `screenshots FOLDER PAGE...`, each page as it is written after `/app/`.

#![expect(clippy::expect_used, clippy::panic, reason = "whatever fails ends the pictures")]

#[path = "../tests/all/process/chromium.rs"]
#[expect(dead_code, reason = "tests do more in a window than take pictures")]
mod chromium;

use base64::Engine as _;
use checks::{Database, Home};
use chromium::Window;
use serde_json::json;
use std::path::PathBuf;

/// Widths of screens, pixels.
const SCREENS: [(&str, u32); 2] = [("phone", 360), ("desk", 1280)];

/// The tallest picture, pixels.
const TALLEST: f64 = 2400.0;

/// A picture of the page, as WebP.
async fn picture(window: &Window) -> Vec<u8> {
    let size = &window.command("Page.getLayoutMetrics", json!({})).await["cssContentSize"];
    let height = size["height"].as_f64().unwrap_or(TALLEST).min(TALLEST);
    let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": height, "scale": 1});
    let how = json!({"format": "webp", "quality": 60, "captureBeyondViewport": true, "clip": clip});
    let taken = window.command("Page.captureScreenshot", how).await;
    base64::engine::general_purpose::STANDARD.decode(taken["data"].as_str().expect("its data")).expect("base64")
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder for the pictures"));
    let pages: Vec<String> = arguments.collect();
    std::fs::create_dir_all(&folder).expect("a folder");
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&[]);
    let link = server.printed(|line| line.strip_prefix("sign in: ").map(str::to_owned));
    let site = format!("http://localhost:{}", server.address.port());
    let body = async move |window: Window| {
        window.open(&link).await;
        window.see("//h1").await;
        for (screen, width) in SCREENS {
            for theme in ["light", "dark"] {
                window.look_as(width, theme).await;
                for page in &pages {
                    window.open(&format!("{site}/app/{page}")).await;
                    window.see("//h1").await;
                    let name = page.split('?').next().unwrap_or_default().replace('/', "-");
                    let path = folder.join(format!("{name}-{screen}-{theme}.webp"));
                    std::fs::write(path, picture(&window).await).expect("a picture");
                }
            }
        }
    };
    Window::run(&home.path("chromium"), body);
}
