//! One field of a cron expression: `*`, numbers, names, ranges, steps and lists of them, as a set of numbers.

/// What a field may hold.
pub(super) struct Field {
    name: &'static str,
    least: u8,
    most: u8,
    /// Names of the numbers from `least` on.
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

pub(super) const MINUTE: Field = Field { name: "minute", least: 0, most: 59, names: &[] };
pub(super) const HOUR: Field = Field { name: "hour", least: 0, most: 23, names: &[] };
pub(super) const DAY: Field = Field { name: "day of month", least: 1, most: 31, names: &[] };
pub(super) const MONTH: Field = Field { name: "month", least: 1, most: 12, names: &MONTHS };
/// 7 is Sunday, as 0 is.
pub(super) const WEEKDAY: Field = Field { name: "day of week", least: 0, most: 7, names: &WEEKDAYS };

/// The second number of Sunday.
const SUNDAY: u8 = 7;

/// The numbers that a field allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Set {
    bits: u64,
    is_restricted: bool,
}

impl Set {
    /// Whether it allows a number.
    pub(super) fn has(self, number: u8) -> bool {
        number < 64 && self.bits >> number & 1 == 1
    }

    /// The largest number that it allows.
    pub(super) fn last(self) -> Option<u8> {
        (0..64).rev().find(|number| self.has(*number))
    }

    /// Whether its text does not begin with `*`.
    pub(super) fn is_restricted(self) -> bool {
        self.is_restricted
    }
}

/// Reads a field; the error names it and what it may hold.
pub(super) fn read(field: &Field, text: &str) -> Result<Set, String> {
    let mut bits = 0;
    for item in text.split(',') {
        let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
        let step = step.map(|step| field.step(step, item)).transpose()?;
        let (from, until) = field.range(range, item, step.is_some())?;
        for number in (from..=until).step_by(usize::from(step.unwrap_or(1))) {
            bits |= 1_u64 << field.same(number);
        }
    }
    Ok(Set { bits, is_restricted: !text.starts_with('*') })
}

impl Field {
    /// The number that a set keeps for `number`.
    fn same(&self, number: u8) -> u8 {
        if self.most == SUNDAY && number == SUNDAY { 0 } else { number }
    }

    /// Like `*`, all of a week's days without Sunday a second time.
    fn last(&self) -> u8 {
        if self.most == SUNDAY { SUNDAY - 1 } else { self.most }
    }

    fn range(&self, range: &str, item: &str, has_step: bool) -> Result<(u8, u8), String> {
        if range == "*" {
            return Ok((self.least, self.last()));
        }
        let Some((from, until)) = range.split_once('-') else {
            let number = self.number(range, item)?;
            return Ok((number, if has_step { self.last().max(number) } else { number }));
        };
        let (from, until) = (self.number(from, item)?, self.number(until, item)?);
        let until = if self.most == SUNDAY && until == 0 && from > 0 { SUNDAY } else { until };
        let from = if self.most == SUNDAY && from == SUNDAY && until < SUNDAY { 0 } else { from };
        match from <= until {
            true => Ok((from, until)),
            false => Err(format!("{}: `{item}` runs backwards", self.name)),
        }
    }

    fn number(&self, text: &str, item: &str) -> Result<u8, String> {
        let named = (self.least..).zip(self.names).find(|(_, name)| name.eq_ignore_ascii_case(text));
        let number = named.map(|(number, _)| number).or_else(|| digits(text));
        number.filter(|number| (self.least..=self.most).contains(number)).ok_or_else(|| self.strange(item))
    }

    fn step(&self, text: &str, item: &str) -> Result<u8, String> {
        let most = self.last() - self.least + 1;
        let step = digits(text).filter(|step| (1..=most).contains(step));
        step.ok_or_else(|| format!("{}: the step of `{item}` is not from 1 to {most}", self.name))
    }

    fn strange(&self, item: &str) -> String {
        let named = match self.names {
            [first, .., last] => format!(", or a name from {first} to {last}"),
            _ => String::new(),
        };
        format!("{}: `{item}` is not from {} to {}{named}", self.name, self.least, self.most)
    }
}

/// One or two digits.
fn digits(text: &str) -> Option<u8> {
    let fits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}
