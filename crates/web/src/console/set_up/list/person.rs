//! People as lists tell them: what reaches them, and what they belong to.

use domain::Username;
use domain::directory::Directory;
use domain::notification::Channel;

/// By what somebody is reached on this server.
pub(in crate::console::set_up) fn channels(directory: &Directory, username: &str) -> Vec<Channel> {
    directory.channels_of(&Username::from(username))
}

/// The teams that somebody is in, by name.
pub(super) fn teams(directory: &Directory, username: &str) -> Vec<String> {
    let username = Username::from(username);
    let teams = directory.teams.by_name().into_iter().map(|entry| &entry.component);
    teams.filter(|team| team.role_of(&username).is_some()).map(|team| team.name.clone()).collect()
}
