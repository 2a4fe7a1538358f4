//! The checkers: each keeps one promise in its own file, and finds out apart from the product whether it was kept.

mod answered;
mod delivery;
mod due;
mod liveness;
mod on_call;
mod once;
mod pace;
mod refusal;
mod replay;
mod silence;

pub(super) use liveness::{ladders_not_climbed, notifications_without_fate};

use store::Store;

use super::asked::Asked;
use super::carriers::Handed;
use super::organization::Organization;
use super::sight::Sight;

/// What a checker is shown.
pub(super) struct View<'a> {
    pub(super) sight: &'a Sight,
    pub(super) organization: &'a Organization,
    /// The messages that were handed over since the last look.
    pub(super) handed: &'a [Handed],
    /// What was asked since the last look, if it was asked of the API or by an answer to a message.
    pub(super) asked: Option<&'a Asked>,
    /// The world's time, microseconds.
    pub(super) now: i64,
    /// Whether an engine lives, has had its beat, and reaches the database.
    pub(super) is_settled: bool,
    /// Whether every carrier has a free place for every engine.
    pub(super) has_free_carriers: bool,
    pub(super) store: &'a Store,
}

/// Somebody who watches over one promise.
pub(super) trait Checker {
    /// The promise, in words.
    fn promise(&self) -> &'static str;

    /// What breaks it, in words; looked at after everything that happens.
    fn check(&mut self, view: &View<'_>) -> Vec<String>;
}

/// The promise that is kept by the phase in which everything heals.
pub(super) const LIVENESS: &str = "once all is well, every notification is sent or has given up with a reason, and every ladder is climbed to its end";

/// All of them.
pub(super) fn all() -> Vec<Box<dyn Checker>> {
    vec![
        Box::new(due::Due),
        Box::new(silence::Silence),
        Box::new(on_call::OnCall),
        Box::new(replay::Replay),
        Box::new(refusal::Refusal),
        Box::new(answered::Answered::default()),
        Box::new(delivery::Delivery::default()),
        Box::new(pace::Pace::default()),
        Box::new(once::Once),
    ]
}
