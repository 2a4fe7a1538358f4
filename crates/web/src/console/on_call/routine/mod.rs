//! One routine: its time line, and its swaps.

mod agenda;
mod drawing;
mod edit;
mod exception;
mod mark;
mod page;
mod period;
mod plan;
mod swap;

pub(super) use edit::{act as edit_act, show as edit_show};
pub(super) use plan::people;

use super::calendar::Calendar;
use super::work::worked_out;
use crate::api::Wish;
use crate::console::address;
use crate::console::form::Form;
use crate::console::page as pages;
use crate::console::seen::Seen;
use crate::console::set_up::Gap;
use crate::console::set_up::Keeping;
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use axum::http::StatusCode;
use axum::response::Response;
use directory::{KnownSwap, Proposal};
use domain::directory::{ComponentKind, Directory, Entry};
use domain::permission::Action;
use domain::routine::{Change, Routine, Swap};
use domain::{Instant, Username};
use exception::{Ending, ExceptionForm, Tried};
use page::{Page, View, shown};
use period::Period;
use swap::{SwapForm, Typed};

const PATH: &str = "/app/routines";
/// What a swap would change is told for so many stretches of time.
const CHANGES_TOLD: usize = 20;

/// What came of what was asked with the page.
#[derive(Default)]
struct Outcome {
    typed: Option<Typed>,
    notice: Option<String>,
    refused: Option<Problem>,
    preview: Option<Vec<String>>,
    /// What came of an exception that was typed.
    tried: Option<Tried>,
    /// The exception that was not ended, and the gaps that are to be ticked first.
    wants: Option<(u32, Vec<Gap>)>,
}

impl Outcome {
    fn of_exception(tried: Tried) -> Self {
        let (notice, refused) = (tried.notice.clone(), tried.refused.clone());
        let tried = Some(tried).filter(|_| notice.is_none());
        Self { notice, refused, tried, ..Self::default() }
    }
}

/// Shows the routine of this name or id.
pub(super) async fn show(visit: &Visit, name: &str) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    answer(&seen, &address::decoded(name), Outcome::default()).await
}

/// Makes a swap or an exception, says what it would change, or takes one back.
pub(super) async fn act(visit: &Visit, name: &str, form: &Form) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let name = address::decoded(name);
    let Some(entry) = seen.snapshot.directory.routines.known(&name) else { return visit.nothing_there() };
    let routine = entry.ref_id.as_str();
    let outcome = match form.text("act") {
        "exception" => match exception::make(&seen, entry, form).await {
            Ok(tried) => Outcome::of_exception(tried),
            Err(page) => return page,
        },
        "end-exception" => {
            let Ending { wants, notice, refused } = exception::end(&seen, entry, form).await;
            Outcome { wants, notice, refused, ..Outcome::default() }
        }
        "take-back" => take_back(&seen, routine, form).await,
        "preview" => preview(&seen, (routine, &entry.component.timezone), form).await,
        _ => make(&seen, (routine, &entry.component.timezone), form).await,
    };
    // What is shown afterwards is what is so afterwards.
    match visit.seen(Action::Read).await {
        Ok(seen) => answer(&seen, &name, outcome).await,
        Err(page) => page,
    }
}

async fn make(seen: &Seen<'_>, (routine, zone): (&str, &str), form: &Form) -> Outcome {
    let typed = Typed::of_form(form);
    let made = match typed.time(&Calendar::of(zone)) {
        Ok(time) => seen.ask("add-swap", typed.wish(time, form, routine)).await.map(|_| time),
        Err(problem) => Err(problem),
    };
    match made {
        Ok(time) => Outcome { notice: Some(made_words(seen, &typed.swap(time), time)), ..Outcome::default() },
        Err(problem) => Outcome { typed: Some(typed), refused: Some(problem), ..Outcome::default() },
    }
}

fn made_words(seen: &Seen<'_>, swap: &Swap, (from, until): (Instant, Instant)) -> String {
    let name = |user: &Username| seen.snapshot.directory.shown_name(user).to_owned();
    let stands_in = swap.in_.as_ref().map_or_else(|| "Nobody".to_owned(), name);
    let span = seen.visit.clock.span(from, until);
    format!("{stands_in} is on call for {}, {span}.", name(&swap.out))
}

async fn preview(seen: &Seen<'_>, (routine, zone): (&str, &str), form: &Form) -> Outcome {
    let typed = Typed::of_form(form);
    let previewed = match typed.time(&Calendar::of(zone)) {
        Ok(time) => weigh(seen, routine, &typed, time).await,
        Err(problem) => Err(problem),
    };
    match previewed {
        Ok(changes) => Outcome { typed: Some(typed), preview: Some(changes), ..Outcome::default() },
        Err(problem) => Outcome { typed: Some(typed), refused: Some(problem), ..Outcome::default() },
    }
}

async fn weigh(
    seen: &Seen<'_>,
    routine: &str,
    typed: &Typed,
    (from, until): (Instant, Instant),
) -> Result<Vec<String>, Problem> {
    let swap = typed.swap((from, until));
    let faults: Vec<_> = swap.faults().into_iter().map(|(key, fault)| format!("{key}: {fault}")).collect();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let proposal = Proposal { routine: None, stands: Some(routine.to_owned()), swaps: vec![swap] };
    let administration = &seen.visit.app.administration;
    let preview = administration.preview(seen.reader(), proposal, from, until).await.map_err(failed)?;
    let changes = preview.changes.unwrap_or_default();
    let mut told: Vec<_> = changes.iter().take(CHANGES_TOLD).map(|change| change_words(seen, change)).collect();
    if changes.len() > CHANGES_TOLD {
        told.push(format!("and {} more", changes.len() - CHANGES_TOLD));
    }
    Ok(told)
}

fn change_words(seen: &Seen<'_>, change: &Change) -> String {
    let names = |users: &[Username]| {
        let names: Vec<_> = users.iter().map(|user| seen.snapshot.directory.shown_name(user)).collect();
        if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
    };
    let span = seen.visit.clock.span(change.from, change.until);
    format!("{span}: {} instead of {}", names(&change.after), names(&change.before))
}

async fn take_back(seen: &Seen<'_>, routine: &str, form: &Form) -> Outcome {
    let wish = Wish::default().at("routine_ref_id", routine).at("swap_ref_id", form.text("swap_ref_id"));
    match seen.ask("remove-swap", wish).await {
        Ok(_) => Outcome { notice: Some("The swap was taken back.".to_owned()), ..Outcome::default() },
        Err(problem) => Outcome { refused: Some(problem), ..Outcome::default() },
    }
}

async fn answer(seen: &Seen<'_>, name: &str, outcome: Outcome) -> Response {
    let visit = seen.visit;
    let Some(entry) = seen.snapshot.directory.routines.known(name) else { return visit.nothing_there() };
    let path = address::of(PATH, &entry.component.name, entry.ref_id.as_str());
    let most = seen.snapshot.directory.schedule_days(&entry.component.name);
    let period = Period::of(&visit.query, &visit.clock, most);
    let view = View { clock: visit.clock.clone(), period, path };
    let swaps = match visit.app.administration.swaps(seen.reader(), entry.ref_id.to_string()).await {
        Ok(swaps) => swaps,
        Err(failure) => return seen.failed(failure),
    };
    let (ref_id, of) = (entry.ref_id.clone(), view.clone());
    let work = move |directory: &Directory| {
        directory.routines.with_ref(ref_id.as_str()).map(|entry| shown(directory, entry, &of))
    };
    let shown = match worked_out(seen, work).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return visit.nothing_there(),
        Err(page) => return page,
    };
    let keeping = match Keeping::of(seen, ComponentKind::Routine, entry.ref_id.as_str()).await {
        Ok(keeping) => keeping,
        Err(problem) => return visit.refuse(&problem),
    };
    let page = Page { keeping, ..page_of(seen, (entry, shown), &view, (&swaps, &outcome)) };
    match &outcome.refused {
        Some(problem) => visit.refuse_on(problem, &page),
        None => pages::show(&visit.app, StatusCode::OK, &page),
    }
}

/// A routine, and what there is to see of it.
type Found<'a> = (&'a Entry<Routine>, page::Shown);

fn page_of(
    seen: &Seen<'_>,
    (entry, shown): Found<'_>,
    view: &View,
    (swaps, outcome): (&[KnownSwap], &Outcome),
) -> Page {
    let link = seen.visit.query.get("swap");
    let linked = link.and_then(|link| Typed::of_link(link, &Calendar::of(&entry.component.timezone)));
    let is_asked_for = linked.is_some() || outcome.typed.is_some();
    let typed = outcome.typed.clone().or(linked.filter(|_| outcome.notice.is_none())).unwrap_or_default();
    let form = SwapForm::of(seen, entry, typed).map(|form| SwapForm { is_asked_for, ..form });
    let team = seen.snapshot.directory.owner(ComponentKind::Routine, entry.ref_id.as_str());
    let may_except = seen.may_to(Action::SwapOthers, team);
    let except = may_except.then(|| exception_form(seen, entry, outcome));
    let mut refused = Vec::new();
    let form = match (&outcome.refused, &outcome.typed) {
        (Some(problem), Some(_)) if form.is_some() => form.map(|form| form.refused(problem)),
        (Some(_), _) if outcome.tried.is_some() && may_except => form,
        (Some(problem), _) => {
            refused.clone_from(&problem.errors);
            form
        }
        (None, _) => form,
    };
    let edit = format!("{}/edit", address::of(PATH, &entry.component.name, entry.ref_id.as_str()));
    Page {
        frame: seen.visit.frame(),
        address: view.period.address(&view.path),
        edit: seen.may(Action::ChangeComponents).then_some(edit),
        form,
        except,
        may_take_back: may_except,
        coming: swap::coming(seen, swaps),
        exceptions: exception::coming(seen, &entry.component),
        wants: outcome.wants.clone(),
        notice: outcome.notice.clone(),
        refused,
        preview: outcome.preview.clone(),
        keeping: Keeping::default(),
        shown,
    }
}

/// The form for another exception: as it was typed, as a link to a shift or a gap fills it in, or empty.
fn exception_form(seen: &Seen<'_>, entry: &Entry<Routine>, outcome: &Outcome) -> ExceptionForm {
    let Some(tried) = &outcome.tried else {
        let me = seen.session.person.username.as_str();
        let zone = Calendar::of(&entry.component.timezone);
        let linked = exception::Typed::of_link(&seen.visit.query, &zone, me).filter(|_| outcome.notice.is_none());
        let is_asked_for = linked.is_some();
        return ExceptionForm { is_asked_for, ..ExceptionForm::of(seen, entry, linked.unwrap_or_default()) };
    };
    let form = ExceptionForm::of(seen, entry, tried.typed.clone());
    let form = ExceptionForm {
        key: tried.key.clone().unwrap_or(form.key),
        weighed: tried.weighed.clone(),
        outlook: tried.outlook.clone(),
        wants_ticks: tried.wants_ticks,
        is_asked_for: true,
        ..form
    };
    match &outcome.refused {
        // Ticks that are wanted stand with what it comes to.
        Some(problem) if !tried.wants_ticks => form.refused(problem),
        _ => form,
    }
}
