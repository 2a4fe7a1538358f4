//! Lists that are read whole and told a page at a time.

use super::Success;
use crate::gate::{Fields, Problem};
use domain::limits;
use serde::Serialize;

/// A page of a list, which is in the order of what `place` says of each, none of them twice: those that come after `after`.
///
/// # Errors
/// `internal` where it cannot be written.
pub(super) fn paged<T, K: PartialOrd + ToString, V: Serialize>(
    path: &str,
    fields: &Fields,
    (items, after): (Vec<T>, Option<K>),
    place: impl Fn(&T) -> K,
    told: impl Fn(&T) -> V,
) -> Result<Success, Problem> {
    let limit = fields.limit(limits::COMPONENTS_ON_PAGE);
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut rest = items.iter().filter(|item| after.as_ref().is_none_or(|after| place(item) > *after)).peekable();
    let page: Vec<&T> = rest.by_ref().take(size).collect();
    let last = page.last().filter(|_| rest.peek().is_some()).map(|last| place(last).to_string());
    let mut success = Success::json(&page.into_iter().map(told).collect::<Vec<_>>())?;
    success.link = last.map(|after| next(path, limit, &after));
    Ok(success)
}

/// The link to the next page.
pub(super) fn next(path: &str, limit: u32, after: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("limit", &limit.to_string()).append_pair("after", after);
    format!("<{path}?{}>; rel=\"next\"", query.finish())
}
