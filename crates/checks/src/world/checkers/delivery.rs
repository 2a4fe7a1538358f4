//! One message is one message, however often it is sent.

use std::collections::{BTreeSet, HashMap};

use domain::notification::Channel;

use super::{Checker, View};

/// What a delivery id stood for when it was first seen.
struct First {
    user: String,
    channel: Channel,
    incidents: BTreeSet<i64>,
    last_attempt: u32,
}

/// Remembers every delivery id.
#[derive(Default)]
pub(super) struct Delivery {
    known: HashMap<String, First>,
}

impl Checker for Delivery {
    fn promise(&self) -> &'static str {
        "a delivery id is one message to one person, and every repetition carries it with a higher attempt"
    }

    fn check(&mut self, view: &View<'_>) -> Vec<String> {
        let mut broken = Vec::new();
        for handed in view.handed {
            let (id, attempt) = (&handed.message.delivery_id, handed.message.attempt);
            let incidents: BTreeSet<i64> = handed.about.iter().map(|(id, _)| *id).collect();
            let Some(first) = self.known.get_mut(id) else {
                let (user, channel) = (handed.user.clone(), handed.channel);
                self.known.insert(id.clone(), First { user, channel, incidents, last_attempt: attempt });
                continue;
            };
            if first.user != handed.user || first.channel != handed.channel {
                broken.push(format!("{id} went to {} and to {}", first.user, handed.user));
            }
            if !incidents.is_subset(&first.incidents) {
                broken.push(format!("{id} told of {:?} first, then of {incidents:?}", first.incidents));
            }
            if attempt <= first.last_attempt {
                broken.push(format!("{id} was attempt {} before, and now {attempt}", first.last_attempt));
            }
            first.last_attempt = attempt;
        }
        broken
    }
}
