//! A definition: an organization as its directory file says it should be, without ids.

use super::ComponentKind;
use super::{BusinessService, Component, EscalationPolicy, ResponseSet, Service, Team, User, Workflow};
use crate::routine::Routine;
use crate::routing::Rule;
use serde::{Deserialize, Serialize};

/// Everything that one directory file, or a folder of them, says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// The organization's name, by which keys and later applications find it.
    pub name: String,
    /// Name of the policy that is asked when nobody else can be found.
    pub fallback_policy: Option<String>,
    /// People.
    pub users: Vec<User>,
    /// Groups of people.
    pub teams: Vec<Team>,
    /// Routines.
    #[serde(default)]
    pub routines: Vec<Routine>,
    /// Escalation policies.
    pub escalation_policies: Vec<EscalationPolicy>,
    /// Services.
    pub services: Vec<Service>,
    /// Business services.
    pub business_services: Vec<BusinessService>,
    /// Response sets.
    pub response_sets: Vec<ResponseSet>,
    /// Workflows.
    pub workflows: Vec<Workflow>,
    /// Routing rules, in the order in which they are tried.
    pub routing_rules: Vec<Rule>,
}

impl Definition {
    /// Whether a component of this kind and name is defined.
    pub fn has(&self, kind: ComponentKind, name: &str) -> bool {
        fn any<T: Component>(components: &[T], name: &str) -> bool {
            components.iter().any(|component| component.name() == name)
        }
        match kind {
            ComponentKind::User => any(&self.users, name),
            ComponentKind::Team => any(&self.teams, name),
            ComponentKind::EscalationPolicy => any(&self.escalation_policies, name),
            ComponentKind::Service => any(&self.services, name),
            ComponentKind::BusinessService => any(&self.business_services, name),
            ComponentKind::ResponseSet => any(&self.response_sets, name),
            ComponentKind::Workflow => any(&self.workflows, name),
            ComponentKind::RoutingRule => any(&self.routing_rules, name),
            ComponentKind::Routine => any(&self.routines, name),
            ComponentKind::Integration => false,
        }
    }
}
