//! Responses made ready: response sets and workflows, run in one step.

use super::draft::Draft;
use super::event::Happening;
use super::{annotate, assign};
use crate::directory::{ComponentKind, Directory, Entry, ResponseSet};
use crate::ids::RefId;
use crate::{Refusal, limits};
use std::collections::HashSet;

/// Adds the set's responders, subscribers and bridges, and publishes its status update (contract §2).
pub(super) fn run_response_set(draft: &mut Draft<'_>, id: &RefId) -> Result<(), Refusal> {
    let unknown = || Refusal::UnknownComponent {
        field: "response_set_ref_id",
        kind: ComponentKind::ResponseSet,
        name: id.0.clone(),
    };
    let set = draft.directory.response_sets.with_ref(id.as_str()).ok_or_else(unknown)?;
    run(draft, set)
}

/// Runs the response set of this name, if it is still there.
pub(super) fn run_named(draft: &mut Draft<'_>, name: &str) -> Result<(), Refusal> {
    let directory = draft.directory;
    directory.response_sets.named(name).map_or(Ok(()), |set| run(draft, set))
}

/// A refused set has done nothing.
fn run(draft: &mut Draft<'_>, entry: &Entry<ResponseSet>) -> Result<(), Refusal> {
    let set = &entry.component;
    let field = "response_set_ref_id";
    let responders = responders(draft.directory, set);
    within(field, limits::TARGETS, draft.incident.targets.iter().map(|target| &target.policy), &responders)?;
    within(field, limits::SUBSCRIBERS, draft.incident.subscribers.iter(), &set.subscribers)?;
    draft.record(Happening::RunResponseSet { response_set: entry.ref_id.clone(), name: set.name.clone() });
    assign::join(draft, field, responders)?;
    annotate::subscribe(draft, set.subscribers.clone())?;
    for bridge in &set.conference_bridges {
        if !draft.incident.bridges.contains(bridge) {
            draft.record(Happening::AddConferenceBridge { bridge: bridge.clone() });
        }
    }
    if let Some(text) = &set.status_update {
        annotate::update_status(draft, text.clone());
    }
    Ok(())
}

/// Refuses when those who are there and those who come are more than `limit`, each counted once.
fn within<'a, T: Eq + std::hash::Hash + 'a>(
    field: &'static str,
    limit: usize,
    there: impl Iterator<Item = &'a T>,
    coming: &'a [T],
) -> Result<(), Refusal> {
    let mut all: HashSet<&T> = there.collect();
    let before = all.len();
    all.extend(coming);
    if all.len() > limit.max(before) { Err(Refusal::TooMany { field, limit }) } else { Ok(()) }
}

fn responders(directory: &Directory, set: &ResponseSet) -> Vec<RefId> {
    let policies = set.escalation_policies.iter().filter_map(|name| directory.policies.named(name));
    let own = set.users.iter().filter_map(|user| directory.own_policy(user.as_str()));
    policies.map(|entry| entry.ref_id.clone()).chain(own.cloned()).collect()
}

/// Does all that the workflow says.
pub(super) fn run_workflow(draft: &mut Draft<'_>, id: &RefId) -> Result<(), Refusal> {
    let unknown =
        || Refusal::UnknownComponent { field: "workflow_ref_id", kind: ComponentKind::Workflow, name: id.0.clone() };
    let directory = draft.directory;
    let workflow = &directory.workflows.with_ref(id.as_str()).ok_or_else(unknown)?.component;
    draft.record(Happening::RunWorkflow { workflow: id.clone(), name: workflow.name.clone() });
    if let Some(urgency) = workflow.set_urgency.filter(|urgency| *urgency != draft.incident.urgency) {
        annotate::amend_urgency(draft, urgency);
    }
    let tags = with_added(&draft.incident.tags, &workflow.add_tags);
    if tags.len() > limits::TAGS {
        return Err(Refusal::TooMany { field: "tags", limit: limits::TAGS });
    }
    if tags != draft.incident.tags {
        draft.record(Happening::UpdateTags { tags });
    }
    if let Some(notes) = workflow.add_note.clone() {
        draft.record(Happening::Notate { notes });
    }
    for name in &workflow.add_impacts {
        if let Some(entry) = directory.business_services.named(name) {
            annotate::add_impact(draft, entry.ref_id.clone())?;
        }
    }
    workflow.run_response_set.as_deref().map_or(Ok(()), |name| run_named(draft, name))
}

/// The tags and the added ones, each once.
pub(super) fn with_added(tags: &[String], added: &[String]) -> Vec<String> {
    let mut all = tags.to_vec();
    for tag in added {
        if !all.contains(tag) {
            all.push(tag.clone());
        }
    }
    all
}
