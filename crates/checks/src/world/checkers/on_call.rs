//! The right people are asked, by a second computation.

use std::collections::BTreeSet;

use domain::incident::{Alerting, Event, Happening, Incident, Target, replay};
use domain::{Instant, RefId};

use super::{Checker, View};
use crate::world::carriers::Handed;
use crate::world::organization::Organization;
use crate::world::sight::Known;

/// Computes who should have been asked.
pub(super) struct OnCall;

impl Checker for OnCall {
    fn promise(&self) -> &'static str {
        "everybody who is notified was on call at that moment, and nobody who was is left out"
    }

    fn check(&mut self, view: &View<'_>) -> Vec<String> {
        let mut broken = Vec::new();
        for (id, from) in &view.sight.changed {
            let known = &view.sight.incidents[id];
            for place in *from..known.log.len() {
                broken.extend(
                    wrong_people(view.organization, known, place).map(|wrong| format!("incident {id}: {wrong}")),
                );
            }
        }
        broken.extend(view.handed.iter().filter_map(|handed| wrong_reader(view, handed)));
        broken
    }
}

/// What is wrong with whom one line of the log says that it asked.
fn wrong_people(organization: &Organization, known: &Known, place: usize) -> Option<String> {
    let event = &known.log[place].event;
    let (alerting, is_stranded) = match &event.what {
        Happening::Trigger(opening) => (&opening.alerting, false),
        Happening::Reopen(reopening) => (&reopening.alerting, false),
        Happening::Dispatch { alerting, stranded, .. } => (alerting, *stranded),
        Happening::UnAcknowledge { alerting }
        | Happening::Escalate { alerting, .. }
        | Happening::Reassign { alerting, .. } => (alerting, false),
        Happening::AddResponders { targets, notified, .. } => {
            let due: Vec<String> =
                targets.iter().flat_map(|policy| asked_first(organization, policy, event.at)).collect();
            return differ("the new responders", &due, notified.iter().map(|user| user.as_str()));
        }
        _ => return None,
    };
    let incident = state_after(known, place)?;
    if is_stranded {
        let top = top(organization, &incident.targets);
        let mut all: Vec<String> =
            (1..=top).flat_map(|level| due_on(organization, &incident.targets, level, event.at)).collect();
        if let Some(policy) = organization.fallback() {
            all.extend(
                (1..=organization.height(policy)).flat_map(|level| organization.people_on(policy, level, event.at)),
            );
            all.retain(|user| Organization::is_reachable(user));
        }
        return (!all.is_empty()).then(|| format!("nobody is said to be found, and there are {all:?}"));
    }
    let Alerting { level, assignees, .. } = alerting;
    let due = due_on(organization, &incident.targets, *level, event.at);
    let said = format!("level {level} at {}", event.at.wire());
    differ(&said, &due, assignees.iter().map(|user| user.as_str()))
}

fn state_after(known: &Known, place: usize) -> Option<Incident> {
    let events: Vec<Event> = known.log[..=place].iter().map(|line| line.event.clone()).collect();
    replay(&events)
}

/// Everybody on a level of all targets who can be reached; a target with fewer levels stays on its last (contract §3).
pub(super) fn due_on(organization: &Organization, targets: &[Target], level: u32, at: Instant) -> Vec<String> {
    let everyone = targets.iter().flat_map(|target| {
        let own = (i64::from(level) + 1 - i64::from(target.joined_at_level)).max(1);
        let own = u32::try_from(own).expect("a small number").min(organization.height(&target.policy));
        organization.people_on(&target.policy, own, at)
    });
    everyone.filter(|user| Organization::is_reachable(user)).collect()
}

/// Everybody on the first level of a policy on which somebody can be reached.
fn asked_first(organization: &Organization, policy: &RefId, at: Instant) -> Vec<String> {
    let on = |level| {
        let mut people = organization.people_on(policy, level, at);
        people.retain(|user| Organization::is_reachable(user));
        people
    };
    (1..=organization.height(policy)).map(on).find(|people| !people.is_empty()).unwrap_or_default()
}

/// The highest level of any target.
pub(super) fn top(organization: &Organization, targets: &[Target]) -> u32 {
    targets.iter().map(|target| target.joined_at_level + organization.height(&target.policy) - 1).max().unwrap_or(1)
}

fn differ<'a>(said: &str, due: &'a [String], asked: impl Iterator<Item = &'a str>) -> Option<String> {
    let due: BTreeSet<&str> = due.iter().map(String::as_str).collect();
    let asked: BTreeSet<&str> = asked.collect();
    (due != asked).then(|| format!("{said}: {asked:?} were asked, and {due:?} were on call"))
}

/// A page goes to somebody whom the step asked that queued it.
fn wrong_reader(view: &View<'_>, handed: &Handed) -> Option<String> {
    if handed.kind() != "incident.page" {
        return None;
    }
    let (incident, sequence) = handed.message.delivery_id.strip_prefix("ntf_")?.split_once('_')?;
    let version = i64::from_str_radix(sequence, 16).ok()? >> 20;
    let known = view.sight.incidents.get(&incident.parse().ok()?)?;
    let lines = known.log.iter().filter(|line| line.version == version);
    let is_asked = |what: &Happening| match what {
        Happening::Trigger(opening) => opening.alerting.assignees.iter().any(|user| user.as_str() == handed.user),
        Happening::Reopen(reopening) => reopening.alerting.assignees.iter().any(|user| user.as_str() == handed.user),
        Happening::Dispatch { alerting, .. }
        | Happening::UnAcknowledge { alerting }
        | Happening::Escalate { alerting, .. }
        | Happening::Reassign { alerting, .. } => alerting.assignees.iter().any(|user| user.as_str() == handed.user),
        Happening::AddResponders { notified, .. } | Happening::AmendUrgency { notified, .. } => {
            notified.iter().any(|user| user.as_str() == handed.user)
        }
        Happening::DeliveryFailed { user, .. }
        | Happening::DeliveryPaused { user, .. }
        | Happening::Resent { user, .. } => user.as_str() == handed.user,
        _ => false,
    };
    let mut lines = lines.peekable();
    lines.peek()?;
    let was_asked = lines.any(|line| is_asked(&line.event.what));
    (!was_asked).then(|| format!("{} paged {}, whom nobody asked", handed.message.delivery_id, handed.user))
}
