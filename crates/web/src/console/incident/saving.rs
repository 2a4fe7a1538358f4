//! Views of the list are saved and removed by forms.

use super::filter::said;
use super::list;
use super::saved::shares;
use crate::console::form::Form;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use axum::http::StatusCode;
use axum::response::Response;
use directory::{ViewOf, ViewSaved};
use domain::limits;
use domain::permission::Action;

/// Saves the list of the address as a view, or removes one.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let of = if form.text("shared").is_empty() { ViewOf::Oneself } else { ViewOf::Everybody };
    let done = match form.text("do") {
        "remove" => remove(&seen, of, form).await,
        _ => save(&seen, of, form).await,
    };
    let mut list = match list::compose(&seen).await {
        Ok(list) => list,
        Err(problem) => return visit.refuse(&problem),
    };
    match done {
        Ok(notice) => {
            list.views.notice = Some(notice);
            page::show(&visit.app, StatusCode::OK, &list)
        }
        Err(problem) => {
            let words: Vec<_> =
                problem.errors.iter().map(|error| error.strip_prefix("name: ").unwrap_or(error)).collect();
            list.views.problem = Some(words.join("; "));
            form.text("name").clone_into(&mut list.views.name);
            list.views.shares = of == ViewOf::Everybody;
            visit.refuse_on(&problem, &list)
        }
    }
}

async fn save(seen: &Seen<'_>, of: ViewOf, form: &Form) -> Result<String, Problem> {
    if of == ViewOf::Everybody {
        shares(seen)?;
    }
    let (name, query) = (form.text("name").trim().to_owned(), said(&seen.visit.query));
    let mut faults = Vec::new();
    let most = limits::VIEW_NAME_CHARACTERS;
    if !(1..=most).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        faults.push(format!("name: must have 1 to {most} characters"));
    }
    if query.len() > limits::VIEW_QUERY_BYTES {
        faults.push(format!("query: must have at most {} bytes in the address", limits::VIEW_QUERY_BYTES));
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let administration = &seen.visit.app.administration;
    match administration.save_view(seen.asker(), of, (name.clone(), query)).await.map_err(failed)? {
        ViewSaved::Done => Ok(format!("The view {name} is saved.")),
        ViewSaved::NameTaken => Err(Problem::invalid(vec!["name: is that of another view".to_owned()])),
    }
}

async fn remove(seen: &Seen<'_>, of: ViewOf, form: &Form) -> Result<String, Problem> {
    if of == ViewOf::Everybody {
        shares(seen)?;
    }
    let name = form.text("name").to_owned();
    seen.visit.app.administration.remove_view(seen.asker(), of, name.clone()).await.map_err(failed)?;
    Ok(format!("The view {name} was removed."))
}
