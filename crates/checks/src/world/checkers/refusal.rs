//! No means no.

use super::{Checker, View};
use crate::world::asked::Verdict;

/// Compares the store before and after what was refused.
pub(super) struct Refusal;

impl Checker for Refusal {
    fn promise(&self) -> &'static str {
        "a command that is refused, or answered with 503, changes nothing"
    }

    fn check(&mut self, view: &View<'_>) -> Vec<String> {
        let Some(asked) = view.asked else { return Vec::new() };
        if !matches!(asked.verdict, Verdict::Refused(_) | Verdict::NotNow) {
            return Vec::new();
        }
        let changed = view.sight.changed.iter().map(|(id, _)| format!("{}: incident {id} changed", asked.what));
        let (before, after) = (view.sight.rows_before, view.sight.rows);
        let rows = (before != after).then(|| format!("{}: {before:?} became {after:?}", asked.what));
        changed.chain(rows).collect()
    }
}
