//! GitLab's webhooks: pipelines, jobs, deployments and issues (intake §3.5).

use crate::links::add;
use crate::members::{Object, object, text};
use crate::severity;
use crate::times::time;
use crate::titles::entitle;
use domain::intake::{Received, State};
use serde_json::Value;

/// One alert; `None` without `object_kind`.
pub(crate) fn read(body: &Object) -> Option<Vec<Received>> {
    let kind = text(body, "object_kind")?;
    let attributes = object(body, "object_attributes");
    let mut received = match (&*kind, attributes) {
        ("pipeline", Some(pipeline)) => pipeline_run(pipeline),
        ("build", _) => job(body),
        ("deployment", _) => deployment(body),
        ("issue" | "incident" | "work_item", Some(issue)) => issue_or_incident(&kind, issue, body),
        _ => Received::of(State::Ignored("informational")),
    };
    let project = object(body, "project");
    let name = project.and_then(|project| text(project, "path_with_namespace"));
    if let Some(name) = name.or_else(|| text(body, "project_name")) {
        received.identity = received.identity.map(|identity| format!("{name} {identity}"));
        if !received.title.is_empty() {
            received.title = format!("{name}: {}", received.title);
        }
        received.tags.push(format!("project:{name}"));
        received.labels.insert("project".to_owned(), name);
    }
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

fn concluded(status: &str) -> State {
    match status {
        "success" => State::Resolved,
        "failed" => State::Firing,
        _ => State::Noted,
    }
}

/// A pipeline: of one branch it is the same problem, until one goes well.
fn pipeline_run(pipeline: &Object) -> Received {
    let status = text(pipeline, "status").unwrap_or_default();
    let mut received = Received::of(concluded(&status));
    let branch = text(pipeline, "ref").unwrap_or_else(|| "no branch".to_owned());
    received.identity = Some(format!("pipeline {branch}"));
    let source = text(pipeline, "source");
    // What is not merged yet concerns who is about to merge it.
    if source.as_deref().is_some_and(is_of_merge_request) {
        received.state = State::Noted;
    }
    let source = source.map(|source| format!("Source: {source}"));
    entitle(&mut received, &format!("Pipeline on {branch}: {status}"), source.unwrap_or_default());
    received.labels.insert("branch".to_owned(), branch);
    add(&mut received, "GitLab", text(pipeline, "url"));
    received.occurred_at = ["finished_at", "created_at"].iter().find_map(|name| pipeline.get(*name).and_then(at));
    received
}

/// Whether what started a pipeline is a merge request, or a pull request of a repository elsewhere.
fn is_of_merge_request(source: &str) -> bool {
    ["merge_request_event", "external_pull_request_event"].contains(&source)
}

fn job(body: &Object) -> Received {
    let status = text(body, "build_status").unwrap_or_default();
    let is_allowed = body.get("build_allow_failure").and_then(Value::as_bool).unwrap_or_default();
    let state = concluded(&status);
    let mut received = Received::of(if is_allowed && state == State::Firing { State::Noted } else { state });
    let [name, branch] = ["build_name", "ref"].map(|member| text(body, member).unwrap_or_default());
    // A job does not say in all versions what started its pipeline, but its branch is none then.
    if text(body, "source").is_some_and(|source| is_of_merge_request(&source))
        || branch.starts_with("refs/merge-requests/")
    {
        received.state = State::Noted;
    }
    received.identity = Some(format!("job {name} {branch}"));
    let stage = text(body, "build_stage").map(|stage| format!("Stage: {stage}"));
    let reason = text(body, "build_failure_reason").filter(|_| received.state == State::Firing);
    let told = [stage, reason.map(|reason| format!("Reason: {reason}"))].into_iter().flatten().collect::<Vec<_>>();
    entitle(&mut received, &format!("Job {name} on {branch}: {status}"), told.join("\n"));
    let page = object(body, "project").and_then(|project| text(project, "web_url"));
    let id = text(body, "build_id");
    add(&mut received, "GitLab", page.zip(id).map(|(page, id)| format!("{page}/-/jobs/{id}")));
    received.labels.extend([("job".to_owned(), name), ("branch".to_owned(), branch)]);
    received.occurred_at = body.get("build_finished_at").and_then(at);
    received
}

fn deployment(body: &Object) -> Received {
    let status = text(body, "status").unwrap_or_default();
    let mut received = Received::of(concluded(&status));
    let environment = text(body, "environment").unwrap_or_else(|| "somewhere".to_owned());
    received.identity = Some(format!("deployment {environment}"));
    let commit = text(body, "commit_title").unwrap_or_default();
    entitle(&mut received, &format!("Deployment to {environment}: {status}"), commit);
    received.labels.insert("environment".to_owned(), environment);
    add(&mut received, "GitLab", text(body, "deployable_url"));
    received.occurred_at = body.get("status_changed_at").and_then(at);
    received
}

fn issue_or_incident(kind: &str, issue: &Object, body: &Object) -> Received {
    let action = text(issue, "action").unwrap_or_default();
    let mut received = Received::of(match action.as_str() {
        "open" | "reopen" => State::Firing,
        "close" => State::Resolved,
        _ => State::Noted,
    });
    received.identity = text(issue, "iid").map(|number| format!("{kind} {number}"));
    let title = text(issue, "title").unwrap_or_default();
    entitle(&mut received, &title, text(issue, "description").unwrap_or_default());
    let named = |label: &Value| label.as_object().and_then(|label| text(label, "title"));
    received.tags = body.get("labels").and_then(Value::as_array).into_iter().flatten().filter_map(named).collect();
    received.severity = text(issue, "severity").map(|word| word.to_lowercase()).filter(|word| word != "unknown");
    received.urgency = received.severity.as_deref().and_then(severity::urgency);
    add(&mut received, "GitLab", text(issue, "url"));
    received.occurred_at = issue.get("updated_at").and_then(at);
    received
}

/// `2026-11-26 22:48:14 UTC`, as GitLab writes times, or as others do.
fn at(value: &Value) -> Option<domain::Instant> {
    let text = value.as_str()?;
    time(&Value::from(text.strip_suffix(" UTC").map_or_else(|| text.to_owned(), |time| format!("{time}Z"))))
}
