//! `backup`: a consistent copy of the database while the server runs.

use super::say;
use crate::house::{configure, open_store};
use crate::line::Backup;
use engine::Clock;

/// Copies and verifies.
pub(crate) fn backup(line: &Backup) -> anyhow::Result<()> {
    let configuration = configure(line.settings.config.as_deref())?;
    let store = open_store(&configuration, &Clock::system())?;
    store::backup(&store, &line.file)?;
    say(&format!("backed up to {}, and verified\n", line.file.display()))
}
