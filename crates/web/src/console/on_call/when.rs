//! When would I be paged: one's own shifts over all routines, by what one is reached, and the calendar of it.

use super::calendar::{Calendar, Day};
use super::cover;
use super::policy::{ReachedBy, reached_by};
use super::routine;
use super::work::worked_out;
use crate::api::Wish;
use crate::console::address;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::time::{Clock, Moment};
use crate::console::visit::Visit;
use crate::gate::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::{Directory, Entry};
use domain::permission::Action;
use domain::routine::{Routine, Tally, tally};
use domain::{Instant, Urgency, Username};

/// So many days are shown, from today on.
const DAYS: u16 = 28;

#[derive(Template)]
#[template(path = "console/on_call/when.html")]
struct When {
    frame: Frame,
    place: String,
    found: Found,
    form_key: String,
    /// The address of the calendar, where it is asked for.
    feed: Option<String>,
    refused: Vec<String>,
}

/// What there is to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    shifts: Vec<Shift>,
    tally: Tally,
    /// Levels that name the person always: the policy's name, its address, and the number.
    always: Vec<(String, String, usize)>,
    urgencies: Vec<(&'static str, Vec<ReachedBy>)>,
    is_unreachable: bool,
}

/// A shift.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shift {
    begins: Moment,
    span: String,
    routine: String,
    /// Where it is seen, and where it is swapped.
    address: String,
    swap: String,
    /// Where others are asked to take it; nothing once it has begun.
    cover: Option<String>,
    is_now: bool,
    tally: Tally,
}

/// Shows it.
pub(super) async fn show(visit: &Visit) -> Response {
    match visit.seen(Action::ChangeOwn).await {
        Ok(seen) => answer(&seen, None).await,
        Err(page) => page,
    }
}

/// Tells the address of one's calendar, a new one where that is asked.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::ChangeOwn).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let renew = (form.text("act") == "renew").then(|| ("renew".to_owned(), "true".to_owned()));
    let wish = Wish {
        idempotency_key: form.get("idempotency_key").map(str::to_owned),
        ..Wish::of_pairs("user-feed", renew.as_slice())
    };
    let wish = wish.at("preferred_username", &seen.session.person.username);
    let feed = seen.answer("user-feed", wish).await;
    let feed = feed.map(|answer| answer["url"].as_str().unwrap_or_default().to_owned());
    answer(&seen, Some(feed)).await
}

async fn answer(seen: &Seen<'_>, feed: Option<Result<String, Problem>>) -> Response {
    let visit = seen.visit;
    let (clock, username) = (visit.clock.clone(), seen.session.person.username.clone());
    let found = match worked_out(seen, move |directory| self::found(directory, &clock, &username)).await {
        Ok(found) => found,
        Err(page) => return page,
    };
    let (feed, problem) = match feed {
        Some(Ok(feed)) => (Some(feed), None),
        Some(Err(problem)) => (None, Some(problem)),
        None => (None, None),
    };
    let page = When {
        frame: visit.frame(),
        place: visit.clock.place(),
        found,
        form_key: seen.form_key(),
        feed,
        refused: problem.as_ref().map(|problem| problem.errors.clone()).unwrap_or_default(),
    };
    match problem {
        Some(problem) => visit.refuse_on(&problem, &page),
        None => page::show(&visit.app, StatusCode::OK, &page),
    }
}

fn found(directory: &Directory, clock: &Clock, username: &Username) -> Found {
    let calendar = Calendar::of(clock.zone());
    let days = calendar.days(calendar.day_of(clock.now()), DAYS);
    let teller = Teller { clock, days: &days, username };
    let mut shifts: Vec<_> = directory.routines.iter().flat_map(|entry| teller.shifts(directory, entry)).collect();
    shifts.sort_by(|one, other| (one.0, &one.2.routine).cmp(&(other.0, &other.2.routine)));
    let stretches: Vec<_> = shifts.iter().map(|(from, until, _)| (*from, *until)).collect();
    let reached = |urgency: Urgency| (urgency.word(), reached_by(directory, username, urgency, None));
    Found {
        tally: tally(&united(&stretches), clock.zone()),
        shifts: shifts.into_iter().map(|(_, _, shift)| shift).collect(),
        always: always(directory, username),
        urgencies: Urgency::ALL.into_iter().rev().map(reached).collect(),
        is_unreachable: directory.channels_of(username).is_empty(),
    }
}

/// Times of several routines at once count once; they are in the order in which they begin.
fn united(stretches: &[(Instant, Instant)]) -> Vec<(Instant, Instant)> {
    let mut united: Vec<(Instant, Instant)> = Vec::new();
    for (from, until) in stretches {
        match united.last_mut() {
            Some((_, last)) if *from <= *last => *last = (*last).max(*until),
            _ => united.push((*from, *until)),
        }
    }
    united
}

/// The levels on which the person is whatever a routine says.
fn always(directory: &Directory, username: &Username) -> Vec<(String, String, usize)> {
    let mut levels = Vec::new();
    for entry in directory.policies.by_name() {
        let policy = &entry.component;
        for (level, number) in policy.levels.iter().zip(1..) {
            if level.users.contains(username) {
                let address = address::of("/app/policies", &policy.name, entry.ref_id.as_str());
                levels.push((policy.name.clone(), address, number));
            }
        }
    }
    levels
}

#[derive(Clone, Copy)]
struct Teller<'a> {
    clock: &'a Clock,
    days: &'a [Day],
    username: &'a Username,
}

impl Teller<'_> {
    fn shifts(self, directory: &Directory, entry: &Entry<Routine>) -> Vec<(Instant, Instant, Shift)> {
        let routine = &entry.component;
        if !routine::people(directory, routine).contains(&self.username) {
            return Vec::new();
        }
        let days = usize::try_from(directory.schedule_days(&routine.name)).unwrap_or(1);
        let last = self.days.len().min(days.max(1)).saturating_sub(1);
        let shown = self.days.get(last);
        let until = shown.map_or(self.clock.now(), |day| day.until);
        let intervals = directory.schedule(&routine.name, self.clock.now(), until);
        let mut own: Vec<(Instant, Instant)> = Vec::new();
        for interval in intervals.iter().filter(|interval| interval.on_call.contains(self.username)) {
            match own.last_mut() {
                Some((_, until)) if *until == interval.from => *until = interval.until,
                _ => own.push((interval.from, interval.until)),
            }
        }
        own.into_iter().map(|(from, until)| (from, until, self.shift(entry, from, until))).collect()
    }

    fn asking(self, entry: &Entry<Routine>, from: Instant, until: Instant) -> String {
        cover::asking(entry.ref_id.as_str(), &format!("{}Z", from.wire()), &format!("{}Z", until.wire()))
    }

    fn shift(self, entry: &Entry<Routine>, from: Instant, until: Instant) -> Shift {
        let name = &entry.component.name;
        let address = address::of("/app/routines", name, entry.ref_id.as_str());
        let link = format!("{}~{}Z~{}Z", self.username, from.wire(), until.wire());
        Shift {
            begins: self.clock.moment(from),
            span: self.clock.span(from, until),
            routine: name.clone(),
            swap: address::adding(&address, "swap", &link) + "#swap",
            cover: (from > self.clock.now()).then(|| self.asking(entry, from, until)),
            address,
            is_now: from <= self.clock.now(),
            tally: tally(&[(from, until)], self.clock.zone()),
        }
    }
}

#[cfg(test)]
mod tests;
