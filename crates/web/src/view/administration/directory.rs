//! Changes of the directory and its versions, as they are answered.

use directory::{Changed, VersionRow};
use serde_json::{Value, json};

/// What a change came to.
pub fn changed(changed: &Changed) -> Value {
    let Changed { plan, changes, components, warnings, gaps, .. } = changed;
    let made = |component: &Option<Value>| {
        let component = component.as_ref()?;
        let etag = component.get("version").map(|version| format!("\"{version}\""));
        Some(json!({"ref_id": component.get("ref_id"), "etag": etag}))
    };
    let components: Vec<_> = components.iter().map(made).collect();
    json!({"plan": plan, "changes": changes, "components": components, "warnings": warnings, "gaps": gaps})
}

/// A version.
pub fn version(row: &VersionRow) -> Value {
    json!({
        "version": row.version,
        "made_at": row.made_at.wire(),
        "author": row.author,
        "way": row.way,
        "plan": row.plan,
    })
}
