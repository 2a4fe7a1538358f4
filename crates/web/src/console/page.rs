//! How pages of the console are drawn and answered: the frame around them, forms, and the headers that every one has.

pub(super) use super::frame::Frame;
use super::passkey_form::PasskeyForm;
use crate::api::{App, refuse};
use crate::gate::Problem;
use crate::operation::Code;
use askama::Template;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use directory::Person;

/// What pages of the console may do (console §9).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const NOTHING_OF_THE_DEVICE: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), \
    encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()";

/// With `no-referrer`, browsers would say `Origin: null` where a form is sent, even to ourselves.
const TO_OURSELVES: &str = "same-origin";

const HEADERS: [(&str, &str); 6] = [
    ("referrer-policy", TO_OURSELVES),
    ("content-security-policy", POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", NOTHING_OF_THE_DEVICE),
    ("x-robots-tag", "noindex, nofollow"),
];

/// One field of a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// The `type` of the input.
    pub(super) kind: &'static str,
    /// What it is filled in with; never a password.
    pub(super) value: String,
    /// What a password manager is to make of it.
    pub(super) autocomplete: &'static str,
    /// What there is to know before it is filled in.
    pub(super) hint: String,
    /// What is wrong with what was filled in.
    pub(super) problem: Option<String>,
    /// Whether the cursor stands here first.
    pub(super) is_first: bool,
}

impl Field {
    /// Whose password the form is about, for password managers; nobody sees or changes it.
    pub(super) fn whose(person: &Person) -> Self {
        let (name, label, kind, autocomplete) = ("username", "Username", "hidden", "username");
        Self { name, label, kind, autocomplete, value: person.username.to_string(), ..Self::default() }
    }
}

/// A form, or a single button.
#[derive(Clone, Debug, Default)]
pub(super) struct FormView {
    pub(super) action: String,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) fields: Vec<Field>,
    pub(super) button: &'static str,
}

impl FormView {
    /// Puts the cursor into the field with the first mistake, or else into the first that is empty.
    pub(super) fn focused(mut self) -> Self {
        let wrong = self.fields.iter().position(|field| field.problem.is_some());
        let empty = || self.fields.iter().position(|field| field.value.is_empty());
        if let Some(place) = wrong.or_else(empty) {
            self.fields[place].is_first = true;
        }
        self
    }
}

/// A page of a few words and a form.
#[derive(Clone, Debug, Template)]
#[template(path = "console/form.html")]
pub(super) struct Simple {
    pub(super) frame: Frame,
    pub(super) title: String,
    /// What was refused, above the form.
    pub(super) problem: Option<String>,
    pub(super) lines: Vec<String>,
    /// What asks for a passkey, before the form; nothing without the script.
    pub(super) passkey: Option<PasskeyForm>,
    pub(super) form: Option<FormView>,
    /// Where else to go: address and words.
    pub(super) links: Vec<(String, String)>,
}

impl Simple {
    /// A page with this title and nothing on it.
    pub(super) fn new(frame: Frame, title: impl Into<String>) -> Self {
        let (problem, lines, passkey, form, links) = (None, Vec::new(), None, None, Vec::new());
        Self { frame, title: title.into(), problem, lines, passkey, form, links }
    }

    /// Says one thing more.
    pub(super) fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }
}

/// Whether a program asks, which reads problems as the API tells them.
pub(super) fn is_program(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok()).unwrap_or_default();
    accepted.contains("json") && !accepted.contains("text/html")
}

/// Answers with a page.
pub(super) fn show(app: &App, status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(page) => guarded((status, Html(page)).into_response()),
        Err(error) => refuse(app, Problem::internal(error)),
    }
}

/// Answers a script of ours.
pub(super) fn json(value: &serde_json::Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    guarded((StatusCode::OK, kind, value.to_string()).into_response())
}

/// Answers with what is no page, and is asked for anew each time.
pub(super) fn of_kind(kind: &'static str, text: &'static str) -> Response {
    guarded((StatusCode::OK, [(header::CONTENT_TYPE, kind)], text).into_response())
}

/// Sends the browser on to a path of ours, by a GET.
pub(super) fn go_on(path: &str) -> Response {
    let mut response = guarded(StatusCode::SEE_OTHER.into_response());
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, path);
    }
    response
}

/// A problem as a page; the log is told what the person is not.
pub(super) fn refusal(app: &App, frame: Frame, problem: &Problem) -> Response {
    let request_id = app.engine.ids().uuid();
    problem.log(&request_id);
    let page = in_words(frame, problem).line(format!("Request {request_id}."));
    let mut response = show(app, problem.status(), &page);
    response.headers_mut().extend(problem.headers().iter().cloned());
    response
}

/// What was refused, in the words of pages: fields and operations are things of programs.
fn in_words(frame: Frame, problem: &Problem) -> Simple {
    let is_in = frame.head.is_some();
    let (title, why) = match problem.code {
        Code::UnknownPath => (
            "There is no such page",
            "Nothing is at this address. It was mistyped, or what stood here was removed, or has another name now.",
        ),
        Code::UnknownIncident => (
            "There is no such incident",
            "Perhaps its number was mistyped, or it belongs to a team that keeps to itself.",
        ),
        code => {
            let page = Simple::new(frame, code.title()).line(code.explanation().replace('`', ""));
            return problem.errors.iter().fold(page, |page, error| page.line(format!("{}.", sentence(error))));
        }
    };
    let mut page = Simple::new(frame, title).line(why);
    if is_in {
        page.links = [("/app/now", "Now"), ("/app/search", "Search"), ("/app/more", "All pages")]
            .map(|(address, words)| (address.to_owned(), words.to_owned()))
            .into();
    }
    page
}

/// What an error says, without the field of an operation before it, as the beginning of a sentence.
pub(super) fn sentence(error: &str) -> String {
    let is_field = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || b"_-[]0123456789.".contains(&byte))
    };
    let words = match error.split_once(": ") {
        Some((field, words)) if is_field(field) => words,
        _ => error,
    };
    let mut signs = words.chars();
    signs.next().map(|first| first.to_uppercase().chain(signs).collect()).unwrap_or_default()
}

fn guarded(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
