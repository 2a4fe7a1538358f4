//! Help: the keys, the documentation, the version, and how to report what is wrong.

use crate::console::frame::Frame;
use crate::console::page;
use crate::console::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

/// The keys and what they do, where the focus is in a list or on a page and in no field.
const KEYS: [(&str, &str); 15] = [
    ("/", "search"),
    ("g n", "go to Now"),
    ("g i", "go to Incidents"),
    ("g o", "go to On call"),
    ("g r", "go to Routines"),
    ("j", "next in a list"),
    ("k", "the one before"),
    ("x", "tick"),
    ("Enter", "open"),
    ("a", "go to the button that acknowledges"),
    ("r", "go to resolving"),
    ("s", "go to snoozing"),
    ("e", "go to escalating"),
    ("m", "write a note"),
    ("?", "this list"),
];

#[derive(Template)]
#[template(path = "console/help.html")]
pub(super) struct Help {
    frame: Frame,
    keys: &'static [(&'static str, &'static str)],
}

impl Help {
    pub(super) fn of(frame: Frame) -> Self {
        Self { frame, keys: &KEYS }
    }
}

/// Shows it, to whoever is signed in.
pub(in crate::console) async fn show(visit: &Visit) -> Response {
    match visit.signed_in().await {
        Ok(_) => page::show(&visit.app, StatusCode::OK, &Help::of(visit.frame())),
        Err(page) => page,
    }
}
