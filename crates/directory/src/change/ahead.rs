//! What is ahead of a routine, and of an escalation policy: who is on call within four weeks, what is left open, and what it asks
//! of each person.

use domain::Instant;
use domain::directory::{ComponentKind, Directory, Ladder};
use domain::routine::{Gap, gaps, tallies};
use serde_json::{Value, json};

/// Days that are worked out; fewer of a routine of monstrous size.
pub(super) const DAYS: i64 = 28;
const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// What is ahead of a component from `now` on; nothing of kinds that nobody is on call by.
pub(super) fn ahead(directory: &Directory, kind: ComponentKind, name: &str, now: Instant) -> Option<Value> {
    match kind {
        ComponentKind::Routine => of_routine(directory, name, now),
        ComponentKind::EscalationPolicy => of_policy(directory, name, now),
        _ => None,
    }
}

fn of_routine(directory: &Directory, name: &str, now: Instant) -> Option<Value> {
    let zone = &directory.routines.named(name)?.component.timezone;
    let until = end(now, directory.schedule_days(name));
    let schedule = directory.schedule(name, now, until);
    let people = tallies(&schedule, zone).into_iter().map(|(user, tally)| {
        json!({"preferred_username": user, "hours": tally.hours, "nights": tally.nights, "weekends": tally.weekends})
    });
    let people: Vec<_> = people.collect();
    Some(json!({"until": until.wire(), "gaps": gaps(&schedule, now, until), "people": people, "intervals": schedule}))
}

fn of_policy(directory: &Directory, name: &str, now: Instant) -> Option<Value> {
    let ladder = Ladder::Named(&directory.policies.named(name)?.component, directory);
    let until = end(now, ladder.schedule_days());
    let level = |level: u32| {
        let open: Vec<Gap> = gaps(&ladder.schedule(level, now, until), now, until);
        json!({"level": level, "on_call": ladder.on_call(level, now).users, "gaps": open})
    };
    let levels: Vec<_> = (1..=ladder.height()).map(level).collect();
    Some(json!({"until": until.wire(), "levels": levels}))
}

fn end(now: Instant, most_days: i64) -> Instant {
    now.plus_micros(DAYS.min(most_days) * DAY_MICROS)
}
