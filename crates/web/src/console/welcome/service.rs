//! What can break, and who is asked then.

use super::Done;
use super::field::{Field, FormView, Input};
use super::part::{Parts, There};
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::seen::Seen;
use crate::console::set_up::Kind;
use crate::gate::Problem;
use domain::directory::{ComponentKind, Entry, Service};
use serde_json::{Map, Value};

/// The services, and the form for one more.
pub(super) fn parts(seen: &Seen<'_>) -> Parts {
    let directory = &seen.snapshot.directory;
    let kind = Kind::of(ComponentKind::Service);
    let there = |entry: &&Entry<Service>| There {
        words: entry.component.name.clone(),
        more: format!("asks by {}", entry.component.escalation_policy),
        address: kind.page(&entry.component.name),
    };
    let services = directory.services.by_name();
    let policies: Vec<_> = directory.policies.by_name().iter().map(|entry| entry.component.name.clone()).collect();
    let first = policies.iter().find(|name| *name == "default").or(policies.first()).cloned();
    let notes = match policies.is_empty() {
        true => vec!["There is no escalation policy yet, which a service needs.".to_owned()],
        false => Vec::new(),
    };
    let policies = policies.into_iter().map(|name| (name.clone(), name)).collect();
    let fields = vec![
        Field::line("name", "Name", if services.is_empty() { "website" } else { "" }),
        Field::new("escalation_policy", "Escalation policy", Input::Choice(policies)).saying(first),
    ];
    let form = FormView::primary(seen, "make", fields, "Make the service");
    Parts { there: services.iter().map(there).collect(), notes, forms: vec![form], ..Parts::default() }
}

/// Makes one.
pub(super) async fn act(seen: &Seen<'_>, form: &Form) -> Result<Done, Problem> {
    let name = make(seen, "add-service", form, said(form, &["name", "escalation_policy"])).await?;
    Ok(Done::on(format!("The service {name} is there.")))
}

/// What these fields of a form say.
pub(super) fn said(form: &Form, names: &[&str]) -> Map<String, Value> {
    let said = names.iter().filter_map(|name| Some(((*name).to_owned(), Value::from(form.get(name)?.trim()))));
    said.collect()
}

/// Makes a component of this body; its name.
pub(super) async fn make(
    seen: &Seen<'_>,
    operation: &str,
    form: &Form,
    body: Map<String, Value>,
) -> Result<String, Problem> {
    let idempotency_key = form.get("idempotency_key").map(str::to_owned);
    let made = seen.answer(operation, Wish { body, idempotency_key, ..Wish::default() }).await?;
    Ok(made.get("name").and_then(Value::as_str).unwrap_or_default().to_owned())
}
