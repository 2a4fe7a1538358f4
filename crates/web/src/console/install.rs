//! What makes the console an app on a phone: the manifest, and the worker that shows pushes and keeps the last state. Both are
//! at fixed paths, where browsers look for newer ones by themselves.

use super::asset::{self, MANIFEST};
use super::page::of_kind;
use axum::response::Response;
use serde_json::json;
use std::sync::LazyLock;

/// Where the worker is: pages below are its own.
const WORKER: &str = "/app/sw.js";

static MANIFEST_TEXT: LazyLock<String> = LazyLock::new(|| {
    let [small, large, maskable] = asset::pictures();
    let icon = |src: &str, sizes: &str, purpose: &str| json!({"src": src, "sizes": sizes, "type": "image/png", "purpose": purpose});
    let shortcut = |name: &str, url: &str| json!({"name": name, "url": url});
    // The ground is that of the dark theme, so that nothing flashes in the night.
    let manifest = json!({
        "id": "/app/",
        "name": "Reveille",
        "short_name": "Reveille",
        "description": "Incidents and on-call",
        "start_url": "/app/now",
        "scope": "/app/",
        "display": "standalone",
        "background_color": "#171614",
        "theme_color": "#a8431c",
        "icons": [icon(small, "192x192", "any"), icon(large, "512x512", "any"), icon(maskable, "512x512", "maskable")],
        "shortcuts": [shortcut("Now", "/app/now"), shortcut("On call", "/app/on-call")],
    });
    manifest.to_string()
});

/// The worker of this release: what it keeps has its name by the release's own files.
static WORKER_TEXT: LazyLock<String> = LazyLock::new(|| {
    let [small, ..] = asset::pictures();
    let kept = [asset::style(), small, asset::icon(), asset::console_script()];
    let text = include_str!("../../templates/console/script/sw.js");
    let version = asset::digest(format!("{kept:?}{text}").as_bytes());
    text.replace("__VERSION__", &version).replace("__ASSETS__", &json!(kept).to_string())
});

/// What is at this path, if it is one of both.
pub(super) fn at(path: &str) -> Option<Response> {
    let (kind, text): (_, &'static str) = match path {
        MANIFEST => ("application/manifest+json", &MANIFEST_TEXT),
        WORKER => ("text/javascript; charset=utf-8", &WORKER_TEXT),
        _ => return None,
    };
    Some(of_kind(kind, text))
}

#[cfg(test)]
mod tests {
    use super::{MANIFEST, MANIFEST_TEXT, WORKER, WORKER_TEXT, asset, at};
    use serde_json::Value;

    #[test]
    fn the_manifest_names_pictures_that_are_there() {
        let manifest: Value = serde_json::from_str(&MANIFEST_TEXT).unwrap();
        let icons = manifest["icons"].as_array().unwrap();
        assert_eq!(icons.len(), 3);
        assert!(icons.iter().all(|icon| asset::at(icon["src"].as_str().unwrap()).is_some()), "{icons:?}");
        assert!(at(MANIFEST).is_some() && at(WORKER).is_some() && at("/app/now").is_none());
    }

    #[test]
    fn the_worker_is_small_and_keeps_what_is_there() {
        let text: &str = &WORKER_TEXT;
        assert!(!text.contains("__"), "a place was not filled in");
        let kept = text.split_once("ASSETS = ").unwrap().1.split_once(';').unwrap().0;
        let kept: Vec<String> = serde_json::from_str(kept).unwrap();
        assert!(kept.len() == 4 && kept.iter().all(|path| asset::at(path).is_some()), "{kept:?}");
        let source = include_str!("../../templates/console/script/sw.js");
        assert!(source.len() <= 4 * 1024, "{}", source.len());
    }
}
