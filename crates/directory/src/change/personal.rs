//! What is a person's own, whatever a directory file says: the file gives the first value, and what was changed since stays
//! (administration §3).

use super::author::Author;
use super::draft::Piece;
use domain::Instant;
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

/// Keeps in mind which of their own fields are changed, and by whom.
pub(super) fn keep_personal(piece: &mut Piece, body: &Map<String, Value>, author: &Author, now: Instant) {
    let mut kept = kept_fields(piece.personal.as_deref());
    for field in PERSONAL.into_iter().filter(|field| piece.body.get(*field) != body.get(*field)) {
        kept.insert(field.to_owned(), json!({"by": author.name, "at": now.0}));
    }
    piece.personal = (!kept.is_empty()).then(|| Value::Object(kept).to_string());
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
