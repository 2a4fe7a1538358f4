//! Order and effects: the desk of commands, the tick, delivery, carriers, and the only clock and source of chance.

mod act;
mod apply;
mod beat;
pub mod carrier;
pub mod clock;
mod deliver;
mod desk;
mod directory;
pub mod directory_file;
pub mod egress;
mod engine;
mod failure;
mod health;
pub mod ids;
mod key_ring;
mod keys;
mod letter;
mod metrics;
mod read;
pub mod signature;
pub mod suggestion;
mod text;
mod tick;
pub mod twilio_signature;

pub use act::{Idempotency, Request};
pub use apply::{ApplyError, apply, dry_run, export};
pub use beat::BeatReport;
pub use desk::DeskLimits;
pub use directory::Snapshot;
pub use engine::{Engine, Parts};
pub use failure::Failure;
pub use health::Readiness;
pub use keys::{KEY_PREFIX, KeyState, NewKey, key_create, key_revoke};
pub use read::{Details, Listed, Reader};
pub use store::{Filter, KeyRow};
pub use tick::TickReport;
