//! Which team owns what: a component says it of itself, an incident has it from what it is about.

use super::{Component, ComponentKind, Directory, Register};
use crate::ids::RefId;
use std::collections::HashSet;

impl Directory {
    /// Name of the team that owns the component with this id, else the one of this name; none where nobody does, or there is
    /// no such component.
    pub fn owner(&self, kind: ComponentKind, id_or_name: &str) -> Option<&str> {
        fn of<'a, T: Component>(register: &'a Register<T>, id_or_name: &str) -> Option<&'a str> {
            register.known(id_or_name)?.component.team()
        }
        match kind {
            ComponentKind::User => None,
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
                rule.and_then(Component::team)
            }
        }
    }

    /// Name of the team that owns what an alert is about: that of its service, else of the first policy that it is for.
    pub fn owner_of_alert<'a>(
        &self,
        service: Option<&RefId>,
        policies: impl IntoIterator<Item = &'a RefId>,
    ) -> Option<&str> {
        let service = service.and_then(|service| self.services.with_ref(service.as_str()));
        let policy = |id: &RefId| self.policies.with_ref(id.as_str()).and_then(|entry| entry.component.team());
        let of_service = service.and_then(|entry| entry.component.team());
        of_service.or_else(|| policies.into_iter().find_map(policy))
    }

    /// Keeps what is owned so, but for people, and for routines that a policy names which is kept.
    pub fn keep_owned(&mut self, is_kept: impl Fn(Option<&str>) -> bool) {
        fn keep<T: Component>(register: &mut Register<T>, is_kept: &impl Fn(Option<&str>) -> bool) {
            register.retain(|component| is_kept(component.team()));
        }
        keep(&mut self.teams, &is_kept);
        keep(&mut self.policies, &is_kept);
        let levels = || self.policies.iter().flat_map(|policy| &policy.component.levels);
        let named: HashSet<String> = levels().flat_map(|level| &level.routines).cloned().collect();
        self.routines.retain(|routine| named.contains(&routine.name) || is_kept(routine.team()));
        keep(&mut self.services, &is_kept);
        keep(&mut self.business_services, &is_kept);
        keep(&mut self.response_sets, &is_kept);
        keep(&mut self.workflows, &is_kept);
        keep(&mut self.integrations, &is_kept);
        keep(&mut self.heartbeats, &is_kept);
        keep(&mut self.maintenance_windows, &is_kept);
        self.rules.retain(|compiled| is_kept(compiled.rule.team()));
    }

    /// Whether a team hides from others what it owns.
    pub fn has_private_teams(&self) -> bool {
        self.teams.iter().any(|team| team.component.private)
    }
}
