//! Help: the keys, the documentation, the version, and how to report what is wrong.

use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::theme::Theme;
use crate::console::visit::Visit;
use crate::gate::{Cookie, Problem};
use askama::Template;
use axum::http::{StatusCode, header};
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
    themes: [(Theme, &'static str); 4],
    notice: Option<&'static str>,
}

impl Help {
    pub(super) fn of(frame: Frame) -> Self {
        Self { frame, keys: &KEYS, themes: Theme::ALL, notice: None }
    }
}

/// Shows it, to whoever is signed in.
pub(in crate::console) async fn show(visit: &Visit) -> Response {
    match visit.signed_in().await {
        Ok(_) => page::show(&visit.app, StatusCode::OK, &Help::of(visit.frame())),
        Err(page) => page,
    }
}

/// Shows pages in another light on this device from now on.
pub(in crate::console) async fn choose_theme(visit: &Visit, form: &Form) -> Response {
    if let Err(page) = visit.signed_in().await {
        return page;
    }
    let Some(theme) = Theme::of_word(form.text("theme")) else {
        let words: Vec<_> = Theme::ALL.iter().map(|(theme, _)| theme.word()).collect();
        return visit.refuse(&Problem::invalid(vec![format!("theme: must be one of {}", words.join(", "))]));
    };
    let frame = Frame { theme, ..visit.frame() };
    let notice = Some("Pages are shown so on this device from now on.");
    let mut response = page::show(&visit.app, StatusCode::OK, &Help { notice, ..Help::of(frame) });
    let kept = match theme {
        Theme::System => visit.site.forget(Cookie::Theme),
        theme => visit.site.hold(Cookie::Theme, theme.word()),
    };
    if let Some(value) = kept {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
