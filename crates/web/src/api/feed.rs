//! Feeds: their secret URLs, and how calendar programs read them, without a key.

use super::{App, Success, refuse};
use crate::gate::{Fields, Problem, failed};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use directory::{FeedOf, FeedUrl};
use engine::Asker;
use serde_json::json;

/// The feed of this file name: a token, and `.ics`.
pub(crate) async fn feed(State(app): State<App>, params: Result<RawPathParams, RawPathParamsRejection>) -> Response {
    // What is no text names nothing.
    let file = params.as_ref().ok().and_then(|params| params.iter().next());
    let token = file.and_then(|(_, file)| file.strip_suffix(".ics"));
    let Some(token) = token else { return refuse(&app, Problem::unknown_path()) };
    match app.administration.feed(token).await {
        Ok(Some(text)) => ([(header::CONTENT_TYPE, directory::feed::CONTENT_TYPE)], text).into_response(),
        Ok(None) => refuse(&app, Problem::unknown_path()),
        Err(failure) => refuse(&app, failed(failure)),
    }
}

/// Gives the secret URL of something that is read without signing in, or another one.
pub(super) async fn give(app: &App, asker: Asker, of: FeedOf, fields: &Fields) -> Result<Success, Problem> {
    let url = if fields.is_true("renew") { FeedUrl::Renewed } else { FeedUrl::Same };
    let url = app.administration.feed_url(asker, of, url).await.map_err(failed)?;
    Success::json(&json!({"url": url}))
}
