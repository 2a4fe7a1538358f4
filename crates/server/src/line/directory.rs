//! What can be written after the commands about the directory: `apply`, `release`, `export`, `lint`, `on-call`.

use super::Settings;
use super::people::Of;
use clap::{Args, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Apply {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Only show what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Take over a component that the API made, by its name; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) adopt: Vec<String>,
    /// Take over every component that the file names
    #[arg(long, conflicts_with = "adopt")]
    pub(crate) adopt_all: bool,
    /// Put back what was changed beside the file
    #[arg(long)]
    pub(crate) overwrite_drift: bool,
    /// Leave what was changed beside the file, and apply the rest
    #[arg(long, conflicts_with = "overwrite_drift")]
    pub(crate) keep_drift: bool,
    /// Write it as JSON: the plan, its changes as a structure, warnings, and why it is refused if it is
    #[arg(long)]
    pub(crate) json: bool,
    /// A directory file, or a folder of them
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Release {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization; needed where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: Option<String>,
    /// Names of the components
    #[arg(required = true, value_name = "NAME")]
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization; needed where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: Option<String>,
    /// Only what a directory file, or the API, manages
    #[arg(long, value_name = "WHO", default_value = "all")]
    pub(crate) managed_by: ManagedBy,
    /// Only this team, and what it owns
    #[arg(long, value_name = "NAME")]
    pub(crate) team: Option<String>,
    /// As it was at this version, as `directory versions` shows it
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["managed_by", "team"])]
    pub(crate) at: Option<i64>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Directory {
    /// List the versions of a directory, newest first
    Versions(DirectoryVersions),
    /// Show what is different between two versions
    Diff(DirectoryDiff),
    /// Make what the API manages what it was at a version, after showing what changes
    Restore(DirectoryRestore),
}

#[derive(Debug, Args)]
pub(crate) struct DirectoryVersions {
    #[command(flatten)]
    pub(crate) of: Of,
    /// How many at most
    #[arg(long, value_name = "COUNT", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct DirectoryDiff {
    #[command(flatten)]
    pub(crate) of: Of,
    /// The version to begin with
    pub(crate) from: i64,
    /// The version to compare it with
    pub(crate) until: i64,
}

#[derive(Debug, Args)]
pub(crate) struct DirectoryRestore {
    #[command(flatten)]
    pub(crate) of: Of,
    /// The version
    pub(crate) version: i64,
    /// Only show what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Whose components are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ManagedBy {
    /// All
    All,
    /// What a directory file manages
    File,
    /// What the API manages
    Api,
}

/// The directory file that a command looks at, without a database.
#[derive(Debug, Args)]
pub(crate) struct DirectoryPath {
    /// A directory file, or a folder of them
    #[arg(required_unless_present = "config", conflicts_with = "config")]
    path: Option<PathBuf>,
    /// The same, as an option
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl DirectoryPath {
    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.path.as_deref().or(self.config.as_deref()).unwrap_or(Path::new(""))
    }
}

#[derive(Debug, Args)]
pub(crate) struct Lint {
    #[command(flatten)]
    pub(crate) directory: DirectoryPath,
    /// End with code 1 where there is a warning
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OnCall {
    #[command(flatten)]
    pub(crate) directory: DirectoryPath,
    /// Only this escalation policy; every one where neither this nor --routine is given
    #[arg(long, value_name = "NAME", conflicts_with = "routine")]
    pub(crate) policy: Option<String>,
    /// Only this routine
    #[arg(long, value_name = "NAME")]
    pub(crate) routine: Option<String>,
    /// Instant (UTC unless it says a zone), such as 2026-12-24T18:00; now where nothing is given
    #[arg(long, value_name = "TIME", conflicts_with_all = ["from", "until"])]
    pub(crate) at: Option<String>,
    /// Begin of a period
    #[arg(long, value_name = "TIME", requires = "until")]
    pub(crate) from: Option<String>,
    /// Its end, exclusive
    #[arg(long, value_name = "TIME", requires = "from")]
    pub(crate) until: Option<String>,
    /// Answer in JSON; so it is, too, where the output goes to no terminal
    #[arg(long, conflicts_with = "table")]
    pub(crate) json: bool,
    /// Answer in a table, wherever the output goes
    #[arg(long)]
    pub(crate) table: bool,
}
