//! Who manages a component, and what an organization sets about that.

mod managed_by;
mod settings;

pub use managed_by::ManagedBy;
pub use settings::{FileLock, PersonalOf, Settings};
