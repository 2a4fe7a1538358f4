//! The key of an integration: in the path, a header or the query, wherever a sender can be told to put it.

use crate::api::{App, from};
use crate::gate::{Problem, failed};
use axum::extract::Request;
use axum::http::{HeaderMap, Uri, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use directory::{KnownIntegration, TurnedAwayFor};
use std::net::IpAddr;

/// Names of the query's parameters that may hold the key.
const PARAMETERS: [&str; 5] = ["key", "token", "auth_token", "apiKey", "routing_key"];

/// Who sends, as far as a request shows it before its body is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    /// The key that stands beside the path.
    pub(super) key: Option<String>,
    /// From where the request came.
    pub(super) from: Option<IpAddr>,
}

impl Shown {
    pub(super) fn by(app: &App, request: &Request) -> Self {
        let from = from(request.extensions(), request.headers(), &app.settings);
        Self { key: shown(request.headers(), &query_of(request.uri())), from }
    }

    /// The same with another key, where one stands in the path.
    pub(super) fn with(self, key: Option<&str>) -> Self {
        Self { key: key.map(str::to_owned).or(self.key), ..self }
    }
}

/// The integration that a request is for, if it may be sent to from where the request came.
///
/// # Errors
/// The problem to answer with.
pub(super) async fn integration(app: &App, shown: &Shown) -> Result<KnownIntegration, Problem> {
    let key = shown.key.as_deref().ok_or_else(Problem::unknown_integration_key)?;
    let Some(known) = app.administration.integration(key).await.map_err(failed)? else {
        if let Err(failure) = app.administration.turned_away_by_key(key, shown.from).await {
            tracing::warn!(?failure, "whose key it was could not be looked up");
        }
        return Err(Problem::unknown_integration_key());
    };
    if known.integration.admits(shown.from) {
        return Ok(known);
    }
    turned_away(app, &known, TurnedAwayFor::Network, shown);
    tracing::info!(integration = known.integration.name, from = ?shown.from, "a request came from another network");
    Err(Problem::address_not_allowed())
}

/// The same for a request without a body: where the sender signs its bodies, the key alone shows nothing.
///
/// # Errors
/// The problem to answer with.
pub(super) async fn integration_without_body(app: &App, shown: &Shown) -> Result<KnownIntegration, Problem> {
    let known = integration(app, shown).await?;
    match known.integration.wants_signature() {
        true => {
            turned_away(app, &known, TurnedAwayFor::Signature, shown);
            Err(Problem::invalid_signature("body: the integration takes signed ones only"))
        }
        false => Ok(known),
    }
}

/// Counts what was turned away.
pub(super) fn turned_away(app: &App, known: &KnownIntegration, why: TurnedAwayFor, shown: &Shown) {
    app.administration.turned_away((known.organization, &known.ref_id), why, shown.from);
}

/// Whether a parameter of the query is the key, and not what the sender says.
pub(super) fn is_key(name: &str) -> bool {
    PARAMETERS.iter().any(|parameter| parameter.eq_ignore_ascii_case(name))
}

pub(super) fn query_of(uri: &Uri) -> Vec<(String, String)> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect()
}

/// The key that a request shows beside its path.
fn shown(headers: &HeaderMap, query: &[(String, String)]) -> Option<String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let of_query = || query.iter().find(|(name, _)| PARAMETERS.contains(&name.as_str())).map(|(_, key)| key.clone());
    let authorization = text(header::AUTHORIZATION.as_str()).and_then(of_authorization);
    authorization.or_else(|| text("x-integration-key").map(str::to_owned)).or_else(of_query)
}

/// `token KEY`, `Token token=KEY`, `Bearer KEY`, `GenieKey KEY`, and Basic with the key as password or alone.
fn of_authorization(value: &str) -> Option<String> {
    let (scheme, rest) = value.split_once(' ').unwrap_or(("", value));
    let rest = rest.trim();
    match scheme.to_ascii_lowercase().as_str() {
        "basic" => {
            let decoded = BASE64_STANDARD.decode(rest).ok().and_then(|bytes| String::from_utf8(bytes).ok())?;
            let key = decoded.split_once(':').map_or(decoded.as_str(), |(_, password)| password);
            Some(key.to_owned())
        }
        "token" | "bearer" | "geniekey" | "" => Some(rest.strip_prefix("token=").unwrap_or(rest).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    #[test]
    fn the_key_is_found_wherever_a_sender_can_put_it() {
        let key = "0123456789abcdef0123456789abcdef";
        let basic = |text: &str| format!("Basic {}", BASE64_STANDARD.encode(text));
        let table = [
            ("authorization", format!("token {key}")),
            ("authorization", format!("Token token={key}")),
            ("authorization", format!("bearer {key}")),
            ("authorization", format!("GenieKey {key}")),
            ("authorization", key.to_owned()),
            ("authorization", basic(&format!("anybody:{key}"))),
            ("authorization", basic(key)),
            ("x-integration-key", key.to_owned()),
        ];
        for (name, value) in table {
            let header = (HeaderName::from_static(name), HeaderValue::from_str(&value).unwrap());
            assert_eq!(shown(&HeaderMap::from_iter([header]), &[]).as_deref(), Some(key), "{name}: {value}");
        }
        for name in PARAMETERS {
            let query = [("other".to_owned(), "x".to_owned()), (name.to_owned(), key.to_owned())];
            assert_eq!(shown(&HeaderMap::new(), &query).as_deref(), Some(key), "{name}");
        }
        assert_eq!(shown(&HeaderMap::new(), &[]), None);
    }
}
