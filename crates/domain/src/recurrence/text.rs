//! Walls, exdates and rules as they stand in a component: read where they can be, kept as text where not, so that every
//! mistake can be told with its place.

use super::rule::{Rule, RuleFault};
use crate::routine::{Form, Written};
use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

impl Form for DateTime {
    const PHRASE: &'static str = "a time of the zone's own clock of the form YYYY-MM-DDTHH:MM:SS";

    fn read(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(['T', ' '])?;
        Some(Self::from_parts(Date::read(date)?, Time::read(time)?))
    }

    fn write(self) -> String {
        self.strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }
}

/// What is left out of a recurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exdate {
    /// All that would start on a day of the zone.
    Day(Date),
    /// What would start at a time of the zone's wall clock.
    Start(DateTime),
}

impl Exdate {
    pub(super) fn excludes(self, wall: DateTime) -> bool {
        match self {
            Self::Day(day) => day == wall.date(),
            Self::Start(start) => start == wall,
        }
    }
}

impl Form for Exdate {
    const PHRASE: &'static str =
        "a day of the form YYYY-MM-DD or a time of the zone's own clock of the form YYYY-MM-DDTHH:MM:SS";

    fn read(text: &str) -> Option<Self> {
        Date::read(text).map(Self::Day).or_else(|| DateTime::read(text).map(Self::Start))
    }

    fn write(self) -> String {
        match self {
            Self::Day(day) => day.write(),
            Self::Start(start) => start.write(),
        }
    }
}

/// A rule that is written as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenRule {
    /// What the text says.
    Read(Rule),
    /// The text, and why it is no rule. `Recurring::faults` names it, and nothing recurs by it.
    Unreadable(String, RuleFault),
}

impl WrittenRule {
    /// Reads a text.
    pub fn new(text: &str) -> Self {
        text.parse().map_or_else(|fault| Self::Unreadable(text.to_owned(), fault), Self::Read)
    }

    /// What it says; `None` where it cannot be read.
    pub fn get(&self) -> Option<&Rule> {
        match self {
            Self::Read(rule) => Some(rule),
            Self::Unreadable(..) => None,
        }
    }

    /// What is wrong with it.
    pub fn fault(&self) -> Option<String> {
        match self {
            Self::Read(_) => None,
            Self::Unreadable(_, fault) => Some(fault.to_string()),
        }
    }
}

impl<'de> Deserialize<'de> for WrittenRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&String::deserialize(deserializer)?))
    }
}

impl Serialize for WrittenRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Read(rule) => serializer.collect_str(rule),
            Self::Unreadable(text, _) => serializer.serialize_str(text),
        }
    }
}

/// The readable ones of a list.
pub(super) fn readable<T: Form>(list: &[Written<T>]) -> Vec<T> {
    list.iter().filter_map(Written::get).collect()
}
