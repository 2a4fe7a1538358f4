//! Dates, times and lengths as they stand in a routine: read where they can be, kept as text where not, so that every
//! mistake can be told with its place.

use crate::Instant;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that is written as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written<T> {
    /// What the text says.
    Read(T),
    /// The text, where it says nothing. `Routine::faults` names it, and it takes no part in resolution.
    Unreadable(String),
}

/// How a value is written as text.
pub trait Form: Copy {
    /// What to call it in a message.
    const PHRASE: &'static str;

    /// What the text says.
    fn read(text: &str) -> Option<Self>;

    /// Its one form.
    fn write(self) -> String;
}

/// How long a shift lasts by the wall clock, in minutes: 00:01 to 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShiftLength {
    minutes: i64,
}

impl ShiftLength {
    /// 24:00.
    pub const WHOLE_DAY: Self = Self { minutes: 24 * 60 };

    /// 23:59, which from midnight on means the whole day.
    pub const TO_LAST_MINUTE: Self = Self { minutes: 24 * 60 - 1 };

    /// Its minutes, 1 to 1440.
    pub fn minutes(self) -> i64 {
        self.minutes
    }
}

impl<T: Form> Written<T> {
    /// Reads a text.
    pub fn new(text: &str) -> Self {
        T::read(text.trim()).map_or_else(|| Self::Unreadable(text.to_owned()), Self::Read)
    }

    /// What it says; `None` where it cannot be read.
    pub fn get(&self) -> Option<T> {
        match self {
            Self::Read(value) => Some(*value),
            Self::Unreadable(_) => None,
        }
    }

    /// What is wrong with it.
    pub fn fault(&self) -> Option<String> {
        match self {
            Self::Read(_) => None,
            Self::Unreadable(text) => Some(format!("`{text}` is not {}", T::PHRASE)),
        }
    }

    /// The value in its one form; where it cannot be read, the text as it was.
    pub fn text(&self) -> String {
        match self {
            Self::Read(value) => value.write(),
            Self::Unreadable(text) => text.clone(),
        }
    }
}

impl<T> From<T> for Written<T> {
    fn from(value: T) -> Self {
        Self::Read(value)
    }
}

impl<'de, T: Form> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&String::deserialize(deserializer)?))
    }
}

impl<T: Form> Serialize for Written<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl Form for Date {
    const PHRASE: &'static str = "a date of the form YYYY-MM-DD";

    fn read(text: &str) -> Option<Self> {
        let parts = numbers(text, '-', &[4, 2, 2])?;
        Self::new(i16::try_from(parts[0]).ok()?, i8::try_from(parts[1]).ok()?, i8::try_from(parts[2]).ok()?).ok()
    }

    fn write(self) -> String {
        self.strftime("%Y-%m-%d").to_string()
    }
}

impl Form for Time {
    const PHRASE: &'static str = "a time of the form HH:MM:SS, from 00:00:00 to 23:59:59";

    fn read(text: &str) -> Option<Self> {
        let [hour, minute, second] = clock(text)?;
        Self::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, 0).ok()
    }

    fn write(self) -> String {
        self.strftime("%H:%M:%S").to_string()
    }
}

impl Form for ShiftLength {
    const PHRASE: &'static str = "a length of the form HH:MM, from 00:01 to 24:00";

    fn read(text: &str) -> Option<Self> {
        let [hours, minutes, seconds] = clock(text)?;
        let whole = hours * 60 + minutes;
        (minutes < 60 && seconds == 0 && (1..=24 * 60).contains(&whole)).then_some(Self { minutes: whole })
    }

    fn write(self) -> String {
        format!("{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl Form for Instant {
    const PHRASE: &'static str = "a timestamp of the form YYYY-MM-DDTHH:MM:SS";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }

    fn write(self) -> String {
        self.wire()
    }
}

/// `HH:MM` or `HH:MM:SS`.
fn clock(text: &str) -> Option<[i64; 3]> {
    let parts = numbers(text, ':', &[2, 2, 2]).or_else(|| numbers(text, ':', &[2, 2]))?;
    Some([parts[0], parts[1], parts.get(2).copied().unwrap_or(0)])
}

/// The numbers between `separator`, each of exactly so many digits.
fn numbers(text: &str, separator: char, digits: &[usize]) -> Option<Vec<i64>> {
    let parts: Vec<_> = text.split(separator).collect();
    let fits =
        |(part, digits): (&&str, &usize)| part.len() == *digits && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.len() == digits.len() && parts.iter().zip(digits).all(fits))
        .then(|| parts.iter().filter_map(|part| part.parse().ok()).collect())
}
