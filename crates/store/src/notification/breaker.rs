//! Breakers: how destinations stand that failed when they were tried last.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::OrganizationId;
use domain::notification::{Breaker, Channel};

statements! {
    BREAKER_LOAD = "select state, answer, is_told from breaker
        where organization_id = $1 and channel = $2 and address_digest = $3";
    BREAKER_SAVE = "insert into breaker (organization_id, channel, address_digest, state, answer, is_told)
        values ($1, $2, $3, $4, $5, $6) on conflict (organization_id, channel, address_digest) do update set
        state = excluded.state, answer = excluded.answer, is_told = excluded.is_told";
    BREAKER_DELETE = "delete from breaker where organization_id = $1 and channel = $2 and address_digest = $3";
}

/// A destination of an organization's notifications.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Destination {
    /// Whose it is.
    pub organization: OrganizationId,
    /// By which channel.
    pub channel: Channel,
    /// SHA-256 of the address: the same for all who share it.
    pub address_digest: String,
}

impl Destination {
    fn key(&self) -> [crate::Value; 3] {
        [self.organization.0.into(), self.channel.word().into(), self.address_digest.as_str().into()]
    }
}

/// How a destination stands that failed when it was tried last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BreakerRow {
    /// Whether it may be sent to.
    pub breaker: Breaker,
    /// What came back last.
    pub answer: String,
    /// Whether an incident said at once, in this pause, that it is left alone.
    pub is_told: bool,
}

/// How a destination stands; `None` if it did not fail when it was tried last.
pub fn breaker_load(tx: &mut dyn Tx, destination: &Destination) -> Result<Option<BreakerRow>, Error> {
    let Some(row) = tx.one(BREAKER_LOAD, &destination.key())? else { return Ok(None) };
    let broken = |error: serde_json::Error| Error::Corrupt(format!("a breaker: {error}"));
    let breaker = serde_json::from_str(row.text(0)?).map_err(broken)?;
    Ok(Some(BreakerRow { breaker, answer: row.text(1)?.to_owned(), is_told: row.boolean(2)? }))
}

/// Records it.
pub fn breaker_save(tx: &mut dyn Tx, destination: &Destination, row: &BreakerRow) -> Result<(), Error> {
    let state = serde_json::to_string(&row.breaker).map_err(|error| Error::Statement(error.to_string()))?;
    let [a, b, c] = destination.key();
    tx.run(BREAKER_SAVE, &[a, b, c, state.into(), row.answer.as_str().into(), row.is_told.into()]).map(drop)
}

/// The destination answered, so that nothing is held against it.
pub fn breaker_forget(tx: &mut dyn Tx, destination: &Destination) -> Result<(), Error> {
    tx.queue(BREAKER_DELETE, destination.key().to_vec())
}
