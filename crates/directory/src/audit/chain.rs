//! A row of the chain: its fields, its canonical form, which is what its digest is of, and what is kept beside it.

use super::canonical::{canonical, plain};
use super::entry::{Actor, Changed, Entry, HIDDEN, Object, Outcome, Value};
use domain::{Instant, limits};
use engine::{Ids, digest};
use serde::Serialize;
use serde_json::{Value as Json, json};
use store::{AuditPersonalRow, AuditRow, Error};

/// The action of a row that tells that rows were cut off, and its two fields: the number of the last one, and its digest.
pub(super) const CUT: &str = "audit.cut";
pub(super) const REMOVED_THROUGH: &str = "removed_through";
pub(super) const REMOVED_DIGEST: &str = "removed_digest";

/// A row as it is written. Fields without a value are left out.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    number: i64,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    pub(super) actor: Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<String>,
    way: &'static str,
    from: Json,
    pub(super) action: String,
    pub(super) object: Object,
    outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    changes: Vec<Json>,
    /// The digest of the row before; empty in the first.
    previous: String,
}

/// Personal values of a row, on their way to the table beside it.
pub(super) struct Personal<'a> {
    ids: &'a Ids,
    pub(super) values: Vec<PersonalValue>,
}

/// A personal value, and what stands for it in the row.
#[derive(Debug)]
pub(super) struct PersonalValue {
    pub(super) person: String,
    pub(super) digest: String,
    pub(super) salt: String,
    pub(super) value: String,
}

impl<'a> Personal<'a> {
    pub(super) fn new(ids: &'a Ids) -> Self {
        Self { ids, values: Vec::new() }
    }

    /// Keeps a value of a person; what stands for it in the row.
    fn keep(&mut self, person: &str, value: String) -> Json {
        // 256 bits, so that a number of ten digits cannot be found by trying all once its salt is gone.
        let salt = self.ids.secret("");
        let digest = salted(&salt, &value);
        let stands = json!({"sha256": digest});
        self.values.push(PersonalValue { person: person.to_owned(), digest, salt, value });
        stands
    }
}

/// SHA-256 of salt and value, one after the other, in hexadecimal.
pub(super) fn salted(salt: &str, value: &str) -> String {
    digest(&format!("{salt}{value}"))
}

impl Row {
    pub(super) fn of(entry: &Entry, number: i64, at: Instant, previous: String, personal: &mut Personal<'_>) -> Self {
        Self {
            number,
            at: at.wire(),
            request_id: entry.request_id.clone(),
            actor: entry.actor.clone(),
            on_behalf_of: entry.on_behalf_of.clone(),
            way: entry.way.word(),
            from: from(entry, personal),
            action: entry.action.clone(),
            object: entry.object.clone(),
            outcome: match &entry.outcome {
                Outcome::Done => "done".to_owned(),
                Outcome::Refused(code) => format!("refused({code})"),
            },
            count: entry.count,
            changes: entry.changes.iter().map(|changed| change(changed, personal)).collect(),
            previous,
        }
    }
}

fn from(entry: &Entry, personal: &mut Personal<'_>) -> Json {
    let mut from = serde_json::Map::new();
    let of_caller = [("address", entry.from.address.clone()), ("user_agent", entry.from.short_user_agent())];
    for (field, value) in of_caller {
        let Some(value) = value else { continue };
        let value = match entry.actor.person_ref() {
            Some(person) => personal.keep(person, value),
            None => Json::from(value),
        };
        from.insert(field.to_owned(), value);
    }
    if let Some(digest) = &entry.from.file_digest {
        from.insert("file_digest".to_owned(), Json::from(digest.as_str()));
    }
    Json::Object(from)
}

fn change(changed: &Changed, personal: &mut Personal<'_>) -> Json {
    let before = value(&changed.before, personal);
    json!({"field": changed.field, "before": before, "after": value(&changed.after, personal)})
}

fn value(value: &Value, personal: &mut Personal<'_>) -> Json {
    match value {
        Value::Unset => Json::Null,
        Value::Hidden => Json::from(HIDDEN),
        Value::Personal { person, value } => personal.keep(person, value.clone()),
        Value::Plain(value) => {
            let text = value.to_string();
            if text.len() > limits::AUDIT_VALUE_BYTES {
                return json!({"bytes": text.len(), "sha256": digest(&text)});
            }
            plain(value)
        }
    }
}

impl Row {
    /// The row in the form that its digest is of.
    pub(super) fn body(&self) -> Result<String, Error> {
        let body = serde_json::to_value(self).ok().and_then(|row| canonical(&row));
        body.ok_or_else(|| Error::Corrupt("a row of the audit log has no canonical form".to_owned()))
    }
}

/// A row as a line of an export: its fields as they were written, its digest, and the personal values that are still
/// there, which no digest is of.
pub(super) fn line(row: &AuditRow, personal: &[AuditPersonalRow]) -> String {
    line_with(row, &revealed(personal))
}

/// The same, with personal values as they are to be shown.
pub(super) fn line_with(row: &AuditRow, personal: &Json) -> String {
    let fields = row.body.strip_suffix('}').unwrap_or(&row.body);
    let digest = &row.digest;
    match personal.as_array() {
        Some(values) if !values.is_empty() => format!("{fields},\"digest\":\"{digest}\",\"personal\":{personal}}}"),
        _ => format!("{fields},\"digest\":\"{digest}\"}}"),
    }
}

/// Personal values with what makes their digests, as an export shows them.
pub(super) fn revealed(personal: &[AuditPersonalRow]) -> Json {
    let shown = personal.iter().map(|one| json!({"sha256": one.digest, "salt": one.salt, "value": one.value}));
    shown.collect()
}

/// Personal values as a list shows them: enough to tell which one it is.
pub(super) fn masked(personal: &[AuditPersonalRow]) -> Json {
    personal.iter().map(|one| json!({"sha256": one.digest, "value": mask(&one.value)})).collect()
}

/// The first two and the last two characters, of a text that has enough others.
fn mask(value: &str) -> String {
    let characters: Vec<char> = value.chars().collect();
    match characters.as_slice() {
        [first, second, hidden @ .., last_but_one, last] if hidden.len() >= 4 => {
            format!("{first}{second}…{last_but_one}{last}")
        }
        _ => "…".to_owned(),
    }
}
