//! Heartbeats: what is heard of them, and their silence.

use super::carry_out::judged;
use super::{Case, Incoming, Intake, Taking, take_in};
use crate::desk::Batch;
use crate::digest::{problem_digest, short_digest};
use crate::failure::Undo;
use crate::ids::Ids;
use domain::directory::Heartbeat;
use domain::intake::{Fate, Judged, Received, State};
use domain::{Instant, OrganizationId, RefId, limits};
use store::{HeartbeatRow, ProblemsOf};

/// Heartbeats of an organization that are looked at in one transaction.
pub(crate) const SILENT_AT_ONCE: u32 = 200;
/// Names under which its silence was told that are looked for.
const NAMES_AT_ONCE: u32 = 10;
/// Minutes that a heartbeat is given at most after nobody was there to hear it.
const AFTER_ABSENCE_MINUTES: u32 = 5;

/// What a heartbeat says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ping {
    /// It is well.
    Well,
    /// It began, and will say how it ended.
    Started,
    /// It failed.
    Failed,
    /// Something to write down.
    Said,
}

/// Takes in what a heartbeat says, with the beginning of its body. `false` when there is no such heartbeat.
///
/// # Errors
/// As the store says; nothing is changed then.
pub(crate) fn ping(
    batch: &mut Batch<'_>,
    (organization, ref_id): (OrganizationId, &RefId),
    (ping, run): (Ping, Option<&str>),
    body: &str,
    alert: &RefId,
) -> Result<bool, Undo> {
    let (now, snapshot) = (batch.now(), batch.snapshot(organization)?);
    let Some(entry) = snapshot.directory.heartbeats.with_ref(ref_id.as_str()) else { return Ok(false) };
    let heartbeat = &entry.component;
    let known = store::heartbeat_load(batch.tx, organization, ref_id)?;
    let body: String = body[..body.floor_char_boundary(limits::HEARTBEAT_BYTES)].replace('\0', "\u{fffd}");
    let row = |run: Option<&str>, state: &str, due_at| HeartbeatRow {
        ref_id: ref_id.clone(),
        run: run.map(str::to_owned),
        state: state.to_owned(),
        heard_at: now,
        due_at,
        body: body.clone(),
    };
    let run_ends_by =
        now.plus_micros(i64::from(heartbeat.grace_seconds.max(limits::HEARTBEAT_SECONDS_LEAST)) * 1_000_000);
    let mut is_followed = false;
    match (ping, run) {
        (Ping::Started, Some(run)) if has_room(batch, organization, ref_id)? => {
            is_followed = true;
            store::heartbeat_save(batch.tx, organization, &row(Some(run), "started", Some(run_ends_by)))?;
        }
        (Ping::Well | Ping::Failed, Some(_)) => drop(store::heartbeat_delete(batch.tx, organization, ref_id, run)?),
        _ => {}
    }
    let (state, due_at) = match ping {
        Ping::Well => ("up", silent_at(heartbeat, now)),
        // It is the run that is waited for.
        Ping::Started if is_followed => ("started", None),
        Ping::Started => ("started", Some(run_ends_by)),
        Ping::Failed if heartbeat.enabled => ("down", None),
        Ping::Failed | Ping::Said => known.as_ref().map_or(("new", None), |row| (row.state.as_str(), row.due_at)),
    };
    store::heartbeat_save(batch.tx, organization, &row(None, state, due_at))?;
    match ping {
        // A run that began since is no word that it is well.
        Ping::Well => {
            for (place, problem) in told(batch, organization, (ref_id, heartbeat))?.into_iter().enumerate() {
                let id = match place {
                    0 => alert.clone(),
                    _ => RefId(short_digest(&format!("{alert}\0{problem}"))),
                };
                let said = (State::Resolved, "is well again", body.as_str());
                say(batch, organization, (ref_id, heartbeat), (&id, Some(problem)), said)?;
            }
        }
        Ping::Failed => {
            say(batch, organization, (ref_id, heartbeat), (alert, None), (State::Firing, "failed", &body))?;
        }
        Ping::Started | Ping::Said => {}
    }
    Ok(true)
}

/// Whether one more run of it is followed by its id.
fn has_room(batch: &mut Batch<'_>, organization: OrganizationId, ref_id: &RefId) -> Result<bool, Undo> {
    let rows = store::heartbeat_list(batch.tx, organization)?;
    Ok(rows.iter().filter(|row| row.ref_id == *ref_id && row.run.is_some()).count() < limits::HEARTBEAT_RUNS)
}

impl Taking<'_, '_> {
    /// An alert that always fires is the word of the heartbeat that is called like it.
    pub(super) fn hear(&mut self, case: &Case<'_>, name: &str) -> Result<Judged, Undo> {
        let Some(entry) = self.snapshot.directory.heartbeats.named(name) else {
            return Ok(judged(Fate::Ignored, Some("informational".to_owned()), None));
        };
        let of = (self.intake.organization, &entry.ref_id.clone());
        // What the heartbeat says of itself is an alert of its own.
        let alert = RefId(short_digest(&format!("{}\0{}", case.id, identity(&entry.component))));
        let because = identity(&entry.component);
        ping(self.batch, of, (Ping::Well, None), &case.received.title, &alert)?;
        Ok(judged(Fate::Noted, Some(because), None))
    }
}

/// Looks at the heartbeats of an organization that are silent; how many. What could not be heard before `began_at`, because
/// nobody was there, is given some minutes.
pub(crate) fn silence(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    began_at: Instant,
    ids: &Ids,
) -> Result<usize, Undo> {
    let (now, snapshot) = (batch.now(), batch.snapshot(organization)?);
    let silent = store::heartbeat_due(batch.tx, organization, now, SILENT_AT_ONCE)?;
    for row in &silent {
        let Some(entry) = snapshot.directory.heartbeats.with_ref(row.ref_id.as_str()) else {
            store::heartbeat_delete(batch.tx, organization, &row.ref_id, row.run.as_deref())?;
            continue;
        };
        let heartbeat = &entry.component;
        let most = 60 * AFTER_ABSENCE_MINUTES;
        let given = i64::from(heartbeat.every_seconds.unwrap_or(most).min(most)) * 1_000_000;
        let was_away = row.due_at.is_some_and(|due_at| due_at < began_at) && began_at.plus_micros(given) > now;
        if was_away {
            let row = HeartbeatRow { due_at: Some(began_at.plus_micros(given)), ..row.clone() };
            store::heartbeat_save(batch.tx, organization, &row)?;
            continue;
        }
        let mut own = row.clone();
        if let Some(run) = own.run.take() {
            store::heartbeat_delete(batch.tx, organization, &row.ref_id, Some(&run))?;
            own = store::heartbeat_load(batch.tx, organization, &row.ref_id)?.unwrap_or(own);
        }
        let own = match heartbeat.enabled {
            // Once it is switched on again, it must be heard of by the next time.
            false => HeartbeatRow { due_at: silent_at(heartbeat, now), ..own },
            true => HeartbeatRow { state: "down".to_owned(), due_at: None, ..own },
        };
        store::heartbeat_save(batch.tx, organization, &own)?;
        if heartbeat.enabled {
            let text = match row.run {
                Some(_) => format!("A run that began at {} (UTC) has not ended.", row.heard_at.wire()),
                None => format!("It was heard of last at {} (UTC).", row.heard_at.wire()),
            };
            let alert = RefId(ids.timed_ref_id(now));
            let said = (State::Firing, "is silent", text.as_str());
            say(batch, organization, (&row.ref_id, heartbeat), (&alert, None), said)?;
        }
    }
    Ok(silent.len())
}

/// When it counts as silent, if it was heard of at `now`.
fn silent_at(heartbeat: &Heartbeat, now: Instant) -> Option<Instant> {
    heartbeat.next_at(now).map(|at| at.plus_micros(i64::from(heartbeat.grace_seconds) * 1_000_000))
}

/// What its alert is called.
fn identity(heartbeat: &Heartbeat) -> String {
    format!("heartbeat:{}", heartbeat.name)
}

/// The problems that are its silence or failure, as far as they are not over: also those that it had by another name.
fn told(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    (ref_id, heartbeat): (&RefId, &Heartbeat),
) -> Result<Vec<String>, Undo> {
    let own = problem_digest(ref_id, &identity(heartbeat));
    let is_open = store::problem_load(batch.tx, organization, &own)?.is_some_and(|problem| !problem.is_over);
    let going_on = (ref_id, ProblemsOf::GoingOn);
    let (listed, _) = store::problem_list(batch.tx, organization, going_on, None, NAMES_AT_ONCE)?;
    let others = listed.into_iter().filter(|other| !other.is_over && other.digest != own);
    let others: Vec<_> = others.map(|other| other.digest).collect();
    Ok(is_open.then_some(own).into_iter().chain(others).collect())
}

/// The alert of a heartbeat.
fn say(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    (ref_id, heartbeat): (&RefId, &Heartbeat),
    (alert, problem): (&RefId, Option<String>),
    (state, what, text): (State, &str, &str),
) -> Result<(), Undo> {
    let name = &heartbeat.name;
    let received = Received {
        identity: Some(identity(heartbeat)),
        title: format!("Heartbeat {name} {what}"),
        text: text.to_owned(),
        urgency: Some(heartbeat.urgency),
        tags: vec![format!("heartbeat:{name}")],
        ..Received::of(state)
    };
    let intake = Intake {
        origin: None,
        alerts: vec![Incoming { id: alert.clone(), problem, received }],
        body_digest: short_digest(&format!("{}\0{}", ref_id, batch.now().0)),
        ..Intake::of_nothing(organization, ref_id.clone())
    };
    take_in(batch, &intake, &[]).map(drop)
}
