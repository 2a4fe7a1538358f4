//! The page of one routine: a drawing, the same as a list, how much everybody is on call, and swaps.

use super::agenda::{AgendaDay, Teller, agenda};
use super::drawing::{Drawing, Pen, drawing};
use super::exception::{ComingException, ExceptionForm};
use super::mark::{Mark, Marks};
use super::period::{LENGTHS, Period};
use super::plan::{Plan, people, plan};
use super::swap::{Coming, SwapForm};
use crate::console::address;
use crate::console::frame::Frame;
use crate::console::on_call::calendar::{Calendar, Day};
use crate::console::piece::Tab;
use crate::console::set_up::Gap as PolicyGap;
use crate::console::set_up::Keeping;
use crate::console::time::Clock;
use askama::Template;
use domain::directory::{Directory, Entry};
use domain::routine::{Gap, Routine, Tally, tally};
use domain::{Instant, Username};

/// How many gaps are told one by one.
const GAPS_TOLD: usize = 12;
/// The units of the strip of a person.
const STRIP: i64 = 600;

#[derive(Template)]
#[template(path = "console/on_call/routine.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    pub(super) shown: Shown,
    /// Where the form is sent, and where one comes back to.
    pub(super) address: String,
    pub(super) edit: Option<String>,
    pub(super) form: Option<SwapForm>,
    /// The form for another exception, for whoever may make one.
    pub(super) except: Option<ExceptionForm>,
    pub(super) may_take_back: bool,
    pub(super) coming: Vec<Coming>,
    /// Exceptions that are not over.
    pub(super) exceptions: Vec<ComingException>,
    /// Which of them was not ended, and the gaps that are to be ticked first.
    pub(super) wants: Option<(u32, Vec<PolicyGap>)>,
    /// What was done.
    pub(super) notice: Option<String>,
    /// What was refused and is about no field.
    pub(super) refused: Vec<String>,
    /// What a swap would change, where that is asked.
    pub(super) preview: Option<Vec<String>>,
    pub(super) keeping: Keeping,
}

/// What there is to see of a routine.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) zone: String,
    /// The zone in which it is shown, by the word that people use for it.
    pub(super) place: String,
    /// One's own zone and that of the routine, where they differ.
    pub(super) zones: Vec<Tab>,
    pub(super) lengths: Vec<Tab>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) today: String,
    /// The first day and the last.
    pub(super) span: String,
    /// Fewer days than asked for are shown of a monstrous routine.
    pub(super) most_days: Option<usize>,
    pub(super) drawing: Drawing,
    pub(super) gaps: Vec<String>,
    pub(super) more_gaps: usize,
    /// Days that are not 24 hours long.
    pub(super) odd_days: Vec<String>,
    pub(super) agenda: Vec<AgendaDay>,
    pub(super) people: Vec<PersonRow>,
    /// Levels that it is on: the policy's name, its address, and the number.
    pub(super) levels: Vec<(String, String, usize)>,
}

/// How much somebody is on call.
#[derive(Clone, Debug)]
pub(super) struct PersonRow {
    pub(super) mark: Mark,
    pub(super) tally: Tally,
    pub(super) strip: Vec<(i64, i64)>,
}

/// By what it is shown.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) clock: Clock,
    pub(super) period: Period,
    pub(super) path: String,
}

/// What there is to see.
pub(super) fn shown(directory: &Directory, entry: &Entry<Routine>, view: &View) -> Shown {
    let (routine, View { clock, period, path }) = (&entry.component, view);
    let calendar = Calendar::of(clock.zone());
    let plan = plan(directory, routine, (period.from, period.until));
    let marks = Marks::of(directory, people(directory, routine));
    let today = calendar.day_of(clock.now());
    let pen = Pen { marks: &marks, clock, calendar: &calendar };
    let length = |(days, title): (u16, &str)| Tab {
        address: period.of_length(path, days, today),
        title: title.to_owned(),
        count: None,
        name: "",
        is_current: days == period.length,
    };
    let odd = |day: &Day| Some(format!("{} {}", day.date.strftime("%a %-d %b"), day.odd_length()?));
    let gap = |gap: &Gap| clock.span(gap.from, gap.until);
    Shown {
        name: routine.name.clone(),
        zone: routine.timezone.clone(),
        place: clock.place(),
        zones: zones(routine, view),
        lengths: LENGTHS.map(length).into(),
        before: period.later(path, -1),
        after: period.later(path, 1),
        today: period.today(path),
        span: span(period),
        most_days: (period.days.len() < usize::from(period.length)).then_some(period.days.len()),
        drawing: drawing(&plan, &period.days, pen),
        gaps: plan.gaps.iter().take(GAPS_TOLD).map(gap).collect(),
        more_gaps: plan.gaps.len().saturating_sub(GAPS_TOLD),
        odd_days: period.days.iter().filter_map(odd).collect(),
        agenda: agenda(&plan, &period.days, Teller { marks: &marks, clock, calendar: &calendar }),
        people: person_rows(&plan, &marks, clock.zone()),
        levels: levels(directory, &routine.name),
    }
}

fn zones(routine: &Routine, View { clock, period, path }: &View) -> Vec<Tab> {
    let of_routine = clock.within(&routine.timezone);
    let is_of_routine = clock.zone() == routine.timezone;
    let tab = |title: String, address: String, is_current| Tab { address, title, count: None, name: "", is_current };
    let theirs =
        tab(format!("of the routine: {}", of_routine.place()), period.in_zone(path, &routine.timezone), is_of_routine);
    vec![tab("mine".to_owned(), period.in_zone(path, ""), !is_of_routine), theirs]
}

fn span(period: &Period) -> String {
    let told = |day: &Day| day.date.strftime("%a %-d %b %Y").to_string();
    match &period.days[..] {
        [] => String::new(),
        [day] => told(day),
        [first, .., last] => format!("{} – {}", told(first), told(last)),
    }
}

fn person_rows(plan: &Plan, marks: &Marks, zone: &str) -> Vec<PersonRow> {
    let shown: Vec<_> = plan.shifts.iter().filter_map(|shift| shift.within(plan.from, plan.until)).collect();
    let mut users: Vec<&Username> = Vec::new();
    for user in shown.iter().flat_map(|shift| &shift.people) {
        if !users.contains(&user) {
            users.push(user);
        }
    }
    let row = |user: &&Username| {
        let mut stretches: Vec<(Instant, Instant)> = Vec::new();
        for shift in shown.iter().filter(|shift| shift.people.contains(user)) {
            match stretches.last_mut() {
                Some((_, until)) if *until == shift.from => *until = shift.until,
                _ => stretches.push((shift.from, shift.until)),
            }
        }
        let whole = (plan.until.0 - plan.from.0).max(1);
        let place = |at: Instant| (at.0 - plan.from.0) * STRIP / whole;
        let strip = stretches.iter().map(|(from, until)| (place(*from), (place(*until) - place(*from)).max(1)));
        PersonRow { mark: marks.get(user), tally: tally(&stretches, zone), strip: strip.collect() }
    };
    let mut rows: Vec<_> = users.iter().map(row).collect();
    rows.sort_by(|one, other| {
        other.tally.hours.cmp(&one.tally.hours).then_with(|| one.mark.name.cmp(&other.mark.name))
    });
    rows
}

fn levels(directory: &Directory, routine: &str) -> Vec<(String, String, usize)> {
    let mut levels = Vec::new();
    for entry in directory.policies.by_name() {
        let policy = &entry.component;
        for (level, number) in policy.levels.iter().zip(1..) {
            if level.routines.iter().any(|name| name == routine) {
                let address = address::of("/app/policies", &policy.name, entry.ref_id.as_str());
                levels.push((policy.name.clone(), address, number));
            }
        }
    }
    levels
}

impl Page {
    /// The gaps that are to be ticked before this exception is ended.
    fn wanted(&self, exception: &ComingException) -> &[PolicyGap] {
        let wants = self.wants.as_ref().filter(|(layer, _)| *layer == exception.layer);
        wants.map(|(_, gaps)| gaps.as_slice()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
