//! How often routing rules were applied of late, from what they left behind: the beginnings of incidents, and the fates of
//! alerts of which they made none.

use super::Reader;
use crate::engine::{Engine, snapshot};
use crate::failure::Failure;
use domain::Instant;
use domain::incident::Happening;
use domain::intake::Fate;
use std::collections::HashMap;

/// Newest incidents, and newest alerts, that are looked at.
const LOOKED_AT: u32 = 1_000;

/// How often rules were applied since an instant.
#[derive(Debug, Default)]
pub struct RuleHits {
    /// By the name of the rule then: how often, and when last.
    pub by_rule: HashMap<String, (u32, Instant)>,
    /// Whether there are more incidents or alerts since then than were looked at: the newest 1,000 of each.
    pub has_more: bool,
}

impl RuleHits {
    fn add(&mut self, rule: String, at: Instant) {
        let (count, last) = self.by_rule.entry(rule).or_insert((0, at));
        *count += 1;
        *last = at.max(*last);
    }
}

impl Engine {
    /// How often rules were applied since `since`. What a rule kept a create by the API from making left nothing behind, and
    /// is not counted.
    ///
    /// # Errors
    /// As [`Engine::details`].
    pub async fn rule_hits(&self, reader: Reader, since: Instant) -> Result<RuleHits, Failure> {
        self.read(move |tx, shared| {
            let organization = reader.organization;
            snapshot(tx, shared, &reader)?;
            let mut hits = RuleHits::default();
            let is_full = |count: usize| count >= usize::try_from(LOOKED_AT).unwrap_or(usize::MAX);
            let begun = store::event_first_list(tx, organization, since, LOOKED_AT)?;
            hits.has_more = is_full(begun.len());
            for event in begun {
                if let Happening::Trigger(opening) = event.what
                    && let Some(rule) = opening.rule
                {
                    hits.add(rule, event.at);
                }
            }
            let judged = store::fate_latest(tx, organization, since, LOOKED_AT)?;
            hits.has_more |= is_full(judged.len());
            for (at, judged) in judged {
                if let (Fate::Suppressed, Some(rule)) = (judged.fate, judged.because) {
                    hits.add(rule, at);
                }
            }
            Ok(hits)
        })
        .await
    }
}
