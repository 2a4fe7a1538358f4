//! Exceptions are looked at, made, and ended or removed, by the operations that the API has for them.

use super::coming::coming;
use super::typed::Typed;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::on_call::calendar::Calendar;
use crate::console::on_call::routine::edit::{NOBODY, Weighed, weighed};
use crate::console::on_call::work::worked_out;
use crate::console::seen::Seen;
use crate::console::set_up::{Gap, Outlook};
use crate::gate::Problem;
use crate::operation::Code;
use axum::response::Response;
use domain::directory::{Directory, Entry};
use domain::routine::{Layer, Routine};
use domain::{Instant, Username};
use serde_json::{Value, json};

/// What came of an exception that was looked at, or was to be made.
#[derive(Default)]
pub(in crate::console::on_call::routine) struct Tried {
    /// How a repetition is known: the form sent again makes what is missing.
    pub(in crate::console::on_call::routine) key: Option<String>,
    pub(in crate::console::on_call::routine) typed: Typed,
    pub(in crate::console::on_call::routine) weighed: Option<Weighed>,
    pub(in crate::console::on_call::routine) outlook: Option<Outlook>,
    /// Whether it was not made for want of ticks.
    pub(in crate::console::on_call::routine) wants_ticks: bool,
    pub(in crate::console::on_call::routine) notice: Option<String>,
    pub(in crate::console::on_call::routine) refused: Option<Problem>,
}

/// What came of one that was to be ended.
#[derive(Default)]
pub(in crate::console::on_call::routine) struct Ending {
    /// Which one was not, for want of ticks that name these gaps.
    pub(in crate::console::on_call::routine) wants: Option<(u32, Vec<Gap>)>,
    pub(in crate::console::on_call::routine) notice: Option<String>,
    pub(in crate::console::on_call::routine) refused: Option<Problem>,
}

/// Makes an exception, or says what it would come to.
pub(in crate::console::on_call::routine) async fn make(
    seen: &Seen<'_>,
    entry: &Entry<Routine>,
    form: &Form,
) -> Result<Tried, Response> {
    let key = form.get("idempotency_key").map(str::to_owned);
    tried(seen, entry, form).await.map(|tried| Tried { key, ..tried })
}

async fn tried(seen: &Seen<'_>, entry: &Entry<Routine>, form: &Form) -> Result<Tried, Response> {
    let typed = Typed::of_form(form);
    if form.text("do") == "more" {
        return Ok(Tried { typed: typed.with_another(), ..Tried::default() });
    }
    let zone = Calendar::of(&entry.component.timezone);
    let (time, layers) = match typed.meant(&zone, seen.now) {
        Ok(meant) => meant,
        Err(problem) => return Ok(Tried { typed, refused: Some(problem), ..Tried::default() }),
    };
    let saves = form.text("do") == "save";
    let outlook = match outlook(seen, entry, &layers).await {
        Ok(outlook) => outlook,
        // What is refused when it is only tried may have been done already, by the same form.
        Err(_) if saves => Outlook::default(),
        Err(problem) => return Ok(Tried { typed, refused: Some(problem), ..Tried::default() }),
    };
    let unnamed = outlook.unnamed(&form.all("gap"));
    if saves && unnamed.is_empty() {
        return Ok(match add(seen, entry, (&layers, form)).await {
            Ok(()) => Tried { notice: Some(made_words(seen, &typed, time)), ..Tried::default() },
            Err(problem) => Tried { typed, refused: Some(problem), ..Tried::default() },
        });
    }
    let weighed = Some(weigh(seen, entry, (time.0, layers)).await?);
    let refused = saves.then(|| gap_problem(&unnamed));
    Ok(Tried { typed, weighed, outlook: Some(outlook), wants_ticks: saves, refused, ..Tried::default() })
}

fn made_words(seen: &Seen<'_>, typed: &Typed, (from, until): (Instant, Instant)) -> String {
    let name = |user: &String| seen.snapshot.directory.shown_name(&Username::from(user.as_str())).to_owned();
    let people: Vec<_> =
        typed.people.iter().map(|user| if user == NOBODY { "nobody".to_owned() } else { name(user) }).collect();
    format!("The exception {} is made: {}, {}.", typed.name(), people.join(", "), seen.visit.clock.span(from, until))
}

fn gap_problem(unnamed: &[String]) -> Problem {
    let said: Vec<_> = unnamed.iter().map(|gap| format!("gap: {gap}")).collect();
    Problem::new(Code::LintFailed, said.join("; "))
}

fn wish(entry: &Entry<Routine>, layer: &Layer) -> Wish {
    let mut body = json!(layer).as_object().cloned().unwrap_or_default();
    // Its number is given by whoever stores it.
    body.remove("layer");
    Wish { body, ..Wish::default() }.at("routine_ref_id", &entry.ref_id)
}

/// What they would come to, each by itself.
async fn outlook(seen: &Seen<'_>, entry: &Entry<Routine>, layers: &[Layer]) -> Result<Outlook, Problem> {
    let mut whole = Outlook::default();
    for layer in layers {
        let tried = seen.answer("add-exception", wish(entry, layer).with("dry_run", true)).await?;
        let one = Outlook::of(seen, &tried);
        whole
            .warnings
            .extend(one.warnings.into_iter().filter(|warning| !whole.warnings.contains(warning)).collect::<Vec<_>>());
        whole.gaps.extend(one.gaps.into_iter().filter(|gap| !whole.gaps.contains(gap)).collect::<Vec<_>>());
    }
    Ok(whole)
}

/// Makes them, each under a key of its own, so that the form sent again makes what is missing and no more.
async fn add(seen: &Seen<'_>, entry: &Entry<Routine>, (layers, form): (&[Layer], &Form)) -> Result<(), Problem> {
    for (layer, number) in layers.iter().zip(1..) {
        let idempotency_key = form.get("idempotency_key").map(|key| format!("{key}-{number}"));
        let added = seen.ask("add-exception", Wish { idempotency_key, ..wish(entry, layer) }).await;
        if let Err(mut problem) = added {
            if number > 1 {
                let words = "exception: the whole days of it are made; send the form again for what is left".to_owned();
                problem.errors.insert(0, words);
            }
            return Err(problem);
        }
    }
    Ok(())
}

async fn weigh(
    seen: &Seen<'_>,
    entry: &Entry<Routine>,
    (from, layers): (Instant, Vec<Layer>),
) -> Result<Weighed, Response> {
    let stands = entry.component.clone();
    let mut wanted = stands.clone();
    wanted.routine_layers.extend(layers);
    let clock = seen.visit.clock.within(&stands.timezone);
    let first = Calendar::of(&stands.timezone).day_of(from.max(seen.now));
    worked_out(seen, move |directory: &Directory| weighed(directory, (&stands, &wanted), &clock, first)).await
}

/// Ends an exception, or removes it where it has not begun: what has passed of it stays.
pub(in crate::console::on_call::routine) async fn end(seen: &Seen<'_>, entry: &Entry<Routine>, form: &Form) -> Ending {
    let number: Option<u32> = form.text("layer").parse().ok();
    let found = coming(seen, &entry.component).into_iter().find(|exception| {
        // A number is given anew once it is free.
        Some(exception.layer) == number && form.get("was").is_none_or(|was| was == exception.said())
    });
    let Some(exception) = found else {
        let problem = Problem::invalid(vec!["layer: there is no such exception any more".to_owned()]);
        return Ending { refused: Some(problem), ..Ending::default() };
    };
    match ended(seen, (entry.ref_id.as_str(), exception.layer), form).await {
        Ok(gaps) if gaps.is_empty() => {
            let how = if exception.has_begun { "has ended" } else { "was removed" };
            Ending { notice: Some(format!("The exception {} {how}.", exception.name)), ..Ending::default() }
        }
        Ok(gaps) => {
            let unnamed: Vec<_> = gaps.iter().map(|gap| gap.words.clone()).collect();
            let refused = Some(gap_problem(&unnamed));
            Ending { wants: Some((exception.layer, gaps)), refused, ..Ending::default() }
        }
        Err(problem) => Ending { refused: Some(problem), ..Ending::default() },
    }
}

/// Ends it; or answers the gaps that this would make and that no tick names, and does nothing.
async fn ended(seen: &Seen<'_>, (routine, layer): (&str, u32), form: &Form) -> Result<Vec<Gap>, Problem> {
    let asked = seen.answer("routine", Wish::default().at("routine_ref_id", routine)).await?;
    let version = asked.get("version").and_then(Value::as_i64);
    let wish = Wish { version, ..Wish::default() }.at("routine_ref_id", routine).at("layer", layer);
    let tried = seen.answer("remove-exception", wish.clone().with("dry_run", true)).await?;
    let outlook = Outlook::of(seen, &tried);
    if !outlook.unnamed(&form.all("gap")).is_empty() {
        return Ok(outlook.gaps.into_iter().filter(|gap| gap.is_new).collect());
    }
    seen.ask("remove-exception", wish).await?;
    Ok(Vec::new())
}
