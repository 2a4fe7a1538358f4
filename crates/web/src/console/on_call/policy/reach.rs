//! By what somebody is paged, and when, for an incident of an urgency.

use crate::console::piece::channel_word;
use domain::directory::Directory;
use domain::notification::steps_for;
use domain::{Urgency, Username};

/// One channel at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console::on_call) struct ReachedBy {
    /// Minutes after they are asked.
    pub(in crate::console::on_call) minutes: u32,
    /// The channel, as people call it.
    pub(in crate::console::on_call) channel: &'static str,
    /// Whether the next level is asked before.
    pub(in crate::console::on_call) is_too_late: bool,
}

/// The steps of somebody who is waited for so long; a step after that never comes.
pub(in crate::console::on_call) fn reached_by(
    directory: &Directory,
    user: &Username,
    urgency: Urgency,
    waited: Option<u32>,
) -> Vec<ReachedBy> {
    let steps = steps_for(directory, user, urgency).into_iter();
    let reached = steps.map(|step| ReachedBy {
        minutes: step.after_minutes,
        channel: channel_word(step.channel),
        is_too_late: waited.is_some_and(|waited| step.after_minutes >= waited),
    });
    reached.collect()
}

/// The urgency that a link names; high, the one that alerts have, where it names none.
pub(super) fn urgency_named(text: &str) -> Urgency {
    text.parse().ok().and_then(|number: i64| Urgency::try_from(number).ok()).unwrap_or(Urgency::High)
}
