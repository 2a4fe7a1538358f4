//! Nobody is forgotten: due times.

use domain::incident::Status;

use super::{Checker, View};

/// Looks at due times.
pub(super) struct Due;

impl Checker for Due {
    fn promise(&self) -> &'static str {
        "every unresolved incident has a due time, and nothing is due that an engine has not done"
    }

    fn check(&mut self, view: &View<'_>) -> Vec<String> {
        let mut broken = Vec::new();
        for (id, known) in &view.sight.incidents {
            let is_resolved = known.incident.status == Status::Resolved;
            if is_resolved != known.due_at.is_none() {
                broken.push(format!("incident {id} is {:?} and due at {:?}", known.incident.status, known.due_at));
            } else if known.due_at != known.incident.due_at() {
                let (column, state) = (known.due_at, known.incident.due_at());
                broken.push(format!("incident {id} is due at {column:?} by its column and {state:?} by its state"));
            } else if view.is_settled && known.due_at.is_some_and(|at| at.0 <= view.now) {
                broken.push(format!("incident {id} was due at {:?}, and it is {}", known.due_at, view.now));
            }
        }
        if view.is_settled && view.has_free_carriers {
            for (channel, at) in &view.sight.notification_due {
                if *at <= view.now {
                    broken.push(format!(
                        "a notification by {} was due at {at}, and it is {}",
                        channel.word(),
                        view.now
                    ));
                }
            }
        }
        broken
    }
}
