//! Idempotency keys: the first outcome under a key, remembered for a day (contract §1).

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::{Instant, OrganizationId};

/// What was answered first under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// Digest of the path and body of the first request.
    pub digest: String,
    /// The first outcome, as JSON.
    pub outcome: String,
}

statements! {
    IDEMPOTENCY_LOAD = "select digest, outcome from idempotency
        where organization_id = $1 and idempotency_key = $2 and expires_at > $3";
    IDEMPOTENCY_SAVE = "insert into idempotency (organization_id, idempotency_key, digest, outcome, expires_at)
        values ($1, $2, $3, $4, $5) on conflict (organization_id, idempotency_key) do update set
        digest = excluded.digest, outcome = excluded.outcome, expires_at = excluded.expires_at
        where idempotency.expires_at <= $6";
    IDEMPOTENCY_AMEND = "update idempotency set outcome = $3 where organization_id = $1 and idempotency_key = $2";
    IDEMPOTENCY_FORGET = "delete from idempotency where (organization_id, idempotency_key) in
        (select organization_id, idempotency_key from idempotency where expires_at <= $1 order by expires_at limit $2)";
}

/// What was answered under this key, unless it is forgotten at `now`.
pub fn idempotency_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    key: &str,
    now: Instant,
) -> Result<Option<Remembered>, Error> {
    let row = tx.one(IDEMPOTENCY_LOAD, &[organization.0.into(), key.into(), now.0.into()])?;
    let read = |row: crate::Row| Ok(Remembered { digest: row.text(0)?.to_owned(), outcome: row.text(1)?.to_owned() });
    row.map(read).transpose()
}

/// Remembers an outcome until `expires_at`. `Conflict` when another request with the key came first.
pub fn idempotency_save(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    key: &str,
    remembered: &Remembered,
    now: Instant,
    expires_at: Instant,
) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        key.into(),
        remembered.digest.as_str().into(),
        remembered.outcome.as_str().into(),
        expires_at.0.into(),
        now.0.into(),
    ];
    if tx.run(IDEMPOTENCY_SAVE, &values)? != 1 {
        return Err(Error::Conflict("another request with the same Idempotency-Key came first".to_owned()));
    }
    Ok(())
}

/// Puts another outcome in the place of the one that is remembered, when more has become known.
pub fn idempotency_amend(tx: &mut dyn Tx, organization: OrganizationId, key: &str, outcome: &str) -> Result<(), Error> {
    tx.run(IDEMPOTENCY_AMEND, &[organization.0.into(), key.into(), outcome.into()]).map(drop)
}

/// Forgets what is forgotten at `now`, longest ago first, at most `limit` keys; how many they were.
pub fn idempotency_forget(tx: &mut dyn Tx, now: Instant, limit: u32) -> Result<u64, Error> {
    tx.run(IDEMPOTENCY_FORGET, &[now.0.into(), limit.into()])
}
