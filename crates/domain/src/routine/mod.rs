//! Routines: who is on call, worked out from layers, exceptions and swaps by the rules of the zone (on-call §2).

mod check;
mod compare;
mod past;
mod resolve;
mod shift;
mod size;
mod swap;
mod tally;
mod written;

pub use compare::{Change, Gap, changes, gaps, unite};
pub use past::Former;
pub use resolve::{on_call, resolve, schedule};
pub use tally::{Tally, tallies, tally};
pub use written::{Form, ShiftLength, Written};

use crate::{Instant, Username};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Who is on call, and when: layers of rotations in one zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routine {
    /// Its name.
    pub name: String,
    /// Name of the team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// IANA name of the zone in which its days and hours are meant.
    pub timezone: String,
    /// Its layers; their order has no effect.
    #[serde(default, deserialize_with = "numbered")]
    pub routine_layers: Vec<Layer>,
    /// Swaps that are part of it. Others are made while it runs and are given when it is resolved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub swaps: Vec<Swap>,
    /// What it was, the latest last; kept when it is changed, and said by nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<Former>,
}

/// One layer of a routine; it is written with every key, as existing clients read it (on-call §2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Its number, which has no effect; its place, from 1, where none is given.
    #[serde(default)]
    pub layer: u32,
    /// Its name.
    #[serde(default)]
    pub layer_name: String,
    /// First day, and the day on which the first group's turn begins.
    pub valid_start: Written<Date>,
    /// Last day, exclusive; 9999-01-01 where none is given.
    #[serde(default = "forever")]
    pub valid_end: Written<Date>,
    /// Whether its shifts cut their own time out of those of all base layers.
    #[serde(default)]
    pub is_exception: bool,
    /// Wall time at which a shift begins; midnight where none is given.
    #[serde(default = "midnight")]
    pub rotation_start: Written<Time>,
    /// How long a shift lasts by the wall clock; 24:00 where none is given.
    #[serde(default = "whole_day")]
    pub shift_length: Written<ShiftLength>,
    /// Days that a group's turn lasts, at least 1.
    #[serde(default = "every_day")]
    pub rotation_frequency: u32,
    /// Days of the week on which no shift begins: 0 = Monday … 6 = Sunday.
    #[serde(default)]
    pub skip_days: Vec<u32>,
    /// The groups that take turns; an empty group is an intended gap.
    pub rotations: Vec<Vec<Username>>,
}

impl Layer {
    /// A layer from this day on that says nothing else: nobody is ever on call by it.
    pub fn starting(valid_start: Written<Date>) -> Self {
        Self {
            layer: 0,
            layer_name: String::new(),
            valid_start,
            valid_end: forever(),
            is_exception: false,
            rotation_start: midnight(),
            shift_length: whole_day(),
            rotation_frequency: every_day(),
            skip_days: Vec::new(),
            rotations: Vec::new(),
        }
    }
}

/// One person for another, or for nobody, in a stretch of time (on-call §2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    /// Who goes off duty.
    pub out: Username,
    /// Who takes their place; nobody where none is given.
    #[serde(rename = "in", default, skip_serializing_if = "Option::is_none")]
    pub in_: Option<Username>,
    /// From when.
    pub from: Written<Instant>,
    /// Until when, exclusive.
    pub until: Written<Instant>,
}

/// A stretch of time during which the same people are on call; in JSON as every schedule is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Interval {
    /// Its first instant.
    #[serde(serialize_with = "wire")]
    pub from: Instant,
    /// Its end, exclusive.
    #[serde(serialize_with = "wire")]
    pub until: Instant,
    /// Preferred usernames, sorted, each once.
    pub on_call: Vec<Username>,
}

/// Who is on call at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnCall {
    /// Preferred usernames, sorted, each once.
    pub users: Vec<Username>,
    /// The next instant at which these are other people; `None` when that is not within
    /// [`crate::limits::ON_CALL_DAYS`].
    pub until: Option<Instant>,
}

fn numbered<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Layer>, D::Error> {
    let mut layers = Vec::<Layer>::deserialize(deserializer)?;
    for (layer, place) in layers.iter_mut().zip(1..) {
        if layer.layer == 0 {
            layer.layer = place;
        }
    }
    Ok(layers)
}

fn wire<S: Serializer>(instant: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&instant.wire())
}

fn forever() -> Written<Date> {
    Written::Read(Date::constant(9999, 1, 1))
}

fn midnight() -> Written<Time> {
    Written::Read(Time::midnight())
}

fn whole_day() -> Written<ShiftLength> {
    Written::Read(ShiftLength::WHOLE_DAY)
}

fn every_day() -> u32 {
    1
}

#[cfg(test)]
mod tests;
