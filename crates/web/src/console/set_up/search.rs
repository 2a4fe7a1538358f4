//! Search: a number leads to its incident, words to what has them.

use super::kind::Kind;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use directory::ComponentQuery;
use domain::directory::ComponentKind;
use domain::incident::Status;
use domain::permission::Action;
use engine::{Failure, Filter};

/// Components of a kind that are listed.
const OF_A_KIND: usize = 20;
/// Newest unresolved incidents whose titles are looked at.
const LOOKED_AT: u32 = 500;

#[derive(Template)]
#[template(path = "console/set_up/search.html")]
struct Search {
    frame: Frame,
    words: String,
    /// What was found, by title: address and words.
    groups: Vec<(&'static str, Vec<(String, String)>)>,
}

/// Shows what was found.
pub(super) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let words = visit.query.text("q").trim().to_owned();
    if let Ok(number) = words.trim_start_matches('#').parse::<u32>() {
        return page::go_on(&format!("/app/incidents/{number}"));
    }
    match found(&seen, &words).await {
        Ok(groups) => page::show(&visit.app, StatusCode::OK, &Search { frame: visit.frame(), words, groups }),
        Err(failure) => seen.failed(failure),
    }
}

async fn found(seen: &Seen<'_>, words: &str) -> Result<Vec<(&'static str, Vec<(String, String)>)>, Failure> {
    let mut groups = Vec::new();
    if words.is_empty() {
        return Ok(groups);
    }
    groups.push(("Unresolved incidents", incidents(seen, words).await?));
    for kind in ComponentKind::ALL.map(Kind::of) {
        let query = ComponentQuery { words: words.to_owned(), limit: OF_A_KIND, ..ComponentQuery::default() };
        let page = seen.visit.app.administration.components(seen.reader(), kind.kind, query).await?;
        let links = page.components.iter().map(|component| {
            let name = super::kind::name_of(component);
            let shown = component.get("display_name").and_then(serde_json::Value::as_str).unwrap_or(name);
            (kind.page(super::kind::reference_of(component)), shown.to_owned())
        });
        groups.push((kind.title, links.collect()));
    }
    groups.retain(|(_, found)| !found.is_empty());
    Ok(groups)
}

async fn incidents(seen: &Seen<'_>, words: &str) -> Result<Vec<(String, String)>, Failure> {
    let filter = Filter { statuses: vec![Status::Open, Status::Acknowledged], ..Filter::default() };
    let listed = seen.visit.app.engine.incidents(seen.reader(), filter, LOOKED_AT).await?;
    let words = words.to_lowercase();
    let has_all = |title: &str| words.split_whitespace().all(|word| title.to_lowercase().contains(word));
    let incidents = listed.incidents.iter().map(|(incident, _)| incident).filter(|incident| has_all(&incident.title));
    let link = |incident: &domain::incident::Incident| {
        let number = incident.organization_instance_id;
        (format!("/app/incidents/{number}"), format!("#{number} {}", incident.title))
    };
    Ok(incidents.take(OF_A_KIND).map(link).collect())
}
