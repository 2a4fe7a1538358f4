//! The log of an incident in words, newest first, with its pauses.

use super::written;
use crate::console::time::{Clock, Moment, duration};
use domain::directory::Directory;
use domain::incident::{Alerting, Event, Happening, Method, Opening};
use domain::{InstanceId, RefId, Username};
use std::collections::BTreeMap;

/// Seconds without anything after which a pause is told.
const PAUSE_SECONDS: i64 = 300;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The `id` by which it is linked to.
    pub(super) anchor: String,
    pub(super) when: Moment,
    /// Who did it, and by what way.
    pub(super) by: String,
    pub(super) words: String,
    /// What somebody wrote.
    pub(super) quote: Option<Quote>,
    /// Another incident that it is about, by its number.
    pub(super) other: Option<i64>,
    /// How long nothing had happened before it.
    pub(super) pause: Option<String>,
}

/// What somebody wrote, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    /// As it is.
    Text(String),
    /// As HTML that was made of a note.
    Note(String),
}

/// What words need to be known.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) directory: &'a Directory,
    pub(super) clock: &'a Clock,
    pub(super) others: &'a BTreeMap<InstanceId, i64>,
}

/// What of the log is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it, with its pauses.
    #[default]
    Everything,
    /// What people did, and programs in their name.
    Deeds,
    /// What was written: notes, and what subscribers were told.
    Words,
}

impl Part {
    /// All of them: what the address says for each, and its title.
    pub(super) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Everything, "", "Everything"),
        (Self::Deeds, "deeds", "What people did"),
        (Self::Words, "words", "Notes and updates"),
    ];

    /// The part that the address asks for.
    pub(super) fn of(said: &str) -> Self {
        Self::ALL.iter().find(|(_, word, _)| *word == said).map(|(part, ..)| *part).unwrap_or_default()
    }

    /// What the address says for it.
    pub(super) fn word(self) -> &'static str {
        Self::ALL.iter().find(|(part, ..)| *part == self).map(|(_, word, _)| *word).unwrap_or_default()
    }

    fn has(self, event: &Event) -> bool {
        match self {
            Self::Everything => true,
            Self::Deeds => event.method != Method::System,
            Self::Words => quoted(&event.what).is_some(),
        }
    }
}

/// This part of the log, newest first.
pub(super) fn entries(events: &[Event], part: Part, known: Known<'_>) -> Vec<Entry> {
    let mut before = None;
    let mut entries = Vec::with_capacity(events.len());
    for (place, event) in events.iter().enumerate() {
        let quiet = before.map_or(0, |before: domain::Instant| (event.at.0 - before.0) / 1_000_000);
        before = Some(event.at);
        if !part.has(event) {
            continue;
        }
        entries.push(Entry {
            anchor: format!("event-{}", place + 1),
            when: known.clock.moment(event.at),
            by: by(event, known.directory),
            words: words(&event.what, known),
            quote: quote(event),
            other: other(&event.what).and_then(|other| known.others.get(&other)).copied(),
            pause: (quiet >= PAUSE_SECONDS && part == Part::Everything).then(|| format!("{} nothing", duration(quiet))),
        });
    }
    entries.reverse();
    entries
}

/// Who, and by what way where it is not the obvious one.
fn by(event: &Event, directory: &Directory) -> String {
    let shown = event.by.as_ref().and_then(|by| by.shown(directory));
    let way = match event.method {
        Method::System => return "Reveille".to_owned(),
        Method::Web => return shown.unwrap_or_default().to_owned(),
        Method::IncidentsApi => "by the API",
        Method::IntegrationsApi => "integration",
        Method::Email => "by e-mail",
        Method::Sms => "by text message",
        Method::Call => "by telephone",
        Method::Chat => "by chat",
        Method::Link => "by a link",
    };
    match shown {
        Some(by) => format!("{by} ({way})"),
        None => way.to_owned(),
    }
}

fn asked_again(whom: &str, is_stranded: bool, after_maintenance: Option<&str>) -> String {
    match after_maintenance {
        _ if is_stranded => "found nobody to ask, and looks again every minute".to_owned(),
        Some(window) => format!("asked {whom} again, after the maintenance {window}"),
        None => format!("asked {whom} again"),
    }
}

/// Which levels were passed over, if any were.
fn skipped(passed_over: &[u32]) -> String {
    match passed_over.len() {
        0 => String::new(),
        _ => format!(", passing over {} without anybody reachable", levels(passed_over)),
    }
}

/// What happened, in words that follow a name.
pub(super) fn words(what: &Happening, known: Known<'_>) -> String {
    let Known { directory, clock, .. } = known;
    let people = |users: &[Username]| people(users, directory);
    let whom = |alerting: &Alerting| whom(alerting, directory);
    let at = |at: domain::Instant| clock.moment(at).absolute;
    match what {
        Happening::Trigger(opening) => opened(opening, known),
        Happening::Reopen(reopening) => {
            format!("opened it again, since it came back: asked {}", whom(&reopening.alerting))
        }
        Happening::Dispatch { alerting, stranded, after_maintenance } => {
            asked_again(&whom(alerting), *stranded, after_maintenance.as_deref())
        }
        Happening::Acknowledge { next_alert_at } => format!("acknowledged; quiet until {}", at(*next_alert_at)),
        Happening::UnAcknowledge { alerting } => format!("took the acknowledgement back; {} asked", whom(alerting)),
        Happening::Escalate { alerting, passed_over } => {
            format!("escalated to level {}: asked {}{}", alerting.level, whom(alerting), skipped(passed_over))
        }
        Happening::Reassign { alerting, fallback: true, .. } => {
            format!("turned to the fallback policy: asked {}", whom(alerting))
        }
        Happening::Reassign { targets, alerting, .. } => {
            format!("reassigned to {}: asked {}", names(targets, directory), whom(alerting))
        }
        Happening::AddResponders { targets, notified, .. } => {
            format!("added {}: asked {}", names(targets, directory), people(notified))
        }
        Happening::Snooze { next_alert_at, .. } => format!("snoozed it until {}", at(*next_alert_at)),
        Happening::KeepBack { window, until } => {
            format!("pages nobody until {}, because of the maintenance {window}", at(*until))
        }
        Happening::AmendUrgency { urgency, notified } => {
            let asked = if notified.is_empty() { String::new() } else { format!(": asked {}", people(notified)) };
            format!("made it {}{asked}", urgency.word().to_lowercase())
        }
        Happening::Notate { .. } => "wrote a note".to_owned(),
        Happening::MergedInto { .. } => "merged it into".to_owned(),
        Happening::Absorbed { .. } => "merged into it".to_owned(),
        Happening::UnMerge { .. } => "took an alert out of it, which is now".to_owned(),
        Happening::AddSubscribers { users } => format!("keeps {} informed", people(users)),
        Happening::RemoveSubscribers { users } => format!("keeps {} informed no longer", people(users)),
        Happening::StatusUpdate { .. } => "told subscribers".to_owned(),
        Happening::AddImpact { business_service } => {
            format!("says that it impacts {}", business(business_service, directory))
        }
        Happening::RemoveImpact { business_service } => {
            format!("says that it impacts {} no longer", business(business_service, directory))
        }
        Happening::AddConferenceBridge { bridge } => format!("opened a place to meet: {bridge}"),
        Happening::RunResponseSet { name, .. } => format!("ran the response set {name}"),
        Happening::RunWorkflow { name, .. } => format!("ran the workflow {name}"),
        Happening::EditTitle { title } => format!("called it “{title}”"),
        Happening::UpdateTags { tags } if tags.is_empty() => "removed its tags".to_owned(),
        Happening::UpdateTags { tags } => format!("tagged it {}", tags.join(", ")),
        Happening::DeliveryFailed { user, channel, answer, next } => {
            let instead = next.map(|next| format!("; {} is tried at once", next.word())).unwrap_or_default();
            format!("could not reach {} by {}: {answer}{instead}", directory.shown_name(user), channel.word())
        }
        Happening::DeliveryPaused { user, channel, until, next, .. } => {
            let instead = next.map(|next| format!("; {} is tried at once", next.word())).unwrap_or_default();
            let (user, until) = (directory.shown_name(user), at(*until));
            format!("leaves {user}'s {} alone until {until}, because it keeps failing{instead}", channel.word())
        }
        Happening::Resent { user, channel, .. } => {
            format!("had a message sent again to {} by {}", directory.shown_name(user), channel.word())
        }
        Happening::Resolve => "resolved it".to_owned(),
    }
}

fn opened(opening: &Opening, known: Known<'_>) -> String {
    let directory = known.directory;
    let rule = opening.rule.as_ref().map(|rule| format!(", by the rule “{rule}”"));
    let outside = opening.is_outside_support_hours.then(|| ", outside support hours".to_owned());
    let asked = match opening.alerting.assignees.is_empty() {
        true => "nobody was asked".to_owned(),
        false => format!("asked {}", people(&opening.alerting.assignees, directory)),
    };
    let after = opening.after_maintenance.as_ref().map(|window| format!(", after the maintenance {window}"));
    let more: String = [rule, outside, after].into_iter().flatten().collect();
    format!("opened{more}: {asked}")
}

fn whom(alerting: &Alerting, directory: &Directory) -> String {
    people(&alerting.assignees, directory)
}

/// People by the names that are shown, or nobody.
pub(super) fn people(users: &[Username], directory: &Directory) -> String {
    let names: Vec<_> = users.iter().map(|user| isolated(directory.shown_name(user))).collect();
    match names.split_last() {
        None => "nobody".to_owned(),
        Some((one, [])) => one.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// Letters before it are written from left to right.
const FIRST_FROM_THE_RIGHT: char = '\u{590}';

/// A name that does not turn the direction of the words around it: without marks of direction, and between marks that keep what
/// is within from what is around.
fn isolated(name: &str) -> String {
    if name.chars().all(|letter| letter < FIRST_FROM_THE_RIGHT) {
        return name.to_owned();
    }
    let is_mark = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String = name.chars().filter(|letter| !is_mark(*letter)).collect();
    format!("\u{2068}{plain}\u{2069}")
}

/// Policies by their names, a person's own by theirs.
fn names(targets: &[RefId], directory: &Directory) -> String {
    let name = |id: &RefId| {
        let named = directory.policies.with_ref(id.as_str()).map(|entry| entry.component.name.clone());
        let own = || {
            let users = directory.users.iter().map(|entry| &entry.component);
            users
                .filter(|user| directory.own_policy(user.username.as_str()) == Some(id))
                .map(|user| user.shown_name().to_owned())
                .next()
        };
        named.or_else(own).unwrap_or_else(|| "a policy that is gone".to_owned())
    };
    targets.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn business(id: &RefId, directory: &Directory) -> String {
    directory.business_service_name(id).unwrap_or("a business service that is gone").to_owned()
}

fn levels(levels: &[u32]) -> String {
    let numbers: Vec<_> = levels.iter().map(u32::to_string).collect();
    match numbers.len() {
        1 => format!("level {}", numbers[0]),
        _ => format!("levels {}", numbers.join(", ")),
    }
}

fn quoted(what: &Happening) -> Option<&str> {
    match what {
        Happening::Notate { notes: text } | Happening::StatusUpdate { text } => Some(text),
        _ => None,
    }
}

/// What was written: what people note is Markdown, what comes from monitoring tools or is sent to subscribers is text.
fn quote(event: &Event) -> Option<Quote> {
    let text = quoted(&event.what)?;
    let is_note = matches!(event.what, Happening::Notate { .. }) && event.method != Method::IntegrationsApi;
    Some(if is_note { Quote::Note(written::html(text)) } else { Quote::Text(text.to_owned()) })
}

fn other(what: &Happening) -> Option<InstanceId> {
    match what {
        Happening::MergedInto { survivor } => Some(*survivor),
        Happening::Absorbed { absorbed, .. } => Some(*absorbed),
        Happening::UnMerge { into, .. } => Some(*into),
        _ => None,
    }
}
