//! What pages of the console load: the style sheet, the icon and one script, each under a path that changes when it does,
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
    content: &'static str,
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
);

static STYLE: LazyLock<Asset> = LazyLock::new(|| Asset::new(("style", "css"), "text/css; charset=utf-8", SHEET));

static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(("icon", "svg"), "image/svg+xml", include_str!("../../templates/console/icon.svg")));

static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../../templates/console/script/passkey.js");
    Asset::new(("passkey", "js"), "text/javascript; charset=utf-8", content)
});

static CONSOLE_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(("console", "js"), "text/javascript; charset=utf-8", CONSOLE));

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

/// Where the icon is.
pub(super) fn icon() -> &'static str {
    &ICON.path
}

/// What is at this path.
pub(super) fn at(path: &str) -> Option<&'static Asset> {
    [&*STYLE, &*ICON, &*SCRIPT, &*CONSOLE_SCRIPT].into_iter().find(|asset| asset.path == path)
}

impl Asset {
    fn new((name, ending): (&str, &str), kind: &'static str, content: &'static str) -> Self {
        let digest = Sha256::digest(content.as_bytes());
        let digest: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let path = format!("/app/{name}-{digest}.{ending}");
        Self { path, kind, content, packed: gzip(content.as_bytes(), Compression::best()) }
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
