//! Recipients: `KEY@DOMAIN`, `NAME+KEY@DOMAIN`, `KEY+IDENTITY@DOMAIN`, `ALIAS.ORGANIZATION@DOMAIN`.

use domain::directory::key_digits;

/// What an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// The integration.
    pub(crate) by: By,
    /// What the problem is called, if the address says it.
    pub(crate) identity: Option<String>,
}

/// How an address names its integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// By the digits of its key.
    Key(String),
    /// By its alias in an organization.
    Alias { alias: String, organization: String },
}

/// What the part before the `@` names: the first part between plus signs that has the form of a key is one; without any,
/// the first part is an alias.
pub(crate) fn named(local: &str) -> Option<Named> {
    let parts: Vec<&str> = local.split('+').collect();
    let key = parts.iter().enumerate().find_map(|(place, part)| Some((place, By::Key(key_digits(part)?))));
    let (place, by) = match key {
        Some(found) => found,
        None => {
            let (alias, organization) = parts.first()?.split_once('.')?;
            (0, By::Alias { alias: alias.to_lowercase(), organization: organization.to_owned() })
        }
    };
    let identity = parts[place + 1..].join("+");
    Some(Named { by, identity: (!identity.is_empty()).then_some(identity) })
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
            let by = By::Key(digits.to_owned());
            let expect = expect.map(|identity| Named { by, identity: identity.map(str::to_owned) });
            assert_eq!(named(&local), expect, "{local}");
        }
    }

    #[test]
    fn an_alias_is_that_of_an_organization() {
        let table = [("Disks.acme", None), ("disks.acme+db-1+x", Some("db-1+x")), ("disks.acme+", None)];
        for (local, identity) in table {
            let by = By::Alias { alias: "disks".to_owned(), organization: "acme".to_owned() };
            assert_eq!(named(local), Some(Named { by, identity: identity.map(str::to_owned) }), "{local}");
        }
    }
}
