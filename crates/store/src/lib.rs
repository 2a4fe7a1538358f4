//! The only room that knows SQL: two databases behind one seam, migrations, backup, and one file per noun.

mod backup;
mod error;
mod migrate;
mod open;
mod pool;
mod seam;
mod session;
mod url;

pub use backup::backup;
pub use error::Error;
pub use migrate::{MIGRATIONS, Migration, migrate, migrate_through, pending};
pub use open::Store;
pub use seam::{Dialect, Row, Tx, Value};
pub use session::{Transaction, Writer};
pub use url::Url;

/// Every fixed statement of this room as `(name, sql)`, so that a test can prepare each of them on both databases.
pub fn statements() -> impl Iterator<Item = (&'static str, &'static str)> {
    const LISTS: &[&[(&str, &str)]] = &[migrate::STATEMENTS];
    LISTS.iter().flat_map(|list| list.iter().copied())
}
