//! What pages of the console are drawn and helped with: a style sheet, and one script. Each is at a path that changes when it
//! does, packed once.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::LazyLock;

/// A file that browsers keep.
pub(super) struct Asset {
    text: &'static str,
    kind: &'static str,
    /// Its path, which no other content ever has.
    path: String,
    packed: Option<Vec<u8>>,
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(include_str!("../../templates/console/console.css"), "text/css; charset=utf-8", ("style", "css"))
});
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(include_str!("../../templates/console/passkey.js"), "text/javascript; charset=utf-8", ("passkey", "js"))
});

/// Where the style sheet is.
pub(super) fn style() -> &'static str {
    &STYLE.path
}

/// Where the script is that asks for passkeys.
pub(super) fn script() -> &'static str {
    &SCRIPT.path
}

/// The file at this path.
pub(super) fn at(path: &str) -> Option<&'static Asset> {
    [&STYLE, &SCRIPT].into_iter().map(|asset| &**asset).find(|asset| asset.path == path)
}

impl Asset {
    fn new(text: &'static str, kind: &'static str, (name, ending): (&str, &str)) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        let digest: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let path = format!("/app/{name}-{digest}.{ending}");
        Self { text, kind, path, packed: packed(text) }
    }

    /// The file, packed for whoever can unpack it.
    pub(super) fn answer(&'static self, headers: &HeaderMap) -> Response {
        let taken = headers.get(header::ACCEPT_ENCODING).and_then(|taken| taken.to_str().ok()).unwrap_or_default();
        let unpacks = taken.split(',').any(|way| way.trim().split(';').next() == Some("gzip"));
        let packed = self.packed.as_ref().filter(|_| unpacks);
        let body = packed.map_or_else(|| Body::from(self.text), |packed| Body::from(packed.as_slice()));
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

fn packed(text: &str) -> Option<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(text.as_bytes()).ok()?;
    packer.finish().ok()
}
