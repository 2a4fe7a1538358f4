//! A whole group of the Prometheus family as one alert, which an integration may ask for (intake §3.4).

use crate::labelled::{self, Texts, with_common};
use crate::links;
use crate::members::{Object, paragraphs, text};
use domain::intake::{Received, State};
use serde_json::Value;

/// Alerts of a group whose links and pictures it takes over; those that fire come first.
const LOOKED_AT: usize = 20;

/// One alert for a group: its identity is the group's key, and it is over when the group's own status says so.
pub(crate) fn whole(body: &Object, alerts: &[Received]) -> Received {
    let labels = with_common(body, "groupLabels", body, "commonLabels");
    let annotations = with_common(body, "commonAnnotations", body, "commonAnnotations");
    let mut received = labelled::received(labels, &annotations);
    received.state = state(body, alerts);
    received.identity = text(body, "groupKey");
    if received.identity.is_none() {
        labelled::identify(&mut received, "`groupKey`");
    }
    if let Some(title) = text(body, "title") {
        received.title = bare(&title).to_owned();
    } else if !["summary", "title"].iter().any(|name| annotations.contains_key(*name)) {
        received.title = counted(&received.labels, alerts);
    }
    let members: Vec<String> = alerts.iter().map(member).collect();
    let message = text(body, "message").unwrap_or_default();
    let cut = truncated(body);
    let remark = cut.clone().unwrap_or_default();
    received.text = paragraphs([message, std::mem::take(&mut received.text), members.join("\n\n"), remark]);
    received.repairs.extend(cut);
    worst(&mut received, alerts);
    let firing = alerts.iter().filter(|alert| alert.state == State::Firing);
    for alert in firing.chain(alerts).take(LOOKED_AT) {
        for link in &alert.links {
            links::add(&mut received, &link.text, Some(link.url.clone()));
        }
        for image in &alert.images {
            links::add_image(&mut received, Some(image.clone()));
        }
    }
    let of_state = alerts.iter().filter(|alert| alert.state == received.state);
    received.occurred_at = of_state.filter_map(|alert| alert.occurred_at).max();
    received.payload = Value::Object(body.clone());
    received
}

/// What Alertmanager says of alerts that it cut off from the group.
pub(crate) fn truncated(body: &Object) -> Option<String> {
    let count = text(body, "truncatedAlerts").filter(|count| count.parse::<u64>().is_ok_and(|count| count > 0))?;
    Some(format!("{count} more alerts of the group were cut off by the sender (max_alerts)"))
}

/// That Alertmanager cut alerts off is said with each that is left.
pub(crate) fn noted(mut alerts: Vec<Received>, body: &Object) -> Vec<Received> {
    if let Some(remark) = truncated(body) {
        alerts.iter_mut().for_each(|alert| alert.repairs.push(remark.clone()));
    }
    alerts
}

/// A group none of whose alerts concerns anybody concerns nobody.
fn state(body: &Object, alerts: &[Received]) -> State {
    let states = || alerts.iter().map(|alert| &alert.state);
    let alive = states().find(|state| matches!(state, State::Alive(_)));
    let told = alive.or_else(|| states().find(|state| matches!(state, State::Ignored(_))));
    if let Some(told) = told.filter(|_| states().all(|state| matches!(state, State::Ignored(_) | State::Alive(_)))) {
        return told.clone();
    }
    let resolved = match text(body, "status") {
        Some(status) => status.eq_ignore_ascii_case("resolved"),
        None => !alerts.is_empty() && alerts.iter().all(|alert| alert.state == State::Resolved),
    };
    if resolved { State::Resolved } else { State::Firing }
}

/// A title without the count of alerts before it, which is another each time.
fn bare(title: &str) -> &str {
    let counted = title.starts_with("[FIRING") || title.starts_with("[RESOLVED");
    let rest = title.split_once(']').map(|(_, rest)| rest.trim()).filter(|rest| counted && !rest.is_empty());
    rest.unwrap_or(title)
}

fn counted(labels: &Texts, alerts: &[Received]) -> String {
    let firing = alerts.iter().filter(|alert| alert.state == State::Firing).count();
    let name = if labels.is_empty() { "Alerts".to_owned() } else { labelled::named(labels) };
    format!("{name} ({firing} firing of {})", alerts.len())
}

fn member(alert: &Received) -> String {
    let state = match alert.state {
        State::Resolved => "resolved",
        State::Ignored(why) => why,
        State::Alive(_) => "informational",
        State::Unknown(_) => "unreadable",
        _ => "firing",
    };
    let head = format!("{state}: {} {}", alert.title, alert.tags.join(" "));
    format!("{}\n{}", head.trim_end(), alert.text).trim_end().to_owned()
}

/// The severity of the worst alert that fires, or of the worst at all.
fn worst(received: &mut Received, alerts: &[Received]) {
    let firing = alerts.iter().filter(|alert| alert.state == State::Firing).max_by_key(|alert| alert.urgency);
    if let Some(worst) = firing.or_else(|| alerts.iter().max_by_key(|alert| alert.urgency)) {
        received.severity.clone_from(&worst.severity);
        received.urgency = worst.urgency;
    }
}
