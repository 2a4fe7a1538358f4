//! Pages and what they load, packed for whoever can unpack it: a page of an incident is a fifth of its size then.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Pages that are smaller fit into one packet anyway.
const LEAST: usize = 1024;

/// Whether the browser unpacks gzip.
pub(super) fn unpacks(headers: &HeaderMap) -> bool {
    let taken = headers.get(header::ACCEPT_ENCODING).and_then(|taken| taken.to_str().ok()).unwrap_or_default();
    taken.split(',').any(|way| way.trim().split(';').next() == Some("gzip"))
}

/// The content, packed; nothing where that fails.
pub(super) fn gzip(content: &[u8], how: Compression) -> Option<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), how);
    packer.write_all(content).ok()?;
    packer.finish().ok()
}

/// The same answer, packed if it is a page.
pub(super) async fn packed(response: Response) -> Response {
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // A page is in memory whole.
    let Ok(page) = to_bytes(body, usize::MAX).await else { return Response::from_parts(parts, Body::empty()) };
    match gzip(&page, Compression::fast()).filter(|_| page.len() >= LEAST) {
        Some(packed) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Response::from_parts(parts, Body::from(packed))
        }
        None => Response::from_parts(parts, Body::from(page)),
    }
}
