//! Which bodies are kept for whoever sets up a sender: under load not each of them, since only the last are looked at.

use domain::{Instant, RefId};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Bodies of one integration that a node keeps in a second.
const KEPT_A_SECOND: u32 = 100;

/// How many bodies of each integration were kept in the present second.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    kept: Mutex<HashMap<RefId, (i64, u32)>>,
}

impl Sample {
    /// Whether one more is kept at `now`.
    pub(crate) fn keeps(&self, integration: &RefId, now: Instant) -> bool {
        let second = now.0.div_euclid(1_000_000);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (began, count) = kept.entry(integration.clone()).or_default();
        if *began != second {
            (*began, *count) = (second, 0);
        }
        *count = count.saturating_add(1);
        *count <= KEPT_A_SECOND
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_bodies_of_each_integration_are_kept_in_a_second() {
        let sample = Sample::default();
        let kept = |name: &str, at: i64| (0..150).filter(|_| sample.keeps(&RefId::from(name), Instant(at))).count();
        assert_eq!((kept("a", 0), kept("b", 0), kept("a", 999_999), kept("a", 1_000_000)), (100, 100, 0, 100));
    }
}
