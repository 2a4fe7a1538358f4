//! By what an integration's alerts are grouped into incidents (intake §2.2).

use crate::limits;
use serde::{Deserialize, Serialize};

/// By what alerts are grouped, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupBy {
    /// `title`, `title_without_digits`, `severity`, `tag:NAME`, `label:NAME`, or a JSON pointer into the alert's part of the
    /// body. Alerts with the same of all of them belong together.
    pub fields: Vec<String>,
    /// Minutes for which a group takes further alerts, 1 to 1440; as long as its incident is unresolved where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// From which of its alerts these minutes count.
    #[serde(default, skip_serializing_if = "Window::is_default")]
    pub window: Window,
}

/// From which alert of a group its minutes count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// From the last.
    #[default]
    Rolling,
    /// From the first.
    Fixed,
}

impl Window {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl GroupBy {
    /// What is wrong with it.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.fields.is_empty() || self.fields.len() > limits::GROUP_FIELDS {
            faults.push(format!("must name 1 to {} fields", limits::GROUP_FIELDS));
        }
        let is_known = |field: &String| {
            let named =
                ["tag:", "label:"].iter().any(|kind| field.strip_prefix(kind).is_some_and(|name| !name.is_empty()));
            named || field.starts_with('/') || ["title", "title_without_digits", "severity"].contains(&field.as_str())
        };
        let unknown = self.fields.iter().filter(|field| !is_known(field));
        faults.extend(unknown.map(|field| {
            format!(
                "unknown field `{field}`; known are title, title_without_digits, severity, tag:NAME, label:NAME, and JSON \
                 pointers such as `/labels/team`"
            )
        }));
        if self.minutes.is_some_and(|minutes| !(1..=limits::GROUP_MINUTES_MOST).contains(&minutes)) {
            faults.push(format!("minutes must be from 1 to {}", limits::GROUP_MINUTES_MOST));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(fields: &[&str]) -> GroupBy {
        GroupBy { fields: fields.iter().map(|field| (*field).to_owned()).collect(), ..GroupBy::default() }
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(by(&["title", "label:team", "tag:x", "/a", "severity"]).faults(), Vec::<String>::new());
        for fields in [&[][..], &["labels"], &["tag:"]] {
            assert_eq!(by(fields).faults().len(), 1, "{fields:?}");
        }
        assert_eq!(GroupBy { minutes: Some(1_441), ..by(&["title"]) }.faults().len(), 1);
    }
}
