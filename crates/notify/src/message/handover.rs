//! The message of a handover: that somebody goes on call or off call, which is about no incident.

use super::{Asks, Envelope, Words, seal, shown_minute, trusted_address};
use crate::carrier::Message;
use crate::message::link::Links;
use domain::directory::Directory;
use domain::notification::{Duty, Notification};
use domain::{Instant, Username};
use serde_json::json;

/// The message that tells of a handover by a routine, and by `more`; `Err` says why there is nowhere to send it.
pub(crate) fn handover(
    envelope: &Envelope,
    notification: &Notification,
    (routine, duty, more): (&str, &Duty, &[(String, Duty)]),
    directory: &Directory,
    links: Option<&Links>,
) -> Result<Message, String> {
    let address = trusted_address(notification.channel, &notification.user, directory)?;
    let content = &notification.content;
    let said = |routine: &str, duty: &Duty| {
        sentences(duty, content.created_at, zone(directory, &notification.user, routine), directory)
    };
    let sentences = said(routine, duty);
    let mut lines = vec![format!("{},", directory.shown_name(&notification.user)), String::new()];
    lines.push(format!("{}.", content.title));
    if more.is_empty() {
        lines.extend(sentences.iter().cloned());
    } else {
        for (routine, duty) in
            [(routine, duty)].into_iter().chain(more.iter().map(|(routine, duty)| (&**routine, duty)))
        {
            lines.extend([String::new(), format!("{routine}:")]);
            lines.extend(said(routine, duty));
        }
    }
    // There is room for one in a line.
    let brief = if more.is_empty() {
        format!("{}. {}", content.title, sentences.join(" "))
    } else {
        format!("{}.", content.title)
    };
    if let Some(links) = links {
        lines.extend([String::new(), format!("Server: {}", links.base)]);
    }
    let words = Words {
        subject: content.title.clone(),
        text: lines.join("\n"),
        spoken: brief.clone(),
        brief,
        thread: format!("routine-{routine}"),
        urgency: content.urgency,
        payload: payload(envelope, notification, routine, duty),
        asks: Asks::Nothing,
        about: None,
        page: "/app/on-call".to_owned(),
        useful_until: None,
    };
    Ok(seal(words, envelope, address, links))
}

/// The zone in which the person thinks: their own, else the routine's.
pub(super) fn zone<'a>(directory: &'a Directory, user: &Username, routine: &str) -> Option<&'a str> {
    let own = directory.user(user.as_str()).and_then(|user| user.timezone.as_deref());
    own.or_else(|| directory.routines.named(routine).map(|entry| entry.component.timezone.as_str()))
}

fn sentences(duty: &Duty, at: Instant, zone: Option<&str>, directory: &Directory) -> Vec<String> {
    let shown = |at: Instant| shown_minute(at, zone);
    let names = |users: &[Username]| users.iter().map(|user| directory.shown_name(user)).collect::<Vec<_>>().join(", ");
    match duty {
        Duty::Begins { until, with } => {
            let until =
                until.map_or_else(|| "with no end in sight".to_owned(), |until| format!("until {}", shown(until)));
            let with = match with.as_slice() {
                [] => "Nobody else is on call with you.".to_owned(),
                with => format!("On call with you: {}.", names(with)),
            };
            vec![format!("From {} {until}.", shown(at)), with]
        }
        Duty::Ends { after } => {
            let after = match after.as_slice() {
                [] => "Nobody is on call after you.".to_owned(),
                after => format!("On call now: {}.", names(after)),
            };
            vec![format!("Since {}.", shown(at)), after]
        }
    }
}

fn payload(envelope: &Envelope, notification: &Notification, routine: &str, duty: &Duty) -> serde_json::Value {
    let (kind, until, others) = match duty {
        Duty::Begins { until, with } => ("on_call.begins", until.map(Instant::wire), with),
        Duty::Ends { after } => ("on_call.ends", None, after),
    };
    json!({
        "type": kind,
        "timestamp": notification.due_at.wire(),
        "data": {
            "delivery_id": envelope.delivery_id,
            "preferred_username": notification.user,
            "routine_name": routine,
            "until": until,
            "on_call": others,
        },
    })
}
