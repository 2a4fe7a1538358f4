//! What alerts of the Prometheus family have in common: labels, annotations, and how they are put into words
//! (intake §3.4).

use crate::links;
use crate::members::{Object, object, paragraphs, text, texts};
use crate::severity;
use crate::titles::entitle;
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Names or values that belong to an alert, sorted.
pub(crate) type Texts = BTreeMap<String, String>;

const TITLES: [&str; 2] = ["summary", "title"];
const DESCRIPTIONS: [&str; 2] = ["description", "message"];
/// Alerts that always fire, to show that the way here is open.
const ALWAYS_FIRING: [&str; 2] = ["Watchdog", "DeadMansSwitch"];

/// The member `name` of an alert over the member `common` of its group: what the alert says itself counts.
pub(crate) fn with_common(alert: &Object, name: &str, body: &Object, common: &str) -> Texts {
    let mut all = object(body, common).map(texts).unwrap_or_default();
    all.extend(object(alert, name).map(texts).unwrap_or_default());
    all
}

/// An alert with these labels and annotations, in words for the responder; firing, unless it is one that tells
/// nobody anything.
pub(crate) fn received(labels: Texts, annotations: &Texts) -> Received {
    let mut received = Received::of(State::Firing);
    let title = TITLES.iter().find_map(|name| annotations.get(*name));
    entitle(&mut received, &title.cloned().unwrap_or_else(|| named(&labels)), in_words(annotations));
    (received.severity, received.urgency) = severity_of(&labels);
    received.tags = tags(&labels);
    for (name, value) in annotations.iter().filter(|(_, value)| links::is_address(value)) {
        links::add(&mut received, &links::caption(name), Some(value.clone()));
    }
    received.labels = labels;
    received
}

/// The state of an alert with these labels of which the sender says `state`. One that always fires, or of severity `none`,
/// tells nobody anything, but that it came.
pub(crate) fn heeded(labels: &Texts, state: State) -> State {
    let name = labels.get("alertname");
    let always = name.is_some_and(|name| ALWAYS_FIRING.contains(&name.as_str()));
    if !always && !labels.get("severity").is_some_and(|word| word.eq_ignore_ascii_case("none")) {
        return state;
    }
    match (state, name) {
        (State::Firing, Some(name)) => State::Alive(name.clone()),
        _ => State::Ignored("informational"),
    }
}

/// Whether these labels are those of Grafana's test button.
pub(crate) fn test(labels: &Texts) -> bool {
    let is = |name: &str, value: &str| labels.get(name).is_some_and(|label| label == value);
    is("alertname", "TestAlert") && is("instance", "Grafana")
}

/// An identity for labels that have none: SHA-256 over each name and value in order, with bytes between them that
/// cannot be in a text. `None` without labels.
pub(crate) fn digest(labels: &Texts) -> Option<String> {
    let mut hash = Sha256::new();
    for (name, value) in labels {
        hash.update(name);
        hash.update([0xff]);
        hash.update(value);
        hash.update([0xff]);
    }
    (!labels.is_empty()).then(|| hex(&hash.finalize()))
}

/// Gives an alert without the sender's own name for it the identity of its labels, and says so.
pub(crate) fn identify(received: &mut Received, missing: &str) {
    received.identity = digest(&received.labels);
    received.repairs.push(match received.identity {
        Some(_) => format!("{missing} is missing: what has the same labels counts as the same"),
        None => format!("{missing} is missing: each is a new alert"),
    });
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A label as `name:value` for each, without those that are for machines only.
pub(crate) fn tags(labels: &Texts) -> Vec<String> {
    let shown = labels.iter().filter(|(name, _)| !name.starts_with("__"));
    shown.map(|(name, value)| format!("{name}:{value}")).collect()
}

/// The first word for how bad it is that the field knows, and what it comes to; else the first that is there.
pub(crate) fn severity_of(labels: &Texts) -> (Option<String>, Option<Urgency>) {
    let words = ["severity", "priority"].iter().filter_map(|name| labels.get(*name)).map(|word| word.to_lowercase());
    let known = words.clone().find_map(|word| severity::urgency(&word).map(|urgency| (Some(word), Some(urgency))));
    known.unwrap_or_else(|| (words.clone().next(), None))
}

/// The part of the body that an alert came from, with what the group says of it beside.
pub(crate) fn payload(alert: &Object, body: &Object) -> Value {
    let mut payload = alert.clone();
    for name in ["groupKey", "receiver"] {
        if let Some(value) = text(body, name).filter(|_| !payload.contains_key(name)) {
            payload.insert(name.to_owned(), Value::String(value));
        }
    }
    Value::Object(payload)
}

/// The title of an alert whose annotations have none: its name and where it is, else all its labels.
pub(crate) fn named(labels: &Texts) -> String {
    match (labels.get("alertname"), labels.get("instance")) {
        (Some(name), Some(instance)) => format!("{name} on {instance}"),
        (Some(name), None) => name.clone(),
        (None, _) => tags(labels).join(", "),
    }
}

/// The description, then every other annotation that is neither the title nor a link.
fn in_words(annotations: &Texts) -> String {
    let description = DESCRIPTIONS.iter().find(|name| annotations.contains_key(**name));
    let title = TITLES.iter().find(|name| annotations.contains_key(**name));
    let others = annotations.iter().filter(|(name, value)| {
        let used = [description, title].into_iter().flatten().any(|used| name == used);
        !used && !name.starts_with("__") && !links::is_address(value)
    });
    let others: Vec<String> = others.map(|(name, value)| format!("{name}: {value}")).collect();
    let description = description.and_then(|name| annotations.get(*name)).cloned().unwrap_or_default();
    paragraphs([description, others.join("\n")])
}
