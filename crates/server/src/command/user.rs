//! `user invite`.

use super::setup_link::print_link;
use crate::line::User;
use domain::sign_in::LinkPurpose;

/// Runs one of them.
pub(crate) fn user(user: &User) -> anyhow::Result<()> {
    match user {
        User::Invite(line) => {
            let named = (line.organization.as_deref(), Some(line.user.as_str()));
            print_link(&line.settings, named, LinkPurpose::Invite)
        }
    }
}
