//! `directory versions`, `directory diff`, `directory restore`.

use super::opened::{Opened, refused};
use super::say;
use crate::line::{Directory, DirectoryDiff, DirectoryRestore, DirectoryVersions};
use directory::{ChangeOf, diff_beside, version_list};
use std::fmt::Write;

/// Runs one of them.
pub(crate) fn directory(directory: &Directory) -> anyhow::Result<()> {
    match directory {
        Directory::Versions(line) => versions(line),
        Directory::Diff(line) => diff(line),
        Directory::Restore(line) => restore(line),
    }
}

fn versions(line: &DirectoryVersions) -> anyhow::Result<()> {
    let opened = Opened::of(&line.of)?;
    let mut text = format!("{:>7}  {:26}  {:8}  {:16}  {}\n", "version", "made", "way", "by", "what");
    for row in version_list(&opened.store, opened.organization.id, line.limit)? {
        // The last line of a plan counts what it has.
        let what = row.plan.lines().last().unwrap_or_default();
        let _ =
            writeln!(text, "{:>7}  {:26}  {:8}  {:16}  {what}", row.version, row.made_at.wire(), row.way, row.author);
    }
    say(&text)
}

fn diff(line: &DirectoryDiff) -> anyhow::Result<()> {
    let opened = Opened::of(&line.of)?;
    let plan = diff_beside(&opened.store, opened.organization.id, line.from, line.until).map_err(refused)?;
    say(&format!("{plan}\n"))
}

fn restore(line: &DirectoryRestore) -> anyhow::Result<()> {
    let changed = Opened::of(&line.of)?.change(&ChangeOf::Version(line.version), line.dry_run)?;
    let warnings: String = changed.warnings.iter().map(|warning| format!("warning: {warning}\n")).collect();
    say(&format!("{warnings}{}\n", changed.plan))
}
