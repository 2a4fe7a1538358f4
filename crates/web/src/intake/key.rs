//! The key of an integration: in the path, a header or the query, wherever a sender can be told to put it.

use crate::api::App;
use crate::gate::{Problem, failed};
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use directory::KnownIntegration;

/// Names of the query's parameters that may hold the key.
const PARAMETERS: [&str; 5] = ["key", "token", "auth_token", "apiKey", "routing_key"];

/// The integration with this key.
///
/// # Errors
/// The problem to answer with.
pub(super) async fn integration(app: &App, key: &str) -> Result<KnownIntegration, Problem> {
    let known = app.administration.integration(key).await.map_err(failed)?;
    known.ok_or_else(Problem::unknown_integration_key)
}

/// The key that a request shows beside its path.
pub(super) fn shown(headers: &HeaderMap, query: &[(String, String)]) -> Option<String> {
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
