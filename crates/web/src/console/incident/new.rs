//! An incident made by hand, with who will be asked before it is made.

use super::forms;
use super::timeline::people;
use super::typed::meant;
use crate::api::order_of;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::{FieldProblem, channel_word};
use crate::console::seen::{Seen, wish};
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::incident::{Actor, Case, step};
use domain::permission::Action;
use domain::{InstanceId, Urgency};
use serde_json::Value;

#[derive(Template)]
#[template(path = "console/incident/new.html")]
struct New {
    frame: Frame,
    /// What was refused.
    problems: Vec<FieldProblem>,
    title: String,
    description: String,
    service: String,
    services: Vec<(String, String)>,
    urgency: String,
    urgencies: Vec<(String, &'static str)>,
    policies: Vec<(String, String, bool)>,
    people: Vec<(String, String, bool)>,
    /// Whom the fields offer into which people are typed, where there are so many.
    offered: Vec<(&'static str, Vec<(String, String)>)>,
    /// What was typed there.
    typed: Vec<String>,
    /// Who would be asked now, by what, and what else would come of it.
    asked: Option<Vec<String>>,
    key: String,
}

/// Shows the form; what the query says is filled in.
pub(super) async fn show(visit: &Visit) -> Response {
    match visit.seen(Action::ActOnIncident).await {
        Ok(seen) => page::show(&visit.app, StatusCode::OK, &form_page(&seen, &visit.query)),
        Err(page) => page,
    }
}

/// Makes it, or says who would be asked.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::ActOnIncident).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let said = Form::of(meant(form.pairs(), &seen.snapshot.directory));
    if form.get("rehearse").is_some() {
        return match rehearsed(&seen, &said) {
            Ok(asked) => {
                let new = New { asked: Some(asked), ..form_page(&seen, form) };
                page::show(&visit.app, StatusCode::OK, &new)
            }
            Err(problem) => refused(&seen, form, &problem),
        };
    }
    match create(&seen, &said).await {
        Ok(number) => super::page::show(visit, &number.to_string()).await,
        Err(problem) => refused(&seen, form, &problem),
    }
}

fn refused(seen: &Seen<'_>, form: &Form, problem: &Problem) -> Response {
    let new = New { problems: problem.errors.iter().map(|error| told(error)).collect(), ..form_page(seen, form) };
    seen.visit.refuse_on(problem, &new)
}

/// The fields, and what they are called on the page.
const LABELS: [(&str, &str); 6] = [
    ("title", "What is wrong"),
    ("service_ref_id", "Service"),
    ("urgency_level", "Urgency"),
    ("users", "People"),
    ("policy_ref_id", "Policies"),
    ("description", "More about it"),
];

fn told(error: &str) -> FieldProblem {
    let (field, words) = error.split_once(": ").unwrap_or(("", error));
    let known = LABELS.iter().find(|(name, _)| field.starts_with(name));
    let (field, label, words) = match known {
        Some((name, label)) => ((*name).to_owned(), (*label).to_owned(), words.to_owned()),
        None => ("new".to_owned(), String::new(), page::sentence(error)),
    };
    FieldProblem { field, label, words }
}

impl New {
    /// What is wrong with a field.
    fn problem(&self, field: &str) -> Option<&FieldProblem> {
        self.problems.iter().find(|problem| problem.field == field)
    }
}

async fn create(seen: &Seen<'_>, form: &Form) -> Result<i64, Problem> {
    let answer = seen.answer("create", wish("create", form)).await?;
    let id = answer.get("instance_id").and_then(Value::as_i64).unwrap_or_default();
    seen.visit.app.engine.number_of(seen.reader(), InstanceId(id)).await.map_err(failed)
}

fn form_page(seen: &Seen<'_>, form: &Form) -> New {
    let directory = &seen.snapshot.directory;
    let ticked = |name: &str, value: &str| form.all(name).contains(&value);
    let services = directory.services.by_name();
    let policies = directory.policies.by_name();
    let users = directory.users.by_name();
    let service = form.get("service_ref_id").and_then(|known| directory.services.known(known));
    New {
        frame: seen.visit.frame(),
        problems: Vec::new(),
        title: form.text("title").to_owned(),
        description: form.text("description").to_owned(),
        service: service.map(|entry| entry.ref_id.to_string()).unwrap_or_default(),
        services: services.iter().map(|entry| (entry.ref_id.to_string(), entry.component.name.clone())).collect(),
        urgency: form.get("urgency_level").unwrap_or("4").to_owned(),
        urgencies: Urgency::ALL.iter().rev().map(|urgency| (urgency.number().to_string(), urgency.word())).collect(),
        policies: policies
            .iter()
            .map(|entry| {
                (entry.ref_id.to_string(), entry.component.name.clone(), ticked("policy_ref_id", entry.ref_id.as_str()))
            })
            .collect(),
        offered: forms::offered(directory).into_iter().filter(|(list, _)| *list == forms::PEOPLE).collect(),
        typed: (0..forms::TYPED)
            .map(|place| form.all("users").get(place).map(|said| (*said).to_owned()).unwrap_or_default())
            .collect(),
        people: users
            .iter()
            .map(|entry| {
                let user = &entry.component;
                (user.username.to_string(), user.shown_name().to_owned(), ticked("users", user.username.as_str()))
            })
            .collect(),
        asked: None,
        key: seen.form_key(),
    }
}

/// Who would be asked now, by what and when: the step itself, of which nothing is kept.
fn rehearsed(seen: &Seen<'_>, form: &Form) -> Result<Vec<String>, Problem> {
    let directory = &seen.snapshot.directory;
    let command = order_of(wish("create", form), seen.session.person.username.as_str(), "rehearsal".into())?;
    let step = step(Case::default(), command, &Actor::SYSTEM, directory, seen.now)?;
    let mut lines = Vec::new();
    for change in &step.changes {
        for notification in &change.notifications {
            let name = people(std::slice::from_ref(&notification.user), directory);
            let when = seen.visit.clock.moment(notification.due_at).relative;
            lines.push(format!("{name} by {}, {when}", channel_word(notification.channel)));
        }
        if change.incident.urgency.number().to_string() != form.get("urgency_level").unwrap_or("4") {
            lines.push(format!("Outside the support hours it is {}.", change.incident.urgency.word().to_lowercase()));
        }
    }
    if lines.is_empty() {
        lines.push("Nobody would be asked.".to_owned());
    }
    Ok(lines)
}
