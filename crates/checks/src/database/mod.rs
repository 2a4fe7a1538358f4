//! Databases to test on: SQLite files, a PostgreSQL of one's own, and a disk that is soon full.

mod cluster;
mod disk;
mod store;

pub use cluster::{Cluster, Deed, database_in, fresh_database, programs};
pub(crate) use cluster::{discard_database, empty_database};
pub use disk::SmallDisk;
pub use store::{Database, TestStore, on_both};
