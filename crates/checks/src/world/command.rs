//! Commands: every operation that changes an incident, with fields by chance, some of them wrong.

use domain::incident::EventType;
use serde_json::{Value, json};

use super::chance::Chance;
use super::organization::{Organization, PEOPLE};
use super::sight::Sight;

/// An operation of the API, and what a log tells once it is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    pub(super) path: &'static str,
    pub(super) told: EventType,
    /// Whether it tells it in any case, or only where it was not so before.
    tells: Tells,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tells {
    Always,
    Perhaps,
}

const fn always(path: &'static str, told: EventType) -> Operation {
    Operation { path, told, tells: Tells::Always }
}

const fn perhaps(path: &'static str, told: EventType) -> Operation {
    Operation { path, told, tells: Tells::Perhaps }
}

/// Every operation, by how often it is asked for.
const OPERATIONS: [(i64, Operation); 20] = [
    (14, always("acknowledge", EventType::Acknowledge)),
    (26, always("resolve", EventType::Resolve)),
    (8, always("escalate", EventType::Escalate)),
    (7, always("reassign", EventType::Reassign)),
    (6, always("snooze", EventType::Snooze)),
    (6, always("unacknowledge", EventType::UnAcknowledge)),
    (5, perhaps("amend-urgency", EventType::UrgencyAmendment)),
    (6, perhaps("add-responders", EventType::AddResponders)),
    (2, always("notate", EventType::Notate)),
    (6, always("merge", EventType::Merge)),
    (6, always("unmerge", EventType::UnMerge)),
    (2, perhaps("add-subscribers", EventType::AddSubscribers)),
    (1, perhaps("remove-subscribers", EventType::RemoveSubscribers)),
    (3, always("update-status", EventType::StatusUpdate)),
    (2, perhaps("add-impact", EventType::AddImpact)),
    (1, perhaps("remove-impact", EventType::RemoveImpact)),
    (1, always("edit-title", EventType::EditTitle)),
    (1, always("update-tags", EventType::UpdateTags)),
    (2, always("run-response-set", EventType::RunResponseSet)),
    (2, always("run-workflow", EventType::RunWorkflow)),
];

/// An operation on an incident, ready to be asked for.
#[derive(Clone, Debug)]
pub(super) struct Command {
    pub(super) operation: Operation,
    pub(super) incident: i64,
    pub(super) body: Value,
}

impl Command {
    /// Any command to any incident, mostly one that is not resolved.
    pub(super) fn draw(chance: &Chance, sight: &Sight, organization: &Organization) -> Option<Self> {
        let operation = chance.weighted(&OPERATIONS);
        let incident = incident(chance, sight)?;
        let mut body = fields(operation.path, incident, chance, sight, organization);
        body["instance_id"] = json!(incident);
        if chance.of_thousand(300) {
            body["by"] = json!(chance.pick(&PEOPLE));
        }
        Some(Self { operation, incident, body })
    }

    /// On how many incidents the log tells of it.
    pub(super) fn count(&self) -> Option<usize> {
        (self.operation.tells == Tells::Always).then_some(1)
    }
}

fn incident(chance: &Chance, sight: &Sight) -> Option<i64> {
    let open = sight.unresolved();
    if !open.is_empty() && !chance.of_thousand(100) {
        return Some(*chance.pick(&open));
    }
    let all: Vec<i64> = sight.incidents.keys().copied().chain([999_999]).collect();
    Some(*chance.pick(&all))
}

fn fields(path: &str, incident: i64, chance: &Chance, sight: &Sight, organization: &Organization) -> Value {
    let users = || (0..chance.between(1, 2)).map(|_| *chance.pick(&PEOPLE)).collect::<Vec<_>>();
    let targets = || (0..chance.between(1, 2)).map(|_| organization.target(chance)).collect::<Vec<_>>();
    match path {
        "reassign" => json!({"reassign_to": targets()}),
        "add-responders" => json!({"assignees": targets()}),
        "snooze" => json!({"snooze_for": chance.between(0, 30)}),
        "amend-urgency" => json!({"urgency_level": chance.between(0, 5)}),
        "notate" => json!({"notes": "a note"}),
        "merge" => {
            let open = sight.unresolved();
            let other = if open.is_empty() { incident } else { *chance.pick(&open) };
            json!({"related_instance_id": other})
        }
        "unmerge" => json!({"task_ref_id": alert(incident, chance, sight)}),
        "add-subscribers" | "remove-subscribers" => json!({"subscribers": users()}),
        "update-status" => json!({"status_update": "We are looking at it"}),
        "add-impact" | "remove-impact" => {
            json!({"business_service_ref_id": organization.ref_id("business_service", "shop")})
        }
        "run-response-set" => json!({"response_set_ref_id": organization.ref_id("response_set", "all hands")}),
        "run-workflow" => json!({"workflow_ref_id": organization.ref_id("workflow", "major")}),
        "edit-title" => json!({"title": "another title"}),
        "update-tags" => json!({"tags": ["a", "b"]}),
        _ => json!({}),
    }
}

/// The alert of some incident that was merged into this one, else its own.
fn alert(incident: i64, chance: &Chance, sight: &Sight) -> String {
    let absorbed = sight
        .incidents
        .values()
        .filter(|known| known.incident.merged_into.is_some_and(|into| into.0 == incident) && !chance.of_thousand(200));
    let own = sight.incidents.get(&incident);
    let of = absorbed.max_by_key(|known| known.incident.instance_id).or(own);
    of.map_or_else(|| "no such alert".to_owned(), |known| known.incident.task_ref_id.0.clone())
}

/// An order for a new incident; titles are all different, keys and targets are not.
pub(super) fn order(number: u32, chance: &Chance, organization: &Organization) -> Value {
    let mut order = json!({"title": format!("alert {number}"), "description": "It is on fire"});
    if chance.of_thousand(850) {
        order["service_ref_id"] = json!(organization.service(chance));
    }
    if chance.of_thousand(200) {
        order["users"] = json!([chance.pick(&PEOPLE)]);
    }
    if chance.of_thousand(600) {
        order["urgency_level"] = json!(chance.between(1, 5));
    }
    if chance.of_thousand(350) {
        order["dedup_key"] = json!(format!("key {}", chance.below(5)));
    }
    if chance.of_thousand(100) {
        order["notes"] = json!("the first note");
    }
    order
}
