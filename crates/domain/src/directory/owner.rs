//! Which team owns what: a component says it of itself, an incident has it from what it is about.

use super::{Component, ComponentKind, Directory, Register};
use crate::ids::RefId;
use std::collections::HashSet;

/// By what a component is meant.
#[derive(Clone, Copy)]
enum By {
    Id,
    IdOrName,
}

/// The team, if one owns it, of a component.
fn team_of<'a, T: Component>(register: &'a Register<T>, (meant, by): (&str, By)) -> Option<Option<&'a str>> {
    let entry = match by {
        By::Id => register.with_ref(meant),
        By::IdOrName => register.known(meant),
    };
    entry.map(|entry| entry.component.team())
}

impl Directory {
    /// Name of the team that owns the component with this id, else the one of this name; none where nobody does, or there is
    /// no such component.
    pub fn owner(&self, kind: ComponentKind, id_or_name: &str) -> Option<&str> {
        self.found(kind, id_or_name, By::IdOrName).flatten()
    }

    /// The same of the component with this id alone.
    pub fn owner_of_id(&self, kind: ComponentKind, id: &str) -> Option<&str> {
        self.found(kind, id, By::Id).flatten()
    }

    /// Whether there is a component with this id or name.
    pub fn has(&self, kind: ComponentKind, id_or_name: &str) -> bool {
        self.found(kind, id_or_name, By::IdOrName).is_some()
    }

    /// The team, if one owns it, of the component that is meant; nothing where there is none.
    fn found(&self, kind: ComponentKind, meant: &str, by: By) -> Option<Option<&str>> {
        let of = (meant, by);
        match kind {
            ComponentKind::User => team_of(&self.users, of),
            ComponentKind::Team => team_of(&self.teams, of),
            ComponentKind::Routine => team_of(&self.routines, of),
            ComponentKind::EscalationPolicy => team_of(&self.policies, of),
            ComponentKind::Service => team_of(&self.services, of),
            ComponentKind::BusinessService => team_of(&self.business_services, of),
            ComponentKind::ResponseSet => team_of(&self.response_sets, of),
            ComponentKind::Workflow => team_of(&self.workflows, of),
            ComponentKind::Integration => team_of(&self.integrations, of),
            ComponentKind::Heartbeat => team_of(&self.heartbeats, of),
            ComponentKind::MaintenanceWindow => team_of(&self.maintenance_windows, of),
            // Rules have no ids of their own here; they are known by their names.
            ComponentKind::RoutingRule => {
                let rule = self.rules.iter().map(|compiled| &compiled.rule).find(|rule| rule.name == meant);
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
