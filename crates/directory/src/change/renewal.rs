//! Another key for an integration, while the one before counts for some hours more.

use super::author::Author;
use super::draft::body_of;
use super::many::edit_in;
use super::wish::{Act, Edit, OnlyIf};
use crate::administration::Administration;
use crate::audit::{self, Changed, Object, Value};
use domain::directory::{ComponentKind, SenderKind, dashed_key};
use domain::{Instant, OrganizationId, RefId, Refusal};
use engine::{Asker, Batch, Clock, Failure, Ids, Undo, change_once};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use store::{ComponentRow, IntegrationKeyRow, Store, Tx};

/// The key that an integration has from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewedKey {
    /// Id of the integration.
    pub integration: RefId,
    /// What it is.
    pub kind: SenderKind,
    /// Digits of the new key.
    pub digits: String,
    /// Until when those before count.
    pub before_ends_at: Instant,
}

/// Which integration gets another key, and for how many hours those before count.
#[derive(Clone, Debug)]
pub struct Renewal {
    /// Its id, or else its name.
    pub integration: String,
    /// The hours.
    pub overlap_hours: u32,
}

impl Administration {
    /// Makes another key for an integration.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `Change` where a directory file gives the key, `IdempotencyKeyReused` or
    /// `KeyRevoked`; otherwise see [`Failure`].
    pub async fn renew_integration_key(&self, asker: Asker, renewal: Renewal) -> Result<RenewedKey, Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let renew = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let author = Author::of_asker(&asker, context);
                let renewed = renew(batch.tx, organization, &renewal, &ids, &author, context.now)?;
                batch.directory_changed(organization)?;
                Ok(renewed)
            })
        };
        self.change(organization, renew).await
    }
}

/// The same for whoever runs commands beside the server.
///
/// # Errors
/// As [`Administration::renew_integration_key`].
pub fn integration_renew_key(
    store: &Store,
    clock: &Clock,
    ids: &Ids,
    organization: OrganizationId,
    renewal: &Renewal,
) -> Result<RenewedKey, Failure> {
    let renewed = store.write(|tx| {
        store::organization_hold(tx, organization)?;
        let author = Author::of_command();
        let renewed = renew(tx, organization, renewal, ids, &author, Instant(clock.now()))?;
        store::organization_touch(tx, organization)?;
        Ok::<_, Undo>(renewed)
    });
    Ok(renewed?)
}

fn renew(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    renewal: &Renewal,
    ids: &Ids,
    author: &Author,
    now: Instant,
) -> Result<RenewedKey, Undo> {
    let row = integration(store::component_list(tx, organization)?, &renewal.integration)?;
    let body = body_of(&row)?;
    let digits = ids.uuid().replace('-', "");
    let key = IntegrationKeyRow {
        organization,
        integration: row.ref_id.clone(),
        digits: digits.clone(),
        made_at: now,
        ends_at: None,
    };
    store::integration_key_insert(tx, &key)?;
    let before_ends_at = now.plus_minutes(renewal.overlap_hours * 60);
    store::integration_key_end_others(tx, organization, &row.ref_id, &digits, before_ends_at)?;
    // Where the directory says which key it is, it says so of the new one: what is exported can be applied.
    if body.contains_key("key") {
        let patch = Map::from_iter([("key".to_owned(), json!(dashed_key(&digits)))]);
        let edit = Edit {
            kind: ComponentKind::Integration,
            act: Act::Patch(row.ref_id.0.clone(), patch),
            only_if: OnlyIf::Any,
            field: "integration_ref_id",
            before_path: String::new(),
        };
        edit_in(tx, organization, edit, ids, author, now)?;
    }
    let object = Object::new(ComponentKind::Integration.word(), Some(row.ref_id.as_str()), &row.name);
    let changes = vec![
        Changed { field: "key".to_owned(), before: Value::Hidden, after: Value::Hidden },
        Changed::set("key_before_ends_at", Value::text(&before_ends_at.wire())),
    ];
    let entry = author.base.with("integration.rotate_key", object, changes);
    audit::record(tx, ids, organization, now, &entry)?;
    let kind = body.get("kind").and_then(|kind| SenderKind::from_word(kind.as_str()?)).unwrap_or(SenderKind::Generic);
    Ok(RenewedKey { integration: row.ref_id, kind, digits, before_ends_at })
}

/// The integration of this id, else of this name.
fn integration(rows: Vec<ComponentRow>, reference: &str) -> Result<ComponentRow, Refusal> {
    let mut all: Vec<_> = rows.into_iter().filter(|row| row.kind == ComponentKind::Integration).collect();
    let has_id = |row: &ComponentRow| row.ref_id.as_str() == reference;
    let place = all.iter().position(has_id).or_else(|| all.iter().position(|row| row.name == reference));
    let unknown = || Refusal::UnknownComponent {
        field: "integration_ref_id",
        kind: ComponentKind::Integration,
        name: reference.to_owned(),
    };
    place.map(|place| all.swap_remove(place)).ok_or_else(unknown)
}
