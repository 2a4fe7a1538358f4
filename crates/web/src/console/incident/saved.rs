//! Saved views of the list: links above it, a form that gives the filters of the address a name, and buttons to remove them.

use super::filter::said;
use crate::console::seen::Seen;
use crate::gate::{Problem, failed};
use directory::SavedView;
use domain::permission::{Action, Answer, Object};

/// Where forms about them are sent to; the query is that of the list.
const PATH: &str = "/app/incidents/views";

/// The views, and the form for another one.
#[derive(Clone, Debug, Default)]
pub(super) struct Views {
    pub(super) links: Vec<ViewLink>,
    /// Where the forms are sent to.
    pub(super) address: String,
    /// Whether one may be shared with everybody.
    pub(super) may_share: bool,
    /// What is typed as the name of another one.
    pub(super) name: String,
    pub(super) shares: bool,
    /// What is wrong with it.
    pub(super) problem: Option<String>,
    /// What was done.
    pub(super) notice: Option<String>,
}

/// A view as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ViewLink {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) is_shared: bool,
    /// Whether the list shows it.
    pub(super) is_current: bool,
    pub(super) may_remove: bool,
}

/// The views that stand above the list of this address.
pub(super) async fn views(seen: &Seen<'_>) -> Result<Views, Problem> {
    let query = said(&seen.visit.query);
    let may_share = shares(seen).is_ok();
    let rows = seen.visit.app.administration.saved_views(seen.reader()).await.map_err(failed)?;
    let link = |view: SavedView| ViewLink {
        address: at("/app/incidents", &view.query),
        is_current: view.query == query,
        may_remove: may_share || !view.is_shared,
        is_shared: view.is_shared,
        name: view.name,
    };
    let links = rows.into_iter().map(link).collect();
    Ok(Views { links, address: at(PATH, &query), may_share, ..Views::default() })
}

fn at(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Views are shared by those who change what belongs to nobody.
///
/// # Errors
/// `not_allowed`.
pub(super) fn shares(seen: &Seen<'_>) -> Result<(), Problem> {
    match seen.rights().to(Action::ChangeComponents, Object::default()) {
        Answer::Allowed => Ok(()),
        Answer::Refused(needs) => Err(Problem::not_allowed(&needs)),
        Answer::Hidden => Err(Problem::unknown_path()),
    }
}
