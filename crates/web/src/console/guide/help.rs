//! Help: the keys, the documentation, the version, and how to report what is wrong.

use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::FieldProblem;
use crate::console::theme::Theme;
use crate::console::time::Clock;
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
    /// The zone that was chosen on this device, or was typed.
    zone: String,
    zone_notice: Option<String>,
    zone_problem: Option<FieldProblem>,
    /// Zones that are offered.
    zones: Vec<(String, String)>,
}

impl Help {
    pub(super) fn of(frame: Frame) -> Self {
        let (zone, zones) = (String::new(), Vec::new());
        Self {
            frame,
            keys: &KEYS,
            themes: Theme::ALL,
            notice: None,
            zone,
            zone_notice: None,
            zone_problem: None,
            zones,
        }
    }

    fn seen(visit: &Visit) -> Self {
        let own = visit.session.as_ref().and_then(|session| session.person.timezone.clone());
        let own = own.map(|zone| (zone, "yours".to_owned()));
        let zones = own.into_iter().chain([("UTC".to_owned(), String::new())]).collect();
        Self { zone: visit.zone.clone().unwrap_or_default(), zones, ..Self::of(visit.frame()) }
    }
}

/// Shows it, to whoever is signed in.
pub(in crate::console) async fn show(visit: &Visit) -> Response {
    match visit.signed_in().await {
        Ok(_) => page::show(&visit.app, StatusCode::OK, &Help::seen(visit)),
        Err(page) => page,
    }
}

/// Shows pages in another light, or times in another zone, on this device from now on.
pub(in crate::console) async fn choose(visit: &Visit, form: &Form) -> Response {
    if let Err(page) = visit.signed_in().await {
        return page;
    }
    match form.pairs().iter().find(|(name, _)| name == "zone") {
        Some((_, zone)) => choose_zone(visit, zone.trim()),
        None => choose_theme(visit, form),
    }
}

fn choose_zone(visit: &Visit, zone: &str) -> Response {
    if !zone.is_empty() && !Clock::is_zone(zone) {
        let words = format!("is not known as `{zone}`; a zone is named such as Europe/Berlin");
        let problem = Problem::invalid(vec![format!("zone: {words}")]);
        let field = FieldProblem { field: "zone".to_owned(), label: "The zone".to_owned(), words };
        let help = Help { zone: zone.to_owned(), zone_problem: Some(field), ..Help::seen(visit) };
        return visit.refuse_on(&problem, &help);
    }
    let (kept, words) = match zone {
        "" => (visit.site.forget(Cookie::Zone), "Times are those of your own zone again on this device.".to_owned()),
        zone => (visit.site.hold(Cookie::Zone, zone), format!("Times are those of {zone} on this device from now on.")),
    };
    let own = visit.session.as_ref().and_then(|session| session.person.timezone.as_deref());
    let clock = Clock::of([Some(zone), own], visit.clock.now());
    let help = Help { zone: zone.to_owned(), zone_notice: Some(words), ..Help::seen(visit) };
    let help = Help { frame: help.frame.clone().at(&clock), ..help };
    let mut response = page::show(&visit.app, StatusCode::OK, &help);
    if let Some(value) = kept {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

fn choose_theme(visit: &Visit, form: &Form) -> Response {
    let Some(theme) = Theme::of_word(form.text("theme")) else {
        let words: Vec<_> = Theme::ALL.iter().map(|(theme, _)| theme.word()).collect();
        return visit.refuse(&Problem::invalid(vec![format!("theme: must be one of {}", words.join(", "))]));
    };
    let frame = Frame { theme, ..visit.frame() };
    let notice = Some("Pages are shown so on this device from now on.");
    let mut response = page::show(&visit.app, StatusCode::OK, &Help { notice, frame, ..Help::seen(visit) });
    let kept = match theme {
        Theme::System => visit.site.forget(Cookie::Theme),
        theme => visit.site.hold(Cookie::Theme, theme.word()),
    };
    if let Some(value) = kept {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
