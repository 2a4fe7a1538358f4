//! The seam under the queries: one transaction, values in, rows out; the two adapters stand beside this file.

mod checkpoint;
mod client;
pub(crate) mod postgresql;
mod queue;
mod row;
pub(crate) mod sqlite;
pub(crate) mod statement;
mod value;

pub use row::Row;
pub use value::Value;

use crate::Error;

/// Which database answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, in a file.
    Sqlite,
    /// PostgreSQL, on a server.
    Postgresql,
}

/// One open transaction. Placeholders are `$1`, `$2`, …, bound by position; see `seam/statement.rs` for the words
/// that are translated.
///
/// After a statement failed, every other one is refused until [`Tx::rollback_to_savepoint`]: PostgreSQL insists on
/// it, and SQLite is held to the same so that both behave alike.
pub trait Tx {
    /// Which database this is, for the very few statements that differ.
    fn dialect(&self) -> Dialect;

    /// Runs a statement that returns no rows; the number of rows it changed.
    fn run(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error>;

    /// Runs a statement that returns at most one row; a second row is `Error::Statement`.
    fn one(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        let mut rows = self.all(sql, values)?;
        if rows.len() > 1 {
            return Err(Error::Statement(format!("more than one row; statement: {sql}")));
        }
        Ok(rows.pop())
    }

    /// Runs a statement and returns all its rows; the statement must bound their number.
    fn all(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error>;

    /// Runs an insert of one row, an update or a delete whose answer nobody needs: at the latest before the next
    /// statement, savepoint or commit, which then fails if this one does. An insert is `insert into … (…) values (…)`,
    /// with or without an `on conflict do nothing`. PostgreSQL gets the rows that wait for one insert together, and all
    /// that waits without a wait for each answer.
    fn queue(&mut self, sql: &str, values: Vec<Value>) -> Result<(), Error>;

    /// The same for an update or a delete that must change one row: `Conflict` if it does not.
    fn queue_for_one(&mut self, sql: &str, values: Vec<Value>) -> Result<(), Error>;

    /// Runs what waits.
    fn settle(&mut self) -> Result<(), Error>;

    /// Counts the statements that may have written: the same before and after means that nothing was.
    fn writes(&self) -> u64;

    /// Prepares a statement without running it, to find out whether this database accepts it.
    fn prepare(&mut self, sql: &str) -> Result<(), Error>;

    /// Marks a point to which later work can be undone. Savepoints nest.
    fn savepoint(&mut self) -> Result<(), Error>;

    /// Undoes all that was done since the newest savepoint, and removes it.
    fn rollback_to_savepoint(&mut self) -> Result<(), Error>;

    /// Keeps what was done since the newest savepoint, and removes it.
    fn release_savepoint(&mut self) -> Result<(), Error>;
}

/// The number of the last migration.
pub(crate) const LAST_MIGRATION: &str = "select coalesce(max(number), 0) from migration";

/// What a transaction is begun for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reading one consistent snapshot; writing fails.
    Read,
    /// Reading and writing.
    Write,
    /// The same, while no schema is changed, and with the question which migration was the last.
    WriteWatched,
    /// Changing the schema, alone among all processes, without a limit on how long a statement takes.
    Migrate,
}

/// One connection of either database, in or out of a transaction. `session.rs` keeps the order of the calls.
pub(crate) trait Connection: Tx + Send {
    /// Opens a transaction. For `WriteWatched`, the number of the last migration.
    fn begin(&mut self, purpose: Purpose) -> Result<Option<i64>, Error>;

    /// Commits; if that fails, or a statement failed and was not rolled back, undoes everything and says why.
    fn commit(&mut self) -> Result<(), Error>;

    /// Undoes the transaction; a connection that cannot is broken.
    fn rollback(&mut self);

    /// Runs a script of several statements without parameters.
    fn run_script(&mut self, script: &str) -> Result<(), Error>;

    /// Whether the connection should be thrown away.
    fn is_broken(&self) -> bool;
}
