//! Bodies that a sender has packed: unpacked, within the limit of what would be taken unpacked.

use super::Problem;
use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// The body as it was before it was packed, at most `limit` bytes. `Content-Encoding` is `gzip`, or there is none.
///
/// # Errors
/// The problem to answer with.
pub fn unpacked(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, Problem> {
    let Some(encoding) = headers.get(header::CONTENT_ENCODING) else { return Ok(body) };
    match encoding.to_str().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(body),
        "gzip" | "x-gzip" => {
            let mut unpacked = Vec::new();
            // One byte more shows that it is too much, however much it would become.
            let most = (limit as u64).saturating_add(1);
            let read = MultiGzDecoder::new(&body[..]).take(most).read_to_end(&mut unpacked);
            read.map_err(|error| Problem::not_packed(&error))?;
            if unpacked.len() > limit { Err(Problem::body_too_large(limit)) } else { Ok(unpacked.into()) }
        }
        _ => Err(Problem::unsupported_encoding()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    fn taken(encoding: &'static str, body: Vec<u8>) -> Result<Bytes, String> {
        let headers = HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static(encoding))]);
        unpacked(&headers, body.into(), 100).map_err(|problem| problem.code.word().to_owned())
    }

    #[test]
    fn a_body_is_unpacked_up_to_the_limit_and_never_further() {
        let (most, more, bomb) = (vec![b'x'; 100], vec![b'x'; 101], vec![b'x'; 50_000_000]);
        let two = [packed(b"one"), packed(b"two")].concat();
        let table = [
            ("gzip", packed(b"{}"), Ok(&b"{}"[..])),
            ("GZip", packed(b"{}"), Ok(b"{}")),
            ("x-gzip", two, Ok(b"onetwo")),
            ("identity", b"{}".to_vec(), Ok(b"{}")),
            ("gzip", packed(&most), Ok(&most)),
            ("gzip", packed(&more), Err("body_too_large")),
            ("gzip", packed(&bomb), Err("body_too_large")),
            ("gzip", b"{}".to_vec(), Err("malformed_json")),
            ("gzip", packed(b"{}")[..12].to_vec(), Err("malformed_json")),
            ("gzip", Vec::new(), Err("malformed_json")),
            ("br", b"{}".to_vec(), Err("unsupported_encoding")),
            ("gzip, gzip", packed(&packed(b"{}")), Err("unsupported_encoding")),
        ];
        for (encoding, body, expected) in table {
            let length = body.len();
            let expected = expected.map(Bytes::copy_from_slice).map_err(str::to_owned);
            assert_eq!(taken(encoding, body), expected, "{encoding}, {length} bytes");
        }
    }
}
