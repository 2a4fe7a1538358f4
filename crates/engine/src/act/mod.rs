//! Acting: load, step, save, in the transaction of a batch. The only way by which an incident changes.

mod change;
mod credential;
mod idempotency;
mod intake;
mod merged;
mod rights;

pub use change::{Asker, ChangeContext, Origin, change_once, change_told_once};
pub use credential::{Credential, Reader};
pub use idempotency::{Idempotency, amend, remember};
pub use intake::{AlertPlace, AlertToEnd, Incoming, Intake, Ping, Taken, order_of, take_in, turn_windows};
pub(crate) use intake::{
    LAPSES_AT_ONCE, SILENT_AT_ONCE, count, end_by_hand, foreseen_of, keep_topic, lapse, ping, place_of, silence,
    uncounted,
};
pub use merged::survivor;
pub use rights::Rights;

use crate::desk::{Batch, Foreseen};
use crate::failure::Undo;
use domain::directory::{ComponentKind, Directory};
use domain::incident::{
    Actor, AlertChange, By, Case, Change, Command, Event, Happening, Incident, Method, Outcome, Status, Step, step,
};
use domain::{InstanceId, Instant, OrganizationId, RefId, Refusal, Username};
use idempotency::remembered;
use store::{Error, Tx};

/// A request to change an incident.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose incident it is.
    pub organization: OrganizationId,
    /// By what right it is asked; `None` for the engine itself.
    pub credential: Option<Credential>,
    /// By what way it came.
    pub method: Method,
    /// Preferred username of who acts; else the key's name is shown.
    pub by: Option<String>,
    /// The integration that acts, by its name, where it is neither a user nor a key.
    pub integration: Option<String>,
    /// The incident; `None` for a trigger.
    pub instance_id: Option<InstanceId>,
    /// What is asked.
    pub command: Command,
    /// How a repetition of this request is known.
    pub idempotency: Option<Idempotency>,
}

/// On what terms a command is asked: a [`Request`] without the command.
struct Terms<'a> {
    organization: OrganizationId,
    credential: Option<&'a Credential>,
    method: Method,
    by: Option<&'a str>,
    integration: Option<&'a str>,
    instance_id: Option<InstanceId>,
    idempotency: Option<&'a Idempotency>,
}

impl Request {
    fn terms(&self) -> Terms<'_> {
        Terms {
            organization: self.organization,
            credential: self.credential.as_ref(),
            method: self.method,
            by: self.by.as_deref(),
            integration: self.integration.as_deref(),
            instance_id: self.instance_id,
            idempotency: self.idempotency.as_ref(),
        }
    }

    /// What the engine itself asks of an incident.
    pub fn by_system(organization: OrganizationId, instance_id: InstanceId, command: Command) -> Self {
        let (method, instance_id) = (Method::System, Some(instance_id));
        Self {
            organization,
            credential: None,
            method,
            by: None,
            integration: None,
            instance_id,
            command,
            idempotency: None,
        }
    }
}

/// Performs a request at the batch's time, in its transaction.
///
/// # Errors
/// The rules' refusal, or as the store says; either way the caller's part of the transaction is undone.
pub fn act(batch: &mut Batch<'_>, request: &Request) -> Result<Outcome, Undo> {
    act_on(batch, &request.terms(), request.command.clone())
}

/// Performs a command that is made for this once.
fn act_on(batch: &mut Batch<'_>, terms: &Terms<'_>, command: Command) -> Result<Outcome, Undo> {
    let now = batch.now();
    let snapshot = batch.snapshot(terms.organization)?;
    let asking = terms.credential.map(|credential| credential.who(&snapshot, now)).transpose()?;
    if let Some(outcome) = remembered(batch.tx, terms.organization, terms.idempotency, now)? {
        return Ok(outcome);
    }
    let asking = asking.or_else(|| terms.integration.map(|name| By::Named(name.to_owned())));
    let by = acting(terms.by, asking, &snapshot.directory)?;
    let user = terms.by.map(Username::from);
    let actor = Actor { method: terms.method, by, user };
    let case = load(batch, terms, &command)?;
    let before = Before { incident: case.incident.clone(), related: case.related.clone() };
    let is_unmerge = matches!(command, Command::Unmerge { .. });
    let left = before.incident.clone().filter(|_| is_unmerge);
    let step = step(case, command, &actor, &snapshot.directory, now)?;
    let outcome = save(batch, terms.organization, before, step, now)?;
    let made = if let Outcome::Created { instance_id, .. } = outcome { Some(instance_id) } else { None };
    // What is taken out of an incident counts as over there.
    if let Some(left) = left.filter(|left| left.status != Status::Resolved)
        && intake::all_is_over(batch.tx, &snapshot.directory, terms.organization, &left)?
    {
        act_on(batch, &Terms { idempotency: None, ..*terms }, Command::Resolve)?;
    }
    if let Some(instance_id) = made.filter(|_| is_unmerge) {
        let fresh = batch.incident(terms.organization, instance_id)?;
        // Nobody is asked about what is over already.
        if let Some(fresh) = fresh
            && intake::all_is_over(batch.tx, &snapshot.directory, terms.organization, &fresh)?
        {
            let terms = Terms { idempotency: None, instance_id: Some(instance_id), ..*terms };
            act_on(batch, &terms, Command::Resolve)?;
        }
    }
    remember(batch.tx, terms.organization, terms.idempotency, &outcome, now)?;
    Ok(outcome)
}

/// Who acts: the user `by`, else who asks.
fn acting(by: Option<&str>, asking: Option<By>, directory: &Directory) -> Result<Option<By>, Refusal> {
    let Some(username) = by else { return Ok(asking) };
    let unknown = || Refusal::UnknownComponent { field: "by", kind: ComponentKind::User, name: username.to_owned() };
    let user = directory.users.named(username).ok_or_else(unknown)?;
    Ok(Some(By::person(&user.ref_id)))
}

/// What a batch can ask for ahead of this command.
pub(crate) fn foreseen(command: &Command) -> Foreseen {
    match command {
        Command::Trigger(order) => {
            Foreseen { makes_incident: true, dedup_key: order.dedup_key.clone(), ..Foreseen::default() }
        }
        _ => Foreseen::default(),
    }
}

fn load(batch: &mut Batch<'_>, terms: &Terms<'_>, command: &Command) -> Result<Case, Undo> {
    let organization = terms.organization;
    if let Command::Trigger(order) = command {
        let key = order.dedup_key.as_deref().filter(|key| !batch.take_free_key(organization, key));
        let incident = key.map(|key| holder(batch, organization, key)).transpose()?.flatten();
        return Ok(Case { incident, ..Case::default() });
    }
    batch.forget_free_keys();
    let id = terms.instance_id.unwrap_or(InstanceId::UNSAVED);
    let (incident, now) = (batch.incident(organization, id)?, batch.now());
    let tx = &mut *batch.tx;
    let incident = incident.ok_or(Refusal::UnknownIncident { field: "instance_id", instance_id: id })?;
    let related = match command {
        Command::Merge(survivor) => store::incident_load(tx, organization, *survivor)?,
        _ => None,
    };
    let (alerts, origin) = match command {
        Command::Unmerge { task_ref_id } => {
            (store::alert_list(tx, organization, id)?, origin(tx, organization, id, task_ref_id)?)
        }
        _ => (Vec::new(), None),
    };
    let may_end = match command {
        Command::Resolve => true,
        Command::Elapse => incident.resolve_at.is_some_and(|at| at <= now),
        _ => false,
    };
    let reached = if may_end { store::notification_reached(tx, organization, id)? } else { Vec::new() };
    Ok(Case { incident: Some(incident), related, alerts, origin, reached })
}

/// The incident that began with this alert and was absorbed by another, with the log of that one.
fn origin(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    absorbing: InstanceId,
    alert: &RefId,
) -> Result<Option<(Incident, Vec<Event>)>, Error> {
    let log = store::event_list(tx, organization, absorbing)?;
    for event in &log {
        let Happening::Absorbed { absorbed, .. } = event.what else { continue };
        if let Some(found) = store::incident_load(tx, organization, absorbed)?.filter(|one| one.task_ref_id == *alert) {
            return Ok(Some((found, log)));
        }
    }
    Ok(None)
}

/// The incident that alerts with this dedup key are counted on. One that cannot be read gives its key up, loudly, so that
/// the alert begins a new one and is not lost.
fn holder(batch: &mut Batch<'_>, organization: OrganizationId, key: &str) -> Result<Option<Incident>, Error> {
    match store::incident_by_key(batch.tx, organization, key) {
        Err(Error::Corrupt(reason)) => {
            tracing::error!(reason, "an incident cannot be read, and its dedup key goes to a new one");
            batch.shared.metrics.quarantined.inc();
            store::alert_release_key(batch.tx, organization, key)?;
            Ok(None)
        }
        found => found,
    }
}

/// The incidents as they were loaded.
struct Before {
    incident: Option<Incident>,
    related: Option<Incident>,
}

impl Before {
    fn of(&self, id: InstanceId) -> Option<&Incident> {
        self.incident.iter().chain(&self.related).find(|incident| incident.instance_id == id)
    }
}

fn save(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    before: Before,
    step: Step,
    now: Instant,
) -> Result<Outcome, Undo> {
    let mut given = None;
    for mut change in step.changes {
        if let Some(given) = given {
            change.name_new(given);
        }
        let saved = save_change(batch, organization, &before, change, now)?;
        given = given.or(saved);
    }
    for alert in &step.alerts {
        save_alert(batch.tx, organization, &before, alert, given, now)?;
    }
    Ok(match (step.outcome, given) {
        (Outcome::Created { at, .. }, Some(instance_id)) => Outcome::Created { instance_id, at },
        (outcome, _) => outcome,
    })
}

/// Saves one incident; the number it was given, if it is new.
fn save_change(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    before: &Before,
    change: Change,
    now: Instant,
) -> Result<Option<InstanceId>, Undo> {
    let Change { mut incident, events, mut notifications, pending } = change;
    let is_new = incident.instance_id == InstanceId::UNSAVED;
    if is_new {
        batch.number(organization, &mut incident)?;
    }
    let tx = &mut *batch.tx;
    if is_new {
        store::incident_insert(tx, organization, &mut incident)?;
    } else {
        let old = before.of(incident.instance_id);
        let old = old.ok_or_else(|| Error::Statement("a step changed an incident that was not loaded".to_owned()))?;
        if incident == *old && events.is_empty() {
            return Ok(None);
        }
        incident.version = store::incident_save(tx, organization, old, &incident)?;
        if incident.title != old.title {
            store::notification_retitle(tx, organization, incident.instance_id, &incident.title)?;
        }
        notifications =
            store::notification_call_off(tx, organization, incident.instance_id, pending, notifications, now)?;
    }
    let (id, version) = (incident.instance_id, incident.version);
    store::event_append(tx, organization, id, version, &events)?;
    store::notification_append(tx, organization, id, version, &notifications, now)?;
    batch.incident_changed(organization, id);
    Ok(is_new.then_some(id))
}

fn save_alert(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    before: &Before,
    change: &AlertChange,
    given: Option<InstanceId>,
    now: Instant,
) -> Result<(), Error> {
    let lost = || Error::Statement("a step moved an alert to an incident that it did not make".to_owned());
    let old = before.incident.as_ref().map_or(InstanceId::UNSAVED, |incident| incident.instance_id);
    match change {
        AlertChange::Add(alert) => store::alert_insert(tx, organization, given.ok_or_else(lost)?, alert),
        AlertChange::MoveToNew(alert) => {
            let given = given.ok_or_else(lost)?;
            store::alert_move(tx, organization, old, alert, given)?;
            store::problem_move(tx, organization, old, alert, given)
        }
        AlertChange::MoveAll { from, to } => {
            store::alert_move_all(tx, organization, *from, *to)?;
            store::problem_move_all(tx, organization, *from, *to)
        }
        AlertChange::Regroup(alert, grouping) => store::alert_regroup(tx, organization, old, alert, *grouping),
        AlertChange::ResolveAll(id) => store::alert_resolve_all(tx, organization, *id, now),
    }
}
