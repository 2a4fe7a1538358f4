//! The documents for people, made from the table: the page at `/docs`, and `docs/errors.md`.

use crate::gate::status;
use crate::operation::{Code, Field, Method, Operation, Presence, operations};
use askama::Template;
use serde_json::Value;

/// The style sheet of the page, served at `/docs/app.css`; the page works under `default-src 'none'; style-src 'self'`.
pub const STYLE: &str = include_str!("../templates/app.css");

/// The page at `/docs`: one HTML document without scripts and without anything from elsewhere.
///
/// # Errors
/// Only if the template itself fails, which no input can bring about.
pub fn page() -> Result<String, askama::Error> {
    Page { operations: operations().map(described).collect(), errors: errors() }.render()
}

/// The table of errors as `docs/errors.md`.
pub fn errors_markdown() -> String {
    let head = "# Errors\n\nEvery error is an `application/problem+json` (RFC 9457). Its `code` is stable and meant \
        for \
        programs; `errors` holds\nsentences for people, each `field: what is wrong`. This file is generated from \
        the table \
        of codes.\n\n| status | code | means | what to know |\n|---|---|---|---|\n";
    let line = |error: ErrorRow| {
        let ErrorRow { status, word, title, explanation, .. } = error;
        format!("| {status} | `{word}` | {title} | {explanation} |\n")
    };
    errors().into_iter().map(line).fold(head.to_owned(), |text, line| text + &line)
}

/// The page about senders, as `docs/integrations.md`.
pub fn integrations_markdown() -> String {
    let head = "# Integrations\n\nHow each monitoring tool is pointed here, from the table of senders. An integration is made in the \
        [directory file](directory.md):\n\n```toml\n[[integration]]\nname = \"prometheus\"\nkind = \"alertmanager\"\n\
        service = \"checkout\"\n```\n\n`reveille integration list --organization NAME` and `GET /list/integrations` tell its URL, \
        which ends in its key. Below, `{url}`\nstands for that URL, `{host}` for the server's, `{key}` for the key. \
        Every body is answered once all of it is stored, with what\nbecame of each alert; `GET /v1/alerts` tells it later, \
        and `GET /v1/integrations/NAME/payloads` shows the last bodies and\nwhat was made of them. Bodies have at most 16 MiB \
        and 20,000 alerts.\n";
    let section = |sender: &senders::Sender| {
        let senders::Sender { kind, title, setup, example_fires, example_resolves } = sender;
        let word = kind.word();
        let bodies = examples(example_fires, example_resolves);
        format!(
            "\n## {title}\n\n{setup}\n\nIts kind is `{word}`. A body that opens an incident, and one that ends it:\n{bodies}\n"
        )
    };
    senders::table().iter().map(section).fold(head.to_owned(), |text, section| text + &section)
}

/// Two bodies as code: JSON in a line each, mails as they are.
fn examples(fires: &str, resolves: &str) -> String {
    let json = |body: &str| serde_json::from_str::<Value>(body).ok();
    match (json(fires), json(resolves)) {
        (Some(fires), Some(resolves)) => format!("```json\n{fires}\n{resolves}\n```"),
        _ => format!("```\n{}\n```\n\n```\n{}\n```", fires.trim_end(), resolves.trim_end()),
    }
}

#[derive(Template)]
#[template(path = "docs.html")]
struct Page {
    operations: Vec<OperationRow>,
    errors: Vec<ErrorRow>,
}

struct OperationRow {
    name: &'static str,
    method: &'static str,
    path: String,
    paths: String,
    summary: &'static str,
    description: Vec<Piece>,
    scope: &'static str,
    fields: Vec<FieldRow>,
    at_least_one: String,
    curl: String,
    answer: String,
    codes: Vec<&'static str>,
    follow: Vec<&'static str>,
}

struct FieldRow {
    name: String,
    required: bool,
    form: String,
    doc: Vec<Piece>,
}

struct ErrorRow {
    status: u16,
    word: &'static str,
    title: &'static str,
    explanation: &'static str,
    explained: Vec<Piece>,
}

/// A stretch of prose; code stands between backquotes in the table.
struct Piece {
    text: &'static str,
    form: Form,
}

#[derive(PartialEq)]
enum Form {
    Words,
    Code,
}

impl Piece {
    fn is_code(&self) -> bool {
        self.form == Form::Code
    }
}

fn pieces(prose: &'static str) -> Vec<Piece> {
    let form = |place: usize| if place.is_multiple_of(2) { Form::Words } else { Form::Code };
    prose.split('`').enumerate().map(|(place, text)| Piece { text, form: form(place) }).collect()
}

fn errors() -> Vec<ErrorRow> {
    let row = |code: &Code| ErrorRow {
        status: status(*code).as_u16(),
        word: code.word(),
        title: code.title(),
        explanation: code.explanation(),
        explained: pieces(code.explanation()),
    };
    let mut rows: Vec<_> = Code::ALL.iter().map(row).collect();
    rows.sort_by_key(|row| row.status);
    rows
}

fn described(operation: &'static Operation) -> OperationRow {
    OperationRow {
        name: operation.name,
        method: operation.method.word(),
        path: operation.documented_path(),
        paths: others(operation),
        summary: operation.summary,
        description: pieces(operation.description),
        scope: operation.scope.word(),
        fields: operation.parameters.iter().chain(operation.query).chain(operation.fields).map(field).collect(),
        at_least_one: operation.at_least_one.join(", "),
        curl: curl(operation),
        answer: pretty(&operation.example_answer()),
        codes: operation.codes().into_iter().map(Code::word).collect(),
        follow: operation.links.iter().map(|link| link.to).collect(),
    }
}

/// The other paths that lead to the operation, without the slash that may end each.
fn others(operation: &Operation) -> String {
    let shown = operation.documented_path();
    let other = |path: &String| !path.ends_with('/') && *path != shown;
    operation.paths().into_iter().filter(other).collect::<Vec<_>>().join(", ")
}

fn field(field: &Field) -> FieldRow {
    let spellings: Vec<_> = field.spellings().collect();
    FieldRow {
        name: spellings.join(" or "),
        required: field.presence == Presence::Required,
        form: field.shape.words(),
        doc: pieces(field.doc),
    }
}

fn curl(operation: &Operation) -> String {
    let line = "curl -H \"Authorization: token $KEY\"";
    let address = format!("http://localhost:8080{}", operation.example_path());
    match operation.method {
        Method::Get => format!("{line} {}", quoted(&address, &query(operation))),
        Method::Delete => format!("{line} -X DELETE{} {address}", if_match(operation)),
        Method::Post | Method::Put | Method::Patch => {
            let body = serde_json::to_string(&operation.example_request()).unwrap_or_default();
            let method = match operation.method {
                Method::Post => String::new(),
                other => format!(" -X {}", other.word()),
            };
            format!("{line}{method}{} {address} \\\n  -d '{body}'", if_match(operation))
        }
    }
}

/// The header that says which version is meant, in the example.
fn if_match(operation: &Operation) -> &'static str {
    if operation.takes_if_match() { " -H 'If-Match: *'" } else { "" }
}

/// The query of the example request.
fn query(operation: &Operation) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in operation.example_request() {
        pairs.append_pair(&name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    pairs.finish()
}

/// A shell reads what a query is made of as its own, unless it is quoted.
fn quoted(address: &str, query: &str) -> String {
    if query.is_empty() { address.to_owned() } else { format!("'{address}?{query}'") }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
