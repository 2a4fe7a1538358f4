//! Google Cloud Monitoring's webhook (intake §3.5).

use crate::input::Options;
use crate::labelled;
use crate::links::add;
use crate::members::{Object, object, paragraphs, text, texts};
use crate::remarks::if_unnamed;
use crate::severity;
use crate::times::time;
use crate::titles::entitle;
use domain::intake::{Received, State};
use serde_json::Value;

/// One alert; `None` without `incident`.
pub(crate) fn read(body: &Object, options: &Options) -> Option<Vec<Received>> {
    let incident = object(body, "incident")?;
    let is_over = text(incident, "state").is_some_and(|word| word.eq_ignore_ascii_case("closed"));
    let mut received = Received::of(if is_over { State::Resolved } else { State::Firing });
    if text(body, "version").is_some_and(|version| version == "test") && !options.tests_open {
        received.state = State::Ignored("test");
    }
    received.identity = text(incident, "incident_id");
    if_unnamed(&mut received, "`incident_id` is");
    // A real alert has an object here, the test message a text.
    let documentation = object(incident, "documentation");
    let content = match documentation {
        Some(documentation) => text(documentation, "content"),
        None => text(incident, "documentation"),
    };
    let named = ["policy_name", "condition_name"].iter().find_map(|name| text(incident, name));
    let subject = documentation.and_then(|documentation| text(documentation, "subject"));
    let summary = text(incident, "summary").unwrap_or_default();
    let told = paragraphs([summary, content.unwrap_or_default()]);
    entitle(&mut received, &subject.or(named).unwrap_or_default(), told);
    received.severity = text(incident, "severity").map(|word| word.to_lowercase());
    received.urgency = received.severity.as_deref().and_then(severity::urgency);
    received.labels = object(incident, "policy_user_labels").map(texts).unwrap_or_default();
    let resource = object(incident, "resource");
    received.labels.extend(resource.and_then(|resource| object(resource, "labels")).map(texts).unwrap_or_default());
    received.tags = labelled::tags(&received.labels);
    for name in ["policy_name", "condition_name", "resource_name"] {
        received.labels.extend(text(incident, name).map(|value| (name.to_owned(), value)));
    }
    add(&mut received, "Google Cloud", text(incident, "url"));
    received.occurred_at = incident.get(if is_over { "ended_at" } else { "started_at" }).and_then(time);
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}
