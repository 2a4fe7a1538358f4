//! Keeping what somebody changed, so that responders see it beside incidents. It pages nobody.

use super::{SAME_BODY, Taking};
use crate::failure::Undo;
use domain::RefId;
use domain::intake::{ChangeEvent, ChangeSaid, Received, State};

impl Taking<'_, '_> {
    /// The change event that this is a repetition of.
    pub(super) fn same_change(&mut self, received: &Received, digest: &str) -> Result<Option<RefId>, Undo> {
        if received.state != State::Changed {
            return Ok(None);
        }
        let after = self.now.plus_micros(-SAME_BODY);
        Ok(store::change_event_same(self.batch.tx, self.intake.organization, digest, after)?)
    }

    pub(super) fn keep_change(&mut self, id: &RefId, received: &Received, digest: &str) -> Result<(), Undo> {
        let name = self.integration.service.as_deref();
        let service = name.and_then(|name| self.snapshot.directory.services.named(name));
        let event = ChangeEvent {
            id: id.clone(),
            integration: self.intake.integration.clone(),
            service: service.map(|entry| entry.ref_id.clone()),
            occurred_at: received.occurred_at.unwrap_or(self.now),
            received_at: self.now,
            said: ChangeSaid::from(received),
        };
        Ok(store::change_event_insert(self.batch.tx, self.intake.organization, digest, &event)?)
    }
}
