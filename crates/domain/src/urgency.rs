//! How loud an incident is, 1 to 5.

use serde::{Deserialize, Serialize};

/// Urgency of an incident or alert; the number is its form on the wire and in the store (contract §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub enum Urgency {
    /// 1
    Minor,
    /// 2
    Low,
    /// 3
    Medium,
    /// 4, the default of a new incident
    High,
    /// 5
    Critical,
}

impl Urgency {
    /// All of them, from the quietest.
    pub const ALL: [Self; 5] = [Self::Minor, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The number on the wire, 1 to 5.
    pub fn number(self) -> i64 {
        match self {
            Self::Minor => 1,
            Self::Low => 2,
            Self::Medium => 3,
            Self::High => 4,
            Self::Critical => 5,
        }
    }

    /// The word a person reads.
    pub fn word(self) -> &'static str {
        match self {
            Self::Minor => "Minor",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        }
    }
}

impl TryFrom<i64> for Urgency {
    type Error = &'static str;

    fn try_from(number: i64) -> Result<Self, Self::Error> {
        match number {
            1 => Ok(Self::Minor),
            2 => Ok(Self::Low),
            3 => Ok(Self::Medium),
            4 => Ok(Self::High),
            5 => Ok(Self::Critical),
            _ => Err("must be a whole number from 1 to 5"),
        }
    }
}

impl From<Urgency> for i64 {
    fn from(urgency: Urgency) -> i64 {
        urgency.number()
    }
}
