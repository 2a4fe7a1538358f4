//! Reading the audit log: a page of it, an export in pieces, and the whole chain verified.

use super::asked::record_asked;
use super::chain::{line, line_with, masked, revealed};
use super::entry::{Changed, Object, Value};
use super::sight::Sight;
use super::verify::{Beginning, Fault, Head, Verified, Verifier};
use crate::administration::Administration;
use domain::{Instant, OrganizationId, RefId};
use engine::{Asker, Batch, Failure, Reader, change_once, snapshot};
use serde_json::Value as Json;
use std::collections::HashMap;
use store::{AuditFilter, AuditPersonalRow, AuditRow, Error, Store, Tx};

/// Rows that are read with one statement.
const AT_ONCE: u32 = 500;
/// Rows that are looked at for one page by whoever does not see all of them.
const LOOKED_AT: usize = 5_000;
/// Numbers between the first and the last row of a list from which on it is sparse.
const SPARSE: i64 = 5_000;
/// Rows of one piece of an export, and bytes at which it ends earlier.
const PIECE_ROWS: usize = 5_000;
const PIECE_BYTES: usize = 4 << 20;

/// Which rows are asked for; all where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct AuditAsked {
    /// Not before.
    pub since: Option<Instant>,
    /// Not after.
    pub until: Option<Instant>,
    /// By whom: name or id.
    pub actor: Option<String>,
    /// What was done, such as `service.update`.
    pub action: Option<String>,
    /// To what: kind, name or id.
    pub object: Option<String>,
    /// By which way.
    pub way: Option<String>,
    /// The number that the page before ended with.
    pub after: Option<i64>,
}

/// A stretch of time, both ends included; open where none is given.
#[derive(Clone, Copy, Debug, Default)]
pub struct Period {
    /// Not before.
    pub since: Option<Instant>,
    /// Not after.
    pub until: Option<Instant>,
}

impl Period {
    fn bounds(self) -> (Instant, Instant) {
        (self.since.unwrap_or(Instant(i64::MIN)), self.until.unwrap_or(Instant(i64::MAX)))
    }
}

/// A row as it may be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRow {
    /// Its number.
    pub number: i64,
    /// The row as a JSON object, with its digest, and with its personal values masked.
    pub json: String,
}

/// A page of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedPage {
    /// Its rows, newest first.
    pub rows: Vec<ListedRow>,
    /// The number after which the next page begins; none where this is the last. For whoever does not see every row, a page
    /// may have fewer rows than were asked for, or none, and be followed by others.
    pub next: Option<i64>,
}

/// A piece of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its rows, each a JSON object with its digest and its personal values, in a line of its own.
    pub lines: String,
    /// The number after which the next piece begins; none where this is the last.
    pub next: Option<i64>,
}

impl Administration {
    /// The rows of an organization's audit log that are asked for, of those that the reader sees, newest first, at most
    /// `limit`.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn audit(&self, reader: Reader, asked: AuditAsked, limit: u32) -> Result<ListedPage, Failure> {
        let organization = reader.organization;
        self.engine()
            .read(move |tx, shared| {
                let snapshot = snapshot(tx, shared, &reader)?;
                let sight = Sight::of(&reader, &snapshot);
                let (since, until) = Period { since: asked.since, until: asked.until }.bounds();
                let filter = AuditFilter {
                    since,
                    until,
                    actor: asked.actor.unwrap_or_default(),
                    action: asked.action.unwrap_or_default(),
                    object: asked.object.or_else(|| sight.only_about().map(ToString::to_string)).unwrap_or_default(),
                    way: asked.way.unwrap_or_default(),
                    before: asked.after,
                };
                let (rows, next) = seen(tx, organization, filter, limit, &sight)?;
                Ok(ListedPage { rows: listed(tx, organization, &rows)?, next })
            })
            .await
    }

    /// Verifies the whole chain of the reader's organization as [`verify`] does, for somebody who may read all of it.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn audit_verified(
        &self,
        reader: Reader,
        known: Option<Head>,
    ) -> Result<Result<Option<Verified>, Fault>, Failure> {
        let organization = reader.organization;
        self.engine()
            .read(move |tx, shared| {
                snapshot(tx, shared, &reader)?;
                Ok(verified(tx, organization, known)?)
            })
            .await
    }

    /// A piece of an export, oldest rows first. That it was taken is itself written down, before it is read.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn audit_export(&self, asker: Asker, period: Period, after: i64) -> Result<Piece, Failure> {
        let organization = asker.organization;
        let reader = Reader { organization, credential: asker.credential.clone() };
        let ids = self.engine().ids().clone();
        let note = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let object = Object::new("audit", None, &context.snapshot.directory.name);
                let changes = exported(period, after);
                Ok(record_asked(batch, &ids, (&asker, context), "audit.export", object, changes)?)
            })
        };
        self.engine().desk().submit(organization, note).await?;
        self.engine()
            .read(move |tx, shared| {
                snapshot(tx, shared, &reader)?;
                Ok(piece(tx, organization, period, after)?)
            })
            .await
    }
}

/// The rows that are asked for and seen, newest first, at most `limit`, and the number after which there are more.
fn seen(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    mut filter: AuditFilter,
    limit: u32,
    sight: &Sight<'_>,
) -> Result<(Vec<AuditRow>, Option<i64>), Error> {
    // One more than asked for tells whether there is a next page.
    let at_once = if sight.is_whole() { limit.saturating_add(1) } else { AT_ONCE };
    let (mut found, mut looked_at): (Vec<AuditRow>, usize) = (Vec::new(), 0);
    loop {
        let rows = store::audit_list(tx, organization, &filter, at_once)?;
        let is_end = rows.len() < at_once as usize;
        looked_at += rows.len();
        for row in rows {
            filter.before = Some(row.number);
            if !sight.sees(&row) {
                continue;
            }
            if found.len() == limit as usize {
                let next = found.last().map(|last| last.number);
                return Ok((found, next));
            }
            found.push(row);
        }
        if is_end {
            return Ok((found, None));
        }
        if looked_at >= LOOKED_AT {
            return Ok((found, filter.before));
        }
    }
}

/// The rows before a number that a person, or one of their tokens, is the actor of or the object, newest first, at most `limit`, and
/// the number before which older ones follow. What belongs to the person is told whole, what belongs to others masked.
///
/// # Errors
/// As the store says.
pub(crate) fn of_person(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (person, tokens): (&RefId, &[String]),
    before: i64,
    limit: u32,
) -> Result<(Vec<ListedRow>, Option<i64>), Error> {
    let mut rows = store::audit_of_person(tx, organization, person, before, limit)?;
    for token in tokens {
        let filter = AuditFilter { actor: token.clone(), before: Some(before), ..AuditFilter::all() };
        let own = store::audit_list(tx, organization, &filter, limit)?.into_iter();
        rows.extend(own.filter(|row| row.actor_ref == *token && row.object_ref != person.as_str()));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.number));
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_cut = rows.len() >= most;
    rows.truncate(most);
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let (own, others): (Vec<_>, Vec<_>) = store::audit_personal_list(tx, organization, row.number, row.number)?
            .into_iter()
            .partition(|one| one.person == person.as_str());
        let shown: Vec<Json> = [revealed(&own), masked(&others)].into_iter().flat_map(into_list).collect();
        found.push(ListedRow { number: row.number, json: line_with(row, &Json::from(shown)) });
    }
    Ok((found, rows.last().map(|row| row.number).filter(|_| is_cut)))
}

fn into_list(values: Json) -> Vec<Json> {
    match values {
        Json::Array(values) => values,
        _ => Vec::new(),
    }
}

/// Rows, newest first, as they may be listed.
fn listed(tx: &mut dyn Tx, organization: OrganizationId, rows: &[AuditRow]) -> Result<Vec<ListedRow>, Error> {
    let (Some(newest), Some(oldest)) = (rows.first(), rows.last()) else { return Ok(Vec::new()) };
    let is_dense = newest.number - oldest.number < SPARSE;
    // At once where they stand close together, as they do unless a filter leaves most out.
    let mut near: HashMap<i64, Vec<AuditPersonalRow>> = HashMap::new();
    if is_dense {
        for one in store::audit_personal_list(tx, organization, oldest.number, newest.number)? {
            near.entry(one.number).or_default().push(one);
        }
    }
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let own = match is_dense {
            true => near.remove(&row.number).unwrap_or_default(),
            false => store::audit_personal_list(tx, organization, row.number, row.number)?,
        };
        found.push(ListedRow { number: row.number, json: line_with(row, &masked(&own)) });
    }
    Ok(found)
}

/// What of the log was exported, for the log.
#[must_use]
pub fn exported(period: Period, after: i64) -> Vec<Changed> {
    let at = |field: &str, at: Option<Instant>| at.map(|at| Changed::set(field, Value::text(&at.wire())));
    let after = (after > 0).then(|| Changed::set("after", Value::Plain(after.into())));
    [at("since", period.since), at("until", period.until), after].into_iter().flatten().collect()
}

/// The rows of a period that follow a number, oldest first, as lines, until they are many.
///
/// # Errors
/// As the store says.
pub fn piece(tx: &mut dyn Tx, organization: OrganizationId, period: Period, after: i64) -> Result<Piece, Error> {
    let (mut lines, mut last, mut rows_taken) = (String::new(), after, 0);
    loop {
        let rows = with_personal(tx, organization, period, last)?;
        let is_end = rows.len() < AT_ONCE as usize;
        for (row, personal) in rows {
            last = row.number;
            rows_taken += 1;
            lines.push_str(&line(&row, &personal));
            lines.push('\n');
            if rows_taken >= PIECE_ROWS || lines.len() >= PIECE_BYTES {
                return Ok(Piece { lines, next: Some(last) });
            }
        }
        if is_end {
            return Ok(Piece { lines, next: None });
        }
    }
}

/// The next rows after a number, each with the personal values that are still there.
fn with_personal(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    period: Period,
    after: i64,
) -> Result<Vec<(AuditRow, Vec<AuditPersonalRow>)>, Error> {
    let rows = store::audit_after(tx, organization, after, period.bounds(), AT_ONCE)?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Vec::new()) };
    let mut personal = store::audit_personal_list(tx, organization, first.number, last.number)?.into_iter().peekable();
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let mut own = Vec::new();
        while let Some(one) = personal.next_if(|one| one.number <= row.number) {
            own.push(one);
        }
        found.push((row, own));
    }
    Ok(found)
}

/// Verifies the whole chain of an organization as the database has it at this moment; what it spans, nothing where it
/// has no row, or the first fault.
///
/// # Errors
/// As the store says.
pub fn verify(
    store: &Store,
    organization: OrganizationId,
    known: Option<Head>,
) -> Result<Result<Option<Verified>, Fault>, Error> {
    store.read(|tx| verified(tx, organization, known))
}

fn verified(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    known: Option<Head>,
) -> Result<Result<Option<Verified>, Fault>, Error> {
    let (mut verifier, mut last) = (Verifier::new(known), 0);
    loop {
        let rows = with_personal(tx, organization, Period::default(), last)?;
        let is_end = rows.len() < AT_ONCE as usize;
        for (row, personal) in rows {
            last = row.number;
            if let Err(fault) = verifier.take_row(&row, &personal) {
                return Ok(Err(fault));
            }
        }
        if is_end {
            break;
        }
    }
    Ok(verifier.finish().and_then(|verified| match verified {
        // A whole chain begins with its first row, or with a row that says why not.
        Some(Verified { first, beginning: Beginning::Unknown, .. }) => Err(Fault::Removed(1, first - 1)),
        verified => Ok(verified),
    }))
}

/// The end of an organization's chain; none where it has no row.
///
/// # Errors
/// As the store says.
pub fn head(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Option<Head>, Error> {
    Ok(store::audit_head(tx, organization)?.map(|head| Head { number: head.number, digest: head.digest }))
}
