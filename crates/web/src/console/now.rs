//! The first page: what one is asked for, what else burns, when one is on call, and what is wrong.

use super::frame::Frame;
use super::incident::{Row, Shape, rows};
use super::page;
use super::seen::Seen;
use super::time::Moment;
use super::visit::Visit;
use super::welcome::{SetUp, set_up};
use super::wrong::{Wrong, wrong};
use crate::gate::{Problem, failed};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::cover::Cover;
use domain::incident::{Incident, Status};
use domain::permission::Action;
use engine::Filter;
use std::cmp::Reverse;

/// Unresolved incidents on the page; the list has all.
const SHOWN: u32 = 100;

#[derive(Template)]
#[template(path = "console/now.html")]
struct Now {
    frame: Frame,
    name: String,
    /// What they are asked for.
    own: Vec<Row>,
    /// What else is unresolved, the most urgent first.
    others: Vec<Row>,
    shape: Shape,
    /// How many are unresolved in all.
    unresolved: u64,
    duty: Vec<(String, u32, Option<Moment>)>,
    next: Option<(String, Moment, Moment)>,
    /// By how many requests for cover they are asked that they have not answered.
    covers: usize,
    wrong: Vec<Wrong>,
    /// By what a repetition of acknowledging all of them is known.
    all_key: String,
    /// The step at which setting up stands.
    set_up: Option<SetUp>,
}

impl Now {
    /// What they are asked for that nobody has acknowledged.
    fn unanswered(&self) -> Vec<i64> {
        self.own.iter().filter(|row| row.is_open).map(|row| row.number).collect()
    }
}

/// The first page of whoever reads no technical detail.
#[derive(Template)]
#[template(path = "console/nothing_technical.html")]
struct NothingTechnical {
    frame: Frame,
    name: String,
    organization: String,
    role: &'static str,
    /// What they are asked for all the same: a role never decides who is paged.
    own: Vec<Row>,
}

/// Shows it, to whoever is signed in.
pub(super) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::ChangeOwn).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    if !seen.may(Action::Read) {
        let person = &seen.session.person;
        let own = match asked_of(&seen).await {
            Ok(own) => rows(&seen, &own),
            Err(problem) => return visit.refuse(&problem),
        };
        let page = NothingTechnical {
            frame: visit.frame(),
            name: person.name.clone(),
            organization: person.organization_name.clone(),
            role: person.role.word(),
            own,
        };
        return page::show(&visit.app, StatusCode::OK, &page);
    }
    match compose(&seen).await {
        Ok(now) => page::show(&visit.app, StatusCode::OK, &now),
        Err(problem) => visit.refuse(&problem),
    }
}

fn unresolved() -> Filter {
    Filter { statuses: vec![Status::Open, Status::Acknowledged], ..Filter::default() }
}

/// What whoever looks is asked for.
async fn asked_of(seen: &Seen<'_>) -> Result<Vec<Incident>, Problem> {
    let own = Filter { assignee: Some(seen.session.person.username.clone()), ..unresolved() };
    let listed = seen.visit.app.engine.incidents(seen.reader(), own, SHOWN).await.map_err(failed)?;
    Ok(unpaired(listed.incidents))
}

async fn compose(seen: &Seen<'_>) -> Result<Now, Problem> {
    let (app, clock) = (&seen.visit.app, &seen.visit.clock);
    let me = &seen.session.person.username;
    let standing = app.administration.standing(seen.reader(), me.clone(), seen.now).await.map_err(failed)?;
    let counts = app.engine.unresolved(seen.reader()).await.map_err(failed)?;
    let listed = app.engine.incidents(seen.reader(), unresolved(), SHOWN).await.map_err(failed)?;
    let own = asked_of(seen).await?;
    let mut others = unpaired(listed.incidents);
    others.retain(|incident| !incident.assignees.contains(me));
    others.sort_by_key(|incident| (Reverse(incident.urgency.number()), Reverse(incident.instance_id)));
    let wrong = wrong(seen, &standing).await?;
    let person = &seen.session.person.ref_id;
    let covers = app.administration.covers(seen.reader(), person.clone()).await.map_err(failed)?;
    let directory = &seen.whole().directory;
    let is_unanswered = |cover: &&Cover| {
        let own = cover.asked.iter().find(|asked| asked.person == *person);
        own.is_some_and(|asked| asked.said.is_none()) && cover.can_be_answered(directory, seen.now).is_ok()
    };
    Ok(Now {
        frame: seen.visit.frame(),
        name: seen.session.person.name.clone(),
        own: rows(seen, &own),
        others: rows(seen, &others),
        shape: Shape::on_first_page(seen),
        unresolved: (counts.open + counts.acknowledged).saturating_sub(u64::try_from(own.len()).unwrap_or_default()),
        duty: standing
            .duty
            .into_iter()
            .map(|duty| (duty.policy, duty.level, duty.until.map(|until| clock.moment(until))))
            .collect(),
        next: standing.next.map(|shift| (shift.routine, clock.moment(shift.from), clock.moment(shift.until))),
        covers: covers.iter().filter(is_unanswered).count(),
        wrong,
        all_key: seen.form_key(),
        set_up: set_up(seen).await?,
    })
}

fn unpaired<T>(listed: Vec<(Incident, T)>) -> Vec<Incident> {
    listed.into_iter().map(|(incident, _)| incident).collect()
}
