//! Who is on call: every policy with its levels, at any instant.

use super::address;
use super::calendar::{Calendar, Edge};
use super::empty;
use super::level::{self, LevelView, Look};
use super::work::{Part, Sought, worked_out};
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::{Empty, Pager};
use crate::console::time::{Clock, Moment};
use crate::console::visit::Visit;
use crate::gate::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Instant;
use domain::directory::{Directory, Entry, EscalationPolicy, Ladder};
use domain::permission::Action;
use domain::routine::{Gap, OnCall, gaps};
use std::collections::HashMap;

const PATH: &str = "/app/on-call";
const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;
/// For so many days gaps are told beforehand.
const DAYS_AHEAD: i64 = 7;
/// So many gaps of a policy are told one by one.
const GAPS_TOLD: usize = 3;

#[derive(Template)]
#[template(path = "console/on_call/board.html")]
struct Board {
    frame: Frame,
    sought: String,
    at: AtField,
    /// The instant that is asked for, where it is not now.
    asked: Option<Moment>,
    place: String,
    policies: Vec<PolicyView>,
    total: usize,
    pager: Option<Pager>,
    empty: Option<Empty>,
}

/// The field for the instant.
struct AtField {
    value: String,
    problem: Option<String>,
}

/// A policy as the board shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PolicyView {
    name: String,
    address: String,
    levels: Vec<LevelView>,
    /// Whether nobody at all would be asked.
    is_deserted: bool,
    /// When nobody is on level 1 in the days to come.
    gaps: Vec<String>,
    /// So many more than are told.
    more_gaps: usize,
}

/// Shows it.
pub(super) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let calendar = Calendar::of(visit.clock.zone());
    let typed = visit.query.text("at");
    let read = Some(typed).filter(|typed| !typed.is_empty()).map(|typed| calendar.read(typed, Edge::Begin));
    let asked = read.as_ref().and_then(|read| read.as_ref().ok()).copied();
    let problem = read.and_then(Result::err);
    let (clock, sought) = (visit.clock.clone(), Sought::of(&seen));
    let at = asked.unwrap_or(seen.now);
    let board = (clock, sought.clone(), at);
    let (policies, total, pager) = match worked_out(&seen, move |directory| policies(directory, &board)).await {
        Ok(found) => found,
        Err(page) => return page,
    };
    let page = Board {
        frame: visit.frame(),
        empty: (total == 0).then(|| empty::policies(&sought, seen.may(Action::ChangeComponents), PATH)),
        sought: sought.words,
        at: AtField { value: filled_in(typed, asked, &calendar), problem: problem.clone() },
        asked: asked.map(|asked| visit.clock.moment(asked)),
        place: visit.clock.place(),
        policies,
        total,
        pager,
    };
    match problem {
        Some(problem) => visit.refuse_on(&Problem::invalid(vec![format!("at: {problem}")]), &page),
        None => page::show(&visit.app, StatusCode::OK, &page),
    }
}

/// An instant is shown by the wall; what could not be read stays as it was typed.
fn filled_in(typed: &str, asked: Option<Instant>, calendar: &Calendar) -> String {
    asked.map_or_else(|| typed.to_owned(), |asked| calendar.written(asked))
}

/// By whose clock, what is sought, and at which instant.
type Wanted = (Clock, Sought, Instant);

fn policies(directory: &Directory, (clock, sought, at): &Wanted) -> (Vec<PolicyView>, usize, Option<Pager>) {
    let part: Part<_> = sought.of_list(directory.policies.by_name(), |entry| entry.component.name.as_str());
    let look = Look { directory, clock, at: *at };
    let mut known = HashMap::new();
    let views = part.shown.iter().map(|entry| {
        let levels = levels(look, entry, &mut known);
        view(look, entry, levels)
    });
    let views = views.collect();
    let at = if *at == clock.now() { String::new() } else { at.wire() + "Z" };
    let pager = sought.pager(&part, |page| address::asking(PATH, &[("q", &sought.words), ("at", &at), ("page", page)]));
    (views, part.total, pager)
}

fn levels<'a>(
    look: Look<'a>,
    entry: &'a Entry<EscalationPolicy>,
    known: &mut HashMap<&'a str, OnCall>,
) -> Vec<LevelView> {
    let policy = &entry.component;
    level::levels(look, Ladder::Named(policy, look.directory), &policy.levels, known)
}

fn view(look: Look<'_>, entry: &Entry<EscalationPolicy>, levels: Vec<LevelView>) -> PolicyView {
    let gaps = coming_gaps(look, &entry.component);
    PolicyView {
        name: entry.component.name.clone(),
        address: address::of("/app/policies", &entry.component.name, entry.ref_id.as_str()),
        is_deserted: levels.iter().all(|level| level.problem.is_some()),
        levels,
        gaps: gaps.iter().take(GAPS_TOLD).map(|gap| look.clock.span(gap.from, gap.until)).collect(),
        more_gaps: gaps.len().saturating_sub(GAPS_TOLD),
    }
}

/// When nobody is on level 1; a level on which nobody ever is needs no list of gaps.
fn coming_gaps(look: Look<'_>, policy: &EscalationPolicy) -> Vec<Gap> {
    let ladder = Ladder::Named(policy, look.directory);
    let days = DAYS_AHEAD.min(ladder.schedule_days());
    let until = look.at.plus_micros(days * DAY_MICROS);
    gaps(&ladder.schedule(1, look.at, until), look.at, until)
}

#[cfg(test)]
mod tests;
