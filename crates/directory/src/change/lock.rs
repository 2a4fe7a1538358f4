//! Whether a component is the one that the caller saw, and whether whoever is no file may change it.

use super::author::Author;
use super::draft::{Draft, Piece};
use super::kept::{as_applied, part_of_file};
use super::shown::shown;
use super::wish::OnlyIf;
use domain::directory::{ChangeRefusal, FileLock, ManagedBy};
use domain::{Instant, Refusal};
use serde_json::{Map, Value};
use store::ComponentRow;

/// Refuses a change of what is not the version that the caller saw; `differing` are the fields in which what was sent differs.
pub(super) fn is_seen(
    draft: &Draft,
    piece: &Piece,
    only_if: OnlyIf,
    differing: impl FnOnce() -> Vec<String>,
) -> Result<(), Refusal> {
    let Some(row) = draft.row(piece) else { return Ok(()) };
    let meets = match only_if {
        OnlyIf::Unsaid => return Err(Refusal::Change(Box::new(ChangeRefusal::MatchMissing))),
        OnlyIf::Any => true,
        OnlyIf::Version(version) => version == row.provenance.version,
        OnlyIf::Absent => false,
    };
    if !meets {
        let changed = ChangeRefusal::ChangedMeanwhile {
            wanted_none: only_if == OnlyIf::Absent,
            current: Box::new(shown(row, &piece.body)),
            changed_by: row.provenance.updated_by.clone(),
            changed_at: row.provenance.updated_at,
            fields: differing(),
        };
        return Err(Refusal::Change(Box::new(changed)));
    }
    Ok(())
}

/// Whether a file manages it, and nobody else may.
pub(super) fn is_locked(draft: &Draft, piece: &Piece) -> bool {
    piece.managed_by == ManagedBy::File && draft.settings.file_lock == FileLock::Strict
}

/// When a file said something else of it last, where nobody else has changed it since.
pub(super) fn applied_at(row: &ComponentRow) -> Option<Instant> {
    let is_of_file = row.provenance.updated_by.as_deref() == Some(Author::APPLY);
    row.provenance.updated_at.filter(|_| is_of_file)
}

/// That a file manages it.
pub(super) fn locked(draft: &Draft, piece: &Piece) -> Refusal {
    let row = draft.row(piece);
    Refusal::Change(Box::new(ChangeRefusal::ManagedByFile {
        kind: piece.kind,
        name: piece.name.clone(),
        source: row.and_then(|row| row.provenance.source.clone()),
        applied_at: row.and_then(applied_at),
    }))
}

/// Refuses a body that differs from what a file says in more than what is never the file's.
pub(super) fn beside_file(draft: &Draft, piece: &Piece, body: &Map<String, Value>) -> Result<(), Refusal> {
    let applied = as_applied(piece.applied.as_deref(), &piece.body);
    let is = part_of_file(piece.kind, body, &applied);
    if is == part_of_file(piece.kind, &piece.body, &applied) { Ok(()) } else { Err(locked(draft, piece)) }
}
