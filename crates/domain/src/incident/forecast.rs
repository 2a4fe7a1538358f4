//! What happens next to an incident if nobody acts: asked of the step itself, so that it cannot differ from what comes.

use super::Incident;
use super::change::Change;
use super::command::{Actor, Command};
use super::event::{Event, Happening};
use super::step::{Case, step};
use crate::Instant;
use crate::directory::Directory;
use crate::ids::Username;

/// What the clock does to an incident next, if nobody acts and the directory stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// When.
    pub at: Instant,
    /// What happens then, in order.
    pub events: Vec<Event>,
}

/// What happens next if nobody acts; nothing once it is resolved.
pub fn forecast(incident: &Incident, directory: &Directory, now: Instant) -> Option<Forecast> {
    let at = incident.due_at()?.max(now);
    let case = Case { incident: Some(incident.clone()), ..Case::default() };
    let events = step(case, Command::Elapse, &Actor::SYSTEM, directory, at)
        .map(|step| step.changes.into_iter().flat_map(|Change { events, .. }| events).collect())
        .unwrap_or_default();
    Some(Forecast { at, events })
}

impl Forecast {
    /// Whom it asks, each once.
    pub fn asked(&self) -> Vec<&Username> {
        let mut asked = Vec::new();
        for user in self.events.iter().flat_map(|event| assignees(&event.what)) {
            if !asked.contains(&user) {
                asked.push(user);
            }
        }
        asked
    }
}

fn assignees(what: &Happening) -> &[Username] {
    match what {
        Happening::Dispatch { alerting, .. }
        | Happening::UnAcknowledge { alerting }
        | Happening::Escalate { alerting, .. }
        | Happening::Reassign { alerting, .. } => &alerting.assignees,
        _ => &[],
    }
}
