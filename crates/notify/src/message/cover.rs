//! The message about a request for cover: that somebody is asked to take a shift, or what became of it. It is about no incident.

use super::handover::zone;
use super::{Asks, Envelope, Words, seal, shown_minute, trusted_address};
use crate::carrier::{ActionLink, Message};
use crate::message::link::{CoverSubject, Links};
use domain::cover::{Cover, Reply};
use domain::directory::Directory;
use domain::notification::{Channel, CoverNews, Notification};
use serde_json::{Value, json};

/// What a link is called by which a person answers.
fn label(reply: Reply) -> &'static str {
    match reply {
        Reply::Yes => "Yes, I take it",
        Reply::No => "No, I cannot",
    }
}

/// The message about a request in this routine; `Err` says why there is nowhere to send it.
pub(crate) fn cover(
    envelope: &Envelope,
    notification: &Notification,
    (cover, routine, news): (&Cover, &str, &CoverNews),
    directory: &Directory,
    links: Option<&Links>,
) -> Result<Message, String> {
    let address = trusted_address(notification.channel, &notification.user, directory)?;
    let content = &notification.content;
    let zone = zone(directory, &notification.user, routine);
    let when = format!("From {} until {}.", shown_minute(cover.from, zone), shown_minute(cover.until, zone));
    let more = sentence(news);
    let mut lines = vec![format!("{},", directory.shown_name(&notification.user)), String::new()];
    lines.extend([format!("{}.", content.title), when.clone(), more.to_owned()]);
    if let Some(links) = links {
        lines.extend([String::new(), format!("Server: {}", links.base)]);
    }
    let actions = if matches!(news, CoverNews::Asked { .. }) {
        actions(envelope, notification, cover, directory, links)
    } else {
        Vec::new()
    };
    let brief = format!("{}. {when} {more}", content.title);
    let words = Words {
        subject: content.title.clone(),
        text: lines.join("\n"),
        spoken: brief.clone(),
        brief,
        thread: format!("cover-{}", cover.cover_ref_id),
        urgency: content.urgency,
        payload: payload(envelope, notification, (cover, routine, news), &actions),
        asks: Asks::Nothing,
        about: None,
        page: "/app/me/cover".to_owned(),
        useful_until: Some(cover.from),
    };
    let message = seal(words, envelope, address, links);
    // What is pushed has one button, which acknowledges; a tap opens the page.
    let has_links = notification.channel != Channel::Push;
    Ok(Message { actions: if has_links { actions } else { Vec::new() }, ..message })
}

fn sentence(news: &CoverNews) -> &'static str {
    match news {
        CoverNews::Asked { .. } => {
            "It is yours once you say yes, unless somebody else was asked, too, and said so first."
        }
        CoverNews::Taken { .. } => "You are off call then.",
        CoverNews::Settled { .. } | CoverNews::Withdrawn { .. } => "There is nothing for you to do.",
        CoverNews::Declined | CoverNews::Unanswered => {
            "You are on call then unless somebody takes it. You can ask others."
        }
        CoverNews::Begun => "The request is over.",
    }
}

fn actions(
    envelope: &Envelope,
    notification: &Notification,
    cover: &Cover,
    directory: &Directory,
    links: Option<&Links>,
) -> Vec<ActionLink> {
    let person = directory.users.named(notification.user.as_str()).map(|entry| &entry.ref_id);
    let Some((links, person)) = links.zip(person) else { return Vec::new() };
    let link = |reply: Reply| {
        let subject = CoverSubject(envelope.organization, cover.cover_ref_id.clone(), person.clone(), reply);
        ActionLink { label: label(reply).to_owned(), url: links.cover(&subject, cover.from) }
    };
    [Reply::Yes, Reply::No].map(link).to_vec()
}

fn payload(
    envelope: &Envelope,
    notification: &Notification,
    (cover, routine, news): (&Cover, &str, &CoverNews),
    actions: &[ActionLink],
) -> Value {
    let by = match news {
        CoverNews::Asked { by } | CoverNews::Taken { by } | CoverNews::Settled { by } | CoverNews::Withdrawn { by } => {
            Some(by)
        }
        CoverNews::Declined | CoverNews::Unanswered | CoverNews::Begun => None,
    };
    let url = |place: usize| actions.get(place).map(|link| link.url.as_str());
    json!({
        "type": news.word(),
        "timestamp": notification.due_at.wire(),
        "data": {
            "delivery_id": envelope.delivery_id,
            "preferred_username": notification.user,
            "cover_ref_id": cover.cover_ref_id,
            "routine_name": routine,
            "from": cover.from.wire(),
            "until": cover.until.wire(),
            "by": by,
            "yes_url": url(0),
            "no_url": url(1),
        },
    })
}
