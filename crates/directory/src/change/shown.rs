//! A component as it is answered: its fields, and what the server says of it.

use super::secret::hide;
use domain::Instant;
use domain::directory::ComponentKind;
use serde_json::{Map, Value, json};
use store::ComponentRow;

/// A component with what only the server sets. Secrets are hidden.
pub(super) fn shown(row: &ComponentRow, body: &Map<String, Value>) -> Value {
    let mut shown = Map::new();
    if row.kind == ComponentKind::Routine {
        // In the form and order in which clients of the original read it.
        shown.insert("routine_ref_id".to_owned(), json!(row.ref_id));
        shown.insert("routine_name".to_owned(), json!(row.name));
        for key in ["timezone", "routine_layers"] {
            shown.extend(body.get(key).map(|value| (key.to_owned(), value.clone())));
        }
    }
    shown.extend(body.clone());
    hide(&mut shown);
    let provenance = &row.provenance;
    let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    if row.kind == ComponentKind::RoutingRule {
        put("position", json!(row.position + 1));
    }
    if let Some(policy) = &row.own_policy {
        put("policy_ref_id", json!(policy));
    }
    put("ref_id", json!(row.ref_id));
    put("version", json!(provenance.version));
    put("managed_by", json!(provenance.managed_by.word()));
    put("source", json!(provenance.source));
    put("created_at", json!(provenance.created_at.map(Instant::wire)));
    put("updated_at", json!(provenance.updated_at.map(Instant::wire)));
    put("updated_by", json!(provenance.updated_by));
    Value::Object(shown)
}
