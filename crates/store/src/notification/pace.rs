//! Pace: when a person was last sent a message by a channel, and how many in an hour.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::notification::{Channel, Pace};
use domain::{Instant, OrganizationId, Username};

statements! {
    PACE_LOAD = "select sent_at, hour_from, hour_count from pace
        where organization_id = $1 and username = $2 and channel = $3";
    PACE_LAST = "select channel, sent_at from pace where organization_id = $1 and username = $2";
    PACE_SAVE = "insert into pace (organization_id, username, channel, sent_at, hour_from, hour_count)
        values ($1, $2, $3, $4, $5, $6) on conflict (organization_id, username, channel) do update set
        sent_at = excluded.sent_at, hour_from = excluded.hour_from, hour_count = excluded.hour_count";
}

/// How a person was sent messages by a channel so far; `None` before the first.
pub fn pace_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    user: &Username,
    channel: Channel,
) -> Result<Option<Pace>, Error> {
    let row = tx.one(PACE_LOAD, &[organization.0.into(), user.as_str().into(), channel.word().into()])?;
    let Some(row) = row else { return Ok(None) };
    let hour_count = u32::try_from(row.integer(2)?).map_err(|error| Error::Corrupt(format!("a pace: {error}")))?;
    Ok(Some(Pace { sent_at: Instant(row.integer(0)?), hour_from: Instant(row.integer(1)?), hour_count }))
}

/// When a person was sent the last message, and by which channel; `None` before the first.
pub fn pace_last(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    user: &Username,
) -> Result<Option<(Channel, Instant)>, Error> {
    let rows = tx.all(PACE_LAST, &[organization.0.into(), user.as_str().into()])?;
    let mut last = None;
    for row in &rows {
        let (word, at) = (row.text(0)?, Instant(row.integer(1)?));
        let channel = Channel::from_word(word).ok_or_else(|| Error::Corrupt(format!("no channel `{word}`")))?;
        if last.is_none_or(|(_, before)| before < at) {
            last = Some((channel, at));
        }
    }
    Ok(last)
}

/// Records it.
pub fn pace_save(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    user: &Username,
    channel: Channel,
    pace: &Pace,
) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        user.as_str().into(),
        channel.word().into(),
        pace.sent_at.0.into(),
        pace.hour_from.0.into(),
        pace.hour_count.into(),
    ];
    tx.run(PACE_SAVE, &values).map(drop)
}
