//! The last step: a real page, and what became of it.

use super::Done;
use super::field::{Field, FormView, Input};
use super::integration;
use super::part::{Message, Parts, Rung};
use super::progress::{Progress, Step};
use super::standing::missing;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::piece::{StateBadge, channel_word};
use crate::console::seen::Seen;
use crate::gate::{Problem, failed};
use domain::RefId;
use domain::incident::{Incident, Status};
use domain::limits;
use engine::Filter;
use notify::{AttemptRow, NotificationRow};
use serde_json::{Map, json};

/// The service that is paged about: that of the first integration, else the first that there is.
fn service(seen: &Seen<'_>) -> Option<(RefId, String)> {
    let directory = &seen.snapshot.directory;
    let integrations = directory.integrations.by_name();
    let of_integration = integrations.iter().find_map(|entry| entry.component.service.as_deref());
    let entry = of_integration.and_then(|name| directory.services.named(name));
    let entry = entry.or_else(|| directory.services.by_name().first().copied())?;
    Some((entry.ref_id.clone(), entry.component.name.clone()))
}

/// The form that pages, or a line that does the same from outside, and what became of the last page.
pub(super) async fn parts(seen: &Seen<'_>) -> Result<Parts, Problem> {
    let Some((service, name)) = service(seen) else {
        let notes = vec!["There is no service yet: make one first.".to_owned()];
        return Ok(Parts { notes, ..Parts::default() });
    };
    let rung = match last(seen, &service).await? {
        Some(incident) => Some(rung(seen, &incident).await?),
        None => None,
    };
    let mut notes = missing(seen);
    let url = seen.visit.app.notifier.public_url();
    if is_of_this_machine(url) {
        notes.push(
            "Links in messages lead nowhere from a phone: `server.public_url` is missing in the configuration, or names this \
             machine alone. The page rings all the same."
                .to_owned(),
        );
    }
    let directory = &seen.snapshot.directory;
    let of_service = directory
        .integrations
        .by_name()
        .into_iter()
        .find(|entry| entry.component.service.as_deref() == Some(name.as_str()));
    let snippet = match of_service {
        Some(entry) => integration::of(seen, entry).await?,
        None => None,
    };
    let title = Field::new("title", "What the page says", Input::Line("text"))
        .saying(["A first page, to see that it rings".to_owned()]);
    let form = FormView::primary(seen, "ring", vec![title], "Page whoever is on call");
    let lines = vec![format!("It opens an incident at {name}, and pages by real carriers, as any other does.")];
    Ok(Parts { snippet, rung, notes, forms: vec![FormView { lines, ..form }], ..Parts::default() })
}

/// Whether an address leads nowhere from elsewhere.
fn is_of_this_machine(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    host.is_empty() || ["localhost", "127.", "[::1]", "0.0.0.0"].iter().any(|own| host.starts_with(own))
}

async fn last(seen: &Seen<'_>, service: &RefId) -> Result<Option<Incident>, Problem> {
    let filter = Filter { service: Some(service.clone()), ..Filter::default() };
    let listed = seen.visit.app.engine.incidents(seen.reader(), filter, 1).await.map_err(failed)?;
    Ok(listed.incidents.into_iter().next().map(|(incident, _)| incident))
}

async fn rung(seen: &Seen<'_>, incident: &Incident) -> Result<Rung, Problem> {
    let ledger = seen.visit.app.notifier.notifications(seen.reader(), incident.instance_id, None, limits::PAGE_DEFAULT);
    let ledger = ledger.await.map_err(failed)?;
    Ok(Rung {
        number: incident.organization_instance_id,
        title: incident.title.clone(),
        state: incident.status.into(),
        is_open: incident.status == Status::Open,
        messages: ledger.iter().map(|(row, attempts)| message(seen, row, attempts)).collect(),
    })
}

fn message(seen: &Seen<'_>, row: &NotificationRow, attempts: &[AttemptRow]) -> Message {
    let state = match (row.state.as_str(), row.confirmed_at) {
        (_, Some(_)) => StateBadge::new("good", "reached"),
        ("sent", None) => StateBadge::new("good", "handed over"),
        ("failed", _) => StateBadge::new("bad", "failed"),
        ("waiting" | "sending", _) => StateBadge::new("warn", "due"),
        _ => StateBadge::new("over", "not sent"),
    };
    let answer = attempts.last().map(|attempt| attempt.answer.clone()).filter(|answer| !answer.is_empty());
    let at = row.finished_at.or(row.next_at).unwrap_or(row.notification.due_at);
    Message {
        name: seen.snapshot.directory.shown_name(&row.notification.user).to_owned(),
        channel: channel_word(row.notification.channel),
        state,
        when: seen.visit.clock.moment(at),
        why: answer.or_else(|| row.fate.clone()),
    }
}

/// Pages whoever is on call, or acknowledges the page.
pub(super) async fn act(seen: &Seen<'_>, form: &Form) -> Result<Done, Problem> {
    let none = || Problem::invalid(vec!["service: there is none yet".to_owned()]);
    let (service, _) = service(seen).ok_or_else(none)?;
    let body = [("title", json!(form.text("title").trim())), ("service_ref_id", json!(service))];
    let body: Map<_, _> = body.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let idempotency_key = form.get("idempotency_key").map(str::to_owned);
    seen.ask("create", Wish { body, idempotency_key, ..Wish::default() }).await?;
    Ok(match Progress::of(seen).await?.is_done(Step::Page) {
        true => Done::here("It is on its way."),
        false => Done::here("It is on its way. Acknowledge it by what rings, and all is set up."),
    })
}
