//! `user invite`, `user recover`; what else is done to people stands in [`people`].

use super::setup_link::{new_link, print_link};
use super::{people, say};
use crate::carriers::carriers;
use crate::configuration::Configuration;
use crate::exit::WrongInput;
use crate::house::configure;
use crate::line::{Invite, User, UserNamed};
use directory::{LinkMade, invitation};
use domain::notification::Channel;
use domain::sign_in::LinkPurpose;
use engine::{Clock, Ids};
use notify::carrier::Outcome;

/// Runs one of them.
pub(crate) fn user(user: &User) -> anyhow::Result<()> {
    match user {
        User::Invite(Invite { named, mail: true }) => invite_by_mail(named),
        User::Invite(Invite { named, mail: false }) => print(named, LinkPurpose::Invite),
        User::Recover(named) => print(named, LinkPurpose::Enrol),
        User::List(of) => people::list(of),
        User::Lock(named) => people::lock(named, true),
        User::Unlock(named) => people::lock(named, false),
        User::Remove(line) => people::remove(line),
    }
}

fn print(line: &UserNamed, purpose: LinkPurpose) -> anyhow::Result<()> {
    print_link(&line.settings, (line.organization.as_deref(), Some(line.user.as_str())), purpose)
}

/// Sends an invitation. That nothing can be sent is found out before a link is made.
fn invite_by_mail(line: &UserNamed) -> anyhow::Result<()> {
    let configuration = configure(line.settings.config.as_deref())?;
    let clock = Clock::system();
    let carrier = carriers(&configuration, &clock)?.remove(&Channel::Email);
    let carrier = carrier.ok_or_else(|| WrongInput::one("--mail: smtp.host is empty, so no mail can be sent"))?;
    let address = reached_at(&configuration)?;
    let named = (line.organization.as_deref(), Some(line.user.as_str()));
    let LinkMade { person, path, .. } = new_link(&configuration, &clock, named, LinkPurpose::Invite)?;
    let mail = invitation(&person, &format!("{address}{path}"), Ids::system().ref_id());
    let mail = mail.ok_or_else(|| WrongInput::one(format!("--mail: `{}` has no e-mail address", person.username)))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = runtime.block_on(carrier.send(&mail));
    if report.outcome != Outcome::Delivered {
        return Err(anyhow::anyhow!("the mail server did not take the invitation: {}", report.answer));
    }
    say(&format!("{} was sent a link that works once, within three days\n", person.username))
}

fn reached_at(configuration: &Configuration) -> anyhow::Result<&str> {
    let address = configuration.server.public_url.as_deref();
    address.ok_or_else(|| WrongInput::one("--mail: server.public_url is empty, so a link would lead nowhere"))
}
