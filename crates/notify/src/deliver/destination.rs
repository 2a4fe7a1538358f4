//! Where messages lead, and how it stands with that: the same for all who share an address, on every node.

use domain::OrganizationId;
use domain::directory::Directory;
use domain::notification::{Answer, Breaker, Channel};
use engine::{Batch, Undo, digest};
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
    let address = directory.user(username)?.contact_address(channel)?;
    Some(Destination { organization, channel, address_digest: digest(&format!("{}\n{address}", channel.word())) })
}

/// Notes what came back from a destination. Whether a pause begins.
pub(super) fn note(
    batch: &mut Batch<'_>,
    destination: &Destination,
    (answer, text): (Answer, &str),
) -> Result<bool, Undo> {
    let now = batch.now();
    let known = store::breaker_load(batch.tx, destination)?;
    let before = known.as_ref().map(|row| row.breaker).unwrap_or_default();
    let after = before.after(answer, now);
    if after == Breaker::default() {
        if known.is_some() {
            store::breaker_forget(batch.tx, destination)?;
        }
        return Ok(false);
    }
    let begins = after != before && matches!(after, Breaker::Paused { .. });
    let is_told = known.is_some_and(|row| row.is_told) && !begins;
    store::breaker_save(batch.tx, destination, &BreakerRow { breaker: after, answer: text.to_owned(), is_told })?;
    Ok(begins)
}
