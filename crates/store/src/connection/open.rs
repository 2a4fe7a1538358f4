//! The store as the rest of the program holds it: opened once, then read from and written to in transactions.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::Error;
use crate::connection::connect::Access;
use crate::connection::faults::Faults;
use crate::connection::pool::Pool;
use crate::connection::schema::Schema;
use crate::connection::session::{Session, Transaction};
use crate::connection::url::{Place, Url};
use crate::connection::writer::Writer;
use crate::seam::{Dialect, LAST_MIGRATION, Purpose, Tx};

/// How many transactions may read at the same time, unless the caller says.
const READERS: usize = 4;

/// How long a reader waits for its turn, unless the caller says.
const READER_PATIENCE: Duration = Duration::from_secs(5);

/// An opened database. Every method blocks; call it on a thread that may.
pub struct Store {
    url: Url,
    readers: Pool,
    schema: Arc<Schema>,
    faults: Option<Arc<dyn Faults>>,
    /// The session of the last [`Store::write`], kept for the next.
    spare_writer: Mutex<Option<Session>>,
}

impl Store {
    /// As [`Store::open_with`], with four readers.
    pub fn open(url: &Url) -> Result<Self, Error> {
        Self::open_with(url, READERS)
    }

    /// Opens the database and proves that it answers; a missing SQLite file is created, readable by its owner only.
    /// At most `readers` callers, but always one, read at the same time.
    ///
    /// Does not migrate: see [`crate::migrate`].
    ///
    /// # Errors
    /// `Address` when the directory of the file is missing, `Unsupported` when SQLite is too old, `Unavailable` or
    /// `Busy` when the server does not let us in.
    pub fn open_with(url: &Url, readers: usize) -> Result<Self, Error> {
        if let Place::File(path) = &url.0 {
            create_file(path)?;
        }
        let mut session = Session::new(url.clone(), Access::Write);
        drop(session.begin(Purpose::Read).map_err(|error| explained(error, url))?);
        Ok(Self {
            url: url.clone(),
            readers: Pool::new(url.clone(), readers.max(1), READER_PATIENCE),
            schema: Arc::default(),
            faults: None,
            spare_writer: Mutex::new(Some(session)),
        })
    }

    /// The store with readers that wait so long for their turn; five seconds unless this is said.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.readers.wait_at_most(patience);
        self
    }

    /// The store over a database that fails when these say so: for simulation only.
    #[must_use]
    pub fn with_faults(mut self, faults: &Arc<dyn Faults>) -> Self {
        self.readers.meet(faults);
        self.spare_writer = Mutex::default();
        self.faults = Some(Arc::clone(faults));
        self
    }

    /// How many callers may read at the same time; more wait for their turn.
    pub fn readers(&self) -> usize {
        self.readers.limit()
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self.url.0 {
            Place::File(_) => Dialect::Sqlite,
            Place::Server(_) => Dialect::Postgresql,
        }
    }

    /// Where the database is.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// A connection of one's own for writing; it connects at its first transaction. A SQLite file has one writer at
    /// a time, others wait.
    pub fn writer(&self) -> Writer {
        Writer { session: self.writing_session(), schema: Arc::clone(&self.schema) }
    }

    /// Proves that the database answers, that PostgreSQL lets us write, and that the schema is still what
    /// [`crate::migrate`] left.
    ///
    /// # Errors
    /// `Unavailable` or `Busy` when it is not there for us; `OtherSchema` when another version of this program migrated
    /// it: then nothing is read or written either, until this finds that all is well again.
    pub fn check(&self) -> Result<(), Error> {
        let mut lease = self.readers.lend()?;
        match self.dialect() {
            Dialect::Postgresql => self.schema.begin(lease.session()).map(drop),
            // One process writes to the file; asking for the lock of the writer would only hold it up.
            Dialect::Sqlite => {
                let mut transaction = lease.begin()?;
                let last = match self.schema.is_watched() {
                    true => transaction.tx().one(LAST_MIGRATION, &[])?.map(|row| row.integer(0)).transpose()?,
                    false => None,
                };
                self.schema.check(last)
            }
        }
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Reads one consistent snapshot. When as many callers read as may, the next one waits for its turn, and after its
    /// patience gets `Error::Busy`. `Error::OtherSchema` when that was found last: see [`Store::check`].
    pub fn read<T, E: From<Error>>(&self, body: impl FnOnce(&mut dyn Tx) -> Result<T, E>) -> Result<T, E> {
        self.schema.remembered()?;
        let mut lease = self.readers.lend()?;
        let mut transaction = lease.begin()?;
        body(transaction.tx())
    }

    /// Writes in one transaction that is committed if `body` succeeds and undone if not: for administration, while
    /// the engine's desk keeps a [`Writer`].
    pub fn write<T, E: From<Error>>(&self, body: impl FnOnce(&mut dyn Tx) -> Result<T, E>) -> Result<T, E> {
        self.on_spare_session(|session| {
            let mut transaction = self.schema.begin(session)?;
            let answer = body(transaction.tx())?;
            transaction.commit()?;
            Ok(answer)
        })
    }

    fn writing_session(&self) -> Session {
        Session::new(self.url.clone(), Access::Write).with_faults(self.faults.clone())
    }

    /// Opens a transaction for changing the schema.
    pub(crate) fn migration<T>(&self, body: impl FnOnce(Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.on_spare_session(|session| session.begin(Purpose::Migrate).and_then(body))
    }

    /// Uses the spare connection for writing, or a new one while another caller has it.
    fn on_spare_session<T>(&self, work: impl FnOnce(&mut Session) -> T) -> T {
        let spare = self.spare_writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut session = spare.unwrap_or_else(|| self.writing_session());
        let result = work(&mut session);
        *self.spare_writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(session);
        result
    }
}

/// Creates the file if it is missing, so that nobody else can read it; SQLite gives its log the same permissions.
fn create_file(path: &Path) -> Result<(), Error> {
    match private_file().open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Error::Address(format!("cannot create {}: its directory does not exist", path.display())))
        }
        Err(error) => Err(Error::Unavailable(format!("cannot create {}: {error}", path.display()))),
    }
}

/// What can be done about it. SQLite does not say why a file cannot be opened: its folder, where the log belongs, does. The file itself is left
/// alone, since closing it would end the locks that this process has on it.
fn explained(error: Error, url: &Url) -> Error {
    match (error, &url.0) {
        (Error::Unavailable(detail), Place::File(path)) => {
            let probe = path.with_added_extension("probe");
            match private_file().open(&probe).and_then(|_| std::fs::remove_file(&probe)) {
                Ok(()) => Error::Unavailable(detail),
                Err(cause) => Error::Unavailable(format!("its folder cannot be written: {cause}; {detail}")),
            }
        }
        (Error::Unavailable(detail), Place::Server(_)) if detail.contains(NO_TLS) => {
            Error::Unavailable(format!("{detail}; where the way to it is safe, add sslmode=disable to the URL"))
        }
        (error, _) => error,
    }
}

/// How the driver says it.
const NO_TLS: &str = "server does not support TLS";

/// How to create a new file that only its owner can read.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
