//! Faults: a channel does not reach somebody. The incident says so, and another channel is asked at once (on-call §4).

use domain::Instant;
use domain::incident::Command;
use domain::notification::{Content, Next, Notification, Progress, Queued, next_channel};
use engine::{Batch, Request, Undo, act};
use store::{Error, NotificationId, NotificationRow};

/// Says on the incident that a notification of it does not reach its reader, for good or until `paused_until`. For a page,
/// the person's next channel is asked at once; what informs only is not worth waking somebody by another.
pub(crate) fn report(
    batch: &mut Batch<'_>,
    id: &NotificationId,
    notification: &Notification,
    answer: &str,
    paused_until: Option<Instant>,
) -> Result<(), Undo> {
    if !id.is_about_incident() {
        // There is no incident to say it on; the log says it, and a handover is not worth waking somebody by another.
        return Ok(());
    }
    let next = if notification.content.reason.is_page() { ask_next(batch, id, notification)? } else { Next::Nothing };
    let instead = match next {
        Next::Ask(channel) => {
            let content = Content { skipped: Vec::new(), ..notification.content.clone() };
            Some(Box::new(Notification { channel, content, ..notification.clone() }))
        }
        Next::Hurry(..) | Next::Nothing => None,
    };
    let command = Command::ReportFault {
        user: notification.user.clone(),
        channel: notification.channel,
        answer: answer.to_owned(),
        paused_until,
        next: next.channel(),
        instead,
    };
    act(batch, &Request::by_system(id.organization, id.instance_id, command)).map(drop)
}

/// The same, in a savepoint of its own: an incident that cannot be read must not keep the others from their messages.
pub(crate) fn report_apart(
    batch: &mut Batch<'_>,
    id: &NotificationId,
    notification: &Notification,
    answer: &str,
    paused_until: Option<Instant>,
) -> Result<(), Undo> {
    match batch.apart(|batch| report(batch, id, notification, answer, paused_until))? {
        Err(Undo::Store(error @ (Error::Conflict(_) | Error::Busy(_) | Error::Unavailable(_)))) => Err(error.into()),
        Err(undo) => {
            tracing::error!(?undo, incident = id.instance_id.0, "an incident could not be told of a failure");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// Brings the person's next step forward, if one waits; what else is to be done.
fn ask_next(batch: &mut Batch<'_>, id: &NotificationId, notification: &Notification) -> Result<Next, Undo> {
    let Notification { user, channel, round, .. } = notification;
    let snapshot = batch.snapshot(id.organization)?;
    let usable = snapshot.directory.channels_of(user);
    let rows = store::notification_of_person(batch.tx, id.organization, id.instance_id, user, *round)?;
    // What was tried when the same level was asked the last time says nothing of this time. What was queued since then counts
    // in the order of its queueing: the clock of the node that asked may be ahead of ours, which asked another channel since.
    let incident = store::incident_load(batch.tx, id.organization, id.instance_id)?;
    let since = incident.map_or(Instant::EARLIEST, |incident| incident.last_alert_at);
    let first = rows.iter().filter(|row| row.notification.due_at >= since).map(|row| row.id.sequence).min();
    let is_of_this_time = |page: &Queued| first.is_none_or(|first| page.sequence >= first);
    let queued: Vec<Queued> = rows.iter().map(queued).filter(is_of_this_time).collect();
    let now = batch.now();
    let next = next_channel(*channel, &queued, &usable, now);
    if let Next::Hurry(sequence, _) = next {
        store::notification_hurry(batch.tx, &NotificationId { sequence, ..*id }, now)?;
    }
    Ok(next)
}

fn queued(row: &NotificationRow) -> Queued {
    let progress = if row.attempts == 0 && row.state == "waiting" { Progress::Untried } else { Progress::Tried };
    Queued { sequence: row.id.sequence, channel: row.notification.channel, due_at: row.notification.due_at, progress }
}
