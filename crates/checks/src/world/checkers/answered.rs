//! What was answered is there for good.

use std::collections::BTreeSet;

use domain::incident::Status;

use super::{Checker, View};
use crate::world::asked::{Asked, Verdict};

/// Remembers what was answered.
#[derive(Default)]
pub(super) struct Answered {
    created: BTreeSet<i64>,
    events: i64,
}

impl Checker for Answered {
    fn promise(&self) -> &'static str {
        "nothing that was answered is lost: the incident is there, and what was done stands in its log for good"
    }

    fn check(&mut self, view: &View<'_>) -> Vec<String> {
        let mut broken: Vec<String> = view.sight.vanished.iter().map(|id| format!("incident {id} is gone")).collect();
        self.events += i64::try_from(view.sight.fresh().count()).expect("few");
        if view.asked.is_some() && view.sight.rows.events != self.events {
            broken.push(format!("{} events were seen, and {} are there", self.events, view.sight.rows.events));
        }
        if let Some(asked) = view.asked
            && let Verdict::Done(answer) = &asked.verdict
        {
            self.created.extend(answer["instance_id"].as_i64());
            broken.extend(not_told(view, asked));
        }
        let missing = self.created.iter().filter(|id| !view.sight.incidents.contains_key(id));
        broken.extend(missing.map(|id| format!("incident {id} was answered, and is not there")));
        broken
    }
}

/// What was done at this moment must be told by lines that are new.
fn not_told(view: &View<'_>, asked: &Asked) -> Option<String> {
    let (Some(told), Some(count)) = (asked.told, asked.count) else { return None };
    let lines = view.sight.fresh().filter(|(_, line)| line.event.what.event_type() == told);
    let incidents: BTreeSet<i64> = lines.map(|(id, _)| id).collect();
    let is_named = asked.incident.is_none_or(|id| count == 0 || incidents.contains(&id));
    if told == domain::incident::EventType::Resolve {
        let is_open = |id: &&i64| view.sight.incidents[id].incident.status != Status::Resolved;
        if let Some(id) = incidents.iter().find(is_open) {
            return Some(format!("{}: incident {id} is not resolved", asked.what));
        }
    }
    let is_told = is_named && incidents.len() >= count && (asked.incident.is_some() || incidents.len() == count);
    (!is_told).then(|| format!("{}: {count} to be told as {}, and {incidents:?} are", asked.what, told.word()))
}
