//! Feeds as calendar programs read them: by a secret URL, without a key.

use super::{App, refuse};
use crate::gate::{Problem, failed};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

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
