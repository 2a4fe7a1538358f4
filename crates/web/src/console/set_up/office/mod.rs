//! What an organization keeps of itself: keys, the audit log, versions, settings, sign-in providers.

mod audit;
mod history;
mod invitations;
mod keys;
mod provider;
mod settings;

use crate::api::Wish;
use crate::console::form::Form;
use crate::console::seen::Seen;
use crate::console::time::Moment;
use crate::console::visit::Visit;
use axum::response::Response;
use domain::Instant;
use serde_json::Value;

/// A page of these; none where the path is another's.
pub(super) async fn show(visit: &Visit, path: &[&str]) -> Option<Response> {
    Some(match path {
        ["keys"] => keys::show(visit).await,
        ["invitations"] => invitations::show(visit).await,
        ["me", "tokens"] => keys::show_own(visit).await,
        ["audit"] => audit::show(visit).await,
        ["history"] => history::show(visit).await,
        ["history", version] => history::show_one(visit, version).await,
        ["settings"] => settings::show(visit).await,
        ["settings", "providers"] => provider::show(visit).await,
        ["settings", "providers", name] => provider::show_one(visit, name).await,
        _ => return None,
    })
}

/// What is done on one of them.
pub(super) async fn act(visit: &Visit, path: &[&str], form: &Form) -> Option<Response> {
    Some(match path {
        ["keys"] => keys::act(visit, form).await,
        ["invitations"] => invitations::act(visit, form).await,
        ["me", "tokens"] => keys::act_on_own(visit, form).await,
        ["history", version] => history::act(visit, version, form).await,
        ["settings"] => settings::act(visit, form).await,
        ["settings", "providers"] => provider::add(visit, form).await,
        ["settings", "providers", name] => provider::act(visit, name, form).await,
        ["settings", "wall"] => settings::give_wall(visit, form).await,
        _ => return None,
    })
}

/// The text under a key; nothing where there is none.
fn text(value: &Value, key: &str) -> String {
    match value.get(key) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The time under a key.
fn time(seen: &Seen<'_>, value: &Value, key: &str) -> Option<Moment> {
    Instant::parse(&text(value, key)).map(|at| seen.visit.clock.moment(at))
}

fn list(answer: Value) -> Vec<Value> {
    match answer {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

/// What a form of these pages asks for: these fields of it, under its own key.
fn wish(form: &Form, fields: &[&str]) -> Wish {
    let said = fields.iter().filter_map(|field| Some(((*field).to_owned(), Value::from(form.get(field)?))));
    let body = said.collect();
    Wish { body, idempotency_key: form.get("idempotency_key").map(str::to_owned), ..Wish::default() }
}
