//! Recipients: `KEY@DOMAIN`, `NAME+KEY@DOMAIN`, `KEY+IDENTITY@DOMAIN`.

use domain::directory::key_digits;

/// The integration that an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// The digits of its key.
    pub(crate) digits: String,
    /// What the problem is called, if the address says it.
    pub(crate) identity: Option<String>,
}

/// The integration that the part before the `@` names: the first part between plus signs that has the form of a key.
pub(crate) fn named(local: &str) -> Option<Named> {
    let parts: Vec<&str> = local.split('+').collect();
    let (place, digits) = parts.iter().enumerate().find_map(|(place, part)| Some((place, key_digits(part)?)))?;
    let identity = parts[place + 1..].join("+");
    Some(Named { digits, identity: (!identity.is_empty()).then_some(identity) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_found_between_a_name_and_an_identity() {
        let digits = "0123456789abcdef0123456789abcdef";
        let dashed = "01234567-89AB-cdef-0123-456789abcdef";
        let table = [
            (digits.to_owned(), Some(None)),
            (dashed.to_owned(), Some(None)),
            (format!("Nagios+{digits}"), Some(None)),
            (format!("{digits}+Disk+db-1"), Some(Some("Disk+db-1"))),
            (format!("nagios+{dashed}+{digits}"), Some(Some(digits))),
            (format!("{digits}+"), Some(None)),
            ("ana".to_owned(), None),
            (String::new(), None),
            ("+".to_owned(), None),
        ];
        for (local, expect) in table {
            let expect =
                expect.map(|identity| Named { digits: digits.to_owned(), identity: identity.map(str::to_owned) });
            assert_eq!(named(&local), expect, "{local}");
        }
    }
}
