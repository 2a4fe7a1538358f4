//! How maintenance keeps back what an incident that was open before would page for, and what it does at the end (intake §2.5).

use super::change::Pending;
use super::draft::Draft;
use super::event::Happening;
use super::{Incident, Status};
use crate::directory::{Directory, MaintenanceWindow};
use crate::ids::RefId;
use crate::{Instant, Urgency};

/// A maintenance window that keeps an incident from asking anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBack {
    /// Its name.
    pub window: String,
    /// When it ends.
    pub until: Instant,
}

impl Incident {
    /// The window that keeps it from asking anybody now: one that began after it did. Of several, the one that ends last.
    pub fn maintenance(&self, directory: &Directory, now: Instant) -> Option<KeptBack> {
        let service = self.service.as_ref().and_then(|id| directory.services.with_ref(id.as_str()));
        let service = service.map(|entry| entry.component.name.as_str());
        let made_at = |id: &RefId| directory.windows_made_at.get(id).copied();
        let windows = directory.maintenance_windows.iter().map(|entry| (&entry.component, made_at(&entry.ref_id)));
        self.maintenance_by(windows, service, now)
    }

    /// The same by these windows, each with when it was made; `service` is the name of its service.
    pub fn maintenance_by<'a>(
        &self,
        windows: impl Iterator<Item = (&'a MaintenanceWindow, Option<Instant>)>,
        service: Option<&str>,
        now: Instant,
    ) -> Option<KeptBack> {
        // Conditions judge alerts, of which an incident may have many.
        let kept = windows.filter(|(window, _)| window.conditions.is_empty()).filter_map(|(window, made_at)| {
            let until = self.covered(window, (service, self.urgency), now)?;
            // What began in it is no matter of before.
            let began_in_it = self.covered(window, (service, self.urgency), self.created_at);
            let began_in_it = began_in_it.filter(|_| was_made(made_at, self.created_at));
            let is_meant = !window.page_open_incidents && began_in_it.is_none_or(|end| end <= now);
            is_meant.then(|| KeptBack { window: window.name.clone(), until })
        });
        kept.max_by_key(|kept| kept.until)
    }

    /// Whether its pages are kept back now: not if somebody had people asked since the window began.
    pub fn keeps_pages_back(&self, directory: &Directory, now: Instant) -> bool {
        let Some(KeptBack { window, .. }) = self.maintenance(directory, now) else { return false };
        let Some(entry) = directory.maintenance_windows.named(&window) else { return false };
        let made_at = directory.windows_made_at.get(&entry.ref_id).copied();
        let began = entry.component.recurring().covers(self.last_alert_at);
        let began = began.filter(|_| was_made(made_at, self.last_alert_at));
        self.status == Status::Open && began.is_none_or(|end| end <= now)
    }

    fn covered(
        &self,
        window: &MaintenanceWindow,
        (service, urgency): (Option<&str>, Urgency),
        at: Instant,
    ) -> Option<Instant> {
        window.covers(at, service, self.integration_name.as_deref().unwrap_or_default(), urgency)
    }
}

/// Whether a window was there at this instant. One that says that it began before it was made kept nothing back until then.
fn was_made(made_at: Option<Instant>, at: Instant) -> bool {
    made_at.is_none_or(|made_at| made_at <= at)
}

/// It waits for the end of the window; what was to be sent is sent no more.
pub(super) fn keep_back(draft: &mut Draft<'_>, kept: KeptBack) {
    draft.call_off(Pending::DropAll);
    draft.record_by_system(Happening::KeepBack { window: kept.window, until: kept.until });
}

/// Delivery found that a page of it is kept back.
pub(super) fn keep_pages_back(draft: &mut Draft<'_>) {
    if draft.incident.kept_back.is_some() {
        return;
    }
    let kept = draft.incident.maintenance(draft.directory, draft.now);
    if let Some(kept) = kept.filter(|_| draft.incident.keeps_pages_back(draft.directory, draft.now)) {
        keep_back(draft, kept);
    }
}
