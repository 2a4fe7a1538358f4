//! The same thing done to many incidents: to those that are ticked, or to all that match. Each is asked for alone, so that one
//! that is refused does not keep the others from it.

use super::filter::filter;
use super::list::compose;
use super::narrow::Narrow;
use super::order::order;
use super::typed::meant;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::incident::{Incident, Status};
use domain::limits;
use domain::permission::{Action, Answer, Needs, Object};
use serde_json::Value;

/// What can be done to many at once.
const OPERATIONS: [&str; 5] = ["acknowledge", "resolve", "snooze", "reassign", "merge"];

/// The question before what cannot be undone.
#[derive(Template)]
#[template(path = "console/incident/sure.html")]
struct Sure {
    frame: Frame,
    query: String,
    numbers: Vec<(i64, String)>,
    key: String,
    operation: String,
    /// Into which others are merged.
    into: Option<i64>,
}

/// Does it.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match answer(&seen, form).await {
        Ok(response) => response,
        // What was typed stands above the list, with what is wrong with it.
        Err(problem) => match compose(&seen).await {
            Ok(mut list) => {
                list.refused = problem.errors.iter().map(|error| page::sentence(error)).collect();
                visit.refuse_on(&problem, &list)
            }
            Err(problem) => visit.refuse(&problem),
        },
    }
}

async fn answer(seen: &Seen<'_>, form: &Form) -> Result<Response, Problem> {
    let operation = form.text("operation");
    if !OPERATIONS.contains(&operation) {
        return Err(Problem::invalid(vec![format!("operation: must be one of {}", OPERATIONS.join(", "))]));
    }
    let into = survivor(seen, operation, form).await?;
    let mut chosen = chosen(seen, form).await?;
    chosen.retain(|incident| Some(incident.instance_id) != into.as_ref().map(|into| into.instance_id));
    if let Some(needs) = needs(seen, &chosen) {
        return Err(Problem::not_allowed(&needs));
    }
    if matches!(operation, "resolve" | "merge") && form.get("sure").is_none() && !chosen.is_empty() {
        let numbers = chosen.iter().map(|one| (one.organization_instance_id, one.title.clone())).collect();
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(seen.visit.query.pairs()).finish();
        let (frame, key, operation) = (seen.visit.frame(), seen.form_key(), operation.to_owned());
        let into = into.map(|into| into.organization_instance_id);
        let sure = Sure { frame, query, numbers, key, operation, into };
        return Ok(page::show(&seen.visit.app, StatusCode::OK, &sure));
    }
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for incident in &chosen {
        match one(seen, operation, incident, (form, into.as_ref())).await {
            Ok(()) => done.push(format!("#{} {}", incident.organization_instance_id, incident.title)),
            Err(problem) => refused.push(format!(
                "#{}: {}",
                incident.organization_instance_id,
                problem.errors.iter().map(|error| page::sentence(error)).collect::<Vec<_>>().join("; ")
            )),
        }
    }
    if chosen.is_empty() {
        refused.push("Nothing was ticked.".to_owned());
    }
    let mut list = compose(seen).await?;
    (list.done, list.refused) = (done, refused);
    Ok(page::show(&seen.visit.app, StatusCode::OK, &list))
}

/// What somebody would need who may do nothing to any of these; nothing else is asked of them then.
fn needs(seen: &Seen<'_>, chosen: &[Incident]) -> Option<Needs> {
    let is_own = |incident: &Incident| incident.assignees.contains(&seen.session.person.username);
    let answer = seen.rights().to(Action::ActOnIncident, Object::default());
    match answer {
        Answer::Refused(needs) if !seen.may(Action::ActOnIncident) && !chosen.iter().any(is_own) => Some(needs),
        _ => None,
    }
}

/// The incidents that are meant, unresolved ones where all that match are.
async fn chosen(seen: &Seen<'_>, form: &Form) -> Result<Vec<Incident>, Problem> {
    let engine = &seen.visit.app.engine;
    if form.get("all").is_some() {
        let (filter, ordered) = (filter(&seen.visit.query, seen), (order(&seen.visit.query), None));
        let found = engine.incidents_sorted(seen.reader(), filter, ordered, limits::PAGE_DEFAULT);
        let listed = found.await.map_err(failed)?;
        let narrow = Narrow::of(&seen.visit.query, seen);
        let incidents = listed.incidents.into_iter().map(|(incident, _)| incident);
        let matches = |incident: &Incident| incident.status != Status::Resolved && narrow.lets_through(incident);
        return Ok(incidents.filter(matches).collect());
    }
    let mut chosen = Vec::new();
    for number in form.all("number").into_iter().filter_map(|number| number.parse().ok()) {
        chosen.push(engine.numbered(seen.reader(), number).await.map_err(failed)?.incident);
    }
    Ok(chosen)
}

/// The incident into which others are to be merged.
///
/// # Errors
/// `invalid_fields` where none is named; `unknown_incident` where there is none.
async fn survivor(seen: &Seen<'_>, operation: &str, form: &Form) -> Result<Option<Incident>, Problem> {
    if operation != "merge" {
        return Ok(None);
    }
    let number = form.text("merge_into").trim().trim_start_matches('#').parse();
    let number = number.map_err(|_| {
        Problem::invalid(vec!["merge_into: the incident to merge into is named by its number".to_owned()])
    })?;
    Ok(Some(seen.visit.app.engine.numbered(seen.reader(), number).await.map_err(failed)?.incident))
}

async fn one(
    seen: &Seen<'_>,
    operation: &str,
    incident: &Incident,
    (form, into): (&Form, Option<&Incident>),
) -> Result<(), Problem> {
    let mut wish = Wish::default();
    wish.body.insert("instance_id".to_owned(), Value::from(incident.instance_id.0));
    if operation == "snooze" {
        let minutes: Option<i64> = form.text("snooze_for").parse().ok();
        wish.body.insert("snooze_for".to_owned(), minutes.map_or(Value::Null, Value::from));
    }
    if operation == "reassign" {
        let pairs = [("reassign_to".to_owned(), form.text("reassign_to").to_owned())];
        let who = meant(&pairs, &seen.snapshot.directory).into_iter().map(|(_, who)| who).filter(|who| !who.is_empty());
        wish.body.insert("reassign_to".to_owned(), who.map(Value::from).collect());
    }
    if let Some(into) = into {
        wish.body.insert("related_instance_id".to_owned(), Value::from(into.instance_id.0));
    }
    // The key of the form is that of each of them.
    wish.idempotency_key =
        form.get("idempotency_key").map(|key| format!("{key}-{}", incident.organization_instance_id));
    seen.ask(operation, wish).await.map(drop)
}
