//! Commands beside the server: they change a directory by the same way as callers of the API, and look at its versions.

use super::author::Author;
use super::many::{ChangeOf, Changed, Judged, Manner, judge, write};
use super::version::{definition_at, plan_between, row};
use super::wish::{Act, Edit, OnlyIf};
use crate::file::Plan;
use domain::directory::{ComponentKind, Definition, Role};
use domain::{Instant, OrganizationId};
use engine::{Ids, Undo};
use serde_json::Value;
use store::{Error, Store, VersionRow};

/// Changes a directory, all of it or nothing. Nodes that run hear of it as they do of `apply`.
///
/// # Errors
/// As [`crate::Administration::change_directory`].
pub fn change_beside(
    store: &Store,
    ids: &Ids,
    now: Instant,
    organization: OrganizationId,
    (wish, manner): (&ChangeOf, Manner),
) -> Result<Changed, Undo> {
    let author = Author::of_command();
    if manner.is_dry_run {
        return store.read(|tx| Ok(judge(tx, organization, wish, manner, ids, &author, now)?.changed));
    }
    store.write(|tx| {
        store::organization_hold(tx, organization)?;
        let Judged { weighed, changed, .. } = judge(tx, organization, wish, manner, ids, &author, now)?;
        if !weighed.is_empty() {
            write(tx, organization, &weighed, ids, &author, now)?;
        }
        Ok(changed)
    })
}

/// Makes somebody an owner, by the word of who runs the server: nobody else can where there is none.
///
/// # Errors
/// `Refused` with `UnknownComponent`, or with `Change` where a directory file says what their role is; or as the store says.
pub fn make_owner(
    store: &Store,
    ids: &Ids,
    now: Instant,
    organization: OrganizationId,
    user: &str,
) -> Result<Changed, Undo> {
    let role = [("role".to_owned(), Value::from(Role::Owner.word()))];
    let act = Act::Patch(user.to_owned(), role.into_iter().collect());
    let (kind, only_if) = (ComponentKind::User, OnlyIf::Any);
    let edit = Edit { kind, act, only_if, field: "--user", before_path: String::new() };
    change_beside(store, ids, now, organization, (&ChangeOf::Components(vec![edit]), Manner::default()))
}

/// The newest versions of a directory, at most so many.
///
/// # Errors
/// As the store says.
pub fn version_list(store: &Store, organization: OrganizationId, limit: u32) -> Result<Vec<VersionRow>, Error> {
    store.read(|tx| store::version_list(tx, organization, i64::MAX, limit))
}

/// What is different at the version `until` from what was at the version `from`.
///
/// # Errors
/// `Refused(UnknownVersion)`, or as the store says.
pub fn diff_beside(store: &Store, organization: OrganizationId, from: i64, until: i64) -> Result<Plan, Undo> {
    store.read(|tx| {
        let (old, new) = (row(tx, organization, "from", from)?, row(tx, organization, "until", until)?);
        Ok(plan_between(tx, organization, &old, &new)?)
    })
}

/// The directory as it was at a version.
///
/// # Errors
/// `Refused(UnknownVersion)`, or as the store says.
pub fn export_at(store: &Store, organization: OrganizationId, version: i64) -> Result<Definition, Undo> {
    store.read(|tx| {
        let version = row(tx, organization, "version", version)?;
        Ok(definition_at(tx, organization, &version)?)
    })
}
