//! Who was to be reached about an incident, by what, and what became of it: the delivery ledger in words.

use super::timeline::Known;
use crate::console::piece::{StateBadge, channel_word};
use crate::console::time::Moment;
use domain::Username;
use domain::notification::Reason;
use notify::{AttemptRow, NotificationRow};

/// One person and every message to them.
#[derive(Clone, Debug)]
pub(super) struct Reached {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) messages: Vec<Message>,
}

/// One message to a person.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) delivery_id: String,
    /// By what.
    pub(super) channel: &'static str,
    /// What it is about: `level 2`, `status update`.
    pub(super) about: String,
    pub(super) state: StateBadge,
    /// When that was, or is due.
    pub(super) when: Moment,
    /// Why, or what came back.
    pub(super) why: Option<String>,
    /// When the person is known to have got it.
    pub(super) confirmed: Option<Moment>,
    /// Whether it can be sent again.
    pub(super) can_resend: bool,
}

/// The ledger by person, in the order in which they were asked first.
pub(super) fn reached(
    ledger: &[(NotificationRow, Vec<AttemptRow>)],
    known: Known<'_>,
    is_resolved: bool,
) -> Vec<Reached> {
    let mut people: Vec<Reached> = Vec::new();
    for (row, attempts) in ledger {
        let username: &Username = &row.notification.user;
        let message = message(row, attempts, known, is_resolved);
        match people.iter_mut().find(|person| person.username == username.as_str()) {
            Some(person) => person.messages.push(message),
            None => people.push(Reached {
                username: username.to_string(),
                name: known.directory.shown_name(username).to_owned(),
                messages: vec![message],
            }),
        }
    }
    people
}

fn message(row: &NotificationRow, attempts: &[AttemptRow], known: Known<'_>, is_resolved: bool) -> Message {
    let at = row.finished_at.or(row.next_at).unwrap_or(row.notification.due_at);
    let answer = attempts.last().map(|attempt| attempt.answer.clone()).filter(|answer| !answer.is_empty());
    let why = match row.state.as_str() {
        "sent" => None,
        "failed" => row.fate.clone().or(answer),
        _ => row.fate.clone(),
    };
    Message {
        delivery_id: row.id.delivery_id(),
        channel: channel_word(row.notification.channel),
        about: about(&row.notification.content.reason),
        state: state(row),
        when: known.clock.moment(at),
        why: why.map(|why| why.replace('_', " ")),
        confirmed: row.confirmed_at.map(|at| known.clock.moment(at)),
        can_resend: matches!(row.state.as_str(), "sent" | "failed")
            && !(is_resolved && row.notification.content.reason.is_page()),
    }
}

fn state(row: &NotificationRow) -> StateBadge {
    match (row.state.as_str(), row.confirmed_at) {
        (_, Some(_)) => StateBadge::new("good", "reached"),
        ("sent", None) => StateBadge::new("good", "handed over"),
        ("waiting", _) => StateBadge::new("warn", "due"),
        ("sending", _) => StateBadge::new("warn", "being sent"),
        ("failed", _) => StateBadge::new("bad", "failed"),
        _ => StateBadge::new("over", "not sent"),
    }
}

fn about(reason: &Reason) -> String {
    match reason {
        Reason::Page { level } => format!("level {level}"),
        Reason::StatusUpdate { .. } => "status update".to_owned(),
        Reason::Resolved => "that it is over".to_owned(),
        Reason::Handover { .. } => "hand-over".to_owned(),
        Reason::Maintenance { .. } => "maintenance".to_owned(),
        Reason::Cover { .. } => "request for cover".to_owned(),
    }
}
