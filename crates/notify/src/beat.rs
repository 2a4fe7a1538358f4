//! One beat: tick, handovers, requests for cover, deliver, and when the next beat is due. The loop that sleeps stands in `server`.

use crate::notifier::{Lane, Notifier};
use domain::Instant;
use domain::notification::Channel;
use engine::{Failure, TickReport};

/// What one beat did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BeatReport {
    /// What the tick did.
    pub tick: TickReport,
    /// Messages that were claimed and are being sent.
    pub claimed: usize,
    /// When something is due next; `None` when nothing waits.
    pub next_at: Option<Instant>,
}

impl Notifier {
    /// Does all that is due now.
    ///
    /// # Errors
    /// As the store says; the next beat does what this one could not.
    pub async fn beat(&self) -> Result<BeatReport, Failure> {
        self.engine().check_in_time().await?;
        // One organization that cannot be told the time must not keep the notifications of the others.
        let (tick, handed_over) = (self.engine().tick().await, self.hand_over().await);
        let (looked, claimed) = (self.look_at_covers().await, self.deliver().await);
        let (tick, (), (), claimed) = (tick?, handed_over?, looked?, claimed?);
        let (next_at, is_untold, to_open) = self.look_ahead().await?;
        let opens = to_open.into_iter().filter(|channel| self.begin_opening(*channel)).count() > 0;
        let tells = is_untold && self.begin_telling();
        // Whoever waits for all that is due to be done looks once more.
        let next_at = if opens || tells { Some(self.engine().now()) } else { next_at };
        Ok(BeatReport { tick, claimed, next_at })
    }

    /// When something is due next, whether an incident has yet to be told that a destination is left alone, and on which channels
    /// mailboxes are to be opened. What is due already but has no free place to be sent from, or whose mailbox is being opened, is
    /// not waited for: the end of a sending and of an opening wakes the beat.
    async fn look_ahead(&self) -> Result<(Option<Instant>, bool, Vec<Channel>), Failure> {
        let notifier = self.clone();
        self.engine()
            .read(move |tx, shared| {
                let now = Instant(shared.clock.now());
                let incident = store::incident_next_due(tx)?;
                let next = notifier.next_notifications(tx)?;
                let oldest = next.iter().map(|waiting| store::notification_oldest(tx, waiting.channel));
                let oldest = oldest.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().min();
                let late = |at: Option<Instant>| at.map_or(0, |at| (now.0 - at.0).max(0));
                shared.metrics.set_overdue(late(incident), late(oldest), store::incident_stranded(tx)?);
                let notification = next.iter().filter_map(|waiting| waiting.own_at).min();
                let notification = notification.filter(|at| *at > now || notifier.has_free_places());
                let to_open = next.iter().filter(|waiting| waiting.mailbox_at.is_some_and(|at| at <= now));
                let to_open = to_open.map(|waiting| waiting.channel).filter(|channel| notifier.may_open(*channel, now));
                let mailbox = next.iter().filter_map(|waiting| waiting.mailbox_at).filter(|at| *at > now).min();
                let due = incident.into_iter().chain(notification).chain(mailbox);
                // What should be told already is looked at with the next beat anyway.
                let cover = store::cover_next(tx)?.filter(|at| *at > now);
                let told_at = notifier.0.handovers.next_at().into_iter().chain(cover);
                let next_at = due.chain(told_at).min();
                Ok((next_at, next.iter().any(|waiting| waiting.untold.is_some()), to_open.collect()))
            })
            .await
    }

    fn may_open(&self, channel: Channel, now: Instant) -> bool {
        let may = |lane: &Lane| lane.places.available_permits() > 0 && !lane.opening.rests(now);
        self.0.lanes.get(&channel).is_some_and(may)
    }

    fn has_free_places(&self) -> bool {
        self.0.lanes.values().all(|lane| lane.places.available_permits() > 0)
    }
}
