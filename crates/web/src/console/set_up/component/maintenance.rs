//! Maintenance of a service on its own page: what is on, its end, and another one from now on, for a while.

use super::drawn;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::set_up::kind::Kind;
use crate::console::time::Moment;
use crate::console::visit::Visit;
use crate::gate::Problem;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Urgency;
use domain::directory::ComponentKind;
use domain::permission::Action;
use serde_json::{Map, Value, json};

/// The form on the page of a service.
#[derive(Clone, Debug)]
pub(super) struct Maintenance {
    /// Where it goes.
    pub(super) action: String,
    pub(super) form_key: String,
    /// What was done.
    pub(super) notice: Option<String>,
    pub(super) refused: Vec<String>,
    /// What was typed.
    pub(super) minutes: String,
    /// Until eight in the morning: minutes, and when that is.
    pub(super) morning: Option<(u32, String)>,
    /// What is on now.
    pub(super) on: Vec<On>,
    /// Whether one may begin and end it.
    pub(super) may: bool,
}

/// A window that is open.
#[derive(Clone, Debug)]
pub(super) struct On {
    pub(super) name: String,
    /// Where it is.
    pub(super) page: String,
    pub(super) until: Moment,
    /// What the button sends that ends it; nothing where it comes again, or a file keeps it.
    pub(super) id: Option<String>,
}

/// The windows that are open for this service. Those that come again, or that a file keeps, are changed on their own pages.
fn on(seen: &Seen<'_>, service: &str) -> Vec<On> {
    let windows = seen.snapshot.directory.maintenance_windows.by_name().into_iter();
    let open = windows.filter_map(|entry| {
        let window = &entry.component;
        let names_it = window.services.iter().any(|name| name == service);
        let until = window.covers(seen.now, Some(service), "", Urgency::Minor).filter(|_| names_it)?;
        let may = seen.may_to(Action::Maintain, window.team.as_deref()) && window.rrule.is_none();
        Some(On {
            name: window.name.clone(),
            page: Kind::of(ComponentKind::MaintenanceWindow).page(&window.name),
            until: seen.visit.clock.moment(until),
            id: may.then(|| entry.ref_id.to_string()),
        })
    });
    open.collect()
}

/// Until when that is.
const MORNING: i8 = 8;

impl Maintenance {
    /// What is on, and the form for whoever may.
    pub(super) fn of(seen: &Seen<'_>, kind: Kind, (reference, name): (&str, &str)) -> Option<Self> {
        if kind.kind != ComponentKind::Service {
            return None;
        }
        let (on, may, clock) = (on(seen, name), seen.may(Action::Maintain), &seen.visit.clock);
        let until = |minutes: u32| clock.moment(clock.now().plus_minutes(minutes)).absolute;
        (may || !on.is_empty()).then(|| Self {
            morning: clock.minutes_until(MORNING).map(|minutes| (minutes, format!("Until {}", until(minutes)))),
            on,
            may,
            action: format!("{}/maintenance", kind.page(reference)),
            form_key: seen.form_key(),
            notice: None,
            refused: Vec::new(),
            minutes: String::new(),
        })
    }
}

/// Begins it.
pub(in crate::console::set_up) async fn act(visit: &Visit, kind: Kind, name: &str, form: &Form) -> Response {
    let seen = match visit.seen(Action::Maintain).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let read = seen.answer(kind.operation, Wish::default().at(kind.parameter, name)).await;
    let component = match read {
        Ok(component) => component,
        Err(problem) => return visit.refuse(&problem),
    };
    let typed = form.get("minutes").unwrap_or(form.text("own_minutes")).to_owned();
    let done = match form.get("end") {
        Some(window) => ended(&seen, window, form).await.map(|()| {
            "It is over. What comes from now on pages again, and what was kept back and still fires opens an incident now."
                .to_owned()
        }),
        None => begun(&seen, name, &typed, form)
            .await
            .map(|()| format!("Maintenance has begun, for {typed} minutes. Alerts of it page nobody until then.")),
    };
    // What is shown is what is so afterwards.
    let seen = match visit.seen(Action::Maintain).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let mut drawn = match drawn(&seen, kind, &component).await {
        Ok(drawn) => drawn,
        Err(page) => return page,
    };
    let Some(maintenance) = &mut drawn.maintenance else { return visit.refuse(&Problem::unknown_path()) };
    match done {
        Ok(words) => {
            maintenance.notice = Some(words);
            page::show(&visit.app, StatusCode::OK, &drawn)
        }
        Err(problem) => {
            (maintenance.refused, maintenance.minutes) = (problem.errors.clone(), typed);
            visit.refuse_on(&problem, &drawn)
        }
    }
}

/// Ends a window now: its time is made as long as it has lasted, or it is removed where that is nothing yet.
async fn ended(seen: &Seen<'_>, id: &str, form: &Form) -> Result<(), Problem> {
    let kind = Kind::of(ComponentKind::MaintenanceWindow);
    let at = || Wish::default().at(kind.parameter, id);
    let window = seen.answer(kind.operation, at()).await?;
    let version = window.get("version").and_then(Value::as_i64);
    let idempotency_key = form.get("idempotency_key").map(str::to_owned);
    let known = seen.snapshot.directory.maintenance_windows.with_ref(id).map(|entry| &entry.component);
    let begun = known.and_then(|known| {
        let end = known.covers(seen.now, known.services.first().map(String::as_str), "", Urgency::Minor)?;
        Some(end.minus_minutes(known.duration_minutes))
    });
    let lasted = begun.map_or(0, |begun| (seen.now.0 - begun.0) / 60_000_000);
    let wish = Wish { version, idempotency_key, ..at() };
    if lasted < 1 {
        return seen.answer(&format!("remove-{}", kind.operation), wish).await.map(drop);
    }
    let body = Map::from_iter([("duration_minutes".to_owned(), json!(lasted))]);
    seen.answer(&format!("change-{}", kind.operation), Wish { body, ..wish }).await.map(drop)
}

async fn begun(seen: &Seen<'_>, service: &str, typed: &str, form: &Form) -> Result<(), Problem> {
    let minutes = typed.trim().parse::<u32>();
    let minutes =
        minutes.map_err(|_| Problem::invalid(vec!["minutes: must be a whole number of minutes".to_owned()]))?;
    let now = seen.now.wire();
    let starts = now.split('.').next().unwrap_or(&now);
    let body = [
        ("name", json!(format!("{service} from {} UTC", starts.replace('T', " ")))),
        ("services", json!([service])),
        ("starts", json!(starts)),
        ("duration_minutes", json!(minutes)),
        ("timezone", json!("UTC")),
    ];
    let body: Map<String, Value> = body.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let idempotency_key = form.get("idempotency_key").map(str::to_owned);
    seen.answer("add-maintenance-window", Wish { body, idempotency_key, ..Wish::default() }).await.map(drop)
}
