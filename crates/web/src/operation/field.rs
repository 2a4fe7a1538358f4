//! Fields of requests: their names, shapes and limits, from which check, schema and documents are made.

use domain::limits;

/// One field of a request.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// Other spellings that are taken when `name` is absent, in this order.
    pub aliases: &'static [&'static str],
    /// Whether a request must have it.
    pub presence: Presence,
    /// What its value must look like.
    pub shape: Shape,
    /// What it means, in one or two sentences.
    pub doc: &'static str,
    /// Its value in the example request, as JSON; empty where the example leaves it out.
    pub example: &'static str,
}

/// Whether a request must have a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Absent, null and empty are refused.
    Required,
    /// Null and an empty text mean absent, so that a script with an unset variable still gets its alert through.
    Optional,
}

/// How long a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Unicode scalar values.
    Characters(usize),
    /// Bytes of UTF-8.
    Bytes(usize),
}

/// What a value must look like.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Number of an incident: an integer from 1, or up to 18 digits in a string.
    InstanceId,
    /// A whole number.
    Integer {
        /// The smallest allowed.
        least: i64,
        /// The largest allowed.
        most: i64,
    },
    /// A text without U+0000.
    Text(Limit),
    /// Id or name of a component; whether it exists is asked later.
    Id,
    /// A timestamp as in [`TIMESTAMP`].
    Timestamp,
    /// A day as in [`DATE`].
    Date,
    /// A time of day as in [`TIME_OF_DAY`].
    TimeOfDay,
    /// How long a shift is, as in [`SHIFT_LENGTH`].
    ShiftLength,
    /// True or false.
    Truth,
    /// Any JSON but null; what it must hold is asked later.
    Json,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list; a single value counts as a list of one (contract §1).
    ListOf {
        /// Shape of each.
        item: &'static Shape,
        /// Fewest.
        least: usize,
        /// Most.
        most: usize,
    },
    /// A list of lists. Here a single value counts as nothing but itself.
    Groups {
        /// Shape of each value in an inner list.
        item: &'static Shape,
        /// Fewest inner lists.
        least: usize,
        /// Most inner lists.
        most: usize,
        /// Most values in an inner list.
        each: usize,
    },
    /// An object with these fields; others are ignored.
    Object(&'static [Field]),
}

/// Timestamps that are read (contract §1), as a regular expression that knows the calendar: years 1000 to 9999, `T` or
/// space, with or without fraction and zone (RFC 3339, or as `date +%z` and Java write it), or a day alone. One text for check and schema, so that they cannot differ.
pub const TIMESTAMP: &str = concat!(
    "^(",
    "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
    "|[1-9][0-9]{3}-(0[13-9]|1[0-2])-(29|30)",
    "|[1-9][0-9]{3}-(0[13578]|1[02])-31",
    "|([1-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)-02-29",
    ")",
    "([Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?",
    "([Zz]|[+-](0[0-9]|1[0-9]|2[0-3])(:?[0-5][0-9])?)?)?$"
);

/// Days, as a regular expression that knows the calendar: years 1000 to 9999.
pub const DATE: &str = concat!(
    "^(",
    "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
    "|[1-9][0-9]{3}-(0[13-9]|1[0-2])-(29|30)",
    "|[1-9][0-9]{3}-(0[13578]|1[02])-31",
    "|([1-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)-02-29",
    ")$"
);

/// Times of day.
pub const TIME_OF_DAY: &str = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$";

/// Lengths of shifts: one minute to a whole day.
pub const SHIFT_LENGTH: &str = "^(00:0[1-9]|00:[1-5][0-9]|(0[1-9]|1[0-9]|2[0-3]):[0-5][0-9]|24:00)(:00)?$";

/// An incident's number in a string: at most 18 digits, so that it fits; no zero in front, so that it has one spelling.
pub const DIGITS: &str = "^[1-9][0-9]{0,17}$";

/// Texts: everything but U+0000, which PostgreSQL cannot store.
pub const NO_NUL: &str = "^[^\\u0000]*$";

impl Field {
    /// A field that a request must have.
    pub(super) const fn required(name: &'static str, shape: Shape, example: &'static str, doc: &'static str) -> Self {
        Self { name, aliases: &[], presence: Presence::Required, shape, doc, example }
    }

    /// A field that a request may leave out.
    pub(super) const fn optional(name: &'static str, shape: Shape, example: &'static str, doc: &'static str) -> Self {
        Self { name, aliases: &[], presence: Presence::Optional, shape, doc, example }
    }

    /// Its name, then its aliases.
    pub fn spellings(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

impl Limit {
    /// The number, and what is counted.
    pub fn words(self) -> String {
        match self {
            Self::Characters(most) => format!("{most} characters"),
            Self::Bytes(most) => format!("{most} bytes"),
        }
    }

    /// The number.
    pub fn most(self) -> usize {
        match self {
            Self::Characters(most) | Self::Bytes(most) => most,
        }
    }

    /// How much of it `text` uses.
    pub fn measure(self, text: &str) -> usize {
        match self {
            Self::Characters(_) => text.chars().count(),
            Self::Bytes(_) => text.len(),
        }
    }
}

impl Shape {
    /// Limit of ids and names of components.
    pub const ID_LIMIT: Limit = Limit::Characters(limits::NAME_CHARACTERS);

    /// What it must look like, for people; reads after "must be".
    pub fn words(&self) -> String {
        match self {
            Self::InstanceId => format!("a whole number from 1 to {}, or up to 18 digits in a string", i64::MAX),
            Self::Integer { least, most } => format!("a whole number from {least} to {most}"),
            Self::Text(limit) => format!("a text of at most {}", limit.words()),
            Self::Id => format!("an id or name, a text of at most {}", Self::ID_LIMIT.words()),
            Self::Timestamp => "a timestamp such as 2021-05-05T17:20:14.343825".to_owned(),
            Self::Date => "a day such as 2026-06-01".to_owned(),
            Self::TimeOfDay => "a time of day such as 09:00:00".to_owned(),
            Self::ShiftLength => "a length from 00:01 to 24:00".to_owned(),
            Self::Truth => "true or false".to_owned(),
            Self::Json => "JSON".to_owned(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::ListOf { item, most, .. } => format!("a list of at most {most}, each {}", item.words()),
            Self::Groups { item, most, each, .. } => {
                format!("a list of at most {most} lists of at most {each}, each {}", item.words())
            }
            Self::Object(fields) => {
                let names: Vec<_> = fields.iter().map(|field| field.name).collect();
                format!("an object with {}", names.join(", "))
            }
        }
    }
}
