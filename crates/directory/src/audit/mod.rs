//! The audit log: who changed what, written in the transaction of the change, as a chain that shows what was tampered with.
//!
//! Incidents have a log of their own, and none of their operations comes here.

mod addresses;
mod asked;
mod canonical;
mod chain;
mod component;
mod cut;
mod entry;
mod heads;
mod read;
mod refused;
mod sight;
mod verify;

pub(crate) use asked::record_asked;
pub use component::component_changes;
pub use entry::{Actor, ActorKind, Changed, Entry, From, HIDDEN, Object, Outcome, Value, Way};

pub(crate) use read::of_person;
pub use read::{AuditAsked, ListedPage, ListedRow, Period, Piece, exported, head, piece, verify};
pub use verify::{Beginning, Fault, Head, Verified, Verifier};

use chain::{Personal, Row};
use domain::{Instant, OrganizationId};
use engine::{Ids, digest};
use store::{AuditPersonalRow, AuditRow, Error, Tx};

/// Writes an entry at the end of an organization's chain, in the transaction of the change that it tells of; its number.
///
/// It holds the organization (decision 0005), so that the order of the chain is that of commits and has no hole: a
/// transaction calls it after it held what it must, and is undone whole if it fails.
///
/// # Errors
/// As the store says.
pub fn record(
    tx: &mut dyn Tx,
    ids: &Ids,
    organization: OrganizationId,
    now: Instant,
    entry: &Entry,
) -> Result<i64, Error> {
    record_all(tx, ids, organization, now, std::slice::from_ref(entry))
}

/// Writes entries in their order, as [`record`] writes one; the number of the last, or of the last before if there are none.
///
/// # Errors
/// As the store says.
pub fn record_all(
    tx: &mut dyn Tx,
    ids: &Ids,
    organization: OrganizationId,
    now: Instant,
    entries: &[Entry],
) -> Result<i64, Error> {
    store::organization_hold(tx, organization)?;
    let head = store::audit_head(tx, organization)?;
    let (mut number, mut previous, at) = match head {
        // Clocks of nodes differ a little, and what is in order by number is so by time.
        Some(head) => (head.number, head.digest, now.max(head.at)),
        None => (0, String::new(), now),
    };
    for entry in entries {
        number += 1;
        let mut personal = Personal::new(ids);
        let row = Row::of(entry, number, at, previous, &mut personal);
        let body = row.body()?;
        previous = digest(&body);
        let kept = AuditRow {
            number,
            at,
            actor: row.actor.name,
            actor_ref: row.actor.ref_id.unwrap_or_default(),
            action: row.action,
            object_kind: row.object.kind,
            object_ref: row.object.ref_id.unwrap_or_default(),
            object_name: row.object.name,
            way: entry.way.word().to_owned(),
            body,
            digest: previous.clone(),
        };
        store::audit_insert(tx, organization, &kept)?;
        for (place, value) in (0..).zip(personal.values) {
            let (digest, person) = (value.digest, value.person);
            let row = AuditPersonalRow { number, place, person, digest, salt: value.salt, value: value.value };
            store::audit_personal_insert(tx, organization, &row)?;
        }
    }
    // A row that could not be inserted fails here and not at the commit.
    tx.settle()?;
    Ok(number)
}

/// Erases what the log holds of a person apart from ids and usernames; the chain verifies as before. How many values.
///
/// # Errors
/// As the store says.
pub fn erase(tx: &mut dyn Tx, organization: OrganizationId, person_ref: &str) -> Result<u64, Error> {
    store::organization_hold(tx, organization)?;
    store::audit_erase(tx, organization, person_ref)
}

#[cfg(test)]
mod tests;
