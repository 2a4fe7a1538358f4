//! The oracle: minute by minute, and for each minute every layer and every day near it. Slow and obvious on purpose;
//! it shares nothing with the domain's resolution but the zones' offsets.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::plain::{Plain, PlainLayer};

/// Minutes of a day.
pub const DAY: i64 = 1440;

/// Who is on call in each minute of a period.
pub struct Oracle {
    from: i64,
    people: Vec<BTreeSet<String>>,
}

impl Oracle {
    /// Asks for every minute from `from` until `until`.
    pub fn ask(routine: &Plain, from: i64, until: i64) -> Self {
        let walls = Walls::read(&routine.zone, from - 2 * DAY, until + 2 * DAY);
        let people = (from..until).map(|minute| people_at(routine, &walls, minute)).collect();
        Self { from, people }
    }

    /// Who is on call in a minute of the period.
    pub fn at(&self, minute: i64) -> &BTreeSet<String> {
        &self.people[usize::try_from(minute - self.from).expect("a minute of the period")]
    }

    /// The first minute after `minute` with other people; `None` where none is in the period.
    pub fn change_after(&self, minute: i64) -> Option<i64> {
        let end = self.from + i64::try_from(self.people.len()).expect("few minutes");
        (minute + 1..end).find(|later| self.at(*later) != self.at(minute))
    }
}

/// What the wall clock of a zone shows, and what it has shown and will show around.
pub struct Walls {
    from: i64,
    /// The latest time that the clock has shown up to a minute.
    latest: Vec<i64>,
    /// The earliest time that the clock shows from a minute on.
    earliest: Vec<i64>,
}

impl Walls {
    /// Reads the clock for every minute from `from` until `until`.
    pub fn read(zone: &str, from: i64, until: i64) -> Self {
        let zone = TimeZone::get(zone).expect("a zone");
        let shown = |minute: i64| {
            let instant = Timestamp::from_second(minute * 60).expect("an instant");
            let offset = i64::from(zone.to_offset(instant).seconds());
            assert_eq!(offset % 60, 0, "the oracle knows whole minutes only");
            minute + offset / 60
        };
        let shown: Vec<i64> = (from..until).map(shown).collect();
        let mut latest = shown.clone();
        (1..latest.len()).for_each(|place| latest[place] = latest[place].max(latest[place - 1]));
        let mut earliest = shown;
        (1..earliest.len()).rev().for_each(|place| earliest[place - 1] = earliest[place - 1].min(earliest[place]));
        Self { from, latest, earliest }
    }

    /// Whether a stretch by the wall clock covers a minute: its begin has been shown or leapt over before, and its end,
    /// or a time before it, is still to be shown.
    fn covers(&self, minute: i64, begins: i64, ends: i64) -> bool {
        let place = usize::try_from(minute - self.from).expect("a minute that was read");
        let has_begun = self.latest[place] >= begins;
        let is_before_its_end = self.earliest[place] < ends || self.earliest[place + 1] <= ends;
        has_begun && is_before_its_end
    }
}

/// Who is on call in a minute that lies within what was read by two days on either side.
pub fn people_at(routine: &Plain, walls: &Walls, minute: i64) -> BTreeSet<String> {
    let today = minute.div_euclid(DAY);
    let (mut base, mut exceptions) = (BTreeSet::new(), None::<BTreeSet<String>>);
    for layer in &routine.layers {
        for day in today - 4..=today + 3 {
            let Some(group) = group_of(layer, day) else { continue };
            let begins = day * DAY + layer.start;
            if !walls.covers(minute, begins, begins + wall_length(layer)) {
                continue;
            }
            let united = if layer.is_exception { exceptions.get_or_insert_default() } else { &mut base };
            united.extend(group.iter().cloned());
        }
    }
    let on_duty = exceptions.unwrap_or(base);
    let mut in_for = BTreeMap::new();
    for swap in &routine.swaps {
        if swap.from <= minute && minute < swap.until {
            in_for.insert(swap.out.clone(), swap.into.clone());
        }
    }
    on_duty.iter().filter_map(|user| stand_in(&in_for, user)).collect()
}

/// The group whose shift begins on `day`.
fn group_of(layer: &PlainLayer, day: i64) -> Option<&Vec<String>> {
    // 1970-01-01 was a Thursday, 3.
    let weekday = (day + 3).rem_euclid(7);
    if day < layer.first_day || day >= layer.last_day || layer.skip_days.contains(&weekday) {
        return None;
    }
    let turn = (day - layer.first_day) / layer.frequency;
    let groups = i64::try_from(layer.groups.len()).expect("few groups");
    Some(&layer.groups[usize::try_from(turn % groups).expect("not negative")])
}

fn wall_length(layer: &PlainLayer) -> i64 {
    if layer.start == 0 && layer.length == DAY - 1 { DAY } else { layer.length }
}

/// Who does the duty of `user`: in a ring the next one, else whoever is at the end of the row.
fn stand_in(in_for: &BTreeMap<String, Option<String>>, user: &str) -> Option<String> {
    let Some(next) = in_for.get(user) else { return Some(user.to_owned()) };
    let next = next.as_ref()?;
    let mut walked = next.clone();
    for _ in 0..in_for.len() {
        if walked == user {
            return Some(next.clone());
        }
        match in_for.get(&walked) {
            None => return Some(walked),
            Some(onward) => walked = onward.clone()?,
        }
    }
    stand_in(in_for, next)
}
