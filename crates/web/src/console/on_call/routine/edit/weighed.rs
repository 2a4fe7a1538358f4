//! What a change of a routine would come to: drawn beside what stands, in sentences, and by how much people are on call.

use crate::console::on_call::calendar::Calendar;
use crate::console::on_call::routine::drawing::{Drawing, Pen, drawing};
use crate::console::on_call::routine::mark::Marks;
use crate::console::on_call::routine::plan::{Plan, people, plan};
use crate::console::time::Clock;
use domain::directory::Directory;
use domain::routine::{Change, Routine, Tally, changes, schedule, tally};
use domain::{Instant, Username};
use jiff::civil::Date;

/// Days in which a difference is looked for, and load is counted.
const DAYS: u16 = 56;
/// Days that are drawn.
const DRAWN: u16 = 14;
/// So many differences are told one by one.
const TOLD: usize = 12;

/// What it would come to.
#[derive(Clone, Debug)]
pub(in crate::console::on_call::routine) struct Weighed {
    /// In which time it was looked for.
    pub(in crate::console::on_call::routine) within: String,
    pub(in crate::console::on_call::routine) before: Drawing,
    pub(in crate::console::on_call::routine) after: Drawing,
    /// Where both differ, in sentences.
    pub(in crate::console::on_call::routine) changes: Vec<String>,
    pub(in crate::console::on_call::routine) more_changes: usize,
    /// By how much people are on call otherwise than now.
    pub(in crate::console::on_call::routine) loads: Vec<String>,
    /// When nobody is on call by the routine, after it and not before.
    pub(in crate::console::on_call::routine) gaps: Vec<String>,
}

/// Weighs a routine against the one that stands, by this clock, from this day on.
pub(in crate::console::on_call::routine) fn weighed(
    directory: &Directory,
    (stands, wanted): (&Routine, &Routine),
    clock: &Clock,
    first: Date,
) -> Weighed {
    let calendar = Calendar::of(clock.zone());
    let most = most_days(directory, stands, wanted);
    let days = calendar.days(first, most);
    let (from, until) = match (days.first(), days.last()) {
        (Some(first), Some(last)) => (first.from, last.until),
        _ => (clock.now(), clock.now()),
    };
    let of = |routine: &Routine| schedule(routine, directory.swaps_of(&stands.name), from, until);
    let all = changes(of(stands), of(wanted));
    // What has passed today is no difference any more.
    let all: Vec<_> = all.into_iter().filter(|change| change.until > clock.now()).collect();
    let earliest = all.first().map_or(from, |change| change.from);
    let drawn = calendar.days(calendar.day_of(earliest), DRAWN.min(most));
    let span = match (drawn.first(), drawn.last()) {
        (Some(first), Some(last)) => (first.from, last.until),
        _ => (from, until),
    };
    let marks = Marks::of(directory, people(directory, stands).into_iter().chain(people(directory, wanted)));
    let pen = Pen { marks: &marks, clock, calendar: &calendar };
    let (before, after) = (plan(directory, stands, span), plan(directory, wanted, span));
    let (whole_before, whole_after) = (plan(directory, stands, (from, until)), plan(directory, wanted, (from, until)));
    let named = |users: &[Username]| -> String {
        let names: Vec<_> = users.iter().map(|user| directory.shown_name(user)).collect();
        if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
    };
    let told = |change: &Change| {
        let span = clock.span(change.from, change.until);
        format!("{span}: {} instead of {}", named(&change.after), named(&change.before))
    };
    let load = |plan: &Plan, user: &Username| -> Tally { tally(&stretches(plan, user), clock.zone()) };
    let mut users = people(directory, stands);
    users.extend(people(directory, wanted));
    users.sort_unstable();
    users.dedup();
    let loads = users.into_iter().filter_map(|user| {
        let (was, is) = (load(&whole_before, user), load(&whole_after, user));
        (was != is).then(|| format!("{}: {} instead of {}", directory.shown_name(user), words(is), words(was)))
    });
    let is_new = |gap: &&domain::routine::Gap| {
        !whole_before.gaps.iter().any(|known| known.from <= gap.from && gap.until <= known.until)
    };
    let within = match first == calendar.day_of(clock.now()) {
        true => "in the next eight weeks".to_owned(),
        false => format!("in the eight weeks from {} on", first.strftime("%a %-d %b %Y")),
    };
    Weighed {
        within,
        before: drawing(&before, &drawn, pen),
        after: drawing(&after, &drawn, pen),
        changes: all.iter().take(TOLD).map(told).collect(),
        more_changes: all.len().saturating_sub(TOLD),
        loads: loads.collect(),
        gaps: whole_after.gaps.iter().filter(is_new).take(TOLD).map(|gap| clock.span(gap.from, gap.until)).collect(),
    }
}

/// How many days are worked out: fewer of a monstrous routine.
fn most_days(directory: &Directory, stands: &Routine, wanted: &Routine) -> u16 {
    let swaps = directory.swaps_of(&stands.name);
    let most = stands.schedule_days(swaps).min(wanted.schedule_days(swaps));
    u16::try_from(most.clamp(1, i64::from(DAYS))).unwrap_or(DAYS)
}

/// When somebody is on call within a plan.
fn stretches(plan: &Plan, user: &Username) -> Vec<(Instant, Instant)> {
    let shown = plan.shifts.iter().filter_map(|shift| shift.within(plan.from, plan.until));
    shown.filter(|shift| shift.people.contains(user)).map(|shift| (shift.from, shift.until)).collect()
}

fn words(tally: Tally) -> String {
    let Tally { hours, nights, weekends } = tally;
    let counted = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    };
    format!("{hours} h, {}, {}", counted(nights, "night"), counted(weekends, "weekend"))
}

#[cfg(test)]
mod tests {
    use super::weighed;
    use crate::console::on_call::made_up::{add_payments, clock, directory};
    use domain::routine::Routine;
    use jiff::civil::Date;

    const TODAY: Date = Date::constant(2026, 11, 29);

    fn payments() -> (domain::directory::Directory, Routine) {
        let mut directory = directory();
        add_payments(&mut directory);
        let routine = directory.routines.named("payments").unwrap().component.clone();
        (directory, routine)
    }

    #[test]
    fn what_stays_as_it_is_comes_to_nothing() {
        let (directory, routine) = payments();
        let weighed = weighed(&directory, (&routine, &routine), &clock(), TODAY);
        assert_eq!((weighed.changes.len(), weighed.loads.len(), weighed.gaps.len()), (0, 0, 0));
        assert_eq!(weighed.before.rows.len(), weighed.after.rows.len());
    }

    #[test]
    fn a_day_more_and_a_day_less_are_told_in_sentences() {
        let (directory, routine) = payments();
        let mut wanted = routine.clone();
        wanted.routine_layers[1].skip_days = vec![6];
        let weighed = weighed(&directory, (&routine, &wanted), &clock(), TODAY);
        assert!(weighed.changes[0].contains("Cho Min-seo instead of nobody"), "{:?}", weighed.changes);
        assert_eq!((weighed.changes.len(), weighed.gaps.len()), (8, 0));
        assert_eq!(weighed.loads.len(), 1);
        assert!(weighed.loads[0].contains("8 weekends instead of"), "{:?}", weighed.loads);
        let back = super::weighed(&directory, (&wanted, &routine), &clock(), TODAY);
        assert_eq!(back.gaps.len(), 8);
        assert!(back.changes[0].contains("nobody instead of Cho Min-seo"), "{:?}", back.changes);
    }
}
