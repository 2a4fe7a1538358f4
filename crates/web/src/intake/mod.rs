//! Intake: what monitoring tools send, each in its own form, and what they are answered. In the order in which a body
//! meets them: the key, the body, the sender's form, the engine, the answer.

mod answer;
mod heartbeat;
mod key;
mod mask;
mod opsgenie;
mod opsgenie_alert;
mod pagerduty;
mod receive;
mod sns;

use crate::api::{App, refuse};
use crate::gate::Problem;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::{any, get, post};
use domain::intake::SenderKind;
use key::Shown;
use receive::{Form, received};

/// The paths of all senders: `/{kind}/{key}`, which the original product's own scripts post to, and the same below
/// `/integrations`, where the key may also come in a header or the query.
pub(crate) fn routes(mut router: Router<App>) -> Router<App> {
    for kind in SenderKind::ALL.iter().copied() {
        let word = kind.word();
        let with_key = move |State(app): State<App>, Path(key): Path<String>, request: Request| async move {
            serve(&app, kind, Some(&key), request).await
        };
        let without =
            move |State(app): State<App>, request: Request| async move { serve(&app, kind, None, request).await };
        for slash in ["", "/"] {
            router = router
                .route(&format!("/{word}/{{key}}{slash}"), any(with_key))
                .route(&format!("/integrations/{word}/{{key}}{slash}"), any(with_key))
                .route(&format!("/integrations/{word}{slash}"), any(without));
        }
    }
    for slash in ["", "/"] {
        for before in ["", "/integrations"] {
            let base = format!("{before}/alertmanager/{{key}}");
            router = router
                .route(&format!("{base}/api/v2/alerts{slash}"), any(prometheus))
                .route(&format!("{base}/api/v2/status{slash}"), any(ready))
                .route(&format!("{base}/-/ready{slash}"), any(ready));
        }
    }
    for slash in ["", "/"] {
        router = router
            .route(&format!("/v2/enqueue{slash}"), any(pagerduty::enqueue))
            .route(&format!("/v2/change/enqueue{slash}"), any(pagerduty::change))
            .route(&format!("/integration/{{key}}/enqueue{slash}"), any(pagerduty::enqueue_with_key))
            .route(&format!("/x-ere/{{key}}{slash}"), any(pagerduty::enqueue_with_key))
            .route(&format!("/generic/2010-04-15/create_event.json{slash}"), any(pagerduty::create_event));
        router = router
            .route(&format!("/heartbeats/{{key}}{slash}"), any(heartbeat::ping))
            .route(&format!("/heartbeats/{{key}}/{{what}}{slash}"), any(heartbeat::ping_with))
            .route(&format!("/v2/heartbeats/{{name}}/ping{slash}"), any(opsgenie::ping));
        for before in ["", "/opsgenie"] {
            let alerts = format!("{before}/v2/alerts");
            router = router
                .route(&format!("{alerts}{slash}"), any(opsgenie::create))
                .route(&format!("{alerts}/{{id}}{slash}"), get(opsgenie::get).delete(opsgenie::delete))
                .route(&format!("{alerts}/{{id}}/{{action}}{slash}"), post(opsgenie::act).put(opsgenie::act))
                .route(&format!("{alerts}/requests/{{id}}{slash}"), get(opsgenie::request_status));
        }
    }
    router
}

async fn serve(app: &App, kind: SenderKind, key: Option<&str>, request: Request) -> Response {
    match received(app, Form::Kind(kind), key, request).await {
        Ok(taken) => answer::taken(app, &taken),
        Err(problem) => refuse(app, problem),
    }
}

/// What Prometheus and its relatives post to an Alertmanager; they look at the status only.
async fn prometheus(State(app): State<App>, Path(key): Path<String>, request: Request) -> Response {
    match received(&app, Form::Prometheus, Some(&key), request).await {
        Ok(_) => answer::nothing(&app),
        Err(problem) => refuse(&app, problem),
    }
}

/// What Prometheus' relatives ask an Alertmanager before they post.
async fn ready(State(app): State<App>, Path(key): Path<String>, request: Request) -> Response {
    match key::integration_without_body(&app, &Shown::by(&app, &request).with(Some(&key))).await {
        Ok(_) => answer::nothing(&app),
        Err(problem) => refuse(&app, problem),
    }
}

impl Problem {
    /// No integration has this key.
    fn unknown_integration_key() -> Self {
        Self::new(crate::operation::Code::UnknownIntegrationKey, "key: no integration has it, or it was renewed")
    }
}
