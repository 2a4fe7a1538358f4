//! The adapter of SQLite: one file, one connection, statements kept prepared.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, OpenFlags, params_from_iter};

use super::checkpoint::Checkpoints;
use super::statement::{PREPARED_STATEMENTS, may_write, translate};
use super::{Connection, Dialect, LAST_MIGRATION, Purpose, Row, Tx, Value};
use crate::Error;

/// Older ones can corrupt a WAL when two connections checkpoint at the same time.
const OLDEST_VERSION: i32 = 3_051_003;

/// How long a statement waits for the lock of another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a new database is asked to keep a write-ahead log while other processes do the same.
const SWITCHES: usize = 20;

/// Small caches: the whole idle server is promised to fit into 40 MB.
const SETTINGS: &str = "pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory; \
     pragma cache_size = -2048; pragma mmap_size = 4194304; pragma journal_size_limit = 67108864;";

/// The one writer keeps the pages that every batch touches, up to 32 MB as it needs them. A thread copies the log into
/// the file ([`Checkpoints`]); where that does not, the writer does when the log has 128 MB.
const WRITER_SETTINGS: &str = "pragma cache_size = -32768; pragma wal_autocheckpoint = 32768;";

/// A connection to a SQLite file.
pub(crate) struct SqliteConnection {
    connection: rusqlite::Connection,
    /// By the place and length of a statement's text in memory, that text and its translation. Most texts are constants, so
    /// that it is the place that finds them; the text is compared all the same.
    translated: HashMap<(usize, usize), (String, Arc<str>)>,
    has_failed: bool,
    is_broken: bool,
    writes: u64,
    /// Of a connection that writes.
    checkpoints: Option<Checkpoints>,
}

impl SqliteConnection {
    /// Opens the one connection that writes, creating the file when it is missing.
    pub(crate) fn open_writer(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut opened = Self::open(path, flags)?;
        opened.checkpoints = Some(Checkpoints::of(path));
        opened.use_write_ahead_log().map_err(|error| Error::from_sqlite(&error, ""))?;
        opened.script(WRITER_SETTINGS)?;
        Ok(opened)
    }

    /// Opens a connection that can only read; the file must exist.
    pub(crate) fn open_reader(path: &Path) -> Result<Self, Error> {
        let opened = Self::open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        opened.script("pragma query_only = on")?;
        Ok(opened)
    }

    fn open(path: &Path, flags: OpenFlags) -> Result<Self, Error> {
        require_version(rusqlite::version_number(), rusqlite::version())?;
        let sorted = |error| Error::from_sqlite(&error, "");
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = rusqlite::Connection::open_with_flags(path, flags).map_err(sorted)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(sorted)?;
        connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
        // Without this promise of stable plans SQLite prepares a statement anew whenever it is bound, because a bound
        // value could decide whether a partial index serves. Ours say in the text which one does.
        connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(sorted)?;
        let (translated, checkpoints) = (HashMap::new(), None);
        let opened = Self { connection, translated, has_failed: false, is_broken: false, writes: 0, checkpoints };
        opened.script(SETTINGS)?;
        Ok(opened)
    }

    /// The driver's connection, for a backup.
    pub(crate) fn inner(&self) -> &rusqlite::Connection {
        &self.connection
    }

    #[cfg(test)]
    pub(super) fn checkpoints(&self) -> Option<&Checkpoints> {
        self.checkpoints.as_ref()
    }

    /// SQLite does not wait for another process that switches at the same moment: that one's lock is waited for instead.
    fn use_write_ahead_log(&self) -> rusqlite::Result<()> {
        for _ in 0..SWITCHES {
            match self.switch_to_write_ahead_log() {
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                    self.connection.execute_batch("begin immediate; rollback")?;
                }
                switched => return switched,
            }
        }
        self.switch_to_write_ahead_log()
    }

    fn switch_to_write_ahead_log(&self) -> rusqlite::Result<()> {
        let mode: String = self.connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        if mode != "wal" {
            self.connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        }
        Ok(())
    }

    fn script(&self, sql: &str) -> Result<(), Error> {
        self.connection.execute_batch(sql).map_err(|error| Error::from_sqlite(&error, sql))
    }

    /// Begins or ends a transaction or a part of one, which is done all the time: kept prepared.
    fn bound(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute(()).map(drop)
    }

    /// Goes back to where a transaction or a part of it began, also after a failure, and remembers one of its own.
    fn go_back(&mut self, sql: &str) -> Result<(), Error> {
        let result = self.bound(sql).map_err(|error| Error::from_sqlite(&error, sql));
        self.remember(result)
    }

    fn translated(&mut self, sql: &str) -> Result<Arc<str>, Error> {
        let place = (sql.as_ptr() as usize, sql.len());
        if let Some((known, text)) = self.translated.get(&place)
            && known == sql
        {
            return Ok(Arc::clone(text));
        }
        if self.translated.len() >= PREPARED_STATEMENTS {
            self.translated.clear();
        }
        let text: Arc<str> = translate(sql, Dialect::Sqlite)?.into();
        self.translated.insert(place, (sql.to_owned(), Arc::clone(&text)));
        Ok(text)
    }

    fn attempt<T>(
        &mut self,
        sql: &str,
        work: impl FnOnce(&rusqlite::Connection, &Arc<str>) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        if self.has_failed {
            return Err(Error::after_failure(sql));
        }
        self.writes += u64::from(may_write(sql));
        let text = self.translated(sql)?;
        let result = work(&self.connection, &text).map_err(|error| Error::from_sqlite(&error, &text));
        self.remember(result)
    }

    fn remember<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.has_failed = true;
            self.is_broken |= matches!(error, Error::Unavailable(_) | Error::Corrupt(_));
        }
        result
    }
}

impl Tx for SqliteConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn run(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        self.attempt(sql, |connection, text| {
            let changed = connection.prepare_cached(text)?.execute(params_from_iter(values))?;
            Ok(changed as u64)
        })
    }

    fn all(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        self.attempt(sql, |connection, text| {
            let mut statement = connection.prepare_cached(text)?;
            let columns = statement.column_count();
            let mut rows = statement.query(params_from_iter(values))?;
            let mut answer = Vec::new();
            while let Some(row) = rows.next()? {
                let values = (0..columns).map(|column| read(row, column)).collect::<Result<_, _>>()?;
                answer.push(Row::new(values, Arc::clone(text)));
            }
            Ok(answer)
        })
    }

    fn queue(&mut self, sql: &str, values: Vec<Value>) -> Result<(), Error> {
        self.run(sql, &values).map(drop)
    }

    fn queue_for_one(&mut self, sql: &str, values: Vec<Value>) -> Result<(), Error> {
        match self.run(sql, &values)? {
            1 => Ok(()),
            _ => Err(Error::came_second(sql)),
        }
    }

    fn settle(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn writes(&self) -> u64 {
        self.writes
    }

    fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        self.attempt(sql, |connection, text| connection.prepare(text).map(drop))
    }

    fn savepoint(&mut self) -> Result<(), Error> {
        self.attempt("savepoint mark", |connection, text| connection.prepare_cached(text)?.execute(()).map(drop))
    }

    fn rollback_to_savepoint(&mut self) -> Result<(), Error> {
        self.go_back("rollback to mark")?;
        self.go_back("release mark")?;
        self.has_failed = false;
        Ok(())
    }

    fn release_savepoint(&mut self) -> Result<(), Error> {
        self.attempt("release mark", |connection, text| connection.prepare_cached(text)?.execute(()).map(drop))
    }
}

impl Connection for SqliteConnection {
    fn begin(&mut self, purpose: Purpose) -> Result<Option<i64>, Error> {
        self.has_failed = false;
        let begin = match purpose {
            Purpose::Read => "begin",
            // Immediate: a transaction that reads first and then writes could otherwise find its snapshot outdated.
            Purpose::Write | Purpose::WriteWatched | Purpose::Migrate => "begin immediate",
        };
        let begun = self.bound(begin).map_err(|error| Error::from_sqlite(&error, begin));
        self.remember(begun)?;
        match purpose {
            Purpose::WriteWatched => {
                let last = self.one(LAST_MIGRATION, &[]).inspect_err(|_| self.rollback())?;
                last.map(|row| row.integer(0)).transpose()
            }
            _ => Ok(None),
        }
    }

    fn commit(&mut self) -> Result<(), Error> {
        if self.has_failed {
            self.rollback();
            return Err(Error::after_failure("commit"));
        }
        match self.bound("commit") {
            // The last frame of the log, which makes the transaction count, was not written whole.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => {
                self.rollback();
                self.is_broken = true;
                Err(Error::Busy(format!("{error}; nothing of the transaction was stored")))
            }
            Ok(()) => {
                if let Some(checkpoints) = &mut self.checkpoints {
                    checkpoints.committed(&self.connection);
                }
                Ok(())
            }
            Err(error) => {
                let result = self.remember(Err(Error::from_sqlite(&error, "commit")));
                result.inspect_err(|_| self.rollback())
            }
        }
    }

    fn rollback(&mut self) {
        // SQLite itself rolls back after some failures, for example a full disk.
        if !self.connection.is_autocommit() && self.go_back("rollback").is_err() {
            self.is_broken = true;
        }
    }

    fn run_script(&mut self, script: &str) -> Result<(), Error> {
        self.attempt(script, |connection, text| connection.execute_batch(text))
    }

    fn is_broken(&self) -> bool {
        self.is_broken
    }
}

fn read(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Value> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8(bytes.to_vec()).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
        })?),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        other => {
            let name = row.as_ref().column_name(column)?.to_owned();
            return Err(rusqlite::Error::InvalidColumnType(column, name, other.data_type()));
        }
    })
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Boolean(value) => ValueRef::Integer(i64::from(*value)),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            // PostgreSQL refuses it, so both do.
            Self::Text(text) if text.contains('\0') => {
                return Err(rusqlite::Error::ToSqlConversionFailure("text contains NUL".into()));
            }
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

fn require_version(number: i32, name: &str) -> Result<(), Error> {
    if number >= OLDEST_VERSION {
        return Ok(());
    }
    Err(Error::Unsupported(format!(
        "SQLite {name} is too old: versions before 3.51.3 can corrupt a database in WAL mode"
    )))
}

#[cfg(test)]
mod tests {
    use super::{SqliteConnection, require_version};

    #[test]
    fn many_that_open_a_new_database_at_the_same_moment_all_come_in() {
        for _ in 0..20 {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("new.db");
            std::thread::scope(|scope| {
                let threads: Vec<_> =
                    (0..8).map(|_| scope.spawn(|| SqliteConnection::open_writer(&path).err())).collect();
                let errors: Vec<_> = threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect();
                assert!(errors.is_empty(), "{errors:?}");
            });
        }
    }

    #[test]
    fn an_old_sqlite_is_refused() {
        for (number, name, accepted) in [
            (3_007_017, "3.7.17", false),
            (3_051_002, "3.51.2", false),
            (3_051_003, "3.51.3", true),
            (3_054_000, "3.54.0", true),
            (4_000_000, "4.0.0", true),
        ] {
            assert_eq!(require_version(number, name).is_ok(), accepted, "{name}");
        }
    }
}
