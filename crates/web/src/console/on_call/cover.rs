//! Cover: who could take a shift of one's own, asking them, and answering others who ask.

use super::calendar::{Calendar, Edge};
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::{FieldProblem, StateBadge};
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use crate::gate::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Instant;
use domain::permission::Action;
use serde_json::Value;

/// Where all of it is.
pub(super) const PATH: &str = "/app/me/cover";
/// The fields, and what they are called on the page.
const LABELS: [(&str, &str); 4] =
    [("people", "Who is asked"), ("from", "From"), ("until", "Until"), ("routine_ref_id", "Routine")];

#[derive(Template)]
#[template(path = "console/on_call/cover.html")]
struct Cover {
    frame: Frame,
    place: String,
    notice: Option<String>,
    problems: Vec<FieldProblem>,
    form: Option<Ask>,
    /// By which one is asked, those that can be answered first.
    asked: Vec<Request>,
    own: Vec<Request>,
}

/// The form to ask for cover of a shift.
#[derive(Clone, Debug)]
struct Ask {
    key: String,
    /// Id and name of the routine, and the zone by whose clock the times are typed.
    routine: String,
    name: String,
    zone: String,
    from: String,
    until: String,
    span: String,
    candidates: Vec<Candidate>,
}

/// Somebody who could take it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    username: String,
    name: String,
    could: bool,
    reason: String,
    is_ticked: bool,
}

/// A request, one's own or by which one is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Request {
    key: String,
    id: String,
    routine: String,
    span: String,
    /// Who asks.
    by: String,
    state: StateBadge,
    is_open: bool,
    /// What one said oneself.
    said: Option<String>,
    /// Who takes it.
    taken_by: Option<String>,
    /// Whom it asks, and what they said.
    people: Vec<(String, &'static str)>,
}

impl Cover {
    /// What is wrong with a field.
    fn problem(&self, field: &str) -> Option<&FieldProblem> {
        self.problems.iter().find(|problem| problem.field == field)
    }
}

/// The address at which one asks for cover of this time in a routine.
pub(super) fn asking(routine: &str, from: &str, until: &str) -> String {
    crate::console::address::asking(PATH, &[("routine", routine), ("from", from), ("until", until)]) + "#ask"
}

/// Shows it.
pub(super) async fn show(visit: &Visit) -> Response {
    match visit.seen(Action::ChangeOwn).await {
        Ok(seen) => answer(&seen, Asked::of_query(&visit.query), Ok(None)).await,
        Err(page) => page,
    }
}

/// Asks, answers, or takes a request back.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::ChangeOwn).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let key = form.get("idempotency_key").map(|key| format!("{key}-{}", form.text("act")));
    let id = form.text("cover_ref_id");
    match form.text("act") {
        "ask" => {
            let asked = Asked::of_query(form);
            match make(&seen, &asked, key).await {
                Ok(words) => answer(&seen, Asked::default(), Ok(Some(words))).await,
                Err(problem) => answer(&seen, asked, Err(problem)).await,
            }
        }
        "withdraw" => {
            let done = seen.ask("withdraw-cover", Wish::default().at("cover_ref_id", id)).await;
            let done = done.map(|_| Some("The request is taken back. Whoever was asked is told.".to_owned()));
            answer(&seen, Asked::default(), done).await
        }
        said => {
            let pair = [("answer".to_owned(), said.to_owned())];
            let wish = Wish { idempotency_key: key, ..Wish::of_pairs("answer-cover", &pair) }.at("cover_ref_id", id);
            let done = seen.ask("answer-cover", wish).await.map(|_| {
                let words = if said == "yes" { "You take the shift. Whoever asked is told." } else { "You said no." };
                Some(words.to_owned())
            });
            answer(&seen, Asked::default(), done).await
        }
    }
}

/// Which shift is meant, and who was ticked.
#[derive(Clone, Debug, Default)]
struct Asked {
    routine: String,
    from: String,
    until: String,
    people: Vec<String>,
}

impl Asked {
    fn of_query(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        let people = form.all("people").into_iter().map(str::to_owned).collect();
        Self { routine: text("routine"), from: text("from"), until: text("until"), people }
    }

    /// The time that is meant, by the clock of the routine.
    fn time(&self, zone: &Calendar) -> Result<(Instant, Instant), Problem> {
        zone.stretch((&self.from, &self.until))
    }

    /// The same as an operation is asked.
    fn pairs(&self, (from, until): (Instant, Instant)) -> Vec<(String, String)> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let time = [pair("from", &(from.wire() + "Z")), pair("until", &(until.wire() + "Z"))];
        let shift = [pair("routine_ref_id", &self.routine)].into_iter().chain(time);
        shift.chain(self.people.iter().map(|person| pair("people", person))).collect()
    }
}

fn zone_of(seen: &Seen<'_>, routine: &str) -> String {
    let entry = seen.snapshot.directory.routines.known(routine);
    entry.map_or_else(|| seen.visit.clock.zone().to_owned(), |entry| entry.component.timezone.clone())
}

async fn make(seen: &Seen<'_>, asked: &Asked, idempotency_key: Option<String>) -> Result<String, Problem> {
    let time = asked.time(&Calendar::of(&zone_of(seen, &asked.routine)))?;
    let wish = Wish { idempotency_key, ..Wish::of_pairs("ask-for-cover", &asked.pairs(time)) };
    seen.ask("ask-for-cover", wish).await?;
    let people = match asked.people.len() {
        1 => "One person is asked.".to_owned(),
        count => format!("{count} people are asked."),
    };
    Ok(format!("{people} You stay on call, {}, until one of them says yes.", seen.visit.clock.span(time.0, time.1)))
}

async fn answer(seen: &Seen<'_>, asked: Asked, done: Result<Option<String>, Problem>) -> Response {
    let visit = seen.visit;
    let (notice, mut problem) = match done {
        Ok(notice) => (notice, None),
        Err(problem) => (None, Some(problem)),
    };
    let form = match ask_form(seen, &asked).await {
        Ok(form) => form,
        Err(why) => {
            problem.get_or_insert(why);
            None
        }
    };
    let listed = match seen.answer("my-cover-requests", Wish::default()).await {
        Ok(listed) => listed,
        Err(problem) => return visit.refuse(&problem),
    };
    let all = listed.as_array().map(Vec::as_slice).unwrap_or_default();
    let of = |is_own: bool| all.iter().filter(move |cover| cover["is_own"] == Value::Bool(is_own));
    let mut theirs: Vec<_> = of(false).filter_map(|cover| request(seen, cover)).collect();
    theirs.sort_by_key(|request| !request.is_open);
    let page = Cover {
        frame: visit.frame(),
        place: visit.clock.place(),
        notice,
        problems: problem.as_ref().map(problems).unwrap_or_default(),
        form,
        asked: theirs,
        own: of(true).filter_map(|cover| request(seen, cover)).collect(),
    };
    match problem {
        Some(problem) => visit.refuse_on(&problem, &page),
        None => page::show(&visit.app, StatusCode::OK, &page),
    }
}

/// The form, where a shift is named; with nobody to tick where it cannot be asked for.
async fn ask_form(seen: &Seen<'_>, asked: &Asked) -> Result<Option<Ask>, Problem> {
    if asked.routine.is_empty() {
        return Ok(None);
    }
    let zone = zone_of(seen, &asked.routine);
    let calendar = Calendar::of(&zone);
    let (from, until) = asked.time(&calendar)?;
    let pairs = Asked { people: Vec::new(), ..asked.clone() }.pairs((from, until));
    let found = seen.answer("cover-candidates", Wish::of_pairs("cover-candidates", &pairs)).await?;
    let candidate = |found: &Value| {
        let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
        let username = text("preferred_username");
        let is_ticked = asked.people.contains(&username);
        let could = found["could"] == Value::Bool(true);
        Candidate { name: text("display_name"), reason: text("reason"), could, is_ticked, username }
    };
    let entry = seen.snapshot.directory.routines.known(&asked.routine);
    Ok(Some(Ask {
        key: seen.form_key(),
        routine: asked.routine.clone(),
        name: entry.map_or_else(|| asked.routine.clone(), |entry| entry.component.name.clone()),
        from: written(&calendar, &asked.from, Edge::Begin),
        until: written(&calendar, &asked.until, Edge::End),
        span: seen.visit.clock.span(from, until),
        candidates: found.as_array().into_iter().flatten().map(candidate).collect(),
        zone,
    }))
}

/// A time as a form writes it; as it was typed where nobody can read it.
fn written(calendar: &Calendar, text: &str, edge: Edge) -> String {
    calendar.read(text, edge).map_or_else(|_| text.to_owned(), |at| calendar.written(at))
}

fn problems(problem: &Problem) -> Vec<FieldProblem> {
    let told = |error: &String| {
        let (field, words) = error.split_once(": ").unwrap_or(("", error));
        match LABELS.iter().find(|(name, _)| *name == field) {
            Some((name, label)) => {
                FieldProblem { field: (*name).to_owned(), label: (*label).to_owned(), words: words.to_owned() }
            }
            None => FieldProblem { field: "requests".to_owned(), label: String::new(), words: words.to_owned() },
        }
    };
    problem.errors.iter().map(told).collect()
}

fn request(seen: &Seen<'_>, cover: &Value) -> Option<Request> {
    let text = |key: &str| cover[key].as_str().map(str::to_owned);
    let at = |key: &str| Instant::parse(&format!("{}Z", cover[key].as_str()?));
    let me = seen.session.person.username.as_str();
    let people: Vec<&Value> = cover["asked"].as_array().into_iter().flatten().collect();
    let own = people.iter().find(|asked| asked["preferred_username"].as_str() == Some(me));
    let name = |asked: &Value| asked["display_name"].as_str().unwrap_or_default().to_owned();
    let answer = |asked: &Value| match asked["answer"].as_str() {
        Some("yes") => "yes",
        Some(_) => "no",
        None => "no answer yet",
    };
    let taken_by = cover["taken_by"].as_str();
    let taker = people.iter().find(|asked| taken_by.is_some() && asked["preferred_username"].as_str() == taken_by);
    let (from, until) = (at("from")?, at("until")?);
    // That it began is noted by the beat, a moment later.
    let is_open = cover["state"] == "open" && from > seen.now;
    let state = match cover["state"].as_str()? {
        _ if is_open => StateBadge::new("open", "open"),
        "settled" => StateBadge::new("good", "settled"),
        "withdrawn" => StateBadge::new("over", "taken back"),
        _ => StateBadge::new("over", "over"),
    };
    Some(Request {
        key: seen.form_key(),
        id: text("cover_ref_id")?,
        routine: text("routine_name").unwrap_or_else(|| "a routine that is gone".to_owned()),
        span: seen.visit.clock.span(from, until),
        by: text("display_name").unwrap_or_default(),
        state,
        is_open,
        said: own.and_then(|asked| asked["answer"].as_str()).map(str::to_owned),
        taken_by: taker.map(|asked| name(asked)),
        people: people.iter().map(|asked| (name(asked), answer(asked))).collect(),
    })
}
