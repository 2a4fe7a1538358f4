//! A refresh: what changed in an organization within half a second, loaded once for all pages, with each row drawn once for all who
//! read it in the same zone.

use super::message::piece;
use crate::console::incident::{Row, RowPiece, Shape};
use crate::console::time::Clock;
use askama::Template;
use domain::incident::Incident;
use domain::{InstanceId, Instant};
use engine::{Changed, Stamp, Standing};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What changed.
pub(in crate::console) struct Refresh {
    /// By what a page knows that it has seen it.
    pub(super) stamp: Stamp,
    /// What changed.
    pub(super) changed: Changed,
    /// How it stands now.
    pub(super) standing: Standing,
    /// Whether so much changed that pages look again, whole.
    pub(super) is_large: bool,
    /// When it was loaded.
    pub(super) now: Instant,
    pieces: Mutex<HashMap<Drawn, Arc<str>>>,
}

/// By what a row that is drawn is known.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Drawn {
    incident: InstanceId,
    zone: String,
    shape: Shape,
}

impl Refresh {
    pub(super) fn new((stamp, changed): (Stamp, Changed), standing: Standing, is_large: bool, now: Instant) -> Self {
        Self { stamp, changed, standing, is_large, now, pieces: Mutex::default() }
    }

    /// The row of an incident, in the place where it is.
    pub(super) fn row(&self, incident: &Incident, zone: &str, shape: Shape) -> Arc<str> {
        let drawn = Drawn { incident: incident.instance_id, zone: zone.to_owned(), shape };
        let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let draw = || {
            let clock = Clock::of([Some(zone)], self.now);
            let row = Row::of(incident, &self.standing.snapshot.directory, &clock, String::new());
            let id = row.id();
            let html = RowPiece { row, shape }.render();
            html.map_or_else(|_| "".into(), |html| piece(&id, &html).into())
        };
        Arc::clone(pieces.entry(drawn).or_insert_with(draw))
    }
}
