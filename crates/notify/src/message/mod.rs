//! Messages: notifications put into words for a person and into JSON for a machine, with what the person can do at once.

mod cover;
mod handover;
pub(crate) mod link;
mod maintenance;
mod many;
mod one;

pub(crate) use cover::cover;
pub(crate) use handover::handover;
pub(crate) use maintenance::maintenance;
pub(crate) use many::many;
pub(crate) use one::one;

use crate::carrier::{ActionLink, Address, Message, address, one_line};
use crate::markup::escaped;
use crate::message::link::{Links, expiry};
use domain::directory::Directory;
use domain::incident::Action;
use domain::notification::Channel;
use domain::{Instant, OrganizationId, Urgency, Username, limits};

/// Characters of a title where there is little room.
const TITLE_SHORT: usize = 80;

/// What is known of a message before it is written.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    pub(crate) organization: OrganizationId,
    /// The same for every attempt, and unique on the server.
    pub(crate) delivery_id: String,
    pub(crate) attempt: u32,
    pub(crate) channel: Channel,
    /// When it was due.
    pub(crate) due_at: Instant,
    /// What a reply names it by.
    pub(crate) code: Option<String>,
}

/// A message in words, before it is known what can be done about it.
struct Words {
    subject: String,
    text: String,
    /// In a line.
    brief: String,
    spoken: String,
    thread: String,
    urgency: Urgency,
    payload: serde_json::Value,
    asks: Asks,
    /// What it is about beside that.
    about: Option<String>,
    /// The path of the page that it is about.
    page: String,
    /// When the next step comes.
    useful_until: Option<Instant>,
}

/// What a message asks of its reader.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// To act on one incident.
    OfOne,
    /// To act on several.
    OfAll,
    /// Nothing.
    Nothing,
}

impl Asks {
    /// What follows an action's word: `acknowledge all`.
    fn tail(self) -> &'static str {
        if self == Self::OfAll { " all" } else { "" }
    }
}

/// Where messages by `channel` go to this person; `Err` says that there is nowhere, or nowhere that is known to be theirs.
fn trusted_address(channel: Channel, username: &Username, directory: &Directory) -> Result<Address, String> {
    let user = directory.user(username.as_str());
    let user = user.ok_or_else(|| format!("there is no user `{username}` any more"))?;
    let is_trusted = directory.is_trusted(username, channel);
    let devices = directory.devices_of(username, channel);
    if !devices.is_empty() {
        let topic = address(channel, user).ok().filter(|_| is_trusted).map(Box::new);
        return Ok(Address::Each { topic, devices: devices.to_vec() });
    }
    let address = address(channel, user)?;
    if !is_trusted {
        let channel = channel.word();
        return Err(format!("the {channel} contact of user `{username}` is another one now, and not verified"));
    }
    Ok(address)
}

/// A minute by the wall clock of a zone, and in UTC.
fn shown_minute(at: Instant, zone: Option<&str>) -> String {
    let local = zone.filter(|zone| *zone != "UTC").and_then(|zone| Some((at.wall_minute(zone)?, zone)));
    let utc = at.wall_minute("UTC").unwrap_or_default();
    local.map_or_else(|| format!("{utc} UTC"), |(local, zone)| format!("{local} {zone} ({utc} UTC)"))
}

/// The message that says these words.
fn seal(words: Words, envelope: &Envelope, address: Address, links: Option<&Links>) -> Message {
    let Envelope { organization, delivery_id, channel, .. } = envelope;
    let expires_at = expiry(envelope.due_at);
    let url = |link: fn(&Links, OrganizationId, &str, Instant) -> Option<String>| {
        links.and_then(|links| link(links, *organization, delivery_id, expires_at))
    };
    let asks = words.asks != Asks::Nothing;
    let digits_url = url(Links::digits).filter(|_| asks && *channel == Channel::Voice);
    let status_url = url(Links::status).filter(|_| matches!(channel, Channel::Sms | Channel::Voice));
    Message {
        delivery_id: delivery_id.clone(),
        attempt: envelope.attempt,
        address,
        html: Some(html(&words.text)),
        brief: brief(&words, envelope),
        spoken: if digits_url.is_some() { with_digits(&words) } else { words.spoken },
        actions: links.filter(|_| asks).map_or_else(Vec::new, |links| actions(words.asks, envelope, links)),
        page: links.map(|links| format!("{}{}", links.base, words.page)),
        about: words.about,
        useful_until: words.useful_until,
        subject: words.subject,
        text: words.text,
        thread: words.thread,
        payload: words.payload,
        urgency: words.urgency,
        status_url,
        digits_url,
        headers: Vec::new(),
    }
}

fn actions(asks: Asks, envelope: &Envelope, links: &Links) -> Vec<ActionLink> {
    let Envelope { organization, delivery_id, .. } = envelope;
    let link = |action: Action| ActionLink {
        label: format!("{}{}", action.label(), asks.tail()),
        url: links.act(*organization, delivery_id, action, expiry(envelope.due_at)),
    };
    Action::ALL.into_iter().map(link).collect()
}

/// The message in a line; a text message with what can be replied to it, which is never cut off.
fn brief(words: &Words, envelope: &Envelope) -> String {
    if envelope.channel != Channel::Sms {
        return words.brief.clone();
    }
    let reply = match &envelope.code {
        Some(code) if words.asks != Asks::Nothing => {
            let asked = |action: Action| format!("{}{code} to {}{}", action.letter(), action.word(), words.asks.tail());
            format!(". Reply {}.", Action::ALL.map(asked).join(", "))
        }
        _ => String::new(),
    };
    format!("{}{reply}", shortened(&words.brief, limits::SMS_CHARACTERS.saturating_sub(reply.len())))
}

fn with_digits(words: &Words) -> String {
    let press = |action: Action| format!("{} to {}{}", action.digit(), action.word(), words.asks.tail());
    format!("{} Press {}.", words.spoken, Action::ALL.map(press).join(", "))
}

/// The text on one line, of at most so many characters; one that is cut says so.
fn shortened(text: &str, most: usize) -> String {
    const CUT: &str = "...";
    let line = one_line(text, usize::MAX);
    if line.chars().count() <= most {
        return line;
    }
    let kept: String = line.chars().take(most.saturating_sub(CUT.len())).collect();
    format!("{}{CUT}", kept.trim_end())
}

/// The text as HTML: one preformatted block, so that logs keep their shape.
fn html(text: &str) -> String {
    let escaped = escaped(text);
    format!(
        "<!doctype html><html><body><pre style=\"font: 14px/1.5 sans-serif; white-space: pre-wrap\">{escaped}</pre></body></html>"
    )
}

#[cfg(test)]
mod tests;
