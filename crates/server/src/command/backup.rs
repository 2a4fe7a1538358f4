//! `backup`: a consistent copy of the database while the server runs.

use super::say;
use crate::house::{configure, open_store};
use crate::line::Backup;
use directory::audit::{self, Entry, Object};
use domain::Instant;
use engine::{Clock, Ids};
use std::path::Path;
use store::Store;

/// Copies and verifies.
pub(crate) fn backup(line: &Backup) -> anyhow::Result<()> {
    let configuration = configure(line.settings.config.as_deref())?;
    let store = open_store(&configuration, &Clock::system())?;
    // Before the copy, so that what is told is of rows that the copy has.
    let heads = heads(&store)?;
    store::backup(&store, &line.file)?;
    note(&store, &line.file)?;
    say(&format!("backed up to {}, and verified\n{heads}", line.file.display()))
}

/// A line for each organization's audit log that tells its head.
fn heads(store: &Store) -> anyhow::Result<String> {
    let mut heads = String::new();
    for organization in store.read(store::organization_list)? {
        if let Some(head) = store.read(|tx| audit::head(tx, organization.id))? {
            heads.push_str(&format!("audit log of {}: {head}\n", organization.name));
        }
    }
    Ok(heads)
}

/// Writes into each organization's audit log that a copy was made.
fn note(store: &Store, file: &Path) -> anyhow::Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    for organization in store.read(store::organization_list)? {
        let entry = Entry::of_command("backup.create", Object::new("backup", None, &name), Vec::new());
        let now = Instant(Clock::system().now());
        store.write(|tx| audit::record(tx, &Ids::system(), organization.id, now, &entry))?;
    }
    Ok(())
}
