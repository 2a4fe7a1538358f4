//! Intake: what monitoring tools send, each in its own form, and what they are answered. In the order in which a body
//! meets them: the table of ways, the key, the body, the sender's form, the engine, the answer.

mod answer;
mod heartbeat;
mod key;
mod opsgenie;
mod pagerduty;
mod receive;
mod sns;
mod table;
mod way;

pub(crate) use table::ways;
pub(crate) use way::{Family, Part, PartShape, Way};

use crate::api::{App, refuse};
use crate::gate::Problem;
use axum::Router;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::response::Response;
use axum::routing::any;
use domain::intake::SenderKind;
use key::Shown;
use receive::{Form, received};
use std::sync::Arc;
use way::{Serves, allowed};

/// The variable parts of a path, those that are fixed by a route included.
struct Parts(Vec<(String, String)>);

impl Parts {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A part that the path has.
    fn of(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }
}

/// The paths of all senders, from the table of ways.
pub(crate) fn routes(mut router: Router<App>) -> Router<App> {
    for (route, ways) in way::routes(ways()) {
        let (ways, fixed): (Arc<[_]>, Arc<[_]>) = (ways.into(), route.fixed.into());
        let handler = move |State(app): State<App>, params: Result<RawPathParams, RawPathParamsRejection>, request| {
            let (ways, fixed) = (Arc::clone(&ways), Arc::clone(&fixed));
            async move { serve(&app, &ways, (&fixed, params), request).await }
        };
        router = router.route(&route.path, any(handler));
    }
    router
}

/// What is answered where nothing is, in the words of whose API it would be; `None` elsewhere.
pub(crate) fn nothing_here(app: &App, path: &str) -> Option<Response> {
    let is_alerts = ["/opsgenie/", "/v2/alerts", "/v2/heartbeats"].iter().any(|prefix| path.starts_with(prefix));
    is_alerts.then(|| opsgenie::nothing_here(app))
}

async fn serve(
    app: &App,
    ways: &[&'static Way],
    (fixed, params): (&[(&'static str, &'static str)], Result<RawPathParams, RawPathParamsRejection>),
    request: Request,
) -> Response {
    let Some(way) = ways.iter().find(|way| way.takes(request.method().as_str())) else {
        let problem = Problem::methods_not_allowed(&allowed(ways));
        return match ways.first().map(|way| way.family) {
            Some(Family::Alerts) => opsgenie::method_not_allowed(app, problem),
            Some(Family::Events) => pagerduty::method_not_allowed(app, problem),
            _ => refuse(app, problem),
        };
    };
    let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let mut parts: Vec<_> = fixed.iter().copied().map(own).collect();
    match params {
        Ok(params) => parts.extend(params.iter().map(own)),
        // What is no text names nothing.
        Err(_) => {
            return nothing_here(app, request.uri().path()).unwrap_or_else(|| refuse(app, Problem::unknown_path()));
        }
    }
    perform(app, way, &Parts(parts), request).await
}

async fn perform(app: &App, way: &Way, parts: &Parts, request: Request) -> Response {
    let (id, name) = (parts.of("id"), parts.of("name"));
    // An action that is no variable part is the end of the path.
    let action = parts.get("action").or_else(|| way.path.rsplit('/').next()).unwrap_or_default();
    match way.serves {
        Serves::Sender => sender(app, parts, request).await,
        Serves::Prometheus => prometheus(app, parts.of("key"), request).await,
        Serves::Ready => ready(app, parts.of("key"), request).await,
        Serves::Event => pagerduty::enqueue(app, parts.get("key"), request).await,
        Serves::EventV1 => pagerduty::create_event(app, request).await,
        Serves::Change => pagerduty::change(app, request).await,
        Serves::Heartbeat => heartbeat::ping(app, parts.of("key"), parts.get("what"), request).await,
        Serves::AlertList => opsgenie::list(app, request).await,
        Serves::AlertCount => opsgenie::count(app, request).await,
        Serves::AlertGet => opsgenie::get(app, id, request).await,
        Serves::AlertCreate => opsgenie::create(app, request).await,
        Serves::AlertDelete => opsgenie::delete(app, id, request).await,
        Serves::AlertAct => opsgenie::act(app, id, action, request).await,
        Serves::AlertRemove => opsgenie::remove(app, id, action, request).await,
        Serves::AlertPerform => opsgenie::perform(app, id, name, request).await,
        Serves::RequestStatus => opsgenie::request_status(app, id, request).await,
        Serves::HeartbeatList => opsgenie::heartbeats(app, request).await,
        Serves::HeartbeatGet => opsgenie::heartbeat(app, name, request).await,
        Serves::HeartbeatPing => opsgenie::ping(app, name, request).await,
        Serves::HeartbeatChange => opsgenie::changed(app, request).await,
    }
}

async fn sender(app: &App, parts: &Parts, request: Request) -> Response {
    let Some(kind) = SenderKind::from_word(parts.of("kind")) else { return refuse(app, Problem::unknown_path()) };
    match received(app, Form::Kind(kind), parts.get("key"), request).await {
        Ok(taken) => answer::taken(app, &taken),
        Err(problem) => refuse(app, problem),
    }
}

/// What Prometheus and its relatives post to an Alertmanager; they look at the status only.
async fn prometheus(app: &App, key: &str, request: Request) -> Response {
    match received(app, Form::Prometheus, Some(key), request).await {
        Ok(_) => answer::nothing(app),
        Err(problem) => refuse(app, problem),
    }
}

/// What Prometheus' relatives ask an Alertmanager before they post.
async fn ready(app: &App, key: &str, request: Request) -> Response {
    match key::integration_without_body(app, &Shown::by(app, &request).with(Some(key))).await {
        Ok(_) => answer::nothing(app),
        Err(problem) => refuse(app, problem),
    }
}

impl Problem {
    /// No integration has this key.
    fn unknown_integration_key() -> Self {
        Self::new(crate::operation::Code::UnknownIntegrationKey, "key: no integration has it, or it was renewed")
    }
}
