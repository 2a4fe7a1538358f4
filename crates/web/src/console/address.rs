//! Addresses of pages: names in paths and what a link asks for, percent-encoded.

use form_urlencoded::{Serializer, byte_serialize, parse};

/// A part of a path as it was meant.
pub(in crate::console) fn decoded(segment: &str) -> String {
    // A plus sign in a path is one; in a query it would be a space.
    let query = format!("part={}", segment.replace('+', "%2B").replace('&', "%26"));
    parse(query.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The address of what has this name below `path`; by its id where browsers would take the name for a way up.
pub(in crate::console) fn of(path: &str, name: &str, ref_id: &str) -> String {
    let part = if name.chars().all(|letter| letter == '.') { ref_id } else { name };
    format!("{path}/{}", encoded(part))
}

/// The path with these pairs as its query; those that say nothing are left out.
pub(in crate::console) fn asking(path: &str, pairs: &[(&str, &str)]) -> String {
    let said: Vec<_> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
    if said.is_empty() {
        return path.to_owned();
    }
    format!("{path}?{}", Serializer::new(String::new()).extend_pairs(said).finish())
}

/// The address with more in its query, which is encoded already.
pub(in crate::console) fn joining(address: &str, query: &str) -> String {
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{query}")
}

/// The address with one pair more in its query.
pub(in crate::console) fn adding(address: &str, name: &str, value: &str) -> String {
    joining(address, &Serializer::new(String::new()).append_pair(name, value).finish())
}

fn encoded(part: &str) -> String {
    byte_serialize(part.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back_from_the_path_as_it_was() {
        for name in ["payments", "a/b", "50% + 1 & more", "نوبة الليل", "…", "<b>", "a?b#c"] {
            let address = of("/app/routines", name, "id");
            let part = address.strip_prefix("/app/routines/").unwrap();
            assert!(!part.contains(['/', '?', '#', '&', ' ', '<']), "{part}");
            assert_eq!(decoded(part), name);
        }
        assert_eq!(of("/app/routines", "..", "kR2"), "/app/routines/kR2");
    }

    #[test]
    fn a_link_asks_for_what_says_something() {
        assert_eq!(asking("/app/on-call", &[("at", ""), ("q", "")]), "/app/on-call");
        assert_eq!(
            asking("/app/on-call", &[("at", "2026-11-29T18:00"), ("q", "a&b")]),
            "/app/on-call?at=2026-11-29T18%3A00&q=a%26b"
        );
        assert_eq!(adding("/r", "swap", "a~b"), "/r?swap=a%7Eb");
        assert_eq!(adding("/r?days=1", "swap", "a b"), "/r?days=1&swap=a+b");
    }
}
