//! From checked fields to a command of the domain.

use super::fields::Fields;
use crate::operation::Verb;
use domain::alert::Addressees;
use domain::incident::{Command, Order, Routing};
use domain::{InstanceId, RefId, Urgency, Username};
use serde_json::Value;

/// A command as it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The incident; `None` for a create.
    pub instance_id: Option<InstanceId>,
    /// Who acts, if somebody is named.
    pub by: Option<Username>,
    /// What is asked.
    pub command: Command,
}

/// The command that an operation asks for. `payload` is the body as it came, and `task_ref_id` draws the id of the
/// alert that a create makes; both are used by a create only.
pub fn request(verb: Verb, fields: &Fields, payload: Value, task_ref_id: impl FnOnce() -> RefId) -> Request {
    Request {
        instance_id: fields.instance_id("instance_id"),
        by: fields.text("by").map(Username::from),
        command: command(verb, fields, payload, task_ref_id),
    }
}

fn command(verb: Verb, fields: &Fields, payload: Value, task_ref_id: impl FnOnce() -> RefId) -> Command {
    let ref_id = |name: &str| RefId(fields.required_text(name));
    match verb {
        Verb::Create => Command::Trigger(Box::new(order(fields, payload, task_ref_id()))),
        Verb::Acknowledge => Command::Acknowledge,
        Verb::Resolve => Command::Resolve,
        Verb::Escalate => Command::Escalate,
        Verb::Reassign => Command::Reassign(fields.texts("reassign_to")),
        Verb::Snooze => Command::Snooze(minutes(fields)),
        Verb::Unacknowledge => Command::Unacknowledge,
        Verb::AmendUrgency => Command::AmendUrgency(urgency(fields)),
        Verb::AddResponders => Command::AddResponders(fields.texts("assignees")),
        Verb::Notate => Command::Notate(fields.required_text("notes")),
        Verb::Merge => Command::Merge(fields.instance_id("related_instance_id").unwrap_or(InstanceId::UNSAVED)),
        Verb::Unmerge => Command::Unmerge { task_ref_id: ref_id("task_ref_id") },
        Verb::AddSubscribers => Command::AddSubscribers(fields.usernames("subscribers")),
        Verb::RemoveSubscribers => Command::RemoveSubscribers(fields.usernames("subscribers")),
        Verb::UpdateStatus => Command::UpdateStatus(fields.required_text("status_update")),
        Verb::AddImpact => Command::AddImpact(ref_id("business_service_ref_id")),
        Verb::RemoveImpact => Command::RemoveImpact(ref_id("business_service_ref_id")),
        Verb::RunResponseSet => Command::RunResponseSet(ref_id("response_set_ref_id")),
        Verb::RunWorkflow => Command::RunWorkflow(ref_id("workflow_ref_id")),
        Verb::EditTitle => Command::EditTitle(fields.required_text("title")),
        Verb::UpdateTags => Command::UpdateTags(distinct(&fields.texts("tags"))),
    }
}

fn order(fields: &Fields, payload: Value, task_ref_id: RefId) -> Order {
    Order {
        task_ref_id,
        title: fields.required_text("title"),
        text: fields.text("description").unwrap_or_default().to_owned(),
        urgency: urgency(fields),
        service: fields.text("service_ref_id").map(RefId::from),
        addressed_to: Addressees { policies: fields.ref_ids("policy_ref_id"), users: fields.usernames("users") },
        notes: fields.text("notes").map(str::to_owned),
        tags: distinct(&fields.texts("tags")),
        dedup_key: fields.text("dedup_key").map(str::to_owned),
        integration_name: None,
        source: None,
        payload: payload.into(),
        routing: Routing::Apply,
        after_maintenance: None,
    }
}

/// High where none is given (contract §2).
fn urgency(fields: &Fields) -> Urgency {
    fields.number("urgency_level").and_then(|number| Urgency::try_from(number).ok()).unwrap_or(Urgency::High)
}

fn minutes(fields: &Fields) -> u32 {
    let minutes = fields.number("snooze_for").and_then(|minutes| u32::try_from(minutes).ok());
    minutes.unwrap_or(domain::limits::SNOOZE_MINUTES_LEAST)
}

fn distinct(texts: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(texts.len());
    for text in texts {
        if !kept.contains(text) {
            kept.push(text.clone());
        }
    }
    kept
}
