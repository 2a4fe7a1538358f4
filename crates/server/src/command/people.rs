//! `user list`, `user lock`, `user unlock`, `user remove`, `team list`, `token create`, `token list`, `token revoke`.

use super::opened::Opened;
use super::say;
use crate::exit::WrongInput;
use crate::line::{Of, Remove, Team, Token, TokenCreate, TokenRevoke, UserNamed};
use directory::{Act, ChangeOf, Edit, Instead, NewKey, OnlyIf, Owner, state_of};
use domain::directory::{Component, ComponentKind, Definition, Settings, User};
use engine::{Clock, Ids};
use serde_json::{Map, Value};
use std::fmt::Write;
use store::ComponentRow;

const DAY_MINUTES: u32 = 24 * 60;

fn components(opened: &Opened) -> anyhow::Result<(Vec<ComponentRow>, Definition)> {
    let rows = opened.store.read(|tx| store::component_list(tx, opened.organization.id))?;
    let definition = engine::definition_of(&rows)?;
    Ok((rows, definition))
}

/// Lists people.
pub(super) fn list(of: &Of) -> anyhow::Result<()> {
    let opened = Opened::of(of)?;
    let (rows, definition) = components(&opened)?;
    let states = opened.store.read(|tx| state_of(tx, opened.organization.id))?;
    let mut text = format!("{:24} {:12} {:8} {:24} {}\n", "username", "role", "state", "name", "contacts");
    let mut users: Vec<&User> = definition.users.iter().collect();
    users.sort_by(|one, other| one.username.cmp(&other.username));
    for user in users {
        let row = rows.iter().find(|row| row.kind == ComponentKind::User && row.name == user.username.as_str());
        let state = row.map_or("active", |row| states(&row.ref_id, user).word());
        let channels = domain::notification::Channel::ALL.into_iter().filter(|channel| user.has_contact(*channel));
        let contacts: Vec<_> = channels.map(|channel| channel.word()).collect();
        let (username, role, name) = (user.username.as_str(), user.role.word(), user.shown_name());
        let _ = writeln!(text, "{username:24} {role:12} {state:8} {name:24} {}", contacts.join(", "));
    }
    say(&text)
}

/// Locks a person, or lets them in again.
pub(super) fn lock(line: &UserNamed, locked: bool) -> anyhow::Result<()> {
    let opened = Opened::named(&line.settings, line.organization.as_deref())?;
    let body = Map::from_iter([("locked".to_owned(), Value::from(locked))]);
    opened.change(&of_person(Act::Patch(line.user.clone(), body)), false)?;
    let words = if locked { "may not sign in any more; sessions and tokens ended" } else { "may sign in again" };
    say(&format!("{} {words}\n", line.user))
}

/// Removes a person.
pub(super) fn remove(line: &Remove) -> anyhow::Result<()> {
    let UserNamed { settings, organization, user } = &line.named;
    let opened = Opened::named(settings, organization.as_deref())?;
    let instead = match &line.transfer_to {
        Some(other) => Instead::Other("--transfer-to", other.clone()),
        None if line.leave_gaps => Instead::Gap,
        None => Instead::Nothing,
    };
    let (rows, _) = components(&opened)?;
    let is_it = |row: &&ComponentRow| row.kind == ComponentKind::User && row.ref_id.as_str() == user;
    let is_named = |row: &&ComponentRow| row.kind == ComponentKind::User && row.name == *user;
    let here = rows.iter().find(is_it).or_else(|| rows.iter().find(is_named));
    let mut text = String::new();
    if here.is_some() || !line.erase {
        let changed = opened.change(&of_person(Act::Remove(user.clone(), instead)), line.dry_run)?;
        let _ = writeln!(text, "{}", changed.plan);
    }
    if line.erase {
        let person = here.map_or(user.as_str(), |row| row.ref_id.as_str());
        let ids = Ids::system();
        let erased = directory::erase_beside(&opened.store, &ids, opened.now, opened.organization.id, person)?;
        let erased =
            erased.ok_or_else(|| WrongInput::one(format!("user: there is no user `{user}`, nor one who left")))?;
        let _ = writeln!(text, "{user} is shown as {} from now on", erased.name);
        for (_, number) in erased.noted {
            let _ = writeln!(text, "their name stands in notes of incident #{number}, which are left as they are");
        }
    }
    say(&text)
}

fn of_person(act: Act) -> ChangeOf {
    let kind = ComponentKind::User;
    ChangeOf::Components(vec![Edit { kind, act, only_if: OnlyIf::Any, field: "user", before_path: String::new() }])
}

/// Lists teams.
pub(super) fn team(Team::List(of): &Team) -> anyhow::Result<()> {
    let opened = Opened::of(of)?;
    let (rows, definition) = components(&opened)?;
    let mut text = String::new();
    for team in &definition.teams {
        let marks = [(team.protected, "protected"), (team.private, "private")];
        let marks: Vec<_> = marks.into_iter().filter(|(is_it, _)| *is_it).map(|(_, word)| word).collect();
        let _ = writeln!(text, "{} {}", team.name(), marks.join(", "));
        for member in &team.members {
            let _ = writeln!(text, "  {:24} {}", member.username, member.team_role.word());
        }
        for row in rows.iter().filter(|row| is_owned(row, team.name())) {
            let _ = writeln!(text, "  owns {} {}", row.kind.word().replace('_', " "), row.name);
        }
    }
    say(&text)
}

fn is_owned(row: &ComponentRow, team: &str) -> bool {
    let body: Value = serde_json::from_str(&row.body).unwrap_or_default();
    body.get("team").and_then(Value::as_str) == Some(team)
}

/// Makes, lists or revokes tokens.
pub(super) fn token(token: &Token) -> anyhow::Result<()> {
    match token {
        Token::Create(line) => create(line),
        Token::List(of) => tokens(of),
        Token::Revoke(line) => revoke(line),
    }
}

fn create(line: &TokenCreate) -> anyhow::Result<()> {
    let UserNamed { settings, organization, user } = &line.named;
    let opened = Opened::named(settings, organization.as_deref())?;
    let characters = line.name.chars().count();
    if !(1..=domain::limits::NAME_CHARACTERS).contains(&characters) || line.name.contains(char::is_control) {
        let most = domain::limits::NAME_CHARACTERS;
        return Err(WrongInput::one(format!(
            "--name: must have 1 to {most} characters, none of them a control character"
        )));
    }
    let (rows, _) = components(&opened)?;
    let person = rows.iter().find(|row| row.kind == ComponentKind::User && row.name == *user);
    let person = person.ok_or_else(|| WrongInput::one(format!("the organization has no user `{user}`")))?;
    let settings: Settings = serde_json::from_str(&opened.organization.settings)?;
    let days = line.days.unwrap_or(settings.token_days);
    let new = NewKey {
        expires_at: Some(opened.now.plus_minutes(days * DAY_MINUTES)),
        owner: Owner::Person(person.ref_id.clone()),
        ..NewKey::of(&line.name, line.scope.into())
    };
    let name = &opened.organization.name;
    let made = directory::key_create(&opened.store, &Clock::system(), &Ids::system(), name, &new)?;
    let made = made.ok_or_else(|| WrongInput::one(format!("no organization is named `{name}`")))?;
    say(&format!("{made}\n"))
}

fn tokens(of: &Of) -> anyhow::Result<()> {
    let opened = Opened::of(of)?;
    let (rows, _) = components(&opened)?;
    let keys = opened.store.read(|tx| store::key_list(tx, opened.organization.id))?;
    let mut text = format!("{:>5}  {:24} {:24} {:10} {:7} {}\n", "id", "of", "name", "scope", "ends in", "state");
    for key in &keys {
        let Some(person) = &key.person else { continue };
        let owner = rows.iter().find(|row| row.ref_id == *person).map_or("(left)", |row| row.name.as_str());
        let (id, name, scope, state) = (key.id, &key.name, key.scope.word(), super::key::state(key, opened.now));
        let _ = writeln!(text, "{id:>5}  {owner:24} {name:24} {scope:10} …{:6} {state}", key.tail);
    }
    say(&text)
}

fn revoke(line: &TokenRevoke) -> anyhow::Result<()> {
    let opened = Opened::of(&line.of)?;
    let keys = opened.store.read(|tx| store::key_list(tx, opened.organization.id))?;
    let is_token = keys.iter().any(|key| key.id == line.id && key.person.is_some());
    let (clock, ids) = (Clock::system(), Ids::system());
    if !is_token || !directory::key_revoke(&opened.store, &clock, &ids, opened.organization.id, line.id)? {
        return Err(WrongInput::one(format!("there is no token {} that could be revoked", line.id)));
    }
    say(&format!("token {} is revoked\n", line.id))
}
