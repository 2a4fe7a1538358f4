//! `key create`, `key list`, `key revoke`.

use super::say;
use crate::exit::WrongInput;
use crate::house::{configure, open_store};
use crate::line::{Key, KeyCreate, KeyList, KeyRevoke, Settings};
use directory::{KeyRow, NewKey};
use domain::Instant;
use domain::directory::ComponentKind;
use engine::{Clock, Ids};
use std::fmt::Write;
use store::{OrganizationRow, Store};

/// Runs one of them.
pub(crate) fn key(key: &Key) -> anyhow::Result<()> {
    match key {
        Key::Create(line) => create(line),
        Key::List(line) => list(line),
        Key::Revoke(line) => revoke(line),
    }
}

fn store_of(settings: &Settings) -> anyhow::Result<Store> {
    open_store(&configure(settings.config.as_deref())?, &Clock::system())
}

fn organization(store: &Store, name: &str) -> anyhow::Result<OrganizationRow> {
    let found = store.read(|tx| store::organization_known_as(tx, name))?;
    found.ok_or_else(|| WrongInput::one(format!("no organization is named `{name}`; `reveille apply` makes one")))
}

fn create(line: &KeyCreate) -> anyhow::Result<()> {
    let new = new_key(line)?;
    let store = store_of(&line.settings)?;
    let id = organization(&store, &line.organization)?.id;
    let rows = store.read(|tx| store::component_list(tx, id))?;
    let team = |name: &String| {
        let row = rows.iter().find(|row| row.kind == ComponentKind::Team && row.name == *name);
        let unknown = || WrongInput::one(format!("--team: no team is named `{name}`"));
        row.map(|row| row.ref_id.to_string()).ok_or_else(unknown)
    };
    let teams: Vec<String> = line.team.iter().map(team).collect::<anyhow::Result<_>>()?;
    let new = NewKey { teams: (!teams.is_empty()).then_some(teams), ..new };
    let key = directory::key_create(&store, &Clock::system(), &Ids::system(), &line.organization, &new)?;
    let key = key.ok_or_else(|| WrongInput::one(format!("no organization is named `{}`", line.organization)))?;
    say(&format!("{key}\n"))
}

fn new_key(line: &KeyCreate) -> anyhow::Result<NewKey> {
    let characters = line.name.chars().count();
    if !(1..=domain::limits::NAME_CHARACTERS).contains(&characters) {
        let most = domain::limits::NAME_CHARACTERS;
        return Err(WrongInput::one(format!("--name: must have 1 to {most} characters")));
    }
    let network = |text: &String| -> anyhow::Result<String> {
        directory::network(text).ok_or_else(|| WrongInput::one(format!("--allow: `{text}` is not a network")))
    };
    let instant = |text: &String| -> anyhow::Result<Instant> {
        let at = Instant::parse(text)
            .ok_or_else(|| WrongInput::one(format!("--expires: `{text}` is not a day or an instant")))?;
        if at.0 <= Clock::system().now() {
            return Err(WrongInput::one(format!("--expires: `{text}` must be in the future")));
        }
        Ok(at)
    };
    Ok(NewKey {
        allow: line.allow.iter().map(network).collect::<Result<_, _>>()?,
        expires_at: line.expires.as_ref().map(instant).transpose()?,
        ..NewKey::of(&line.name, line.scope.into())
    })
}

fn list(line: &KeyList) -> anyhow::Result<()> {
    let store = store_of(&line.settings)?;
    let organization = organization(&store, &line.organization)?;
    let keys = store.read(|tx| store::key_list(tx, organization.id))?;
    let mut text = format!("{:>5}  {:24} {:10} {:7} {}\n", "id", "name", "scope", "ends in", "state");
    for key in keys.iter().filter(|key| key.person.is_none()) {
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{:>5}  {:24} {:10} …{:6} {}",
            key.id,
            key.name,
            key.scope.word(),
            key.tail,
            state(key, Instant(Clock::system().now()))
        );
    }
    say(&text)
}

/// Whether a key counts, from where, and when it was used last.
pub(super) fn state(key: &KeyRow, now: Instant) -> String {
    let mut parts = Vec::new();
    match (key.revoked_at, key.expires_at) {
        (Some(at), _) => parts.push(format!("revoked {}", at.wire())),
        (None, Some(at)) if at <= now => parts.push(format!("expired {}", at.wire())),
        (None, Some(at)) => parts.push(format!("valid until {}", at.wire())),
        (None, None) => parts.push("valid".to_owned()),
    }
    if !key.allow.is_empty() {
        parts.push(format!("from {}", key.allow.join(" ")));
    }
    parts.push(key.last_used_at.map_or("never used".to_owned(), |at| format!("last used {}", at.wire())));
    parts.join(", ")
}

fn revoke(line: &KeyRevoke) -> anyhow::Result<()> {
    let store = store_of(&line.settings)?;
    let organization = organization(&store, &line.organization)?;
    if !directory::key_revoke(&store, &Clock::system(), &Ids::system(), organization.id, line.id)? {
        return Err(WrongInput::one(format!("there is no key {} that could be revoked", line.id)));
    }
    say(&format!("key {} is revoked\n", line.id))
}
