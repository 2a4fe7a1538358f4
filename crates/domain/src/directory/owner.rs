//! Which team owns what: a component says it of itself, an incident has it from what it is about.

use super::{Component, ComponentKind, Directory, Register};
use crate::ids::RefId;
use std::collections::HashSet;

impl Directory {
    /// Name of the team that owns the component with this id, else the one of this name; none where nobody does, or there is
    /// no such component.
    pub fn owner(&self, kind: ComponentKind, id_or_name: &str) -> Option<&str> {
        self.found(kind, id_or_name).flatten()
    }

    /// The same of the component with this id alone.
    pub fn owner_of_id(&self, kind: ComponentKind, id: &str) -> Option<&str> {
        let is_id = match kind {
            ComponentKind::EscalationPolicy => self.policies.with_ref(id).is_some(),
            ComponentKind::Service => self.services.with_ref(id).is_some(),
            ComponentKind::BusinessService => self.business_services.with_ref(id).is_some(),
            ComponentKind::ResponseSet => self.response_sets.with_ref(id).is_some(),
            ComponentKind::Workflow => self.workflows.with_ref(id).is_some(),
            _ => false,
        };
        self.owner(kind, id).filter(|_| is_id)
    }

    /// Whether there is a component with this id or name.
    pub fn has(&self, kind: ComponentKind, id_or_name: &str) -> bool {
        self.found(kind, id_or_name).is_some()
    }

    /// The team, if one owns it, of the component with this id, else the one of this name; nothing where there is none.
    fn found(&self, kind: ComponentKind, id_or_name: &str) -> Option<Option<&str>> {
        fn of<'a, T: Component>(register: &'a Register<T>, id_or_name: &str) -> Option<Option<&'a str>> {
            register.known(id_or_name).map(|entry| entry.component.team())
        }
        match kind {
            ComponentKind::User => of(&self.users, id_or_name),
            ComponentKind::Team => of(&self.teams, id_or_name),
            ComponentKind::Routine => of(&self.routines, id_or_name),
            ComponentKind::EscalationPolicy => of(&self.policies, id_or_name),
            ComponentKind::Service => of(&self.services, id_or_name),
            ComponentKind::BusinessService => of(&self.business_services, id_or_name),
            ComponentKind::ResponseSet => of(&self.response_sets, id_or_name),
            ComponentKind::Workflow => of(&self.workflows, id_or_name),
            ComponentKind::Integration => of(&self.integrations, id_or_name),
            ComponentKind::Heartbeat => of(&self.heartbeats, id_or_name),
            ComponentKind::MaintenanceWindow => of(&self.maintenance_windows, id_or_name),
            // Rules have no ids of their own here; they are known by their names.
            ComponentKind::RoutingRule => {
                let rule = self.rules.iter().map(|compiled| &compiled.rule).find(|rule| rule.name == id_or_name);
                rule.map(Component::team)
            }
        }
    }

    /// Name of the team that owns what an alert is about: that of its service, else of the first policy that it is for.
    pub fn owner_of_alert(&self, service: Option<&RefId>, first_policy: Option<&RefId>) -> Option<&str> {
        let service = service.and_then(|service| self.services.with_ref(service.as_str()));
        let policy = first_policy.and_then(|policy| self.policies.with_ref(policy.as_str()));
        let of_service = service.and_then(|entry| entry.component.team());
        of_service.or_else(|| policy.and_then(|entry| entry.component.team()))
    }

    /// Keeps what is owned so, but for people, and for routines that a policy names which is kept.
    pub fn keep_owned(&mut self, is_kept: impl Fn(ComponentKind, Option<&str>) -> bool) {
        fn keep<T: Component>(register: &mut Register<T>, is_kept: &impl Fn(ComponentKind, Option<&str>) -> bool) {
            register.retain(|component| is_kept(T::KIND, component.team()));
        }
        keep(&mut self.teams, &is_kept);
        keep(&mut self.policies, &is_kept);
        let levels = || self.policies.iter().flat_map(|policy| &policy.component.levels);
        let named: HashSet<String> = levels().flat_map(|level| &level.routines).cloned().collect();
        self.routines
            .retain(|routine| named.contains(&routine.name) || is_kept(ComponentKind::Routine, routine.team()));
        keep(&mut self.services, &is_kept);
        keep(&mut self.business_services, &is_kept);
        keep(&mut self.response_sets, &is_kept);
        keep(&mut self.workflows, &is_kept);
        keep(&mut self.integrations, &is_kept);
        keep(&mut self.heartbeats, &is_kept);
        keep(&mut self.maintenance_windows, &is_kept);
        self.rules.retain(|compiled| is_kept(ComponentKind::RoutingRule, compiled.rule.team()));
    }

    /// Whether a team hides from others what it owns.
    pub fn has_private_teams(&self) -> bool {
        self.teams.iter().any(|team| team.component.private)
    }
}
