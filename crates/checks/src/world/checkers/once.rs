//! Nothing is made twice.

use std::collections::{BTreeMap, BTreeSet};

use domain::incident::{Happening, Status};

use super::{Checker, View};

/// Compares incidents with each other.
pub(super) struct Once;

impl Checker for Once {
    fn promise(&self) -> &'static str {
        "one dedup key has one unresolved incident, and a request that is repeated makes none twice"
    }

    fn check(&mut self, view: &View<'_>) -> Vec<String> {
        if view.sight.changed.is_empty() {
            return Vec::new();
        }
        let (mut keys, mut titles) = (BTreeMap::new(), BTreeMap::new());
        let mut broken = Vec::new();
        let apart = taken_apart(view);
        for (id, known) in &view.sight.incidents {
            let key = known.incident.dedup_key.as_ref().filter(|_| known.incident.status != Status::Resolved);
            if let Some(other) = key.and_then(|key| keys.insert(key, id)) {
                broken.push(format!("incidents {other} and {id} have the same dedup key and neither is resolved"));
            }
            let Some(Happening::Trigger(opening)) = known.log.first().map(|line| &line.event.what) else { continue };
            if apart.contains(id) {
                continue;
            }
            if let Some(other) = titles.insert(&opening.title, id) {
                broken.push(format!("incidents {other} and {id} were both made by the request for {}", opening.title));
            }
        }
        broken
    }
}

/// Incidents that were made of an alert of another one.
fn taken_apart(view: &View<'_>) -> BTreeSet<i64> {
    let lines = view.sight.incidents.values().flat_map(|known| &known.log);
    let into = lines.filter_map(|line| match &line.event.what {
        Happening::UnMerge { into, .. } => Some(into.0),
        _ => None,
    });
    into.collect()
}
