//! What is wrong with a routine by itself; whether its people exist is judged with the directory.

use super::{Layer, Routine, Swap};
use crate::instant::zone_is_known;
use crate::limits;
use crate::place::Place;

impl Routine {
    /// What is wrong with the routine by itself: `(place, problem)`. A problem names its layer or swap from 1.
    pub fn faults(&self) -> Vec<(Place, String)> {
        let mut faults = Vec::new();
        if !zone_is_known(&self.timezone) {
            faults.push(("timezone".into(), format!("`{}` is not an IANA time zone", self.timezone)));
        }
        if self.routine_layers.len() > limits::LAYERS {
            faults.push(("routine_layers".into(), format!("at most {} layers", limits::LAYERS)));
        }
        for (item, layer) in self.routine_layers.iter().enumerate() {
            let place = Place::item("routine_layers", item);
            let told = |(key, problem)| (place.key(key), format!("layer {}: {problem}", item + 1));
            faults.extend(layer.faults().into_iter().map(told));
        }
        if self.swaps.len() > limits::SWAPS {
            faults.push(("swaps".into(), format!("at most {} swaps", limits::SWAPS)));
        }
        for (item, swap) in self.swaps.iter().enumerate() {
            let told = |(key, problem)| (Place::item("swaps", item).key(key), format!("swap {}: {problem}", item + 1));
            faults.extend(swap.faults().into_iter().map(told));
        }
        faults
    }
}

impl Layer {
    /// What is wrong with it: `(key, problem)`.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let mut fault =
            |key: &'static str, problem: Option<String>| faults.extend(problem.map(|problem| (key, problem)));
        let most = limits::NAME_CHARACTERS;
        let is_long = self.layer_name.chars().count() > most;
        fault("layer_name", is_long.then(|| format!("layer_name must have at most {most} characters")));
        fault("valid_start", self.valid_start.fault());
        fault("valid_end", self.valid_end.fault());
        if let (Some(start), Some(end)) = (self.valid_start.get(), self.valid_end.get())
            && end <= start
        {
            let problem = format!("valid_end {end} must be after valid_start {start}: it is the first day without");
            fault("valid_end", Some(problem));
        }
        fault("rotation_start", self.rotation_start.fault());
        fault("shift_length", self.shift_length.fault());
        let most = limits::ROTATION_DAYS_MOST;
        let is_frequent = (1..=most).contains(&self.rotation_frequency);
        fault(
            "rotation_frequency",
            (!is_frequent).then(|| format!("rotation_frequency must be from 1 to {most} days")),
        );
        let strange = self.skip_days.iter().find(|day| **day > 6);
        let problem = strange.map(|day| format!("`{day}` is not a day from 0, Monday, to 6, Sunday"));
        fault("skip_days", problem.or_else(|| (self.skip_days.len() > 7).then(|| "at most 7 days".to_owned())));
        fault("rotations", self.rotations_fault());
        faults
    }

    fn rotations_fault(&self) -> Option<String> {
        let (groups, people) = (limits::GROUPS, limits::GROUP_USERS);
        if self.rotations.is_empty() {
            return Some("rotations need at least one group, which may be empty".to_owned());
        }
        if self.rotations.len() > groups {
            return Some(format!("at most {groups} groups"));
        }
        let large = self.rotations.iter().position(|group| group.len() > people)?;
        Some(format!("group {} has more than {people} people", large + 1))
    }
}

impl Swap {
    /// What is wrong with it: `(key, problem)`.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        let mut fault =
            |key: &'static str, problem: Option<String>| faults.extend(problem.map(|problem| (key, problem)));
        let same = self.in_.as_ref() == Some(&self.out);
        fault("in", same.then(|| format!("`{}` cannot stand in for themselves", self.out)));
        fault("from", self.from.fault());
        fault("until", self.until.fault());
        if let (Some(from), Some(until)) = (self.from.get(), self.until.get()) {
            let problem = format!("until {} must be after from {}", until.wire(), from.wire());
            fault("until", (until <= from).then_some(problem));
        }
        faults
    }
}
