//! Tools whose bodies are flat: one table that says which member is what, over one way of reading (intake §3.5).

use crate::links::{add, is_address};
use crate::members::{Object, as_object, entries, first, paragraphs, text, words};
use crate::remarks::if_unnamed;
use crate::severity;
use crate::times::time;
use crate::titles::entitle;
use domain::Urgency;
use domain::intake::{Received, SenderKind, State};
use serde_json::Value;

/// Which member of a body is what. Of several names the first counts that is there, unless it says otherwise.
struct Preset {
    kind: SenderKind,
    /// What its bodies have: all of these.
    has: &'static [&'static str],
    /// What tells a problem from others: of each of these the first that is there, together; of the first of them one must.
    identity: &'static [&'static [&'static str]],
    /// What the title says: all of these together, then the state.
    title: &'static [&'static str],
    /// What the text says: all of these, each a paragraph.
    text: &'static [&'static str],
    /// And these below it, with their names.
    facts: &'static [&'static str],
    state: &'static [&'static str],
    severity: &'static [&'static str],
    link: &'static [&'static str],
    at: &'static [&'static str],
    tags: &'static [&'static str],
    labels: &'static [(&'static str, &'static str)],
    /// States that are over, and those that page nobody; all others fire.
    over: &'static [&'static str],
    noted: &'static [&'static str],
    /// The urgency of its words for how bad it is or of its states, where the field's words are not meant.
    urgencies: &'static [(&'static str, Urgency)],
}

static PRESETS: [Preset; 4] = [
    Preset {
        kind: SenderKind::Prtg,
        has: &["status", "sensor"],
        identity: &[&["sensorid", "id"]],
        title: &["device", "sensor"],
        text: &["lastmessage", "message", "commentssensor"],
        facts: &["host", "group", "probe"],
        state: &["status"],
        severity: &[],
        link: &["linksensor"],
        at: &[],
        tags: &["tags"],
        labels: &[("device", "device"), ("sensor", "sensor"), ("group", "group"), ("probe", "probe"), ("host", "host")],
        over: &["up"],
        noted: &["unknown", "down (acknowledged)"],
        urgencies: &[("down", Urgency::Critical), ("warning", Urgency::Medium), ("unusual", Urgency::Low)],
    },
    Preset {
        kind: SenderKind::Pingdom,
        has: &["check_id", "current_state"],
        identity: &[&["check_id"]],
        title: &["check_name"],
        text: &["description", "long_description"],
        facts: &["check_type"],
        state: &["current_state"],
        severity: &["importance_level"],
        link: &[],
        at: &["state_changed_timestamp", "state_changed_utc_time"],
        tags: &["tags"],
        labels: &[("check", "check_name"), ("type", "check_type")],
        over: &["up", "success"],
        noted: &["paused", "unknown"],
        urgencies: &[("high", Urgency::Critical), ("low", Urgency::Low)],
    },
    Preset {
        kind: SenderKind::Statuscake,
        has: &["Status"],
        identity: &[&["Name"], &["URL"]],
        title: &["Name"],
        text: &[],
        facts: &["StatusCode", "Method", "IP"],
        state: &["Status"],
        severity: &[],
        link: &["URL"],
        at: &[],
        tags: &["Tags"],
        labels: &[("check", "Name"), ("host", "IP")],
        over: &["up"],
        noted: &[],
        urgencies: &[("down", Urgency::Critical)],
    },
    Preset {
        kind: SenderKind::Elastalert,
        has: &["rule"],
        identity: &[&["rule"], &["key"]],
        title: &["rule"],
        text: &["title", "text", "message"],
        facts: &["num_hits", "num_matches"],
        state: &["status"],
        severity: &["severity"],
        link: &["kibana_discover_url", "kibana_url", "link"],
        at: &["@timestamp", "timestamp"],
        tags: &["tags"],
        labels: &[("rule", "rule"), ("index", "_index")],
        over: &["ok", "resolved"],
        noted: &[],
        urgencies: &[],
    },
];

/// One alert; `None` if it has not what the bodies of its kind have.
pub(crate) fn read(kind: SenderKind, body: &Object) -> Option<Vec<Received>> {
    let preset = PRESETS.iter().find(|preset| preset.kind == kind)?;
    if !preset.has.iter().all(|name| body.contains_key(*name)) {
        return None;
    }
    let told = |names: &[&str]| names.iter().filter_map(|name| text(body, name)).collect::<Vec<_>>();
    let state = first(body, preset.state).map(|(_, word)| word);
    let word = state.as_deref().map(now).unwrap_or_default().to_lowercase();
    let mut received = Received::of(preset.state_of(&word));
    received.identity = preset.identity_of(body);
    if_unnamed(&mut received, &format!("`{}` is", preset.identity[0][0]));
    let subject = told(preset.title).join(" ");
    let title = match &state {
        Some(state) if !subject.is_empty() => format!("{subject} is {}", now(state)),
        _ => subject,
    };
    let mut said = told(preset.text);
    said.dedup();
    let facts = preset.facts.iter().filter_map(|name| Some(format!("{name}: {}", text(body, name)?)));
    said.push(facts.collect::<Vec<_>>().join("\n"));
    entitle(&mut received, &title, paragraphs(said));
    let severity = first(body, preset.severity).map(|(_, severity)| severity.to_lowercase());
    received.severity = severity.or_else(|| (!word.is_empty()).then(|| word.clone()));
    received.urgency = received.severity.as_deref().and_then(|severity| preset.urgency(severity));
    received.tags = preset.tags.iter().filter_map(|name| body.get(*name)).flat_map(tags).collect();
    for (label, member) in preset.labels {
        received.labels.extend(text(body, member).map(|value| ((*label).to_owned(), value)));
    }
    add(&mut received, "Open", first(body, preset.link).map(|(_, url)| url).filter(|url| is_address(url)));
    received.occurred_at = preset.at.iter().find_map(|name| body.get(*name).and_then(time));
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

impl Preset {
    fn state_of(&self, word: &str) -> State {
        if self.over.contains(&word) {
            State::Resolved
        } else if word.starts_with("paused") || self.noted.contains(&word) {
            State::Noted
        } else {
            State::Firing
        }
    }

    fn identity_of(&self, body: &Object) -> Option<String> {
        let mut parts = self.identity.iter().map(|names| first(body, names).map(|(_, part)| part));
        let head = parts.next()??;
        Some(parts.flatten().fold(head, |identity, part| format!("{identity} {part}")))
    }

    fn urgency(&self, word: &str) -> Option<Urgency> {
        let own = self.urgencies.iter().find(|(known, _)| word.starts_with(known)).map(|(_, urgency)| *urgency);
        own.or_else(|| severity::urgency(word))
    }
}

/// What a state is now: PRTG says what was before, as in `Down ended (now: Up)`.
fn now(state: &str) -> &str {
    let after = state.split_once("(now: ").and_then(|(_, rest)| rest.strip_suffix(')'));
    after.unwrap_or(state.strip_suffix(" ESCALATION").unwrap_or(state)).trim()
}

/// Tags as a list of words or of objects with names, or as one text with commas.
fn tags(value: &Value) -> Vec<String> {
    let name = |one: &Value| as_object(one).and_then(|one| text(one, "name"));
    match entries(value).iter().map(name).collect::<Option<Vec<_>>>() {
        Some(names) if !names.is_empty() => names,
        _ => words(value),
    }
}
