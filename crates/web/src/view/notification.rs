//! Notifications with what became of them, as the delivery ledger is answered.

use domain::notification::{Channel, Reason};
use notify::{AttemptRow, NotificationRow};
use serde::Serialize;

/// A notification as it is answered.
#[derive(Debug, Serialize)]
pub struct NotificationItem<'a> {
    delivery_id: String,
    instance_id: i64,
    preferred_username: &'a str,
    channel: &'static str,
    kind: &'static str,
    level: Option<u32>,
    due: String,
    state: &'a str,
    reason: Option<&'a str>,
    next_at: Option<String>,
    finished_at: Option<String>,
    sent_at: Option<String>,
    confirmed_at: Option<String>,
    message_id: String,
    bundled_with: Option<&'a str>,
    skipped: Vec<&'static str>,
    attempts: Vec<AttemptItem<'a>>,
}

#[derive(Debug, Serialize)]
struct AttemptItem<'a> {
    attempt: u32,
    timestamp: String,
    elapsed_ms: i64,
    outcome: &'a str,
    answer: &'a str,
}

/// A notice about no incident as it is answered.
#[derive(Debug, Serialize)]
pub struct NoticeItem<'a> {
    title: &'a str,
    #[serde(flatten)]
    notification: NotificationItem<'a>,
}

/// One notice with the attempts at it.
pub fn notice(told: &(NotificationRow, Vec<AttemptRow>)) -> NoticeItem<'_> {
    NoticeItem { title: &told.0.notification.content.title, notification: notification(told) }
}

/// One notification with the attempts at it.
pub fn notification<'a>((row, attempts): &'a (NotificationRow, Vec<AttemptRow>)) -> NotificationItem<'a> {
    let content = &row.notification.content;
    let (kind, level) = kind(&content.reason);
    let delivery_id = row.id.delivery_id();
    let finished_at = row.finished_at.map(|at| at.wire());
    NotificationItem {
        instance_id: row.id.instance_id.0,
        preferred_username: row.notification.user.as_str(),
        channel: row.notification.channel.word(),
        kind,
        level,
        due: row.notification.due_at.wire(),
        state: &row.state,
        reason: row.fate.as_deref(),
        next_at: row.next_at.map(|at| at.wire()),
        sent_at: finished_at.clone().filter(|_| row.state == "sent"),
        finished_at,
        confirmed_at: row.confirmed_at.map(|at| at.wire()),
        message_id: row.delivery_id(),
        bundled_with: row.bundle.as_deref().filter(|bundle| *bundle != delivery_id),
        skipped: content.skipped.iter().map(|channel: &Channel| channel.word()).collect(),
        attempts: attempts.iter().map(attempt).collect(),
        delivery_id,
    }
}

fn attempt(row: &AttemptRow) -> AttemptItem<'_> {
    AttemptItem {
        attempt: row.attempt,
        timestamp: row.at.wire(),
        elapsed_ms: row.elapsed_micros.max(0) / 1000,
        outcome: &row.outcome,
        answer: &row.answer,
    }
}

/// Why the person is told, and the level of a page.
fn kind(reason: &Reason) -> (&'static str, Option<u32>) {
    match reason {
        Reason::Page { level } => ("page", Some(*level)),
        Reason::StatusUpdate { .. } => ("status_update", None),
        Reason::Resolved => ("resolved", None),
        Reason::Handover { .. } => ("handover", None),
        Reason::Maintenance { .. } => ("maintenance", None),
        Reason::Cover { .. } => ("cover", None),
    }
}
