//! New Relic's webhook: the default template of its workflows, and its notification channels of before (intake §3.5).

use crate::input::Options;
use crate::links::add;
use crate::members::{Object, entries, first, paragraphs, spelled, text, words};
use crate::remarks::if_unnamed;
use crate::severity;
use crate::times::time;
use domain::intake::{Received, State};
use serde_json::Value;

/// Ids of the notification and of the issue with which New Relic tries out a workflow.
const SAMPLES: [&str; 2] = ["d1b1f3fd-995a-4066-88ab-8ce4f6960654", "0ea2df1c-adab-45d2-aae0-042b609d2322"];

/// One alert; `None` if there is neither a state nor the address of an issue or an incident.
pub(crate) fn read(body: &Object, options: &Options) -> Option<Vec<Received>> {
    if !["state", "current_state", "issueUrl", "incident_url"].iter().any(|name| body.contains_key(*name)) {
        return None;
    }
    let mut received = Received::of(State::Firing);
    received.state = match is_test(body) && !options.tests_open {
        true => State::Ignored("test"),
        false => state(body, &mut received.repairs),
    };
    received.identity = first(body, &["id", "issueId", "incident_id"]).map(|(_, id)| id);
    if_unnamed(&mut received, "`id` is");
    let mut titles = body.get("title").map(entries).unwrap_or_default().iter().filter_map(spelled);
    received.title = titles.next().or_else(|| text(body, "condition_name")).unwrap_or_default();
    let entities = listed(body, "impactedEntities");
    let facts = [
        ("Affected", entities.clone()),
        ("Condition", listed(body, "alertConditionNames")),
        ("Policy", listed(body, "alertPolicyNames").into_iter().chain(text(body, "policy_name")).collect()),
        ("Incidents", text(body, "totalIncidents").into_iter().collect()),
    ];
    let facts = facts.into_iter().filter(|(_, values)| !values.is_empty());
    let facts: Vec<String> = facts.map(|(name, values)| format!("{name}: {}", values.join(", "))).collect();
    let more = titles.collect::<Vec<_>>().join("\n");
    received.text = paragraphs([more, text(body, "details").unwrap_or_default(), facts.join("\n")]);
    received.severity = first(body, &["priority", "severity"]).map(|(_, word)| word.to_lowercase());
    received.urgency = received.severity.as_deref().and_then(severity::urgency);
    received.tags = entities.iter().map(|entity| format!("entity:{entity}")).collect();
    for name in ["workflowName", "policy_name", "condition_name"] {
        received.labels.extend(text(body, name).map(|value| (name.to_owned(), value)));
    }
    let link = first(body, &["issueUrl", "incident_url"]).map(|(_, url)| url);
    add(&mut received, "New Relic", link);
    add(&mut received, "Runbook", text(body, "runbook_url"));
    let at = if received.state == State::Firing { "createdAt" } else { "updatedAt" };
    received.occurred_at = body.get(at).or_else(|| body.get("timestamp")).and_then(time);
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

/// Whether it is what the button sends that tries out a workflow, or a notification channel of before.
fn is_test(body: &Object) -> bool {
    let names = |name: &str| text(body, name).is_some_and(|text| SAMPLES.iter().any(|sample| text.contains(sample)));
    let is_channels = text(body, "current_state").is_some_and(|word| word.eq_ignore_ascii_case("test"));
    is_channels || ["id", "issueId", "issueUrl"].into_iter().any(names)
}

fn state(body: &Object, repairs: &mut Vec<String>) -> State {
    let word = first(body, &["state", "current_state"]).map(|(_, word)| word.to_lowercase());
    match word.as_deref() {
        Some("closed") => return State::Resolved,
        Some("acknowledged") => return State::Acknowledged { by: None },
        Some("created" | "activated" | "open") => {}
        _ => repairs.push("`state` is none that New Relic has: taken as firing".to_owned()),
    }
    // An issue stays activated when somebody takes it; what was done is said beside.
    let told = text(body, "trigger").is_some_and(|word| word.to_lowercase().ends_with("acknowledged"));
    if told { State::Acknowledged { by: None } } else { State::Firing }
}

fn listed(body: &Object, name: &str) -> Vec<String> {
    body.get(name).map(words).unwrap_or_default()
}
