//! Who is on call: every policy with its levels, at any instant.

use super::calendar::{Calendar, Edge};
use super::empty;
use super::level::{self, Change, LevelView, Look};
use super::take::{Take, take, takes};
use super::who::Who;
use super::work::{Part, Sought, worked_out};
use crate::console::address;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::{Empty, Pager};
use crate::console::seen::Seen;
use crate::console::time::{Clock, Moment};
use crate::console::visit::Visit;
use crate::gate::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::{Directory, Entry, EscalationPolicy, Ladder};
use domain::permission::Action;
use domain::routine::{Gap, OnCall, gaps};
use domain::{Instant, Username};
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
    /// Where the form for taking over is sent.
    address: String,
    key: String,
    may_page: bool,
    /// The same as text, to be copied.
    text: String,
    notice: Option<String>,
    refused: Vec<String>,
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
    levels: Vec<Rung>,
    /// Whether nobody at all would be asked.
    is_deserted: bool,
    /// When nobody is on level 1 in the days to come.
    gaps: Vec<String>,
    /// So many more than are told.
    more_gaps: usize,
}

/// A level with what can be done there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rung {
    level: LevelView,
    /// Shifts that may be taken over.
    takes: Vec<Take>,
    /// Where an incident is made by hand for those who are on it; nowhere for nobody.
    page: Option<String>,
}

/// Shows it.
pub(super) async fn show(visit: &Visit) -> Response {
    match visit.seen(Action::Read).await {
        Ok(seen) => answer(&seen, None).await,
        Err(page) => page,
    }
}

/// Takes a shift over.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let done = match visit.seen(Action::Read).await {
        Ok(seen) => take(&seen, form).await,
        Err(page) => return page,
    };
    // What is shown afterwards is what is so afterwards.
    match visit.seen(Action::Read).await {
        Ok(seen) => answer(&seen, Some(done)).await,
        Err(page) => page,
    }
}

/// The page, with what came of what was asked with it.
async fn answer(seen: &Seen<'_>, done: Option<Result<String, Problem>>) -> Response {
    let visit = seen.visit;
    let calendar = Calendar::of(visit.clock.zone());
    let typed = visit.query.text("at");
    let read = Some(typed).filter(|typed| !typed.is_empty()).map(|typed| calendar.read(typed, Edge::Begin));
    let asked = read.as_ref().and_then(|read| read.as_ref().ok()).copied();
    let problem = read.and_then(Result::err);
    let (clock, sought) = (visit.clock.clone(), Sought::of(seen));
    let at = asked.unwrap_or(seen.now);
    let me = seen.may(Action::TakeShift).then(|| seen.session.person.username.clone());
    let board = (clock, sought.clone(), at, me);
    let (policies, total, pager) = match worked_out(seen, move |directory| policies(directory, &board)).await {
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
        address: visit.frame().address().to_owned(),
        key: seen.form_key(),
        may_page: seen.may(Action::ActOnIncident) && asked.is_none(),
        text: text(&visit.clock, at, &policies),
        policies,
        total,
        pager,
        notice: done.as_ref().and_then(|done| done.as_ref().ok()).cloned(),
        refused: done
            .as_ref()
            .and_then(|done| done.as_ref().err())
            .map(|problem| problem.errors.clone())
            .unwrap_or_default(),
    };
    let problem = problem.map(|problem| Problem::invalid(vec![format!("at: {problem}")]));
    match done.and_then(Result::err).or(problem) {
        Some(problem) => visit.refuse_on(&problem, &page),
        None => page::show(&visit.app, StatusCode::OK, &page),
    }
}

/// An instant is shown by the wall; what could not be read stays as it was typed.
fn filled_in(typed: &str, asked: Option<Instant>, calendar: &Calendar) -> String {
    asked.map_or_else(|| typed.to_owned(), |asked| calendar.written(asked))
}

/// By whose clock, what is sought, at which instant, and who may take shifts over.
type Wanted = (Clock, Sought, Instant, Option<Username>);

fn policies(directory: &Directory, (clock, sought, at, me): &Wanted) -> (Vec<PolicyView>, usize, Option<Pager>) {
    let part: Part<_> = sought.of_list(directory.policies.by_name(), |entry| entry.component.name.as_str());
    let look = Look { directory, clock, at: *at };
    let mut known = HashMap::new();
    let views = part.shown.iter().map(|entry| {
        let levels = levels((look, me.as_ref()), entry, &mut known);
        view(look, entry, levels)
    });
    let views = views.collect();
    let at = if *at == clock.now() { String::new() } else { at.wire() + "Z" };
    let pager = sought.pager(&part, |page| address::asking(PATH, &[("q", &sought.words), ("at", &at), ("page", page)]));
    (views, part.total, pager)
}

fn levels<'a>(
    (look, me): (Look<'a>, Option<&Username>),
    entry: &'a Entry<EscalationPolicy>,
    known: &mut HashMap<&'a str, OnCall>,
) -> Vec<Rung> {
    let policy = &entry.component;
    let views = level::levels(look, Ladder::Named(policy, look.directory), &policy.levels, known);
    let rung = |(level, of): (LevelView, &_)| {
        let takes = me.map(|me| takes(look, of, me, known)).unwrap_or_default();
        Rung { takes, page: page_address(entry, &level), level }
    };
    views.into_iter().zip(&policy.levels).map(rung).collect()
}

/// Where an incident is made by hand for a level: by the policy, which begins with the first, or by the people of another.
fn page_address(entry: &Entry<EscalationPolicy>, level: &LevelView) -> Option<String> {
    const NEW: &str = "/app/incidents/new";
    if level.people.is_empty() {
        return None;
    }
    if level.number == 1 {
        return Some(address::asking(NEW, &[("policy_ref_id", entry.ref_id.as_str())]));
    }
    let people: Vec<_> = level.people.iter().map(|who| ("users", who.username.as_str())).collect();
    Some(address::asking(NEW, &people))
}

/// The board as text.
fn text(clock: &Clock, at: Instant, policies: &[PolicyView]) -> String {
    let names = |people: &[Who]| -> String {
        let names: Vec<_> = people.iter().map(|who| who.name.as_str()).collect();
        if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
    };
    let mut lines = vec![format!("On call, {} ({})", clock.moment(at).absolute, clock.place())];
    for policy in policies {
        lines.push(String::new());
        lines.push(policy.name.clone());
        for Rung { level, .. } in &policy.levels {
            let change = match &level.change {
                Change::Never => String::new(),
                Change::At(until, next) => format!(" until {}, then {}", until.absolute, names(next)),
            };
            lines.push(format!("  level {}: {}{change}", level.number, names(&level.people)));
        }
    }
    lines.join("\n")
}

fn view(look: Look<'_>, entry: &Entry<EscalationPolicy>, levels: Vec<Rung>) -> PolicyView {
    let gaps = coming_gaps(look, &entry.component);
    PolicyView {
        name: entry.component.name.clone(),
        address: address::of("/app/policies", &entry.component.name, entry.ref_id.as_str()),
        is_deserted: levels.iter().all(|rung| rung.level.problem.is_some()),
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
