//! A component as it is answered: its fields, and what the server says of it.

use super::secret::hide;
use domain::Instant;
use domain::directory::ComponentKind;
use serde_json::{Map, Value, json};
use store::ComponentRow;

/// A component with what only the server sets. Secrets are hidden.
pub(super) fn shown(row: &ComponentRow, body: &Map<String, Value>) -> Value {
    let mut shown = body.clone();
    hide(&mut shown);
    let provenance = &row.provenance;
    let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    put("ref_id", json!(row.ref_id));
    match row.kind {
        ComponentKind::RoutingRule => drop(put("position", json!(row.position + 1))),
        ComponentKind::Routine => {
            // As clients of the original read it.
            put("routine_ref_id", json!(row.ref_id));
            put("routine_name", json!(row.name));
        }
        _ => {}
    }
    if let Some(policy) = &row.own_policy {
        put("policy_ref_id", json!(policy));
    }
    put("version", json!(provenance.version));
    put("managed_by", json!(provenance.managed_by.word()));
    put("source", json!(provenance.source));
    put("created_at", json!(provenance.created_at.map(Instant::wire)));
    put("updated_at", json!(provenance.updated_at.map(Instant::wire)));
    put("updated_by", json!(provenance.updated_by));
    Value::Object(shown)
}
