//! The first page: who one is.

use super::page::{self, Frame};
use super::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

#[derive(Template)]
#[template(path = "console/now.html")]
struct Now {
    frame: Frame,
    name: String,
    username: String,
    organization: String,
    role: &'static str,
}

/// Shows it, to whoever is signed in.
pub(super) async fn show(visit: &Visit) -> Response {
    let session = match visit.signed_in().await {
        Ok(session) => session,
        Err(page) => return page,
    };
    let person = &session.person;
    let now = Now {
        frame: visit.frame(),
        name: person.name.clone(),
        username: person.username.to_string(),
        organization: person.organization_name.clone(),
        role: person.role.word(),
    };
    page::show(&visit.app, StatusCode::OK, &now)
}
