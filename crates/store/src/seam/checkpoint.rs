//! Checkpoints of a SQLite database: what its log holds is copied into the file by a thread of its own, so that whoever
//! writes does not wait for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags};

/// Commits between two looks at the log.
const COMMITS_BETWEEN_LOOKS: u32 = 8;
/// Pages that only the log holds, from which on they are copied.
const PAGES_TO_COPY: i64 = 2_048;
/// Pages of the log from which on it is to begin anew.
const PAGES_OF_LOG: i64 = 4_096;

/// The thread only reads the log, page after page, and writes the file.
const SETTINGS: &str = "pragma synchronous = full; pragma wal_autocheckpoint = 0; pragma cache_size = -64";
/// Answers whether it was kept from it, the pages of the log, and those of them that the file has as well.
const LOOK: &str = "pragma wal_checkpoint(noop)";
/// Copies as much as can be copied without anybody having to wait.
const COPY: &str = "pragma wal_checkpoint(passive)";

/// The checkpoints that one connection asks for after its commits.
pub(super) struct Checkpoints {
    path: PathBuf,
    thread: Option<Thread>,
    commits: u32,
    /// The thread was asked since the log was last tried to be begun anew.
    was_asked: bool,
}

/// The thread, which lives as long as somebody may ask.
struct Thread {
    /// Taken only when dropped.
    asks: Option<Sender<()>>,
    is_copying: Arc<AtomicBool>,
    /// Likewise.
    handle: Option<JoinHandle<()>>,
}

impl Checkpoints {
    pub(super) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), thread: None, commits: 0, was_asked: false }
    }

    /// Looks at the log now and then; called after each commit of the connection. The thread copies what is much. What came
    /// meanwhile is little, and the connection copies it itself, since the log begins anew only when the file has all of it.
    ///
    /// Where this fails nothing is lost: the log grows until SQLite has the connection copy all of it.
    pub(super) fn committed(&mut self, connection: &Connection) {
        self.commits += 1;
        if self.commits < COMMITS_BETWEEN_LOOKS {
            return;
        }
        self.commits = 0;
        let looked = pages(connection, LOOK).and_then(|(log, copied)| {
            if self.thread.as_ref().is_some_and(Thread::is_copying) {
                return Ok(());
            }
            if log - copied >= PAGES_TO_COPY {
                self.ask();
            } else if self.was_asked && log >= PAGES_OF_LOG {
                self.was_asked = false;
                pages(connection, COPY)?;
            }
            Ok(())
        });
        if let Err(error) = looked {
            tracing::warn!(%error, "the log of the database could not be copied into its file; it is tried again");
        }
    }

    fn ask(&mut self) {
        if self.thread.is_none() {
            match Thread::begin(self.path.clone()) {
                Ok(thread) => self.thread = Some(thread),
                Err(error) => {
                    tracing::warn!(%error, "there is no thread to copy the log of the database into its file")
                }
            }
        }
        if let Some(thread) = &self.thread {
            thread.ask();
            self.was_asked = true;
        }
    }
}

impl Thread {
    fn begin(path: PathBuf) -> std::io::Result<Self> {
        let (asks, asked) = channel();
        let is_copying = Arc::new(AtomicBool::new(false));
        let copying = Arc::clone(&is_copying);
        let work = move || serve(&path, &asked, &copying);
        let handle = std::thread::Builder::new().name("checkpoint".to_owned()).spawn(work)?;
        Ok(Self { asks: Some(asks), is_copying, handle: Some(handle) })
    }

    fn is_copying(&self) -> bool {
        self.is_copying.load(Ordering::Acquire)
    }

    fn ask(&self) {
        self.is_copying.store(true, Ordering::Release);
        if self.asks.as_ref().is_none_or(|asks| asks.send(()).is_err()) {
            self.is_copying.store(false, Ordering::Release);
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.asks = None;
        // Its connection is closed then, so that whoever closes the last one leaves no log behind.
        if let Some(handle) = self.handle.take() {
            // A panic of the thread has lost nothing.
            let _ = handle.join();
        }
    }
}

/// Copies each time that it is asked, by a connection that it opens when it first is.
fn serve(path: &Path, asked: &Receiver<()>, is_copying: &AtomicBool) {
    let mut connection = None;
    while asked.recv().is_ok() {
        let copied = match &connection {
            Some(connection) => pages(connection, COPY),
            None => open(path).and_then(|opened| pages(connection.insert(opened), COPY)),
        };
        if let Err(error) = copied {
            tracing::warn!(%error, "the log of the database could not be copied into its file; it is tried again");
            connection = None;
        }
        is_copying.store(false, Ordering::Release);
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

/// The pages that the log has, and those of them that the file has as well.
fn pages(connection: &Connection, pragma: &str) -> rusqlite::Result<(i64, i64)> {
    connection.prepare_cached(pragma)?.query_row((), |row| Ok((row.get(1)?, row.get(2)?)))
}

#[cfg(test)]
mod tests {
    use super::super::sqlite::SqliteConnection;
    use super::super::{Connection as _, Purpose, Tx as _};
    use super::{COMMITS_BETWEEN_LOOKS, LOOK, PAGES_OF_LOG, PAGES_TO_COPY, Thread, pages};

    /// Fills so many pages, then commits until the log is looked at.
    fn write(connection: &mut SqliteConnection, count: i64) {
        for size in [count * 4_096].into_iter().chain((0..COMMITS_BETWEEN_LOOKS).map(|_| 1)) {
            connection.begin(Purpose::Write).unwrap();
            connection.run("insert into thing (a) values (zeroblob($1))", &[size.into()]).unwrap();
            connection.commit().unwrap();
        }
    }

    fn wait(connection: &SqliteConnection) {
        let thread = connection.checkpoints().unwrap().thread.as_ref();
        while thread.is_some_and(Thread::is_copying) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_thread_copies_the_log_and_it_begins_anew_though_somebody_writes_all_the_time() {
        let directory = tempfile::tempdir().unwrap();
        let mut connection = SqliteConnection::open_writer(&directory.path().join("new.db")).unwrap();
        connection.begin(Purpose::Write).unwrap();
        connection.run("create table thing (a blob)", &[]).unwrap();
        connection.commit().unwrap();

        write(&mut connection, PAGES_TO_COPY / 2);
        assert!(connection.checkpoints().unwrap().thread.is_none(), "little is left where it is");
        write(&mut connection, PAGES_TO_COPY);
        wait(&connection);
        let (log, copied) = pages(connection.inner(), LOOK).unwrap();
        assert!(copied >= PAGES_TO_COPY && copied <= log, "{copied} of {log}");

        for _ in 0..4 {
            write(&mut connection, PAGES_TO_COPY / 2);
            wait(&connection);
        }
        let (log, _) = pages(connection.inner(), LOOK).unwrap();
        assert!(log < PAGES_OF_LOG, "{log} pages");
    }

    #[test]
    fn the_thread_has_closed_the_file_when_the_connection_is() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new.db");
        let mut connection = SqliteConnection::open_writer(&path).unwrap();
        connection.begin(Purpose::Write).unwrap();
        connection.run("create table thing (a blob)", &[]).unwrap();
        connection.commit().unwrap();
        write(&mut connection, 2 * PAGES_TO_COPY);
        assert!(connection.checkpoints().unwrap().thread.is_some());
        drop(connection);
        assert!(!directory.path().join("new.db-wal").exists());
    }
}
