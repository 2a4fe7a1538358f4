//! Pages that change while somebody looks: each open page holds one stream, and hears what changes by it. In the order in which a
//! change meets them: what changed within a fifth of a second is loaded once for all pages of an organization, each page says what
//! of that it shows, and its stream sends it.

mod message;
mod stream;
mod view;

use super::seen::Seen;
use super::visit::Visit;
use crate::activity::Held;
use crate::gate::Problem;
use axum::http::Extensions;
use axum::response::Response;
use domain::permission::Action;
use stream::Opened;
use view::View;

/// Where streams are.
pub(super) const PATH: &str = "/app/live";

/// Opens the stream of the page that the query names.
pub(super) async fn show(visit: &Visit, extensions: &Extensions, seen_last: Option<&str>) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match open(&seen, extensions, seen_last).await {
        Ok(response) => response,
        Err(problem) => visit.refuse(&problem),
    }
}

async fn open(seen: &Seen<'_>, extensions: &Extensions, seen_last: Option<&str>) -> Result<Response, Problem> {
    let (app, organization) = (&seen.visit.app, seen.session.person.organization);
    let full = || Problem::busy(20, "too many pages are open");
    let place = app.hub.place().ok_or_else(full)?;
    let refreshes = app.hub.join(&app.engine, organization).await.map_err(crate::gate::failed)?;
    let stamp = app.engine.stamp(organization).map(|stamp| stamp.to_string());
    let has_missed = stamp.is_none() || stamp.as_deref() != seen_last;
    let view = View::of(seen).await?;
    let opened = Opened {
        administration: app.administration.clone(),
        session: seen.session.clone(),
        held: extensions.get::<Held>().cloned(),
        refreshes,
        view,
        stale: has_missed.then(|| stamp.unwrap_or_default()),
    };
    Ok(stream::answer((opened, place)))
}
