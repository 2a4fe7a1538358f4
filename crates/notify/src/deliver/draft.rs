//! What a message that lists several notifications says when it is sent, and what is left out of it.

use domain::directory::Directory;
use domain::incident::Command;
use domain::notification::{Notification, channels_for};
use domain::{Instant, Urgency};
use engine::{Batch, Request, Snapshot, Undo, act};
use std::sync::Arc;
use store::{Bundled, Contents, NotificationId, Try};

/// Why a notification is dropped that its incident does not call for.
pub(super) const NOT_CALLED_FOR: &str = "the incident does not call for it any more";

/// Why a page is dropped that a maintenance window keeps back; at its end there is another.
pub(super) const KEPT_BACK: &str = "a maintenance window keeps it back";

/// Why a page is dropped that the rules of a lower urgency do not ask for.
pub(super) const FALLEN: &str = "the urgency fell, and nothing asks for this channel any more";

/// What a message lists, as it was found.
pub(super) struct Draft {
    /// What is still called for.
    pub(super) called_for: Vec<Bundled>,
    pub(super) snapshot: Arc<Snapshot>,
    leaving: Leaving,
}

/// What is left out of a message.
#[derive(Clone, Default)]
pub(super) struct Leaving {
    /// What is not called for any more, and why.
    not_called_for: Vec<(NotificationId, &'static str)>,
    /// What was dropped before the message is written.
    dropped: Vec<NotificationId>,
    /// What cannot be read, and why.
    unreadable: Vec<(NotificationId, String)>,
    /// Pages that a maintenance window may keep back, which their incidents decide.
    doubted: Vec<Bundled>,
}

impl Draft {
    /// Sorts what a message consists of at `now`.
    pub(super) fn of(contents: Contents, snapshot: Arc<Snapshot>, now: Instant) -> Self {
        let directory = &snapshot.directory;
        let windows = &directory.maintenance_windows;
        let is_maintained = windows.iter().any(|entry| entry.component.recurring().covers(now).is_some());
        let Contents { bundled, dropped, unreadable } = contents;
        let mut leaving = Leaving { dropped, unreadable, ..Leaving::default() };
        let mut called_for = Vec::with_capacity(bundled.len());
        for bundled in bundled {
            let Bundled { notification, standing, urgency, .. } = &bundled;
            if !standing.calls_for(&notification.content.reason, notification.round) {
                leaving.not_called_for.push((bundled.id, NOT_CALLED_FOR));
            } else if has_fallen(directory, notification, *urgency) {
                leaving.not_called_for.push((bundled.id, FALLEN));
            } else if is_maintained && notification.content.reason.is_page() {
                leaving.doubted.push(bundled);
            } else {
                called_for.push(bundled);
            }
        }
        Self { called_for, snapshot, leaving }
    }

    /// Whether something is left out, or may be.
    pub(super) fn leaves_something(&self) -> bool {
        self.leaving.count() > 0
    }

    /// What is left out.
    pub(super) fn leaving(&mut self) -> Leaving {
        std::mem::take(&mut self.leaving)
    }
}

impl Leaving {
    /// How many notifications these are.
    pub(super) fn count(&self) -> u64 {
        let Self { not_called_for, dropped, unreadable, doubted } = self;
        (not_called_for.len() + dropped.len() + unreadable.len() + doubted.len()) as u64
    }

    /// Leaves them out of the message, and says on incidents which of them a maintenance window keeps back; what of the
    /// doubted is called for.
    pub(super) fn leave(&self, batch: &mut Batch<'_>, this: &Try) -> Result<Vec<Bundled>, Undo> {
        let now = batch.now();
        for (id, reason) in &self.not_called_for {
            store::message_leave(batch.tx, this, id, reason, now)?;
        }
        for id in &self.dropped {
            store::message_leave_dropped(batch.tx, this, id)?;
        }
        for (id, error) in &self.unreadable {
            tracing::error!(error, incident = id.instance_id.0, "a notification cannot be read and is put aside");
            store::message_fail_one(batch.tx, id, error, now)?;
        }
        let mut called_for = Vec::new();
        for bundled in &self.doubted {
            if is_kept_back(batch, bundled)? {
                store::message_leave(batch.tx, this, &bundled.id, KEPT_BACK, now)?;
            } else {
                called_for.push(bundled.clone());
            }
        }
        Ok(called_for)
    }
}

/// Whether a maintenance window keeps a page back; its incident says so then.
fn is_kept_back(batch: &mut Batch<'_>, bundled: &Bundled) -> Result<bool, Undo> {
    let (id, now) = (&bundled.id, batch.now());
    let snapshot = batch.snapshot(id.organization)?;
    let incident = store::incident_load(batch.tx, id.organization, id.instance_id)?;
    let is_kept = incident.is_some_and(|incident| incident.keeps_pages_back(&snapshot.directory, now));
    if is_kept {
        act(batch, &Request::by_system(id.organization, id.instance_id, Command::KeepBack))?;
    }
    Ok(is_kept)
}

/// Whether a page was queued for an urgency that its incident has no more, and none of its reader's rules for the present
/// one names the channel.
pub(super) fn has_fallen(directory: &Directory, notification: &Notification, urgency: Urgency) -> bool {
    let Notification { user, channel, content, .. } = notification;
    content.reason.is_page() && urgency < content.urgency && !channels_for(directory, user, urgency).contains(channel)
}
