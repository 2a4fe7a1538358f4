//! The page for the screen in the room: who is on call and what is unresolved, by a secret address, without signing in and without
//! anything to act with.

use super::frame::Frame;
use super::incident::Row;
use super::page;
use super::time::{Clock, Moment};
use super::visit::Visit;
use askama::Template;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use directory::Wall;
use domain::directory::{Directory, Ladder};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Seconds after which the browser asks again.
const AGAIN: &str = "15";

#[derive(Template)]
#[template(path = "console/wall.html")]
struct Page {
    frame: Frame,
    organization: String,
    team: Option<String>,
    place: String,
    minute: String,
    open: u64,
    acknowledged: u64,
    rows: Vec<Row>,
    /// How many more are unresolved than are shown.
    more: u64,
    duty: Vec<Duty>,
}

/// Who is on the first level of a policy.
struct Duty {
    policy: String,
    people: Vec<String>,
    until: Option<Moment>,
}

/// Shows it to whoever knows the address.
pub(super) async fn show(visit: &Visit, token: &str) -> Response {
    let wall = match visit.app.administration.wall(token).await {
        Ok(Some(wall)) => wall,
        Ok(None) => return visit.nothing_there(),
        Err(failure) => return visit.failed(failure),
    };
    let own = wall.standing.snapshot.directory.settings.timezone.clone();
    let clock = Clock::of([visit.query.get("zone"), own.as_deref()], visit.app.engine.now());
    let page = compose(wall, &clock);
    let mut response = page::show(&visit.app, StatusCode::OK, &page);
    response.headers_mut().insert("refresh", HeaderValue::from_static(AGAIN));
    response
}

fn compose(wall: Wall, clock: &Clock) -> Page {
    let Wall { organization, team, standing } = wall;
    let directory = &standing.snapshot.directory;
    let mut incidents = standing.incidents;
    incidents.sort_by_key(|incident| (Reverse(incident.urgency.number()), Reverse(incident.instance_id)));
    let unresolved = standing.unresolved.open + standing.unresolved.acknowledged;
    let shown = u64::try_from(incidents.len()).unwrap_or_default();
    Page {
        frame: Frame::closed(),
        organization,
        place: clock.place(),
        minute: clock.minute(),
        open: standing.unresolved.open,
        acknowledged: standing.unresolved.acknowledged,
        rows: incidents.iter().map(|incident| Row::of(incident, directory, clock, String::new())).collect(),
        more: unresolved.saturating_sub(shown),
        duty: duty(directory, team.as_deref(), clock),
        team,
    }
}

/// Who is on the first level of each policy, or of each that the team owns.
fn duty(directory: &Directory, team: Option<&str>, clock: &Clock) -> Vec<Duty> {
    let mut known = HashMap::new();
    let policies = directory.policies.by_name().into_iter();
    let policies = policies.filter(|entry| team.is_none() || entry.component.team.as_deref() == team);
    let of = policies.map(|entry| {
        let on_call = Ladder::Named(&entry.component, directory).on_call_knowing(1, clock.now(), &mut known);
        Duty {
            policy: entry.component.name.clone(),
            people: on_call.users.iter().map(|user| directory.shown_name(user).to_owned()).collect(),
            until: on_call.until.map(|until| clock.moment(until)),
        }
    });
    of.collect()
}
