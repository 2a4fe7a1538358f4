//! What pages of the console load: the style sheet, icons and scripts, each under a path that changes when it does,
//! packed once.

use super::packing::{gzip, unpacks};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use flate2::Compression;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// Something that browsers may keep for ever.
pub(super) struct Asset {
    path: String,
    kind: &'static str,
    content: &'static [u8],
    packed: Option<Vec<u8>>,
}

/// The style sheet, by concern; later files go over earlier ones.
pub(super) const SHEET: &str = concat!(
    include_str!("../../templates/console/style/colour.css"),
    include_str!("../../templates/console/style/text.css"),
    include_str!("../../templates/console/style/head.css"),
    include_str!("../../templates/console/style/form.css"),
    include_str!("../../templates/console/style/table.css"),
    include_str!("../../templates/console/style/piece.css"),
    include_str!("../../templates/console/style/drawing.css"),
    include_str!("../../templates/console/style/on_call.css"),
    include_str!("../../templates/console/style/incident.css"),
    include_str!("../../templates/console/style/wall.css"),
    include_str!("../../templates/console/style/medium.css"),
);

/// The script of every page: what its package ships, then ours.
pub(super) const CONSOLE: &str = concat!(
    include_str!("../../vendor/htmx.min.js"),
    "\n",
    include_str!("../../vendor/hx-sse.min.js"),
    "\n",
    include_str!("../../templates/console/script/time.js"),
    include_str!("../../templates/console/script/live.js"),
    include_str!("../../templates/console/script/keys.js"),
    include_str!("../../templates/console/script/result.js"),
    include_str!("../../templates/console/script/copy.js"),
);

static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(("style", "css"), "text/css; charset=utf-8", SHEET.as_bytes()));

static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(("icon", "svg"), "image/svg+xml", include_bytes!("../../templates/console/icon.svg")));

/// The icon as pictures of one size each, as phones want it; of the last, any part near the edge may be cut off.
static PICTURES: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    let picture = |name, content| Asset::new((name, "png"), "image/png", content);
    [
        picture("icon-192", include_bytes!("../../templates/console/icon_192.png")),
        picture("icon-512", include_bytes!("../../templates/console/icon_512.png")),
        picture("icon-maskable", include_bytes!("../../templates/console/icon_maskable.png")),
    ]
});

static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_bytes!("../../templates/console/script/passkey.js");
    Asset::new(("passkey", "js"), "text/javascript; charset=utf-8", content)
});

static PUSH_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_bytes!("../../templates/console/script/push.js");
    Asset::new(("push", "js"), "text/javascript; charset=utf-8", content)
});

static CONSOLE_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(("console", "js"), "text/javascript; charset=utf-8", CONSOLE.as_bytes()));

/// Where the manifest is, which says how the console is installed as an app.
pub(super) const MANIFEST: &str = "/app/manifest.webmanifest";

/// Where the script of every page is.
pub(super) fn console_script() -> &'static str {
    &CONSOLE_SCRIPT.path
}

/// Where the style sheet is.
pub(super) fn style() -> &'static str {
    &STYLE.path
}

/// Where the script is that asks for passkeys.
pub(super) fn script() -> &'static str {
    &SCRIPT.path
}

/// Where the script is that turns push on.
pub(super) fn push_script() -> &'static str {
    &PUSH_SCRIPT.path
}

/// Where the pictures of the icon are: small, large, and for systems that cut it to their own shape.
pub(super) fn pictures() -> [&'static str; 3] {
    let [small, large, maskable] = &*PICTURES;
    [&small.path, &large.path, &maskable.path]
}

/// Where the icon is.
pub(super) fn icon() -> &'static str {
    &ICON.path
}

/// What is at this path.
pub(super) fn at(path: &str) -> Option<&'static Asset> {
    let files = [&*STYLE, &*ICON, &*SCRIPT, &*CONSOLE_SCRIPT, &*PUSH_SCRIPT];
    files.into_iter().chain(&*PICTURES).find(|asset| asset.path == path)
}

/// By what a file is told from an older one of its name.
pub(super) fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Asset {
    fn new((name, ending): (&str, &str), kind: &'static str, content: &'static [u8]) -> Self {
        let path = format!("/app/{name}-{}.{ending}", digest(content));
        Self { path, kind, content, packed: gzip(content, Compression::best()) }
    }

    /// The asset, packed for whoever can unpack it.
    pub(super) fn answer(&'static self, headers: &HeaderMap) -> Response {
        let packed = self.packed.as_ref().filter(|_| unpacks(headers));
        let body = packed.map_or_else(|| Body::from(self.content), |packed| Body::from(packed.as_slice()));
        let mut response = Response::new(body);
        let mut set = |name, value| drop(response.headers_mut().insert(name, HeaderValue::from_static(value)));
        set(header::CONTENT_TYPE, self.kind);
        set(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
        set(header::VARY, "accept-encoding");
        if packed.is_some() {
            set(header::CONTENT_ENCODING, "gzip");
        }
        response
    }
}

#[cfg(test)]
mod tests;
