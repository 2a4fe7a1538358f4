//! Conditional routing: rules that are tried in order on each new alert; the first that fits is applied, alone.

mod check;
mod matching;

pub(crate) use check::{condition_faults, tag_fault};
pub use matching::{CompiledConditions, CompiledRule, CompiledTest, ConditionVerdict, RuleVerdict, Signal};
pub(crate) use matching::{compile_pattern, wall_seconds};

use crate::Urgency;
use serde::{Deserialize, Serialize};

/// A rule as it is written (contract §3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, shown on the TRIGGER event of incidents it was applied to.
    pub name: String,
    /// Name of the team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it is tried at all.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub enabled: bool,
    /// Zone of `days`, `from` and `until`; IANA name.
    #[serde(default = "utc", skip_serializing_if = "is_utc")]
    pub timezone: String,
    /// Days on which it holds; all where none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// Wall time from which it holds, `HH:MM`; given together with `until`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Wall time until which it holds, exclusive; may pass midnight and then belongs to the day it began on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// What must be so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// How many of the conditions must hold at least; all where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<usize>,
    /// What is done.
    pub actions: Actions,
}

fn yes() -> bool {
    true
}

fn is_yes(enabled: &bool) -> bool {
    *enabled
}

fn utc() -> String {
    "UTC".to_owned()
}

fn is_utc(zone: &str) -> bool {
    zone == "UTC"
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    /// 0
    Monday,
    /// 1
    Tuesday,
    /// 2
    Wednesday,
    /// 3
    Thursday,
    /// 4
    Friday,
    /// 5
    Saturday,
    /// 6
    Sunday,
}

impl Day {
    const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// The day with this number, 0 = Monday, counted round.
    fn numbered(number: u8) -> Self {
        Self::ALL[usize::from(number % 7)]
    }
}

/// One condition: a field and exactly one test of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// `title`, `description`, `urgency_level`, `service`, `integration`, `tags`, `dedup_key`,
    /// or a JSON pointer into the payload, such as `/labels/team`.
    pub field: String,
    /// The test.
    #[serde(flatten)]
    pub test: Test,
}

/// A test of one field. On `tags`, the text tests hold when they hold for any tag, the negated ones when for none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// The same text, number or truth value.
    Equals(serde_json::Value),
    /// Not the same; holds too where the field is absent.
    NotEquals(serde_json::Value),
    /// The text occurs in the field, whatever its case.
    Contains(String),
    /// The text does not occur; holds too where the field is absent.
    NotContains(String),
    /// A regular expression matches somewhere in the field (linear-time engine).
    Matches(String),
    /// A number at least this.
    Gte(f64),
    /// A number at most this.
    Lte(f64),
    /// The field is there, or is not.
    Exists(bool),
}

/// What a rule does; at least one. `suppress` stands alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actions {
    /// No incident is made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suppress: bool,
    /// Name of the service it is put on instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_service: Option<String>,
    /// Names of the policies it is assigned to instead of all that the alert named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_policies: Vec<String>,
    /// Urgency instead of the alert's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_urgency: Option<Urgency>,
    /// Tags to add.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add_tags: Vec<String>,
    /// Note to add.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_note: Option<String>,
    /// Name of the response set to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_response_set: Option<String>,
    /// Minutes after which the system resolves the incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_after_minutes: Option<u32>,
}

#[cfg(test)]
mod tests;
