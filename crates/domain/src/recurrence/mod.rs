//! What recurs by the wall clock of a zone: maintenance windows by a rule of RFC 5545 (intake §2.5), and times of cron
//! expressions (intake §2.6). Nothing here knows what the times are for.

mod check;
mod cron;
mod cron_field;
mod expansion;
mod occurrence;
mod read;
mod rule;
mod text;

pub use cron::Cron;
pub use occurrence::Occurrence;
pub use rule::{Rule, RuleFault};
pub use text::{Exdate, WrittenRule};

use crate::routine::Written;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// A stretch of time that comes once, or again and again by a rule.
///
/// It starts by the wall clock of its zone: a time that a gap swallows is the gap's end, one that comes twice is the
/// first. It ends when its minutes have elapsed. What is outside the rule is no occurrence, the first start neither:
/// where `starts` is a Monday and the rule says Tuesdays, the first occurrence is on the Tuesday after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recurring {
    /// Its first start, by the wall clock; a rule takes the time of day from it and, where it says none, the day.
    pub starts: Written<DateTime>,
    /// How long each occurrence lasts, 1 to [`crate::limits::WINDOW_MINUTES_MOST`].
    pub duration_minutes: u32,
    /// IANA name of the zone whose wall clock is meant.
    pub timezone: String,
    /// By which days it comes again; once where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rrule: Option<WrittenRule>,
    /// The occurrences that are left out; a rule's `COUNT` counts them all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exdates: Vec<Written<Exdate>>,
}

#[cfg(test)]
mod tests;
