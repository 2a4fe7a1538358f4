//! The rules of Reveille: pure functions over plain data, without I/O, SQL, clocks or chance.

pub mod alert;
mod channel;
pub mod cover;
pub mod directory;
pub mod handover;
pub mod ids;
pub mod incident;
pub mod instant;
pub mod intake;
pub mod limits;
pub mod lint;
pub mod notification;
pub mod permission;
pub mod place;
pub mod recurrence;
pub mod refusal;
pub mod routine;
pub mod routing;
pub mod sign_in;
mod status;
pub mod template;
pub mod urgency;
mod wall_clock;

pub use ids::{InstanceId, OrganizationId, RefId, Username};
pub use instant::Instant;
pub use place::Place;
pub use refusal::Refusal;
pub use urgency::Urgency;
