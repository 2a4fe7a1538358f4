//! Asks before a component is removed, and says what names it.

use crate::api::Wish;
use crate::console::again;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::Managed;
use crate::console::seen::Seen;
use crate::console::set_up::component::named_by;
use crate::console::set_up::kind::{Kind, name_of, reference_of};
use crate::console::set_up::list::managed;
use crate::console::visit::Visit;
use crate::gate::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::ComponentKind;
use serde_json::Value;

#[derive(Template)]
#[template(path = "console/set_up/remove.html")]
struct Removal {
    frame: Frame,
    kind: Kind,
    name: String,
    action: String,
    version: i64,
    form_key: String,
    managed: Option<Managed>,
    named_by: Vec<(String, String, String)>,
    /// What could be named instead.
    replace_with: String,
    refused: Vec<String>,
    is_done: bool,
    /// Whether it is asked to erase the person, too.
    erase: bool,
    /// What is shown for the person from now on who was erased.
    erased_as: Option<String>,
    /// Incidents in whose notes their name stands.
    noted: Vec<i64>,
}

impl Removal {
    fn is_person(&self) -> bool {
        self.kind.kind == ComponentKind::User
    }
}

/// Asks.
pub(in crate::console::set_up) async fn show(visit: &Visit, kind: Kind, name: &str) -> Response {
    match asked(visit, kind, name).await {
        Ok((_, removal)) => page::show(&visit.app, StatusCode::OK, &removal),
        Err(page) => page,
    }
}

async fn asked<'a>(visit: &'a Visit, kind: Kind, name: &str) -> Result<(Seen<'a>, Removal), Response> {
    let seen = visit.seen(kind.removing()).await?;
    let read = seen.answer(kind.operation, Wish::default().at(kind.parameter, name)).await;
    let component = read.map_err(|problem| visit.refuse(&problem))?;
    let removal = Removal {
        frame: visit.frame(),
        kind,
        name: name_of(&component).to_owned(),
        action: format!("{}/remove", kind.edit(reference_of(&component))),
        version: component.get("version").and_then(Value::as_i64).unwrap_or_default(),
        form_key: seen.form_key(),
        managed: managed(&component),
        named_by: named_by(&component),
        replace_with: String::new(),
        refused: Vec::new(),
        is_done: false,
        erase: false,
        erased_as: None,
        noted: Vec::new(),
    };
    Ok((seen, removal))
}

/// Removes it.
pub(in crate::console::set_up) async fn act(visit: &Visit, kind: Kind, name: &str, form: &Form) -> Response {
    let seen = match visit.seen(kind.removing()).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    if kind.kind == ComponentKind::User && !seen.session.is_fresh(seen.now) {
        return again::needed(visit, seen.session, &format!("{}/remove", kind.edit(name))).await;
    }
    let mut wish = Wish {
        idempotency_key: form.get("idempotency_key").map(str::to_owned),
        version: form.get("version").and_then(|version| version.parse().ok()),
        ..Wish::default()
    };
    if let Some(other) = form.get("replace_with") {
        wish = wish.with("replace_with", other);
    }
    if kind.kind == ComponentKind::User && form.get("erase").is_some() {
        wish = wish.with("erase", "true");
    }
    match seen.answer(&format!("remove-{}", kind.operation), wish.at(kind.parameter, name)).await {
        Ok(answer) => page::show(&visit.app, StatusCode::OK, &gone(visit, kind, name, &answer)),
        Err(problem) => refused(visit, kind, name, form, problem).await,
    }
}

async fn refused(visit: &Visit, kind: Kind, name: &str, form: &Form, problem: Problem) -> Response {
    match asked(visit, kind, name).await {
        Ok((_, removal)) => {
            let (refused, replace_with) = (problem.errors.clone(), form.text("replace_with").to_owned());
            let erase = form.get("erase").is_some();
            visit.refuse_on(&problem, &Removal { refused, replace_with, erase, ..removal })
        }
        Err(page) => page,
    }
}

fn gone(visit: &Visit, kind: Kind, name: &str, answer: &Value) -> Removal {
    let noted = answer.get("named_in_notes").and_then(Value::as_array).into_iter().flatten();
    Removal {
        frame: visit.frame(),
        kind,
        name: name.to_owned(),
        action: String::new(),
        version: 0,
        form_key: String::new(),
        managed: None,
        named_by: Vec::new(),
        replace_with: String::new(),
        refused: Vec::new(),
        is_done: true,
        erase: false,
        erased_as: answer.get("erased_as").and_then(Value::as_str).map(str::to_owned),
        noted: noted.filter_map(|incident| incident.get("organization_instance_id")?.as_i64()).collect(),
    }
}
