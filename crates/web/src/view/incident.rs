//! Incidents (contract §4): `details`, the items of `POST /incidents/list`, and those of `GET /list/incidents`.

use super::event::{self, EventItem, NoteItem, StatusUpdateItem};
use super::{ServicePair, service_pair};
use domain::Instant;
use domain::directory::{Directory, dashed_key};
use domain::incident::{Event, Incident, Status};
use serde::Serialize;

/// All that an incident's views are made of.
#[derive(Clone, Copy, Debug)]
pub struct IncidentView<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// Its organization's directory.
    pub directory: &'a Directory,
    /// Its events, oldest first. For an item of a list, those of status updates are enough.
    pub events: &'a [Event],
    /// The text of its first alert; unused for an item of a list.
    pub first_alert_text: &'a str,
    /// The time of this reading.
    pub now: Instant,
}

/// An incident as it is answered. The order of the fields is the contract's.
#[derive(Debug, Serialize)]
pub struct Details<'a> {
    impacted_business_services: Option<Vec<Impact<'a>>>,
    conference_bridges: Option<&'a [String]>,
    instance_timestamp: String,
    last_alert_timestamp: String,
    subscribers: Option<Vec<(&'a str, &'a str)>>,
    resolved_on: Option<String>,
    status_update: Option<Vec<StatusUpdateItem<'a>>>,
    organization_instance_id: i64,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<EventItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<Vec<NoteItem<'a>>>,
    task: Task<'a>,
    assignee_level: u32,
    assignees: Vec<Assignee<'a>>,
    state_timestamp: String,
    instance_id: i64,
    next_alert_timestamp: String,
    dedup_key: Option<&'a str>,
    suppressed_count: u32,
    last_suppressed_timestamp: Option<String>,
    merged_into: Option<i64>,
}

/// Display name, preferred username, picture.
type Assignee<'a> = (&'a str, &'a str, Option<&'a str>);

#[derive(Debug, Serialize)]
struct Impact<'a> {
    name: &'a str,
    business_service_ref_id: &'a str,
}

#[derive(Debug, Serialize)]
struct Task<'a> {
    integration_key: Option<String>,
    services: Option<ServicePair<'a>>,
    assignees: Vec<Assignee<'a>>,
    task_ref_id: &'a str,
    related_task_id: &'a str,
    task_timezone: &'static str,
    labels: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_msg: Option<&'a str>,
    with_completion_notice: bool,
    integration_name: Option<&'a str>,
    task_title: &'a str,
    urgency_level: i64,
    created_by: Option<&'a str>,
    task_id: &'a str,
    repeat: Option<()>,
    task_time: String,
    start_date: String,
}

/// An item of `GET /list/incidents`.
#[derive(Debug, Serialize)]
pub struct IncidentName<'a> {
    name: &'a str,
    ref_id: &'a str,
    instance_id: i64,
    organization_instance_id: i64,
    task_ref_id: &'a str,
    status: &'static str,
    urgency_level: i64,
    instance_timestamp: String,
}

/// The answer of `details`.
pub fn details<'a>(view: &IncidentView<'a>) -> Details<'a> {
    let mut details = list_item(view);
    details.events = Some(event::events(view.incident.instance_id, view.events, view.directory));
    details.notes = Some(event::notes(view.events, view.directory));
    details.task.text_msg = Some(view.first_alert_text);
    details
}

/// An item of `POST /incidents/list`: the details without events, notes and text.
pub fn list_item<'a>(view: &IncidentView<'a>) -> Details<'a> {
    let incident = view.incident;
    Details {
        impacted_business_services: filled(impacts(view)),
        conference_bridges: filled_slice(&incident.bridges),
        instance_timestamp: incident.created_at.wire(),
        last_alert_timestamp: incident.last_alert_at.wire(),
        subscribers: filled(subscribers(view)),
        resolved_on: incident.resolved_at.map(|at| at.wire()),
        status_update: filled(event::status_updates(view.events, view.directory)),
        organization_instance_id: incident.organization_instance_id,
        status: incident.status.word(),
        events: None,
        notes: None,
        task: task(view),
        assignee_level: incident.level,
        assignees: assignees(view),
        state_timestamp: view.now.wire(),
        instance_id: incident.instance_id.0,
        next_alert_timestamp: incident.next_alert_at.wire(),
        dedup_key: incident.dedup_key.as_deref(),
        suppressed_count: incident.suppressed_count,
        last_suppressed_timestamp: incident.last_suppressed_at.map(|at| at.wire()),
        merged_into: incident.merged_into.map(|survivor| survivor.0),
    }
}

/// The key that counts now of the integration that took the first alert in.
fn integration_key(view: &IncidentView<'_>) -> Option<String> {
    let entry = view.directory.integrations.named(view.incident.integration_name.as_deref()?)?;
    view.directory.integration_keys.get(&entry.ref_id).map(|digits| dashed_key(digits))
}

fn task<'a>(view: &IncidentView<'a>) -> Task<'a> {
    let incident = view.incident;
    let task_id = incident.task_ref_id.as_str();
    Task {
        integration_key: integration_key(view),
        services: service_pair(view.directory, incident.service.as_ref()),
        assignees: assignees(view),
        task_ref_id: task_id,
        related_task_id: task_id,
        task_timezone: "UTC",
        labels: filled_slice(&incident.tags),
        text_msg: None,
        with_completion_notice: false,
        integration_name: incident.integration_name.as_deref(),
        task_title: &incident.title,
        urgency_level: incident.urgency.number(),
        created_by: incident.created_by.as_ref().and_then(|by| by.shown(view.directory)),
        task_id,
        repeat: None,
        task_time: incident.created_at.wire_minute(),
        start_date: incident.created_at.wire_date(),
    }
}

/// An item of `GET /list/incidents`.
pub fn name(incident: &Incident) -> IncidentName<'_> {
    IncidentName {
        name: &incident.title,
        ref_id: incident.task_ref_id.as_str(),
        instance_id: incident.instance_id.0,
        organization_instance_id: incident.organization_instance_id,
        task_ref_id: incident.task_ref_id.as_str(),
        status: incident.status.word(),
        urgency_level: incident.urgency.number(),
        instance_timestamp: incident.created_at.wire(),
    }
}

/// Whom it is with; nobody once it is resolved (contract §4).
fn assignees<'a>(view: &IncidentView<'a>) -> Vec<Assignee<'a>> {
    let IncidentView { incident, directory, .. } = *view;
    if incident.status == Status::Resolved {
        return Vec::new();
    }
    let shown = |username: &'a domain::Username| {
        let picture = directory.user(username.as_str()).and_then(|user| user.profile_picture.as_deref());
        (directory.shown_name(username), username.as_str(), picture)
    };
    incident.assignees.iter().map(shown).collect()
}

fn subscribers<'a>(view: &IncidentView<'a>) -> Vec<(&'a str, &'a str)> {
    let IncidentView { incident, directory, .. } = *view;
    incident.subscribers.iter().map(|user| (directory.shown_name(user), user.as_str())).collect()
}

fn impacts<'a>(view: &IncidentView<'a>) -> Vec<Impact<'a>> {
    let IncidentView { incident, directory, .. } = *view;
    let impact = |id: &'a domain::RefId| {
        let name = directory.business_service_name(id).unwrap_or(id.as_str());
        Impact { name, business_service_ref_id: id.as_str() }
    };
    incident.impacts.iter().map(impact).collect()
}

/// The original answers null, not an empty list, for what an incident can do without.
fn filled<T>(items: Vec<T>) -> Option<Vec<T>> {
    (!items.is_empty()).then_some(items)
}

fn filled_slice<T>(items: &[T]) -> Option<&[T]> {
    (!items.is_empty()).then_some(items)
}
