//! Components as they are read: one with what names it, or a page of a kind.

use super::ahead::ahead;
use super::draft::{Draft, Piece, body_of};
use super::person_facts::{Facts, PersonQuery};
use super::personal::told_kept;
use super::shown::shown;
use crate::administration::Administration;
use domain::directory::{ComponentKind, Heartbeat, ManagedBy};
use domain::{Instant, OrganizationId, Refusal};
use engine::{Failure, Reader, Rights, Snapshot, snapshot};
use serde_json::{Map, Value, json};
use store::{ComponentRow, Error, HeartbeatRow, TurnedAwayRow, Tx};

/// Which components are asked for.
#[derive(Clone, Debug, Default)]
pub struct ComponentQuery {
    /// Words that all stand in it, whatever their case; in names, descriptions and addresses.
    pub words: String,
    /// Who manages them.
    pub managed_by: Option<ManagedBy>,
    /// A tag that they have.
    pub tag: Option<String>,
    /// The team that owns them, by name or id; of people, one that they are in.
    pub team: Option<String>,
    /// Of people.
    pub person: PersonQuery,
    /// The name after which the page begins.
    pub after: Option<String>,
    /// How many at most.
    pub limit: usize,
}

/// Components, ordered by name.
#[derive(Debug)]
pub struct ComponentPage {
    /// The version of the directory that they are of.
    pub version: i64,
    /// They.
    pub components: Vec<Value>,
    /// The name after which the next page begins, where there is one.
    pub next: Option<String>,
}

impl Administration {
    /// One component of this kind, by the id or name that a field of the request gave, with `named_by`: everything that refers to it.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn component(
        &self,
        reader: Reader,
        kind: ComponentKind,
        field: &'static str,
        reference: String,
    ) -> Result<Value, Failure> {
        let now = self.engine().now();
        let read = self.engine().read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, &reader)?;
            let unknown = || Refusal::UnknownComponent { field, kind, name: reference.clone() };
            let draft = around(tx, reader.organization, kind, &reference)?.ok_or_else(unknown)?;
            let place = draft.known(kind, &reference).ok_or_else(unknown)?;
            let piece = &draft.pieces[place];
            let row = draft.row(piece).ok_or_else(unknown)?;
            let rights = reader.rights(&snapshot);
            if !is_seen(&rights, kind, &piece.body) {
                return Err(unknown().into());
            }
            let mut component = shown(row, &piece.body);
            component["named_by"] = named_by(&draft, piece, |kind, body| is_seen(&rights, kind, body));
            if let Some(ahead) = ahead(&snapshot.directory, kind, &piece.name, now) {
                component["ahead"] = ahead;
            }
            if kind == ComponentKind::User {
                let visible = rights.visible();
                Facts::read(tx, visible.as_ref().unwrap_or(&snapshot))?.put(row, &mut component);
            }
            if let Some(digits) = snapshot.directory.integration_keys.get(&row.ref_id) {
                component["key_digits"] = json!(digits);
            }
            if kind == ComponentKind::Integration {
                let keys = store::integration_key_list(tx, reader.organization)?;
                let ends = keys.iter().filter(|key| key.integration == row.ref_id).filter_map(|key| key.ends_at);
                let last = ends.filter(|at| *at > now).max();
                component["key_before_ends_at"] = json!(last.map(Instant::wire));
                let away = store::turned_away_list(tx, reader.organization, &row.ref_id)?;
                component["turned_away"] = away.iter().map(turned_away).collect();
            }
            if let Some(entry) = snapshot.directory.heartbeats.with_ref(row.ref_id.as_str()) {
                let known = store::heartbeat_load(tx, reader.organization, &row.ref_id)?;
                component["heard"] = heard(&entry.component, known.as_ref(), now);
            }
            Ok(component)
        });
        read.await
    }

    /// The components of a kind that fit a query.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn components(
        &self,
        reader: Reader,
        kind: ComponentKind,
        query: ComponentQuery,
    ) -> Result<ComponentPage, Failure> {
        let read = self.engine().read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, &reader)?;
            let rights = reader.rights(&snapshot);
            let mut rows = store::component_list_of(tx, reader.organization, kind)?;
            rows.sort_by(|one, other| one.name.cmp(&other.name));
            let visible = rights.visible();
            let visible = visible.as_ref().unwrap_or(&snapshot);
            let facts = if kind == ComponentKind::User { Some(Facts::read(tx, visible)?) } else { None };
            let team = query.team.as_deref();
            let owner = team.map(|team| visible.directory.teams.known(team).map(|team| team.component.name.as_str()));
            let mut components = Vec::new();
            let mut next = None;
            for row in rows.iter().filter(|row| query.after.as_ref().is_none_or(|after| row.name > *after)) {
                let body = body_of(row)?;
                if !fits(&query, row, &body) || !is_seen(&rights, kind, &body) {
                    continue;
                }
                let is_of_team = match &facts {
                    Some(facts) => facts.fits(&query.person, team, row),
                    None if query.person.of_provider == Some(true) => false,
                    None => owner.is_none_or(|owner| owner.is_some() && owner == team_of(kind, &body)),
                };
                if !is_of_team {
                    continue;
                }
                if components.len() == query.limit {
                    next = components.last().map(|last: &(String, Value)| last.0.clone());
                    break;
                }
                let mut component = shown(row, &body);
                if let Some(facts) = &facts {
                    facts.put(row, &mut component);
                }
                if let Some(digits) = snapshot.directory.integration_keys.get(&row.ref_id) {
                    component["key_digits"] = json!(digits);
                }
                components.push((row.name.clone(), component));
            }
            let components = components.into_iter().map(|(_, component)| component).collect();
            Ok(ComponentPage { version: snapshot.directory.version, components, next })
        });
        read.await
    }
}

/// A component, by id or name, with what names it, as a draft of nothing else. Nothing where there is none.
fn around(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    kind: ComponentKind,
    reference: &str,
) -> Result<Option<Draft>, Error> {
    let found = store::organization_load(tx, organization)?;
    let found = found.ok_or_else(|| Error::Corrupt(format!("no organization {}", organization.0)))?;
    let Some(wanted) = store::component_known(tx, organization, kind, reference)? else { return Ok(None) };
    let mut rows = store::component_naming(tx, organization, &wanted.name)?;
    if !rows.iter().any(|row| row.kind == kind && row.name == wanted.name) {
        rows.push(wanted);
    }
    Draft::of(found, rows).map(Some)
}

/// A person with all that the directory says of them, by id or username: as [`Administration::component`] answers, with which
/// of their own fields they or others changed. Nothing where there is nobody.
///
/// # Errors
/// As the store says.
pub(crate) fn profile(tx: &mut dyn Tx, snapshot: &Snapshot, reference: &str) -> Result<Option<Value>, Error> {
    let kind = ComponentKind::User;
    let Some(draft) = around(tx, snapshot.directory.organization, kind, reference)? else { return Ok(None) };
    let Some(piece) = draft.known(kind, reference).map(|place| &draft.pieces[place]) else { return Ok(None) };
    let Some(row) = draft.row(piece) else { return Ok(None) };
    let mut told = shown(row, &piece.body);
    told["named_by"] = named_by(&draft, piece, |_, _| true);
    told["changed_by_hand"] = told_kept(row.provenance.personal.as_deref());
    Facts::read(tx, snapshot)?.put(row, &mut told);
    Ok(Some(told))
}

/// Everything that refers to a component, of what is seen.
fn named_by(draft: &Draft, piece: &Piece, is_seen: impl Fn(ComponentKind, &Map<String, Value>) -> bool) -> Value {
    let places = draft.named_by(piece.kind, &piece.name).into_iter();
    let seen = places.filter(|(kind, name, _)| {
        draft.named(*kind, name).is_some_and(|place| is_seen(*kind, &draft.pieces[place].body))
    });
    seen.map(|(kind, name, field)| json!({"kind": kind.word(), "name": name, "field": field})).collect()
}

/// The team that owns a component with this body.
pub(super) fn team_of(kind: ComponentKind, body: &Map<String, Value>) -> Option<&str> {
    body.get(if kind == ComponentKind::Team { "name" } else { "team" }).and_then(Value::as_str)
}

/// Whether somebody sees a component with this body: what they see of its kind and team, and oneself.
fn is_seen(rights: &Rights<'_>, kind: ComponentKind, body: &Map<String, Value>) -> bool {
    let username = body.get("username").and_then(Value::as_str).filter(|_| kind == ComponentKind::User);
    username.is_some_and(|username| rights.are_of(username)) || rights.sees_component(kind, team_of(kind, body))
}

/// How a heartbeat stands, and what it said last (intake §2.6).
fn heard(heartbeat: &Heartbeat, known: Option<&HeartbeatRow>, now: Instant) -> Value {
    let grace = i64::from(heartbeat.grace_seconds) * 1_000_000;
    let is_late = |alarms_at: Instant| alarms_at.plus_micros(-grace) <= now;
    let state = match known {
        _ if !heartbeat.enabled => "paused",
        None => "new",
        Some(row) if row.state == "up" && row.due_at.is_some_and(is_late) => "late",
        Some(row) => row.state.as_str(),
    };
    json!({
        "state": state,
        "at": known.map(|row| row.heard_at.wire()),
        "alarms_at": known.and_then(|row| row.due_at).filter(|_| heartbeat.enabled).map(Instant::wire),
        "said": known.map(|row| &row.body),
    })
}

/// What was turned away from an integration for one reason.
fn turned_away(row: &TurnedAwayRow) -> Value {
    json!({
        "reason": row.reason,
        "times": row.times,
        "last_at": row.last_at.wire(),
        "last_from": row.last_from,
    })
}

/// The keys in which words are looked for.
const SEARCHED: [&str; 7] = ["name", "username", "display_name", "first_name", "last_name", "description", "job_title"];

fn fits(query: &ComponentQuery, row: &ComponentRow, body: &Map<String, Value>) -> bool {
    let text: Vec<String> = SEARCHED.iter().filter_map(|key| Some(body.get(*key)?.as_str()?.to_lowercase())).collect();
    let words = query.words.to_lowercase();
    let has_words = words.split_whitespace().all(|word| text.iter().any(|text| text.contains(word)));
    let tags = || body.get("tags").and_then(Value::as_array).into_iter().flatten();
    has_words
        && query.managed_by.is_none_or(|by| row.provenance.managed_by == by)
        && query.tag.as_deref().is_none_or(|tag| tags().any(|known| known == tag))
}
