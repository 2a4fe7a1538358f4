//! What the clock says of requests for cover: whoever asked hears that nobody has taken it yet, and that it begins.

use crate::notifier::Notifier;
use domain::cover::notice;
use domain::notification::Notification;
use domain::{Instant, OrganizationId};
use engine::{Batch, Failure, Ids, Shared, Undo};
use std::sync::atomic::Ordering;
use store::Error;

/// Microseconds between two looks.
const LOOKS_APART: u64 = 1_000_000;
/// Requests that are looked at in one transaction.
const AT_ONCE: u32 = 100;

impl Notifier {
    /// Tells what is to be told of requests for cover by now. What fails for one organization is tried again with the next beat,
    /// and does not stop the others.
    ///
    /// # Errors
    /// As the store says, when the organizations cannot be listed.
    pub(crate) async fn look_at_covers(&self) -> Result<(), Failure> {
        let now = self.engine().now();
        // What is told hours before may be told a second later, and every beat would ask for it.
        if now.0.abs_diff(self.0.covers_looked_at.load(Ordering::Relaxed)) < LOOKS_APART {
            return Ok(());
        }
        self.0.covers_looked_at.store(now.0, Ordering::Relaxed);
        let due = self.engine().read(move |tx, _: &Shared| Ok(store::cover_due_where(tx, now)?)).await?;
        for organization in due {
            let ids = self.engine().ids().clone();
            let look = move |batch: &mut Batch<'_>| look(batch, organization, &ids);
            if let Err(failure) = self.engine().desk().submit_own(organization, look).await {
                tracing::warn!(?failure, organization = organization.0, "requests for cover could not be looked at");
            }
        }
        Ok(())
    }
}

/// Runs while the organization is held: what one node has told, the other finds told.
fn look(batch: &mut Batch<'_>, organization: OrganizationId, ids: &Ids) -> Result<(), Undo> {
    let now: Instant = batch.now();
    let snapshot = batch.snapshot(organization)?;
    let directory = &snapshot.directory;
    for mut cover in store::cover_due(batch.tx, organization, now, AT_ONCE)? {
        let news = cover.passed(directory, now);
        store::cover_change(batch.tx, organization, &cover)?;
        if let Some((news, asker)) = news.zip(cover.asker(directory)) {
            queue_notices(batch, organization, ids, &notice(directory, &asker.username, (&cover, news), now))?;
        }
    }
    Ok(())
}

/// Queues notices that are about no incident.
///
/// # Errors
/// As the store says.
pub fn queue_notices(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    ids: &Ids,
    notices: &[Notification],
) -> Result<(), Error> {
    for notice in notices {
        let drawn = i64::try_from(ids.jitter(i64::MAX.unsigned_abs())).unwrap_or(i64::MAX);
        store::notification_append_alone(batch.tx, organization, drawn, notice)?;
    }
    Ok(())
}
