//! Forms in parts between lines of a boundary, as browsers send files (RFC 7578), and as Uptime Kuma may be set to send.

use crate::form::fields;
use serde_json::Value;

/// The longest boundary (RFC 2046 §5.1.1).
const BOUNDARY_BYTES: usize = 70;

/// The body as a form, with what its JSON was repaired of and which files were left out; `None` if it is not written in parts.
/// The first line is the boundary, so that nothing else has to say which it is.
pub fn multipart(body: &[u8]) -> Option<(Value, Vec<String>)> {
    let body = body.trim_ascii_start();
    let end = body.iter().position(|byte| *byte == b'\n')?;
    let (boundary, rest) = (body[..end].trim_ascii_end(), &body[end + 1..]);
    if !boundary.starts_with(b"--") || !(1..=BOUNDARY_BYTES).contains(&(boundary.len() - 2)) {
        return None;
    }
    let mut pairs = Vec::new();
    let mut remarks = Vec::new();
    let parts = between(rest, &[b"\n", boundary].concat());
    if parts.is_empty() {
        return None;
    }
    for part in parts {
        let (head, text) = halves(part);
        let disposition = disposition(&String::from_utf8_lossy(head))?;
        match parameter(&disposition, "name") {
            Some(name) if parameter(&disposition, "filename").is_some() => {
                remarks.push(format!("the file in `{name}` was left out"));
            }
            Some(name) => pairs.push((name, String::from_utf8_lossy(text).into_owned())),
            None => {}
        }
    }
    let (value, repairs) = fields(pairs.into_iter());
    remarks.extend(repairs);
    Some((value, remarks))
}

/// What stands before each of the delimiters, of which the last is followed by two dashes.
fn between<'a>(body: &'a [u8], delimiter: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut seek = 0;
    while let Some(found) = find(&body[seek..], delimiter).map(|at| at + seek) {
        let after = &body[found + delimiter.len()..];
        if !after.starts_with(b"--") && !after.first().is_none_or(u8::is_ascii_whitespace) {
            // It only begins as the boundary does.
            seek = found + 1;
            continue;
        }
        let part = body.get(from..found).unwrap_or_default();
        parts.push(part.strip_suffix(b"\r").unwrap_or(part));
        let Some(line) = after.iter().position(|byte| *byte == b'\n').filter(|_| !after.starts_with(b"--")) else {
            break;
        };
        from = body.len() - after.len() + line + 1;
        // A part may be empty, so that the line of the boundary ends where the next begins.
        seek = from - 1;
    }
    parts
}

fn find(body: &[u8], wanted: &[u8]) -> Option<usize> {
    body.windows(wanted.len()).position(|window| window == wanted)
}

/// The headers of a part, and what it holds.
fn halves(part: &[u8]) -> (&[u8], &[u8]) {
    let ends = [&b"\r\n\r\n"[..], b"\n\n"].map(|end| find(part, end).map(|at| (at, at + end.len())));
    match ends.into_iter().flatten().min() {
        Some((head, text)) => (&part[..head], &part[text..]),
        None => (part, b""),
    }
}

/// What the headers of a part say of its place in a form; `None` if it has none.
fn disposition(head: &str) -> Option<String> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let (_, said) = lines.find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"))?;
    said.trim().to_ascii_lowercase().starts_with("form-data").then(|| said.to_owned())
}

/// The value of a parameter, without its quotation marks.
fn parameter(disposition: &str, wanted: &str) -> Option<String> {
    let mut rest = disposition;
    while let Some((_, after)) = rest.split_once(';') {
        let (name, value) = after.split_once('=')?;
        let is_wanted = name.trim().eq_ignore_ascii_case(wanted);
        let value = value.trim_start();
        let (held, beyond) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => value.split_at(value.find(';').unwrap_or(value.len())),
        };
        if is_wanted {
            return Some(held.trim().to_owned());
        }
        rest = beyond;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: &str) -> Option<Value> {
        multipart(body.as_bytes()).map(|(value, _)| value)
    }

    #[test]
    fn the_fields_of_a_form_in_parts_are_those_of_any_form() {
        let part = |name: &str, text: &str| {
            format!("--b7\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
        };
        let whole = |parts: &[String]| format!("{}--b7--\r\n", parts.concat());
        let table = [
            (whole(&[part("id", "7"), part("title", "Disk full")]), json!({"id": "7", "title": "Disk full"})),
            (whole(&[part("data", "{\"title\": \"x\"}"), part("more", "y")]), json!({"title": "x"})),
            (
                whole(&[part("text", "two\r\nlines --b7 and\r\n--b77\r\n")]),
                json!({"text": "two\r\nlines --b7 and\r\n--b77\r\n"}),
            ),
            (whole(&[part("a", ""), part("b", "")]), json!({"a": "", "b": ""})),
            (whole(&[part("a", "1")]).replace("\r\n", "\n"), json!({"a": "1"})),
            (
                whole(&[part("a", "1")])
                    .replace("Content-Disposition", "Content-Type: text/plain\r\ncontent-disposition"),
                json!({"a": "1"}),
            ),
            (whole(&[part("x;y", "1")]).replace("\"x;y\"", "x"), json!({"x": "1"})),
            (whole(&[part("x;y", "1")]), json!({"x;y": "1"})),
        ];
        for (body, expect) in table {
            assert_eq!(read(&body), Some(expect), "{body}");
        }
        let file = part("log", "\u{1}").replace("\"log\"", "\"log\"; filename=\"a.bin\"");
        let (value, remarks) = multipart(whole(&[file, part("id", "7")]).as_bytes()).expect("a form");
        assert_eq!((value, remarks), (json!({"id": "7"}), vec!["the file in `log` was left out".to_owned()]));
    }

    #[test]
    fn what_only_begins_with_dashes_is_no_form() {
        for body in [
            "",
            "--",
            "--\n",
            "-- \nx",
            "-----BEGIN MESSAGE-----\nHello\n-----END MESSAGE-----",
            "--b\r\n\r\nx\r\n--b--",
            "--b\nx\n--b\n--b--",
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
