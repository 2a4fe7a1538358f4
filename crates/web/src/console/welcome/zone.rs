//! The first step: of which organization it is, and by whose clock.

use super::Done;
use super::field::{Field, FormView, Input};
use super::part::{Parts, There};
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::seen::Seen;
use crate::gate::Problem;
use serde_json::{Map, Value};

/// The organization, and the form.
pub(super) fn parts(seen: &Seen<'_>) -> Parts {
    let own = seen.snapshot.directory.user(seen.session.person.username.as_str());
    let zone = own.and_then(|user| user.timezone.clone());
    let input = if zone.is_some() { Input::Zone } else { Input::OwnZone };
    let field = Field::new("timezone", "Your time zone", input)
        .hint("By its place, such as Europe/Berlin.")
        .saying([zone.unwrap_or_else(|| "UTC".to_owned())]);
    let organization = There {
        words: seen.session.person.organization_name.clone(),
        more: "the organization: everybody and everything that belongs together".to_owned(),
        address: "/app/settings".to_owned(),
    };
    let form = FormView::primary(seen, "save", vec![field], "Go on");
    Parts { there: vec![organization], forms: vec![form], ..Parts::default() }
}

/// Keeps one's zone.
pub(super) async fn act(seen: &Seen<'_>, form: &Form) -> Result<Done, Problem> {
    let zone = form.get("timezone").map(str::trim).filter(|zone| !zone.is_empty());
    let zone = zone.ok_or_else(|| Problem::invalid(vec!["timezone: must be the name of a zone".to_owned()]))?;
    change_own(seen, form, Map::from_iter([("timezone".to_owned(), Value::from(zone))])).await?;
    Ok(Done::on(format!("Times are those of {zone} from now on.")))
}

/// Changes these fields of one's own.
pub(super) async fn change_own(seen: &Seen<'_>, form: &Form, body: Map<String, Value>) -> Result<(), Problem> {
    let own = || Wish::default().at("preferred_username", &seen.session.person.username);
    let stands = seen.answer("user", own()).await?;
    let version = stands.get("version").and_then(Value::as_i64);
    let idempotency_key = form.get("idempotency_key").map(str::to_owned);
    seen.ask("change-user", Wish { body, version, idempotency_key, ..own() }).await.map(drop)
}
