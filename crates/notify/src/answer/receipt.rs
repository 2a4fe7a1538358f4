//! Receipts: what the telephone carrier says of a message after it took it (on-call §4).

use crate::deliver::fault::report_apart;
use crate::message::link::MessageSubject;
use crate::metrics::ChannelLabels;
use crate::notifier::Notifier;
use crate::token::{Purpose, TokenFault};
use domain::OrganizationId;
use domain::limits;
use domain::notification::{Channel, Standing};
use engine::{Batch, Failure, Undo};
use store::NotificationRow;

/// Notifications of one message that are found undelivered in one transaction: each is said on its incident.
const UNDELIVERED_AT_ONCE: usize = 50;

/// What a receipt says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// The person's telephone has it.
    Arrived,
    /// It will not arrive; the carrier's reason.
    Failed(String),
}

impl Notifier {
    /// Takes in the receipt of the message that the token speaks of. What did not arrive counts as a permanent failure:
    /// its incident says so, and the person's next channel is asked at once.
    ///
    /// # Errors
    /// As the store says. The inner error tells why the token is not accepted.
    pub async fn take_receipt(&self, token: &str, receipt: Receipt) -> Result<Result<(), TokenFault>, Failure> {
        let subject: MessageSubject = match self.open_token(Purpose::Status, token).await? {
            Ok(subject) => subject,
            Err(fault) => return Ok(Err(fault)),
        };
        let MessageSubject(organization, delivery_id) = subject;
        let (most, id) = (limits::BUNDLE_NOTIFICATIONS, delivery_id.clone());
        let rows =
            self.engine().read(move |tx, _| Ok(store::notification_by_delivery(tx, organization, &id, most)?)).await?;
        let Some(channel) = rows.first().map(|row| row.notification.channel) else { return Ok(Ok(())) };
        match receipt {
            Receipt::Arrived => self.confirm(organization, delivery_id, channel).await?,
            Receipt::Failed(reason) => {
                tracing::warn!(channel = channel.word(), delivery_id, reason, "a message did not arrive");
                for some in rows.chunks(UNDELIVERED_AT_ONCE).map(<[NotificationRow]>::to_vec) {
                    let reason = reason.clone();
                    let fail = move |batch: &mut Batch<'_>| fail(batch, organization, &some, &reason);
                    self.engine().desk().submit_own(organization, fail).await?;
                }
                self.engine().wake();
            }
        }
        Ok(Ok(()))
    }

    /// Notes that the person is known to have got a message.
    pub(super) async fn confirm(
        &self,
        organization: OrganizationId,
        delivery_id: String,
        channel: Channel,
    ) -> Result<(), Failure> {
        let confirm = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            batch.messages_changed(organization);
            Ok(store::notification_confirm(batch.tx, organization, &delivery_id, now)?)
        };
        let confirmed = self.engine().desk().submit_own(organization, confirm).await?;
        let labels = ChannelLabels { channel: channel.word() };
        self.0.metrics.confirmed.get_or_create(&labels).inc_by(confirmed);
        Ok(())
    }
}

fn fail(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    rows: &[NotificationRow],
    reason: &str,
) -> Result<(), Undo> {
    let now = batch.now();
    for NotificationRow { id, notification, .. } in rows {
        if !store::notification_undelivered(batch.tx, id, reason, now)? {
            continue;
        }
        batch.incident_changed(organization, id.instance_id);
        let incident = store::incident_load(batch.tx, organization, id.instance_id)?;
        let is_called_for = incident.is_some_and(|incident| {
            let standing = Standing { instance_id: id.instance_id, status: incident.status, round: incident.round };
            standing.calls_for(&notification.content.reason, notification.round)
        });
        if is_called_for {
            report_apart(batch, id, notification, reason, None)?;
        }
    }
    Ok(())
}
