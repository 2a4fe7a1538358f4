//! The page of one incident.

use super::alerts::{self, Shown};
use super::changes::{self, Changed};
use super::forms::{self, Act, Kind};
use super::outward::{Outward, outward};
use super::people::{self, Reached};
use super::timeline::{self, Entry, Known, Part, Quote};
use super::written;
use crate::console::address;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::{StateBadge, Tab, UrgencyBadge};
use crate::console::seen::Seen;
use crate::console::time::{Clock, Moment};
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::Directory;
use domain::incident::{By, Happening, Incident, Status, forecast};
use domain::limits;
use domain::permission::Action;
use engine::{FIRING_COUNTED, Filter, Numbered};

/// What came of what was asked for.
pub(super) enum Told<'a> {
    Done(&'static str),
    /// The operation, why, and what was typed.
    Refused(&'a str, &'a Problem, &'a Form),
    /// What was typed as a note, to be looked at.
    Preview(&'a Form),
}

#[derive(Template)]
#[template(path = "console/incident/page.html")]
struct Page {
    frame: Frame,
    number: i64,
    title: String,
    urgency: UrgencyBadge,
    state: StateBadge,
    status: &'static str,
    is_open: bool,
    is_taken: bool,
    since: Moment,
    over: Option<Moment>,
    service: Option<String>,
    integration: Option<String>,
    rule: Option<String>,
    created_by: Option<String>,
    /// What happens next if nobody acts, and when.
    next: Option<(String, Moment)>,
    /// What was done.
    notice: Option<&'static str>,
    /// Why something was refused, each with the place of the form or the field where it was caused, if the page has that.
    refused: Vec<(Option<String>, String)>,
    may_act: bool,
    assignees: String,
    level: u32,
    key: String,
    acts: Vec<Act>,
    people: Vec<Reached>,
    alerts: Vec<Shown>,
    /// How many there are, and how many newer ones are left out.
    alerts_all: usize,
    alerts_skipped: usize,
    /// That senders have not called over what is resolved here.
    still_firing: Option<String>,
    /// What was changed on its service shortly before.
    changes: Vec<Changed>,
    /// Who has acknowledged it; nothing where nobody has.
    taken: Option<Taken>,
    /// Whom fields that are typed into offer.
    offered: Vec<(&'static str, Vec<(String, String)>)>,
    suppressed: u32,
    suppressed_last: Option<Moment>,
    /// What of the log is shown, and what else could be.
    part: Part,
    parts: Vec<Tab>,
    entries: Vec<Entry>,
    tags: Vec<String>,
    subscribers: String,
    impacts: Vec<String>,
    bridges: Vec<(String, Option<Outward>)>,
    merged_into: Option<i64>,
}

/// That somebody has acknowledged it.
struct Taken {
    by: String,
    at: Moment,
    /// Whether that is whoever reads.
    is_own: bool,
}

impl Page {
    /// Where the page is.
    fn live(&self) -> String {
        address_of(self.number, self.alerts_skipped, self.part)
    }

    /// Whether somebody else has acknowledged it.
    fn is_of_another(&self) -> bool {
        self.taken.as_ref().is_some_and(|taken| !taken.is_own)
    }

    /// From which alert on older ones are, where there are any.
    fn older(&self) -> Option<usize> {
        let end = self.alerts_skipped + self.alerts.len();
        (end < self.alerts_all).then_some(end)
    }
}

/// The address of the page with so many newer alerts left out, and this part of its log.
fn address_of(number: i64, alerts_skipped: usize, part: Part) -> String {
    let skipped = if alerts_skipped == 0 { String::new() } else { alerts_skipped.to_string() };
    address::asking(&format!("/app/incidents/{number}"), &[("alerts", &skipped), ("log", part.word())])
}

/// The parts of the log that can be shown, and which one is.
fn parts(number: i64, alerts_skipped: usize, shown: Part) -> Vec<Tab> {
    let tab = |(part, _, title): (Part, &str, &str)| Tab {
        address: format!("{}#log", address_of(number, alerts_skipped, part)),
        title: title.to_owned(),
        count: None,
        name: "",
        is_current: part == shown,
    };
    Part::ALL.map(tab).into()
}

/// Shows it.
pub(super) async fn show(visit: &Visit, number: &str) -> Response {
    match found(visit, number).await {
        Ok((seen, found)) => answer(&seen, &found, None).await,
        Err(page) => page,
    }
}

/// The incident of this number, for somebody who may see it; else what is answered instead.
pub(super) async fn found<'a>(visit: &'a Visit, number: &str) -> Result<(Seen<'a>, Numbered), Response> {
    // Whoever is asked about an incident sees it, whatever their role; others are told that there is none.
    let seen = visit.seen(Action::ChangeOwn).await?;
    let found = load(&seen, number).await?;
    Ok((seen, found))
}

/// The incident of this number, as it is now.
pub(super) async fn load(seen: &Seen<'_>, number: &str) -> Result<Numbered, Response> {
    let Ok(number) = number.parse() else { return Err(seen.visit.nothing_here().await) };
    let app = &seen.visit.app;
    app.engine.numbered(seen.reader(), number).await.map_err(|failure| seen.failed(failure))
}

/// Answers with the page of an incident, and what came of what was asked for.
pub(super) async fn answer(seen: &Seen<'_>, found: &Numbered, told: Option<Told<'_>>) -> Response {
    match compose(seen, found, told.as_ref()).await {
        Ok(page) => match told {
            Some(Told::Refused(_, problem, _)) => seen.visit.refuse_on(problem, &page),
            _ => page::show(&seen.visit.app, StatusCode::OK, &page),
        },
        Err(problem) => seen.visit.refuse(&problem),
    }
}

async fn compose(seen: &Seen<'_>, found: &Numbered, told: Option<&Told<'_>>) -> Result<Page, Problem> {
    let (incident, directory, clock) = (&found.incident, &found.snapshot.directory, &seen.visit.clock);
    let known = Known { directory, clock, others: &found.others };
    let app = &seen.visit.app;
    let ledger = app.notifier.notifications(seen.reader(), incident.instance_id, None, limits::PAGE_MOST);
    let ledger = ledger.await.map_err(failed)?;
    let is_resolved = incident.status == Status::Resolved;
    let may_act = seen.may(Action::ActOnIncident) || incident.assignees.contains(&seen.session.person.username);
    let acts = if may_act { acts(seen, found, told).await? } else { Vec::new() };
    let opening = found.events.iter().find_map(|event| match &event.what {
        Happening::Trigger(opening) => Some(opening),
        _ => None,
    });
    let skipped = seen.visit.query.text("alerts").parse().unwrap_or(0).min(found.alerts.len());
    let (number, part) = (incident.organization_instance_id, Part::of(seen.visit.query.text("log")));
    Ok(Page {
        frame: seen.visit.frame(),
        number,
        title: incident.title.clone(),
        urgency: incident.urgency.into(),
        state: incident.status.into(),
        status: incident.status.word(),
        is_open: incident.status == Status::Open,
        is_taken: incident.status == Status::Acknowledged,
        since: clock.moment(incident.created_at),
        over: incident.resolved_at.map(|at| clock.moment(at)),
        service: service_name(incident, directory),
        integration: incident.integration_name.clone(),
        rule: opening.and_then(|opening| opening.rule.clone()),
        created_by: incident.created_by.as_ref().and_then(|by| by.shown(directory)).map(str::to_owned),
        next: next(incident, directory, clock),
        notice: told.and_then(|told| match told {
            Told::Done(words) => Some(*words),
            Told::Refused(..) | Told::Preview(_) => None,
        }),
        refused: match told {
            Some(Told::Refused(operation, problem, _)) => refusals(&acts, operation, problem),
            _ => Vec::new(),
        },
        may_act,
        assignees: timeline::people(&incident.assignees, directory),
        level: incident.level,
        key: seen.form_key(),
        acts,
        people: people::reached(&ledger, known, is_resolved),
        alerts: alerts::shown(&found.alerts, skipped, known),
        alerts_all: found.alerts.len(),
        alerts_skipped: skipped,
        still_firing: still_firing(found).filter(|_| is_resolved),
        changes: changes::before(seen, incident).await?,
        taken: taken(seen, found),
        offered: if may_act && !is_resolved { forms::offered(directory) } else { Vec::new() },
        suppressed: incident.suppressed_count,
        suppressed_last: incident.last_suppressed_at.map(|at| clock.moment(at)),
        part,
        parts: parts(number, skipped, part),
        entries: timeline::entries(&found.events, part, known),
        tags: incident.tags.clone(),
        subscribers: timeline::people(&incident.subscribers, directory),
        impacts: impacts(incident, directory),
        bridges: incident.bridges.iter().map(|url| (url.clone(), outward(url, url))).collect(),
        merged_into: incident.merged_into.and_then(|other| found.others.get(&other)).copied(),
    })
}

/// All that can be done, as forms, with what was typed into the one that was refused.
async fn acts(seen: &Seen<'_>, found: &Numbered, told: Option<&Told<'_>>) -> Result<Vec<Act>, Problem> {
    let incident = &found.incident;
    let known = Known { directory: &found.snapshot.directory, clock: &seen.visit.clock, others: &found.others };
    let is_resolved = incident.status == Status::Resolved;
    let open = if is_resolved { Vec::new() } else { survivors(seen, incident).await? };
    let typed = match told {
        Some(Told::Refused(operation, problem, form)) => {
            Some(forms::Typed { operation, pairs: form.pairs(), errors: &problem.errors })
        }
        Some(Told::Preview(form)) => Some(forms::Typed { operation: forms::NOTE, pairs: form.pairs(), errors: &[] }),
        _ => None,
    };
    let mut acts = forms::forms(incident, known, &open, || seen.form_key(), typed);
    if let Some(act) = acts.iter_mut().find(|act| act.operation == "resolve") {
        act.warning = still_firing(found);
    }
    if let Some(Told::Preview(form)) = told
        && let Some(act) = acts.iter_mut().find(|act| act.is_note())
    {
        act.preview = Some(written::html(form.text("notes"))).filter(|html| !html.is_empty());
    }
    Ok(acts)
}

/// That senders go on saying that its alerts are firing; nothing where none does.
fn still_firing(found: &Numbered) -> Option<String> {
    let all = found.alerts.len();
    match found.firing {
        0 => None,
        _ if all == 1 => Some("Its sender still says that it is firing.".to_owned()),
        FIRING_COUNTED => {
            Some(format!("Senders still say that {FIRING_COUNTED} or more of its {all} alerts are firing."))
        }
        1 => Some(format!("The sender of one of its {all} alerts still says that it is firing.")),
        firing => Some(format!("Senders still say that {firing} of its {all} alerts are firing.")),
    }
}

/// Who has acknowledged it last, where it is acknowledged.
fn taken(seen: &Seen<'_>, found: &Numbered) -> Option<Taken> {
    let mut events = found.events.iter().rev().filter(|_| found.incident.status == Status::Acknowledged);
    let event = events.find(|event| matches!(event.what, Happening::Acknowledge { .. }))?;
    let by = event.by.as_ref().and_then(|by| by.shown(&found.snapshot.directory)).unwrap_or("Reveille").to_owned();
    let is_own = event.by == Some(By::person(&seen.session.person.ref_id));
    Some(Taken { by, at: seen.visit.clock.moment(event.at), is_own })
}

/// Why an operation was refused, in words, and where it was caused.
fn refusals(acts: &[Act], operation: &str, problem: &Problem) -> Vec<(Option<String>, String)> {
    let act = acts.iter().find(|act| act.operation == operation);
    let told = |error: &String| match act.and_then(|act| act.mistake(error)) {
        Some((place, words)) => (Some(place), words),
        None => (act.map(|act| act.operation.to_owned()), page::sentence(error)),
    };
    problem.errors.iter().map(told).collect()
}

/// What happens next if nobody acts, and when.
fn next(incident: &Incident, directory: &Directory, clock: &Clock) -> Option<(String, Moment)> {
    let forecast = forecast(incident, directory, clock.now())?;
    Some((forecast_words(incident, &forecast, directory), clock.moment(forecast.at)))
}

/// What a forecast says, in words that a time follows.
pub(super) fn forecast_words(
    incident: &Incident,
    forecast: &domain::incident::Forecast,
    directory: &Directory,
) -> String {
    let asked: Vec<_> = forecast.asked().into_iter().cloned().collect();
    let who = timeline::people(&asked, directory);
    let resolves = forecast.events.iter().any(|event| matches!(event.what, Happening::Resolve));
    let climbs = forecast.events.iter().any(|event| matches!(event.what, Happening::Escalate { .. }));
    let keeps_back = forecast.events.iter().any(|event| matches!(event.what, Happening::KeepBack { .. }));
    match incident.status {
        _ if keeps_back => "Maintenance keeps it back".to_owned(),
        _ if resolves => "It is resolved by itself".to_owned(),
        _ if asked.is_empty() => "Reveille looks for somebody to ask".to_owned(),
        _ if climbs => format!("Next: {who}"),
        _ => format!("Asks {who} again"),
    }
}

/// Unresolved incidents that it can be merged into, those of its own service first.
async fn survivors(seen: &Seen<'_>, incident: &Incident) -> Result<Vec<(i64, String)>, Problem> {
    let filter = Filter { statuses: vec![Status::Open, Status::Acknowledged], ..Filter::default() };
    let listed = seen.visit.app.engine.incidents(seen.reader(), filter, limits::PAGE_DEFAULT).await.map_err(failed)?;
    let mut others: Vec<_> = listed
        .incidents
        .into_iter()
        .map(|(other, _)| other)
        .filter(|other| other.instance_id != incident.instance_id)
        .collect();
    others.sort_by_key(|other| other.service != incident.service);
    Ok(others.into_iter().map(|other| (other.organization_instance_id, other.title)).collect())
}

/// The name of the service that an incident is on.
pub(super) fn service_name(incident: &Incident, directory: &Directory) -> Option<String> {
    directory.service_name(incident.service.as_ref()?).map(str::to_owned)
}

fn impacts(incident: &Incident, directory: &Directory) -> Vec<String> {
    incident.impacts.iter().filter_map(|id| directory.business_service_name(id)).map(str::to_owned).collect()
}
