//! The breakers of all destinations, as this node has found them; another node finds out for itself.

use domain::Instant;
use domain::directory::Directory;
use domain::notification::{Answer, Breaker, Channel, Gate};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What waits for the end of a pause has a fate that begins so.
pub(crate) const PAUSED: &str = "the destination keeps failing and is left alone";

/// Where a channel leads: the same for all who share it.
pub(crate) type Destination = (Channel, String);

/// Where a channel to this person leads.
pub(crate) fn destination(channel: Channel, username: &str, directory: &Directory) -> Option<Destination> {
    directory.user(username)?.contact_address(channel).map(|address| (channel, address))
}

/// How a destination stands that failed lately.
#[derive(Debug, Default)]
struct Fault {
    breaker: Breaker,
    /// What came back last.
    answer: String,
    /// Whether an incident said so at once, in this pause.
    is_told: bool,
}

/// Only destinations that failed and were not reached since are kept.
#[derive(Debug, Default)]
pub(crate) struct Breakers(Mutex<HashMap<Destination, Fault>>);

impl Breakers {
    /// Whether a destination may be sent to, and what came back from it last.
    pub(crate) fn gate(&self, destination: &Destination, now: Instant) -> (Gate, String) {
        let faults = self.faults();
        let fault = faults.get(destination);
        fault.map_or((Gate::Open, String::new()), |fault| (fault.breaker.gate(now), fault.answer.clone()))
    }

    /// Whether the destination failed when it was tried last.
    pub(crate) fn fails(&self, destination: &Destination) -> bool {
        self.faults().contains_key(destination)
    }

    /// Notes that a message that is to find out is on its way.
    pub(crate) fn probe(&self, destination: &Destination, now: Instant) {
        if let Some(fault) = self.faults().get_mut(destination) {
            fault.breaker = fault.breaker.probing(now);
        }
    }

    /// Notes what came back. Whether a pause begins.
    pub(crate) fn note(&self, destination: Destination, answer: Answer, text: &str, now: Instant) -> bool {
        let mut faults = self.faults();
        let before = faults.get(&destination).map(|fault| fault.breaker).unwrap_or_default();
        let after = before.after(answer, now);
        if after == Breaker::default() {
            faults.remove(&destination);
            return false;
        }
        let fault = faults.entry(destination).or_default();
        fault.breaker = after;
        text.clone_into(&mut fault.answer);
        let begins = after != before && matches!(after, Breaker::Paused { .. });
        if begins {
            fault.is_told = false;
        }
        begins
    }

    /// Whether no incident has said at once in this pause that the destination is left alone.
    pub(crate) fn is_untold(&self, destination: &Destination) -> bool {
        self.faults().get(destination).is_some_and(|fault| !fault.is_told)
    }

    /// Notes that one does.
    pub(crate) fn told(&self, destination: &Destination) {
        if let Some(fault) = self.faults().get_mut(destination) {
            fault.is_told = true;
        }
    }

    fn faults(&self) -> MutexGuard<'_, HashMap<Destination, Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: Answer = Answer::TemporaryFailure { retry_after_seconds: None };

    fn destination() -> Destination {
        (Channel::Email, "ana@example.org".to_owned())
    }

    #[test]
    fn a_pause_is_told_at_once_by_one_incident_and_again_when_the_next_one_begins() {
        let breakers = Breakers::default();
        let note = |at: i64| breakers.note(destination(), LATER, "451", Instant(at));
        assert_eq!([0; 5].map(note), [false, false, false, false, true]);
        assert!(breakers.is_untold(&destination()));
        breakers.told(&destination());
        assert!(!breakers.is_untold(&destination()));
        assert!(!note(5), "the pause has begun already");
        breakers.probe(&destination(), Instant(30_000_000));
        assert!(note(31_000_000), "and the next one is longer");
        assert!(breakers.is_untold(&destination()));
    }

    #[test]
    fn who_is_reached_is_forgotten_and_others_are_not_touched() {
        let breakers = Breakers::default();
        for _ in 0..5 {
            breakers.note(destination(), LATER, "451", Instant(0));
        }
        let other = (Channel::Email, "ben@example.org".to_owned());
        assert_eq!(breakers.gate(&other, Instant(0)), (Gate::Open, String::new()));
        assert_eq!(breakers.gate(&destination(), Instant(0)), (Gate::Shut(Instant(30_000_000)), "451".to_owned()));
        breakers.note(destination(), Answer::Delivered, "250", Instant(1));
        assert!(breakers.faults().is_empty());
    }
}
