//! Deliveries that are known by an id of the sender's: mails.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::{Instant, OrganizationId, RefId};

statements! {
    DELIVERY_LOAD = "select problem, alert_id, received_at from delivery where organization_id = $1 and digest = $2";
    DELIVERY_SAVE = "insert into delivery (organization_id, digest, problem, alert_id, received_at)
        values ($1, $2, $3, $4, $5) on conflict (organization_id, digest) do update set
        problem = excluded.problem, alert_id = excluded.alert_id, received_at = excluded.received_at";
    DELIVERY_FORGET = "delete from delivery where organization_id = $1 and digest in (select d.digest from delivery d
        where d.organization_id = $1 and d.received_at < $2 and not exists (select 1 from problem p
            where p.organization_id = d.organization_id and p.digest = d.problem and not p.is_over
            and (p.waiting is not null or exists (select 1 from incident i where i.organization_id = p.organization_id
                and i.instance_id = p.instance_id and i.status <> 'RESOLVED')))
        order by d.received_at limit $3)";
}

/// A delivery that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Digest of the problem that it spoke of.
    pub problem: String,
    /// The alert that it was.
    pub alert_id: RefId,
    /// When it came.
    pub received_at: Instant,
}

/// The delivery that is known by this digest.
pub fn delivery_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digest: &str,
) -> Result<Option<DeliveryRow>, Error> {
    let Some(row) = tx.one(DELIVERY_LOAD, &[organization.0.into(), digest.into()])? else { return Ok(None) };
    Ok(Some(DeliveryRow {
        problem: row.text(0)?.to_owned(),
        alert_id: row.text(1)?.into(),
        received_at: Instant(row.integer(2)?),
    }))
}

/// Keeps a delivery; what was known by the same digest is forgotten.
pub fn delivery_save(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    digest: &str,
    row: &DeliveryRow,
) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        digest.into(),
        row.problem.as_str().into(),
        row.alert_id.as_str().into(),
        row.received_at.0.into(),
    ];
    tx.run(DELIVERY_SAVE, &values).map(drop)
}

/// Forgets deliveries of before `before`, unless their problem is open, so that its mails can still be answered; at most so
/// many; how many.
pub fn delivery_forget(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    before: Instant,
    most: u32,
) -> Result<u64, Error> {
    tx.run(DELIVERY_FORGET, &[organization.0.into(), before.0.into(), i64::from(most).into()])
}
