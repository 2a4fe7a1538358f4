//! What can be written after the commands about people: `user`, `team`, `token`.

use super::{KeyScope, Settings};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// List people: role, state, and by what they are reached
    List(Of),
    /// Print a link by which a person chooses a password for the first time; it works once, within three days
    Invite(Invite),
    /// Print a link by which a person who lost their second factor sets up another; it works once, within an hour, and wants
    /// their password
    Recover(UserNamed),
    /// Let a person sign in no more; sessions and tokens end. They are still paged while something names them
    Lock(UserNamed),
    /// Let a person sign in again
    Unlock(UserNamed),
    /// Remove a person, whom nothing may name any more
    Remove(Remove),
}

#[derive(Debug, Args)]
pub(crate) struct Invite {
    #[command(flatten)]
    pub(crate) named: UserNamed,
    /// Send the link to the person by mail instead of printing it
    #[arg(long)]
    pub(crate) mail: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Remove {
    #[command(flatten)]
    pub(crate) named: UserNamed,
    /// Who is named instead from then on
    #[arg(long, value_name = "NAME")]
    pub(crate) transfer_to: Option<String>,
    /// Leave the person out wherever they are named; their turns become gaps
    #[arg(long, conflicts_with = "transfer_to")]
    pub(crate) leave_gaps: bool,
    /// Erase them, too, also if they left before: they are shown as a former person with a number from then on, and their addresses go
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) erase: bool,
    /// Only show what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UserNamed {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization; needed where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: Option<String>,
    /// Preferred username
    pub(crate) user: String,
}

/// An organization of which something is listed.
#[derive(Debug, Args)]
pub(crate) struct Of {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Name of the organization; needed where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Team {
    /// List teams with their members and what they own
    List(Of),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token of a person and print it, which is the only time it is shown
    Create(TokenCreate),
    /// List the tokens of an organization's people, without the tokens themselves
    List(Of),
    /// Revoke a token from this moment on
    Revoke(TokenRevoke),
}

#[derive(Debug, Args)]
pub(crate) struct TokenCreate {
    #[command(flatten)]
    pub(crate) named: UserNamed,
    /// Name of the token
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// What it may do, within the rights of its person
    #[arg(long, value_enum, default_value_t = KeyScope::Incidents)]
    pub(crate) scope: KeyScope,
    /// Days after which it is refused, 1 to 365; what the organization has set where none is given
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=365))]
    pub(crate) days: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct TokenRevoke {
    #[command(flatten)]
    pub(crate) of: Of,
    /// Number of the token, as `token list` shows it
    pub(crate) id: i64,
}
