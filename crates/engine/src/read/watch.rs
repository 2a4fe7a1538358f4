//! Watching an organization: hearing what changes in it, on whichever node.

use crate::changes::{Changed, Changes, Stamp, Watch, Watched};
use crate::desk::Batch;
use crate::engine::Engine;
use crate::failure::Failure;
use domain::OrganizationId;
use std::collections::BTreeSet;
use store::{Dialect, Pulse, PulseState};

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
            self.changes().open().entry(organization).or_insert_with(|| Watched::new(seen, now));
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
        let renew = move |batch: &mut Batch<'_>| {
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
                        Pulse::Intake => changed.intake = true,
                    }
                }
            }
            Ok(Some((PulseState { last: last.max(state.last), ..state }, changed)))
        })
        .await
    }
}
