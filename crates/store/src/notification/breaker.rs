//! Breakers: how destinations stand that failed when they were tried last.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::OrganizationId;
use domain::notification::{Breaker, Channel};

statements! {
    BREAKER_LOAD = "select state, answer, is_told from breaker
        where organization_id = $1 and channel = $2 and address_digest = $3";
    BREAKER_LIST = "select channel, state, answer, is_told from breaker where organization_id = $1
        order by channel, address_digest limit $2";
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
    read(&row, 0).map(Some)
}

/// How the destinations of an organization stand that failed when they were tried last, at most `limit`, channel by channel.
pub fn breaker_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    limit: u32,
) -> Result<Vec<(Channel, BreakerRow)>, Error> {
    let rows = tx.all(BREAKER_LIST, &[organization.0.into(), limit.into()])?;
    let of_channel = |row: &Row| {
        let word = row.text(0)?;
        let channel = Channel::from_word(word).ok_or_else(|| Error::Corrupt(format!("a breaker of {word}")))?;
        Ok((channel, read(row, 1)?))
    };
    rows.iter().map(of_channel).collect()
}

/// A breaker whose state stands in this column, and the rest of it in those after.
fn read(row: &Row, first: usize) -> Result<BreakerRow, Error> {
    let broken = |error: serde_json::Error| Error::Corrupt(format!("a breaker: {error}"));
    let breaker = serde_json::from_str(row.text(first)?).map_err(broken)?;
    Ok(BreakerRow { breaker, answer: row.text(first + 1)?.to_owned(), is_told: row.boolean(first + 2)? })
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
