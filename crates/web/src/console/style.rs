//! The style sheet of the console: one file, under a path that changes when it does, packed once.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::LazyLock;

const STYLE: &str = include_str!("../../templates/console/console.css");

/// Its path, which no other content ever has.
static PATH: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::digest(STYLE.as_bytes());
    let digest: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("/app/style-{digest}.css")
});

static PACKED: LazyLock<Option<Vec<u8>>> = LazyLock::new(|| {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(STYLE.as_bytes()).ok()?;
    packer.finish().ok()
});

/// Where the style sheet is.
pub(super) fn path() -> &'static str {
    &PATH
}

/// The style sheet, packed for whoever can unpack it.
pub(super) fn answer(headers: &HeaderMap) -> Response {
    let taken = headers.get(header::ACCEPT_ENCODING).and_then(|taken| taken.to_str().ok()).unwrap_or_default();
    let unpacks = taken.split(',').any(|way| way.trim().split(';').next() == Some("gzip"));
    let packed = PACKED.as_ref().filter(|_| unpacks);
    let mut response = Response::new(packed.map_or_else(|| Body::from(STYLE), |packed| Body::from(packed.as_slice())));
    let mut set = |name, value| drop(response.headers_mut().insert(name, HeaderValue::from_static(value)));
    set(header::CONTENT_TYPE, "text/css; charset=utf-8");
    set(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    set(header::VARY, "accept-encoding");
    if packed.is_some() {
        set(header::CONTENT_ENCODING, "gzip");
    }
    response
}
