//! Events (contract §3, §4): the log of an incident, where `event_log` is a string that holds JSON.

use domain::directory::Directory;
use domain::incident::{Alerting, Event, Happening, Opening, Reopening};
use domain::notification::Channel;
use domain::{InstanceId, Instant, Username};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// One event as it is answered.
#[derive(Debug, Serialize)]
pub struct EventItem<'a> {
    event_type: &'static str,
    event_timestamp: String,
    event_method: &'static str,
    event_by: Option<&'a str>,
    event_date: String,
    event_log: String,
    instance_id: i64,
}

/// A note as it is answered.
#[derive(Debug, Serialize)]
pub struct NoteItem<'a> {
    notes: &'a str,
    timestamp: String,
    by: Option<&'a str>,
}

/// A status update as it is answered.
#[derive(Debug, Serialize)]
pub struct StatusUpdateItem<'a> {
    status_update: &'a str,
    timestamp: String,
    by: Option<&'a str>,
}

/// The events of an incident, oldest first, as they are given.
pub fn events<'a>(instance_id: InstanceId, events: &'a [Event], directory: &'a Directory) -> Vec<EventItem<'a>> {
    let mut next_alert_at = None;
    let item = |event: &'a Event| {
        next_alert_at = next_alert_after(event).or(next_alert_at);
        one(instance_id, event, (next_alert_at, by(event, directory)))
    };
    events.iter().map(item).collect()
}

/// The name shown for who brought it about.
fn by<'a>(event: &'a Event, directory: &'a Directory) -> Option<&'a str> {
    event.by.as_ref().and_then(|by| by.shown(directory))
}

fn one<'a>(
    instance_id: InstanceId,
    event: &'a Event,
    (next_alert_at, event_by): (Option<Instant>, Option<&'a str>),
) -> EventItem<'a> {
    EventItem {
        event_type: event.what.event_type().word(),
        event_timestamp: event.at.wire(),
        event_method: event.method.word(),
        event_by,
        event_date: event.at.wire_date(),
        event_log: log(&event.what, next_alert_at).to_string(),
        instance_id: instance_id.0,
    }
}

/// The notes among the events, newest last.
pub fn notes<'a>(events: &'a [Event], directory: &'a Directory) -> Vec<NoteItem<'a>> {
    events
        .iter()
        .filter_map(|event| match &event.what {
            Happening::Notate { notes } => {
                Some(NoteItem { notes, timestamp: event.at.wire(), by: by(event, directory) })
            }
            _ => None,
        })
        .collect()
}

/// The status updates among the events, newest last.
pub fn status_updates<'a>(events: &'a [Event], directory: &'a Directory) -> Vec<StatusUpdateItem<'a>> {
    events
        .iter()
        .filter_map(|event| match &event.what {
            Happening::StatusUpdate { text } => {
                Some(StatusUpdateItem { status_update: text, timestamp: event.at.wire(), by: by(event, directory) })
            }
            _ => None,
        })
        .collect()
}

/// When the engine acts next after this event, if the event says so.
fn next_alert_after(event: &Event) -> Option<Instant> {
    match &event.what {
        Happening::Trigger(opening) => Some(opening.alerting.next_alert_at),
        Happening::Reopen(reopening) => Some(reopening.alerting.next_alert_at),
        Happening::Acknowledge { next_alert_at } | Happening::Snooze { next_alert_at, .. } => Some(*next_alert_at),
        Happening::KeepBack { until, .. } => Some(*until),
        Happening::Dispatch { alerting, .. }
        | Happening::UnAcknowledge { alerting }
        | Happening::Escalate { alerting, .. }
        | Happening::Reassign { alerting, .. } => Some(alerting.next_alert_at),
        _ => None,
    }
}

/// What an event says of itself. `next_alert_at` is what held when it happened: a notification that was given up is
/// told as a DISPATCH, which always carries `next_alert_timestamp`, but does not change it.
fn log(what: &Happening, next_alert_at: Option<Instant>) -> Value {
    match what {
        Happening::Trigger(opening) => trigger(opening),
        Happening::Reopen(reopening) => reopened(reopening),
        Happening::Dispatch { alerting, stranded, after_maintenance } => {
            let after = after_maintenance.as_ref().map(|window| ("after_maintenance", json!(window)));
            told(alerting, stranded.then_some(("nobody_reachable", json!(true))).into_iter().chain(after))
        }
        Happening::DeliveryFailed { user, channel, answer, next } => {
            let failed = json!({"user": user, "channel": channel.word(), "answer": answer});
            about_delivery("delivery_failed", with_next(failed, *next), next_alert_at)
        }
        Happening::DeliveryPaused { user, channel, answer, until, next } => {
            let text = paused(user, *channel, *until, *next);
            let until = until.wire();
            let paused =
                json!({"user": user, "channel": channel.word(), "answer": answer, "until": until, "text": text});
            about_delivery("delivery_paused", with_next(paused, *next), next_alert_at)
        }
        Happening::Resent { user, channel, .. } => {
            about_delivery("resent", json!({"user": user, "channel": channel.word()}), next_alert_at)
        }
        Happening::Acknowledge { next_alert_at } => json!({"next_alert_timestamp": next_alert_at.wire()}),
        Happening::UnAcknowledge { alerting } => told(alerting, None),
        Happening::Escalate { alerting, passed_over } => {
            told(alerting, (!passed_over.is_empty()).then(|| ("passed_over", json!(passed_over))))
        }
        Happening::Reassign { targets, alerting, fallback } => {
            let fallback = fallback.then_some(("fallback", json!(true)));
            told(alerting, [("reassign_to", json!(targets))].into_iter().chain(fallback))
        }
        Happening::AddResponders { targets, notified, .. } => json!({"new_responders": targets, "notified": notified}),
        Happening::Snooze { minutes, next_alert_at } => {
            json!({"snooze_for": minutes, "next_alert_timestamp": next_alert_at.wire()})
        }
        Happening::KeepBack { window, until } => {
            json!({"maintenance": window, "next_alert_timestamp": until.wire()})
        }
        Happening::AmendUrgency { urgency, notified } => {
            json!({"urgency_level": urgency.number(), "notified": notified})
        }
        Happening::Notate { notes } => json!({"notes": notes}),
        Happening::MergedInto { survivor } => json!({"merged_into": survivor}),
        Happening::Absorbed { absorbed, subscribers, impacts, stays: _ } => {
            json!({"absorbed": absorbed, "subscribers": subscribers, "business_service_ref_ids": impacts})
        }
        Happening::UnMerge { task_ref_id, into, .. } => json!({"task_ref_id": task_ref_id, "new_instance_id": into}),
        Happening::AddSubscribers { users } | Happening::RemoveSubscribers { users } => json!({"subscribers": users}),
        Happening::StatusUpdate { text } => json!({"status_update": text}),
        Happening::AddImpact { business_service } | Happening::RemoveImpact { business_service } => {
            json!({"business_service_ref_id": business_service})
        }
        Happening::AddConferenceBridge { bridge } => json!({"conference_bridge": bridge}),
        Happening::RunResponseSet { response_set, name } => json!({"response_set_ref_id": response_set, "name": name}),
        Happening::RunWorkflow { workflow, name } => json!({"workflow_ref_id": workflow, "name": name}),
        Happening::EditTitle { title } => json!({"title": title}),
        Happening::UpdateTags { tags } => json!({"tags": tags}),
        Happening::Resolve => json!({}),
    }
}

/// What is told of a message, as a DISPATCH, which always carries `next_alert_timestamp`.
fn about_delivery(key: &str, told: Value, next_alert_at: Option<Instant>) -> Value {
    json!({"next_alert_timestamp": next_alert_at.map(|at| at.wire()), key: told})
}

/// The same with the channel that was asked instead, if one was.
fn with_next(mut told: Value, next: Option<Channel>) -> Value {
    if let Some(next) = next {
        told["next_channel"] = json!(next.word());
    }
    told
}

/// A pause as a sentence.
fn paused(user: &Username, channel: Channel, until: Instant, next: Option<Channel>) -> String {
    let word = channel.word();
    let instead = next.map(|next| format!("; {} is tried at once instead", next.word())).unwrap_or_default();
    format!("{user} is not reached by {word}: it keeps failing and is left alone until {} UTC{instead}", until.wire())
}

fn trigger(opening: &Opening) -> Value {
    let rule = opening.rule.as_ref().map(|rule| ("rule", json!(rule)));
    let urgency = ("urgency_level", json!(opening.urgency.number()));
    let outside = opening.is_outside_support_hours.then(|| ("outside_support_hours", json!(true)));
    let after = opening.after_maintenance.as_ref().map(|window| ("after_maintenance", json!(window)));
    told(&opening.alerting, [urgency].into_iter().chain(rule).chain(outside).chain(after))
}

/// A TRIGGER of what had ended says that it did.
fn reopened(reopening: &Reopening) -> Value {
    let rule = reopening.rule.as_ref().map(|rule| ("rule", json!(rule)));
    let always = [("reopened", json!(true)), ("urgency_level", json!(reopening.urgency.number()))];
    let outside = reopening.is_outside_support_hours.then(|| ("outside_support_hours", json!(true)));
    let after = reopening.after_maintenance.as_ref().map(|window| ("after_maintenance", json!(window)));
    told(&reopening.alerting, always.into_iter().chain(rule).chain(outside).chain(after))
}

fn told(alerting: &Alerting, more: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let Alerting { level, assignees, next_alert_at } = alerting;
    let always = [
        ("next_alert_timestamp", json!(next_alert_at.wire())),
        ("assignee_level", json!(level)),
        ("assignees", json!(assignees)),
    ];
    let entries = always.into_iter().chain(more).map(|(key, value)| (key.to_owned(), value));
    Value::Object(entries.collect::<Map<_, _>>())
}
