//! Jira's webhooks about issues (intake §3.5).

use crate::links::add;
use crate::members::{Object, entries, object, paragraphs, spelled, text};
use crate::times::time;
use crate::titles::entitle;
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// One alert; `None` without an issue.
pub(crate) fn read(body: &Object) -> Option<Vec<Received>> {
    let issue = object(body, "issue")?;
    let key = text(issue, "key")?;
    let fields = object(issue, "fields").cloned().unwrap_or_default();
    let named = |name: &str| object(&fields, name).and_then(|of| text(of, "name"));
    let mut received = Received::of(state(body, &fields));
    let told = [
        ("Status", named("status")),
        ("Priority", named("priority")),
        ("Type", named("issuetype")),
        ("Reporter", object(&fields, "reporter").and_then(|one| text(one, "displayName"))),
    ];
    let told = told.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", value?)));
    let told = told.collect::<Vec<_>>().join("\n");
    let summary = text(&fields, "summary").unwrap_or_default();
    // Newer descriptions are documents of nested parts.
    let description = fields.get("description").filter(|value| value.is_string()).and_then(spelled);
    entitle(&mut received, format!("{key} {summary}").trim(), paragraphs([description.unwrap_or_default(), told]));
    received.severity = named("priority").map(|word| word.to_lowercase());
    received.urgency = received.severity.as_deref().and_then(urgency);
    received.tags = fields.get("labels").map(entries).unwrap_or_default().iter().filter_map(spelled).collect();
    let project = object(&fields, "project").and_then(|project| text(project, "key"));
    received.labels.extend(project.map(|project| ("project".to_owned(), project)));
    received.labels.extend(named("issuetype").map(|kind| ("type".to_owned(), kind)));
    add(&mut received, "Jira", text(issue, "self").and_then(|address| page(&address, &key)));
    received.identity = Some(key);
    received.occurred_at = body.get("timestamp").and_then(time);
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

/// An issue fires when it is made or opened again, and is over when it is done or deleted.
fn state(body: &Object, fields: &Object) -> State {
    let event = text(body, "webhookEvent").unwrap_or_default();
    let status = object(fields, "status");
    let category = status.and_then(|status| text(object(status, "statusCategory")?, "key")).unwrap_or_default();
    let changes = object(body, "changelog").and_then(|log| log.get("items")).map(entries).unwrap_or_default();
    let moved = changes.iter().any(|item| item["field"] == "status" || item["field"] == "resolution");
    match event.trim_start_matches("jira:") {
        "issue_deleted" => State::Resolved,
        "issue_created" if category != "done" => State::Firing,
        "issue_created" => State::Resolved,
        "issue_updated" if category == "done" => State::Resolved,
        // From one state of work to another it goes on; from done it fires anew.
        "issue_updated" if moved && category == "new" => State::Firing,
        _ => State::Noted,
    }
}

fn urgency(priority: &str) -> Option<Urgency> {
    match priority {
        "highest" | "blocker" | "critical" => Some(Urgency::Critical),
        "high" | "major" => Some(Urgency::High),
        "medium" => Some(Urgency::Medium),
        "low" | "minor" => Some(Urgency::Low),
        "lowest" | "trivial" => Some(Urgency::Minor),
        _ => None,
    }
}

/// Where people see an issue, of the address of it that programs read: that of its server, and its key.
fn page(address: &str, key: &str) -> Option<String> {
    Some(format!("{}/browse/{key}", address.split_once("/rest/")?.0))
}
