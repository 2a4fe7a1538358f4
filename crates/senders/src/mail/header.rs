//! The headers of a mail as they stand, unfolded: what guards and rules look at, whatever else can be made of the mail.

/// Headers that are looked at.
const MOST: usize = 1_000;

/// Names in lower case, and values, in the order of the mail.
#[derive(Debug, Default)]
pub(super) struct Headers {
    pub(super) all: Vec<(String, String)>,
}

impl Headers {
    pub(super) fn of(raw: &[u8]) -> Self {
        let mut all: Vec<(String, String)> = Vec::new();
        for line in lines(raw) {
            let text = String::from_utf8_lossy(line);
            if line.first().is_some_and(|first| matches!(first, b' ' | b'\t')) {
                if let Some((_, value)) = all.last_mut() {
                    value.push(' ');
                    value.push_str(text.trim());
                }
                continue;
            }
            if all.len() == MOST {
                break;
            }
            if let Some((name, value)) = text.split_once(':') {
                all.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self { all }
    }

    /// The values of a header; `name` in lower case.
    pub(super) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.all.iter().filter(move |(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a header.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.all.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The first word of the first value of a header, in lower case: what stands before a parameter or a comment.
    pub(super) fn word(&self, name: &str) -> Option<String> {
        let value = self.first(name)?;
        let word = value.split([';', ' ', '\t', '(', ',']).next().unwrap_or_default();
        Some(word.to_ascii_lowercase())
    }
}

/// How many servers a mail passed, by their `Received`.
#[must_use]
pub fn hops(raw: &[u8]) -> usize {
    let name = b"received:";
    lines(raw).filter(|line| line.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))).count()
}

/// Whether a body begins as mails do: with a header.
#[must_use]
pub fn begins(raw: &[u8]) -> bool {
    let name = lines(raw)
        .next()
        .and_then(|line| line.split(|byte| *byte == b':').next().filter(|name| name.len() < line.len()));
    name.is_some_and(|name| !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-'))
}

/// The lines before the first empty one.
fn lines(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = raw.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.take_while(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_unfolded_and_end_with_the_first_empty_line() {
        let raw =
            b"Subject: a\r\n b\r\n\tc\r\nX-Level:5\nReceived: x\r\nRECEIVED: y\r\nno colon\r\n\r\nReceived: z\r\n";
        let headers = Headers::of(raw);
        assert_eq!((headers.first("subject"), headers.first("x-level")), (Some("a b c"), Some("5")));
        assert_eq!((headers.values("received").count(), hops(raw)), (2, 2));
        assert_eq!(
            Headers::of(b"Auto-Submitted: auto-replied (away)\n").word("auto-submitted").unwrap(),
            "auto-replied"
        );
    }
}
