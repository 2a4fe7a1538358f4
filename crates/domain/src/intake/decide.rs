//! What an alert means for the problem that it speaks of (intake §2.1).

use super::fate::{Fate, Judged};
use super::flaps::{FlapLimits, Flaps};
use super::received::{Received, State};
use crate::directory::{Integration, OnResolve};
use crate::ids::{InstanceId, RefId};
use crate::{Instant, Urgency, limits};
use serde::{Deserialize, Serialize};

/// What is known of a problem: what its sender said of it last, and what was made of that.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The incident that its alert is in, or was in last; `None` if it never had one.
    pub instance_id: Option<InstanceId>,
    /// Its alert in that incident.
    pub alert: Option<RefId>,
    /// The integration whose sender speaks of it.
    pub integration: RefId,
    /// Whether the sender calls it resolved, or somebody ended it here.
    pub is_over: bool,
    /// When somebody ended it here, while its sender was not known to call it resolved.
    pub ended_here_at: Option<Instant>,
    /// How loud the sender called it last.
    pub urgency: Urgency,
    /// The sender's own time of the state it is in, where it says one.
    pub said_at: Option<Instant>,
    /// When the sender was heard of it last.
    pub heard_at: Instant,
    /// Digest of the delivery that spoke of it last.
    pub delivery: String,
    /// The alert that spoke of it last.
    pub last_alert: RefId,
    /// When it came and went lately.
    pub flaps: Flaps,
    /// What waits to open an incident.
    pub waiting: Option<Box<Waiting>>,
    /// When it is to be looked at again: what waits opens, it counts as over if it was not heard of since, or has flapped long enough.
    pub due_at: Option<Instant>,
}

/// An alert that waits to open an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// The alert whose fate it will be.
    pub alert: RefId,
    /// Its fate while it waits: `held` or `maintenance`.
    pub fate: String,
    /// The maintenance window that kept it back last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// Until when its service lets it wait, in case that it is over by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Instant>,
    /// Whether it never opens one, however long it goes on.
    pub is_discarded: bool,
    /// What it says.
    pub received: Received,
}

/// How the incident of a problem stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// When it was resolved; `None` while it is not.
    pub resolved_at: Option<Instant>,
    /// Its urgency.
    pub urgency: Urgency,
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What is known of the problem.
    pub known: Option<&'a Problem>,
    /// How its incident stands, where it has one.
    pub standing: Option<Standing>,
    /// Whether the sender has a name for the problem; without one, every alert is another.
    pub is_named: bool,
    /// What the sender says.
    pub state: &'a State,
    /// How loud it calls it.
    pub urgency: Urgency,
    /// The sender's time of it.
    pub occurred_at: Option<Instant>,
    /// Whether that time is when the problem began, and not only when the sender spoke.
    pub tells_beginning: bool,
    /// Digest of the delivery.
    pub delivery: &'a str,
    /// The alert that the same delivery was, where it is known for certain that it came before.
    pub came_before: Option<&'a RefId>,
    /// For how long the same delivery is one that the sender repeats, microseconds.
    pub repeated_within: i64,
    /// From when on it is flapping.
    pub flapping: FlapLimits,
    /// The integration.
    pub integration: &'a Integration,
    /// The time.
    pub now: Instant,
}

/// What is to be done about an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes through routing, and opens an incident if no rule is against it.
    Open {
        /// The resolved incident of the same problem.
        after: Option<InstanceId>,
    },
    /// Its problem is open: what is known of it is refreshed.
    Join {
        /// The urgency to which its incident rises.
        rise: Option<Urgency>,
    },
    /// What waited to open an incident is over.
    Cease,
    /// Its problem is over.
    End,
    /// Its problem comes and goes: it is counted, and its incident stays as it is.
    Flap,
    /// Somebody acts on its incident.
    Acknowledge,
    /// Something is asked of its incident.
    Ask,
    /// It is the word of the heartbeat of this name, if there is one.
    Hear(String),
    /// Only its fate is kept. Where the state is known it still counts as heard.
    Keep(Judged),
}

impl Question<'_> {
    /// The verdict. Pure: the same question has the same answer.
    pub fn verdict(&self) -> Verdict {
        if !self.integration.enabled {
            return keep(Fate::Disabled, None, None);
        }
        if let Some(alert) = self.came_before {
            let incident = self.known.and_then(|known| known.instance_id);
            return keep(Fate::Repeated, Some(alert.as_str()), incident);
        }
        match self.state {
            State::Firing => self.settled(self.firing()),
            State::Resolved => self.settled(self.resolved()),
            State::Acknowledged { .. } => match self.open_incident() {
                Some(_) => Verdict::Acknowledge,
                None => self.nothing_open(),
            },
            State::Asked(_) => match self.open_incident() {
                Some(_) => Verdict::Ask,
                None => self.nothing_open(),
            },
            State::Noted => match self.open_incident() {
                Some(id) => keep(Fate::Noted, None, Some(id)),
                None => self.nothing_open(),
            },
            State::Alive(name) => Verdict::Hear(name.clone()),
            State::Changed => keep(Fate::Ignored, Some("informational"), None),
            State::Ignored(reason) => keep(Fate::Ignored, Some(reason), None),
            State::Unknown(missing) => keep(Fate::Unmappable, Some(missing), None),
        }
    }

    /// What comes and goes too often neither ends nor pages.
    fn settled(&self, verdict: Verdict) -> Verdict {
        let flaps = |known: &Problem| known.flaps.with_change(self.now, self.flapping).is_flapping;
        match &verdict {
            Verdict::End if self.known.is_some_and(flaps) => Verdict::Flap,
            Verdict::Join { .. } if self.known.is_some_and(|known| known.is_over && flaps(known)) => Verdict::Flap,
            _ => verdict,
        }
    }

    fn firing(&self) -> Verdict {
        let Some(known) = self.known else { return Verdict::Open { after: None } };
        if self.is_repeated(known) {
            return self.repeated(known);
        }
        if !self.is_named {
            return Verdict::Open { after: None };
        }
        let id = known.instance_id;
        // Word that it is over came before word that it began.
        if known.is_over && known.ended_here_at.is_none() && id.is_none() && self.is_as_old(known) {
            return keep(Fate::Ignored, Some("already_over"), None);
        }
        if self.is_before(known) {
            return keep(Fate::Stale, None, id);
        }
        match known.ended_here_at {
            Some(at) if !self.is_heard_again(known, at) => return keep(Fate::Noted, Some("ended_here"), id),
            _ => {}
        }
        if known.waiting.is_some() {
            return Verdict::Open { after: id };
        }
        match (self.standing, known.is_over) {
            (None, _) => Verdict::Open { after: None },
            (Some(Standing { resolved_at: None, urgency }), _) => {
                let rises = self.urgency > urgency && (known.is_over || self.urgency > known.urgency);
                Verdict::Join { rise: rises.then_some(self.urgency) }
            }
            (Some(Standing { resolved_at: Some(_), .. }), true) => Verdict::Open { after: id },
            (Some(Standing { resolved_at: Some(at), .. }), false) => {
                if self.is_heard_again(known, at) {
                    Verdict::Open { after: id }
                } else {
                    keep(Fate::Noted, Some("resolved_here"), id)
                }
            }
        }
    }

    fn resolved(&self) -> Verdict {
        let Some(known) = self.known else { return self.nothing_open() };
        let id = known.instance_id;
        let is_ended_here = known.ended_here_at.is_some();
        let is_told_before = known.is_over && !is_ended_here && self.occurred_at.is_some();
        if self.is_repeated(known) || (is_told_before && self.occurred_at == known.said_at) {
            return self.repeated(known);
        }
        if !is_ended_here && (known.is_over || (id.is_none() && known.waiting.is_none())) {
            return self.nothing_open();
        }
        if self.is_before(known) {
            return keep(Fate::Stale, None, id);
        }
        if known.waiting.is_some() || id.is_none() {
            return Verdict::Cease;
        }
        match self.integration.on_resolve {
            OnResolve::Ignore => keep(Fate::Ignored, Some("informational"), id),
            OnResolve::Resolve | OnResolve::Note => Verdict::End,
        }
    }

    /// The incident of the problem, while neither is over.
    fn open_incident(&self) -> Option<InstanceId> {
        let is_open = self.standing.is_some_and(|standing| standing.resolved_at.is_none());
        self.known.filter(|known| is_open && !known.is_over)?.instance_id
    }

    /// Whether the sender sends the same again because it did not see the answer. A body without a time may be word of
    /// something new after a while.
    fn is_repeated(&self, known: &Problem) -> bool {
        known.delivery == self.delivery && known.heard_at.plus_micros(self.repeated_within) > self.now
    }

    /// Whether what was ended here at this time, and what its sender goes on to report, is heard again: it began anew, which
    /// is another matter, or has gone on for so long that it is not over.
    fn is_heard_again(&self, known: &Problem, ended_at: Instant) -> bool {
        let times = self.occurred_at.filter(|_| self.tells_beginning);
        let began_anew = times.zip(known.said_at).is_some_and(|(new, old)| new > old);
        began_anew || ended_at.plus_minutes(self.integration.remind_minutes) <= self.now
    }

    fn is_before(&self, known: &Problem) -> bool {
        self.occurred_at.zip(known.said_at).is_some_and(|(new, old)| new < old)
    }

    fn is_as_old(&self, known: &Problem) -> bool {
        let recently = known.heard_at.plus_minutes(limits::EARLY_RESOLVE_MINUTES) > self.now;
        recently && self.occurred_at.zip(known.said_at).is_some_and(|(new, old)| new <= old)
    }

    fn repeated(&self, known: &Problem) -> Verdict {
        keep(Fate::Repeated, Some(known.last_alert.as_str()), known.instance_id)
    }

    fn nothing_open(&self) -> Verdict {
        keep(Fate::Ignored, Some("nothing_open"), None)
    }
}

fn keep(fate: Fate, because: Option<&str>, instance_id: Option<InstanceId>) -> Verdict {
    Verdict::Keep(Judged { fate, because: because.map(str::to_owned), instance_id })
}

#[cfg(test)]
mod tests;
