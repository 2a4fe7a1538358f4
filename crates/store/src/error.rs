//! What can go wrong with a database, sorted by what the caller can do about it; both drivers' errors end here.

use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE};

/// A failure of the store; the text is the database's own message and never holds a password or a bound value.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Another writer was first: unique violation, serialization failure or deadlock. Load again and decide again.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database did not get to it in time: locks, time limits, all connections in use, or a disk
    /// that is full at the commit, which undoes it. Try again later.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database cannot be reached or cannot write: connection lost, disk full, read-only. When a commit says
    /// so, whether it took effect is unknown.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The file is damaged, or a row holds what it never should.
    #[error("stored data is corrupt: {0}")]
    Corrupt(String),
    /// The statement was wrong: a bug in this program.
    #[error("the statement failed: {0}")]
    Statement(String),
    /// This database cannot do what was asked; the text says what to do instead.
    #[error("{0}")]
    Unsupported(String),
    /// The database URL or a path cannot be used; the text says why.
    #[error("{0}")]
    Address(String),
    /// The schema in the database does not fit this program.
    #[error("{0}")]
    Migration(String),
    /// The schema in the database is that of another version of this program, and nothing was done.
    #[error("{0}")]
    OtherSchema(String),
}

impl Error {
    /// Sorts an error of SQLite; `sql` is the statement at fault, or empty.
    pub(crate) fn from_sqlite(error: &rusqlite::Error, sql: &str) -> Self {
        let detail = with_statement(error.to_string(), sql);
        let failure = match error {
            rusqlite::Error::SqliteFailure(failure, _) => failure,
            rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => {
                return Self::Corrupt(detail);
            }
            _ => return Self::Statement(detail),
        };
        match failure.code {
            ErrorCode::ConstraintViolation if is_uniqueness(failure.extended_code) => Self::Conflict(detail),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
                Self::Busy(detail)
            }
            ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::ReadOnly
            | ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied
            | ErrorCode::OutOfMemory => Self::Unavailable(detail),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt(detail),
            _ => Self::Statement(detail),
        }
    }

    /// Sorts an error of PostgreSQL; `sql` is the statement at fault, or empty.
    pub(crate) fn from_postgresql(error: &tokio_postgres::Error, sql: &str) -> Self {
        let Some(database) = error.as_db_error() else {
            let lost = error.is_closed() || caused_by_io(error);
            return if lost {
                Self::Unavailable(chain(error))
            } else {
                Self::Statement(with_statement(chain(error), sql))
            };
        };
        // Only the message: the server's "detail" field may quote what a row holds.
        let code = database.code().code();
        let detail = with_statement(format!("{} ({code})", database.message()), sql);
        match code {
            "23505" | "40001" | "40P01" => Self::Conflict(detail),
            "55P03" | "57014" | "53300" => Self::Busy(detail),
            // 0A000: a server that is not the primary lets nobody write, or a plan is of another schema; a new
            // connection heals both.
            "57P01" | "57P02" | "57P03" | "25006" | "25P03" | "53100" | "53200" | "0A000" => Self::Unavailable(detail),
            // Every statement was tried on the schema of this program.
            "42P01" | "42703" => Self::OtherSchema(detail),
            "XX001" | "XX002" => Self::Corrupt(detail),
            _ if code.starts_with("08") || code.starts_with("58") => Self::Unavailable(detail),
            _ => Self::Statement(detail),
        }
    }

    /// Sorts an error met while connecting to PostgreSQL, where anything but "too many" means it cannot be used.
    pub(crate) fn from_connecting(error: &tokio_postgres::Error) -> Self {
        match Self::from_postgresql(error, "") {
            Self::Busy(detail) => Self::Busy(detail),
            Self::Statement(detail) => Self::Unavailable(detail),
            other => other,
        }
    }

    /// The answer to a statement that found a row changed, or gone, since it was read.
    pub(crate) fn came_second(sql: &str) -> Self {
        Self::Conflict(with_statement("somebody else changed the row first".to_owned(), sql))
    }

    /// The answer to a statement sent after another one failed in the same transaction.
    pub(crate) fn after_failure(sql: &str) -> Self {
        Self::Statement(with_statement(
            "an earlier statement of this transaction failed; roll back to a savepoint first".to_owned(),
            sql,
        ))
    }
}

fn is_uniqueness(extended_code: i32) -> bool {
    [SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID].contains(&extended_code)
}

fn caused_by_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

/// The message of an error followed by those of its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}

fn with_statement(message: String, sql: &str) -> String {
    if sql.is_empty() || message.contains(sql) { message } else { format!("{message}; statement: {sql}") }
}
