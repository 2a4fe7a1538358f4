//! What a list of alerts is asked for: the words of `query` that are understood, and the page.

use super::refused::Refused;
use super::shown::urgency_of;
use domain::Urgency;
use engine::{ListedProblem, ProblemsOf, SortKey};

/// Bytes of a query.
const QUERY_BYTES: usize = 1_000;
/// Conditions of a query.
const CONDITIONS: usize = 20;
/// Alerts of a page, unless asked otherwise.
const LIMIT: usize = 20;
/// Alerts of a page, at most.
const LIMIT_MOST: usize = 100;
/// Where the last page may end.
const END_MOST: usize = 20_000;

/// All that must hold of an alert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Conditions(Vec<Condition>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Open,
    Closed,
    Alias(String),
    Tag(String),
    Priority(Urgency),
    /// In lower case; anywhere in the message, the alias, a tag or a detail.
    Word(String),
}

/// What is asked of a list.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) conditions: Conditions,
    pub(super) offset: usize,
    pub(super) limit: usize,
    pub(super) sort: Sort,
    pub(super) is_descending: bool,
}

/// By what alerts are put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    CreatedAt,
    HeardAt,
    Number,
    Alias,
    Message,
    Status,
    Acknowledged,
    Count,
    Owner,
    Priority,
    /// What is the same of all alerts.
    Same,
}

/// The fields of `sort`, as the original names them.
const SORTS: [(&str, Sort); 15] = [
    ("createdAt", Sort::CreatedAt),
    ("updatedAt", Sort::HeardAt),
    ("lastOccurredAt", Sort::HeardAt),
    ("tinyId", Sort::Number),
    ("alias", Sort::Alias),
    ("message", Sort::Message),
    ("status", Sort::Status),
    ("acknowledged", Sort::Acknowledged),
    ("isSeen", Sort::Acknowledged),
    ("count", Sort::Count),
    ("owner", Sort::Owner),
    ("priority", Sort::Priority),
    ("source", Sort::Same),
    ("integration.name", Sort::Same),
    ("integration.type", Sort::Same),
];

impl Sort {
    pub(super) fn key(self, listed: &ListedProblem) -> SortKey {
        let incident = &listed.incident;
        match self {
            Self::CreatedAt => SortKey::Number(listed.created_at.0),
            Self::HeardAt => SortKey::Number(listed.heard_at.0),
            Self::Number => SortKey::Number(incident.organization_instance_id),
            Self::Alias => SortKey::Text(listed.source.identity.clone().unwrap_or_default()),
            Self::Message => SortKey::Text(listed.title.clone()),
            Self::Status => SortKey::Text(if listed.is_closed() { "closed" } else { "open" }.to_owned()),
            Self::Acknowledged => SortKey::Number((incident.status == domain::incident::Status::Acknowledged).into()),
            Self::Count => SortKey::Number(incident.suppressed_count.into()),
            Self::Owner => SortKey::Text(incident.assignees.first().map(|user| user.0.clone()).unwrap_or_default()),
            // P1 is the loudest, and comes first where it goes up.
            Self::Priority => {
                let urgency = urgency_of(incident, &listed.alert, listed.urgency);
                SortKey::Number(-urgency.number())
            }
            Self::Same => SortKey::Number(0),
        }
    }
}

impl Listing {
    /// Reads the parameters of a request.
    pub(super) fn read(parameters: &[(String, String)]) -> Result<Self, Refused> {
        let given = |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let mut wrong = Vec::new();
        let mut number = |name: &str, usual: usize, least: usize, most: usize| {
            let Some(text) = given(name).filter(|text| !text.is_empty()) else { return usual };
            let number = text.parse().ok().filter(|number| (least..=most).contains(number));
            number.unwrap_or_else(|| {
                wrong.push((name.to_owned(), format!("must be a whole number from {least} to {most}")));
                usual
            })
        };
        let (offset, limit) = (number("offset", 0, 0, END_MOST), number("limit", LIMIT, 1, LIMIT_MOST));
        if offset + limit > END_MOST {
            wrong.push(("offset".to_owned(), format!("with `limit`, must be at most {END_MOST}")));
        }
        let sort = given("sort").unwrap_or("createdAt");
        let sort = SORTS.iter().find(|(name, _)| *name == sort).map(|(_, sort)| *sort).unwrap_or_else(|| {
            let known: Vec<_> = SORTS.iter().map(|(name, _)| *name).collect();
            wrong.push(("sort".to_owned(), format!("must be one of {}", known.join(", "))));
            Sort::CreatedAt
        });
        let is_descending = match given("order").unwrap_or("desc") {
            "desc" => true,
            "asc" => false,
            _ => {
                wrong.push(("order".to_owned(), "must be asc or desc".to_owned()));
                true
            }
        };
        let conditions = Conditions::read(given("query").unwrap_or_default()).unwrap_or_else(|fault| {
            wrong.push(("query".to_owned(), fault));
            Conditions::default()
        });
        let known = ["query", "offset", "limit", "sort", "order"];
        for (name, _) in parameters.iter().filter(|(name, _)| name.starts_with("searchIdentifier")) {
            wrong.push((name.clone(), format!("is not known here: there is only {}", known.join(", "))));
        }
        if !wrong.is_empty() {
            return Err(Refused::unprocessable(wrong));
        }
        Ok(Self { conditions, offset, limit, sort, is_descending })
    }
}

impl Conditions {
    /// Reads a query: `status:`, `alias:`, `tag:` and `priority:` with a value, and words; all must hold. `Err` says what is not
    /// understood.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        if text.len() > QUERY_BYTES {
            return Err(format!("must have at most {QUERY_BYTES} bytes"));
        }
        let mut conditions = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (field, after) = field_of(rest);
            let (value, is_quoted, after) = value_of(after)?;
            rest = after.trim_start();
            if field.is_none() && !is_quoted && value == "AND" {
                continue;
            }
            conditions.push(condition(field, value, is_quoted)?);
        }
        if conditions.len() > CONDITIONS {
            return Err(format!("must have at most {CONDITIONS} conditions"));
        }
        Ok(Self(conditions))
    }

    /// Which problems have to be looked at.
    pub(super) fn of(&self) -> ProblemsOf {
        if self.0.contains(&Condition::Open) { ProblemsOf::GoingOn } else { ProblemsOf::All }
    }

    /// Whether all of them hold.
    pub(super) fn hold(&self, listed: &ListedProblem) -> bool {
        self.0.iter().all(|condition| condition.holds(listed))
    }
}

impl Condition {
    fn holds(&self, listed: &ListedProblem) -> bool {
        let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
        match self {
            Self::Open => !listed.is_closed(),
            Self::Closed => listed.is_closed(),
            Self::Alias(alias) => listed.source.identity.as_deref() == Some(alias),
            Self::Tag(tag) => listed.incident.tags.iter().any(|known| same(known, tag)),
            Self::Priority(urgency) => urgency_of(&listed.incident, &listed.alert, listed.urgency) == *urgency,
            Self::Word(word) => {
                let texts = std::iter::once(&listed.title).chain(&listed.source.identity).chain(&listed.incident.tags);
                let mut texts = texts.chain(listed.source.labels.values());
                texts.any(|text| text.to_lowercase().contains(word))
            }
        }
    }
}

/// The name before a colon, and what comes after it, blanks left out.
fn field_of(text: &str) -> (Option<&str>, &str) {
    let end = text.find(|letter: char| letter.is_whitespace() || "\":".contains(letter)).unwrap_or(text.len());
    match text[end..].strip_prefix(':') {
        Some(rest) => (Some(&text[..end]), rest.trim_start()),
        None => (None, text),
    }
}

/// The first word, or what stands in quotation marks, and what comes after it.
fn value_of(text: &str) -> Result<(&str, bool, &str), String> {
    match text.strip_prefix('"') {
        Some(rest) => {
            let (value, after) = rest.split_once('"').ok_or("a quotation mark has no end")?;
            Ok((value, true, after))
        }
        None => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            Ok((&text[..end], false, &text[end..]))
        }
    }
}

fn condition(field: Option<&str>, value: &str, is_quoted: bool) -> Result<Condition, String> {
    let Some(field) = field else {
        let is_operator =
            ["OR", "NOT", "AND"].contains(&value) || value.chars().any(|letter| "<>=()*".contains(letter));
        return match value {
            _ if is_operator && !is_quoted => Err(format!("`{value}` is not understood; conditions are joined by AND")),
            "" => Err("\"\" is not understood".to_owned()),
            word => Ok(Condition::Word(word.to_lowercase())),
        };
    };
    let value_is = |known: &str| value.eq_ignore_ascii_case(known);
    match field.to_ascii_lowercase().as_str() {
        "status" if value_is("open") => Ok(Condition::Open),
        "status" if value_is("closed") => Ok(Condition::Closed),
        "status" => Err(format!("`status:{value}` is not understood; it is open or closed")),
        "alias" if !value.is_empty() => Ok(Condition::Alias(value.to_owned())),
        "tag" if !value.is_empty() => Ok(Condition::Tag(value.to_owned())),
        "priority" => {
            let all = [Urgency::Critical, Urgency::High, Urgency::Medium, Urgency::Low, Urgency::Minor];
            let place = ["P1", "P2", "P3", "P4", "P5"].into_iter().position(value_is);
            let urgency = place.map(|place| Condition::Priority(all[place]));
            urgency.ok_or_else(|| format!("`priority:{value}` is not understood; it is one of P1 to P5"))
        }
        "alias" | "tag" => Err(format!("`{field}:` has no value")),
        _ => Err(format!("`{field}:` is not understood; there are status, alias, tag, priority and words")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_conditions_that_must_all_hold() {
        let word = |word: &str| Condition::Word(word.to_owned());
        let table = [
            ("", vec![]),
            (" \t", vec![]),
            ("status:open", vec![Condition::Open]),
            ("Status: CLOSED", vec![Condition::Closed]),
            ("status:open AND tag:\"two words\"", vec![Condition::Open, Condition::Tag("two words".to_owned())]),
            ("priority:p1 disk", vec![Condition::Priority(Urgency::Critical), word("disk")]),
            (
                "alias:a/b-c Disk AND \"is FULL\"",
                vec![Condition::Alias("a/b-c".to_owned()), word("disk"), word("is full")],
            ),
            ("\"OR\" \"a:b\"", vec![word("or"), word("a:b")]),
        ];
        for (text, expected) in table {
            assert_eq!(Conditions::read(text), Ok(Conditions(expected)), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let table = [
            ("status:acked", "`status:acked`"),
            ("priority:P6", "`priority:P6`"),
            ("createdAt: x", "`createdAt:`"),
            ("tag:", "`tag:` has no value"),
            ("a OR b", "`OR`"),
            ("NOT a", "`NOT`"),
            ("(status:open)", "`(status:`"),
            ("count > 3", "`>`"),
            ("disk*", "`disk*`"),
            ("tag:\"a", "quotation mark"),
            ("\"\"", "\"\" is not"),
        ];
        for (text, named) in table {
            let fault = Conditions::read(text).expect_err(text);
            assert!(fault.contains(named), "{text}: {fault}");
        }
        assert!(Conditions::read(&"x ".repeat(501)).expect_err("too long").contains("1000 bytes"));
        assert!(Conditions::read(&"x ".repeat(21)).expect_err("too many").contains("20 conditions"));
    }
}
