//! GitHub's webhooks: what failed or was found, and what became of it (intake §3.5).

use crate::links::add;
use crate::members::{Object, object, paragraphs, text};
use crate::severity;
use crate::times::time;
use crate::titles::entitle;
use domain::intake::{Received, State};
use serde_json::Value;

/// One alert; `None` if it is none of GitHub's events.
pub(crate) fn read(body: &Object) -> Option<Vec<Received>> {
    let action = text(body, "action").unwrap_or_default();
    let main = object(body, "repository").and_then(|repository| text(repository, "default_branch"));
    let mut received = ["workflow_run", "check_suite", "check_run"]
        .iter()
        .find_map(|name| Some(run(name, object(body, name)?, main.as_deref())))
        .or_else(|| Some(deployment(object(body, "deployment_status")?, object(body, "deployment"))))
        .or_else(|| Some(alert(object(body, "alert")?, &action)))
        .or_else(|| Some(issue(object(body, "issue")?, &action)))
        .or_else(|| {
            // What else GitHub tells of, such as a push or its first `ping`, is nothing that fires.
            let is_its = ["repository", "organization", "hook", "sender"].iter().any(|name| body.contains_key(*name));
            is_its.then(|| Received::of(State::Ignored("informational")))
        })?;
    let repository = object(body, "repository").and_then(|repository| text(repository, "full_name"));
    if let Some(repository) = repository {
        received.identity = received.identity.map(|identity| format!("{repository} {identity}"));
        if !received.title.is_empty() {
            received.title = format!("{repository}: {}", received.title);
        }
        received.tags.push(format!("repository:{repository}"));
        received.labels.insert("repository".to_owned(), repository);
    }
    received.payload = Value::Object(body.clone());
    Some(vec![received])
}

/// What a conclusion says: of a run that was not finished, or neither failed nor went well, nothing.
fn concluded(conclusion: Option<&str>) -> State {
    match conclusion {
        Some("success") => State::Resolved,
        Some("failure" | "timed_out" | "startup_failure" | "action_required" | "error") => State::Firing,
        _ => State::Noted,
    }
}

/// A run of a workflow or check: the same one on the same branch is the same problem, until it goes well.
fn run(kind: &str, run: &Object, main: Option<&str>) -> Received {
    let conclusion = text(run, "conclusion");
    let mut received = Received::of(concluded(conclusion.as_deref()));
    let branch = text(run, "head_branch").or_else(|| text(object(run, "check_suite")?, "head_branch"));
    // What is not merged yet concerns who is about to merge it.
    if is_of_pull_request(run, main.is_some() && branch.as_deref() == main) {
        received.state = State::Noted;
    }
    let app = object(run, "app").and_then(|app| text(app, "name"));
    let name = text(run, "name").or(app).unwrap_or_else(|| kind.replace('_', " "));
    let on = branch.as_ref().map(|branch| format!(" on {branch}")).unwrap_or_default();
    received.identity = Some(format!("{kind} {name}{on}"));
    let word = conclusion.or_else(|| text(run, "status")).unwrap_or_default().replace('_', " ");
    let title = text(run, "display_title").unwrap_or_default();
    entitle(&mut received, &format!("{name}{on}: {word}"), title);
    received.labels.extend(branch.map(|branch| ("branch".to_owned(), branch)));
    received.labels.insert("name".to_owned(), name);
    add(&mut received, "GitHub", text(run, "html_url"));
    received.occurred_at = ["completed_at", "updated_at"].iter().find_map(|name| run.get(*name).and_then(time));
    received
}

/// Whether a run is made for a pull request. Only that of a workflow says why it was made; a check names the pull requests of
/// its branch, and the one that all others are merged into can have some that lead away from it.
fn is_of_pull_request(run: &Object, is_main: bool) -> bool {
    if let Some(event) = text(run, "event") {
        return event.starts_with("pull_request");
    }
    let names = |of: &Object| of.get("pull_requests").and_then(Value::as_array).is_some_and(|named| !named.is_empty());
    !is_main && (names(run) || object(run, "check_suite").is_some_and(names))
}

fn deployment(status: &Object, deployment: Option<&Object>) -> Received {
    let word = text(status, "state").unwrap_or_default();
    let mut received = Received::of(concluded(Some(&word)));
    let environment = text(status, "environment").or_else(|| text(deployment?, "environment"));
    let environment = environment.unwrap_or_else(|| "somewhere".to_owned());
    received.identity = Some(format!("deployment {environment}"));
    let said = text(status, "description").unwrap_or_default();
    entitle(&mut received, &format!("Deployment to {environment}: {word}"), said);
    received.labels.insert("environment".to_owned(), environment);
    let link = ["log_url", "target_url"].iter().find_map(|name| text(status, name));
    add(&mut received, "GitHub", link);
    received.occurred_at = status.get("updated_at").and_then(time);
    received
}

/// A finding of Dependabot, of code scanning or of secret scanning.
fn alert(alert: &Object, action: &str) -> Received {
    let state = match action {
        "fixed" | "dismissed" | "auto_dismissed" | "closed_by_user" | "resolved" | "closed" => State::Resolved,
        "created" | "opened" | "reopened" | "reintroduced" | "auto_reopened" | "reopened_by_user"
        | "publicly_leaked" => State::Firing,
        _ => State::Noted,
    };
    let mut received = Received::of(state);
    let link = text(alert, "html_url");
    // Each of the three counts by itself; the address says which it is.
    let number = text(alert, "number").map(|number| format!("alert {number}"));
    received.identity = link.clone().or(number);
    let advisory = object(alert, "security_advisory");
    let rule = object(alert, "rule");
    let told = |of: Option<&Object>, name: &str| of.and_then(|of| text(of, name));
    let title = told(advisory, "summary")
        .or_else(|| told(rule, "description"))
        .or_else(|| text(alert, "secret_type_display_name").map(|kind| format!("{kind} was found")));
    let text = told(advisory, "description").or_else(|| told(rule, "full_description"));
    entitle(&mut received, &title.unwrap_or_else(|| "An alert".to_owned()), text.unwrap_or_default());
    let level = told(advisory, "severity").or_else(|| told(rule, "security_severity_level"));
    let level = level.or_else(|| told(rule, "severity"));
    received.severity = level.map(|word| word.to_lowercase());
    received.urgency = received.severity.as_deref().and_then(severity::urgency);
    add(&mut received, "GitHub", link);
    received.occurred_at = alert.get("updated_at").and_then(time);
    received
}

fn issue(issue: &Object, action: &str) -> Received {
    let mut received = Received::of(match action {
        "opened" | "reopened" => State::Firing,
        "closed" | "deleted" | "transferred" => State::Resolved,
        _ => State::Noted,
    });
    received.identity = text(issue, "number").map(|number| format!("issue {number}"));
    let named = |label: &Value| label.as_object().and_then(|label| text(label, "name"));
    received.tags = issue.get("labels").and_then(Value::as_array).into_iter().flatten().filter_map(named).collect();
    let body = text(issue, "body").unwrap_or_default();
    entitle(&mut received, &text(issue, "title").unwrap_or_default(), paragraphs([body]));
    received.urgency = received.tags.iter().find_map(|tag| severity::urgency(tag));
    add(&mut received, "GitHub", text(issue, "html_url"));
    received.occurred_at = issue.get("updated_at").and_then(time);
    received
}
