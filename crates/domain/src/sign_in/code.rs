//! Codes of a second factor by the clock (RFC 6238): which steps count, each once.

use crate::instant::Instant;
use std::ops::RangeInclusive;

/// Seconds for which a code is the present one.
pub const STEP_SECONDS: i64 = 30;

/// The steps whose codes count at `now`: the present one, and its neighbours, because clocks differ.
pub fn steps(now: Instant) -> RangeInclusive<i64> {
    let present = now.0.div_euclid(STEP_SECONDS * 1_000_000);
    present - 1..=present + 1
}

/// Whether the code of `step` counts for somebody whose last code was that of `last`: each counts once, and none that is
/// older than one that was used.
pub fn counts(step: i64, last: Option<i64>, now: Instant) -> bool {
    steps(now).contains(&step) && last.is_none_or(|last| last < step)
}

#[cfg(test)]
mod tests {
    use super::{counts, steps};
    use crate::Instant;

    const AT: Instant = Instant(59_000_000);

    #[test]
    fn the_present_step_and_its_neighbours_count() {
        assert_eq!(steps(AT), 0..=2);
        assert_eq!(steps(Instant(60_000_000)), 1..=3);
        let counting: Vec<i64> = (-1..5).filter(|step| counts(*step, None, AT)).collect();
        assert_eq!(counting, [0, 1, 2]);
    }

    #[test]
    fn a_step_counts_once_and_none_before_it_after_that() {
        let counting: Vec<i64> = (0..=2).filter(|step| counts(*step, Some(1), AT)).collect();
        assert_eq!(counting, [2]);
        assert!(!counts(2, Some(2), AT));
    }
}
