//! How long a period a routine can be asked for: the work of it is bounded, whoever wrote the routine.

use super::{Layer, Routine, Swap};
use crate::{Username, limits};

/// What one name in an answer takes beside its letters, bytes.
const BESIDE_A_NAME: usize = 16;

impl Routine {
    /// The most days for which its schedule is worked out, with `swaps` beside its own: [`limits::SCHEDULE_DAYS`], and
    /// less, but one at least, for a routine so large that the schedule could have more than
    /// [`limits::SCHEDULE_BYTES`], or that more than [`limits::SCHEDULE_STEPS`] people would have to be looked at.
    pub fn schedule_days(&self, swaps: &[Swap]) -> i64 {
        let bytes = |group: &Vec<Username>| group.iter().map(|user| user.as_str().len() + BESIDE_A_NAME).sum();
        let people = self.largest(Vec::len);
        // Each layer begins and ends a shift a day; at each of these edges everybody is looked at, with each swap.
        let edges = 2 * self.stages().map(|stage| stage.layers.len()).max().unwrap_or(0);
        let own_swaps = self.stages().map(|stage| stage.swaps.len()).max().unwrap_or(0);
        let steps = edges * people * (1 + own_swaps + swaps.len());
        let days = |most: i64, a_day: usize| most / i64::try_from(a_day.max(1)).unwrap_or(i64::MAX);
        let bounds = [
            limits::SCHEDULE_DAYS,
            days(limits::SCHEDULE_STEPS, steps),
            days(limits::SCHEDULE_BYTES, edges * self.largest(bytes)),
        ];
        bounds.into_iter().min().unwrap_or(1).max(1)
    }

    /// How much all layers together can have on duty at one instant, by this measure of a group.
    fn largest(&self, measure: impl Fn(&Vec<Username>) -> usize) -> usize {
        let of_layer = |rotations: &Vec<Vec<_>>| rotations.iter().map(&measure).max().unwrap_or(0);
        let of_stage = |layers: &[Layer]| layers.iter().map(|layer| of_layer(&layer.rotations)).sum();
        self.stages().map(|stage| of_stage(stage.layers)).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// So many layers, in which so many people of names with so many letters are on duty together every other day.
    fn routine(layers: usize, people: usize, letters: usize) -> Routine {
        let group: Vec<_> = (0..people).map(|number| format!("{number:0letters$}")).collect();
        let layer = json!({"valid_start": "2026-01-01", "rotations": [group, []]});
        serde_json::from_value(json!({"name": "r", "timezone": "UTC", "routine_layers": vec![layer; layers]}))
            .expect("a routine")
    }

    #[test]
    fn only_a_routine_of_monstrous_size_is_asked_for_less_than_ten_years() {
        let swap: Swap =
            serde_json::from_value(json!({"out": "a", "from": "2026-01-01", "until": "2026-01-02"})).expect("a swap");
        let table = [
            (routine(0, 0, 0), 0, 3660),
            (routine(1, 1, 5), 1000, 3660),
            (routine(8, 1, 5), 100, 3660),
            (routine(8, 20, 5), 0, 1248),
            (routine(8, 20, 5), 1000, 78),
            (routine(20, 5, 255), 0, 61),
            (routine(100, 100, 5), 0, 1),
            (routine(100, 100, 5), 1000, 1),
        ];
        for (routine, swaps, days) in table {
            assert_eq!(routine.schedule_days(&vec![swap.clone(); swaps]), days, "{}", routine.routine_layers.len());
        }
    }
}
