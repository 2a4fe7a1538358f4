//! How Opsgenie's API says no.

use crate::api::{App, respond_with};
use crate::gate::Problem;
use crate::operation::Code;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Map, Value, json};

/// A request that was not taken.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    message: String,
    fields: Vec<(String, String)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What it comes from, which may have more for the log.
    problem: Option<Box<Problem>>,
}

impl Refused {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), fields: Vec::new(), headers: Vec::new(), problem: None }
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// Each of these fields is wrong, and why.
    pub(super) fn unprocessable(fields: Vec<(String, String)>) -> Self {
        let message = "Request body is not processable. Please check the errors.";
        Self { fields, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, message) }
    }

    pub(super) fn answer(self, app: &App) -> Response {
        let id = app.engine.ids().uuid();
        if let Some(problem) = &self.problem {
            problem.log(&id);
        }
        let mut said = json!({"message": self.message, "took": 0.0, "requestId": id});
        if !self.fields.is_empty() {
            let errors: Map<_, _> = self.fields.into_iter().map(|(field, error)| (field, Value::from(error))).collect();
            said["errors"] = Value::Object(errors);
        }
        let mut response = respond_with(app, said.to_string());
        *response.status_mut() = self.status;
        response.headers_mut().extend(self.headers);
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert("x-request-id", id);
        }
        response
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        let message = match problem.code {
            Code::UnknownIntegrationKey => "Could not authenticate: no integration has this key".to_owned(),
            _ => problem.errors.join(", "),
        };
        let status = problem.status();
        let mut headers = problem.headers().to_vec();
        match status {
            StatusCode::TOO_MANY_REQUESTS => {
                let throttled = HeaderValue::from_static("THROTTLED");
                headers.push((HeaderName::from_static("x-ratelimit-state"), throttled));
            }
            StatusCode::SERVICE_UNAVAILABLE if headers.iter().all(|(name, _)| name != header::RETRY_AFTER) => {
                headers.push((header::RETRY_AFTER, HeaderValue::from_static("5")));
            }
            _ => {}
        }
        Self { headers, problem: Some(Box::new(problem)), ..Self::new(status, message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Bucket;

    #[test]
    fn who_asks_too_often_is_told_so_as_its_clients_look_for_it() {
        let full = Bucket { limit: 1, remaining: 0, reset_seconds: 3 };
        let refused = Refused::from(Problem::rate_limited(2, full));
        let header = |name: &str| refused.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(header("x-ratelimit-state"), Some(&HeaderValue::from_static("THROTTLED")));
        assert_eq!(header("retry-after"), Some(&HeaderValue::from_static("2")));
        let busy = Refused::from(Problem::busy(7, "much to do"));
        assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(busy.headers, [(header::RETRY_AFTER, HeaderValue::from_static("7"))]);
    }
}
