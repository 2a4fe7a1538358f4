//! Who is on a level, how long it waits, and which levels there are: the ladder arithmetic of contract §3.

use super::{Incident, Target};
use crate::directory::{Directory, Ladder, WhenExhausted};
use crate::ids::{RefId, Username};
use crate::{Instant, limits};

/// An incident's targets, looked up in the directory, with whoever is on call at one instant.
pub(super) struct Ladders<'a> {
    rungs: Vec<(u32, Ladder<'a>)>,
    directory: &'a Directory,
    at: Instant,
}

impl<'a> Ladders<'a> {
    /// The ladders of the incident's targets. A policy that is gone counts as a ladder without levels.
    pub(super) fn of(incident: &Incident, directory: &'a Directory, at: Instant) -> Self {
        Self::of_targets(&incident.targets, directory, at)
    }

    pub(super) fn of_targets(targets: &[Target], directory: &'a Directory, at: Instant) -> Self {
        let known = |target: &Target| Some((target.joined_at_level, directory.ladder(&target.policy)?));
        Self { rungs: targets.iter().filter_map(known).collect(), directory, at }
    }

    /// The highest level that any target has; at least 1.
    pub(super) fn top(&self) -> u32 {
        let tops = self.rungs.iter().map(|(joined, ladder)| joined + ladder.height().max(1) - 1);
        tops.max().unwrap_or(1)
    }

    /// Whether the tallest ladders all say that the climb begins again after the last level.
    pub(super) fn restarts(&self) -> bool {
        let top = self.top();
        let tallest = |(joined, ladder): &&(u32, Ladder<'_>)| joined + ladder.height().max(1) - 1 == top;
        let mut said = self.rungs.iter().filter(tallest).map(|(_, ladder)| ladder.when_exhausted()).peekable();
        said.peek().is_some() && said.all(|when| when == WhenExhausted::Restart)
    }

    /// Minutes that `level` waits: the smallest of the targets' levels there.
    pub(super) fn minutes(&self, level: u32) -> u32 {
        let minutes = self.rungs.iter().filter_map(|rung| rung.1.minutes(own_level(rung, level)));
        minutes.min().unwrap_or(limits::OWN_POLICY_MINUTES)
    }

    /// Everyone on `level` who can be reached, each once. A target with fewer levels stays on its last.
    pub(super) fn people(&self, level: u32) -> Vec<Username> {
        let mut people: Vec<Username> = Vec::new();
        let everyone = self.rungs.iter().flat_map(|rung| rung.1.users(own_level(rung, level), self.at));
        for user in everyone {
            if !people.contains(&user) && !self.directory.channels_of(&user).is_empty() {
                people.push(user);
            }
        }
        people
    }

    /// The first of `levels` on which somebody can be reached, with the levels passed over before it.
    pub(super) fn first_with_people(&self, levels: impl Iterator<Item = u32>) -> Option<(u32, Vec<u32>)> {
        let mut passed_over = Vec::new();
        for level in levels {
            if !self.people(level).is_empty() {
                return Some((level, passed_over));
            }
            passed_over.push(level);
        }
        None
    }
}

fn own_level((joined, ladder): &(u32, Ladder<'_>), level: u32) -> u32 {
    (level + 1).saturating_sub(*joined).clamp(1, ladder.height().max(1))
}

/// Targets that begin at level 1, each policy once.
pub(super) fn targets_from_level_1(policies: &[RefId]) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    for policy in policies {
        if !targets.iter().any(|target| target.policy == *policy) {
            targets.push(Target { policy: policy.clone(), joined_at_level: 1 });
        }
    }
    targets
}
