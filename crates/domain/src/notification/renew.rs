//! Asking somebody again who has steps to come: those stay that come sooner than the same steps begun anew.

use super::{Channel, Notification};
use crate::Instant;
use crate::ids::Username;

/// A page that waits for its time, or for another try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingPage {
    /// To whom.
    pub user: Username,
    /// By which channel.
    pub channel: Channel,
    /// When it is due.
    pub due_at: Instant,
}

impl WaitingPage {
    /// Whether a notification pages the same person by the same channel.
    pub fn is_of(&self, notification: &Notification) -> bool {
        notification.content.reason.is_page() && notification.user == self.user && notification.channel == self.channel
    }

    /// Whether it stays, of all that wait, where its reader is paged again: by its channel they are asked later, and the first
    /// of those that wait comes no later than that. Otherwise somebody whose level is asked again before their first step
    /// would never be asked.
    pub fn stays(&self, waiting: &[Self], coming: &[Notification], now: Instant) -> bool {
        let is_alike = |other: &&Self| other.user == self.user && other.channel == self.channel;
        let first = waiting.iter().filter(is_alike).map(|page| page.due_at).min().unwrap_or(self.due_at);
        let again = coming.iter().filter(|notification| self.is_of(notification));
        again.map(|notification| notification.due_at).min().is_some_and(|at| at > now && first <= at)
    }
}
