//! The router: every path of the server on one screen.

use crate::act;
use crate::api::{App, Parts, feed, healthz, logout, metrics, operate, readyz, refuse};
use crate::gate::{Limit, Problem};
use crate::hub::Hub;
use crate::operation::{Method, Operation, routes};
use crate::settings::Settings;
use crate::{console, docs, intake, openapi};
use ::intake::Reception;
use axum::Router;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get};
use directory::Administration;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// Large bodies of monitoring tools that are in work at the same time; each may take up some hundred megabytes.
const LARGE_BODIES: usize = 8;

/// The whole server as a service, so that tests can call it without a socket.
pub fn router(administration: Administration, settings: Settings) -> Router {
    let limit = settings.rate.map(|rate| Arc::new(Limit::new(rate)));
    let (engine, notifier) = (administration.engine().clone(), administration.notifier().clone());
    let reception = Reception::new(administration.clone());
    let large_bodies = Arc::new(Semaphore::new(LARGE_BODIES));
    // Half of what may be connected, so that others come in as well.
    let hub = Hub::new((settings.connections / 2).max(1));
    let settings = Arc::new(settings);
    let parts = Parts { engine, notifier, administration, settings, limit, large_bodies, reception, hub };
    let app = App::new(parts);
    let mut router = Router::new();
    for (path, operations) in routes() {
        let operations: Arc<[_]> = operations.into();
        let handler = move |state, params, request| serve(state, params, request, Arc::clone(&operations));
        router = router.route(&path, any(handler));
    }
    for slash in ["", "/"] {
        router = router
            .route(&format!("/act/{{token}}{slash}"), any(act::link))
            .route(&format!("/cover/{{token}}{slash}"), any(act::cover))
            .route(&format!("/v1/carrier/twilio/sms{slash}"), any(act::text))
            .route(&format!("/v1/carrier/twilio/voice/{{token}}{slash}"), any(act::digits))
            .route(&format!("/v1/carrier/twilio/status/{{token}}{slash}"), any(act::receipt));
    }
    let panicked = app.clone();
    // One layer: each costs every request a box and a future of its own.
    let around = ServiceBuilder::new()
        .layer(header_of("x-content-type-options", "nosniff"))
        .layer(header_of("referrer-policy", "no-referrer"))
        .layer(header_of("content-security-policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'"))
        .layer(header_of("cache-control", "no-store"))
        .layer(CatchPanicLayer::custom(move |_| refuse(&panicked, Problem::internal("it panicked"))));
    console::routes(intake::routes(router))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .route("/feeds/{file}", get(feed))
        .route("/oidc/{provider}/logout", any(logout))
        .route("/act.css", get(act::style))
        .route("/openapi.json", get(|| async { json(openapi::text()) }))
        .route("/docs", get(page))
        .route("/docs/app.css", get(style))
        .method_not_allowed_fallback(wrong_method)
        .fallback(nothing_here)
        .with_state(app)
        .layer(around)
}

fn header_of(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
}

async fn serve(
    State(app): State<App>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    operations: Arc<[&'static Operation]>,
) -> Response {
    let asked = request.method().as_str();
    let Some(operation) = operations.iter().find(|operation| operation.method.takes(asked)) else {
        let methods: Vec<_> = operations.iter().map(|operation| operation.method).collect();
        return refuse(&app, Problem::method_not_allowed(&methods));
    };
    let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    match params {
        Ok(params) => operate(app, operation, params.iter().map(own).collect(), request).await,
        // What is no text names nothing.
        Err(_) => refuse(&app, Problem::unknown_path()),
    }
}

async fn wrong_method(State(app): State<App>) -> Response {
    // The paths of operations judge their method themselves; the others take GET.
    refuse(&app, Problem::method_not_allowed(&[Method::Get]))
}

async fn nothing_here(State(app): State<App>, uri: Uri) -> Response {
    intake::nothing_here(&app, uri.path()).unwrap_or_else(|| refuse(&app, Problem::unknown_path()))
}

fn json(text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

async fn page(State(app): State<App>) -> Response {
    match docs::page() {
        Ok(page) => Html(page).into_response(),
        Err(error) => refuse(&app, Problem::internal(error)),
    }
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], docs::STYLE).into_response()
}
