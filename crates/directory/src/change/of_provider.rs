//! People whose role a sign-in provider gives (administration §5): it is given again at each sign-in, so nobody else changes it.

use super::author::Author;
use super::draft::body_of;
use super::people::role_said;
use super::weighed::Weighed;
use crate::audit::ActorKind;
use domain::directory::{ChangeRefusal, ComponentKind, Role};
use domain::sign_in::Given;
use domain::{OrganizationId, RefId, Refusal};
use engine::Undo;
use serde_json::Value;
use std::collections::HashMap;
use store::{Error, Tx};

/// Whose role which provider gives, by name, as of their last sign-in. Of a provider that is gone nothing comes any more.
///
/// # Errors
/// As the store says.
pub(super) fn given_roles(tx: &mut dyn Tx, organization: OrganizationId) -> Result<HashMap<RefId, String>, Error> {
    let identities = store::identity_list_all(tx, organization)?;
    if identities.is_empty() {
        return Ok(HashMap::new());
    }
    let mut names = HashMap::new();
    for row in store::provider_list(tx, organization)? {
        let body: Value = serde_json::from_str(&row.body).unwrap_or_default();
        names.extend(body.get("issuer").and_then(Value::as_str).map(|issuer| (issuer.to_owned(), row.name.clone())));
    }
    let of = |row: store::IdentityRow| {
        let given: Given = serde_json::from_str(&row.given).ok()?;
        given.role?;
        Some((row.person, names.get(&row.issuer)?.clone()))
    };
    Ok(identities.into_iter().filter_map(of).collect())
}

/// Refuses another role for somebody whose role a provider gives, but from the provider itself, and to or from that of an owner,
/// which no provider gives or takes.
///
/// # Errors
/// `ManagedByProvider`; otherwise as the store says.
pub(super) fn check_given(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    weighed: &Weighed,
    author: &Author,
) -> Result<(), Undo> {
    if author.base.actor.kind == ActorKind::Provider {
        return Ok(());
    }
    let mut changed = Vec::new();
    for write in weighed.writes.iter().filter(|write| write.is_changed && write.row.kind == ComponentKind::User) {
        let Some(before) = weighed.before.iter().find(|row| row.ref_id == write.row.ref_id) else { continue };
        let [was, is] = [before, &write.row].map(|row| body_of(row).map(|body| role_said(&body).unwrap_or_default()));
        let roles = [was?, is?];
        if roles[0] != roles[1] && !roles.contains(&Role::Owner) {
            changed.push(&write.row);
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let given = given_roles(tx, organization)?;
    let Some((row, provider)) = changed.into_iter().find_map(|row| Some((row, given.get(&row.ref_id)?))) else {
        return Ok(());
    };
    let refused = ChangeRefusal::ManagedByProvider { username: row.name.clone(), provider: provider.clone() };
    Err(Refusal::Change(Box::new(refused)).into())
}
