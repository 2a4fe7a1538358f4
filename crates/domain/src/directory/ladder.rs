//! An escalation policy as the engine climbs it: how high it is, how long a level waits, who is on it at an instant.

use super::{Directory, EscalationPolicy, User, WhenExhausted};
use crate::ids::Username;
use crate::{Instant, limits};

/// An escalation policy as the engine climbs it: a named one, or a user's own (on-call §1).
#[derive(Clone, Copy, Debug)]
pub enum Ladder<'a> {
    /// A named policy.
    Named(&'a EscalationPolicy, &'a Directory),
    /// The one-level policy of a user.
    Own(&'a User),
}

impl<'a> Ladder<'a> {
    /// How many levels it has.
    pub fn height(self) -> u32 {
        match self {
            Self::Named(policy, _) => u32::try_from(policy.levels.len()).unwrap_or(u32::MAX),
            Self::Own(_) => 1,
        }
    }

    /// Minutes of `level`, counted from 1; `None` above the last.
    pub fn minutes(self, level: u32) -> Option<u32> {
        match self {
            Self::Named(policy, _) => policy.levels.get(place(level)?).map(|level| level.minutes),
            Self::Own(_) => (level == 1).then_some(limits::OWN_POLICY_MINUTES),
        }
    }

    /// Who is on `level`, counted from 1, at `at`: its users, then whoever is on call by its routines, each once.
    pub fn users(self, level: u32, at: Instant) -> Vec<Username> {
        let (mut everyone, routines) = self.parts(level);
        let Self::Named(_, directory) = self else { return everyone };
        for user in routines.iter().flat_map(|routine| directory.on_call_at(routine, at)) {
            if !everyone.contains(&user) {
                everyone.push(user);
            }
        }
        everyone
    }

    /// The users of `level`, counted from 1, and the names of its routines.
    pub(super) fn parts(self, level: u32) -> (Vec<Username>, &'a [String]) {
        match self {
            Self::Named(policy, _) => {
                let level = place(level).and_then(|place| policy.levels.get(place));
                level.map(|level| (level.users.clone(), level.routines.as_slice())).unwrap_or_default()
            }
            Self::Own(user) if level == 1 => (vec![user.username.clone()], &[]),
            Self::Own(_) => (Vec::new(), &[]),
        }
    }

    /// What happens after its last level.
    pub fn when_exhausted(self) -> WhenExhausted {
        match self {
            Self::Named(policy, _) => policy.when_exhausted,
            Self::Own(_) => WhenExhausted::RepeatLast,
        }
    }
}

fn place(level: u32) -> Option<usize> {
    usize::try_from(level).ok()?.checked_sub(1)
}
