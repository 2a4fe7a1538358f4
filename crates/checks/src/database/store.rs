//! A store of either kind that only one test sees, and the habit of running each test body on both.

use store::{Store, Url, migrate};
use tempfile::TempDir;

use super::cluster::{discard_database, empty_database, fresh_database};

/// The databases every promise is kept on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// SQLite in a file.
    Sqlite,
    /// PostgreSQL on a server.
    Postgresql,
}

impl Database {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgresql => "PostgreSQL",
        }
    }
}

/// A migrated, empty store that goes away with the test.
pub struct TestStore {
    /// Which database it is.
    pub database: Database,
    /// Where it is, to open it once more.
    pub url: Url,
    /// The store; taken only when dropped.
    store: Option<Store>,
    directory: TempDir,
    server_url: Option<String>,
}

impl TestStore {
    /// Makes one.
    pub fn new(database: Database) -> Self {
        let test = Self::made_by(database, fresh_database);
        if database == Database::Sqlite {
            migrate(test.store(), 0).expect("the store migrates");
        }
        test
    }

    /// Makes one without any table.
    pub fn blank(database: Database) -> Self {
        Self::made_by(database, empty_database)
    }

    fn made_by(database: Database, make: fn() -> String) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let server_url = (database == Database::Postgresql).then(make);
        let url: Url = match &server_url {
            Some(url) => url.parse(),
            None => format!("sqlite:{}", directory.path().join("test.db").display()).parse(),
        }
        .expect("a usable URL");
        let store = Store::open(&url).expect("the store opens");
        Self { database, url, store: Some(store), directory, server_url }
    }

    /// The store.
    pub fn store(&self) -> &Store {
        self.store.as_ref().expect("there until dropped")
    }

    /// A path in a directory that goes away with the test.
    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.directory.path().join(name)
    }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        self.store = None;
        if let Some(url) = &self.server_url {
            discard_database(url);
        }
    }
}

/// Runs a test body on both databases, each time with a store of its own; a failure says on which.
pub fn on_both(body: impl Fn(&TestStore)) {
    for database in [Database::Sqlite, Database::Postgresql] {
        eprintln!("on {database:?}:");
        body(&TestStore::new(database));
    }
}
