//! A layer as a form has it: drawn from a routine, read from what was sent, and made a layer again.

use crate::console::form::Form;
use domain::Username;
use domain::routine::{Layer, Written};
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use std::cmp::Ordering;

/// What stands for nobody in a turn.
pub(in crate::console::on_call::routine) const NOBODY: &str = "-";
/// Layers of a form are read up to this number, and turns of each.
const MOST: usize = 500;
const DAY_MINUTES: i64 = 24 * 60;
/// The last day of what has none.
const FOREVER: Date = Date::constant(9999, 1, 1);

/// Of which kind a layer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::console::on_call::routine) enum Kind {
    /// People take turns.
    Layer,
    /// These people, these hours, these days, in the place of all layers.
    Exception,
}

/// A layer as the form has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console::on_call::routine) struct Typed {
    /// Its place in the routine as that stands; nothing where it is new.
    pub(super) of: Option<usize>,
    pub(in crate::console::on_call::routine) kind: Kind,
    pub(in crate::console::on_call::routine) name: String,
    /// Who takes turns; each turn has one person or more, or nobody.
    pub(in crate::console::on_call::routine) turns: Vec<Vec<String>>,
    /// Days of the week on which it is in force: 0 = Monday.
    pub(super) days: Vec<u32>,
    pub(in crate::console::on_call::routine) from: String,
    pub(in crate::console::on_call::routine) until: String,
    /// How many days a turn lasts.
    pub(super) each: String,
    /// From which day on this is so; the first turn begins then.
    pub(in crate::console::on_call::routine) since: String,
    /// The last day; for ever where none is said.
    pub(in crate::console::on_call::routine) last: String,
    /// Whether it is to end on that day, or never to begin.
    pub(super) is_gone: bool,
}

impl Typed {
    /// A layer of a routine as the form is filled in with it. One that has begun is shown as it goes on with the next turn after
    /// today, so that what was before stays as it was.
    pub(super) fn of(place: usize, layer: &Layer, today: Date) -> Option<Self> {
        let (begun, end) = (layer.valid_start.get()?, layer.valid_end.get()?);
        let (start, length) = (layer.rotation_start.get()?, layer.shift_length.get()?);
        let kind = if layer.is_exception { Kind::Exception } else { Kind::Layer };
        let (since, passed) = match kind {
            Kind::Layer => next_turn(begun, layer.rotation_frequency, today),
            Kind::Exception => (begun, 0),
        };
        let turn = |group: &Vec<Username>| match group.is_empty() {
            true => vec![NOBODY.to_owned()],
            false => group.iter().map(ToString::to_string).collect(),
        };
        let mut turns: Vec<Vec<String>> = layer.rotations.iter().map(turn).collect();
        if !turns.is_empty() {
            let count = turns.len();
            turns.rotate_left(passed % count);
        }
        let last = if end < FOREVER { end.yesterday().ok()?.to_string() } else { String::new() };
        Some(Self {
            of: Some(place),
            kind,
            name: layer.layer_name.clone(),
            turns,
            days: (0..7).filter(|day| !layer.skip_days.contains(day)).collect(),
            from: written(start),
            until: written(start.wrapping_add(length.minutes().minutes())),
            each: layer.rotation_frequency.to_string(),
            since: since.to_string(),
            last,
            is_gone: false,
        })
    }

    /// What a form says; nothing where it has no layer of this number.
    fn read(form: &Form, number: usize) -> Option<Self> {
        let text = |name: &str| form.text(&format!("l{number}-{name}")).trim().to_owned();
        let of = form.get(&format!("l{number}-of"))?;
        let turn = |turn: usize| {
            let said = form.all(&format!("l{number}-turn-{turn}"));
            (!said.is_empty()).then(|| said.into_iter().map(str::to_owned).collect())
        };
        Some(Self {
            of: of.parse().ok(),
            kind: if text("kind") == "exception" { Kind::Exception } else { Kind::Layer },
            name: text("name"),
            turns: (1..=MOST).map_while(turn).collect(),
            days: form.all(&format!("l{number}-day")).iter().filter_map(|day| day.parse().ok()).collect(),
            from: text("from"),
            until: text("until"),
            each: text("each"),
            since: text("since"),
            last: text("last"),
            is_gone: !text("gone").is_empty(),
        })
    }

    /// All layers of a form, in their order.
    pub(super) fn all(form: &Form) -> Vec<Self> {
        (1..=MOST).map_while(|number| Self::read(form, number)).collect()
    }

    /// Whether a turn is to begin by it.
    pub(super) fn goes_on(&self) -> bool {
        // Days that are written so are in the order of their text.
        self.kind == Kind::Exception || self.last.is_empty() || self.since <= self.last
    }

    /// Whether it is in force on this day of the week: 0 = Monday.
    pub(super) fn has_day(&self, day: &usize) -> bool {
        self.days.iter().any(|known| usize::try_from(*known) == Ok(*day))
    }

    /// Its fields of one line: name, `type`, label, and what it says. An exception is too short for turns to pass.
    pub(super) fn lines(&self) -> Vec<(&'static str, &'static str, &'static str, &str)> {
        let mut lines = vec![
            ("from", "time", "From", self.from.as_str()),
            ("until", "time", "Until", self.until.as_str()),
            ("each", "number", "Days of a turn", self.each.as_str()),
            ("since", "date", "First day", self.since.as_str()),
            ("last", "date", "Last day (empty: for ever)", self.last.as_str()),
        ];
        lines.retain(|(field, ..)| self.kind == Kind::Layer || *field != "each");
        lines
    }

    /// Whether it says the same, whenever that is to begin.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        let since = match self.kind {
            Kind::Layer => other.since.clone(),
            Kind::Exception => self.since.clone(),
        };
        Self { since, ..self.clone() } == *other
    }

    /// The first day.
    ///
    /// # Errors
    /// That it is none.
    pub(super) fn first_day(&self) -> Result<Date, (&'static str, String)> {
        self.since.parse().map_err(|_| ("since", "must be a day, such as 2026-11-30".to_owned()))
    }

    /// The layer that it means.
    ///
    /// # Errors
    /// What cannot be read, each with its field.
    pub(in crate::console::on_call::routine) fn layer(&self) -> Result<Layer, Vec<(&'static str, String)>> {
        let mut wrong = Vec::new();
        let mut time = |field, text: &str| {
            let read = read_time(text);
            if read.is_none() {
                wrong.push((field, "must be a time, such as 09:00".to_owned()));
            }
            read.unwrap_or_default()
        };
        let (from, until) = (time("from", &self.from), time("until", &self.until));
        let each: u32 = self.each.parse().unwrap_or_default();
        if each == 0 {
            wrong.push(("each", "must be a whole number of days".to_owned()));
        }
        let since = self.first_day().unwrap_or_else(|fault| {
            wrong.push(fault);
            Date::default()
        });
        let end = match self.last.as_str() {
            "" => FOREVER,
            last => last.parse::<Date>().ok().and_then(|last| last.tomorrow().ok()).unwrap_or_else(|| {
                wrong.push(("last", "must be a day, or empty".to_owned()));
                FOREVER
            }),
        };
        if end <= since {
            wrong.push(("last", "must not be before the first day".to_owned()));
        }
        if self.days.is_empty() {
            wrong.push(("day", "must be ticked, one or more".to_owned()));
        }
        if self.turns.is_empty() {
            wrong.push(("turns", "must name somebody".to_owned()));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let group = |turn: &Vec<String>| {
            let people = turn.iter().filter(|name| *name != NOBODY);
            people.map(|name| Username::from(name.as_str())).collect()
        };
        Ok(Layer {
            layer_name: self.name.clone(),
            valid_end: end.into(),
            is_exception: self.kind == Kind::Exception,
            rotation_start: from.into(),
            shift_length: Written::new(&length(from, until)),
            rotation_frequency: each,
            skip_days: (0..7).filter(|day| !self.days.contains(day)).collect(),
            rotations: self.turns.iter().map(group).collect(),
            ..Layer::starting(since.into())
        })
    }
}

/// The first day after today on which a turn begins, and how many turns have begun before.
fn next_turn(begun: Date, each: u32, today: Date) -> (Date, usize) {
    let tomorrow = today.tomorrow().unwrap_or(today);
    if begun >= tomorrow || each == 0 {
        return (begun, 0);
    }
    let days = begun.until(tomorrow).map_or(0, |span| i64::from(span.get_days()));
    let turns = (days + i64::from(each) - 1) / i64::from(each);
    let first = begun.saturating_add((turns * i64::from(each)).days());
    (first, usize::try_from(turns).unwrap_or_default())
}

/// `09:00`.
fn written(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

fn read_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.get(..2)?.parse().ok()?, 0, 0).ok()
}

/// From one time to the next of the other, as a routine writes it.
fn length(from: Time, until: Time) -> String {
    let minutes = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
    let between = match minutes(from).cmp(&minutes(until)) {
        Ordering::Less => minutes(until) - minutes(from),
        Ordering::Equal => DAY_MINUTES,
        Ordering::Greater => DAY_MINUTES - minutes(from) + minutes(until),
    };
    format!("{:02}:{:02}", between / 60, between % 60)
}

#[cfg(test)]
mod tests;
