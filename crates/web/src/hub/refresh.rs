//! A refresh: what changed in an organization within a fifth of a second, loaded once for all pages, with each row drawn once for all who
//! read it in the same zone.

use domain::incident::Incident;
use domain::{InstanceId, Instant};
use engine::{Changed, Stamp, Standing};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What changed.
pub(crate) struct Refresh {
    /// By what a page knows that it has seen it.
    pub(crate) stamp: Stamp,
    /// What changed.
    pub(crate) changed: Changed,
    /// How it stands now.
    pub(crate) standing: Standing,
    /// Whether so much changed that pages look again, whole.
    pub(crate) is_large: bool,
    /// When it was loaded.
    pub(crate) now: Instant,
    pieces: Mutex<HashMap<Drawn, Arc<str>>>,
}

/// By what a row that is drawn is known.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Drawn {
    incident: InstanceId,
    /// In whose words: the zone of its readers, and in which shape.
    words: String,
}

impl Refresh {
    pub(crate) fn new((stamp, changed): (Stamp, Changed), standing: Standing, is_large: bool, now: Instant) -> Self {
        Self { stamp, changed, standing, is_large, now, pieces: Mutex::default() }
    }

    /// What is drawn of an incident, once for all who read it in these words.
    pub(crate) fn drawn(&self, incident: &Incident, words: String, draw: impl FnOnce() -> String) -> Arc<str> {
        let drawn = Drawn { incident: incident.instance_id, words };
        let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(pieces.entry(drawn).or_insert_with(|| draw().into()))
    }
}
