//! Sign-in providers: what is set of them, and what they say of themselves; and the sessions that they end.

use super::{App, Asked, Success, refuse};
use crate::gate::{Caller, Fields, Problem, failed, is_unchanged, only_if};
use crate::operation::Change;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use directory::{Act, Finding, Instead, ProviderError, Why};
use domain::limits;
use engine::Asker;
use serde_json::{Value, json};

/// All providers.
pub(super) async fn providers(app: &App, caller: &Caller) -> Result<Success, Problem> {
    Success::json(&app.administration.providers(caller.reader()).await.map_err(failed)?)
}

/// One provider, unless the caller has it already.
pub(super) async fn provider(
    app: &App,
    caller: &Caller,
    fields: &Fields,
    headers: &HeaderMap,
) -> Result<Success, Problem> {
    let reference = fields.required_text("provider");
    let provider = app.administration.provider(caller.reader(), reference).await.map_err(failed)?;
    let version = version_of(&provider);
    if let Some(version) = version.filter(|version| is_unchanged(headers, *version)) {
        return Ok(Success::not_modified(version));
    }
    Ok(Success { version, ..Success::json(&provider)? })
}

fn version_of(provider: &Value) -> Option<i64> {
    provider.get("version").and_then(Value::as_i64)
}

/// Makes, changes or removes one.
pub(super) async fn change(app: &App, change: Change, asker: Asker, asked: &Asked) -> Result<Success, Problem> {
    let reference = || asked.fields.required_text("provider");
    let body = || asked.payload.as_object().cloned().unwrap_or_default();
    let act = match change {
        Change::ReplaceProvider => Act::Replace(reference(), body()),
        Change::ChangeProvider => Act::Patch(reference(), body()),
        Change::RemoveProvider => Act::Remove(reference(), Instead::Nothing),
        _ => Act::Create(body()),
    };
    let condition = only_if(&asked.headers)?;
    let changed = app.administration.change_provider(asker, act, condition).await.map_err(failed)?;
    match changed {
        Some(provider) => Ok(Success { version: version_of(&provider), ..Success::json(&provider)? }),
        None => Success::json(&"Success"),
    }
}

/// Says what a provider says of itself, and what it is to know of this server.
pub(super) async fn check(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let reference = fields.required_text("provider");
    let provider = app.administration.provider(caller.reader(), reference.clone()).await.map_err(failed)?;
    let name = provider.get("name").and_then(Value::as_str).unwrap_or_default();
    let findings = app.administration.check_provider(caller.reader(), reference).await.map_err(failed)?;
    let organization = super::me::organization(app, caller).await?;
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("organization", &organization).finish();
    let base = app.notifier.public_url();
    let told =
        |finding: &Finding| json!({"subject": finding.subject, "is_fine": finding.is_fine, "found": finding.words});
    Success::json(&json!({
        "is_fine": findings.iter().all(|finding| finding.is_fine),
        "findings": findings.iter().map(told).collect::<Vec<_>>(),
        "redirect_uri": format!("{base}/app/sign-in/oidc/{name}/callback"),
        "backchannel_logout_uri": format!("{base}/oidc/{name}/logout?{query}"),
    }))
}

/// Ends sessions that a provider says are over (OpenID Connect Back-Channel Logout 1.0 §2.5). No key is wanted: what counts
/// is the provider's signature.
pub(crate) async fn logout(State(app): State<App>, Path(name): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        return refuse(&app, Problem::methods_not_allowed(&["POST"]));
    }
    let bytes = match super::receive(body, &app.settings, limits::FORM_BYTES.min(app.settings.body_bytes)).await {
        Ok(bytes) => bytes,
        Err(problem) => return refuse(&app, problem),
    };
    let first = |pairs: &[u8], name: &str| {
        form_urlencoded::parse(pairs).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    let organization = first(parts.uri.query().unwrap_or_default().as_bytes(), "organization");
    let Some(token) = first(&bytes, "logout_token") else {
        return refuse(&app, Problem::invalid(vec!["logout_token: is required".to_owned()]));
    };
    let ended = app.administration.logout_by_provider((organization, &name), &token).await;
    match ended {
        Ok(sessions) => {
            tracing::info!(provider = name, sessions, "a sign-in provider ended sessions");
            ().into_response()
        }
        Err(ProviderError::Unknown) => refuse(&app, Problem::unknown_path()),
        Err(ProviderError::Failed(failure)) => refuse(&app, failed(failure)),
        Err(error) => {
            let reason = match error {
                ProviderError::Away(words) | ProviderError::Refused(Why::Answer(words) | Why::Nobody(words)) => words,
                _ => String::new(),
            };
            tracing::warn!(provider = name, reason, "a sign-in provider's token that ends sessions was refused");
            refuse(&app, Problem::invalid(vec!["logout_token: is not believed".to_owned()]))
        }
    }
}
