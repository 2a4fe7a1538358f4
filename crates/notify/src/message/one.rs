//! The message of one notification.

use super::{Asks, Envelope, Words, seal, trusted_address};
use crate::carrier::Message;
use crate::message::link::Links;
use domain::directory::Directory;
use domain::incident::Incident;
use domain::notification::{Notification, Reason};
use serde_json::json;

/// The message of one notification; `Err` says why there is nowhere to send it. `text` is that of the alert, empty for who
/// is told how it stands and may not read it.
pub(crate) fn one(
    envelope: &Envelope,
    notification: &Notification,
    incident: &Incident,
    text: &str,
    directory: &Directory,
    links: Option<&Links>,
) -> Result<Message, String> {
    let address = trusted_address(notification.channel, &notification.user, directory)?;
    let person = directory.shown_name(&notification.user);
    let number = incident.organization_instance_id;
    let title = headline(notification);
    let news = match &notification.content.reason {
        Reason::StatusUpdate { text } => format!("{title}: {text}"),
        _ => title.clone(),
    };
    let words = Words {
        subject: format!("[#{number}] {title}"),
        text: body(notification, incident, text, person, links),
        brief: format!("[#{number}] {news}"),
        spoken: format!("{news}. This is incident {number}."),
        thread: format!("incident-{}", incident.instance_id),
        urgency: notification.content.urgency,
        payload: payload(envelope, notification, incident, text),
        asks: if notification.content.reason.is_page() { Asks::OfOne } else { Asks::Nothing },
        about: incident.service.as_ref().and_then(|service| directory.service_name(service)).map(str::to_owned),
        page: format!("/app/i/{number}"),
        useful_until: incident.due_at(),
    };
    Ok(seal(words, envelope, address, links))
}

/// What happened, in a line.
pub(super) fn headline(notification: &Notification) -> String {
    let title = &notification.content.title;
    match &notification.content.reason {
        Reason::Page { .. } => format!("{}: {title}", notification.content.urgency.word()),
        Reason::StatusUpdate { .. } => format!("Update: {title}"),
        Reason::Resolved => format!("Resolved: {title}"),
        Reason::Handover { .. } | Reason::Maintenance { .. } | Reason::Cover { .. } => title.clone(),
    }
}

fn body(notification: &Notification, incident: &Incident, text: &str, person: &str, links: Option<&Links>) -> String {
    let content = &notification.content;
    let what = match &content.reason {
        Reason::Page { level } => format!("You are asked to act, on level {level}."),
        Reason::StatusUpdate { text } => format!("There is an update:\n\n{text}"),
        Reason::Resolved => "The incident is resolved.".to_owned(),
        Reason::Handover { .. } | Reason::Maintenance { .. } | Reason::Cover { .. } => format!("{}.", content.title),
    };
    let mut lines = vec![
        format!("{person},"),
        String::new(),
        what,
        String::new(),
        format!("Incident #{} (instance_id {})", incident.organization_instance_id, incident.instance_id),
        format!("Title: {}", content.title),
        format!("Urgency: {} ({})", content.urgency.word(), content.urgency.number()),
        format!("Since: {} UTC", content.created_at.wire()),
    ];
    if !text.is_empty() {
        lines.extend([String::new(), text.to_owned()]);
    }
    if let Some(links) = links {
        lines.extend([String::new(), format!("Server: {}", links.base)]);
    }
    lines.join("\n")
}

fn payload(envelope: &Envelope, notification: &Notification, incident: &Incident, text: &str) -> serde_json::Value {
    let content = &notification.content;
    let (kind, level, update) = match &content.reason {
        Reason::Page { level } => ("incident.page", Some(*level), None),
        Reason::StatusUpdate { text } => ("incident.status_update", None, Some(text)),
        Reason::Resolved => ("incident.resolved", None, None),
        Reason::Handover { .. } | Reason::Cover { .. } => ("on_call", None, None),
        Reason::Maintenance { .. } => ("maintenance", None, None),
    };
    json!({
        "type": kind,
        "timestamp": notification.due_at.wire(),
        "data": {
            "delivery_id": envelope.delivery_id,
            "instance_id": incident.instance_id,
            "organization_instance_id": incident.organization_instance_id,
            "preferred_username": notification.user,
            "title": content.title,
            "urgency_level": content.urgency,
            "assignee_level": level,
            "status_update": update,
            "text_msg": text,
            "instance_timestamp": content.created_at.wire(),
        },
    })
}
