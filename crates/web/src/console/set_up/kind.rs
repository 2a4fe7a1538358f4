//! The kinds of component as pages call them: where they are, by which operations they are read and changed, and what each
//! is for.

use super::name::encoded;
use domain::directory::ComponentKind;
use domain::permission::Action;

/// A kind of component.
#[derive(Clone, Copy, Debug)]
pub(in crate::console) struct Kind {
    pub(super) kind: ComponentKind,
    /// Its list, below `/app`.
    pub(super) path: &'static str,
    /// The collection of the API, which is also the name of the operation that lists it.
    pub(super) collection: &'static str,
    /// The operation that reads one; others have a verb before it.
    pub(super) operation: &'static str,
    /// The field of a path that says which one.
    pub(super) parameter: &'static str,
    pub(super) title: &'static str,
    pub(super) a_one: &'static str,
    /// Why one wants it.
    pub(super) why: &'static str,
}

const fn kind(
    kind: ComponentKind,
    [path, collection, operation, parameter, title, a_one, why]: [&'static str; 7],
) -> Kind {
    Kind { kind, path, collection, operation, parameter, title, a_one, why }
}

const KINDS: [Kind; 12] = [
    kind(
        ComponentKind::Service,
        [
            "services",
            "services",
            "service",
            "service_ref_id",
            "Services",
            "a service",
            "A service is what runs and can break. It says which escalation policy is asked then, so an alert on it finds whoever answers.",
        ],
    ),
    kind(
        ComponentKind::Integration,
        [
            "integrations",
            "integrations",
            "integration",
            "integration_ref_id",
            "Integrations",
            "an integration",
            "An integration is an address of its own for one monitoring tool. What is sent there becomes incidents of its service.",
        ],
    ),
    kind(
        ComponentKind::RoutingRule,
        [
            "rules",
            "routing-rules",
            "routing-rule",
            "routing_rule_ref_id",
            "Routing rules",
            "a routing rule",
            "A rule looks at every new alert before anybody is asked, and can silence it, make it louder, or send it elsewhere. The first that fits is applied, alone.",
        ],
    ),
    kind(
        ComponentKind::BusinessService,
        [
            "business-services",
            "business-services",
            "business-service",
            "business_service_ref_id",
            "Business services",
            "a business service",
            "A business service is what customers see. Its subscribers hear the status updates of incidents that impact it.",
        ],
    ),
    kind(
        ComponentKind::ResponseSet,
        [
            "response-sets",
            "response-sets",
            "response-set",
            "response_set_ref_id",
            "Response sets",
            "a response set",
            "A response set is a response made ready: responders, subscribers, a place to meet and words for a status update, added in one step.",
        ],
    ),
    kind(
        ComponentKind::Workflow,
        [
            "workflows",
            "workflows",
            "workflow",
            "workflow_ref_id",
            "Workflows",
            "a workflow",
            "A workflow is a list of things to do to an incident, started by a person with one press.",
        ],
    ),
    kind(
        ComponentKind::Heartbeat,
        [
            "heartbeats",
            "heartbeats",
            "heartbeat",
            "heartbeat_ref_id",
            "Heartbeats",
            "a heartbeat",
            "A heartbeat has an address that a job calls when it is well. When it is silent for too long, an incident opens.",
        ],
    ),
    kind(
        ComponentKind::MaintenanceWindow,
        [
            "maintenance",
            "maintenance-windows",
            "maintenance-window",
            "maintenance_window_ref_id",
            "Maintenance",
            "a maintenance window",
            "While a window is open, alerts of what is worked on page nobody. What still fires at its end opens an incident then.",
        ],
    ),
    kind(
        ComponentKind::Team,
        [
            "teams",
            "teams",
            "team",
            "team_ref_id",
            "Teams",
            "a team",
            "A team is people who belong together. Lists can be narrowed to it, and its members are given rights by it.",
        ],
    ),
    kind(
        ComponentKind::User,
        [
            "people",
            "users",
            "user",
            "preferred_username",
            "People",
            "a person",
            "People are who is asked when something breaks. Without a contact nothing reaches them.",
        ],
    ),
    kind(
        ComponentKind::EscalationPolicy,
        [
            "policies",
            "escalation-policies",
            "escalation-policy",
            "policy_ref_id",
            "Escalation policies",
            "an escalation policy",
            "A policy says who is asked first, who next, and after how many minutes.",
        ],
    ),
    kind(
        ComponentKind::Routine,
        [
            "routines",
            "routines",
            "routine",
            "routine_ref_id",
            "Routines",
            "a routine",
            "A routine says who is on call, and when.",
        ],
    ),
];

impl Kind {
    /// The kind whose list is at this path below `/app`.
    pub(super) fn at(path: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.path == path)
    }

    /// The kind of this collection of the API.
    pub(super) fn of_collection(collection: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.collection == collection)
    }

    /// How pages call this kind.
    pub(in crate::console) fn of(wanted: ComponentKind) -> Self {
        KINDS.into_iter().find(|kind| kind.kind == wanted).unwrap_or(KINDS[0])
    }

    /// What is asked of whoever sees them.
    pub(super) fn seeing(self) -> Action {
        if self.kind == ComponentKind::BusinessService { Action::ReadStatus } else { Action::Read }
    }

    /// What is asked of whoever makes one.
    pub(super) fn making(self) -> Action {
        match self.kind {
            ComponentKind::User => Action::Invite(domain::directory::Role::Responder),
            ComponentKind::Team => Action::MakeTeam,
            _ => self.changing(),
        }
    }

    /// What is asked of whoever changes one.
    pub(super) fn changing(self) -> Action {
        match self.kind {
            ComponentKind::User => Action::ChangeOthers,
            ComponentKind::Team => Action::ChangeMembers,
            ComponentKind::MaintenanceWindow => Action::Maintain,
            _ => Action::ChangeComponents,
        }
    }

    /// What is asked of whoever removes one.
    pub(super) fn removing(self) -> Action {
        if self.kind == ComponentKind::User { Action::ManagePeople } else { self.changing() }
    }

    /// Its noun: `routing rule`.
    pub(super) fn noun(self) -> String {
        match self.kind {
            ComponentKind::User => "person".to_owned(),
            kind => kind.word().replace('_', " "),
        }
    }

    /// The address of its list.
    pub(super) fn list(self) -> String {
        format!("/app/{}", self.path)
    }

    /// The address of the page of one.
    pub(in crate::console) fn page(self, name: &str) -> String {
        format!("/app/{}/{}", self.path, encoded(name))
    }

    /// The address where one is changed.
    pub(in crate::console) fn edit(self, name: &str) -> String {
        format!("/app/edit/{}/{}", self.collection, encoded(name))
    }

    /// The address where one is made.
    pub(super) fn make(self) -> String {
        format!("/app/edit/{}", self.collection)
    }
}

/// A component's own name in what the API answers.
pub(super) fn name_of(component: &serde_json::Value) -> &str {
    let text = |key: &str| component.get(key).and_then(serde_json::Value::as_str);
    text("name").or_else(|| text("username")).unwrap_or_default()
}

/// The name by which paths reach it: its id where its name would be taken for a step up.
pub(super) fn reference_of(component: &serde_json::Value) -> &str {
    let id = component.get("ref_id").and_then(serde_json::Value::as_str).unwrap_or_default();
    match name_of(component) {
        "." | ".." => id,
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::KINDS;
    use crate::operation::operations;
    use domain::directory::ComponentKind;

    #[test]
    fn every_kind_has_a_page_and_its_six_operations() {
        for kind in ComponentKind::ALL {
            assert_eq!(KINDS.iter().filter(|known| known.kind == kind).count(), 1, "{kind:?}");
        }
        for kind in KINDS {
            let verbs = ["add-", "replace-", "change-", "remove-", ""].map(|verb| format!("{verb}{}", kind.operation));
            for name in verbs.into_iter().chain([kind.collection.to_owned()]) {
                let operation = operations().find(|operation| operation.name == name);
                let parameters = operation.unwrap_or_else(|| panic!("no operation {name}")).parameters;
                assert!(parameters.iter().all(|parameter| parameter.name == kind.parameter), "{name}");
            }
        }
    }
}
