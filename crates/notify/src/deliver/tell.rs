//! Telling incidents that a destination is left alone: some at a time, behind the commands that wait, each once.

use super::Busy;
use super::destination::PAUSED;
use super::fault::report_apart;
use crate::notifier::Notifier;
use domain::OrganizationId;
use domain::notification::Channel;
use engine::{Batch, Failure, Undo};
use store::Mailbox;

/// Notifications whose incidents are told in one transaction, which commands may have to wait for.
const TOLD_TOGETHER: u32 = 16;

impl Notifier {
    /// Begins to tell the incidents of what is held that its destination is left alone, unless it goes on already; the
    /// end wakes the beat. Whether it began.
    pub(crate) fn begin_telling(&self) -> bool {
        let Some(turn) = self.0.telling.take(self.engine().now()) else { return false };
        let busy = Busy { notifier: self.clone(), place: Some(turn) };
        tokio::spawn(async move {
            if let Err(failure) = busy.notifier.tell_all().await {
                // What was not told is told when the next beat finds it.
                if matches!(failure, Failure::Broken(_)) {
                    busy.notifier.0.telling.rest(busy.notifier.engine().now());
                }
                tracing::warn!(?failure, "incidents could not be told that a destination is left alone");
            }
        });
        true
    }

    async fn tell_all(&self) -> Result<(), Failure> {
        loop {
            let notifier = self.clone();
            let waiting = self.engine().read(move |tx, _| Ok(notifier.next_notifications(tx)?)).await?;
            let untold = waiting.iter().filter_map(|waiting| waiting.untold.map(|untold| (waiting.channel, untold)));
            let untold: Vec<_> = untold.collect();
            if untold.is_empty() {
                return Ok(());
            }
            for (channel, organization) in untold {
                let some = move |batch: &mut Batch<'_>| tell_some(batch, organization, channel);
                self.engine().desk().submit_behind((organization, TOLD_TOGETHER.into()), some).await?;
            }
        }
    }
}

fn tell_some(batch: &mut Batch<'_>, organization: OrganizationId, channel: Channel) -> Result<(), Undo> {
    let now = batch.now();
    if let Some(untold) = store::message_untold(batch.tx, organization, channel, now, TOLD_TOGETHER)? {
        let until = untold.until.map_or(now, |until| until.max(now));
        for (id, notification) in &untold.notifications {
            report_apart(batch, id, notification, answer_in(&untold.reason), Some(until))?;
        }
        return Ok(());
    }
    for (id, notification, reason) in store::mailbox_untold(batch.tx, organization, channel, now, TOLD_TOGETHER)? {
        let mailbox = Mailbox { organization, user: &notification.user, channel };
        let until = store::mailbox_next_at(batch.tx, &mailbox)?.map_or(now, |until| until.max(now));
        store::mailbox_hold_told(batch.tx, &id, &reason)?;
        report_apart(batch, &id, &notification, answer_in(&reason), Some(until))?;
    }
    Ok(())
}

/// What came back from the destination, in the reason that is told meanwhile.
fn answer_in(reason: &str) -> &str {
    reason.strip_prefix(PAUSED).map_or(reason, |rest| rest.trim_start_matches(": "))
}
