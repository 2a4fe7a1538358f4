//! The names and addresses of somebody who left, wherever they are kept as texts, and what stands there once they are erased.

use crate::audit::{self, Changed, Value};
use domain::directory::User;
use domain::{OrganizationId, Username};
use engine::KeptSwap;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;
use store::{ComponentRow, ComponentVersionRow, Error, FormerPersonRow, Tx};

/// Versions of one person that are looked at.
const VERSIONS: u32 = 100_000;
/// Characters of the shortest text that is looked for.
const SHORTEST: usize = 3;
/// Keys of a profile that stay when its person is erased.
const KEPT: [&str; 3] = ["username", "role", "locked"];
/// What the tokens of somebody who was erased are called.
const TOKEN: &str = "(erased)";

/// What is known of somebody who left, until it is erased.
#[derive(Debug)]
pub(super) struct Traces {
    pub(super) left: FormerPersonRow,
    /// Names that were shown for them and are nobody's now.
    pub(super) names: Vec<String>,
    /// Their addresses, the longest first.
    pub(super) addresses: Vec<String>,
    /// All of that and what the audit log holds of them, the longest first.
    texts: Vec<String>,
    profiles: Vec<ComponentVersionRow>,
    /// The number of the last who was erased.
    last_erased: i64,
}

impl Traces {
    /// What is kept of somebody who left, by id or username; nothing where there is nobody.
    pub(super) fn gather(tx: &mut dyn Tx, organization: OrganizationId, person: &str) -> Result<Option<Self>, Error> {
        let all = store::former_person_list(tx, organization)?;
        let last_erased = all.iter().filter_map(|row| row.erased).max().unwrap_or_default();
        let has_name = |row: &&FormerPersonRow| row.username == Username::from(person);
        let by_id = all.iter().find(|row| row.ref_id.as_str() == person);
        let Some(left) = by_id.or_else(|| all.iter().rev().find(has_name)).cloned() else { return Ok(None) };
        let profiles = store::component_version_past(tx, organization, &left.ref_id, VERSIONS)?;
        let bodies: Vec<Map<String, Json>> = profiles.iter().filter_map(body_of).collect();
        let shown = |body: &Map<String, Json>| {
            let user: User = serde_json::from_value(Json::Object(body.clone())).ok()?;
            Some(user.shown_name().to_owned())
        };
        let mut names: BTreeSet<String> = bodies.iter().filter_map(shown).collect();
        names.extend(left.erased.is_none().then(|| left.name.clone()));
        // A username stays, and is what is shown where nobody said a name.
        names.retain(|name| *name != left.username.as_str() && name.chars().count() >= SHORTEST);
        let mut addresses: BTreeSet<String> = bodies.iter().flat_map(addresses).collect();
        let values = store::audit_personal_of(tx, organization, &left.ref_id)?;
        addresses.extend(values.iter().filter(|value| value.contains('@') || value.starts_with('+')).cloned());
        let parts = bodies.iter().flat_map(|body| ["first_name", "last_name"].map(|key| text(body, key)));
        let mut texts: BTreeSet<String> = names.iter().chain(&addresses).cloned().collect();
        texts.extend(parts.flatten().chain(values));
        for user in engine::definition_of(&store::component_list(tx, organization)?)?.users {
            names.remove(user.shown_name());
        }
        let names = longest_first(names);
        let (addresses, texts) = (longest_first(addresses), longest_first(texts));
        Ok(Some(Self { left, names, addresses, texts, profiles, last_erased }))
    }
}

/// The longest first, so that none is replaced in part.
fn longest_first(texts: BTreeSet<String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.into_iter().filter(|text| text.chars().count() >= SHORTEST).collect();
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts
}

fn body_of(row: &ComponentVersionRow) -> Option<Map<String, Json>> {
    serde_json::from_str(row.body.as_deref()?).ok()
}

fn text(body: &Map<String, Json>, key: &str) -> Option<String> {
    body.get(key).and_then(Json::as_str).map(str::to_owned)
}

/// Where somebody is reached by a profile.
fn addresses(body: &Map<String, Json>) -> Vec<String> {
    let inside = |key: &str, inner: &str| body.get(key).and_then(Json::as_object).and_then(|part| text(part, inner));
    let own = ["email", "taskcall_email", "sms", "voice", "phone"].map(|key| text(body, key));
    let others = [("chat", "recipient"), ("chat", "url"), ("webhook", "url"), ("push", "url")];
    own.into_iter().chain(others.map(|(key, inner)| inside(key, inner))).flatten().collect()
}

/// Erases somebody wherever it takes a few rows: what is shown for them from now on, and what the audit log is told.
pub(super) fn erase(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    traces: &Traces,
) -> Result<(String, Vec<Changed>), Error> {
    let person = &traces.left.ref_id;
    let number = traces.left.erased.unwrap_or(traces.last_erased + 1);
    let name = format!("former person {number}");
    store::former_person_erase(tx, organization, person, (&name, number))?;
    profiles(tx, organization, traces, &name)?;
    for old in &traces.names {
        store::author_rename(tx, organization, old, &name)?;
    }
    for row in store::component_list(tx, organization)? {
        changed_by(tx, organization, &row, (&traces.names, &name))?;
    }
    for row in store::swap_list(tx, organization)? {
        let mut kept = KeptSwap::of(&row)?;
        if kept.made_by.as_ref().is_some_and(|by| traces.names.contains(by)) {
            kept.made_by = Some(name.clone());
            store::swap_rewrite(tx, organization, (&row.routine, &row.swap_ref_id), &kept.body()?)?;
        }
    }
    store::key_erase(tx, organization, person, TOKEN)?;
    let values = audit::erase(tx, organization, person.as_str())?;
    let changes = vec![
        Changed::set("display_name", Value::text(&name)),
        Changed::set("audit_values", Value::Plain(values.into())),
    ];
    Ok((name, changes))
}

/// What the profile was, and the words in which versions of the directory tell how it was changed.
fn profiles(tx: &mut dyn Tx, organization: OrganizationId, traces: &Traces, name: &str) -> Result<(), Error> {
    for row in &traces.profiles {
        if let Some(mut body) = body_of(row) {
            body.retain(|key, _| KEPT.contains(&key.as_str()));
            body.insert("display_name".to_owned(), Json::from(name));
            let body = Json::Object(body).to_string();
            store::component_version_rewrite(tx, organization, (&row.ref_id, row.version), &body)?;
        }
        let version = store::version_list(tx, organization, row.version.saturating_add(1), 1)?.into_iter().next();
        if let Some(version) = version.filter(|version| version.version == row.version) {
            let plan =
                traces.texts.iter().fold(version.plan.clone(), |plan, text| plan.replace(text.as_str(), "(erased)"));
            if plan != version.plan {
                store::version_rewrite(tx, organization, version.version, &plan)?;
            }
        }
    }
    Ok(())
}

/// By whom fields of people were changed that a directory file does not change any more.
fn changed_by(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    row: &ComponentRow,
    (names, new): (&[String], &str),
) -> Result<(), Error> {
    let Some(text) = &row.provenance.personal else { return Ok(()) };
    let Ok(mut changes) = serde_json::from_str::<Map<String, Json>>(text) else { return Ok(()) };
    for change in changes.values_mut() {
        let is_theirs = change.get("by").and_then(Json::as_str).is_some_and(|by| names.iter().any(|name| name == by));
        if is_theirs {
            change["by"] = Json::from(new);
        }
    }
    let rewritten = Json::Object(changes).to_string();
    if rewritten == *text {
        return Ok(());
    }
    store::component_changed_by(tx, organization, &row.ref_id, &rewritten)
}
