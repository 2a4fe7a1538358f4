//! Letters: a notification put into words for a person and into JSON for a machine.

use crate::address::address;
use crate::carrier::Letter;
use domain::directory::{Directory, User};
use domain::incident::Incident;
use domain::notification::{Notification, Reason};
use serde_json::json;
use store::Claimed;

/// The letter for a claimed notification; `Err` says why there is nowhere to send it.
pub(crate) fn letter(
    claimed: &Claimed,
    incident: &Incident,
    text: &str,
    directory: &Directory,
    public_url: Option<&str>,
) -> Result<Letter, String> {
    let notification = &claimed.notification;
    let user = directory.user(notification.user.as_str());
    let user = user.ok_or_else(|| format!("there is no user `{}` any more", notification.user))?;
    let address = address(notification.channel, user)?;
    if !directory.is_trusted(&user.username, notification.channel) {
        let channel = notification.channel.word();
        return Err(format!("the {channel} contact of user `{}` is another one now, and not verified", user.username));
    }
    let number = incident.organization_instance_id;
    let body = body(notification, incident, text, user, public_url);
    Ok(Letter {
        delivery_id: delivery_id(claimed),
        attempt: claimed.attempt,
        address,
        subject: format!("[#{number}] {}", headline(notification)),
        html: Some(html(&body)),
        text: body,
        thread: format!("incident-{}", incident.instance_id),
        payload: payload(claimed, incident, text),
        urgency: notification.message.urgency,
        brief: format!("[#{number}] {}", headline(notification)),
        spoken: headline(notification),
        actions: Vec::new(),
        status_url: None,
        digits_url: None,
        headers: Vec::new(),
    })
}

/// The same for every attempt, and unique on the server.
fn delivery_id(claimed: &Claimed) -> String {
    format!("ntf_{}_{:x}", claimed.id.instance_id, claimed.id.sequence)
}

fn headline(notification: &Notification) -> String {
    let title = &notification.message.title;
    match &notification.message.reason {
        Reason::Page { .. } => format!("{}: {title}", notification.message.urgency.word()),
        Reason::StatusUpdate { .. } => format!("Update: {title}"),
        Reason::Resolved => format!("Resolved: {title}"),
    }
}

fn body(notification: &Notification, incident: &Incident, text: &str, user: &User, public_url: Option<&str>) -> String {
    let message = &notification.message;
    let what = match &message.reason {
        Reason::Page { level } => format!("You are asked to act, on level {level}."),
        Reason::StatusUpdate { text } => format!("There is an update:\n\n{text}"),
        Reason::Resolved => "The incident is resolved.".to_owned(),
    };
    let mut lines = vec![
        format!("{},", user.shown_name()),
        String::new(),
        what,
        String::new(),
        format!("Incident #{} (instance_id {})", incident.organization_instance_id, incident.instance_id),
        format!("Title: {}", message.title),
        format!("Urgency: {} ({})", message.urgency.word(), message.urgency.number()),
        format!("Since: {} UTC", message.created_at.wire()),
    ];
    if !text.is_empty() {
        lines.extend([String::new(), text.to_owned()]);
    }
    if let Some(url) = public_url {
        let url = url.trim_end_matches('/');
        lines.extend([String::new(), format!("Server: {url}")]);
    }
    lines.join("\n")
}

/// The text as HTML: one preformatted block, so that logs keep their shape.
fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 128);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    format!(
        "<!doctype html><html><body><pre style=\"font: 14px/1.5 sans-serif; white-space: pre-wrap\">{escaped}</pre></body></html>"
    )
}

fn payload(claimed: &Claimed, incident: &Incident, text: &str) -> serde_json::Value {
    let message = &claimed.notification.message;
    let (kind, level, update) = match &message.reason {
        Reason::Page { level } => ("incident.page", Some(*level), None),
        Reason::StatusUpdate { text } => ("incident.status_update", None, Some(text)),
        Reason::Resolved => ("incident.resolved", None, None),
    };
    json!({
        "type": kind,
        "timestamp": claimed.notification.due_at.wire(),
        "data": {
            "delivery_id": delivery_id(claimed),
            "instance_id": incident.instance_id,
            "organization_instance_id": incident.organization_instance_id,
            "preferred_username": claimed.notification.user,
            "title": message.title,
            "urgency_level": message.urgency,
            "assignee_level": level,
            "status_update": update,
            "text_msg": text,
            "instance_timestamp": message.created_at.wire(),
        },
    })
}
