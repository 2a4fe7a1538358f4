//! A routine as a drawing: where everything stands, in the units of the picture.

use super::mark::{Mark, Marks};
use super::plan::{Plan, Stretch};
use crate::console::on_call::calendar::{Calendar, Day};
use crate::console::time::Clock;
use domain::Instant;

const WIDTH: i64 = 1200;
/// Where time begins and ends.
const LEFT: i64 = 170;
const RIGHT: i64 = 1195;
const HEAD: i64 = 40;
const ROW: i64 = 36;
const BAR: i64 = 28;
/// What a letter takes, about.
const LETTER: i64 = 7;
/// So many people are drawn in one bar, each with a part of it; more are counted.
const DRAWN_APART: usize = 3;
/// Letters of the title of a row.
const TITLE: usize = 22;

/// The picture.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) head: i64,
    pub(super) ticks: Vec<Tick>,
    pub(super) rows: Vec<RowDrawn>,
    /// Where now is.
    pub(super) now: Option<i64>,
}

/// Where a day, or an hour, begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) x: i64,
    pub(super) label: String,
    /// The month where it begins, and `(25 h)`.
    pub(super) note: Option<String>,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RowDrawn {
    pub(super) y: i64,
    pub(super) text_y: i64,
    pub(super) title: String,
    pub(super) whole_title: String,
    pub(super) is_final: bool,
    pub(super) bars: Vec<Bar>,
}

/// A stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
    /// Of the style sheet.
    pub(super) class: String,
    /// 0 is plain.
    pub(super) pattern: usize,
    pub(super) text: Option<String>,
    pub(super) text_x: i64,
    pub(super) text_y: i64,
    /// The same in words.
    pub(super) words: Option<String>,
}

/// What a drawing is made with.
#[derive(Clone, Copy)]
pub(super) struct Pen<'a> {
    pub(super) marks: &'a Marks,
    pub(super) clock: &'a Clock,
    pub(super) calendar: &'a Calendar,
}

/// Draws it.
pub(super) fn drawing(plan: &Plan, days: &[Day], pen: Pen<'_>) -> Drawing {
    let canvas = Canvas { plan, pen };
    let mut rows: Vec<_> = plan
        .rows
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let bars = row.stretches.iter().flat_map(|stretch| canvas.bars(stretch, place, Telling::OfSwaps)).collect();
            canvas.row(place, &row.title, bars)
        })
        .collect();
    let place = rows.len();
    let shown = plan.shifts.iter().filter_map(|shift| shift.within(plan.from, plan.until));
    let mut bars: Vec<_> = shown.flat_map(|shift| canvas.bars(&shift, place, Telling::OfAll)).collect();
    bars.extend(plan.gaps.iter().map(|gap| canvas.gap(gap.from, gap.until, place)));
    rows.push(RowDrawn { is_final: true, ..canvas.row(place, "FINAL", bars) });
    let now = pen.clock.now();
    let height = HEAD + ROW * i64::try_from(rows.len()).unwrap_or(1) + 4;
    let now = (plan.from <= now && now < plan.until).then(|| canvas.x(now));
    Drawing { width: WIDTH, height, head: HEAD, ticks: canvas.ticks(days), rows, now }
}

/// Of which stretches a row says in words what they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    OfAll,
    OfSwaps,
}

#[derive(Clone, Copy)]
struct Canvas<'a> {
    plan: &'a Plan,
    pen: Pen<'a>,
}

impl Canvas<'_> {
    fn x(self, at: Instant) -> i64 {
        let whole = (self.plan.until.0 - self.plan.from.0).max(1);
        LEFT + (at.0 - self.plan.from.0) * (RIGHT - LEFT) / whole
    }

    fn row(self, place: usize, title: &str, bars: Vec<Bar>) -> RowDrawn {
        let y = top(place);
        let (title, whole_title) = (shortened(title), title.to_owned());
        RowDrawn { y, text_y: y + 22, title, whole_title, is_final: false, bars }
    }

    /// The bars of a stretch: one for each person, or one for many, or for nobody.
    fn bars(self, stretch: &Stretch, place: usize, telling: Telling) -> Vec<Bar> {
        let marks: Vec<Mark> = stretch.people.iter().map(|user| self.pen.marks.get(user)).collect();
        let is_changed = stretch.instead_of.is_some() || stretch.exception.is_some();
        let changed = if is_changed { " swapped" } else { "" };
        let words = (telling == Telling::OfAll || stretch.instead_of.is_some()).then(|| self.words(stretch, &marks));
        let bar = |(part, parts): (usize, usize), class: String, pattern, text: Vec<String>| {
            let bar = self.bar(stretch.from, stretch.until, place, (part, parts));
            let text = fitting(&text, bar.width, bar.height);
            Bar { class, pattern, text, words: words.clone(), ..bar }
        };
        match marks.len() {
            0 => vec![bar((0, 1), format!("shift{changed}"), 0, vec!["nobody".to_owned()])],
            count @ 1..=DRAWN_APART => {
                let of = |(part, mark): (usize, &Mark)| {
                    let text = vec![format!("{} {}", mark.letter, mark.name), mark.letter.clone()];
                    bar((part, count), format!("shift p{}{changed}", mark.colour), mark.pattern, text)
                };
                marks.iter().enumerate().map(of).collect()
            }
            count => {
                let text = vec![format!("{count} people"), count.to_string()];
                vec![bar((0, 1), format!("shift{changed}"), 0, text)]
            }
        }
    }

    fn gap(self, from: Instant, until: Instant, place: usize) -> Bar {
        let bar = self.bar(from, until, place, (0, 1));
        let text = fitting(&["nobody".to_owned()], bar.width, bar.height);
        let words = Some(format!("nobody, {}", self.pen.clock.span(from, until)));
        Bar { class: "gap".to_owned(), pattern: 1, text, words, ..bar }
    }

    /// A part of the height of a row, as long as it lasts.
    fn bar(self, from: Instant, until: Instant, place: usize, (part, parts): (usize, usize)) -> Bar {
        let (x, end) = (self.x(from), self.x(until));
        let count = |number: usize| i64::try_from(number).unwrap_or(1);
        let height = BAR / count(parts).max(1);
        let y = top(place) + (ROW - BAR) / 2 + count(part) * height;
        let width = (end - x).max(1);
        let (text_x, text_y) = (x + 5, y + height / 2 + 4);
        Bar { x, y, width, height, class: String::new(), pattern: 0, text: None, text_x, text_y, words: None }
    }

    fn words(self, stretch: &Stretch, marks: &[Mark]) -> String {
        let names: Vec<_> = marks.iter().map(|mark| mark.name.as_str()).collect();
        let who = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
        let instead = stretch.instead_of.as_ref().map(|user| format!(" for {}", self.pen.marks.get(user).name));
        format!("{who}{}, {}", instead.unwrap_or_default(), self.pen.clock.span(stretch.from, stretch.until))
    }

    /// Where days begin; where only one is shown, hours.
    fn ticks(self, days: &[Day]) -> Vec<Tick> {
        if let [day] = days {
            return self.hours(day);
        }
        let are_wide = days.len() <= 14;
        let tick = |(place, day): (usize, &Day)| {
            let is_monday = day.date.weekday().to_monday_zero_offset() == 0;
            let form = if are_wide { "%a %-d" } else { "%a %-d %b" };
            let is_told = are_wide || is_monday;
            let label = if is_told { day.date.strftime(form).to_string() } else { String::new() };
            let begins_month = are_wide && (place == 0 || day.date.day() == 1);
            let month = begins_month.then(|| day.date.strftime("%b").to_string());
            let note: Vec<_> = month.into_iter().chain(day.odd_length()).collect();
            Tick { x: self.x(day.from), label, note: (!note.is_empty()).then(|| note.join(" ")) }
        };
        days.iter().enumerate().map(tick).collect()
    }

    fn hours(self, day: &Day) -> Vec<Tick> {
        const EVERY: usize = 3;
        let mut ticks = Vec::new();
        for hour in (0..24).step_by(EVERY) {
            let at = self.pen.calendar.at(day.date.at(hour, 0, 0, 0)).clamp(day.from, day.until);
            let label = format!("{hour:02}:00");
            ticks.push(Tick { x: self.x(at), label, note: None });
        }
        if let Some(first) = ticks.first_mut() {
            first.note = day.odd_length();
        }
        ticks
    }
}

fn top(place: usize) -> i64 {
    HEAD + ROW * i64::try_from(place).unwrap_or(0)
}

/// The first of these texts that fits into a bar.
fn fitting(texts: &[String], width: i64, height: i64) -> Option<String> {
    let fits = |text: &&String| {
        let letters = i64::try_from(text.chars().count()).unwrap_or(i64::MAX / LETTER);
        letters.saturating_mul(LETTER) + 8 <= width && height >= 9
    };
    texts.iter().find(fits).cloned()
}

fn shortened(title: &str) -> String {
    if title.chars().count() <= TITLE {
        return title.to_owned();
    }
    title.chars().take(TITLE - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests;
