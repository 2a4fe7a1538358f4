//! The command line.

mod directory;
mod people;

pub(crate) use directory::{
    Apply, Directory, DirectoryDiff, DirectoryRestore, DirectoryVersions, Export, Lint, ManagedBy, OnCall, Release,
};
pub(crate) use people::{Invite, Of, Remove, Team, Token, TokenCreate, TokenRevoke, User, UserNamed};

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::permission::Scope;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Reveille wakes the right person: an incident-response and on-call server.
#[derive(Debug, Parser)]
#[command(name = "reveille", version, max_term_width = 100)]
pub(crate) struct Line {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try it out: a server with a demo organization, incidents, an API key and curl lines to paste
    Demo(Demo),
    /// Run the server
    Serve(Settings),
    /// Make an organization what its directory file says, after showing what changes
    Apply(Apply),
    /// Hand components of a directory file to the API, so that the file can leave them out
    Release(Release),
    /// Write an organization as a directory file to stdout
    Export(Export),
    /// Warn of what a directory file allows and nobody can want
    Lint(Lint),
    /// Say who is on call by a directory file, at an instant or over a period
    OnCall(OnCall),
    /// See how people are reached, and vouch for a contact
    #[command(subcommand)]
    Contact(Contact),
    /// Make, list and revoke API keys
    #[command(subcommand)]
    Key(Key),
    /// Print a link by which a person chooses a password and signs in; it works once, within an hour
    SetupLink(SetupLink),
    /// List people, let them in, lock them out, remove them
    #[command(subcommand)]
    User(User),
    /// List teams
    #[command(subcommand)]
    Team(Team),
    /// Make, list and revoke tokens, by which programs act as a person
    #[command(subcommand)]
    Token(Token),
    /// Look at the versions of a directory, compare them, and go back
    #[command(subcommand)]
    Directory(Directory),
    /// Say how senders reach an organization's integrations, and renew their keys
    #[command(subcommand)]
    Integration(Integration),
    /// Export the audit log, and verify that nobody has changed it
    #[command(subcommand)]
    Audit(Audit),
    /// Check a configuration file and the environment, and say every mistake
    CheckConfig(Settings),
    /// Bring the database's schema up to date; `serve` does it by itself
    Migrate(Settings),
    /// Copy the database to a new file while the server runs, and verify the copy (SQLite)
    Backup(Backup),
    /// Write the API's OpenAPI document to stdout
    Openapi,
}

/// Where the configuration comes from.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Configuration file; without it, the defaults and REVEILLE__SECTION__KEY variables count
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Address to listen on, if not what REVEILLE__SERVER__LISTEN says [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Folder for the demo's database
    #[arg(long, default_value = "./reveille-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// How many times as fast as real time the server's clock runs, so that minutes pass in seconds
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) speed: u32,
    /// On the first start, make no incidents, so that the first one is yours
    #[arg(long)]
    pub(crate) without_incidents: bool,
    /// On the first start, make nothing but an organization, and print a link by which its owner sets it up
    #[arg(long, conflicts_with = "without_incidents")]
    pub(crate) empty: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Contact {
    /// List the contacts of an organization, masked, and whether they are verified
    List(ContactList),
    /// Take the operator's word that a contact is the person's, as if a code had proved it
    Trust(ContactTrust),
}

#[derive(Debug, Args)]
pub(crate) struct ContactList {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: String,
}

#[derive(Debug, Args)]
pub(crate) struct ContactTrust {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: String,
    /// Preferred username
    #[arg(long, value_name = "NAME")]
    pub(crate) user: String,
    /// sms, voice, chat or push
    #[arg(long, value_name = "CHANNEL")]
    pub(crate) channel: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a key and print it, which is the only time it is shown
    Create(KeyCreate),
    /// List the keys of an organization, without the keys themselves
    List(KeyList),
    /// Revoke a key from this moment on
    Revoke(KeyRevoke),
}

#[derive(Debug, Args)]
pub(crate) struct SetupLink {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization; needed where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: Option<String>,
    /// Preferred username; needed where the organization has not exactly one administrator
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// Make them an owner, too; their role must not be a directory file's
    #[arg(long, requires = "user")]
    pub(crate) owner: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Integration {
    /// List the integrations of an organization with the URLs that senders are pointed at
    List(IntegrationList),
    /// Make a new key of an integration; the one before counts for a day more, or as long as is said
    RotateKey(IntegrationRotateKey),
}

#[derive(Debug, Args)]
pub(crate) struct IntegrationList {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: String,
}

#[derive(Debug, Args)]
pub(crate) struct IntegrationRotateKey {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: String,
    /// Hours for which the key before counts on, 0 to 720
    #[arg(long, value_name = "N", default_value_t = domain::limits::OVERLAP_HOURS,
        value_parser = clap::value_parser!(u32).range(0..=i64::from(domain::limits::OVERLAP_HOURS_MOST)))]
    pub(crate) overlap_hours: u32,
    /// Name of the integration
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct KeyCreate {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: String,
    /// Name of the key, shown as who acted
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// What the key may do
    #[arg(long, value_enum, default_value_t = KeyScope::Incidents)]
    pub(crate) scope: KeyScope,
    /// Network that the key may be used from, such as 10.0.0.0/8; may be repeated
    #[arg(long, value_name = "CIDR")]
    pub(crate) allow: Vec<String>,
    /// Day or instant (UTC) from which on the key is refused, such as 2027-01-31
    #[arg(long, value_name = "DATE")]
    pub(crate) expires: Option<String>,
    /// Team to whose things, and what nobody owns, the key is limited; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) team: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KeyScope {
    /// Read only
    Read,
    /// Read, and every operation on incidents
    Incidents,
    /// Everything
    Admin,
}

impl From<KeyScope> for Scope {
    fn from(scope: KeyScope) -> Self {
        match scope {
            KeyScope::Read => Self::Read,
            KeyScope::Incidents => Self::Incidents,
            KeyScope::Admin => Self::Admin,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct KeyList {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: String,
}

#[derive(Debug, Args)]
pub(crate) struct KeyRevoke {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: String,
    /// Number of the key, as `key list` shows it
    pub(crate) id: i64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Write the audit log to stdout, oldest rows first
    Export(AuditExport),
    /// Verify an export, or the log in the database, and name the first row that is wrong
    Verify(AuditVerify),
}

#[derive(Debug, Args)]
pub(crate) struct AuditExport {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization; needed where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: Option<String>,
    /// Only rows from this day or instant (UTC) on
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Only rows until this day or instant (UTC)
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// jsonl can be verified, csv is for programs that show tables
    #[arg(long, value_enum, default_value_t = AuditFormat::Jsonl)]
    pub(crate) format: AuditFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// A JSON object in each line
    Jsonl,
    /// A table, without personal values
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct AuditVerify {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization; needed where there are several and no file is given
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub(crate) organization: Option<String>,
    /// The last row as it was noted elsewhere, so that a tail that was cut off shows
    #[arg(long, value_name = "NUMBER:DIGEST")]
    pub(crate) head: Option<String>,
    /// An export of the form jsonl; without it, the log in the database
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// The new file; it must not exist
    pub(crate) file: PathBuf,
}
