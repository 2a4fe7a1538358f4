//! Lint: what a directory allows and nobody can want, such as levels without people and steps that never come.
//! What makes a directory impossible is not here but a fault of its definition.

mod levels;
mod people;
mod teams;
mod turns;

#[cfg(test)]
mod tests;

use crate::Instant;
use crate::directory::{Component, Directory, EscalationPolicy, Fault, Ladder};
use crate::ids::Username;
use crate::place::Place;
use std::collections::HashSet;
use turns::Turns;

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// Everything about `directory` that somebody should look at, as it stands at `now` (on-call §2, lint). It counts a
/// contact as usable where it is verified and this server has a carrier for it, as the directory says.
pub fn lint(directory: &Directory, now: Instant) -> Vec<Fault> {
    lint_by(directory, Turns::of(directory, now, None), now)
}

/// The same without when nobody is on call, for whoever looks for that by themselves.
pub fn lint_beside_gaps(directory: &Directory, now: Instant) -> Vec<Fault> {
    let mut lint = Lint { directory, turns: Turns::of(directory, now, None), now, warnings: Vec::new() };
    let levels = lint.levels_of_policies();
    people::warn(&mut lint, &levels);
    levels::warn_beside_gaps(&mut lint, &levels);
    lint.fallback(&levels);
    lint.unused_routines();
    lint.warnings
}

/// The same of a directory before a change and after it, which takes little longer than of one of them.
pub fn lint_both(before: &Directory, after: &Directory, now: Instant) -> [Vec<Fault>; 2] {
    let turns_before = Turns::of(before, now, None);
    let turns_after = Turns::of(after, now, Some((before, &turns_before)));
    [lint_by(before, turns_before, now), lint_by(after, turns_after, now)]
}

fn lint_by(directory: &Directory, turns: Turns<'_>, now: Instant) -> Vec<Fault> {
    let mut lint = Lint { directory, turns, now, warnings: Vec::new() };
    let levels = lint.levels_of_policies();
    people::warn(&mut lint, &levels);
    levels::warn(&mut lint, &levels);
    lint.fallback(&levels);
    lint.nothing_behind();
    teams::warn(&mut lint);
    lint.unused_routines();
    lint.warnings
}

struct Lint<'a> {
    directory: &'a Directory,
    turns: Turns<'a>,
    now: Instant,
    warnings: Vec<Fault>,
}

/// A level of a named policy, with everybody who can be on it.
struct LevelPeople<'a> {
    policy: &'a EscalationPolicy,
    /// From 1.
    number: u32,
    minutes: u32,
    /// Its users, and all who are on call by its routines within `limits::ON_CALL_DAYS`.
    people: Vec<Username>,
}

impl LevelPeople<'_> {
    /// Whether somebody who can be on it can be reached.
    fn is_reachable(&self, directory: &Directory) -> bool {
        self.people.iter().any(|user| !directory.channels_of(user).is_empty())
    }

    /// Its place in the policy.
    fn place(&self) -> Place {
        Place::item("levels", usize::try_from(self.number).unwrap_or(usize::MAX).saturating_sub(1))
    }
}

impl<'a> Lint<'a> {
    fn warn<T: Component>(&mut self, component: &T, place: impl Into<Place>, problem: String) {
        let name = component.name().to_owned();
        self.warnings.push(Fault { kind: Some(T::KIND), name, place: place.into(), problem });
    }

    /// The end of a period of at most so many days, within what can be asked of `ladder`.
    fn horizon(&self, ladder: Ladder<'_>, days: i64) -> Instant {
        self.now.plus_micros(days.min(ladder.schedule_days()) * DAY_MICROS)
    }

    fn levels_of_policies(&self) -> Vec<LevelPeople<'a>> {
        let mut levels = Vec::new();
        for entry in self.directory.policies.iter() {
            let policy = &entry.component;
            for (number, level) in (1..).zip(&policy.levels) {
                let turns = level.routines.iter().flat_map(|routine| self.turns.of_routine(routine));
                let on_call = turns.flat_map(|interval| &interval.on_call);
                let mut people: Vec<&Username> = level.users.iter().chain(on_call).collect();
                people.sort_unstable();
                people.dedup();
                let people = people.into_iter().cloned().collect();
                levels.push(LevelPeople { policy, number, minutes: level.minutes, people });
            }
        }
        levels
    }

    fn fallback(&mut self, levels: &[LevelPeople<'_>]) {
        let Some(fallback) = &self.directory.fallback_policy else { return };
        let mut of_it = levels.iter().filter(|level| level.policy.name == *fallback);
        if of_it.any(|level| level.is_reachable(self.directory)) {
            return;
        }
        let problem = format!("nobody on `{fallback}` can be reached, so there is nothing to fall back to");
        let (kind, name) = (None, self.directory.name.clone());
        self.warnings.push(Fault { kind, name, place: "fallback_policy".into(), problem });
    }

    /// Warns where there is no fallback and policies have one level: whoever is on it is all there is.
    fn nothing_behind(&mut self) {
        if self.directory.fallback_policy.is_some() {
            return;
        }
        let policies = self.directory.policies.iter().map(|entry| &entry.component);
        let short: Vec<_> = policies.filter(|policy| policy.levels.len() == 1).map(|policy| &policy.name).collect();
        let [first, others @ ..] = short.as_slice() else { return };
        let which = match others.len() {
            0 => format!("`{first}` has one level"),
            more => format!("`{first}` and {more} more have one level"),
        };
        let problem =
            format!("is not said, and {which}: if nobody there answers or can be reached, nobody else is asked");
        let (kind, name) = (None, self.directory.name.clone());
        self.warnings.push(Fault { kind, name, place: "fallback_policy".into(), problem });
    }

    fn unused_routines(&mut self) {
        let directory = self.directory;
        let levels = directory.policies.iter().flat_map(|entry| &entry.component.levels);
        let named: HashSet<&String> = levels.flat_map(|level| &level.routines).collect();
        for entry in directory.routines.iter() {
            if !named.contains(&entry.component.name) {
                self.warn(
                    &entry.component,
                    "name",
                    "no level of a policy names it, so nobody is paged by it".to_owned(),
                );
            }
        }
    }
}
