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
use domain::incident::{Incident, Status};
use domain::permission::Action;
use engine::{Failure, Filter};

/// Components of a kind that are listed.
const OF_A_KIND: usize = 20;
/// Newest incidents whose titles and tags are looked at for parts of words, of those that are unresolved and of those that are
/// over; to whole words of titles an index leads.
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
    let (open, over) = ([Status::Open, Status::Acknowledged].to_vec(), vec![Status::Resolved]);
    groups.push(("Unresolved incidents", incidents(seen, words, open).await?));
    groups.push(("Incidents with this tag", tagged(seen, words).await?));
    groups.push(("Resolved incidents", incidents(seen, words, over).await?));
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

/// Those of the newest in these states that have all words in their titles or tags, and the newest of all whose titles have them
/// as whole words.
async fn incidents(seen: &Seen<'_>, words: &str, statuses: Vec<Status>) -> Result<Vec<(String, String)>, Failure> {
    let most = u32::try_from(OF_A_KIND).unwrap_or(u32::MAX);
    let engine = &seen.visit.app.engine;
    let whole = engine.incidents_by_words(seen.reader(), words, statuses.clone(), most).await?;
    let filter = Filter { statuses, ..Filter::default() };
    let listed = seen.visit.app.engine.incidents(seen.reader(), filter, LOOKED_AT).await?;
    let words = words.to_lowercase();
    let has_all = |incident: &&Incident| {
        let said = [incident.title.as_str()].into_iter().chain(incident.tags.iter().map(String::as_str));
        let said: Vec<_> = said.map(str::to_lowercase).collect();
        words.split_whitespace().all(|word| said.iter().any(|said| said.contains(word)))
    };
    let parts = listed.incidents.iter().map(|(incident, _)| incident).filter(has_all);
    let mut found: Vec<_> = parts.chain(&whole).collect();
    found.sort_by_key(|incident| std::cmp::Reverse(incident.instance_id));
    found.dedup_by_key(|incident| incident.instance_id);
    Ok(found.into_iter().take(OF_A_KIND).map(link).collect())
}

/// The newest that have exactly this tag, however old they are: an index leads to them.
async fn tagged(seen: &Seen<'_>, tag: &str) -> Result<Vec<(String, String)>, Failure> {
    let filter = Filter { tags: vec![tag.to_owned()], ..Filter::default() };
    let most = u32::try_from(OF_A_KIND).unwrap_or(u32::MAX);
    let listed = seen.visit.app.engine.incidents(seen.reader(), filter, most).await?;
    Ok(listed.incidents.iter().map(|(incident, _)| link(incident)).collect())
}

fn link(incident: &Incident) -> (String, String) {
    let number = incident.organization_instance_id;
    (format!("/app/incidents/{number}"), format!("#{number} {}", incident.title))
}
