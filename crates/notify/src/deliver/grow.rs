//! Growing: a message to somebody for whom very many notifications wait is claimed piece by piece, each in a transaction of its own.

use super::claim::{CLAIMED_AT_ONCE, Claimed};
use crate::notifier::Notifier;
use domain::limits;
use engine::{Batch, Failure};
use store::Mailbox;

impl Notifier {
    /// The message with all that it may list; what was claimed before is held for longer meanwhile.
    pub(super) async fn grown(&self, mut message: Claimed) -> Result<Claimed, Failure> {
        let most = u64::from(limits::BUNDLE_NOTIFICATIONS);
        while let Some(this) = message.as_message().filter(|_| message.may_grow && message.count < most) {
            let (id, notification, lease) = (message.id, message.notification.clone(), message.lease_micros);
            let limit = CLAIMED_AT_ONCE.min(u32::try_from(most - message.count).unwrap_or(CLAIMED_AT_ONCE));
            let grow = move |batch: &mut Batch<'_>| {
                let (user, channel, now) = (&notification.user, notification.channel, batch.now());
                let reader = Mailbox { organization: id.organization, user, channel };
                Ok(store::message_grow(batch.tx, &this, &reader, now, now.plus_micros(lease), limit)?)
            };
            let added = self.engine().desk().submit_behind((message.id.organization, limit.into()), grow).await?;
            message.count += added;
            message.may_grow = added == u64::from(limit);
        }
        Ok(message)
    }
}
