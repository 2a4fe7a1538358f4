//! The list of all pages, with what each is for.

use crate::console::frame::Frame;
use crate::console::menu::{self, Group};
use crate::console::page;
use crate::console::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

#[derive(Template)]
#[template(path = "console/more.html")]
pub(super) struct More {
    pub(super) frame: Frame,
    pub(super) groups: Vec<Group>,
}

/// Shows it, to whoever is signed in.
pub(in crate::console) async fn show(visit: &Visit) -> Response {
    match visit.signed_in().await {
        Ok(session) => {
            let more = More { frame: visit.frame(), groups: menu::groups(&session.person) };
            page::show(&visit.app, StatusCode::OK, &more)
        }
        Err(page) => page,
    }
}
