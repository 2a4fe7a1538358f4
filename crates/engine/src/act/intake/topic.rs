//! Topics of Amazon SNS that an integration is subscribed to: those that its settings name, else the first that it was.

use crate::desk::Batch;
use crate::failure::Undo;
use domain::{OrganizationId, RefId};
use store::TopicRow;

/// Keeps that a subscription was confirmed. `false` if the topic is none that is `listed` and the integration is subscribed
/// to another by now; nothing is changed then.
///
/// # Errors
/// As the store says.
pub(crate) fn keep_topic(
    batch: &mut Batch<'_>,
    (organization, integration): (OrganizationId, &RefId),
    row: &TopicRow,
    listed: bool,
) -> Result<bool, Undo> {
    let known = store::topic_list(batch.tx, organization, integration)?;
    if !listed && !known.is_empty() && known.iter().all(|known| known.arn != row.arn) {
        return Ok(false);
    }
    store::topic_save(batch.tx, organization, integration, row)?;
    Ok(true)
}
