//! What is ahead of organizations, kept for as long as nothing changes and at most a minute.

use domain::directory::Fault;
use domain::routine::Gap;
use domain::{Instant, OrganizationId};
use engine::Snapshot;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

const MINUTE_MICROS: i64 = 60 * 1_000_000;

/// A time in which nobody is on the first level of a policy.
#[derive(Clone, Debug, PartialEq)]
pub struct ComingGap {
    /// Name of the policy.
    pub policy: String,
    /// When.
    pub gap: Gap,
    /// Whether nobody is on any further level either, at some time of it.
    pub is_whole: bool,
    /// How many times more there are in the coming weeks, where this is the last that is told.
    pub more: usize,
}

/// What is ahead of an organization, whoever asks.
#[derive(Debug)]
pub(crate) struct Ahead {
    /// What somebody should look at.
    pub(crate) faults: Vec<Fault>,
    /// When nobody is on the first level of a policy.
    pub(crate) gaps: Vec<ComingGap>,
}

/// What was worked out lately of what is ahead. It takes long where there is much of it, and pages ask for it each time that
/// they are shown.
#[derive(Debug, Default)]
pub(crate) struct Lookout(Mutex<HashMap<OrganizationId, WorkedOut>>);

/// Of which directory it was worked out, within which minute.
#[derive(Debug)]
struct WorkedOut {
    snapshot: Weak<Snapshot>,
    minute: i64,
    ahead: Arc<Ahead>,
}

impl Lookout {
    /// What is ahead by this directory, as `work` found it in this minute.
    pub(crate) fn ahead(&self, snapshot: &Arc<Snapshot>, now: Instant, work: impl FnOnce() -> Ahead) -> Arc<Ahead> {
        let (organization, minute) = (snapshot.directory.organization, now.0.div_euclid(MINUTE_MICROS));
        let is_it = |known: &&WorkedOut| known.minute == minute && known.snapshot.as_ptr() == Arc::as_ptr(snapshot);
        let lately = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lately().get(&organization).filter(is_it).map(|known| Arc::clone(&known.ahead));
        known.unwrap_or_else(|| {
            let ahead = Arc::new(work());
            let worked_out = WorkedOut { snapshot: Arc::downgrade(snapshot), minute, ahead: Arc::clone(&ahead) };
            lately().insert(organization, worked_out);
            ahead
        })
    }
}
