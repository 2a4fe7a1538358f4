//! The pages behind the links in messages. A GET only shows what the link would do, because programs that look for malice
//! in mail fetch every link; the button makes a POST, and that does it.

use super::token;
use super::words::{Told, not_now, of_answer, of_link};
use crate::api::{App, refuse};
use crate::console::{Head, head};
use crate::gate::Problem;
use crate::operation::Method;
use askama::Template;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderName, HeaderValue, Method as HttpMethod, header};
use axum::response::{Html, IntoResponse, Response};

/// The style sheet of the pages.
const STYLE: &str = include_str!("../../templates/act.css");
/// No script, nothing from elsewhere, and a form that leads nowhere but here.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

#[derive(Template)]
#[template(path = "act.html")]
struct Page {
    told: Told,
    /// What there is to know of the incident, for whoever may see it.
    head: Option<Head>,
    button: Option<String>,
}

/// A link: shown by GET, followed by POST.
pub(crate) async fn link(
    State(app): State<App>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let Some(token) = token(params) else { return refuse(&app, Problem::unknown_path()) };
    match request.method() {
        &HttpMethod::GET | &HttpMethod::HEAD => look(&app, &token).await,
        &HttpMethod::POST => follow(&app, &token).await,
        _ => refuse(&app, Problem::method_not_allowed(&[Method::Get, Method::Post])),
    }
}

async fn look(app: &App, token: &str) -> Response {
    match app.notifier.look_at_link(token).await {
        Ok(view) => {
            let (told, button) = of_link(&view);
            respond(app, told, head_of(app, token).await, button)
        }
        Err(failure) => {
            tracing::error!(?failure, "a link could not be looked at");
            respond(app, not_now(), None, None)
        }
    }
}

async fn follow(app: &App, token: &str) -> Response {
    // Somebody may have been quicker since the page was shown, and afterwards nobody can tell.
    let before = app.notifier.look_at_link(token).await.ok();
    match app.notifier.follow_link(token).await {
        Ok(answered) => respond(app, of_answer(&answered).after(before.as_ref()), head_of(app, token).await, None),
        Err(failure) => {
            tracing::error!(?failure, "a link could not be followed");
            respond(app, not_now(), None, Some("Try again".to_owned()))
        }
    }
}

/// The incident as it is now. That a link works does not hang on it.
async fn head_of(app: &App, token: &str) -> Option<Head> {
    let found = app.notifier.head_of_link(token).await.unwrap_or_else(|failure| {
        tracing::error!(?failure, "the incident of a link could not be looked at");
        None
    })?;
    let seen_at = (found.zone.as_deref(), app.engine.now());
    Some(head(&found.incident, found.alerts, &found.snapshot.directory, seen_at))
}

/// The page that says this.
pub(super) fn respond(app: &App, told: Told, head: Option<Head>, button: Option<String>) -> Response {
    let status = told.status;
    match (Page { told, head, button }).render() {
        Ok(page) => {
            let policy = (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
            let robots = (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
            (status, [policy, robots], Html(page)).into_response()
        }
        Err(error) => refuse(app, Problem::internal(error)),
    }
}

/// The style sheet.
pub(crate) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}
