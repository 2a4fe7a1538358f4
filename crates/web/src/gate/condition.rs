//! Under which condition something is done: the headers `If-Match` and `If-None-Match` (RFC 9110 §13).

use super::problem::Problem;
use axum::http::{HeaderMap, HeaderName, header};
use directory::OnlyIf;

/// The condition of a request that changes a component.
///
/// # Errors
/// `invalid_fields` where a header is neither `*` nor one version between quotes.
pub fn only_if(headers: &HeaderMap) -> Result<OnlyIf, Problem> {
    if let Some(text) = text(headers, &header::IF_NONE_MATCH) {
        return match text {
            "*" => Ok(OnlyIf::Absent),
            _ => Err(Problem::invalid(vec!["if-none-match: must be *".to_owned()])),
        };
    }
    match text(headers, &header::IF_MATCH) {
        None => Ok(OnlyIf::Unsaid),
        Some("*") => Ok(OnlyIf::Any),
        Some(tag) => version_of(tag).map(OnlyIf::Version).ok_or_else(|| {
            Problem::invalid(vec!["if-match: must be * or an ETag as it was answered, such as \"3\"".to_owned()])
        }),
    }
}

/// Whether what the caller has already is this version.
pub fn is_unchanged(headers: &HeaderMap, current: i64) -> bool {
    text(headers, &header::IF_NONE_MATCH)
        .is_some_and(|text| text == "*" || text.split(',').any(|tag| version_of(tag.trim()) == Some(current)))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default().trim())
}

/// The version that an `ETag` names, weak or not; `None` for any other text.
pub fn version_of(tag: &str) -> Option<i64> {
    tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}
