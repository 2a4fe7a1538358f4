//! What changes while somebody looks: told after the commit to whoever watches an organization on this node, and on PostgreSQL
//! noted for the other nodes, as long as one of them watches. Where nobody watches, nothing is noted and nothing is asked.

use crate::engine::Engine;
use crate::failure::Failure;
use domain::{InstanceId, Instant, OrganizationId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::{Dialect, Error, Held, Pulse, PulseState, Tx};
use tokio::sync::broadcast;

/// Changes that wait for somebody who is slow to take them; who is slower than that has missed some, and is told.
const WAITING: usize = 256;
/// Microseconds for which an organization is watched after the store was told so.
const WATCHED: i64 = 30_000_000;
/// Microseconds after which the store is told so again.
const RENEWED: i64 = 10_000_000;
/// Microseconds for which it goes on after the last who looked went away: whoever turns a page comes back.
const LINGERS: i64 = 60_000_000;
/// Microseconds for which pulses are kept.
const KEPT: i64 = 120_000_000;
/// Pulses of other nodes that are read at a time.
const READ_AT_ONCE: u32 = 1000;

/// What changed in an organization at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Incidents that changed, or of which a message was sent, failed, or was confirmed.
    pub incidents: BTreeSet<InstanceId>,
    /// Whether messages of whatever incidents were sent, failed, or were confirmed.
    pub messages: bool,
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

#[derive(Debug)]
struct Watched {
    tell: broadcast::Sender<(Stamp, Changed)>,
    stamp: Stamp,
    seen: PulseState,
    renewed_at: i64,
    /// Numbers of pulses that this node noted itself and has told of.
    own: BTreeSet<i64>,
    /// When somebody was last seen to look.
    looked_at: i64,
}

impl Changes {
    fn open(&self) -> MutexGuard<'_, HashMap<OrganizationId, Watched>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_watched(&self, organization: OrganizationId) -> bool {
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
    fn stamp(&self, organization: OrganizationId) -> Option<Stamp> {
        self.open().get(&organization).map(|watched| watched.stamp)
    }
}

impl Watched {
    fn tell(&mut self, changed: Changed) {
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

    /// Notes for other nodes what changed in the organization that was held.
    pub(crate) fn finish(&mut self, tx: &mut dyn Tx, now: Instant) -> Result<(), Error> {
        let Some((organization, held)) = self.held.take().filter(|_| self.is_for_others) else { return Ok(()) };
        let Some(changed) = self.changed.get(&organization) else { return Ok(()) };
        let incidents = changed.incidents.iter().map(|id| Pulse::Incident(*id));
        let pulses: Vec<_> = incidents.chain(changed.messages.then_some(Pulse::Messages)).collect();
        let numbers = store::pulse_add(tx, organization, held.last_pulse, &pulses, now)?;
        self.own.insert(organization, numbers.collect());
        Ok(())
    }
}

impl Engine {
    /// Watches an organization: what changes in it from now on, on whichever node, is heard within a second. The beat looks for
    /// what other nodes changed, see [`Engine::look_for_changes`].
    ///
    /// # Errors
    /// As the store says.
    pub async fn watch(&self, organization: OrganizationId) -> Result<Watch, Failure> {
        if !self.changes().is_watched(organization) {
            self.renew_watch(organization).await?;
            let seen = self.pulse_state(organization).await?;
            let now = self.now().0;
            let stamp = Stamp { began: self.now().0, changes: 0 };
            let fresh = || {
                let (tell, own) = (broadcast::channel(WAITING).0, BTreeSet::new());
                Watched { tell, stamp, seen, renewed_at: now, own, looked_at: now }
            };
            self.changes().open().entry(organization).or_insert_with(fresh);
            // The beat sleeps for less from now on.
            self.wake();
        }
        let mut open = self.changes().open();
        let watched = open.get_mut(&organization);
        let watched = watched.ok_or_else(|| Failure::Broken("what is watched was forgotten at once".to_owned()))?;
        watched.looked_at = self.now().0;
        Ok(Watch { changes: watched.tell.subscribe(), stamp: watched.stamp })
    }

    /// How a page of the organization stands that is made from now on; nothing where nobody watches, so that it is not known
    /// what changes.
    #[must_use]
    pub fn stamp(&self, organization: OrganizationId) -> Option<Stamp> {
        self.changes().stamp(organization)
    }

    /// Whether anybody watches any organization on this node.
    #[must_use]
    pub fn is_watching(&self) -> bool {
        !self.changes().open().is_empty()
    }

    /// Looks for what other nodes and other programs changed in organizations that are watched, and ends watching where nobody
    /// looks any more; to be called some times a second.
    ///
    /// # Errors
    /// As the store says; what was not seen is seen the next time.
    pub async fn look_for_changes(&self) -> Result<(), Failure> {
        let now = self.now().0;
        let mut due = Vec::new();
        self.changes().open().retain(|organization, watched| {
            if watched.tell.receiver_count() > 0 {
                watched.looked_at = now;
            }
            let goes_on = now - watched.looked_at <= LINGERS;
            if goes_on {
                let own = std::mem::take(&mut watched.own);
                due.push((*organization, watched.seen, own, now - watched.renewed_at > RENEWED));
            }
            goes_on
        });
        for (organization, seen, own, is_to_renew) in due {
            if is_to_renew {
                self.renew_watch(organization).await?;
            }
            let changed = self.changes_since(organization, seen, own).await?;
            if let Some(watched) = self.changes().open().get_mut(&organization) {
                if is_to_renew {
                    watched.renewed_at = now;
                }
                if let Some((seen, changed)) = changed {
                    watched.seen = seen;
                    if changed != Changed::default() {
                        watched.tell(changed);
                    }
                }
            }
        }
        Ok(())
    }

    fn changes(&self) -> &Changes {
        &self.0.shared.changes
    }

    async fn renew_watch(&self, organization: OrganizationId) -> Result<(), Failure> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        let renew = move |batch: &mut crate::desk::Batch<'_>| {
            let now = batch.now();
            let (until, since) = (now.plus_micros(WATCHED), now.plus_micros(-KEPT));
            Ok(store::pulse_watch(batch.tx, organization, until, since)?)
        };
        self.desk().submit_own(organization, renew).await
    }

    async fn pulse_state(&self, organization: OrganizationId) -> Result<PulseState, Failure> {
        self.read(move |tx, _| Ok(store::pulse_state(tx, organization)?.unwrap_or_default())).await
    }

    async fn changes_since(
        &self,
        organization: OrganizationId,
        seen: PulseState,
        own: BTreeSet<i64>,
    ) -> Result<Option<(PulseState, Changed)>, Failure> {
        self.read(move |tx, _| {
            let state = store::pulse_state(tx, organization)?.unwrap_or_default();
            if state == seen {
                return Ok(None);
            }
            let mut changed = Changed { directory: state.version != seen.version, ..Changed::default() };
            let mut last = seen.last;
            while last < state.last {
                let pulses = store::pulse_list(tx, organization, last, READ_AT_ONCE)?;
                let Some((newest, _)) = pulses.last() else { break };
                last = *newest;
                for (_, pulse) in pulses.into_iter().filter(|(number, _)| !own.contains(number)) {
                    match pulse {
                        Pulse::Incident(id) => drop(changed.incidents.insert(id)),
                        Pulse::Messages => changed.messages = true,
                    }
                }
            }
            Ok(Some((PulseState { last: last.max(state.last), ..state }, changed)))
        })
        .await
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
        Self { messages: self.messages || other.messages, directory: self.directory || other.directory, ..self }
    }
}
