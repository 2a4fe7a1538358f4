//! What is wrong with a definition: names that lead nowhere and settings that could never take effect.

use super::{Component, ComponentKind, Definition, EscalationPolicy, GroupBy, Team, User, key_digits, person};
use crate::ids::Username;
use crate::limits;
use crate::place::Place;
use crate::routine::Routine;
use crate::routing::{Rule, Test, tag_fault};
use std::collections::HashSet;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Kind of the component; `None` for the organization itself.
    pub kind: Option<ComponentKind>,
    /// Name of the component, or of the organization.
    pub name: String,
    /// The key that is wrong.
    pub place: Place,
    /// What is wrong with it.
    pub problem: String,
}

struct Check<'a> {
    definition: &'a Definition,
    faults: Vec<Fault>,
}

impl Definition {
    /// Everything that is wrong with it; an empty list means that it can be applied.
    pub fn faults(&self) -> Vec<Fault> {
        let mut check = Check { definition: self, faults: Vec::new() };
        check.names();
        if self.name.is_empty() || self.name.chars().count() > limits::NAME_CHARACTERS {
            check.organization("name", format!("must have 1 to {} characters", limits::NAME_CHARACTERS));
        }
        if let Some(policy) = &self.fallback_policy
            && !self.has(ComponentKind::EscalationPolicy, policy)
        {
            check.organization("fallback_policy", format!("no escalation policy is named `{policy}`"));
        }
        self.users.iter().for_each(|user| check.user(user));
        self.teams.iter().for_each(|team| check.team(team));
        self.routines.iter().for_each(|routine| check.routine(routine));
        self.escalation_policies.iter().for_each(|policy| check.policy(policy));
        check.services();
        check.responses();
        check.rules();
        check.integrations();
        check.windows();
        check.faults
    }
}

impl Check<'_> {
    fn organization(&mut self, field: &'static str, problem: String) {
        let name = self.definition.name.clone();
        self.faults.push(Fault { kind: None, name, place: field.into(), problem });
    }

    fn fault<T: Component>(&mut self, component: &T, place: impl Into<Place>, problem: String) {
        let name = component.name().to_owned();
        self.faults.push(Fault { kind: Some(T::KIND), name, place: place.into(), problem });
    }

    fn names(&mut self) {
        let definition = self.definition;
        self.names_of(&definition.users, "username");
        self.names_of(&definition.teams, "name");
        self.names_of(&definition.routines, "name");
        self.names_of(&definition.escalation_policies, "name");
        self.names_of(&definition.services, "name");
        self.names_of(&definition.business_services, "name");
        self.names_of(&definition.response_sets, "name");
        self.names_of(&definition.workflows, "name");
        self.names_of(&definition.routing_rules, "name");
        self.names_of(&definition.integrations, "name");
        self.names_of(&definition.heartbeats, "name");
        self.names_of(&definition.maintenance_windows, "name");
    }

    fn names_of<T: Component>(&mut self, components: &[T], field: &'static str) {
        let mut seen = HashSet::new();
        for component in components {
            let name = component.name();
            let characters = name.chars().count();
            if !(1..=limits::NAME_CHARACTERS).contains(&characters) || name.contains(char::is_control) {
                let most = limits::NAME_CHARACTERS;
                self.fault(
                    component,
                    field,
                    format!("must have 1 to {most} characters, none of them a control character"),
                );
            }
            if name.trim() != name {
                self.fault(component, field, "must not begin or end with a blank".to_owned());
            }
            if !seen.insert(name) {
                self.fault(component, field, "is defined twice".to_owned());
            }
            if let Some(team) = component.team() {
                self.known(component, "team", ComponentKind::Team, team);
            }
        }
    }

    fn known<T: Component>(&mut self, component: &T, place: impl Into<Place>, kind: ComponentKind, name: &str) {
        if !self.definition.has(kind, name) {
            let noun = kind.word().replace('_', " ");
            self.fault(component, place, format!("no {noun} is named `{name}`"));
        }
    }

    fn users<T: Component>(&mut self, component: &T, field: &'static str, users: &[Username]) {
        for (item, user) in users.iter().enumerate() {
            self.known(component, Place::item(field, item), ComponentKind::User, user.as_str());
        }
    }

    fn team(&mut self, team: &Team) {
        for (item, member) in team.members.iter().enumerate() {
            let place = || Place::item("members", item);
            self.known(team, place(), ComponentKind::User, member.username.as_str());
            let before = team.members.iter().take(item).find(|before| before.username == member.username);
            if before.is_some_and(|before| before.team_role != member.team_role) {
                self.fault(team, place(), format!("`{}` is in the team as something else already", member.username));
            }
        }
    }

    fn user(&mut self, user: &User) {
        for (place, problem) in person::faults(user) {
            self.fault(user, place, problem);
        }
    }

    fn routine(&mut self, routine: &Routine) {
        for (place, problem) in routine.faults() {
            self.fault(routine, place, problem);
        }
        for (item, layer) in routine.routine_layers.iter().enumerate() {
            for user in layer.rotations.iter().flatten() {
                if !self.definition.has(ComponentKind::User, user.as_str()) {
                    let place = Place::item("routine_layers", item).key("rotations");
                    self.fault(routine, place, format!("layer {}: no user is named `{user}`", item + 1));
                }
            }
        }
        for (item, swap) in routine.swaps.iter().enumerate() {
            for (key, user) in [("out", Some(&swap.out)), ("in", swap.in_.as_ref())] {
                if let Some(user) = user {
                    self.known(routine, Place::item("swaps", item).key(key), ComponentKind::User, user.as_str());
                }
            }
        }
    }

    fn policy(&mut self, policy: &EscalationPolicy) {
        if policy.levels.is_empty() {
            self.fault(policy, "levels", "a policy needs at least one level".to_owned());
        }
        for (item, level) in policy.levels.iter().enumerate() {
            let (place, number) = (Place::item("levels", item), item + 1);
            if !(1..=limits::LEVEL_MINUTES_MOST).contains(&level.minutes) {
                let most = limits::LEVEL_MINUTES_MOST;
                self.fault(policy, place.key("minutes"), format!("level {number}: minutes must be from 1 to {most}"));
            }
            if level.users.is_empty() && level.routines.is_empty() {
                let problem = format!("level {number} has no targets, so it would never notify anybody");
                self.fault(policy, place.key("users"), problem);
            }
            for user in level.users.iter().filter(|user| !self.definition.has(ComponentKind::User, user.as_str())) {
                self.fault(policy, place.key("users"), format!("level {number}: no user is named `{user}`"));
            }
            for routine in level.routines.iter().filter(|name| !self.definition.has(ComponentKind::Routine, name)) {
                let problem = format!("level {number}: no routine is named `{routine}`");
                self.fault(policy, place.key("routines"), problem);
            }
        }
    }

    fn services(&mut self) {
        let definition = self.definition;
        for service in &definition.services {
            self.known(service, "escalation_policy", ComponentKind::EscalationPolicy, &service.escalation_policy);
            let minutes = service.acknowledgement_minutes;
            if minutes.is_some_and(|minutes| !(1..=limits::LEVEL_MINUTES_MOST).contains(&minutes)) {
                let most = limits::LEVEL_MINUTES_MOST;
                self.fault(service, "acknowledgement_minutes", format!("must be from 1 to {most}"));
            }
            if service.hold_seconds.is_some_and(|seconds| seconds > limits::HOLD_SECONDS_MOST) {
                self.fault(service, "hold_seconds", format!("must be from 0 to {}", limits::HOLD_SECONDS_MOST));
            }
            for (field, given, most) in [
                ("flap_changes", service.flap_changes, limits::FLAP_CHANGES_MOST),
                ("flap_minutes", service.flap_minutes, limits::FLAP_MINUTES_MOST),
                ("flap_quiet_minutes", service.flap_quiet_minutes, limits::FLAP_MINUTES_MOST),
            ] {
                if given.is_some_and(|given| given > most) {
                    self.fault(service, field, format!("must be from 0 to {most}"));
                }
            }
            if service.reopen_minutes.is_some_and(|minutes| minutes > limits::REOPEN_MINUTES_MOST) {
                self.fault(service, "reopen_minutes", format!("must be from 0 to {}", limits::REOPEN_MINUTES_MOST));
            }
            for fault in service.group_by.iter().flat_map(GroupBy::faults) {
                self.fault(service, "group_by", fault);
            }
            if let Some(hours) = &service.support_hours {
                for (place, problem) in hours.faults() {
                    self.fault(service, place, problem);
                }
                if let Some(policy) = &hours.escalation_policy {
                    let place = Place::inside("support_hours", "escalation_policy");
                    self.known(service, place, ComponentKind::EscalationPolicy, policy);
                }
            }
        }
        for service in &definition.business_services {
            self.users(service, "subscribers", &service.subscribers);
        }
    }

    fn responses(&mut self) {
        let definition = self.definition;
        for set in &definition.response_sets {
            for (item, policy) in set.escalation_policies.iter().enumerate() {
                self.known(set, Place::item("escalation_policies", item), ComponentKind::EscalationPolicy, policy);
            }
            self.users(set, "users", &set.users);
            self.users(set, "subscribers", &set.subscribers);
            let update = set.status_update.as_deref().unwrap_or("-");
            if update.is_empty() || update.len() > limits::STATUS_UPDATE_BYTES {
                let most = limits::STATUS_UPDATE_BYTES;
                self.fault(set, "status_update", format!("must have 1 to {most} bytes"));
            }
            let responders = set.escalation_policies.len() + set.users.len();
            if responders > limits::TARGETS {
                let most = limits::TARGETS;
                self.fault(
                    set,
                    "escalation_policies",
                    format!("at most {most} policies and users, or it can never run"),
                );
            }
            if set.subscribers.len() > limits::SUBSCRIBERS {
                let most = limits::SUBSCRIBERS;
                self.fault(set, "subscribers", format!("at most {most}, or it can never run"));
            }
            if responders + set.subscribers.len() + set.conference_bridges.len() == 0 && set.status_update.is_none() {
                self.fault(set, "name", "the set does nothing".to_owned());
            }
        }
        for workflow in &definition.workflows {
            for (item, service) in workflow.add_impacts.iter().enumerate() {
                self.known(workflow, Place::item("add_impacts", item), ComponentKind::BusinessService, service);
            }
            if let Some(set) = &workflow.run_response_set {
                self.known(workflow, "run_response_set", ComponentKind::ResponseSet, set);
            }
            if let Some(problem) = tag_fault(&workflow.add_tags) {
                self.fault(workflow, "add_tags", problem);
            }
            if workflow.add_note.as_ref().is_some_and(|note| note.is_empty() || note.len() > limits::NOTES_BYTES) {
                let most = limits::NOTES_BYTES;
                self.fault(workflow, "add_note", format!("must have 1 to {most} bytes"));
            }
            let nothing = super::Workflow { name: workflow.name.clone(), ..super::Workflow::default() };
            if *workflow == nothing {
                self.fault(workflow, "name", "the workflow does nothing".to_owned());
            }
        }
    }

    /// Whom alerts are for.
    fn targets<T: Component>(
        &mut self,
        component: &T,
        service: &Option<String>,
        policies: &[String],
        users: &[Username],
    ) {
        if let Some(service) = service {
            self.known(component, "service", ComponentKind::Service, service);
        }
        for (item, policy) in policies.iter().enumerate() {
            self.known(component, Place::item("escalation_policies", item), ComponentKind::EscalationPolicy, policy);
        }
        self.users(component, "users", users);
    }

    fn integrations(&mut self) {
        let definition = self.definition;
        let (mut keys, mut aliases) = (HashSet::new(), HashSet::new());
        for integration in &definition.integrations {
            for (field, problem) in integration.faults() {
                self.fault(integration, field, problem);
            }
            self.targets(integration, &integration.service, &integration.escalation_policies, &integration.users);
            if integration.key.as_deref().and_then(key_digits).is_some_and(|key| !keys.insert(key)) {
                self.fault(integration, "key", "is the key of another integration, too".to_owned());
            }
            let alias = integration.mail.as_ref().and_then(|mail| mail.alias.as_deref());
            if alias.is_some_and(|alias| !aliases.insert(alias)) {
                self.fault(integration, "mail", "alias: is the alias of another integration, too".to_owned());
            }
        }
        for heartbeat in &definition.heartbeats {
            for (field, problem) in heartbeat.faults() {
                self.fault(heartbeat, field, problem);
            }
            self.targets(heartbeat, &heartbeat.service, &heartbeat.escalation_policies, &heartbeat.users);
            if heartbeat.key.as_deref().and_then(key_digits).is_some_and(|key| !keys.insert(key)) {
                self.fault(heartbeat, "key", "is the key of another one, too".to_owned());
            }
        }
    }

    fn windows(&mut self) {
        let definition = self.definition;
        for window in &definition.maintenance_windows {
            for (place, problem) in window.faults() {
                self.fault(window, place, problem);
            }
            for (item, service) in window.services.iter().enumerate() {
                self.known(window, Place::item("services", item), ComponentKind::Service, service);
            }
            for (item, name) in window.integrations.iter().enumerate() {
                if !definition.has(ComponentKind::Heartbeat, name) {
                    self.known(window, Place::item("integrations", item), ComponentKind::Integration, name);
                }
            }
        }
    }

    fn rules(&mut self) {
        let definition = self.definition;
        let mut shadowed_by: Option<&Rule> = None;
        for rule in &definition.routing_rules {
            for (place, problem) in rule.faults() {
                self.fault(rule, place, problem);
            }
            if let Some(earlier) = shadowed_by.filter(|_| rule.enabled) {
                self.fault(rule, "name", format!("can never match: rule `{}` before it fits everything", earlier.name));
            }
            if rule.fits_everything() {
                shadowed_by = shadowed_by.or(Some(rule));
            }
            if let Some(service) = &rule.actions.set_service {
                self.known(rule, Place::inside("actions", "set_service"), ComponentKind::Service, service);
            }
            for policy in &rule.actions.set_policies {
                self.known(rule, Place::inside("actions", "set_policies"), ComponentKind::EscalationPolicy, policy);
            }
            if let Some(set) = &rule.actions.run_response_set {
                self.known(rule, Place::inside("actions", "run_response_set"), ComponentKind::ResponseSet, set);
            }
            for (item, condition) in rule.conditions.iter().enumerate() {
                if let ("service", Test::Equals(serde_json::Value::String(name))) =
                    (condition.field.as_str(), &condition.test)
                {
                    self.known(rule, Place::item("conditions", item), ComponentKind::Service, name);
                }
            }
        }
    }
}
