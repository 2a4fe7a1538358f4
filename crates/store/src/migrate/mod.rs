//! The schema's history: numbered scripts, each run once, in order, in its own transaction, never edited afterwards.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::seam::statement::statements;
use crate::seam::{Dialect, Tx};
use crate::{Error, Store};

/// One script. Released ones never change: what was wrong is put right by the next.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// From 1, each larger than the one before.
    pub number: u32,
    /// What it does, in a few words with underscores.
    pub name: &'static str,
    /// Statements in the words of `seam/statement.rs`.
    pub sql: &'static str,
}

/// All migrations this program knows, in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "incidents", sql: include_str!("migrations/0001_incidents.sql") },
    Migration { number: 2, name: "on_call", sql: include_str!("migrations/0002_on_call.sql") },
    Migration { number: 3, name: "mailboxes", sql: include_str!("migrations/0003_mailboxes.sql") },
    Migration { number: 4, name: "shared", sql: include_str!("migrations/0004_shared.sql") },
    Migration { number: 5, name: "intake", sql: include_str!("migrations/0005_intake.sql") },
    Migration { number: 6, name: "mail_and_topics", sql: include_str!("migrations/0006_mail_and_topics.sql") },
    Migration { number: 7, name: "administration", sql: include_str!("migrations/0007_administration.sql") },
    Migration { number: 8, name: "console", sql: include_str!("migrations/0008_console.sql") },
    Migration { number: 9, name: "refusals_and_people", sql: include_str!("migrations/0009_refusals_and_people.sql") },
    Migration { number: 10, name: "fate_times", sql: include_str!("migrations/0010_fate_times.sql") },
    Migration { number: 11, name: "ended_here", sql: include_str!("migrations/0011_ended_here.sql") },
    Migration { number: 12, name: "change_events", sql: include_str!("migrations/0012_change_events.sql") },
    Migration { number: 13, name: "former_components", sql: include_str!("migrations/0013_former_components.sql") },
    Migration { number: 14, name: "messages", sql: include_str!("migrations/0014_messages.sql") },
    Migration {
        number: 15,
        name: "removed_beside_files",
        sql: include_str!("migrations/0015_removed_beside_files.sql"),
    },
    Migration { number: 16, name: "cover", sql: include_str!("migrations/0016_cover.sql") },
];

const CREATE_TABLE: &str = "create table if not exists migration (
    number bigint not null primary key,
    name text not null,
    checksum text not null,
    applied_at bigint not null
)";

const TABLE_EXISTS_SQLITE: &str = "select 1 from sqlite_schema where type = 'table' and name = 'migration'";
const TABLE_EXISTS_POSTGRESQL: &str = "select 1 from pg_catalog.pg_class where oid = to_regclass('migration')";

statements! {
    /// What was applied, oldest first.
    MIGRATION_LIST = "select number, name, checksum from migration order by number";
    /// One more was applied.
    MIGRATION_INSERT = "insert into migration (number, name, checksum, applied_at) values ($1, $2, $3, $4)";
}

/// Brings the schema up to date and returns the names of what was applied, which is nothing when it was. `now` is in
/// microseconds since 1970, UTC. Any number of processes may call it at the same time.
///
/// # Errors
/// `Migration` when an applied script was changed since; `OtherSchema` when the database was migrated by a newer program;
/// `Busy` when another process migrates for too long.
pub fn migrate(store: &Store, now: i64) -> Result<Vec<&'static str>, Error> {
    keeps_every_letter(store)?;
    migrate_through(store, MIGRATIONS, now)
}

/// Refuses a database that would refuse alerts for the letters in them.
fn keeps_every_letter(store: &Store) -> Result<(), Error> {
    if store.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let row = store.read(|tx| tx.one("select current_setting('server_encoding')", &[]))?;
    let encoding = row.as_ref().map(|row| row.text(0)).transpose()?.unwrap_or_default();
    if encoding == "UTF8" {
        return Ok(());
    }
    Err(Error::Unsupported(format!(
        "the database's encoding is {encoding}, in which not every letter can be stored; create it with: createdb -E UTF8 -T \
         template0"
    )))
}

/// As [`migrate`], with migrations of the caller's choice: for tests of histories that the program does not have.
pub fn migrate_through(store: &Store, migrations: &[Migration], now: i64) -> Result<Vec<&'static str>, Error> {
    let mut applied = Vec::new();
    store.schema().watch(migrations.last().map_or(0, |last| last.number));
    // Nobody is kept from writing by a node that starts and finds nothing to do.
    if missing_now(store, migrations)?.is_empty() {
        return Ok(applied);
    }
    while let Some(name) = apply_next(store, migrations, now)? {
        tracing::info!(name, "migration applied");
        applied.push(name);
    }
    Ok(applied)
}

/// The names of the migrations not applied yet, in order; the same errors as [`migrate`].
pub fn pending(store: &Store) -> Result<Vec<&'static str>, Error> {
    Ok(missing_now(store, MIGRATIONS)?.iter().map(|migration| migration.name).collect())
}

fn missing_now<'a>(store: &Store, migrations: &'a [Migration]) -> Result<&'a [Migration], Error> {
    store.read(|tx| {
        let sql = match tx.dialect() {
            Dialect::Sqlite => TABLE_EXISTS_SQLITE,
            Dialect::Postgresql => TABLE_EXISTS_POSTGRESQL,
        };
        match tx.one(sql, &[])? {
            Some(_) => missing(tx, migrations),
            None => Ok(migrations),
        }
    })
}

/// Applies the first migration that is missing. What is missing is asked under the lock, each time anew, so that two
/// processes share the work and repeat none of it.
fn apply_next(store: &Store, migrations: &[Migration], now: i64) -> Result<Option<&'static str>, Error> {
    store.migration(|mut transaction| {
        transaction.run_script(CREATE_TABLE)?;
        let next = missing(transaction.tx(), migrations)?.first();
        if let Some(migration) = next {
            transaction.run_script(migration.sql)?;
            let values = [migration.number.into(), migration.name.into(), checksum(migration.sql).into(), now.into()];
            transaction.tx().run(MIGRATION_INSERT, &values)?;
        }
        transaction.commit()?;
        Ok(next.map(|migration| migration.name))
    })
}

/// The migrations after those in the database, once these have been found to be the first of ours.
fn missing<'a>(tx: &mut dyn Tx, migrations: &'a [Migration]) -> Result<&'a [Migration], Error> {
    let applied = tx.all(MIGRATION_LIST, &[])?;
    for (index, row) in applied.iter().enumerate() {
        let (number, name) = (row.integer(0)?, row.text(1)?);
        let Some(known) = migrations.get(index) else {
            return Err(Error::OtherSchema(format!(
                "the database is newer than this program: it has migration {number} ({name}), which this program does \
                 not know; run a newer one"
            )));
        };
        if i64::from(known.number) != number || row.text(2)? != checksum(known.sql) {
            return Err(Error::Migration(format!(
                "migration {number} ({name}) was applied to the database in another form than this program has; \
                 neither is touched"
            )));
        }
    }
    Ok(&migrations[applied.len()..])
}

/// SHA-256 in hexadecimal.
fn checksum(sql: &str) -> String {
    Sha256::digest(sql.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
