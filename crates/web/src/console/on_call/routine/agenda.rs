//! A routine as a list by day: who is on call at which hours, and what is to be done about it.

use super::mark::{Mark, Marks};
use super::plan::{Plan, Stretch};
use crate::console::on_call::calendar::{Calendar, Day};
use crate::console::time::Clock;
use domain::{Instant, Username};

/// A day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AgendaDay {
    /// `Sun 25 Oct (25 h)`.
    pub(super) title: String,
    /// `2026-10-25`.
    pub(super) date: String,
    pub(super) is_today: bool,
    pub(super) entries: Vec<Entry>,
}

/// Some hours of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// `09:00–18:00`.
    pub(super) hours: String,
    /// Nobody where it is a gap.
    pub(super) people: Vec<Person>,
    /// What made it other than layers say: "for Cho", "Christmas".
    pub(super) why: Vec<String>,
    pub(super) is_now: bool,
    /// Of what is not over: the query that prefills an exception for exactly it.
    pub(super) exception: Option<String>,
    /// What the link does, for who hears it alone.
    pub(super) exception_words: String,
}

/// Somebody in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) mark: Mark,
    /// What prefills the form for a swap of this shift; nothing where it is over.
    pub(super) swap: Option<String>,
    /// What the link does, for who hears it alone.
    pub(super) swap_words: String,
}

/// What a list is made with.
#[derive(Clone, Copy)]
pub(super) struct Teller<'a> {
    pub(super) marks: &'a Marks,
    pub(super) clock: &'a Clock,
    pub(super) calendar: &'a Calendar,
}

/// Tells the days of a plan.
pub(super) fn agenda(plan: &Plan, days: &[Day], teller: Teller<'_>) -> Vec<AgendaDay> {
    let today = teller.calendar.day_of(teller.clock.now());
    let day = |day: &Day| {
        let mut entries: Vec<(Instant, Entry)> = Vec::new();
        for shift in &plan.shifts {
            if let Some(part) = shift.within(day.from, day.until) {
                entries.push((part.from, teller.shift(shift, &part, day)));
            }
        }
        for gap in &plan.gaps {
            let (from, until) = (gap.from.max(day.from), gap.until.min(day.until));
            if from < until {
                entries.push((from, teller.gap(from, until, day)));
            }
        }
        entries.sort_by_key(|(from, _)| *from);
        let length = day.odd_length().map(|length| format!(" {length}")).unwrap_or_default();
        AgendaDay {
            title: format!("{}{length}", day.date.strftime("%a %-d %b")),
            date: day.date.to_string(),
            is_today: day.date == today,
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
        }
    };
    days.iter().map(day).collect()
}

/// The query that fills in the form for an exception at this time, with these people.
fn prefilling((from, until): (Instant, Instant), people: &[Username]) -> String {
    let time = format!("{}Z~{}Z", from.wire(), until.wire());
    let people = people.iter().map(|user| ("person", user.as_str()));
    form_urlencoded::Serializer::new(String::new()).append_pair("exception", &time).extend_pairs(people).finish()
}

impl Teller<'_> {
    fn shift(self, whole: &Stretch, part: &Stretch, day: &Day) -> Entry {
        let span = self.clock.span(whole.from, whole.until);
        let person = |user: &Username| {
            let mark = self.marks.get(user);
            let is_over = whole.until <= self.clock.now();
            let swap = (!is_over).then(|| format!("{user}~{}Z~{}Z", whole.from.wire(), whole.until.wire()));
            Person { swap, swap_words: format!("Swap {}, {span}", mark.name), mark }
        };
        let instead = whole.instead_of.as_ref().map(|user| format!("for {}", self.marks.get(user).name));
        Entry {
            hours: self.hours(part.from, part.until, day),
            people: part.people.iter().map(person).collect(),
            why: instead.into_iter().chain(whole.exception.clone()).collect(),
            is_now: self.is_now(part.from, part.until),
            exception: (whole.until > self.clock.now()).then(|| prefilling((whole.from, whole.until), &whole.people)),
            exception_words: format!("Others instead, {span}"),
        }
    }

    fn gap(self, from: Instant, until: Instant, day: &Day) -> Entry {
        let hours = self.hours(from, until, day);
        let exception = (until > self.clock.now()).then(|| prefilling((from, until), &[]));
        let exception_words = format!("Put somebody on, {}", self.clock.span(from, until));
        let is_now = self.is_now(from, until);
        Entry { hours, people: Vec::new(), why: Vec::new(), is_now, exception, exception_words }
    }

    fn hours(self, from: Instant, until: Instant, day: &Day) -> String {
        let end = if until == day.until { "24:00".to_owned() } else { self.calendar.minute(until) };
        format!("{}–{end}", self.calendar.minute(from))
    }

    fn is_now(self, from: Instant, until: Instant) -> bool {
        (from..until).contains(&self.clock.now())
    }
}

#[cfg(test)]
mod tests;
