//! The page about oneself.

use super::away::Away;
use super::bar::{Bar, bars};
use super::device::{Device, devices};
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::{StateBadge, channel_word};
use crate::console::seen::Seen;
use crate::console::time::Moment;
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Urgency;
use domain::notification::Channel;
use domain::permission::Action;

#[derive(Template)]
#[template(path = "console/me/page.html")]
struct Page {
    frame: Frame,
    name: String,
    username: String,
    organization: String,
    role: &'static str,
    notice: Option<String>,
    refused: Vec<String>,
    contacts: Vec<Reach>,
    /// After how long one is reached by what, and the minutes that the bars are long.
    bars: Vec<Bar>,
    minutes: u32,
    urgencies: Vec<(i64, &'static str)>,
    key: String,
    devices: Vec<Device>,
    /// Whether this server has a carrier for push.
    can_push: bool,
    /// By what push services know this installation.
    push_key: String,
    device_key: String,
    away: Away,
}

/// One way to be reached.
struct Reach {
    channel: &'static str,
    name: &'static str,
    address: String,
    state: StateBadge,
    verified: Option<Moment>,
    /// Whether its owner is still to prove that it is theirs.
    is_unproved: bool,
}

/// Shows it.
pub(in crate::console) async fn show(visit: &Visit) -> Response {
    match visit.seen(Action::ChangeOwn).await {
        Ok(seen) => match compose(&seen, None, Away::of(&seen, &Form::default())).await {
            Ok(page) => page::show(&visit.app, StatusCode::OK, &page),
            Err(problem) => visit.refuse(&problem),
        },
        Err(page) => page,
    }
}

/// Shows it with what came of what was asked for.
pub(super) async fn answer(seen: &Seen<'_>, done: Result<String, Problem>) -> Response {
    shown(seen, done.map(Some), Away::of(seen, &Form::default())).await
}

/// Shows it with what came of the form about being away, which says itself what is wrong with it.
pub(super) async fn answer_away(seen: &Seen<'_>, done: Result<Option<String>, Problem>, away: Away) -> Response {
    shown(seen, done, away).await
}

async fn shown(seen: &Seen<'_>, done: Result<Option<String>, Problem>, away: Away) -> Response {
    match compose(seen, Some(&done), away).await {
        Ok(page) => match done {
            Ok(_) => page::show(&seen.visit.app, StatusCode::OK, &page),
            Err(problem) => seen.visit.refuse_on(&problem, &page),
        },
        Err(problem) => seen.visit.refuse(&problem),
    }
}

async fn compose(seen: &Seen<'_>, done: Option<&Result<Option<String>, Problem>>, away: Away) -> Result<Page, Problem> {
    let person = &seen.session.person;
    let administration = &seen.visit.app.administration;
    let contacts = administration.contacts(seen.reader(), person.username.clone()).await.map_err(failed)?;
    let reach = |contact: directory::Contact| {
        let is_unproved = contact.channel.needs_verification() && contact.verified_at.is_none();
        let state = match (is_unproved, contact.is_usable) {
            (true, _) => StateBadge::new("warn", "not proved yet"),
            (false, true) => StateBadge::new("good", "in use"),
            (false, false) => StateBadge::new("bad", "this server cannot send there"),
        };
        Reach {
            channel: contact.channel.word(),
            name: channel_word(contact.channel),
            address: contact.address,
            state,
            verified: contact.verified_at.map(|at| seen.visit.clock.moment(at)),
            is_unproved,
        }
    };
    let (bars, minutes) = bars(&seen.snapshot.directory, &person.username);
    // The form about being away says it where it stands.
    let refused = done.and_then(|done| done.as_ref().err()).filter(|_| away.problems.is_empty());
    Ok(Page {
        frame: seen.visit.frame(),
        name: person.name.clone(),
        username: person.username.to_string(),
        organization: person.organization_name.clone(),
        role: person.role.word(),
        notice: done.and_then(|done| done.as_ref().ok()).cloned().flatten(),
        refused: refused.map(|problem| problem.errors.clone()).unwrap_or_default(),
        contacts: contacts.into_iter().map(reach).collect(),
        bars,
        minutes,
        urgencies: Urgency::ALL.iter().rev().map(|urgency| (urgency.number(), urgency.word())).collect(),
        key: seen.form_key(),
        devices: devices(seen).await?,
        can_push: seen.snapshot.directory.channels.contains(&Channel::Push),
        push_key: seen.visit.app.notifier.vapid_key().await.map_err(failed)?.public().to_owned(),
        device_key: seen.form_key(),
        away,
    })
}
