//! The ground a world stands on: a migrated store, in memory where the machine has a file system for that.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use store::{Store, Url, migrate};
use tempfile::TempDir;

use crate::Database;
use crate::database::{discard_database, fresh_database};

/// A memory file system, where there is one. How durable a database is, is not what a world finds out.
const MEMORY: &str = "/dev/shm";

/// A store that only one world uses; it goes away with it.
pub(super) struct Ground {
    pub(super) url: Url,
    server_url: Option<String>,
    _folder: TempDir,
}

impl Ground {
    pub(super) fn new(database: Database) -> Self {
        let folder = folder();
        let server_url = (database == Database::Postgresql).then(fresh_database);
        let file = folder.path().join("world.db");
        if server_url.is_none() {
            std::fs::write(&file, empty_file()).expect("a database file is written");
        }
        let url = server_url.clone().unwrap_or_else(|| format!("sqlite:{}", file.display()));
        Self { url: url.parse().expect("a usable URL"), server_url, _folder: folder }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Some(url) = &self.server_url {
            discard_database(url);
        }
    }
}

fn folder() -> TempDir {
    let memory = Path::new(MEMORY);
    let place = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("reveille-world-").tempdir_in(place).expect("a directory")
}

/// A migrated, empty database, made once: to migrate costs more than many actions.
fn empty_file() -> &'static [u8] {
    static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
    EMPTY.get_or_init(|| {
        let folder = folder();
        let file: PathBuf = folder.path().join("empty.db");
        let url: Url = format!("sqlite:{}", file.display()).parse().expect("a usable URL");
        let store = Store::open(&url).expect("the store opens");
        migrate(&store, 0).expect("the store migrates");
        // With its last connection SQLite takes what stands in the log into the file.
        drop(store);
        std::fs::read(&file).expect("the file")
    })
}
