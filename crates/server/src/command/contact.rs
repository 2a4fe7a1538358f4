//! `contact list`, `contact trust`.

use super::say;
use crate::exit::WrongInput;
use crate::house::{configure, log, open_store};
use crate::line::{Contact, ContactList, ContactTrust};
use directory::{Proof, TrustError};
use domain::notification::Channel;
use engine::{Clock, Ids};
use std::fmt::Write;

/// Runs one of them.
pub(crate) fn contact(contact: &Contact) -> anyhow::Result<()> {
    match contact {
        Contact::List(line) => list(line),
        Contact::Trust(line) => trust(line),
    }
}

fn list(line: &ContactList) -> anyhow::Result<()> {
    let store = open_store(&configure(line.settings.config.as_deref())?, &Clock::system())?;
    let contacts = directory::contact_list(&store, &line.organization);
    let contacts = contacts.map_err(|error| wrong(error, &line.organization, "", ""))?;
    let mut text = format!("{:20} {:8} {:32} {}\n", "user", "channel", "address", "verified");
    for contact in contacts {
        let proof = match contact.proof {
            Proof::NotNeeded => "not needed".to_owned(),
            Proof::Missing => "no".to_owned(),
            Proof::Given(at) => format!("since {}", at.wire()),
        };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{:20} {:8} {:32} {proof}", contact.user, contact.channel.word(), contact.address);
    }
    say(&text)
}

fn trust(line: &ContactTrust) -> anyhow::Result<()> {
    let Some(channel) = Channel::from_word(&line.channel).filter(|channel| channel.needs_verification()) else {
        return Err(WrongInput::one(format!("--channel: must be sms, voice, chat or push, not `{}`", line.channel)));
    };
    let configuration = configure(line.settings.config.as_deref())?;
    log(&configuration);
    let clock = Clock::system();
    let store = open_store(&configuration, &clock)?;
    let trusted = directory::contact_trust(&store, &clock, &Ids::system(), &line.organization, (&line.user, channel));
    let contact = trusted.map_err(|error| wrong(error, &line.organization, &line.user, channel.word()))?;
    let (organization, user) = (&line.organization, &line.user);
    tracing::info!(organization, user, channel = channel.word(), "an operator vouched for a contact");
    say(&format!("the {} contact of `{}`, {}, is verified\n", channel.word(), contact.user, contact.address))
}

fn wrong(error: TrustError, organization: &str, user: &str, channel: &str) -> anyhow::Error {
    let text = match error {
        TrustError::Store(error) => return error.into(),
        TrustError::NoOrganization => format!("no organization is named `{organization}`; `reveille apply` makes one"),
        TrustError::NoUser => format!("`{organization}` has no user `{user}`"),
        TrustError::NoContact => format!("user `{user}` has no {channel} contact"),
        TrustError::NotNeeded => format!("a contact by {channel} needs no proof"),
    };
    WrongInput::one(text)
}
