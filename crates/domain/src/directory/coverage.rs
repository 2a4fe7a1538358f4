//! Coverage: who is on a level of a ladder over time, its users and its routines together (on-call §2).

use super::Ladder;
use crate::routine::{Interval, OnCall, unite};
use crate::{Instant, Username, limits};
use std::collections::HashMap;

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

impl<'a> Ladder<'a> {
    /// Who is on `level`, counted from 1, from `from` until `until`, in the form of a schedule. The caller bounds the
    /// period ([`Ladder::schedule_days`]).
    pub fn schedule(self, level: u32, from: Instant, until: Instant) -> Vec<Interval> {
        let (mut people, routines) = self.parts(level);
        people.sort_unstable();
        people.dedup();
        let always = (from < until && !people.is_empty()).then_some(Interval { from, until, on_call: people });
        let mut schedules: Vec<_> = vec![always.into_iter().collect()];
        if let Self::Named(_, directory) = self {
            schedules.extend(routines.iter().map(|routine| directory.schedule(routine, from, until)));
        }
        unite(&schedules)
    }

    /// Who is on `level`, counted from 1, at `at`, sorted, and until when.
    pub fn on_call(self, level: u32, at: Instant) -> OnCall {
        self.on_call_knowing(level, at, &mut HashMap::new())
    }

    /// The same, for many levels at one instant: what was found out about a routine is kept in `known`, by its name.
    pub fn on_call_knowing(self, level: u32, at: Instant, known: &mut HashMap<&'a str, OnCall>) -> OnCall {
        let (mut users, routines) = self.parts(level);
        let mut first: Option<Instant> = None;
        if let Self::Named(_, directory) = self {
            for routine in routines {
                let now = known.entry(routine.as_str()).or_insert_with(|| directory.on_call(routine, at));
                users.extend(now.users.iter().cloned());
                first = first.into_iter().chain(now.until).min();
            }
        }
        users.sort_unstable();
        users.dedup();
        // Only where a routine changes can the level change; it need not, when somebody else has them on it, too.
        OnCall { until: first.and_then(|first| self.change(level, first, &users)), users }
    }

    /// The first instant from `from` on at which others than `users` are on the level.
    fn change(self, level: u32, from: Instant, users: &[Username]) -> Option<Instant> {
        let horizon = from.plus_micros(limits::ON_CALL_DAYS * DAY_MICROS);
        let (mut from, mut days) = (from, 2);
        while from < horizon {
            let until = from.plus_micros(days * DAY_MICROS).min(horizon);
            let mut same_until = from;
            for interval in self.schedule(level, from, until) {
                let begins_late = interval.from > same_until && !users.is_empty();
                if begins_late || interval.on_call != users {
                    return Some(if begins_late { same_until } else { interval.from });
                }
                same_until = interval.until;
            }
            if same_until < until && !users.is_empty() {
                return Some(same_until);
            }
            (from, days) = (until, days * 2);
        }
        None
    }

    /// The most days for which the schedule of any of its levels is worked out.
    pub fn schedule_days(self) -> i64 {
        let routines = (1..=self.height()).flat_map(|level| self.parts(level).1);
        let Self::Named(_, directory) = self else { return limits::SCHEDULE_DAYS };
        routines.map(|routine| directory.schedule_days(routine)).min().unwrap_or(limits::SCHEDULE_DAYS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{Directory, EscalationPolicy, User};
    use crate::routine::{Swap, gaps};
    use crate::{OrganizationId, RefId};
    use serde_json::json;

    /// Day `day` of June 2026 and an hour of it, UTC.
    fn at(day: i64, hour: i64) -> Instant {
        Instant(1_780_272_000_000_000 + ((day - 1) * 24 + hour) * 3_600_000_000)
    }

    fn spelled(instant: Instant) -> String {
        let hours = (instant.0 - at(1, 0).0) / 3_600_000_000;
        format!("{}.{}", hours / 24 + 1, hours % 24)
    }

    /// By `turns`, a and b have a day each, c the third, and nobody the fourth; by `nights`, d is on from 20 to 8.
    fn directory(levels: &serde_json::Value) -> Directory {
        let mut directory = Directory::empty(OrganizationId(1), "test");
        for name in ["a", "b", "c", "d"] {
            let user: User = serde_json::from_value(json!({"username": name})).expect("a user");
            directory.add_user(RefId(format!("user-{name}")), RefId(format!("own-{name}")), user);
        }
        let turns = json!({"valid_start": "2026-06-01", "rotations": [["a"], ["b"], ["c"], []]});
        let nights = json!({"valid_start": "2026-06-01", "rotation_start": "20:00", "shift_length": "12:00",
            "rotations": [["d"]]});
        for (name, layer) in [("turns", turns), ("nights", nights)] {
            let routine = json!({"name": name, "timezone": "UTC", "routine_layers": [layer]});
            directory.routines.add(RefId::from(name), serde_json::from_value(routine).expect("a routine"));
        }
        let policy: EscalationPolicy =
            serde_json::from_value(json!({"name": "p", "levels": levels})).expect("a policy");
        directory.policies.add(RefId::from("p"), policy);
        directory
    }

    fn on_call(level: serde_json::Value, day: i64, hour: i64) -> String {
        let directory = directory(&json!([level]));
        let ladder = directory.ladder(&RefId::from("p")).expect("the policy");
        let OnCall { users, until } = ladder.on_call(1, at(day, hour));
        let people: String = users.iter().map(Username::as_str).collect();
        format!("{people} until {}", until.map_or("-".to_owned(), spelled))
    }

    #[test]
    fn a_level_is_told_with_the_next_instant_at_which_it_has_other_people() {
        let level = |users: &[&str], routines: &[&str]| json!({"minutes": 5, "users": users, "routines": routines});
        let table = [
            (level(&["b", "a"], &[]), 1, 0, "ab until -"),
            (level(&[], &["turns"]), 1, 6, "a until 2.0"),
            (level(&[], &["turns"]), 4, 6, " until 5.0"),
            (level(&[], &["turns"]), 3, 6, "c until 4.0"),
            (level(&[], &["turns", "nights"]), 1, 21, "ad until 2.0"),
            (level(&[], &["turns", "nights"]), 4, 9, " until 4.20"),
            // That a's turn begins and ends changes nothing on a level that a is always on.
            (level(&["a"], &["turns"]), 1, 6, "a until 2.0"),
            (level(&["a"], &["turns"]), 4, 6, "a until 6.0"),
            (level(&["a", "b", "c"], &["turns"]), 1, 6, "abc until -"),
        ];
        for (level, day, hour, expect) in table {
            assert_eq!(on_call(level.clone(), day, hour), expect, "{level} on {day} at {hour}");
        }
    }

    #[test]
    fn the_schedule_of_a_level_unites_its_people_and_its_gaps_are_what_is_left() {
        let level = json!({"minutes": 5, "routines": ["turns", "nights"]});
        let mut directory = directory(&json!([level, {"minutes": 5, "users": ["c"]}]));
        let swap: Swap =
            serde_json::from_value(json!({"out": "d", "from": "2026-06-02T22:00:00", "until": "2026-06-03T04:00:00"}))
                .expect("a swap");
        directory.swaps.insert("nights".to_owned(), vec![swap]);
        let ladder = directory.ladder(&RefId::from("p")).expect("the policy");
        let told = |level: u32, until: Instant| {
            let schedule = ladder.schedule(level, at(1, 22), until);
            let interval = |interval: &Interval| {
                let people: String = interval.on_call.iter().map(Username::as_str).collect();
                format!("{people}@{}-{}", spelled(interval.from), spelled(interval.until))
            };
            let gaps = gaps(&schedule, at(1, 22), until);
            let gaps: Vec<_> = gaps.iter().map(|gap| format!("{}-{}", spelled(gap.from), spelled(gap.until))).collect();
            (schedule.iter().map(interval).collect::<Vec<_>>().join(" "), gaps.join(" "))
        };
        let (schedule, gaps) = told(1, at(5, 1));
        let expect = "ad@1.22-2.0 bd@2.0-2.8 b@2.8-2.20 bd@2.20-2.22 b@2.22-3.0 c@3.0-3.4 cd@3.4-3.8 c@3.8-3.20 \
            cd@3.20-4.0 d@4.0-4.8 d@4.20-5.0 ad@5.0-5.1";
        assert_eq!(schedule, expect);
        assert_eq!(gaps, "4.8-4.20");
        assert_eq!(told(2, at(5, 1)), ("c@1.22-5.1".to_owned(), String::new()));
        assert_eq!(told(3, at(5, 1)), (String::new(), "1.22-5.1".to_owned()));
        assert_eq!(told(2, at(1, 22)), (String::new(), String::new()));
    }

    #[test]
    fn a_policy_of_a_user_s_own_covers_its_one_level_always() {
        let directory = directory(&json!([]));
        let ladder = directory.ladder(&RefId::from("own-a")).expect("the policy");
        let always = Interval { from: at(1, 0), until: at(9, 0), on_call: vec!["a".into()] };
        assert_eq!(ladder.schedule(1, at(1, 0), at(9, 0)), [always]);
        assert_eq!(ladder.on_call(1, at(1, 0)), OnCall { users: vec!["a".into()], until: None });
        assert!(ladder.schedule(2, at(1, 0), at(9, 0)).is_empty());
    }
}
