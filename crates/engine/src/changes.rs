//! What changes while somebody looks: told after the commit to whoever watches an organization on this node, and on PostgreSQL
//! noted for the other nodes, as long as one of them watches. Where nobody watches, nothing is noted and nothing is asked.

use domain::{InstanceId, Instant, OrganizationId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::{Error, Held, Pulse, PulseState, Tx};
use tokio::sync::broadcast;

/// Changes that wait for somebody who is slow to take them; who is slower than that has missed some, and is told.
const WAITING: usize = 256;

/// What changed in an organization at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Incidents that changed, or of which a message was sent, failed, or was confirmed.
    pub incidents: BTreeSet<InstanceId>,
    /// Whether messages of whatever incidents were sent, failed, or were confirmed.
    pub messages: bool,
    /// Whether something came from a monitoring tool or a job.
    pub intake: bool,
    /// Whether the directory changed.
    pub directory: bool,
}

/// By what it is known whether somebody has seen all changes: the same stamp again says that there was none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When watching began, microseconds since 1970 UTC; each node's own.
    pub began: i64,
    /// How often something changed since.
    pub changes: u64,
}

/// What somebody who watches an organization holds.
#[derive(Debug)]
pub struct Watch {
    /// What changes from now on.
    pub changes: broadcast::Receiver<(Stamp, Changed)>,
    /// What was there before.
    pub stamp: Stamp,
}

/// What this node watches.
#[derive(Debug, Default)]
pub(crate) struct Changes(Mutex<HashMap<OrganizationId, Watched>>);

/// An organization that is watched.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) tell: broadcast::Sender<(Stamp, Changed)>,
    pub(crate) stamp: Stamp,
    /// What the store said last.
    pub(crate) seen: PulseState,
    /// When the store was told last that it is watched.
    pub(crate) renewed_at: i64,
    /// Numbers of pulses that this node noted itself and has told of.
    pub(crate) own: BTreeSet<i64>,
    /// When somebody was last seen to look.
    pub(crate) looked_at: i64,
}

impl Changes {
    /// What is watched, by organization.
    pub(crate) fn open(&self) -> MutexGuard<'_, HashMap<OrganizationId, Watched>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody here watches it.
    pub(crate) fn is_watched(&self, organization: OrganizationId) -> bool {
        self.open().contains_key(&organization)
    }

    /// Tells what a transaction of this node changed, once it is committed.
    pub(crate) fn tell(&self, noted: Noted) {
        if noted.changed.is_empty() {
            return;
        }
        let mut watched = self.open();
        for (organization, changed) in noted.changed {
            if let Some(watched) = watched.get_mut(&organization) {
                watched.own.extend(noted.own.get(&organization).into_iter().flatten());
                watched.tell(changed);
            }
        }
    }

    /// How somebody's page stands that is made from now on.
    pub(crate) fn stamp(&self, organization: OrganizationId) -> Option<Stamp> {
        self.open().get(&organization).map(|watched| watched.stamp)
    }
}

impl Watched {
    /// Beginning at `now`, with what the store says then.
    pub(crate) fn new(seen: PulseState, now: i64) -> Self {
        let (tell, own, stamp) = (broadcast::channel(WAITING).0, BTreeSet::new(), Stamp { began: now, changes: 0 });
        Self { tell, stamp, seen, renewed_at: now, own, looked_at: now }
    }

    /// Tells whoever listens.
    pub(crate) fn tell(&mut self, changed: Changed) {
        self.stamp.changes += 1;
        // Nobody may be there to hear it, who could still come back.
        let _ = self.tell.send((self.stamp, changed));
    }
}

/// What one transaction changed in organizations that somebody watches.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    changed: BTreeMap<OrganizationId, Changed>,
    /// The organization that is held now, where anybody watches it.
    held: Option<(OrganizationId, Held)>,
    is_for_others: bool,
    /// Numbers of the pulses that were noted for others.
    own: BTreeMap<OrganizationId, Vec<i64>>,
}

impl Noted {
    /// An organization is held from now on.
    pub(crate) fn begin(&mut self, organization: OrganizationId, held: Held, now: Instant, changes: &Changes) {
        self.is_for_others = held.watched_until > now;
        let is_watched = self.is_for_others || changes.is_watched(organization);
        self.held = is_watched.then_some((organization, held));
    }

    fn of(&mut self, organization: OrganizationId) -> Option<&mut Changed> {
        let (held, _) = self.held.as_ref()?;
        (*held == organization).then(|| self.changed.entry(organization).or_default())
    }

    /// An incident changed.
    pub(crate) fn incident(&mut self, organization: OrganizationId, id: InstanceId) {
        if let Some(changed) = self.of(organization) {
            changed.incidents.insert(id);
        }
    }

    /// Messages of some incidents changed.
    pub(crate) fn messages(&mut self, organization: OrganizationId) {
        if let Some(changed) = self.of(organization) {
            changed.messages = true;
        }
    }

    /// Something came from a monitoring tool or a job.
    pub(crate) fn intake(&mut self, organization: OrganizationId) {
        if let Some(changed) = self.of(organization) {
            changed.intake = true;
        }
    }

    /// Notes for other nodes what changed in the organization that was held.
    pub(crate) fn finish(&mut self, tx: &mut dyn Tx, now: Instant) -> Result<(), Error> {
        let Some((organization, held)) = self.held.take().filter(|_| self.is_for_others) else { return Ok(()) };
        let Some(changed) = self.changed.get(&organization) else { return Ok(()) };
        let incidents = changed.incidents.iter().map(|id| Pulse::Incident(*id));
        let messages = changed.messages.then_some(Pulse::Messages);
        let pulses: Vec<_> = incidents.chain(messages).chain(changed.intake.then_some(Pulse::Intake)).collect();
        let numbers = store::pulse_add(tx, organization, held.last_pulse, &pulses, now)?;
        self.own.insert(organization, numbers.collect());
        Ok(())
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.began, self.changes)
    }
}

impl Changed {
    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.incidents.extend(other.incidents);
        self.messages |= other.messages;
        self.intake |= other.intake;
        self.directory |= other.directory;
        self
    }
}
