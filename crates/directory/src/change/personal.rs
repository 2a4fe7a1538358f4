//! What is a person's own, whatever a directory file says: the file gives the first value, and what was changed since stays
//! (administration §3).

use super::author::Author;
use super::draft::Piece;
use domain::Instant;
use domain::directory::PersonalOf;
use serde_json::{Map, Value, json};

/// The fields that are a person's own.
const PERSONAL: [&str; 13] = [
    "email",
    "webhook",
    "sms",
    "voice",
    "chat",
    "push",
    "notification_rules",
    "handover_notices",
    "resolution_notices",
    "timezone",
    "language",
    "profile_picture",
    "display_name",
];

/// Who is locked out stays so until somebody lets them in again, whatever a file says: it cannot wait for a file.
const LOCKED: &str = "locked";

/// A field that a file does not change any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Who it is about.
    pub username: String,
    /// The field.
    pub field: String,
    /// Who changed it.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// Whether these are nothing but fields that are a person's own.
#[must_use]
pub fn are_own(fields: &Map<String, Value>) -> bool {
    !fields.is_empty() && fields.keys().all(|field| PERSONAL.contains(&field.as_str()))
}

/// Whether these are nothing but fields of a person which a file that manages them does not keep from being changed.
pub(super) fn are_beside_file(fields: &Map<String, Value>, personal: PersonalOf) -> bool {
    let is_beside = |field: &str| field == LOCKED || (personal == PersonalOf::Person && PERSONAL.contains(&field));
    !fields.is_empty() && fields.keys().all(|field| is_beside(field))
}

/// Keeps in mind which of these fields are changed, and by whom.
pub(super) fn keep_personal(piece: &mut Piece, body: &Map<String, Value>, author: &Author, now: Instant) {
    let mut kept = kept_fields(piece.personal.as_deref());
    let fields = PERSONAL.into_iter().chain([LOCKED]);
    for field in fields.filter(|field| piece.body.get(*field) != body.get(*field)) {
        kept.insert(field.to_owned(), json!({"by": author.name, "at": now.0}));
    }
    // Whom nobody locks out any more, a file may.
    if body.get(LOCKED).and_then(Value::as_bool) != Some(true) {
        kept.remove(LOCKED);
    }
    piece.personal = written(kept);
}

fn written(kept: Map<String, Value>) -> Option<String> {
    (!kept.is_empty()).then(|| Value::Object(kept).to_string())
}

/// What is kept where a file has the word about what is a person's own.
pub(super) fn without_own(personal: Option<&str>) -> Option<String> {
    let mut kept = kept_fields(personal);
    kept.retain(|field, _| field == LOCKED);
    written(kept)
}

/// The same, where it was not known yet who changes something now.
pub(super) fn changed_by(personal: &str, author: &Author) -> String {
    let mut kept = kept_fields(Some(personal));
    let unknown = kept.values_mut().filter_map(|change| change.get_mut("by")).filter(|by| by.as_str() == Some(""));
    unknown.for_each(|by| *by = Value::from(author.name.as_str()));
    Value::Object(kept).to_string()
}

fn kept_fields(personal: Option<&str>) -> Map<String, Value> {
    personal.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Which of a person's own fields a file does not change any more: of each, who changed it and when.
pub(super) fn told_kept(personal: Option<&str>) -> Value {
    let told = |(field, change): (String, Value)| {
        let at = change.get("at").and_then(Value::as_i64).map(|at| Instant(at).wire());
        json!({"field": field, "by": change.get("by"), "at": at})
    };
    kept_fields(personal).into_iter().map(told).collect()
}

/// Keeps a person's own fields as they are in what they are to be.
pub(super) fn keep_own(stored: &Map<String, Value>, wanted: &mut Map<String, Value>) {
    for field in PERSONAL {
        match stored.get(field) {
            Some(value) => wanted.insert(field.to_owned(), value.clone()),
            None => wanted.remove(field),
        };
    }
}

/// Puts what a person has changed in the place of what a file says; answers where the two differ.
pub(super) fn keep_changed(
    username: &str,
    personal: Option<&str>,
    stored: &Map<String, Value>,
    wanted: &mut Map<String, Value>,
) -> Vec<Kept> {
    let mut kept = Vec::new();
    for (field, change) in kept_fields(personal) {
        let present = stored.get(&field);
        if wanted.get(&field) == present {
            continue;
        }
        match present {
            Some(value) => wanted.insert(field.clone(), value.clone()),
            None => wanted.remove(&field),
        };
        let by = change.get("by").and_then(Value::as_str).unwrap_or_default().to_owned();
        let at = Instant(change.get("at").and_then(Value::as_i64).unwrap_or_default());
        kept.push(Kept { username: username.to_owned(), field, by, at });
    }
    kept
}
