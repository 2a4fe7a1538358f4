//! Verifying a chain, row by row and offline: what was changed, removed, put in, moved or cut off is named.

use super::chain::{CUT, REMOVED_DIGEST, REMOVED_THROUGH, canonical, revealed, salted};
use engine::digest as digest_text;
use serde_json::Value as Json;
use std::fmt;
use store::{AuditPersonalRow, AuditRow};

/// The end of a chain as it was noted elsewhere: a number and a digest, written `NUMBER:DIGEST`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the last row.
    pub number: i64,
    /// Its digest.
    pub digest: String,
}

impl Head {
    /// Reads `NUMBER:DIGEST`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (number, digest) = text.trim().split_once(':')?;
        let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = number.parse().ok().filter(|number| *number > 0)?;
        is_digest.then(|| Self { number, digest: digest.to_ascii_lowercase() })
    }
}

impl fmt::Display for Head {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.number, self.digest)
    }
}

/// What a chain that verifies spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Number of its first row.
    pub first: i64,
    /// Its last row.
    pub head: Head,
    /// What is known of what was before its first row.
    pub beginning: Beginning,
}

/// What is known of what was before the first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// Nothing was: it is row 1.
    First,
    /// It was cut off when its time was over, and a later row says so.
    Cut,
    /// Nothing: rows were before it, and none of these says that they were cut off. So it is with an export of a
    /// stretch of time.
    Unknown,
}

/// The first thing that is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This line, from 1, is no row.
    NoRow(u64),
    /// The row is not what was written: it does not have its digest.
    Changed(i64),
    /// These rows are missing, from the first to the last.
    Removed(i64, i64),
    /// There is another row with this number.
    Inserted(i64),
    /// The row stands behind one that came later, by number or by time.
    OutOfOrder(i64),
    /// The row does not follow the one before it: that one was changed, and given a digest that fits itself.
    Unchained(i64),
    /// A personal value of the row is not the one that was written.
    OtherValue(i64),
    /// The chain ends with this row, or none, and once was longer, until this one.
    TailCut(Option<i64>, i64),
    /// Row and digest of the head that is known do not fit: the chain was written anew.
    OtherHead(i64),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRow(line) => write!(out, "line {line} is no row of an audit log"),
            Self::Changed(row) => write!(out, "row {row} was changed: it does not have its digest"),
            Self::Removed(from, to) if from == to => write!(out, "row {from} was removed"),
            Self::Removed(from, to) => write!(out, "rows {from} to {to} were removed"),
            Self::Inserted(row) => write!(out, "row {row} was inserted: there is another with this number"),
            Self::OutOfOrder(row) => write!(out, "row {row} is out of order: it stands behind one that came later"),
            Self::Unchained(1) => write!(out, "row 1 is not the first that was written: it names one before it"),
            Self::Unchained(row) => {
                write!(out, "row {} was replaced: row {row} was written after another one", row.saturating_sub(1))
            }
            Self::OtherValue(row) => write!(out, "a personal value of row {row} is not the one that was written"),
            Self::TailCut(None, head) => write!(out, "the end was cut off: there is no row, and row {head} was known"),
            Self::TailCut(Some(row), head) => {
                write!(out, "the end was cut off: the last row is {row}, and row {head} was known")
            }
            Self::OtherHead(row) => write!(out, "row {row} is not the one that was known: the log was written anew"),
        }
    }
}

/// Takes the rows of a chain one after the other, oldest first. It keeps little, however many they are.
#[derive(Debug, Default)]
pub struct Verifier {
    lines: u64,
    known: Option<Head>,
    first: Option<(i64, String)>,
    last: Option<(Head, String)>,
    /// The newest row that tells of a cut: the last number that was removed, and its digest.
    cut: Option<(i64, String)>,
    /// Rows that are missing, unless they come later.
    gap: Option<(i64, i64)>,
}

/// A row as it is verified.
struct Row {
    number: i64,
    at: String,
    previous: String,
    digest: String,
}

impl Verifier {
    /// A verifier that wants to meet the head that is known, if one is.
    #[must_use]
    pub fn new(known: Option<Head>) -> Self {
        Self { known, ..Self::default() }
    }

    /// Takes a line of an export.
    ///
    /// # Errors
    /// What is wrong.
    pub fn take_line(&mut self, line: &str) -> Result<(), Fault> {
        self.lines += 1;
        let no_row = Fault::NoRow(self.lines);
        let Ok(Json::Object(mut fields)) = serde_json::from_str(line) else { return Err(no_row) };
        let Some(Json::String(digest)) = fields.shift_remove("digest") else { return Err(no_row) };
        let personal = fields.shift_remove("personal");
        self.take(&Json::Object(fields), digest, personal.as_ref())
    }

    /// Takes a row of the database with the personal values that are still there. What rows are found by must be what
    /// they say.
    ///
    /// # Errors
    /// What is wrong.
    pub fn take_row(&mut self, row: &AuditRow, personal: &[AuditPersonalRow]) -> Result<(), Fault> {
        self.lines += 1;
        let changed = Fault::Changed(row.number);
        let Ok(body) = serde_json::from_str::<Json>(&row.body) else { return Err(changed) };
        let says =
            |pointer: &str, text: &str| body.pointer(pointer).map_or("", |said| said.as_str().unwrap_or("")) == text;
        let is_found_by_what_it_says = body["number"].as_i64() == Some(row.number)
            && says("/at", &row.at.wire())
            && says("/actor/name", &row.actor)
            && says("/actor/ref_id", &row.actor_ref)
            && says("/action", &row.action)
            && says("/object/kind", &row.object_kind)
            && says("/object/ref_id", &row.object_ref)
            && says("/object/name", &row.object_name)
            && says("/way", &row.way);
        if !is_found_by_what_it_says {
            return Err(changed);
        }
        let personal = (!personal.is_empty()).then(|| revealed(personal));
        self.take(&body, row.digest.clone(), personal.as_ref())
    }

    fn take(&mut self, row: &Json, digest: String, personal: Option<&Json>) -> Result<(), Fault> {
        let text = |field: &str| row.get(field).and_then(Json::as_str).map(str::to_owned);
        let number = row.get("number").and_then(Json::as_i64).ok_or(Fault::NoRow(self.lines))?;
        if let Some((from, to)) = self.gap {
            return if (from..=to).contains(&number) { Err(Fault::OutOfOrder(number)) } else { Ok(()) };
        }
        let (Some(at), Some(previous)) = (text("at"), text("previous")) else { return Err(Fault::Changed(number)) };
        let own = canonical(row).map(|body| digest_text(&body));
        if own.ok().as_ref() != Some(&digest) {
            return Err(Fault::Changed(number));
        }
        values_fit(number, row, personal)?;
        self.follow(Row { number, at, previous, digest })?;
        self.note_cut(row);
        Ok(())
    }

    /// Whether a row that is itself in order follows the last one.
    fn follow(&mut self, row: Row) -> Result<(), Fault> {
        let Row { number, at, previous, digest } = row;
        match &self.last {
            None if number == 1 && !previous.is_empty() => return Err(Fault::Unchained(number)),
            None => self.first = Some((number, previous)),
            Some((last, _)) if number == last.number => return Err(Fault::Inserted(number)),
            Some((last, _)) if number < last.number => return Err(Fault::OutOfOrder(number)),
            Some((last, _)) if number > last.number + 1 => {
                // Whether they were removed or only moved shows further on.
                self.gap = Some((last.number + 1, number - 1));
                return Ok(());
            }
            Some((last, _)) if last.digest != previous => return Err(Fault::Unchained(number)),
            Some((_, before)) if *before > at => return Err(Fault::OutOfOrder(number)),
            Some(_) => {}
        }
        if self.known.as_ref().is_some_and(|known| known.number == number && known.digest != digest) {
            return Err(Fault::OtherHead(number));
        }
        self.last = Some((Head { number, digest }, at));
        Ok(())
    }

    fn note_cut(&mut self, row: &Json) {
        if row.get("action").and_then(Json::as_str) != Some(CUT) {
            return;
        }
        let changes = row.get("changes").and_then(Json::as_array);
        let after = |field: &str| {
            let mut changes = changes.into_iter().flatten();
            changes.find(|change| change["field"] == field).map(|change| &change["after"])
        };
        let through = after(REMOVED_THROUGH).and_then(Json::as_i64);
        let digest = after(REMOVED_DIGEST).and_then(Json::as_str).map(str::to_owned);
        self.cut = through.zip(digest).or_else(|| self.cut.take());
    }

    /// Says that there are no more rows. `None` where there were none, and none were known.
    ///
    /// # Errors
    /// What is wrong.
    pub fn finish(self) -> Result<Option<Verified>, Fault> {
        if let Some((from, to)) = self.gap {
            return Err(Fault::Removed(from, to));
        }
        let last = self.last.map(|(head, _)| head);
        if let Some(known) = self.known {
            let end = last.as_ref().map(|head| head.number);
            if end.is_none_or(|end| end < known.number) {
                return Err(Fault::TailCut(end, known.number));
            }
        }
        let (Some(head), Some((first, previous))) = (last, self.first) else { return Ok(None) };
        let beginning = match &self.cut {
            _ if first == 1 => Beginning::First,
            Some((through, digest)) if *through == first - 1 && *digest == previous => Beginning::Cut,
            _ => Beginning::Unknown,
        };
        Ok(Some(Verified { first, head, beginning }))
    }
}

/// Whether the personal values that an export gives beside a row are those that the row was written with.
fn values_fit(number: i64, row: &Json, personal: Option<&Json>) -> Result<(), Fault> {
    let Some(personal) = personal else { return Ok(()) };
    let wrong = Fault::OtherValue(number);
    let mut stand = Vec::new();
    digests_in(row, &mut stand);
    for value in personal.as_array().ok_or(wrong.clone())? {
        let text = |field: &str| value.get(field).and_then(Json::as_str);
        let (Some(sha256), Some(salt), Some(value)) = (text("sha256"), text("salt"), text("value")) else {
            return Err(wrong);
        };
        if salted(salt, value) != sha256 || !stand.contains(&sha256) {
            return Err(wrong);
        }
    }
    Ok(())
}

fn digests_in<'a>(json: &'a Json, found: &mut Vec<&'a str>) {
    match json {
        Json::Object(fields) => {
            found.extend(fields.get("sha256").and_then(Json::as_str));
            fields.values().for_each(|value| digests_in(value, found));
        }
        Json::Array(values) => values.iter().for_each(|value| digests_in(value, found)),
        _ => {}
    }
}
