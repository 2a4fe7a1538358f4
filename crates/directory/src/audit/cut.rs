//! Cutting off what was kept long enough: a row tells what went, so that the rest verifies.

use super::chain::{CUT, REMOVED_DIGEST, REMOVED_THROUGH};
use super::entry::{Actor, Changed, Entry, Object, Value, Way};
use crate::administration::Administration;
use domain::{Instant, OrganizationId};
use engine::{Batch, Failure, Ids};
use store::{Error, Tx};

/// Rows that are cut off in one transaction.
const AT_ONCE: u32 = 1_000;
const DAY_MICROS: i64 = 86_400_000_000;

impl Administration {
    /// Cuts off the rows of all audit logs that are older than so many whole days, in pieces that keep nobody waiting; to
    /// be called now and then.
    ///
    /// # Errors
    /// As the store says.
    pub async fn cut_audit(&self, days: u32) -> Result<(), Failure> {
        for organization in self.engine().read(|tx, _| Ok(store::organization_list(tx)?)).await? {
            let id = organization.id;
            loop {
                let ids = self.engine().ids().clone();
                let cut = move |batch: &mut Batch<'_>| {
                    let now = batch.now();
                    let today = now.0.div_euclid(DAY_MICROS) * DAY_MICROS;
                    // Whole days, so that the row which tells of a cut is written once a day and not for each row that goes.
                    let before = Instant(today - i64::from(days) * DAY_MICROS);
                    Ok(cut(batch.tx, &ids, id, now, before, AT_ONCE)?)
                };
                let removed = self.engine().desk().submit_behind((id, u64::from(AT_ONCE)), cut).await?;
                if removed < u64::from(AT_ONCE) {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// Cuts off at most so many rows, oldest first, that were written before an instant, and writes the row that tells of it;
/// how many.
pub(super) fn cut(
    tx: &mut dyn Tx,
    ids: &Ids,
    organization: OrganizationId,
    now: Instant,
    before: Instant,
    most: u32,
) -> Result<u64, Error> {
    let Some(first) = store::audit_first(tx, organization)?.filter(|first| first.at < before) else { return Ok(0) };
    let end = first.number.saturating_add(i64::from(most) - 1);
    let Some(last) = store::audit_last_before(tx, organization, end, before)? else { return Ok(0) };
    let changes = vec![
        Changed::set(REMOVED_THROUGH, Value::Plain(last.number.into())),
        Changed::set(REMOVED_DIGEST, Value::text(&last.digest)),
    ];
    let entry = Entry::new(Actor::system(), Way::System, CUT, Object::new("audit", None, "audit log"), changes);
    // Before anything goes: it follows the last row, which may be among those that go.
    super::record(tx, ids, organization, now, &entry)?;
    store::audit_delete(tx, organization, last.number)
}
