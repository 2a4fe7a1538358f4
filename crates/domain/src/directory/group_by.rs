//! By what an integration's alerts are grouped into incidents (intake §2.2).

use crate::limits;
use serde::{Deserialize, Serialize};

/// By what alerts are grouped, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupBy {
    /// `title`, `title_without_digits`, `severity`, `service`, `integration`, `tag:NAME`, `label:NAME`, or a JSON pointer into the alert's part of the
    /// body. Alerts with the same of all of them belong together.
    pub fields: Vec<String>,
    /// Minutes for which a group takes further alerts, 1 to 1440; as long as its incident is unresolved where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// From which of its alerts these minutes count.
    #[serde(default, skip_serializing_if = "Window::is_default")]
    pub window: Window,
    /// When an acknowledged incident asks again because its group goes on; never where nothing is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reping_after: Option<Reping>,
}

/// After what an acknowledged incident asks again though somebody acts, whichever comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reping {
    /// So many further alerts since the acknowledgement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alerts: Option<u32>,
    /// An alert so many minutes after the first one since the acknowledgement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
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
            let known = ["title", "title_without_digits", "severity", "service", "integration"];
            named || field.starts_with('/') || known.contains(&field.as_str())
        };
        let unknown = self.fields.iter().filter(|field| !is_known(field));
        faults.extend(unknown.map(|field| {
            format!(
                "unknown field `{field}`; known are title, title_without_digits, severity, service, integration, tag:NAME, \
                 label:NAME, and JSON pointers such as `/labels/team`"
            )
        }));
        if self.minutes.is_some_and(|minutes| !(1..=limits::GROUP_MINUTES_MOST).contains(&minutes)) {
            faults.push(format!("minutes must be from 1 to {}", limits::GROUP_MINUTES_MOST));
        }
        if let Some(Reping { alerts, minutes }) = self.reping_after {
            if alerts.is_none() && minutes.is_none() {
                faults.push("reping_after must say alerts, minutes or both".to_owned());
            }
            if alerts.is_some_and(|alerts| !(1..=limits::GROUP_ALERTS).contains(&alerts)) {
                faults.push(format!("reping_after.alerts must be from 1 to {}", limits::GROUP_ALERTS));
            }
            if minutes.is_some_and(|minutes| !(1..=limits::GROUP_MINUTES_MOST).contains(&minutes)) {
                faults.push(format!("reping_after.minutes must be from 1 to {}", limits::GROUP_MINUTES_MOST));
            }
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
        assert_eq!(
            by(&["title", "label:team", "tag:x", "/a", "severity", "service", "integration"]).faults(),
            Vec::<String>::new()
        );
        for fields in [&[][..], &["labels"], &["tag:"]] {
            assert_eq!(by(fields).faults().len(), 1, "{fields:?}");
        }
        assert_eq!(GroupBy { minutes: Some(1_441), ..by(&["title"]) }.faults().len(), 1);
        let reping = |alerts, minutes| {
            GroupBy { reping_after: Some(Reping { alerts, minutes }), ..by(&["title"]) }.faults().len()
        };
        assert_eq!([reping(Some(1), None), reping(None, Some(1_440)), reping(Some(1_000), Some(1))], [0; 3]);
        assert_eq!(
            [reping(None, None), reping(Some(0), None), reping(Some(1_001), Some(1)), reping(None, Some(0))],
            [1; 4]
        );
    }
}
