//! Order and time: the desk of commands, the one way to change an incident, the tick, reads, and the only clock and source
//! of chance. In the order in which a command meets them:

mod engine;
mod failure;

mod act;
mod desk;
mod snapshot;

mod read;
mod reader_pool;
mod tick;
mod words;

mod changes;
mod database_checks;
mod health;
mod metrics;

pub mod clock;
mod digest;
pub mod ids;

pub use act::{
    AlertPlace, AlertToEnd, Asker, ChangeContext, Credential, Idempotency, Incoming, Intake, Origin, Ping, Reader,
    Request, Rights, Taken, act, amend, change_once, change_told_once, order_of, remember, survivor, take_in,
    turn_windows,
};
pub use changes::{Changed, Stamp, Watch};
pub use clock::Clock;
pub use desk::{Batch, Desk, DeskLimits, EVERYBODY, Shared};
pub use digest::{digest, problem_digest, short_digest};
pub use engine::{Engine, Parts, snapshot};
pub use failure::{Failure, Undo};
pub use health::{Audit, Readiness, follow_database};
pub use ids::Ids;
pub use metrics::Metrics;
pub use read::{
    AlertName, Beginning, ChangeEventsAsked, Details, FIRING_COUNTED, Fates, FatesAsked, Listed, Numbered, Ordered,
    RuleHits, SenderAlert, SenderHeartbeat, SortKey, Sought, Standing, Unresolved, alert_text, incident, incident_seen,
};
pub use snapshot::{KeptSwap, Snapshot, address_digest, definition_of, swaps_by_routine, verified};
pub use store::{Filter, HeartbeatRow, ListPlace, ListedProblem, PayloadRow, ProblemsOf, Sorting, TopicRow};
pub use tick::TickReport;
