//! Handing components of a directory file to the API, so that the file can leave them out.

use super::apply_error::ApplyError;
use super::author::Author;
use crate::audit::{self, Changed, Entry, Object, Value};
use domain::directory::ManagedBy;
use domain::{Instant, OrganizationId};
use engine::Ids;
use store::{Error, Store};

/// Hands the components of these names, of whatever kind, to the API; kind and name of each. A name that the file manages
/// nothing by is answered as the second.
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
            let mut unknown = names.to_vec();
            let base = Author::of_file(None).base;
            let base = Entry { way: audit::Way::Command, ..base };
            for mut row in store::component_list(tx, organization)? {
                if row.provenance.managed_by != ManagedBy::File || !names.contains(&row.name) {
                    continue;
                }
                unknown.retain(|name| *name != row.name);
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
