//! Mail about signing in: the link for who forgot a password, and what a person is told of what was done in their name. It
//! goes out beside the request, so that nobody learns from the time of an answer whether somebody was written to.

use super::link;
use super::person::Person;
use super::session::settings_of;
use super::trace::{Trace, set};
use super::visitor::{SignInError, Visitor};
use super::ways::organization_meant;
use crate::administration::Administration;
use crate::administration::MAILS_AT_ONCE;
use domain::notification::Channel;
use domain::sign_in::LinkPurpose;
use domain::{Urgency, limits};
use engine::{Batch, EVERYBODY, Failure, Undo};
use notify::carrier::{Address, Message, Outcome};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

impl Administration {
    /// Whether this server can send people links by mail.
    #[must_use]
    pub fn can_mail_links(&self) -> bool {
        self.notifier().carrier(Channel::Email).is_some() && !self.notifier().public_url().is_empty()
    }

    /// Sends whoever is meant a link by which they choose a new password; whether there is somebody, nobody is told.
    ///
    /// # Errors
    /// `TooMany` where a network asks too often, or see [`Failure`].
    pub async fn ask_for_reset(
        &self,
        organization: Option<String>,
        name: String,
        visitor: &Visitor,
    ) -> Result<(), SignInError> {
        let network = format!("reset\n{}", super::failure::network(visitor.address));
        let count = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            let times = store::hourly_count(batch.tx, &network, now)?;
            let may = times < limits::RESETS_OF_NETWORK_AN_HOUR;
            if may {
                store::hourly_add(batch.tx, &network, now)?;
            }
            Ok::<_, Undo>(may)
        };
        let place = Arc::clone(&self.0.mailing).try_acquire_owned().map_err(|_| SignInError::Busy)?;
        if !self.engine().desk().submit(EVERYBODY, count).await? {
            return Err(SignInError::TooMany { retry_after_seconds: super::failure::NETWORK_WAIT_SECONDS });
        }
        let (administration, visitor) = (self.clone(), visitor.clone());
        tokio::spawn(async move {
            let _place = place;
            if let Err(failure) = administration.send_reset(organization, name, &visitor).await {
                tracing::error!(?failure, "a link to a new password could not be sent");
            }
        });
        Ok(())
    }

    async fn send_reset(&self, organization: Option<String>, name: String, visitor: &Visitor) -> Result<(), Failure> {
        let found = self.engine().read(move |tx, shared| {
            let Some(organization) = organization_meant(tx, organization.as_deref())? else { return Ok(None) };
            let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok(None) };
            let Some(person) = Person::typed(&snapshot.directory, &name) else { return Ok(None) };
            let has_password = settings_of(tx, organization)?.password_sign_in
                && store::credential_load(tx, organization, &person.ref_id)?.password.is_some();
            Ok(Some(person).filter(|person| has_password && person.email.is_some()))
        });
        let Some(person) = found.await? else { return Ok(()) };
        let (ids, for_whom) = (self.engine().ids().clone(), person.clone());
        let trace = Trace::of_anybody(&ids, &person, visitor);
        let make = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            let subject = format!("reset of\n{}\n{}", for_whom.organization.0, for_whom.ref_id);
            if store::hourly_count(batch.tx, &subject, now)? >= limits::RESETS_OF_PERSON_AN_HOUR {
                return Ok::<_, Undo>(None);
            }
            store::hourly_add(batch.tx, &subject, now)?;
            let ends_at = now.plus_minutes(LinkPurpose::Reset.minutes());
            let what = (LinkPurpose::Reset, ends_at);
            Ok(Some(link::insert(batch.tx, &ids, &for_whom, what, (&trace, now))?))
        };
        let Some(path) = self.engine().desk().submit(person.organization, make).await? else { return Ok(()) };
        let text = format!(
            "Somebody asked for a new password for you ({}, {}). If it was you, choose one here within an hour:\n\n\
             {}{path}\n\nIf it was not you, do nothing: the link works only for who reads this mail.",
            person.username,
            person.organization_name,
            self.notifier().public_url(),
        );
        self.send(&person, "Your new password for Reveille", &text).await;
        Ok(())
    }

    /// Tells a person that sign-ins as them fail.
    pub(super) fn tell_of_failures(&self, person: &Person, times: u32) {
        let text = format!(
            "{times} sign-ins as {} failed in a row. If it was not you, somebody tries passwords; a second factor keeps \
             them out even if they find yours.",
            person.username
        );
        self.tell(person, "Failed sign-ins as you", text);
    }

    /// Tells a person that an account at a provider is theirs from now on, or is not any more.
    pub(crate) fn tell_of_account(&self, person: &Person, what: &str) {
        let text = format!(
            "An account at a sign-in provider was {what} you ({}). If it was not you, end all sessions on your security \
             page, and tell whoever runs the server.",
            person.username
        );
        self.tell(person, "A way to sign in as you was changed", text);
    }

    /// Tells a person that somebody signed in as them from where nobody did before.
    pub(crate) fn tell_of_device(&self, person: &Person, visitor: &Visitor) {
        let (agent, address) = (visitor.shown_agent(), visitor.shown_address());
        let text = format!(
            "Somebody signed in as {} from a device that was not known before: {agent}, from {address}. If it was not you, \
             change your password, which ends all sessions.",
            person.username
        );
        self.tell(person, "A new device signed in as you", text);
    }

    /// Tells a person, where they were reached before, that their address is another one now.
    pub(crate) fn tell_of_address(&self, person: &Person) {
        let text = format!(
            "This is not the e-mail address of {} in {} any more: it was changed or removed. If it was not you, tell whoever \
             administers {}: links to a new password go to the new address.",
            person.username, person.organization_name, person.organization_name
        );
        self.tell(person, "Your e-mail address was changed", text);
    }

    /// Tells a person that an administrator vouched for a contact of theirs.
    pub(crate) fn tell_of_trust(&self, person: &Person, channel: Channel) {
        let text = format!(
            "An administrator of {} vouched for your contact of the channel {}, so you ({}) are paged there from now on without \
             a code. If it is not yours, tell whoever administers {}.",
            person.organization_name,
            channel.word(),
            person.username,
            person.organization_name
        );
        self.tell(person, "A contact of yours is used from now on", text);
    }

    /// Tells a person that their second factor changed.
    pub(super) fn tell_of_factor(&self, person: &Person) {
        let text = format!(
            "The second factor of {}, or its codes for recovery, were changed or removed. If it was not you, tell whoever \
             administers {}.",
            person.username, person.organization_name
        );
        self.tell(person, "Your second factor was changed", text);
    }

    /// Tells a person that their passkeys changed.
    pub(super) fn tell_of_passkeys(&self, person: &Person) {
        let text = format!(
            "A passkey of {} was added or removed. If it was not you, tell whoever administers {}.",
            person.username, person.organization_name
        );
        self.tell(person, "Your passkeys were changed", text);
    }

    /// Tells a person that their password changed.
    pub(super) fn tell_of_password(&self, person: &Person) {
        let text = format!(
            "The password of {} was changed, and all sessions ended. If it was not you, tell whoever administers {}.",
            person.username, person.organization_name
        );
        self.tell(person, "Your password was changed", text);
    }

    fn tell(&self, person: &Person, subject: &'static str, text: String) {
        let user = &person.username;
        let Ok(place) = Arc::clone(&self.0.mailing).try_acquire_owned() else {
            return tracing::warn!(%user, subject, "too many mails about signing in are on their way; this one is not sent");
        };
        let (administration, person) = (self.clone(), person.clone());
        tokio::spawn(async move {
            let _place = place;
            administration.send(&person, subject, &text).await;
        });
    }

    /// Waits until no mail about signing in is on its way.
    pub async fn all_told(&self) {
        // It is closed by nobody.
        let _all = self.0.mailing.acquire_many(MAILS_AT_ONCE).await;
    }

    async fn send(&self, person: &Person, subject: &str, text: &str) {
        self.send_letter(&Letter {
            person: person.clone(),
            about: About::SignIn,
            subject: subject.to_owned(),
            text: text.to_owned(),
        })
        .await;
    }

    /// Sends letters one after the other, beside what else is done, in one of the places for mails.
    pub(crate) fn send_all(&self, letters: Vec<Letter>, place: OwnedSemaphorePermit) {
        let administration = self.clone();
        tokio::spawn(async move {
            let _place = place;
            for letter in &letters {
                administration.send_letter(letter).await;
            }
        });
    }

    async fn send_letter(&self, letter: &Letter) {
        let Letter { person, subject, .. } = letter;
        let Some((carrier, email)) = self.notifier().carrier(Channel::Email).zip(person.email.clone()) else { return };
        let message = message(letter, email, self.engine().ids().ref_id());
        let report = carrier.send(&message).await;
        let is_taken = report.outcome == Outcome::Delivered;
        if !is_taken {
            let (user, answer) = (&person.username, &report.answer);
            tracing::warn!(%user, subject, answer, "a mail to a person was not taken");
        }
        if let Err(failure) = self.record_told(person, subject, is_taken).await {
            tracing::error!(?failure, subject, "the audit log was not told of a mail to a person");
        }
    }

    /// Writes down that a person was written to, or that it failed.
    async fn record_told(&self, person: &Person, subject: &str, is_taken: bool) -> Result<(), Failure> {
        let trace = Trace::of_server(self.engine().ids(), person);
        let changes = vec![set("subject", subject)];
        let record = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            match is_taken {
                true => trace.record(batch.tx, now, "user.tell", changes.clone())?,
                false => trace.record_failed(batch.tx, now, ("user.tell", "not_delivered"), changes.clone())?,
            }
            Ok(())
        };
        self.engine().desk().submit_own(person.organization, record).await
    }
}

/// The mail that asks a person in by a link, whose whole address is `url`; nothing where the person has no address.
#[must_use]
pub fn invitation(person: &Person, url: &str, delivery_id: String) -> Option<Message> {
    let hours = LinkPurpose::Invite.minutes() / 60;
    let text = format!(
        "You are asked in to Reveille by {}, as {}. Choose a password here within {hours} hours; the link works once:\n\n{url}\n\n\
         If you expected no such mail, do nothing.",
        person.organization_name, person.username,
    );
    let subject = format!("You are asked in to Reveille by {}", person.organization_name);
    let letter = Letter { person: person.clone(), about: About::SignIn, subject, text };
    Some(message(&letter, person.email.clone()?, delivery_id))
}

/// The mail with the link by which somebody sets up a second factor in the place of one that they lost; nothing where the person
/// has no address.
pub(crate) fn enrolment(person: &Person, url: &str, delivery_id: String) -> Option<Message> {
    let hours = LinkPurpose::Enrol.minutes() / 60;
    let text = format!(
        "An administrator of {} let you ({}) set up another second factor. Within {hours} hours, with your password, once:\n\n{url}\n\n\
         If you lost none, tell them, and do not follow it: somebody said that you did.",
        person.organization_name, person.username,
    );
    let subject = "Set up another second factor".to_owned();
    let letter = Letter { person: person.clone(), about: About::SignIn, subject, text };
    Some(message(&letter, person.email.clone()?, delivery_id))
}

/// What a mail to a person is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// Signing in.
    SignIn,
    /// What is told again and again.
    Report,
}

/// A mail to a person, before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    person: Person,
    about: About,
    subject: String,
    text: String,
}

impl Letter {
    /// What a person is told again and again.
    pub(crate) fn report(person: Person, subject: String, text: String) -> Self {
        Self { person, about: About::Report, subject, text }
    }
}

fn message(letter: &Letter, email: String, delivery_id: String) -> Message {
    let Letter { person, about, subject, text } = letter;
    let (thread, kind) = match about {
        About::SignIn => ("sign-in", "sign_in"),
        About::Report => ("report", "report"),
    };
    Message {
        delivery_id,
        attempt: 1,
        address: Address::Email(email),
        subject: subject.clone(),
        html: None,
        text: format!("{},\n\n{text}", person.name),
        thread: format!("{thread}-{}", person.ref_id),
        payload: json!({"type": kind, "data": {"preferred_username": person.username}}),
        urgency: Urgency::Medium,
        brief: subject.clone(),
        spoken: subject.clone(),
        actions: Vec::new(),
        status_url: None,
        digits_url: None,
        about: None,
        page: None,
        useful_until: None,
        headers: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::directory::Role;
    use domain::{OrganizationId, RefId, Username};

    #[test]
    fn an_invitation_says_by_whom_and_until_when_and_goes_to_the_persons_address() {
        let mut person = Person {
            organization: OrganizationId(1),
            organization_name: "acme".to_owned(),
            ref_id: RefId::from("id"),
            username: Username::from("ben"),
            name: "Ben Bauer".to_owned(),
            email: Some("ben@example.com".to_owned()),
            role: Role::Responder,
            team_role: None,
            timezone: None,
        };
        let mail = invitation(&person, "https://r.example/app/invite/1.x", "id".to_owned()).unwrap();
        assert_eq!(mail.address, Address::Email("ben@example.com".to_owned()));
        assert_eq!(mail.subject, "You are asked in to Reveille by acme");
        assert!(mail.text.starts_with("Ben Bauer,\n\nYou are asked in to Reveille by acme, as ben. Choose a password"));
        assert!(mail.text.contains(" within 72 hours; the link works once:\n\nhttps://r.example/app/invite/1.x\n"));
        person.email = None;
        assert!(invitation(&person, "https://r.example/app/invite/1.x", "id".to_owned()).is_none());
    }
}
