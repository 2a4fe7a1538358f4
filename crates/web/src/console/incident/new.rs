//! An incident made by hand, with who will be asked before it is made.

use super::people::word;
use super::timeline::people;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::seen::{Seen, wish};
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::alert::Addressees;
use domain::incident::{Actor, Case, Command, Order, Routing, step};
use domain::permission::Action;
use domain::{InstanceId, RefId, Urgency, Username};
use serde_json::Value;

#[derive(Template)]
#[template(path = "console/incident/new.html")]
struct New {
    frame: Frame,
    /// What was refused.
    problems: Vec<String>,
    title: String,
    description: String,
    service: String,
    services: Vec<(String, String)>,
    urgency: String,
    urgencies: Vec<(String, &'static str)>,
    policies: Vec<(String, String, bool)>,
    people: Vec<(String, String, bool)>,
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
    if form.get("rehearse").is_some() {
        let new = New { asked: Some(rehearsed(&seen, form)), ..form_page(&seen, form) };
        return page::show(&visit.app, StatusCode::OK, &new);
    }
    match create(&seen, form).await {
        Ok(number) => super::page::show(visit, &number.to_string()).await,
        Err(problem) => {
            let new = New { problems: problem.errors.clone(), ..form_page(&seen, form) };
            visit.refuse_on(&problem, &new)
        }
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
fn rehearsed(seen: &Seen<'_>, form: &Form) -> Vec<String> {
    let directory = &seen.snapshot.directory;
    let order = order(form);
    let stepped = step(Case::default(), Command::Trigger(Box::new(order)), &Actor::SYSTEM, directory, seen.now);
    let step = match stepped {
        Ok(step) => step,
        Err(refusal) => return Problem::from(refusal).errors,
    };
    let mut lines = Vec::new();
    for change in &step.changes {
        for notification in &change.notifications {
            let name = people(std::slice::from_ref(&notification.user), directory);
            let when = seen.visit.clock.moment(notification.due_at).relative;
            lines.push(format!("{name} by {}, {when}", word(notification.channel)));
        }
        if change.incident.urgency.number().to_string() != form.get("urgency_level").unwrap_or("4") {
            lines.push(format!("A rule makes it {}.", change.incident.urgency.word().to_lowercase()));
        }
    }
    if lines.is_empty() {
        lines.push("Nobody would be asked.".to_owned());
    }
    lines
}

fn order(form: &Form) -> Order {
    let urgency = form.text("urgency_level").parse::<i64>().ok().and_then(|number| Urgency::try_from(number).ok());
    Order {
        task_ref_id: RefId::from("rehearsal"),
        title: form.text("title").to_owned(),
        text: form.text("description").to_owned(),
        urgency: urgency.unwrap_or(Urgency::High),
        service: form.get("service_ref_id").map(RefId::from),
        addressed_to: Addressees {
            policies: form.all("policy_ref_id").into_iter().map(RefId::from).collect(),
            users: form.all("users").into_iter().map(Username::from).collect(),
        },
        notes: None,
        tags: Vec::new(),
        dedup_key: None,
        integration_name: None,
        source: None,
        payload: Value::Null,
        routing: Routing::Apply,
    }
}
