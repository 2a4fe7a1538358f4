//! Warnings about private teams: what they own and somebody outside names, by which others see a part of it.

use super::Lint;
use crate::directory::{Component, ComponentKind, Register};
use crate::place::Place;

/// Warns of each component that names what a private team owns, and is not that team's itself.
pub(super) fn warn(lint: &mut Lint<'_>) {
    let directory = lint.directory;
    if !directory.has_private_teams() {
        return;
    }
    for policy in components(&directory.policies) {
        for (item, level) in policy.levels.iter().enumerate() {
            let place = Place::item("levels", item).key("routines");
            outside(lint, policy, place, (ComponentKind::Routine, level.routines.iter()));
        }
    }
    for service in components(&directory.services) {
        let policy = std::iter::once(&service.escalation_policy);
        outside(lint, service, "escalation_policy".into(), (ComponentKind::EscalationPolicy, policy));
    }
    for integration in components(&directory.integrations) {
        let policies = integration.escalation_policies.iter();
        outside(lint, integration, "service".into(), (ComponentKind::Service, integration.service.iter()));
        outside(lint, integration, "escalation_policies".into(), (ComponentKind::EscalationPolicy, policies));
    }
}

fn components<T: Component>(register: &Register<T>) -> impl Iterator<Item = &T> {
    register.iter().map(|entry| &entry.component)
}

fn outside<'n, T: Component>(
    lint: &mut Lint<'_>,
    by: &T,
    place: Place,
    (kind, names): (ComponentKind, impl Iterator<Item = &'n String>),
) {
    let directory = lint.directory;
    for name in names {
        let Some(team) = directory.owner(kind, name).filter(|team| by.team() != Some(team)) else { continue };
        if directory.teams.named(team).is_some_and(|entry| entry.component.private) {
            let noun = kind.word().replace('_', " ");
            let problem =
                format!("names the {noun} `{name}` of the private team `{team}`, by which others learn of it");
            lint.warn(by, place, problem);
        }
    }
}
