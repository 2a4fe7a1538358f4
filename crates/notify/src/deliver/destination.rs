//! Where messages lead, and how it stands with that: the same for all who share an address, on every node.

use domain::OrganizationId;
use domain::directory::Directory;
use domain::notification::{Answer, Breaker, Channel};
use engine::{Batch, Undo, digest};
use std::collections::HashMap;
use store::{BreakerRow, Destination};

/// What waits for the end of a pause has a fate that begins so.
pub(super) const PAUSED: &str = "the destination keeps failing and is left alone";

/// Where a channel to this person leads.
pub(super) fn destination(
    organization: OrganizationId,
    channel: Channel,
    username: &str,
    directory: &Directory,
) -> Option<Destination> {
    let user = directory.user(username)?;
    let (contact, devices) = (user.contact_address(channel), directory.devices_of(&user.username, channel));
    let address = match (contact, devices) {
        (Some(contact), []) => contact,
        (None, []) => return None,
        // All places together: who adds one may be tried again at once.
        (contact, devices) => {
            let ids = devices.iter().map(|device| device.id.as_str());
            std::iter::once(contact.as_deref().unwrap_or_default()).chain(ids).collect::<Vec<_>>().join("\n")
        }
    };
    Some(Destination { organization, channel, address_digest: digest(&format!("{}\n{address}", channel.word())) })
}

/// How destinations stand that failed when they were tried last, as one transaction has asked about them.
#[derive(Default)]
pub(super) struct Breakers(HashMap<Destination, Option<BreakerRow>>);

impl Breakers {
    /// How a destination stands; `None` if it did not fail.
    pub(super) fn of(&mut self, batch: &mut Batch<'_>, destination: &Destination) -> Result<Option<BreakerRow>, Undo> {
        if let Some(known) = self.0.get(destination) {
            return Ok(known.clone());
        }
        let found = store::breaker_load(batch.tx, destination)?;
        self.0.insert(destination.clone(), found.clone());
        Ok(found)
    }

    /// Changes how a destination stands.
    pub(super) fn change(
        &mut self,
        batch: &mut Batch<'_>,
        destination: &Destination,
        change: impl FnOnce(&mut BreakerRow),
    ) -> Result<(), Undo> {
        let mut row = self.of(batch, destination)?.unwrap_or_default();
        change(&mut row);
        store::breaker_save(batch.tx, destination, &row)?;
        self.0.insert(destination.clone(), Some(row));
        Ok(())
    }
}

/// Notes that a destination failed for now. Whether a pause begins. That it answered is noted where its message is recorded.
pub(super) fn note_failure(
    batch: &mut Batch<'_>,
    destination: &Destination,
    (answer, text): (Answer, &str),
) -> Result<bool, Undo> {
    let now = batch.now();
    let known = store::breaker_load(batch.tx, destination)?.unwrap_or_default();
    let breaker = known.breaker.after(answer, now);
    let begins = breaker != known.breaker && matches!(breaker, Breaker::Paused { .. });
    let row = BreakerRow { breaker, answer: text.to_owned(), is_told: known.is_told && !begins };
    store::breaker_save(batch.tx, destination, &row)?;
    Ok(begins)
}
