//! What a node knows of the next handovers, so that it need not work out at each beat who is on call.

use domain::{Instant, OrganizationId};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How often directories are looked at for changes; a change that was to come is seen at its instant.
const LOOK_MICROS: i64 = 60_000_000;

/// What this node knows of the next changes, so that nothing is worked out at most beats.
#[derive(Debug, Default)]
pub(crate) struct NextHandovers {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    looked_at: Option<Instant>,
    organizations: HashMap<OrganizationId, Next>,
}

/// When who is on call changes next, by the directory of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    /// Version of the directory.
    pub(crate) version: i64,
    /// When; `None` where no change is in sight.
    pub(crate) at: Option<Instant>,
}

impl Next {
    /// To be found out with the next look; no directory has this version.
    pub(crate) const UNKNOWN: Self = Self { version: 0, at: None };
}

impl NextHandovers {
    /// When the next change is that this node knows of.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.known().organizations.values().filter_map(|next| next.at).min()
    }

    /// Says that a directory was changed just now, so that the next look does not wait.
    pub(crate) fn directory_changed(&self) {
        self.known().looked_at = None;
    }

    /// Whether anything may have changed since the last look, which this one becomes.
    pub(crate) fn look(&self, now: Instant) -> bool {
        let mut known = self.known();
        let is_new = known.looked_at.is_none_or(|last| now < last || last.plus_micros(LOOK_MICROS) <= now);
        let is_due = known.organizations.values().any(|next| next.at.is_some_and(|at| at <= now));
        if is_new {
            known.looked_at = Some(now);
        }
        is_new || is_due
    }

    /// Whether nothing can have changed since the next change of this organization was noted.
    pub(crate) fn is_settled(&self, organization: OrganizationId, version: i64, now: Instant) -> bool {
        let next = self.known().organizations.get(&organization).copied();
        next.is_some_and(|next| next.version == version && next.at.is_none_or(|at| now < at))
    }

    /// Notes the next change of an organization.
    pub(crate) fn note(&self, organization: OrganizationId, next: Next) {
        self.known().organizations.insert(organization, next);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // What a panic left behind is at worst worked out once more.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
