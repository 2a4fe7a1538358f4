//! What of a routine is never a directory file's: exceptions that were made beside it, and what the routine was (administration §3).

use super::draft::{Draft, Piece, body_of};
use domain::Instant;
use domain::directory::{ComponentKind, ManagedBy};
use domain::routine::Routine;
use serde_json::{Map, Value};
use std::collections::HashSet;
use store::{ComponentRow, Error};

const LAYERS: &str = "routine_layers";
const PAST: &str = "past";

type Body = Map<String, Value>;

/// The layers of a routine's body.
pub(super) fn layers(body: &Body) -> &[Value] {
    body.get(LAYERS).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The number of a layer.
pub(super) fn number(layer: &Value) -> Option<u32> {
    layer.get("layer").and_then(Value::as_u64).and_then(|number| number.try_into().ok())
}

pub(super) fn is_exception(layer: &Value) -> bool {
    layer.get("is_exception").and_then(Value::as_bool).unwrap_or_default()
}

/// A number that none of these layers has.
pub(super) fn free_number<'a>(layers: impl Iterator<Item = &'a Value>) -> u32 {
    layers.filter_map(number).max().unwrap_or_default().saturating_add(1)
}

/// Numbers layers that say no number where the one of their place is another's.
pub(super) fn number_new(routine: &mut Body) {
    let Some(layers) = routine.get_mut(LAYERS).and_then(Value::as_array_mut) else { return };
    for place in 0..layers.len() {
        let says_none = number(&layers[place]).is_none_or(|number| number == 0);
        let is_taken = layers.iter().filter_map(number).any(|number| usize::try_from(number) == Ok(place + 1));
        if says_none && is_taken {
            let free =
                free_number(layers.iter()).max(u32::try_from(layers.len()).unwrap_or(u32::MAX).saturating_add(1));
            if let Some(layer) = layers[place].as_object_mut() {
                layer.insert("layer".to_owned(), Value::from(free));
            }
        }
    }
}

/// What the file said of a component when it was applied last; what stands, where nothing else is known.
pub(super) fn as_applied(applied: Option<&str>, stored: &Body) -> Body {
    applied.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| without_past(stored))
}

/// A body without what its routine was.
pub(super) fn without_past(body: &Body) -> Body {
    let mut body = body.clone();
    body.remove(PAST);
    body
}

/// The body of a row as a file could have said it.
///
/// # Errors
/// `Corrupt` when it is no JSON object.
pub(super) fn said(row: &ComponentRow) -> Result<String, Error> {
    match row.kind {
        ComponentKind::Routine => Ok(Value::Object(without_past(&body_of(row)?)).to_string()),
        _ => Ok(row.body.clone()),
    }
}

/// Whether a component is what the file said when it was applied last.
pub(super) fn is_as_applied(row: &ComponentRow, applied: &str) -> Result<bool, Error> {
    match row.kind {
        ComponentKind::Routine => Ok(without_past(&body_of(row)?) == as_applied(Some(applied), &Body::new())),
        _ => Ok(row.body == applied),
    }
}

/// What a body says of what is the file's, which said `applied` last: of a routine, without exceptions that were made beside it.
pub(super) fn part_of_file(kind: ComponentKind, body: &Body, applied: &Body) -> Body {
    if kind != ComponentKind::Routine {
        return body.clone();
    }
    let numbers = numbers(applied);
    let mut body = without_past(body);
    if let Some(layers) = body.get_mut(LAYERS).and_then(Value::as_array_mut) {
        layers.retain(|layer| !is_beside(layer, &numbers));
    }
    body
}

fn numbers(body: &Body) -> HashSet<u32> {
    layers(body).iter().filter_map(number).collect()
}

/// Whether a layer is an exception that was made beside a file whose layers have these numbers.
fn is_beside(layer: &Value, numbers: &HashSet<u32>) -> bool {
    is_exception(layer) && number(layer).is_none_or(|number| !numbers.contains(&number))
}

/// Puts what is never the file's into what it says of a routine; `applied` is what it said last, if it said anything.
fn keep_beside(wanted: &mut Body, stored: &Body, applied: Option<&Body>) {
    if let Some(past) = stored.get(PAST) {
        wanted.insert(PAST.to_owned(), past.clone());
    }
    let numbers = applied.map(numbers).unwrap_or_default();
    let Some(said) = wanted.get_mut(LAYERS).and_then(Value::as_array_mut) else { return };
    let mut beside = Vec::new();
    for layer in layers(stored).iter().filter(|layer| is_beside(layer, &numbers)) {
        // What the file says by now stands there once.
        let is_said = said.iter().any(|other| is_exception(other) && is_same_but_number(layer, other));
        if is_said {
            continue;
        }
        let mut layer = layer.clone();
        if said.iter().any(|other| number(other) == number(&layer)) {
            layer["layer"] = Value::from(free_number(said.iter().chain(layers(stored)).chain(&beside)));
        }
        beside.push(layer);
    }
    said.append(&mut beside);
}

/// Puts what is never the file's into what it says of a component; whether what is the file's was changed beside it.
pub(super) fn laid_beside(piece: &Piece, body: &mut Body) -> bool {
    let is_managed = piece.managed_by == ManagedBy::File;
    let applied = is_managed.then(|| as_applied(piece.applied.as_deref(), &piece.body));
    if piece.kind == ComponentKind::Routine {
        keep_beside(body, &piece.body, applied.as_ref());
    }
    applied.is_some_and(|applied| part_of_file(piece.kind, &piece.body, &applied) != applied)
}

fn is_same_but_number(one: &Value, other: &Value) -> bool {
    let rest = |layer: &Value| {
        let mut layer = layer.clone();
        layer["layer"] = Value::Null;
        layer
    };
    rest(one) == rest(other)
}

/// Keeps in every routine that changes what it was until now, so that who was on call before stays known; what is said now
/// counts for all that has been where somebody wants that.
///
/// # Errors
/// `Corrupt` when what is stored cannot be read.
pub(super) fn keep_past(draft: &mut Draft, now: Instant, rewrites: bool) -> Result<(), Error> {
    let Draft { before, pieces, .. } = draft;
    for piece in pieces.iter_mut().filter(|piece| piece.kind == ComponentKind::Routine && piece.is_touched) {
        let Some(row) = piece.stored.and_then(|place| before.get(place)) else { continue };
        keep_past_of(piece, &body_of(row)?, now, rewrites)?;
    }
    Ok(())
}

fn keep_past_of(piece: &mut Piece, stored: &Body, now: Instant, rewrites: bool) -> Result<(), Error> {
    let read = |body: &Body| serde_json::from_value::<Routine>(Value::Object(body.clone()));
    // What cannot be read is told when the draft is defined.
    let Ok(wanted) = read(&piece.body) else { return Ok(()) };
    let stands = read(stored).map_err(|error| Error::Corrupt(format!("routine `{}`: {error}", piece.name)))?;
    let is = if rewrites { wanted.without_past() } else { stands.followed_by(wanted.without_past(), now) };
    piece.body.remove(PAST);
    if !is.past.is_empty() {
        let past = serde_json::to_value(&is.past).map_err(|error| Error::Statement(error.to_string()))?;
        piece.body.insert(PAST.to_owned(), past);
    }
    Ok(())
}
