//! The page behind a link to answer a request for cover. A GET shows what the link would say, and the button's POST says it.

use super::page::respond;
use super::token;
use super::words::{Told, not_now};
use crate::api::{App, refuse};
use crate::gate::{Problem, closed_words};
use crate::operation::Method;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{Method as HttpMethod, StatusCode};
use axum::response::Response;
use directory::{CoverLook, CoverTold};
use domain::cover::{Closed, CoverRefusal, Reply};
use domain::{Instant, Refusal};

/// A link: shown by GET, followed by POST.
pub(crate) async fn cover(
    State(app): State<App>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let Some(token) = token(params) else { return refuse(&app, Problem::unknown_path()) };
    let look = match request.method() {
        &HttpMethod::GET | &HttpMethod::HEAD => app.administration.look_at_cover_link(&token).await,
        &HttpMethod::POST => app.administration.follow_cover_link(&token).await,
        _ => return refuse(&app, Problem::method_not_allowed(&[Method::Get, Method::Post])),
    };
    match look {
        Ok(look) => {
            let (told, button) = words(&look);
            respond(&app, told, None, button)
        }
        Err(failure) => {
            tracing::error!(?failure, "a link to a request for cover did not work");
            respond(&app, not_now(), None, Some("Try again".to_owned()))
        }
    }
}

/// What there is behind a link, and the button that says it.
fn words(look: &CoverLook) -> (Told, Option<String>) {
    let told = match look {
        CoverLook::Open(told) => return of_open(told),
        CoverLook::Refused(refusal) => {
            let line = format!("{} Nothing was changed.", why(refusal));
            Told::new(StatusCode::CONFLICT, "This cannot be answered any more", line)
        }
        CoverLook::Expired => {
            let line = "The shift has begun. Nothing was changed.";
            Told::new(StatusCode::GONE, "This came too late", line)
        }
        CoverLook::Unknown => {
            Told::new(StatusCode::NOT_FOUND, "This is not known here", "Perhaps a part of the link is missing.")
        }
    };
    (told, None)
}

fn of_open(told: &CoverTold) -> (Told, Option<String>) {
    let CoverTold { routine, by, person, reply, is_said, .. } = told;
    let when = when(told);
    let (heading, button) = match (reply, is_said) {
        (Reply::Yes, true) => (format!("You take the shift: {routine}"), None),
        (Reply::No, true) => (format!("You said no: {routine}"), None),
        (Reply::Yes, false) => (format!("Take a shift of {by}: {routine}?"), Some("Yes, I take it")),
        (Reply::No, false) => (format!("Say no to {by}: {routine}?"), Some("No, I cannot")),
    };
    let line = match is_said {
        true => when,
        false => format!("{when} It is done in the name of {person}."),
    };
    (Told::new(StatusCode::OK, heading, line), button.map(str::to_owned))
}

fn when(told: &CoverTold) -> String {
    let zone = told.zone.as_deref().unwrap_or("UTC");
    let minute = |at: Instant| at.wall_minute(zone).unwrap_or_else(|| at.wire_minute());
    format!("From {} until {} by the clock of {zone}.", minute(told.from), minute(told.until))
}

/// Why it cannot be answered, as a sentence.
fn why(refusal: &Refusal) -> String {
    let words = match refusal {
        // A name stays as it is.
        Refusal::Cover(CoverRefusal::Closed(Closed::Settled { by })) => return format!("{by} takes the shift."),
        Refusal::Cover(CoverRefusal::Closed(closed)) => closed_words(closed),
        other => Problem::from(other.clone()).errors.join("; "),
    };
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_not_said_yet_has_a_button_and_what_is_closed_says_why() {
        let told = |reply, is_said| {
            CoverLook::Open(CoverTold {
                routine: "nights".to_owned(),
                from: Instant(1_780_272_000_000_000),
                until: Instant(1_780_275_600_000_000),
                by: "Ana".to_owned(),
                person: "Ben".to_owned(),
                zone: Some("Europe/Berlin".to_owned()),
                reply,
                is_said,
            })
        };
        let closed = |why| CoverLook::Refused(Refusal::Cover(CoverRefusal::Closed(why)));
        let when = "From 2026-06-01 02:00 until 2026-06-01 03:00 by the clock of Europe/Berlin.";
        let asked = format!("{when} It is done in the name of Ben.");
        for (look, status, heading, line, button) in [
            (told(Reply::Yes, false), 200, "Take a shift of Ana: nights?", asked.as_str(), Some("Yes, I take it")),
            (told(Reply::No, false), 200, "Say no to Ana: nights?", asked.as_str(), Some("No, I cannot")),
            (told(Reply::Yes, true), 200, "You take the shift: nights", when, None),
            (told(Reply::No, true), 200, "You said no: nights", when, None),
            (
                closed(Closed::Settled { by: "cho".to_owned() }),
                409,
                "This cannot be answered any more",
                "cho takes the shift. Nothing was changed.",
                None,
            ),
            (
                closed(Closed::Changed),
                409,
                "This cannot be answered any more",
                "The shift is not what it was when it was asked for. Nothing was changed.",
                None,
            ),
            (CoverLook::Expired, 410, "This came too late", "The shift has begun. Nothing was changed.", None),
        ] {
            let (told, found) = words(&look);
            let seen = (told.status.as_u16(), told.heading.as_str(), told.line.as_str(), found.as_deref());
            assert_eq!(seen, (status, heading, line, button));
        }
    }
}
