//! How long a period a routine can be asked for: the work of it is bounded, whoever wrote the routine.

use super::{Routine, Swap};
use crate::limits;

impl Routine {
    /// The most days for which its schedule is worked out, with `swaps` beside its own: [`limits::SCHEDULE_DAYS`], and
    /// less for a routine so large that more than [`limits::SCHEDULE_STEPS`] people would have to be looked at.
    pub fn schedule_days(&self, swaps: &[Swap]) -> i64 {
        let largest = |rotations: &Vec<Vec<_>>| rotations.iter().map(Vec::len).max().unwrap_or(0);
        let people: usize = self.routine_layers.iter().map(|layer| largest(&layer.rotations)).sum();
        // Each layer begins and ends a shift a day; at each of these edges everybody is looked at, with each swap.
        let swaps = self.swaps.len() + swaps.len();
        let a_day = 2 * self.routine_layers.len().max(1) * people.max(1) * (1 + swaps);
        let days = limits::SCHEDULE_STEPS / i64::try_from(a_day).unwrap_or(i64::MAX);
        days.clamp(1, limits::SCHEDULE_DAYS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn routine(layers: usize, people: usize) -> Routine {
        let group: Vec<_> = (0..people).map(|number| format!("u{number}")).collect();
        let layer = json!({"valid_start": "2026-01-01", "rotations": [group, []]});
        serde_json::from_value(json!({"name": "r", "timezone": "UTC", "routine_layers": vec![layer; layers]}))
            .expect("a routine")
    }

    #[test]
    fn only_a_routine_of_monstrous_size_is_asked_for_less_than_ten_years() {
        let swap: Swap =
            serde_json::from_value(json!({"out": "a", "from": "2026-01-01", "until": "2026-01-02"})).expect("a swap");
        let table = [
            (routine(0, 0), 0, 3660),
            (routine(1, 1), 1000, 3660),
            (routine(8, 20), 20, 3660),
            (routine(8, 20), 1000, 78),
            (routine(100, 100), 0, 100),
            (routine(100, 100), 1000, 1),
        ];
        for (routine, swaps, days) in table {
            assert_eq!(routine.schedule_days(&vec![swap.clone(); swaps]), days, "{}", routine.routine_layers.len());
        }
    }
}
