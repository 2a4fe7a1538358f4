//! What callers ask of single components: made, replaced, patched, removed. Here it is carried out on a draft.

use super::author::Author;
use super::draft::{Draft, Piece};
use super::gap::{keep_once, leave_out};
use super::kept::{number_new, said, without_past};
use super::lock::{beside_file, is_locked, is_seen, locked};
use super::personal::{are_beside_file, keep_personal};
use super::reference::visit;
use super::secret::keep_hidden;
use super::wish::{Act, Edit, Instead, OnlyIf};
use crate::file::{inspect_json, name_key};
use domain::directory::{ChangeRefusal, ComponentKind, ManagedBy};
use domain::{Instant, Refusal};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// What only the server sets. It is not read, so that what was answered can be sent back.
const SET_BY_SERVER: [&str; 24] = [
    "ref_id",
    "version",
    "managed_by",
    "source",
    "created_at",
    "updated_at",
    "updated_by",
    "named_by",
    "ahead",
    "warnings",
    "gaps",
    "url",
    "key_before_ends_at",
    "turned_away",
    "heard",
    "policy_ref_id",
    "position",
    "routine_ref_id",
    "past",
    "state",
    "invited_until",
    "last_seen_at",
    "teams",
    "reachable",
];

/// Other spellings of keys, as clients of the original write them: kind, alias, key.
pub(super) const ALIASES: [(ComponentKind, &str, &str); 5] = [
    (ComponentKind::Routine, "routine_name", "name"),
    (ComponentKind::EscalationPolicy, "policy_name", "name"),
    (ComponentKind::Service, "service_name", "name"),
    (ComponentKind::User, "preferred_username", "username"),
    (ComponentKind::User, "user_role", "role"),
];

/// Carries the edits out on a draft; their order does not matter. Answers the places of the components that they made
/// or changed, none for one that is removed.
///
/// # Errors
/// What is wrong with the edits by themselves; what the directory as a whole says of them is not judged here.
pub(super) fn carry_out(
    draft: &mut Draft,
    edits: &[Edit],
    author: &Author,
    now: Instant,
) -> Result<Vec<Option<usize>>, Refusal> {
    let mut mistakes = Vec::new();
    let mut wanted = Vec::with_capacity(edits.len());
    for edit in edits {
        wanted.push(body(draft, edit).unwrap_or_else(|refused| {
            mistakes.push(refused);
            None
        }));
    }
    gather(mistakes)?;
    let mut places = Vec::with_capacity(edits.len());
    for (edit, body) in edits.iter().zip(wanted) {
        places.push(match (&edit.act, body) {
            (Act::Remove(..), _) | (_, None) => None,
            (_, Some(body)) => Some(set(draft, edit, body, (author, now))?),
        });
    }
    let edited: HashSet<usize> = places.iter().copied().flatten().collect();
    by_name(draft, &edited);
    remove(draft, edits)?;
    // What was removed moved what came after it.
    Ok(places.into_iter().zip(edits).map(|(place, edit)| place.and_then(|_| found_again(draft, edit))).collect())
}

/// All mistakes of all edits as one refusal; one that is no mistake of form is told alone.
fn gather(refused: Vec<Refusal>) -> Result<(), Refusal> {
    let mut all = Vec::new();
    for refusal in refused {
        match refusal {
            Refusal::Change(change) => match *change {
                ChangeRefusal::Invalid { mistakes } => all.extend(mistakes),
                other => return Err(Refusal::Change(Box::new(other))),
            },
            other => return Err(other),
        }
    }
    if all.is_empty() { Ok(()) } else { Err(invalid(all)) }
}

pub(crate) fn invalid(mut mistakes: Vec<String>) -> Refusal {
    mistakes.truncate(domain::limits::MISTAKES);
    Refusal::Change(Box::new(ChangeRefusal::Invalid { mistakes }))
}

fn unknown(edit: &Edit, reference: &str) -> Refusal {
    unknown_at(edit, ("ref", edit.field), reference)
}

/// That there is none of this kind: `of_many` names it in one of many changes, `alone` in a request that is about one.
fn unknown_at(edit: &Edit, (of_many, alone): (&str, &'static str), reference: &str) -> Refusal {
    let (kind, name) = (edit.kind, reference.to_owned());
    match edit.before_path.strip_suffix("body.") {
        Some(before) => {
            Refusal::Change(Box::new(ChangeRefusal::Unknown { path: format!("{before}{of_many}"), kind, name }))
        }
        None => Refusal::UnknownComponent { field: alone, kind, name },
    }
}

/// The body that an edit asks for; none where it removes.
fn body(draft: &Draft, edit: &Edit) -> Result<Option<Map<String, Value>>, Refusal> {
    let (given, stored) = match &edit.act {
        Act::Create(given) => (given.clone(), None),
        Act::Remove(reference, _) => {
            let place = draft.known(edit.kind, reference).ok_or_else(|| unknown(edit, reference))?;
            allowed(draft, edit, &draft.pieces[place])?;
            return Ok(None);
        }
        Act::Replace(reference, given) | Act::Patch(reference, given) => {
            let place = draft.known(edit.kind, reference);
            if place.is_none() && edit.only_if != OnlyIf::Absent {
                return Err(unknown(edit, reference));
            }
            let piece = place.and_then(|place| draft.pieces.get(place));
            if let Some(piece) = piece {
                allowed(draft, edit, piece)?;
            }
            (given.clone(), piece)
        }
    };
    let said_twice = said_twice(edit, &given);
    let mut given = plain(edit, given);
    if let (Act::Patch(..), Some(piece)) = (&edit.act, stored) {
        let mut patched = Value::Object(without_past(&piece.body));
        json_merge(&mut patched, Value::Object(given));
        given = match patched {
            Value::Object(patched) => patched,
            _ => Map::new(),
        };
    }
    if edit.kind == ComponentKind::Routine {
        number_new(&mut given);
    }
    let mut mistakes = said_twice;
    mistakes.extend(keep_hidden(&mut given, stored.map(|piece| &piece.body)).err().unwrap_or_default());
    if let (Act::Replace(reference, _), None) = (&edit.act, stored) {
        // Made under the name that the path says.
        let key = name_key(edit.kind);
        let name = given.entry(key).or_insert_with(|| Value::from(reference.as_str()));
        if name.as_str().is_some_and(|name| name != reference) {
            mistakes.push(format!("{key}: must be `{reference}`, as the path says, or left out"));
        }
    }
    match inspect_json(edit.kind, &given) {
        Ok(body) if mistakes.is_empty() => {
            if let Some(piece) = stored.filter(|piece| is_locked(draft, piece) && !is_theirs(draft, edit)) {
                beside_file(draft, piece, &body)?;
            }
            Ok(Some(body))
        }
        Ok(_) => Err(invalid(placed(edit, mistakes))),
        Err(found) => {
            mistakes.extend(found);
            Err(invalid(placed(edit, mistakes)))
        }
    }
}

/// The mistakes with their whole paths.
pub(super) fn placed(edit: &Edit, mistakes: Vec<String>) -> Vec<String> {
    mistakes.into_iter().map(|mistake| format!("{}{mistake}", edit.before_path)).collect()
}

/// A mistake for each key that is given something else by its other spelling.
fn said_twice(edit: &Edit, given: &Map<String, Value>) -> Vec<String> {
    let spellings = ALIASES.into_iter().filter(|(kind, ..)| *kind == edit.kind);
    let differs = |(_, alias, key): &(ComponentKind, &str, &str)| {
        given.get(*alias).is_some_and(|by_alias| given.get(*key).is_some_and(|value| value != by_alias))
    };
    spellings
        .filter(differs)
        .map(|(_, alias, key)| format!("{alias}: is the same as {key}, which says otherwise"))
        .collect()
}

/// What was sent, by the names that keys have here, without what only the server sets.
fn plain(edit: &Edit, mut given: Map<String, Value>) -> Map<String, Value> {
    if !matches!(edit.act, Act::Create(_)) {
        given.retain(|key, _| !SET_BY_SERVER.contains(&key.as_str()));
    }
    for (kind, alias, key) in ALIASES {
        if kind == edit.kind
            && let Some(value) = given.remove(alias)
        {
            given.entry(key).or_insert(value);
        }
    }
    given
}

/// RFC 7396: null takes away, an object is merged, everything else replaces.
pub(crate) fn json_merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(&key);
        } else {
            json_merge(target.entry(key).or_insert(Value::Null), value);
        }
    }
}

/// Whether the component may be changed by whom it is not managed, and is the one that the caller saw.
fn allowed(draft: &Draft, edit: &Edit, piece: &Piece) -> Result<(), Refusal> {
    let sent = || {
        let sent = match &edit.act {
            Act::Replace(_, body) | Act::Patch(_, body) => plain(edit, body.clone()),
            Act::Create(_) | Act::Remove(..) => Map::new(),
        };
        sent.into_iter().filter(|(key, value)| piece.body.get(key) != Some(value)).map(|(key, _)| key).collect()
    };
    is_seen(draft, piece, edit.only_if, sent)?;
    // Whether it differs in what is the file's shows when it is known what it is to be.
    let shows_later = !matches!(edit.act, Act::Remove(..));
    if is_locked(draft, piece) && !shows_later {
        return Err(locked(draft, piece));
    }
    Ok(())
}

/// Whether the edit is a patch of nothing but what a file that manages a person does not keep from being changed.
fn is_theirs(draft: &Draft, edit: &Edit) -> bool {
    let Act::Patch(_, body) = &edit.act else { return false };
    edit.kind == ComponentKind::User && are_beside_file(&plain(edit, body.clone()), draft.settings.personal)
}

/// Puts a body in its place; answers the place.
fn set(
    draft: &mut Draft,
    edit: &Edit,
    body: Map<String, Value>,
    (author, now): (&Author, Instant),
) -> Result<usize, Refusal> {
    let name = body.get(name_key(edit.kind)).and_then(Value::as_str).unwrap_or_default().to_owned();
    let place = match &edit.act {
        Act::Replace(reference, _) | Act::Patch(reference, _) => draft.known(edit.kind, reference),
        Act::Create(_) | Act::Remove(..) => None,
    };
    let taken = || Refusal::Change(Box::new(ChangeRefusal::NameTaken { kind: edit.kind, name: name.clone() }));
    let alike =
        draft.pieces.iter().position(|piece| piece.kind == edit.kind && is_same_name(edit.kind, &piece.name, &name));
    if alike.is_some_and(|alike| Some(alike) != place) {
        return Err(taken());
    }
    let Some(place) = place else {
        draft.pieces.push(Piece {
            stored: None,
            kind: edit.kind,
            name,
            body,
            is_touched: true,
            managed_by: ManagedBy::Api,
            source: None,
            applied: None,
            personal: None,
            ref_id: None,
        });
        return Ok(draft.pieces.len() - 1);
    };
    if draft.pieces[place].name != name {
        if edit.kind == ComponentKind::User {
            let mistake = "username: cannot be changed, since incidents and messages know people by it; change \
                display_name"
                .to_owned();
            return Err(invalid(placed(edit, vec![mistake])));
        }
        draft.rename(place, &name);
    }
    let is_theirs = is_theirs(draft, edit);
    let piece = &mut draft.pieces[place];
    if piece.managed_by == ManagedBy::File && is_theirs {
        keep_personal(piece, &body, author, now);
        (piece.body, piece.is_touched) = (body, true);
    } else {
        put_body(draft, place, body);
    }
    Ok(place)
}

/// Makes a component this; what a file said of it is kept in mind.
pub(super) fn put_body(draft: &mut Draft, place: usize, body: Map<String, Value>) {
    let said = draft.row(&draft.pieces[place]).and_then(|row| said(row).ok());
    let piece = &mut draft.pieces[place];
    if piece.managed_by == ManagedBy::File && piece.applied.is_none() {
        piece.applied = said;
    }
    (piece.body, piece.is_touched) = (body, true);
}

/// People's names are the same whatever the case of their letters.
fn is_same_name(kind: ComponentKind, one: &str, other: &str) -> bool {
    one == other || (kind == ComponentKind::User && one.to_lowercase() == other.to_lowercase())
}

/// What edits name by id is kept by name. An id wins over an equal name.
fn by_name(draft: &mut Draft, edited: &HashSet<usize>) {
    let rows = draft.pieces.iter().filter_map(|piece| Some((piece, draft.row(piece)?)));
    let names: HashMap<(ComponentKind, String), String> =
        rows.map(|(piece, row)| ((piece.kind, row.ref_id.0.clone()), piece.name.clone())).collect();
    for place in edited {
        let Some(piece) = draft.pieces.get_mut(*place) else { continue };
        visit(piece.kind, &mut piece.body, |_, kinds, name| {
            let named = kinds.iter().find_map(|kind| names.get(&(*kind, name.clone())));
            if let Some(named) = named {
                name.clone_from(named);
            }
        });
    }
}

/// Takes away what is removed, unless something still names it.
fn remove(draft: &mut Draft, edits: &[Edit]) -> Result<(), Refusal> {
    let mut gone = Vec::new();
    for edit in edits {
        let Act::Remove(reference, replacement) = &edit.act else { continue };
        let place = draft.known(edit.kind, reference).ok_or_else(|| unknown(edit, reference))?;
        let name = draft.pieces[place].name.clone();
        match replacement {
            Instead::Nothing => {}
            Instead::Gap => leave_out(draft, edit.kind, &name)?,
            Instead::Other(field, replacement) => {
                let other = draft.known(edit.kind, replacement).filter(|other| *other != place);
                let unknown = || unknown_at(edit, (*field, *field), replacement);
                let new = draft.pieces[other.ok_or_else(unknown)?].name.clone();
                draft.point(edit.kind, &name, edit.kind, &new);
                if edit.kind == ComponentKind::User {
                    keep_once(draft, &new);
                }
            }
        }
        gone.push((edit.kind, name));
    }
    draft.pieces.retain(|piece| !gone.iter().any(|(kind, name)| piece.kind == *kind && piece.name == *name));
    for (kind, name) in gone {
        let mut places: Vec<_> =
            draft.named_by(kind, &name).iter().map(|(kind, by, place)| sentence(*kind, by, place)).collect();
        if kind == ComponentKind::EscalationPolicy && draft.fallback_policy.as_ref() == Some(&name) {
            places.push("organization: fallback_policy".to_owned());
        }
        // A maintenance window can mean an integration or a heartbeat of the same name.
        let is_meant_otherwise = |other| kind != other && draft.named(other, &name).is_some();
        let sources = [ComponentKind::Integration, ComponentKind::Heartbeat];
        let leads_elsewhere = sources.contains(&kind) && sources.into_iter().any(is_meant_otherwise);
        if !places.is_empty() && !leads_elsewhere {
            return Err(Refusal::Change(Box::new(ChangeRefusal::StillNamed { kind, name, places })));
        }
    }
    Ok(())
}

fn sentence(kind: ComponentKind, name: &str, place: &str) -> String {
    format!("{} `{name}`: {place}", kind.word().replace('_', " "))
}

/// Where the component that an edit made or changed stands now.
fn found_again(draft: &Draft, edit: &Edit) -> Option<usize> {
    match &edit.act {
        Act::Create(body) => {
            let body = plain(edit, body.clone());
            body.get(name_key(edit.kind)).and_then(Value::as_str).and_then(|name| draft.named(edit.kind, name))
        }
        Act::Replace(reference, _) | Act::Patch(reference, _) => {
            let renamed = draft.renamed.iter().find(|renamed| renamed.kind == edit.kind && renamed.old == *reference);
            let name = renamed.map_or(reference.as_str(), |renamed| &renamed.new);
            draft.known(edit.kind, name)
        }
        Act::Remove(..) => None,
    }
}
