//! `user invite`, `user recover`.

use super::setup_link::print_link;
use crate::line::User;
use domain::sign_in::LinkPurpose;

/// Runs one of them.
pub(crate) fn user(user: &User) -> anyhow::Result<()> {
    let (line, purpose) = match user {
        User::Invite(line) => (line, LinkPurpose::Invite),
        User::Recover(line) => (line, LinkPurpose::Enrol),
    };
    print_link(&line.settings, (line.organization.as_deref(), Some(line.user.as_str())), purpose)
}
