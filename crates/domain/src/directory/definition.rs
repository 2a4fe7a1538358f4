//! A definition: an organization as its directory file says it should be, without ids.

use super::{
    BusinessService, Component, EscalationPolicy, Heartbeat, Integration, MaintenanceWindow, ResponseSet, Service,
    Team, User, Workflow,
};
use super::{ComponentKind, Directory, Register};
use crate::channel::Channel;
use crate::ids::{OrganizationId, RefId};
use crate::routine::Routine;
use crate::routing::{CompiledRule, Rule};
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
    /// Sources of alerts.
    #[serde(default)]
    pub integrations: Vec<Integration>,
    /// What must be heard of again and again.
    #[serde(default)]
    pub heartbeats: Vec<Heartbeat>,
    /// Times in which what is worked on pages nobody.
    #[serde(default)]
    pub maintenance_windows: Vec<MaintenanceWindow>,
}

impl Definition {
    /// The directory that the definition comes to, for looking at it without a store: each component's name is its id
    /// as well, every contact counts as verified, and every channel has a carrier.
    pub fn directory(&self) -> Directory {
        let mut directory = Directory::empty(OrganizationId(0), &self.name);
        directory.fallback_policy.clone_from(&self.fallback_policy);
        for user in &self.users {
            directory.verified.extend(Channel::ALL.map(|channel| (user.username.clone(), channel)));
            let id = RefId::from(user.username.as_str());
            directory.add_user(id, RefId(format!("own policy of {}", user.username)), user.clone());
        }
        // A rule that cannot be compiled is a fault, and a definition with faults is no directory.
        directory.rules.extend(self.routing_rules.iter().cloned().filter_map(|rule| CompiledRule::new(rule).ok()));
        fill(&mut directory.teams, &self.teams);
        fill(&mut directory.routines, &self.routines);
        fill(&mut directory.policies, &self.escalation_policies);
        fill(&mut directory.services, &self.services);
        fill(&mut directory.business_services, &self.business_services);
        fill(&mut directory.response_sets, &self.response_sets);
        fill(&mut directory.workflows, &self.workflows);
        fill(&mut directory.integrations, &self.integrations);
        fill(&mut directory.heartbeats, &self.heartbeats);
        fill(&mut directory.maintenance_windows, &self.maintenance_windows);
        directory
    }

    /// This one, and of another what has no name of this one's: as the directory would be with both.
    #[must_use]
    pub fn beside(&self, other: Self) -> Self {
        fn unite<T: Component + Clone>(own: &[T], others: Vec<T>) -> Vec<T> {
            let is_other = |other: &T| own.iter().all(|own| own.name() != other.name());
            own.iter().cloned().chain(others.into_iter().filter(is_other)).collect()
        }
        Self {
            name: self.name.clone(),
            fallback_policy: self.fallback_policy.clone(),
            users: unite(&self.users, other.users),
            teams: unite(&self.teams, other.teams),
            routines: unite(&self.routines, other.routines),
            escalation_policies: unite(&self.escalation_policies, other.escalation_policies),
            services: unite(&self.services, other.services),
            business_services: unite(&self.business_services, other.business_services),
            response_sets: unite(&self.response_sets, other.response_sets),
            workflows: unite(&self.workflows, other.workflows),
            routing_rules: unite(&self.routing_rules, other.routing_rules),
            integrations: unite(&self.integrations, other.integrations),
            heartbeats: unite(&self.heartbeats, other.heartbeats),
            maintenance_windows: unite(&self.maintenance_windows, other.maintenance_windows),
        }
    }

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
            ComponentKind::Integration => any(&self.integrations, name),
            ComponentKind::Heartbeat => any(&self.heartbeats, name),
            ComponentKind::MaintenanceWindow => any(&self.maintenance_windows, name),
        }
    }
}

fn fill<T: Component>(register: &mut Register<T>, components: &[T]) {
    for component in components {
        register.add(RefId::from(component.name()), component.clone());
    }
}
