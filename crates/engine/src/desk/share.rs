//! The share of a writer's time that jobs have which wait behind the others.

/// They have a tenth: one part for nine of the others.
const PARTS: i64 = 9;

/// Microseconds that they save up at most, so that nobody waits for many of them in a row.
const SAVED_MOST: i64 = 10_000;

/// How the time was shared so far.
#[derive(Debug, Default)]
pub(super) struct Share {
    /// Ninths of microseconds that those behind have to come; less than none if they had more than their share.
    saved: i64,
}

impl Share {
    /// The others took so many microseconds.
    pub(super) fn others_took(&mut self, micros: i64) {
        self.saved = (self.saved + micros.max(0)).min(SAVED_MOST * PARTS);
    }

    /// One of those behind did.
    pub(super) fn behind_took(&mut self, micros: i64) {
        self.saved -= micros.max(0) * PARTS;
    }

    /// Whether those behind have had less than their share, or just that.
    pub(super) fn is_left(&self) -> bool {
        self.saved >= 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_behind_have_a_tenth_of_the_time_while_others_wait() {
        let mut share = Share::default();
        let (mut others, mut behind) = (0_i64, 0_i64);
        for _ in 0..10_000 {
            share.others_took(6_000);
            others += 6_000;
            if share.is_left() {
                share.behind_took(2_500);
                behind += 2_500;
            }
        }
        assert!((behind * 10 - (others + behind)).abs() < 100_000, "{behind} of {}", others + behind);
    }

    #[test]
    fn what_was_not_used_for_long_is_not_made_up_for() {
        let mut share = Share::default();
        share.others_took(3_600_000_000);
        let turns = (0..100).take_while(|_| share.is_left().then(|| share.behind_took(1_000)).is_some()).count();
        assert_eq!(turns, 11);
    }

    #[test]
    fn who_had_far_too_much_waits_until_it_is_made_up_for() {
        let mut share = Share::default();
        share.behind_took(1_000_000);
        share.others_took(8_999_999);
        assert!(!share.is_left());
        share.others_took(1);
        assert!(share.is_left());
    }
}
