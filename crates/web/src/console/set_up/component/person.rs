//! Where a person is reached, as far as whoever reads may know, and an administrator's word that a contact is theirs.

use super::{drawn, may_to_person};
use crate::api::Wish;
use crate::console::again;
use crate::console::form::Form;
use crate::console::page;
use crate::console::piece::StateBadge;
use crate::console::seen::Seen;
use crate::console::set_up::kind::{Kind, name_of};
use crate::console::visit::Visit;
use crate::gate::Problem;
use axum::http::StatusCode;
use axum::response::Response;
use domain::permission::Action;
use serde_json::Value;

/// Fields that the table of contacts tells, or the line above.
pub(super) const TOLD_BESIDE: &[&str] =
    &["email", "sms", "voice", "webhook", "chat", "push", "role", "profile_picture"];

/// The contacts of a person, and the forms that vouch for those that want a proof.
#[derive(Clone, Debug)]
pub(super) struct Contacts {
    /// Where the forms go.
    pub(super) action: String,
    pub(super) form_key: String,
    pub(super) all: Vec<Contact>,
    /// Whether one was vouched for just now.
    pub(super) is_done: bool,
    pub(super) refused: Vec<String>,
}

/// Where somebody is reached by one channel.
#[derive(Clone, Debug)]
pub(super) struct Contact {
    pub(super) channel: String,
    pub(super) address: String,
    pub(super) state: StateBadge,
    /// Whether whoever reads may vouch for it.
    pub(super) to_vouch: bool,
}

impl Contacts {
    /// All of a person; whole for whoever sees all, else masked.
    pub(super) async fn of(seen: &Seen<'_>, kind: Kind, person: &Value, reference: &str) -> Result<Self, Problem> {
        let wish = Wish::default().at("preferred_username", name_of(person));
        let listed = seen.answer("contacts", wish).await?;
        let (sees_all, may_vouch) = (seen.sees_all(), may_to_person(seen, Action::ChangeOthers, person));
        let listed = listed.as_array().into_iter().flatten();
        Ok(Self {
            action: format!("{}/contacts", kind.page(reference)),
            form_key: seen.form_key(),
            all: listed.map(|contact| told(contact, person, (sees_all, may_vouch))).collect(),
            is_done: false,
            refused: Vec::new(),
        })
    }
}

fn told(contact: &Value, person: &Value, (sees_all, may_vouch): (bool, bool)) -> Contact {
    let text = |key: &str| contact.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (channel, proof) = (text("channel"), text("proof"));
    // The address of a chat or a topic is a secret even then.
    let whole = person.get(channel.as_str()).and_then(Value::as_str).filter(|_| sees_all);
    let is_usable = contact.get("is_usable").and_then(Value::as_bool) == Some(true);
    let state = match (proof.as_str(), is_usable) {
        ("missing", _) => StateBadge::new("warn", "not proved yet: a code is needed"),
        (_, false) => StateBadge::new("bad", "this server has no carrier for it"),
        ("given", true) => StateBadge::new("good", "proved"),
        (_, true) => StateBadge::new("good", "used"),
    };
    let address = whole.map_or_else(|| text("address"), str::to_owned);
    Contact { address, channel, state, to_vouch: may_vouch && proof == "missing" }
}

/// Vouches for one.
pub(in crate::console::set_up) async fn act(visit: &Visit, kind: Kind, name: &str, form: &Form) -> Response {
    let seen = match visit.seen(kind.seeing()).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let component = match seen.answer(kind.operation, Wish::default().at(kind.parameter, name)).await {
        Ok(component) => component,
        Err(problem) => return visit.refuse(&problem),
    };
    if may_to_person(&seen, Action::ChangeOthers, &component) && !seen.session.is_fresh(seen.now) {
        return again::needed(visit, seen.session, &kind.page(name)).await;
    }
    let mut wish = Wish::default().at("preferred_username", name_of(&component)).at("channel", form.text("channel"));
    wish.idempotency_key = form.get("idempotency_key").map(str::to_owned);
    let done = seen.answer("trust-contact", wish).await;
    let mut drawn = match drawn(&seen, kind, &component).await {
        Ok(drawn) => drawn,
        Err(page) => return page,
    };
    match (done, &mut drawn.contacts) {
        (Ok(_), Some(contacts)) => {
            contacts.is_done = true;
            page::show(&visit.app, StatusCode::OK, &drawn)
        }
        (Err(problem), Some(contacts)) => {
            contacts.refused.clone_from(&problem.errors);
            visit.refuse_on(&problem, &drawn)
        }
        (_, None) => visit.refuse(&Problem::unknown_path()),
    }
}
