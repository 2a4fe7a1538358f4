//! Several schedules side by side: united, compared, and where nobody is on call.

use super::{Interval, wire};
use crate::{Instant, Username};
use serde::Serialize;

/// A stretch of time during which nobody is on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Its first instant.
    #[serde(serialize_with = "wire")]
    pub from: Instant,
    /// Its end, exclusive.
    #[serde(serialize_with = "wire")]
    pub until: Instant,
}

/// A stretch of time during which two schedules name different people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its first instant.
    #[serde(serialize_with = "wire")]
    pub from: Instant,
    /// Its end, exclusive.
    #[serde(serialize_with = "wire")]
    pub until: Instant,
    /// Whom the first schedule names.
    pub before: Vec<Username>,
    /// Whom the second schedule names.
    pub after: Vec<Username>,
}

/// Everybody of several schedules of one period, in the form of a single one.
pub fn unite(schedules: &[Vec<Interval>]) -> Vec<Interval> {
    let mut united: Vec<Interval> = Vec::new();
    for (from, until, named) in stretches(schedules) {
        let mut on_call: Vec<Username> = named.into_iter().flatten().cloned().collect();
        on_call.sort_unstable();
        on_call.dedup();
        match united.last_mut() {
            Some(last) if last.until == from && last.on_call == on_call => last.until = until,
            _ if on_call.is_empty() => {}
            _ => united.push(Interval { from, until, on_call }),
        }
    }
    united
}

/// Where two schedules of one period differ: in order, neighbours that differ in the same way merged.
pub fn changes(before: Vec<Interval>, after: Vec<Interval>) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for (from, until, named) in stretches(&[before, after]) {
        if named[0] == named[1] {
            continue;
        }
        match changes.last_mut() {
            Some(last) if last.until == from && last.before == named[0] && last.after == named[1] => last.until = until,
            _ => changes.push(Change { from, until, before: named[0].to_vec(), after: named[1].to_vec() }),
        }
    }
    changes
}

/// The stretches of `from` to `until`, which is exclusive, that a schedule of it leaves open.
pub fn gaps(schedule: &[Interval], from: Instant, until: Instant) -> Vec<Gap> {
    let ends = std::iter::once(from).chain(schedule.iter().map(|interval| interval.until));
    let begins = schedule.iter().map(|interval| interval.from).chain([until]);
    ends.zip(begins).filter(|(from, until)| from < until).map(|(from, until)| Gap { from, until }).collect()
}

/// The time that schedules cover, cut wherever one of them changes, with the people whom each of them names there.
fn stretches(schedules: &[Vec<Interval>]) -> Vec<(Instant, Instant, Vec<&[Username]>)> {
    let mut edges: Vec<_> = schedules.iter().flatten().flat_map(|interval| [interval.from, interval.until]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut coming: Vec<_> = schedules.iter().map(|schedule| schedule.iter().peekable()).collect();
    let mut stretches = Vec::with_capacity(edges.len());
    for pair in edges.windows(2) {
        let (from, until) = (pair[0], pair[1]);
        let named = coming.iter_mut().map(|schedule| {
            while schedule.next_if(|interval| interval.until <= from).is_some() {}
            let running = schedule.peek().filter(|interval| interval.from <= from);
            running.map_or(&[][..], |interval| &interval.on_call)
        });
        stretches.push((from, until, named.collect()));
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `ab@2-5` is a and b from 2 until 5.
    fn schedule(text: &str) -> Vec<Interval> {
        let interval = |word: &str| {
            let (people, times) = word.split_once('@').expect("people@from-until");
            let (from, until) = times.split_once('-').expect("from-until");
            let at = |text: &str| Instant(text.parse().expect("a number"));
            let on_call = people.chars().map(|name| Username(name.to_string())).collect();
            Interval { from: at(from), until: at(until), on_call }
        };
        text.split_whitespace().map(interval).collect()
    }

    fn spelled(people: &[Username]) -> String {
        people.iter().map(Username::as_str).collect()
    }

    #[test]
    fn schedules_unite_and_neighbours_with_the_same_people_become_one() {
        let table = [
            (vec![], ""),
            (vec!["a@0-9"], "a@0-9"),
            (vec!["a@0-4", "b@2-6"], "a@0-2 ab@2-4 b@4-6"),
            (vec!["a@0-4", "b@6-8"], "a@0-4 b@6-8"),
            (vec!["a@0-9", "a@2-4 b@4-5"], "a@0-4 ab@4-5 a@5-9"),
            (vec!["a@0-2 b@2-4", "b@0-2 a@2-4"], "ab@0-4"),
            (vec!["b@0-3", "", "a@3-5", "a@5-7"], "b@0-3 a@3-7"),
        ];
        for (schedules, expect) in table {
            let schedules: Vec<_> = schedules.into_iter().map(schedule).collect();
            assert_eq!(unite(&schedules), schedule(expect), "{expect}");
        }
    }

    #[test]
    fn what_changes_is_told_with_both_sides_and_nothing_else() {
        let table = [
            ("a@0-9", "a@0-9", ""),
            ("a@0-9", "a@0-3 b@3-5 a@5-9", "3-5:a>b"),
            ("a@0-9", "", "0-9:a>"),
            ("", "a@0-3 b@3-5", "0-3:>a 3-5:>b"),
            ("a@0-2 b@2-4", "b@0-2 a@2-4", "0-2:a>b 2-4:b>a"),
            ("a@0-4 b@4-6", "c@0-6", "0-4:a>c 4-6:b>c"),
            ("a@0-4 a@5-6", "a@0-6", "4-5:>a"),
        ];
        for (before, after, expect) in table {
            let told: Vec<_> = changes(schedule(before), schedule(after))
                .iter()
                .map(|change| {
                    let (before, after) = (spelled(&change.before), spelled(&change.after));
                    format!("{}-{}:{before}>{after}", change.from.0, change.until.0)
                })
                .collect();
            assert_eq!(told.join(" "), expect, "{before} to {after}");
        }
    }

    #[test]
    fn gaps_are_what_a_schedule_leaves_open_of_its_period() {
        let table = [("", "0-9"), ("a@0-9", ""), ("a@1-8", "0-1 8-9"), ("a@0-3 b@3-5 a@7-9", "5-7")];
        for (covered, expect) in table {
            let gaps = gaps(&schedule(covered), Instant(0), Instant(9));
            let told: Vec<_> = gaps.iter().map(|gap| format!("{}-{}", gap.from.0, gap.until.0)).collect();
            assert_eq!(told.join(" "), expect, "{covered}");
        }
    }
}
