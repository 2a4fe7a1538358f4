//! Opening mailboxes that are due: behind the commands that wait, since it may be very much that they let go.

use super::Busy;
use super::claim::What;
use crate::notifier::Notifier;
use domain::notification::Channel;
use engine::Failure;

impl Notifier {
    /// Begins to open the mailboxes of a channel that are due, and to send what they let go, unless that goes on already; the end
    /// wakes the beat. Whether it began.
    pub(crate) fn begin_opening(&self, channel: Channel) -> bool {
        let Some(lane) = self.0.lanes.get(&channel) else { return false };
        let Some(turn) = lane.opening.take(self.engine().now()) else { return false };
        let busy = Busy { notifier: self.clone(), place: Some(turn) };
        tokio::spawn(async move {
            if let Err(failure) = busy.notifier.open_all(channel).await {
                // They are due still, and the next beat tries again.
                tracing::warn!(?failure, channel = channel.word(), "mailboxes that are due could not be looked for");
            }
        });
        true
    }

    async fn open_all(&self, channel: Channel) -> Result<(), Failure> {
        let Some(lane) = self.0.lanes.get(&channel) else { return Ok(()) };
        let now = self.engine().now();
        let organizations = self.engine().read(move |tx, _| Ok(store::mailbox_due_where(tx, channel, now)?)).await?;
        for organization in organizations {
            if let Err(failure) = self.claim_all((organization, channel), lane, What::Mailboxes).await {
                if matches!(failure, Failure::Broken(_)) {
                    lane.opening.rest(now);
                }
                tracing::warn!(?failure, organization = organization.0, "mailboxes that are due could not be opened");
            }
        }
        Ok(())
    }
}
