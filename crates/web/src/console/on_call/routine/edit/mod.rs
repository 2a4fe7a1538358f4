//! The editor of a routine: a form for each layer and exception in the routine's own zone, and what it would come to.

mod arrange;
mod conflict;
mod draft;
mod page;
mod typed;
mod weighed;

use crate::api::Wish;
use crate::console::address;
use crate::console::form::Form;
use crate::console::on_call::calendar::Calendar;
use crate::console::on_call::work::worked_out;
use crate::console::page as pages;
use crate::console::seen::Seen;
use crate::console::set_up::{Meanwhile, Outlook, is_strict, managed};
use crate::console::visit::Visit;
use crate::gate::Problem;
use crate::operation::Code;
pub(super) use arrange::filling;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::Directory;
use domain::permission::Action;
use domain::routine::Routine;
pub(super) use draft::current;
use draft::{Draft, draft, drawn, kept};
use jiff::civil::Date;
pub(super) use page::CHOSEN;
use page::Page;
use serde_json::{Map, Value, json};
use typed::Typed;
pub(super) use typed::{Kind, NOBODY};
pub(super) use weighed::{Weighed, weighed};

const PATH: &str = "/app/routines";

/// A routine as it stands, for whoever may change it.
struct Standing<'a> {
    seen: Seen<'a>,
    routine: Routine,
    ref_id: String,
    /// As the API tells it.
    component: Value,
    /// The day by the routine's clock.
    today: Date,
    /// Whether it can be changed here.
    is_open: bool,
}

/// Shows the form.
pub(in crate::console::on_call) async fn show(visit: &Visit, name: &str) -> Response {
    match standing(visit, name).await {
        Ok(standing) => {
            let layers = drawn(&standing.routine, standing.today);
            pages::show(&visit.app, StatusCode::OK, &standing.page(layers))
        }
        Err(page) => page,
    }
}

async fn standing<'a>(visit: &'a Visit, name: &str) -> Result<Standing<'a>, Response> {
    let seen = visit.seen(Action::ChangeComponents).await?;
    let name = address::decoded(name);
    let Some(entry) = seen.snapshot.directory.routines.known(&name) else { return Err(visit.nothing_there()) };
    let (routine, ref_id) = (entry.component.clone(), entry.ref_id.to_string());
    let asked = seen.answer("routine", Wish::default().at("routine_ref_id", &ref_id)).await;
    let component = asked.map_err(|problem| visit.refuse(&problem))?;
    let today = Calendar::of(&routine.timezone).day_of(seen.now);
    let is_strict = is_strict(&seen).await.map_err(|problem| visit.refuse(&problem))?;
    let is_open = managed(&component).is_none() || !is_strict;
    Ok(Standing { seen, routine, ref_id, component, today, is_open })
}

impl Standing<'_> {
    fn page(&self, layers: Vec<Typed>) -> Page {
        let (name, directory) = (&self.routine.name, &self.seen.snapshot.directory);
        let people = directory.users.by_name().into_iter().map(|entry| {
            let user = &entry.component;
            (user.username.to_string(), user.shown_name().to_owned())
        });
        Page {
            frame: self.seen.visit.frame(),
            name: name.clone(),
            zone: self.routine.timezone.clone(),
            routine: address::of(PATH, name, &self.ref_id),
            as_text: address::of("/app/edit/routines", name, &self.ref_id),
            form_key: self.seen.form_key(),
            version: self.component.get("version").and_then(Value::as_i64),
            was: conflict::was(&self.routine, self.today),
            meanwhile: None,
            layers,
            kept: kept(&self.routine, self.today),
            people: people.collect(),
            managed: managed(&self.component),
            is_open: self.is_open,
            notice: None,
            problems: Vec::new(),
            refused: Vec::new(),
            weighed: None,
            outlook: None,
            wants_ticks: false,
        }
    }

    /// The same form once more, for whoever has not saved yet.
    fn again(&self, layers: Vec<Typed>, form: &Form) -> Page {
        let page = self.page(layers);
        let form_key = form.get("idempotency_key").map_or_else(|| page.form_key.clone(), str::to_owned);
        let version = form.get("version").and_then(|version| version.parse().ok());
        let was = form.get("was").map_or_else(|| page.was.clone(), str::to_owned);
        Page { form_key, version: version.or(page.version), was, ..page }
    }

    /// The form over what somebody else made of the routine meanwhile, with what differs.
    fn over(&self, page: Page, problem: &Problem) -> Page {
        let (layers, differing) = conflict::rebased(page.layers, &page.was, &self.routine, self.today);
        let meanwhile = Some(Meanwhile::of(&self.seen, problem, differing));
        Page { form_key: page.form_key, meanwhile, ..self.page(layers) }
    }

    async fn weighed(&self, wanted: &Routine) -> Result<Weighed, Response> {
        let (stands, wanted) = (self.routine.clone(), wanted.clone());
        let (clock, today) = (self.seen.visit.clock.within(&stands.timezone), self.today);
        worked_out(&self.seen, move |directory: &Directory| weighed(directory, (&stands, &wanted), &clock, today)).await
    }

    fn wish(&self, wanted: &Routine, form: &Form) -> Wish {
        let version = form.get("version").and_then(|version| version.parse().ok());
        Wish { body: body(wanted), version, ..Wish::default() }.at("routine_ref_id", &self.ref_id)
    }
}

/// A routine as the operation that replaces it takes it; new layers are numbered by their places.
fn body(routine: &Routine) -> Map<String, Value> {
    let mut body = json!(routine);
    for layer in body["routine_layers"].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        if layer.get("layer") == Some(&json!(0)) {
            layer.remove("layer");
        }
    }
    body.as_object().cloned().unwrap_or_default()
}

/// Arranges the form, shows what it would come to, or saves it.
pub(in crate::console::on_call) async fn act(visit: &Visit, name: &str, form: &Form) -> Response {
    let standing = match standing(visit, name).await {
        Ok(standing) => standing,
        Err(page) => return page,
    };
    if !standing.is_open {
        let problem = Problem::new(Code::ManagedByFile, "name: a directory file manages it: change it there and apply");
        let layers = drawn(&standing.routine, standing.today);
        return visit.refuse_on(&problem, &standing.page(layers).refused(&problem, &[]));
    }
    let typed = conflict::chosen(Typed::all(form), form, &standing.routine, standing.today);
    let button = form.text("do");
    let me = standing.seen.session.person.username.as_str();
    if let Some(layers) = arrange::arranged(typed.clone(), button, form.text("pattern"), me, standing.today) {
        return pages::show(&visit.app, StatusCode::OK, &standing.again(layers, form));
    }
    let page = standing.again(typed.clone(), form);
    match draft(&standing.routine, &typed, standing.today) {
        // It is large, and would make all that waits for it as large.
        Ok(draft) => Box::pin(tried(&standing, draft, page, form)).await,
        Err(faults) => {
            let problem = Problem::invalid(faults);
            visit.refuse_on(&problem, &page.refused(&problem, &[]))
        }
    }
}

/// Shows what a draft would come to, or saves it.
async fn tried(standing: &Standing<'_>, draft: Draft, page: Page, form: &Form) -> Response {
    let (seen, visit) = (&standing.seen, standing.seen.visit);
    let saves = form.text("do") == "save";
    let wish = standing.wish(&draft.routine, form);
    let page = match seen.answer("replace-routine", wish.clone().with("dry_run", true)).await {
        Ok(tried) => {
            let outlook = Outlook::of(seen, &tried);
            let unnamed = outlook.unnamed(&form.all("gap"));
            let weighed = match standing.weighed(&draft.routine).await {
                Ok(weighed) => weighed,
                Err(page) => return page,
            };
            let page = Page { weighed: Some(weighed), outlook: Some(outlook), ..page };
            if saves && !unnamed.is_empty() {
                let said = unnamed.into_iter().map(|gap| format!("gap: {gap}")).collect::<Vec<_>>().join("; ");
                let problem = Problem::new(Code::LintFailed, said);
                return visit.refuse_on(&problem, &Page { wants_ticks: true, ..page });
            }
            page
        }
        // What is refused when it is only tried may have been done already, by the same form.
        Err(_) if saves => page,
        Err(problem) if problem.code == Code::ChangedMeanwhile => {
            return visit.refuse_on(&problem, &standing.over(page, &problem));
        }
        Err(problem) => return visit.refuse_on(&problem, &page.refused(&problem, &draft.made_by)),
    };
    if !saves {
        return pages::show(&visit.app, StatusCode::OK, &page);
    }
    let idempotency_key = form.get("idempotency_key").map(str::to_owned);
    match seen.ask("replace-routine", Wish { idempotency_key, ..wish }).await {
        Ok(_) => saved(visit, &standing.ref_id, "is saved.").await,
        // The form says what is to change of what stands, so that it asks for something else once that has changed.
        Err(problem) if problem.code == Code::IdempotencyKeyReused => {
            saved(visit, &standing.ref_id, "was saved by this form before; this is how it stands now.").await
        }
        Err(problem) if problem.code == Code::ChangedMeanwhile => {
            visit.refuse_on(&problem, &standing.over(page, &problem))
        }
        Err(problem) => visit.refuse_on(&problem, &page.refused(&problem, &draft.made_by)),
    }
}

/// The form as it is after saving, ready to go on.
async fn saved(visit: &Visit, ref_id: &str, how: &str) -> Response {
    match standing(visit, ref_id).await {
        Ok(standing) => {
            let page = standing.page(drawn(&standing.routine, standing.today));
            let notice = Some(format!("{} {how}", standing.routine.name));
            pages::show(&visit.app, StatusCode::OK, &Page { notice, ..page })
        }
        Err(page) => page,
    }
}
