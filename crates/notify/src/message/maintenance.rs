//! The message that maintenance keeps back what one would be asked about, which is about no incident.

use super::{Asks, Envelope, Words, seal, shown_minute, trusted_address};
use crate::carrier::Message;
use crate::message::link::Links;
use domain::Instant;
use domain::directory::Directory;
use domain::notification::Notification;
use serde_json::json;

/// The message that tells of a window, until when it lasts, what it is about and what that means; `Err` says why there is
/// nowhere to send it.
pub(crate) fn maintenance(
    envelope: &Envelope,
    notification: &Notification,
    (window, until, covers, said): (&str, Instant, &[String], &str),
    directory: &Directory,
    links: Option<&Links>,
) -> Result<Message, String> {
    let (content, user) = (&notification.content, &notification.user);
    let address = trusted_address(notification.channel, user, directory)?;
    let own = directory.user(user.as_str()).and_then(|user| user.timezone.as_deref());
    let its = directory.maintenance_windows.named(window).map(|entry| entry.component.timezone.as_str());
    let lasts = format!("It lasts until {}.", shown_minute(until, own.or(its)));
    let person = format!("{},", directory.shown_name(user));
    let mut lines = vec![person, String::new(), format!("{}.", content.title), lasts.clone(), said.to_owned()];
    if let Some(links) = links {
        lines.extend([String::new(), format!("Server: {}", links.base)]);
    }
    let brief = format!("{}. {lasts}", content.title);
    let payload = json!({
        "type": "maintenance.begins",
        "timestamp": notification.due_at.wire(),
        "data": {
            "delivery_id": envelope.delivery_id,
            "preferred_username": user,
            "maintenance_window": window,
            "until": until.wire(),
            "covers": covers,
        },
    });
    let words = Words {
        subject: content.title.clone(),
        text: lines.join("\n"),
        spoken: brief.clone(),
        brief,
        thread: format!("maintenance-{window}"),
        urgency: content.urgency,
        payload,
        asks: Asks::Nothing,
        about: None,
        page: "/app/maintenance".to_owned(),
        useful_until: Some(until),
    };
    Ok(seal(words, envelope, address, links))
}
