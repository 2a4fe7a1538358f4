//! Verifying a chain, row by row and offline: what was changed, removed, put in, moved or cut off is named.

use super::canonical::canonical;
use super::chain::{CUT, REMOVED_DIGEST, REMOVED_THROUGH, salted};
use engine::digest as digest_of;
use serde::Deserialize;
use serde_json::Value as Json;
use std::borrow::Cow;
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
        // As we write it: what the digest is of, then the digest, then what no digest is of.
        if let Some((body, tail)) = as_written(line)
            && let Ok(tail) = serde_json::from_str::<Tail<'_>>(&tail)
            && digest_of(&body) == tail.digest
        {
            return self.take(&body, tail.digest, &tail.personal);
        }
        // Another program may have written it anew, with other spaces and another order of keys.
        let no_row = || Fault::NoRow(self.lines);
        let Ok(Json::Object(mut fields)) = serde_json::from_str(line) else { return Err(no_row()) };
        let tail = Json::Object(TAIL.iter().filter_map(|key| fields.shift_remove_entry(*key)).collect());
        let tail = Tail::deserialize(&tail).map_err(|_| no_row())?;
        let row = Json::Object(fields);
        let number = row["number"].as_i64().ok_or_else(no_row)?;
        let body = canonical(&row).filter(|body| self.gap.is_some() || digest_of(body) == tail.digest);
        self.take(&body.ok_or(Fault::Changed(number))?, tail.digest, &tail.personal)
    }

    /// Takes a row of the database with the personal values that are still there. What rows are found by must be what
    /// they say.
    ///
    /// # Errors
    /// What is wrong.
    pub fn take_row(&mut self, row: &AuditRow, personal: &[AuditPersonalRow]) -> Result<(), Fault> {
        self.lines += 1;
        let changed = || Fault::Changed(row.number);
        let said: Said<'_> = serde_json::from_str(&row.body).map_err(|_| changed())?;
        let is_found_by_what_it_says = said.number == row.number
            && said.at == row.at.wire()
            && said.actor.name == row.actor
            && said.actor.ref_id.unwrap_or_default() == row.actor_ref
            && said.action == row.action
            && said.object.kind == row.object_kind
            && said.object.ref_id.unwrap_or_default() == row.object_ref
            && said.object.name == row.object_name
            && said.way == row.way;
        if !is_found_by_what_it_says || digest_of(&row.body) != row.digest {
            return Err(changed());
        }
        let personal: Vec<_> = personal.iter().map(Revealed::of).collect();
        self.take(&row.body, row.digest.clone(), &personal)
    }

    /// Takes a row whose digest is that of its body.
    fn take(&mut self, body: &str, digest: String, personal: &[Revealed<'_>]) -> Result<(), Fault> {
        let Ok(said) = serde_json::from_str::<Said<'_>>(body) else { return Err(Fault::NoRow(self.lines)) };
        if let Some((from, to)) = self.gap {
            return if (from..=to).contains(&said.number) { Err(Fault::OutOfOrder(said.number)) } else { Ok(()) };
        }
        let fits = |one: &Revealed<'_>| salted(&one.salt, &one.value) == *one.sha256 && body.contains(&*one.sha256);
        if !personal.iter().all(fits) {
            return Err(Fault::OtherValue(said.number));
        }
        let is_cut = said.action == CUT;
        let (number, at, previous) = (said.number, said.at.into_owned(), said.previous.into_owned());
        self.follow(Row { number, at, previous, digest })?;
        if is_cut {
            self.note_cut(body);
        }
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

    fn note_cut(&mut self, body: &str) {
        let row: Json = serde_json::from_str(body).unwrap_or_default();
        let after = |field: &str| {
            let mut changes = row["changes"].as_array().into_iter().flatten();
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

/// The keys of a line that no digest is of.
const TAIL: [&str; 2] = ["digest", "personal"];

/// A line in the form in which we write it: the body, and what follows it, each as an object of its own.
fn as_written(line: &str) -> Option<(String, String)> {
    let (body, tail) = line.split_at(line.rfind(",\"digest\":\"")?);
    Some((format!("{body}}}"), format!("{{{}", tail.strip_prefix(',')?)))
}

/// What follows the body of a row in an export.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tail<'a> {
    digest: String,
    #[serde(borrow, default)]
    personal: Vec<Revealed<'a>>,
}

/// A personal value with what makes its digest.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revealed<'a> {
    #[serde(borrow)]
    sha256: Cow<'a, str>,
    #[serde(borrow)]
    salt: Cow<'a, str>,
    #[serde(borrow)]
    value: Cow<'a, str>,
}

impl<'a> Revealed<'a> {
    fn of(row: &'a AuditPersonalRow) -> Self {
        let AuditPersonalRow { digest, salt, value, .. } = row;
        Self { sha256: digest.as_str().into(), salt: salt.as_str().into(), value: value.as_str().into() }
    }
}

/// What a row says of itself, as far as it is verified apart from its digest.
#[derive(Deserialize)]
struct Said<'a> {
    number: i64,
    #[serde(borrow)]
    at: Cow<'a, str>,
    #[serde(borrow)]
    previous: Cow<'a, str>,
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow)]
    way: Cow<'a, str>,
    #[serde(borrow)]
    actor: Named<'a>,
    #[serde(borrow)]
    object: Named<'a>,
}

/// An actor or an object.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    ref_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Cow<'a, str>,
}
