//! A copy of a SQLite database, taken while the server runs, and looked at before it is called a backup.

use std::io::ErrorKind;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::connection::open::private_file;
use crate::connection::url::Place;
use crate::seam::sqlite::SqliteConnection;
use crate::{Error, Store};

/// Copies the whole database into one new file and verifies it: its pages are intact and its migrations can be read.
/// Writers go on meanwhile. When it fails, no file is left.
///
/// # Errors
/// `Address` when the file exists already or cannot be created, `Unsupported` for PostgreSQL, `Corrupt` when the copy
/// is not sound.
pub fn backup(store: &Store, path: &Path) -> Result<(), Error> {
    let Place::File(source) = &store.url().0 else {
        return Err(Error::Unsupported(
            "only a SQLite database is backed up by Reveille; for PostgreSQL use pg_dump".to_owned(),
        ));
    };
    private_file().open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Error::Address(format!("{} exists already; a backup never overwrites", path.display()))
        }
        _ => Error::Address(format!("cannot create {}: {error}", path.display())),
    })?;
    copy(source, path).and_then(|()| verify(path)).inspect_err(|_| {
        // What failed is reported already; the file may stay behind when even removing fails.
        let _ = std::fs::remove_file(path);
    })
}

/// In one step, so that the copy is of one moment, however many write meanwhile.
fn copy(source: &Path, path: &Path) -> Result<(), Error> {
    let source = SqliteConnection::open_reader(source)?;
    let sorted = |error| Error::from_sqlite(&error, "");
    let mut target = Connection::open(path).map_err(sorted)?;
    let step = {
        let backup = Backup::new(source.inner(), &mut target).map_err(sorted)?;
        backup.step(-1).map_err(sorted)?
    };
    match step {
        StepResult::Done => Ok(()),
        other => Err(Error::Busy(format!("the database could not be copied: {other:?}"))),
    }
}

fn verify(path: &Path) -> Result<(), Error> {
    let sorted = |error| Error::from_sqlite(&error, "");
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(sorted)?;
    // The copy of a database in WAL mode would want two more files beside it, even to be read.
    connection.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(())).map_err(sorted)?;
    let verdict: String = connection.query_row("pragma integrity_check", (), |row| row.get(0)).map_err(sorted)?;
    if verdict != "ok" {
        return Err(Error::Corrupt(format!("the copy is not sound: {verdict}")));
    }
    let count = "select count(*) from migration";
    connection.query_row(count, (), |row| row.get::<_, i64>(0)).map_err(sorted).map(drop)
}
