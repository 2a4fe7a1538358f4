//! Components that a file manages and that were given another name beside it: without looking, the file would make them anew.

use super::apply_error::ApplyError;
use super::draft::{Draft, Piece};
use super::said::Said;
use crate::file::name_key;
use domain::directory::ManagedBy;
use serde_json::{Map, Value};

/// The name that a file gave to what it manages, where that is another than it has.
fn name_in_file(piece: &Piece) -> Option<String> {
    let applied: Map<String, Value> = serde_json::from_str(piece.applied.as_deref()?).ok()?;
    let name = applied.get(name_key(piece.kind))?.as_str()?;
    (piece.managed_by == ManagedBy::File && name != piece.name).then(|| name.to_owned())
}

/// Gives back the names by which the file knows what it manages, or says that they were changed.
///
/// # Errors
/// `Drifted`, with a sentence for each, unless what drifted is to be overwritten.
pub(super) fn name_as_in_file(draft: &mut Draft, said: &Said<'_>, overwrites: bool) -> Result<(), ApplyError> {
    let mut drifted = Vec::new();
    for place in 0..draft.pieces.len() {
        let piece = &draft.pieces[place];
        let (kind, present) = (piece.kind, piece.name.clone());
        let Some(name) = name_in_file(piece) else { continue };
        if !said.has(kind, &name) || said.has(kind, &present) || draft.named(kind, &name).is_some() {
            continue;
        }
        if overwrites {
            draft.rename(place, &name);
            continue;
        }
        let by = draft.row(piece).and_then(|row| row.provenance.updated_by.clone()).unwrap_or_default();
        let noun = kind.word().replace('_', " ");
        drifted.push(format!(
            "{noun} `{name}`: name was changed to `{present}`, last changed by {by}; keep it by writing it"
        ));
    }
    if drifted.is_empty() { Ok(()) } else { Err(ApplyError::Drifted(drifted)) }
}
