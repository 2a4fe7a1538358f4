//! Operations as the pages of the console ask for them: the same table, checks and handlers as by the API, by the right of
//! somebody who is signed in.

use super::idempotency::idempotency;
use super::rights::permitted;
use super::{App, Asked, Success, dispatch};
use crate::gate::{
    BodyRead, Caller, Fields, Problem, Shown, body_of_pairs, read_body, read_path, read_query, read_query_of, request,
};
use crate::operation::{Method, Operation, Verb, operations};
use axum::http::{HeaderMap, HeaderValue, header};
use domain::RefId;
use domain::incident::{Command, Routing};
use serde_json::{Map, Value};

/// What a page asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// The variable parts of the path.
    pub(crate) path: Vec<(String, String)>,
    /// The pairs of the query.
    pub(crate) query: Vec<(String, String)>,
    /// The body, without who acts.
    pub(crate) body: Map<String, Value>,
    /// By what a repetition is known.
    pub(crate) idempotency_key: Option<String>,
    /// The version of the component that the page showed.
    pub(crate) version: Option<i64>,
    /// Whether whatever version is there is meant, where the page showed none.
    pub(crate) any_version: bool,
}

impl Wish {
    /// What these pairs of a form ask of the operation of this name: fields of its body, or of its query where it has none.
    pub(crate) fn of_pairs(name: &str, pairs: &[(String, String)]) -> Self {
        let Some(operation) = named(name) else { return Self::default() };
        match operation.method {
            Method::Get | Method::Delete => Self { query: pairs.to_vec(), ..Self::default() },
            Method::Post | Method::Put | Method::Patch => {
                Self { body: body_of_pairs(operation, pairs), ..Self::default() }
            }
        }
    }

    /// The same, at a path with this variable part.
    #[must_use]
    pub(crate) fn at(mut self, name: &str, value: impl ToString) -> Self {
        self.path.push((name.to_owned(), value.to_string()));
        self
    }

    /// The same, with this in the query.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }
}

fn named(name: &str) -> Option<&'static Operation> {
    operations().find(|operation| operation.name == name)
}

/// Does the operation of this name for the person who calls, if they may.
///
/// # Errors
/// Whatever the operation refuses, `not_allowed`, or `internal` where there is no such operation.
pub(crate) async fn ask(app: &App, caller: &Caller, name: &str, wish: Wish) -> Result<Success, Problem> {
    let unknown = || Problem::internal(format!("no operation is named {name}"));
    let operation = named(name).ok_or_else(unknown)?;
    let Shown::Session(session) = &caller.shown else {
        return Err(Problem::internal("a page is asked for by somebody who is not signed in"));
    };
    let headers = headers(&wish)?;
    let path = read_path(operation, &wish.path)?;
    let asked = read(operation, session.person.username.as_str(), wish, path, headers)?;
    permitted(app, operation, caller, &asked).await?;
    dispatch(app, operation, caller, asked).await
}

/// The command by which a person makes an incident by hand, with an alert of this id.
///
/// # Errors
/// `invalid_fields`, as the operation itself.
pub(crate) fn order_of(wish: Wish, username: &str, task_ref_id: RefId) -> Result<Command, Problem> {
    let operation = named("create").ok_or_else(|| Problem::internal("no operation makes an incident"))?;
    let Asked { fields, payload, .. } = read(operation, username, wish, Fields::default(), HeaderMap::new())?;
    Ok(request(Verb::Create, &fields, payload, || task_ref_id).command.routed(Routing::Skip))
}

fn headers(wish: &Wish) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    if let Some(key) = &wish.idempotency_key {
        let value = HeaderValue::from_str(key).map_err(|_| Problem::invalid_idempotency_key())?;
        headers.insert("idempotency-key", value);
    }
    if let Some(version) = wish.version {
        let value = HeaderValue::from_str(&format!("\"{version}\"")).map_err(Problem::internal)?;
        headers.insert(header::IF_MATCH, value);
    } else if wish.any_version {
        headers.insert(header::IF_MATCH, HeaderValue::from_static("*"));
    }
    Ok(headers)
}

fn read(operation: &Operation, username: &str, wish: Wish, path: Fields, headers: HeaderMap) -> Result<Asked, Problem> {
    if operation.method == Method::Get {
        return Ok(Asked { fields: path.and(read_query(operation, &wish.query)?), headers, ..Asked::default() });
    }
    let mut body = wish.body;
    // A person acts in their own name, and no page says another.
    if operation.field("by").is_some() {
        body.insert("by".to_owned(), Value::from(username));
    }
    let bytes = Value::Object(body).to_string().into_bytes();
    let idempotency = idempotency(operation, &headers, &path, &bytes)?;
    let query = read_query_of(operation, &wish.query)?;
    if operation.method == Method::Delete {
        return Ok(Asked { fields: path.and(query), idempotency, headers, ..Asked::default() });
    }
    let BodyRead { fields, raw, .. } = read_body(operation, &bytes)?;
    Ok(Asked { fields: path.and(query).and(fields), payload: raw, idempotency, headers })
}
