//! The page of one component: its fields in words, what names it, and what stands in a directory file for it.

mod latest;
mod maintenance;
mod member;
mod payload;
mod person;
mod renewal;
mod sender;
mod session;
mod trial;
mod turned_away;

use super::cell::Cell;
use super::fact::{Fact, facts};
use super::kind::{Kind, name_of, reference_of};
use super::list::{glance, managed, readable};
use super::name::query;
use crate::api::Wish;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::Managed;
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use directory::file::write_component;
use domain::directory::{ComponentKind, Role};
use domain::permission::{Action, Answer, Object};
use latest::{Latest, latest};
use maintenance::Maintenance;
pub(super) use maintenance::act as maintain;
use member::{Member, members};
use payload::Payloads;
use person::Contacts;
pub(super) use person::act as vouch;
use renewal::Renewal;
pub(super) use renewal::act as renew_key;
pub(in crate::console) use sender::{Snippet, snippet};
use serde_json::Value;
use session::Sessions;
pub(super) use session::act as end_sessions;
use trial::Trial;
pub(super) use trial::{act as try_out, send as send_test};
pub(in crate::console) use turned_away::Away;

#[derive(Template)]
#[template(path = "console/set_up/component.html")]
struct Page {
    frame: Frame,
    kind: Kind,
    name: String,
    description: String,
    managed: Option<Managed>,
    facts: Vec<Fact>,
    /// Where each component that names it is, and in which field it does.
    named_by: Vec<(String, String, String)>,
    /// As a directory file has it.
    text: Option<String>,
    edit: Option<String>,
    remove: Option<String>,
    contacts: Option<Contacts>,
    /// Where they are signed in, for whoever may end it.
    sessions: Option<Sessions>,
    sender: Option<Snippet>,
    /// What is said of its key.
    renewal: Option<Renewal>,
    /// What was turned away.
    away: Vec<Away>,
    payloads: Option<Payloads>,
    trial: Option<Trial>,
    /// Where the audit log tells of it, for whoever may read that.
    log: Option<String>,
    /// What begins maintenance of it, for whoever may.
    maintenance: Option<Maintenance>,
    /// The members of a team.
    members: Option<Vec<Member>>,
    /// The last alerts of a service.
    latest: Option<Vec<Latest>>,
}

/// Shows it, to whoever may see it.
pub(super) async fn show(visit: &Visit, kind: Kind, name: &str) -> Response {
    let seen = match visit.seen(kind.seeing()).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let component = match read(&seen, kind, name).await {
        Ok(component) => component,
        Err(problem) => return visit.refuse(&problem),
    };
    match drawn(&seen, kind, &component).await {
        Ok(drawn) => page::show(&visit.app, StatusCode::OK, &drawn),
        Err(page) => page,
    }
}

async fn read(seen: &Seen<'_>, kind: Kind, name: &str) -> Result<Value, Problem> {
    if kind.seeing() == Action::Read {
        return seen.answer(kind.operation, Wish::default().at(kind.parameter, name)).await;
    }
    // What customers see is shown to those, too, who read nothing else.
    let administration = &seen.visit.app.administration;
    let read = administration.component(seen.reader(), kind.kind, kind.parameter, name.to_owned()).await;
    read.map_err(failed)
}

async fn drawn(seen: &Seen<'_>, kind: Kind, component: &Value) -> Result<Page, Response> {
    let text = |key: &str| component.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let reference = reference_of(component);
    let managed = managed(component);
    let mut all = glance(seen, kind, component).await.map_err(|failure| seen.failed(failure))?;
    let is_person = kind.kind == ComponentKind::User;
    let without: &[&str] = match kind.kind {
        ComponentKind::User => person::TOLD_BESIDE,
        ComponentKind::Team => member::TOLD_BESIDE,
        _ => &[],
    };
    all.extend(facts(kind.kind, component, &seen.snapshot.directory, without));
    all.iter_mut().for_each(|fact| fact.cell = readable(seen, fact.cell.clone()));
    let is_own = is_person && name_of(component) == seen.session.person.username.as_str();
    let team = if kind.kind == ComponentKind::Team { component.get("name") } else { component.get("team") };
    let team = team.and_then(Value::as_str);
    let changes = seen.may_to(kind.changing(), team) || is_own;
    let is_open = managed.is_none() || is_person;
    let is_sender = kind.kind == ComponentKind::Integration;
    Ok(Page {
        frame: seen.visit.frame(),
        kind,
        name: name_of(component).to_owned(),
        description: text("description"),
        facts: all,
        named_by: if seen.may(Action::Read) { named_by(component) } else { Vec::new() },
        text: (seen.may(Action::Read) && is_text_whole(seen, kind)).then(|| written(kind, component)),
        edit: (changes && is_open).then(|| kind.edit(reference)),
        remove: (seen.may_to(kind.removing(), team) && managed.is_none())
            .then(|| format!("{}/remove", kind.edit(reference))),
        managed,
        contacts: if is_person {
            let contacts = Contacts::of(seen, kind, component, reference).await;
            Some(contacts.map_err(|problem| seen.visit.refuse(&problem))?)
        } else {
            None
        },
        sessions: Sessions::of(seen, kind, component, reference)
            .await
            .map_err(|problem| seen.visit.refuse(&problem))?,
        sender: snippet(kind.kind, component),
        maintenance: Maintenance::of(seen, kind, (reference, name_of(component))),
        latest: latest(seen, kind, name_of(component)).await.map_err(|problem| seen.visit.refuse(&problem))?,
        members: members(seen, kind, component),
        away: turned_away::all(seen, component),
        renewal: Renewal::of(seen, kind, component, reference),
        trial: Trial::of(seen, kind, (reference, team)),
        log: seen.may_to(Action::Audit, team).then(|| format!("/app/audit{}", query(&[("object", &text("ref_id"))]))),
        payloads: if is_sender { Some(payload::last(seen, reference).await?) } else { None },
    })
}

/// Whether whoever reads may do this to the person of this page.
fn may_to_person(seen: &Seen<'_>, action: Action, person: &Value) -> bool {
    let role = person.get("role").and_then(Value::as_str).and_then(Role::from_word);
    let object = Object { person: Some(role.unwrap_or_default()), ..Object::default() };
    seen.rights().to(action, object) == Answer::Allowed
}

/// Whether what would be copied is what there is: addresses of people are whole only for those who see them so.
fn is_text_whole(seen: &Seen<'_>, kind: Kind) -> bool {
    kind.kind != ComponentKind::User || seen.sees_all()
}

/// What a directory file says for it.
pub(super) fn written(kind: Kind, component: &Value) -> String {
    component.as_object().map(|fields| write_component(kind.kind, fields)).unwrap_or_default()
}

/// What names a component, as its reading tells it: address, words, field.
pub(super) fn named_by(component: &Value) -> Vec<(String, String, String)> {
    let places = component.get("named_by").and_then(Value::as_array).into_iter().flatten();
    let place = |place: &Value| {
        let text = |key: &str| place.get(key).and_then(Value::as_str).unwrap_or_default();
        let kind = Kind::of(ComponentKind::from_word(text("kind"))?);
        Some((kind.page(text("name")), format!("{} {}", kind.noun(), text("name")), text("field").to_owned()))
    };
    places.filter_map(place).collect()
}
