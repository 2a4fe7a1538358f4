//! Handing components of a directory file to the API, so that the file can leave them out.

use super::apply_error::ApplyError;
use super::author::Author;
use crate::audit::{self, Changed, Entry, Object, Value};
use domain::directory::ManagedBy;
use domain::{Instant, OrganizationId};
use engine::Ids;
use store::{ComponentRow, Error, Store};

/// Hands the components of these names, of whatever kind, to the API; kind and name of each. The names by which a file
/// manages nothing are answered as the second; if there are any, nothing is changed.
///
/// # Errors
/// As the store says; nothing is changed then.
pub fn release(
    store: &Store,
    ids: &Ids,
    now: Instant,
    organization: OrganizationId,
    names: &[String],
) -> Result<(Vec<String>, Vec<String>), ApplyError> {
    store
        .write(|tx| {
            store::organization_hold(tx, organization)?;
            let (mut released, mut entries) = (Vec::new(), Vec::new());
            let rows = store::component_list(tx, organization)?;
            let is_named =
                |row: &ComponentRow, name: &String| row.provenance.managed_by == ManagedBy::File && row.name == *name;
            let unknown: Vec<_> =
                names.iter().filter(|name| !rows.iter().any(|row| is_named(row, name))).cloned().collect();
            if !unknown.is_empty() {
                return Ok((released, unknown));
            }
            let base = Author::of_file(None).base;
            let base = Entry { way: audit::Way::Command, ..base };
            for mut row in rows {
                if !names.iter().any(|name| is_named(&row, name)) {
                    continue;
                }
                row.provenance.managed_by = ManagedBy::Api;
                (row.provenance.source, row.provenance.applied) = (None, None);
                store::component_save(tx, organization, &row)?;
                released.push(format!("{} `{}`", row.kind.word().replace('_', " "), row.name));
                let object = Object::new(row.kind.word(), Some(row.ref_id.as_str()), &row.name);
                let change =
                    Changed { field: "managed_by".to_owned(), before: Value::text("file"), after: Value::text("api") };
                entries.push(base.with(&format!("{}.release", row.kind.word()), object, vec![change]));
            }
            if !released.is_empty() {
                audit::record_all(tx, ids, organization, now, &entries)?;
                store::organization_touch(tx, organization)?;
            }
            Ok::<_, Error>((released, unknown))
        })
        .map_err(ApplyError::from)
}
