//! An alert that somebody ends by hand, while its sender has not called it over: it counts as if its sender had.

use super::carry_out::{created_keep_open, cut, judged};
use super::flap::calm_title;
use super::integration_of;
use crate::act::change::{Asker, ChangeContext, change_once};
use crate::act::{Terms, act_on};
use crate::desk::Batch;
use crate::failure::Undo;
use domain::directory::{Directory, OnResolve};
use domain::incident::{Command, Incident, Status};
use domain::intake::{Fate, Flaps, Problem};
use domain::{InstanceId, OrganizationId, RefId, Refusal};
use store::{Error, Tx};

/// An alert that is to be ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertToEnd {
    /// Its id.
    pub alert: RefId,
    /// The incident that it is in: needed where nothing sent it and it came by `create`.
    pub instance_id: Option<InstanceId>,
}

/// Where an alert stands.
#[derive(Clone, Debug)]
pub struct AlertPlace {
    /// The incident that it is in, or was in last.
    pub incident: Option<Incident>,
    /// What it came by; `None` where it came by `create`.
    pub integration: Option<RefId>,
    /// What is known of its problem, with its digest, if that is not over.
    problem: Option<(String, Problem)>,
    /// The alert of the incident, if the incident has it.
    alert: Option<RefId>,
}

/// Where an alert stands; `None` where there is no such alert.
pub(crate) fn place_of(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    asked: &AlertToEnd,
) -> Result<Option<AlertPlace>, Error> {
    let Some(fate) = store::fate_load(tx, organization, asked.alert.as_str())? else {
        return place_of_created(tx, organization, asked);
    };
    if store::change_event_load(tx, organization, asked.alert.as_str())?.is_some() {
        // What was changed is no alert that could be over.
        return Ok(None);
    }
    let integration = Some(fate.integration.clone());
    let known = store::problem_load(tx, organization, &fate.problem)?.filter(|known| !known.is_over);
    let own = incident(tx, organization, fate.judged.instance_id)?;
    let now_in = known.as_ref().and_then(|known| known.instance_id);
    let is_past = match &own {
        // Its problem may be open again in another incident, which is another alert, or have moved by a merge.
        Some(own) => own.status == Status::Resolved && own.merged_into.is_none() && now_in != Some(own.instance_id),
        None => ![Fate::Held, Fate::Maintenance].contains(&fate.judged.fate),
    };
    let place = match known.filter(|_| !is_past) {
        None => AlertPlace { incident: own, integration, problem: None, alert: None },
        Some(known) => AlertPlace {
            incident: incident(tx, organization, known.instance_id)?,
            integration,
            alert: known.alert.clone(),
            problem: Some((fate.problem, known)),
        },
    };
    let is_there = |place: &AlertPlace| {
        let id = place.incident.as_ref().map(|incident| incident.instance_id);
        asked.instance_id.is_none() || asked.instance_id == id
    };
    Ok(Some(place).filter(is_there))
}

fn incident(tx: &mut dyn Tx, organization: OrganizationId, id: Option<InstanceId>) -> Result<Option<Incident>, Error> {
    id.map(|id| store::incident_load(tx, organization, id)).transpose().map(Option::flatten)
}

fn place_of_created(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    asked: &AlertToEnd,
) -> Result<Option<AlertPlace>, Error> {
    let Some(id) = asked.instance_id else { return Ok(None) };
    let Some(alert) = store::alert_load(tx, organization, id, &asked.alert)? else { return Ok(None) };
    let is_open = alert.resolved_at.is_none();
    let incident = store::incident_load(tx, organization, id)?;
    let alert = is_open.then_some(alert.ref_id);
    Ok(Some(AlertPlace { incident, integration: None, problem: None, alert }))
}

/// Ends an alert, and its incident if it was the last of it and its integration resolves by itself. One that is over stays as
/// it is.
pub(crate) fn end_by_hand(batch: &mut Batch<'_>, asker: &Asker, asked: &AlertToEnd) -> Result<(), Undo> {
    change_once(batch, asker, |batch, context| {
        let unknown = || Refusal::UnknownAlert { field: "alert_id", task_ref_id: asked.alert.to_string() };
        let place = place_of(batch.tx, asker.organization, asked)?.ok_or_else(unknown)?;
        Hand { batch, asker, context }.end(place)
    })
}

/// Whether all alerts of an incident are over, so that it is resolved by itself as its integration says.
pub(crate) fn all_is_over(
    tx: &mut dyn Tx,
    directory: &Directory,
    organization: OrganizationId,
    incident: &Incident,
) -> Result<bool, Error> {
    let came_by = incident.integration_name.as_deref().and_then(|name| directory.integrations.named(name));
    let ends_by_itself = came_by.is_none_or(|entry| entry.component.on_resolve == OnResolve::Resolve);
    let id = incident.instance_id;
    Ok(ends_by_itself
        && store::problem_count_open(tx, organization, id, 1)? == 0
        && !store::alert_still_open(tx, organization, id)?)
}

/// Somebody who ends an alert.
struct Hand<'a, 'b, 'c> {
    batch: &'a mut Batch<'b>,
    asker: &'c Asker,
    context: &'c ChangeContext,
}

impl Hand<'_, '_, '_> {
    fn end(&mut self, place: AlertPlace) -> Result<(), Undo> {
        let AlertPlace { incident, integration, problem, alert } = place;
        let Some(incident) = incident else { return self.end_problem(problem) };
        if incident.status == Status::Resolved {
            return self.end_problem(problem.filter(|(_, known)| known.waiting.is_some()));
        }
        let waits = problem.as_ref().is_some_and(|(_, known)| known.waiting.is_some());
        let was_flapping = problem.as_ref().is_some_and(|(_, known)| known.flaps.is_flapping);
        self.end_problem(problem)?;
        let (organization, id, now) = (self.asker.organization, incident.instance_id, self.context.now);
        let Some(alert) = alert.filter(|_| !waits) else { return Ok(()) };
        let title = store::alert_load(self.batch.tx, organization, id, &alert)?.map(|alert| alert.title);
        store::alert_resolve(self.batch.tx, organization, id, &alert, now)?;
        self.ask(id, Command::Notate(cut(&format!("Ended the alert: {}", title.unwrap_or_default()))))?;
        if let Some(title) = calm_title(&incident.title).filter(|_| was_flapping) {
            self.ask(id, Command::EditTitle(title))?;
        }
        let is_created = integration.is_none();
        let came_by = integration.and_then(|id| integration_of(&self.context.snapshot.directory, &id));
        let ends_incident = came_by.is_none_or(|integration| integration.on_resolve == OnResolve::Resolve);
        let others_count = is_created || created_keep_open(&self.context.snapshot.directory, &incident);
        let is_last = store::problem_count_open(self.batch.tx, organization, id, 1)? == 0
            && !(others_count && store::alert_still_open(self.batch.tx, organization, id)?);
        if ends_incident && is_last { self.ask(id, Command::Resolve) } else { Ok(()) }
    }

    /// What is known of the problem says that it was ended here; what waits opens nothing any more.
    fn end_problem(&mut self, problem: Option<(String, Problem)>) -> Result<(), Undo> {
        let Some((digest, mut known)) = problem else { return Ok(()) };
        let (organization, now) = (self.asker.organization, self.context.now);
        if let Some(waiting) = known.waiting.take() {
            let transient = judged(Fate::Transient, Some("ended_here".to_owned()), None);
            store::fate_change(self.batch.tx, organization, &waiting.alert, (&transient, now))?;
        }
        let over = Problem { is_over: true, ended_here_at: Some(now), flaps: Flaps::default(), due_at: None, ..known };
        Ok(store::problem_save(self.batch.tx, organization, &digest, &over, false)?)
    }

    fn ask(&mut self, id: InstanceId, command: Command) -> Result<(), Undo> {
        let terms = Terms {
            organization: self.asker.organization,
            credential: Some(&self.asker.credential),
            method: self.asker.credential.method(),
            by: self.asker.by.as_deref(),
            integration: None,
            instance_id: Some(id),
            idempotency: None,
        };
        act_on(self.batch, &terms, command).map(drop)
    }
}
