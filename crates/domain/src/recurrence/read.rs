//! How the text of a rule is read: every part that is not known, or not allowed beside the others, is refused by name.

use super::rule::{Day, End, Frequency, Rule, RuleFault, WEEKDAYS};
use crate::{Instant, limits};
use jiff::civil::{Date, DateTime, Time, Weekday};
use std::str::FromStr;

/// The parts that are known, in the order in which a rule is written.
const PARTS: [&str; 9] = ["FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST", "COUNT", "UNTIL"];
/// Most occurrences of one weekday in a month, and in a year.
const WEEKS_OF_MONTH: i32 = 5;
const WEEKS_OF_YEAR: i32 = 53;
/// The last position in a year.
const POSITION_MOST: i32 = 366;

impl FromStr for Rule {
    type Err = RuleFault;

    /// Reads a rule, in upper or lower case, with or without `RRULE:` before it.
    fn from_str(text: &str) -> Result<Self, RuleFault> {
        if text.len() > limits::RECURRENCE_BYTES {
            return Err(fault("", format!("a rule has at most {} bytes", limits::RECURRENCE_BYTES)));
        }
        let upper = text.trim().to_ascii_uppercase();
        let parts = parts(upper.strip_prefix("RRULE:").unwrap_or(&upper))?;
        let given = |part: &str| parts.iter().find(|(name, _)| *name == part).map(|(_, value)| *value);
        let frequency = given("FREQ").ok_or_else(|| fault("FREQ", "a rule needs it, such as FREQ=WEEKLY"))?;
        let most = i32::try_from(limits::RECURRENCE_INTERVAL_MOST).unwrap_or(i32::MAX);
        let interval = given("INTERVAL").map_or(Ok(1), |value| number("INTERVAL", value, 1, most))?;
        let rule = Self {
            frequency: choice("FREQ", frequency, &Frequency::ALL)?,
            interval: interval.unsigned_abs(),
            months: small(sorted("BYMONTH", given("BYMONTH"), |value| number("BYMONTH", value, 1, 12))?),
            month_days: small(sorted("BYMONTHDAY", given("BYMONTHDAY"), |value| signed("BYMONTHDAY", value, 31))?),
            days: days(given("BYDAY"))?,
            positions: sorted("BYSETPOS", given("BYSETPOS"), |value| signed("BYSETPOS", value, POSITION_MOST))?,
            week_start: given("WKST").map_or(Ok(Weekday::Monday), |value| choice("WKST", value, &WEEKDAYS))?,
            end: end(given("COUNT"), given("UNTIL"))?,
        };
        fits(&rule)?;
        Ok(rule)
    }
}

/// The parts of a text: known, each once, with a value.
fn parts(text: &str) -> Result<Vec<(&str, &str)>, RuleFault> {
    let mut parts: Vec<(&str, &str)> = Vec::new();
    for part in text.split(';') {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        if name.is_empty() {
            return Err(fault("", "a rule is made of parts such as FREQ=WEEKLY with `;` between them; one is empty"));
        }
        if !PARTS.contains(&name) {
            return Err(fault(name, format!("not a part that is known here; those are {}", PARTS.join(", "))));
        }
        if value.is_empty() {
            return Err(fault(name, "it has no value"));
        }
        if parts.iter().any(|(other, _)| *other == name) {
            return Err(fault(name, "it is given twice"));
        }
        parts.push((name, value));
    }
    Ok(parts)
}

/// Whether the parts of a rule may stand beside each other.
fn fits(rule: &Rule) -> Result<(), RuleFault> {
    let frequency = rule.frequency.name();
    if rule.frequency == Frequency::Weekly && !rule.month_days.is_empty() {
        return Err(fault("BYMONTHDAY", "it is not allowed with FREQ=WEEKLY"));
    }
    let per_month = rule.frequency == Frequency::Monthly || !rule.months.is_empty();
    let most = if per_month { WEEKS_OF_MONTH } else { WEEKS_OF_YEAR };
    for day in &rule.days {
        let Some(ordinal) = day.ordinal else { continue };
        if matches!(rule.frequency, Frequency::Daily | Frequency::Weekly) {
            return Err(fault("BYDAY", format!("`{day}` has a number, which is not allowed with FREQ={frequency}")));
        }
        if i32::from(ordinal).abs() > most {
            let problem = format!("`{day}` is not from 1 to {most} or from -{most} to -1 before the day");
            return Err(fault("BYDAY", problem));
        }
    }
    let alone = rule.months.is_empty() && rule.month_days.is_empty() && rule.days.is_empty();
    if alone && !rule.positions.is_empty() {
        return Err(fault("BYSETPOS", "it needs BYDAY, BYMONTHDAY or BYMONTH to choose from"));
    }
    Ok(())
}

fn days(given: Option<&str>) -> Result<Vec<Day>, RuleFault> {
    let strange = |item: &str| fault("BYDAY", format!("`{item}` is not a day such as TU, 3TU or -1FR"));
    let read = |item: &str| {
        let at = item.len().saturating_sub(2);
        let (ordinal, name) = item.split_at_checked(at).ok_or_else(|| strange(item))?;
        let known = WEEKDAYS.iter().position(|(other, _)| *other == name).ok_or_else(|| strange(item))?;
        let ordinal = match ordinal {
            "" => None,
            digits => Some(signed("BYDAY", digits, WEEKS_OF_YEAR).map_err(|_| strange(item))?),
        };
        Ok((known, ordinal))
    };
    let items = sorted("BYDAY", given, read)?.into_iter();
    let day = |(known, ordinal): (usize, Option<i32>)| Day {
        weekday: WEEKDAYS[known].1,
        ordinal: ordinal.and_then(|ordinal| i8::try_from(ordinal).ok()),
    };
    Ok(items.map(day).collect())
}

fn end(count: Option<&str>, until: Option<&str>) -> Result<End, RuleFault> {
    match (count, until) {
        (Some(_), Some(_)) => Err(fault("COUNT", "it is not allowed beside UNTIL")),
        (None, None) => Ok(End::Never),
        (Some(count), None) => {
            let most = i32::try_from(limits::RECURRENCE_STEPS).unwrap_or(i32::MAX);
            Ok(End::Count(number("COUNT", count, 1, most)?.unsigned_abs()))
        }
        (None, Some(until)) => moment(until).ok_or_else(|| {
            let forms = "20261231, or 20261231T235959 by the zone's clock, or 20261231T235959Z";
            fault("UNTIL", format!("`{until}` is not a date or time of the form {forms}"))
        }),
    }
}

fn moment(text: &str) -> Option<End> {
    let Some((day, time)) = text.split_once('T') else { return Some(End::Day(date(text)?)) };
    let (time, is_utc) = time.strip_suffix('Z').map_or((time, false), |time| (time, true));
    let [hour, minute, second] = cut(time, [2, 2, 2])?;
    let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, 0).ok()?;
    let wall = DateTime::from_parts(date(day)?, time);
    if !is_utc {
        return Some(End::Wall(wall));
    }
    Some(End::Instant(Instant::parse(&wall.to_string())?))
}

fn date(text: &str) -> Option<Date> {
    let [year, month, day] = cut(text, [4, 2, 2])?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (year > 0).then_some(date)
}

/// The numbers that stand in a text without anything between them, each of so many digits.
fn cut(text: &str, digits: [usize; 3]) -> Option<[i16; 3]> {
    let fits = text.len() == digits.iter().sum::<usize>() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (first, rest) = fits.then(|| text.split_at_checked(digits[0]))??;
    let (second, third) = rest.split_at_checked(digits[1])?;
    Some([first.parse().ok()?, second.parse().ok()?, third.parse().ok()?])
}

/// The items of a list, each read, in order and each once.
fn sorted<T: Ord>(
    part: &str,
    given: Option<&str>,
    read: impl Fn(&str) -> Result<T, RuleFault>,
) -> Result<Vec<T>, RuleFault> {
    let Some(value) = given else { return Ok(Vec::new()) };
    let items = value.split(',').map(|item| match item {
        "" => Err(fault(part, "an item of its list is empty")),
        item => read(item),
    });
    let mut items = items.collect::<Result<Vec<_>, _>>()?;
    items.sort_unstable();
    items.dedup();
    Ok(items)
}

fn choice<T: Copy>(part: &str, value: &str, among: &[(&str, T)]) -> Result<T, RuleFault> {
    let found = among.iter().find(|(name, _)| *name == value).map(|(_, choice)| *choice);
    found.ok_or_else(|| {
        let names: Vec<_> = among.iter().map(|(name, _)| *name).collect();
        fault(part, format!("`{value}` is not one of {}", names.join(", ")))
    })
}

fn number(part: &str, value: &str, least: i32, most: i32) -> Result<i32, RuleFault> {
    let plain = value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse::<i32>().ok()).flatten();
    let number = plain.filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| fault(part, format!("`{value}` is not a number from {least} to {most}")))
}

/// A number that may have a sign and is not 0.
fn signed(part: &str, value: &str, most: i32) -> Result<i32, RuleFault> {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let size = number(part, digits, 1, most)
        .map_err(|_| fault(part, format!("`{value}` is not a number from 1 to {most} or from -{most} to -1")))?;
    Ok(if value.starts_with('-') { -size } else { size })
}

fn small(numbers: Vec<i32>) -> Vec<i8> {
    numbers.into_iter().filter_map(|number| i8::try_from(number).ok()).collect()
}

fn fault(part: &str, problem: impl Into<String>) -> RuleFault {
    let shown: String = part.chars().take(limits::NAME_CHARACTERS).collect();
    RuleFault { part: shown, problem: problem.into() }
}
