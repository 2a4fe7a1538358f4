//! The slow, obvious way: walk day by day, or minute by minute, and ask every condition of each. It shares no code with
//! what it judges, the reading of rules neither.

use crate::Instant;
use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

/// A rule in plain numbers. Weekdays are 0, Monday, to 6.
#[derive(Clone, Debug)]
pub(super) struct PlainRule {
    pub(super) frequency: &'static str,
    pub(super) interval: i64,
    pub(super) months: Vec<i8>,
    pub(super) month_days: Vec<i8>,
    /// Number, 0 for each, and weekday.
    pub(super) days: Vec<(i16, i8)>,
    pub(super) positions: Vec<i64>,
    pub(super) week_start: i8,
    pub(super) count: Option<usize>,
    pub(super) until: Option<Date>,
}

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

impl PlainRule {
    pub(super) fn text(&self) -> String {
        let join = |part: &str, items: Vec<String>| match items.is_empty() {
            true => String::new(),
            false => format!(";{part}={}", items.join(",")),
        };
        let numbers = |items: &[i8]| items.iter().map(ToString::to_string).collect();
        let day = |(number, weekday): &(i16, i8)| {
            let name = WEEKDAYS[usize::try_from(*weekday).unwrap()];
            if *number == 0 { name.to_owned() } else { format!("{number}{name}") }
        };
        [
            format!("FREQ={};INTERVAL={}", self.frequency, self.interval),
            join("BYMONTH", numbers(&self.months)),
            join("BYMONTHDAY", numbers(&self.month_days)),
            join("BYDAY", self.days.iter().map(day).collect()),
            join("BYSETPOS", self.positions.iter().map(ToString::to_string).collect()),
            format!(";WKST={}", WEEKDAYS[usize::try_from(self.week_start).unwrap()]),
            self.count.map(|count| format!(";COUNT={count}")).unwrap_or_default(),
            self.until.map(|day| format!(";UNTIL={}", day.strftime("%Y%m%d"))).unwrap_or_default(),
        ]
        .concat()
    }

    /// The walls at which it starts something from `starts` on, up to the day `last`.
    pub(super) fn walls(&self, starts: DateTime, last: Date) -> Vec<DateTime> {
        let mut walls = Vec::new();
        let mut day = starts.date();
        while day <= last.min(self.until.unwrap_or(last)) && self.count.is_none_or(|count| walls.len() < count) {
            if self.is_chosen(starts.date(), day) {
                walls.push(day.to_datetime(starts.time()));
            }
            day = day.tomorrow().unwrap();
        }
        walls
    }

    fn is_chosen(&self, starts: Date, day: Date) -> bool {
        if !self.fits(starts, day) {
            return false;
        }
        let step = |day: Date| self.step(starts, day);
        let fellows = |from: Date, until: Date| from.series(1.day()).take_while(move |day| *day <= until);
        let near = fellows(day.saturating_sub(366.days()), day.saturating_add(366.days()));
        if self.positions.is_empty() {
            return true;
        }
        let set: Vec<_> = near.filter(|other| step(*other) == step(day) && self.fits(starts, *other)).collect();
        let place = i64::try_from(set.iter().position(|other| *other == day).unwrap()).unwrap();
        let from_end = place - i64::try_from(set.len()).unwrap();
        self.positions.contains(&(place + 1)) || self.positions.contains(&from_end)
    }

    /// The number of the day, week, month or year since that of the first start.
    fn step(&self, starts: Date, day: Date) -> i64 {
        let days = |from: Date, until: Date| i64::from((until - from).get_days());
        let months = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
        match self.frequency {
            "DAILY" => days(starts, day),
            "WEEKLY" => {
                let mut week = starts;
                while week.weekday().to_monday_zero_offset() != self.week_start {
                    week = week.yesterday().unwrap();
                }
                days(week, day).div_euclid(7)
            }
            "MONTHLY" => months(day) - months(starts),
            _ => i64::from(day.year() - starts.year()),
        }
    }

    fn fits(&self, starts: Date, day: Date) -> bool {
        let weekday = |day: Date| day.weekday().to_monday_zero_offset();
        let from_end = day.day() - day.days_in_month() - 1;
        let plain = self.month_days.is_empty() && self.days.is_empty();
        let by_start = match self.frequency {
            "WEEKLY" => weekday(day) == weekday(starts),
            "MONTHLY" => day.day() == starts.day(),
            "YEARLY" => day.day() == starts.day() && (!self.months.is_empty() || day.month() == starts.month()),
            _ => true,
        };
        let is_nth = |number: i16| {
            let year = self.frequency == "YEARLY" && self.months.is_empty();
            let within = |other: &Date| other.year() == day.year() && (year || other.month() == day.month());
            let steps = i16::try_from(if number > 0 {
                std::iter::successors(Some(day), |day| day.checked_sub(7.days()).ok()).take_while(within).count()
            } else {
                std::iter::successors(Some(day), |day| day.checked_add(7.days()).ok()).take_while(within).count()
            });
            steps.unwrap() == number.abs()
        };
        self.step(starts, day).rem_euclid(self.interval) == 0
            && (self.months.is_empty() || self.months.contains(&day.month()))
            && (self.month_days.is_empty() || [day.day(), from_end].iter().any(|day| self.month_days.contains(day)))
            && (self.days.is_empty()
                || self
                    .days
                    .iter()
                    .any(|(number, of_rule)| *of_rule == weekday(day) && (*number == 0 || is_nth(*number))))
            && (!plain || by_start)
    }
}

/// The first minute at which the clock of `zone` shows `wall` or later.
pub(super) fn first_shown(zone: &TimeZone, wall: DateTime) -> Instant {
    let shown = |minute: i64| zone.to_datetime(Timestamp::from_second(minute * 60).unwrap());
    let as_utc = TimeZone::UTC.to_timestamp(wall).unwrap().as_second().div_euclid(60);
    let hour = (as_utc - 26 * 60..).step_by(60).find(|minute| shown(*minute) >= wall).unwrap();
    let minute = (hour - 120..).find(|minute| shown(*minute) >= wall).unwrap();
    Instant(minute * 60_000_000)
}

/// One field of a cron expression, in plain numbers.
#[derive(Clone, Debug)]
pub(super) enum PlainField {
    Star,
    Every(i8),
    List(Vec<i8>),
    Range(i8, i8, i8),
}

impl PlainField {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Star => "*".to_owned(),
            Self::Every(step) => format!("*/{step}"),
            Self::List(items) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            Self::Range(from, until, step) => format!("{from}-{until}/{step}"),
        }
    }

    fn has(&self, number: i8, least: i8) -> bool {
        match self {
            Self::Star => true,
            Self::Every(step) => (number - least) % step == 0,
            Self::List(items) => items.contains(&number),
            Self::Range(from, until, step) => (*from..=*until).contains(&number) && (number - from) % step == 0,
        }
    }

    fn begins_with_star(&self) -> bool {
        matches!(self, Self::Star | Self::Every(_))
    }
}

/// Whether an expression, five fields in order, means a minute of the wall clock.
pub(super) fn is_due(fields: &[PlainField; 5], wall: DateTime) -> bool {
    let [minute, hour, day, month, weekday] = fields;
    let by_day = day.has(wall.day(), 1);
    let number = wall.weekday().to_sunday_zero_offset();
    let by_weekday = weekday.has(number, 0) || number == 0 && !weekday.begins_with_star() && weekday.has(7, 0);
    let both = day.begins_with_star() || weekday.begins_with_star();
    let fits = if both { by_day && by_weekday } else { by_day || by_weekday };
    minute.has(wall.minute(), 0) && hour.has(wall.hour(), 0) && month.has(wall.month(), 1) && fits
}

/// The first time after `after` within so many days: every minute at which the clock reaches a wall that it never
/// showed before, and those that it leaps over.
pub(super) fn cron_next(fields: &[PlainField; 5], zone: &TimeZone, after: Instant, days: i64) -> Option<Instant> {
    let first = after.0.div_euclid(60_000_000);
    let shown = |minute: i64| {
        let wall = zone.to_datetime(Timestamp::from_second(minute * 60).unwrap());
        wall.date().to_datetime(Time::constant(wall.hour(), wall.minute(), 0, 0))
    };
    let mut reached = shown(first - 180);
    for minute in first - 180..first + days * 24 * 60 {
        let mut is_now = false;
        while reached < shown(minute) {
            reached = reached.saturating_add(1.minute());
            is_now |= is_due(fields, reached);
        }
        let at = Instant(minute * 60_000_000);
        if is_now && at > after {
            return Some(at);
        }
    }
    None
}
