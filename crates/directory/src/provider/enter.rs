//! Somebody whom a provider sent is let in: whose account it is, what its groups give, and the session, in one transaction.

use super::account::Account;
use super::flow::{Aim, Answer, Arrived, ProviderError, Underway, Why, unbelieved};
use super::given::{author, edits, given_text, may_differ, newcomer};
use super::link::LinkOffer;
use super::settings::Stored;
use crate::administration::Administration;
use crate::audit::{self, Actor, Changed, Entry, From, Object, Value, Way};
use crate::change::{ChangeOf, change_in};
use crate::sign_in::{NewSession, Person, SignInError, SignedIn, Visitor};
use domain::directory::{Directory, Role, User};
use domain::sign_in::{Given, Means, is_fresh};
use domain::{Instant, OrganizationId, RefId};
use engine::{Batch, Ids, Undo};
use store::{Error, IdentityRow, ProviderSessionRow};

const HOUR_MINUTES: u32 = 60;

/// What came of coming back from a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Somebody is signed in, and goes on there.
    SignedIn {
        /// Who.
        signed_in: SignedIn,
        /// Where they go on to.
        next: String,
    },
    /// Whoever is signed in is asked whether the account is theirs.
    Offered(LinkOffer),
}

impl Administration {
    /// Takes what a browser brings back from the provider of this name, with the cookie that it was sent with.
    ///
    /// # Errors
    /// `Unknown`, `Away`, `Refused`, `TooMany`, or see [`engine::Failure`]; nobody is signed in then.
    pub async fn come_from_provider(
        &self,
        (name, cookie): (&str, &str),
        answer: &Answer,
        visitor: &Visitor,
    ) -> Result<Answered, ProviderError> {
        self.admit_network(visitor).await?;
        let answered = match self.underway(cookie).await {
            Ok(underway) => {
                let organization = underway.organization();
                let answered = self.answered((name, underway), answer, visitor).await;
                if matches!(answered, Err(ProviderError::Refused(Why::Answer(_)))) {
                    self.note_unbelieved(organization, visitor);
                }
                answered
            }
            Err(error) => Err(error),
        };
        if matches!(answered, Err(ProviderError::Refused(_))) {
            self.count_failed_network(visitor).await?;
        }
        answered
    }

    async fn answered(
        &self,
        (name, underway): (&str, Underway),
        answer: &Answer,
        visitor: &Visitor,
    ) -> Result<Answered, ProviderError> {
        let arrived = self.arrive(name, underway, answer).await?;
        if let Aim::Link(person) = &arrived.underway.aim {
            let offer = self.offer_link(&arrived, person.clone()).await?;
            return Ok(Answered::Offered(offer));
        }
        let now = self.engine().now();
        let Arrived { organization, stored, account, underway } = arrived;
        let proved_at = match &underway.aim {
            Aim::Again(_) => {
                let proved = account.proved_at.filter(|at| is_fresh(*at, now) && *at <= now.plus_minutes(1));
                proved.ok_or_else(|| unbelieved("the provider does not say that it asked anew (auth_time)"))?.min(now)
            }
            // Where the provider does not say when it asked, it may have asked nothing: that the browser was sent there
            // is all that is known.
            Aim::SignIn | Aim::Link(_) => account.proved_at.unwrap_or(underway.begun_at).min(now),
        };
        let (ids, visitor_here) = (self.engine().ids().clone(), visitor.clone());
        let next = underway.next.clone();
        let entry = Entering { organization, stored, account, aim: underway.aim, proved_at };
        let enter = move |batch: &mut Batch<'_>| entry.enter(batch, &ids, &visitor_here);
        match self.engine().desk().submit(organization, enter).await? {
            Entered::Nobody(why) => {
                self.note_stranger_refused(organization, &SignInError::Refused, visitor);
                Err(ProviderError::Refused(Why::Nobody(why)))
            }
            Entered::As { person, token, changed } => {
                if changed {
                    self.notifier().directory_changed();
                }
                let device = self.known_device(&person, visitor).await?;
                if device.is_none() {
                    self.tell_of_device(&person, visitor);
                }
                let signed_in = self.signed_in(person, token, device).await?;
                Ok(Answered::SignedIn { signed_in, next })
            }
        }
    }
}

/// Somebody who is to be let in.
struct Entering {
    organization: OrganizationId,
    stored: Stored,
    account: Account,
    aim: Aim,
    proved_at: Instant,
}

enum Entered {
    /// Nobody, and why: in words for the log.
    Nobody(String),
    As {
        person: Person,
        token: String,
        changed: bool,
    },
}

fn nobody<T>(why: &str) -> Result<Result<T, String>, Undo> {
    Ok(Err(why.to_owned()))
}

impl Entering {
    fn enter(&self, batch: &mut Batch<'_>, ids: &Ids, visitor: &Visitor) -> Result<Entered, Undo> {
        let now = batch.now();
        let row = store::provider_load(batch.tx, self.organization, &self.stored.ref_id)?;
        if row.is_none_or(|row| row.version != self.stored.version) {
            return Ok(Entered::Nobody("the provider was changed meanwhile".to_owned()));
        }
        let (known, mut changed) = match self.whose(batch, ids, now)? {
            Ok(known) => known,
            Err(why) => return Ok(Entered::Nobody(why)),
        };
        if let Aim::Again(person) = &self.aim
            && *person != known
        {
            return Ok(Entered::Nobody("the account is that of somebody else".to_owned()));
        }
        changed |= self.give(batch, ids, &known, now)?;
        let snapshot = batch.snapshot(self.organization)?;
        let Some(person) = Person::with_ref(&snapshot.directory, &known) else {
            return Ok(Entered::Nobody("the person is locked or gone".to_owned()));
        };
        let limit = self.stored.provider.max_session_hours.map(|hours| hours.saturating_mul(HOUR_MINUTES));
        let new = NewSession::draw(ids, &person, (Means::Provider, false), visitor).proved(self.proved_at, limit);
        let kept = new.begin(batch.tx, self.organization, now)?;
        let Account { issuer, subject, sid, .. } = &self.account;
        let row = ProviderSessionRow {
            digest: kept.digest,
            issuer: issuer.clone(),
            subject: subject.clone(),
            sid: sid.clone().unwrap_or_default(),
            ends_at: kept.ends_at,
        };
        store::provider_session_insert(batch.tx, self.organization, &row)?;
        self.record(batch, ids, (&person, &kept.session), visitor, now)?;
        Ok(Entered::As { person, token: new.token, changed })
    }

    /// The id of whose account it is, who may be new, and whether the directory was changed for it; or why it is nobody's.
    fn whose(&self, batch: &mut Batch<'_>, ids: &Ids, now: Instant) -> Result<Result<(RefId, bool), String>, Undo> {
        let Account { issuer, subject, .. } = &self.account;
        if let Some(identity) = store::identity_load(batch.tx, self.organization, (issuer, subject))? {
            return Ok(Ok((identity.person, false)));
        }
        let Some(email) = self.account.verified_email() else {
            return nobody("nobody is linked to the account, and it has no verified address");
        };
        let snapshot = batch.snapshot(self.organization)?;
        let directory = &snapshot.directory;
        let lower = email.to_lowercase();
        let is_theirs = |user: &User| user.email.as_ref().is_some_and(|known| known.to_lowercase() == lower);
        let mut theirs = directory.users.iter().filter(|entry| is_theirs(&entry.component));
        let (first, second) = (theirs.next(), theirs.next());
        let person = match (first, second) {
            (Some(_), Some(_)) => return nobody("several people have the account's address"),
            (Some(entry), None) => {
                if !self.stored.provider.trust_email {
                    return nobody("somebody has the account's address, and the provider is not marked trust_email");
                }
                if entry.component.role == Role::Owner {
                    return nobody("an owner links an account by themselves");
                }
                let linked = store::identity_list(batch.tx, self.organization, &entry.ref_id)?;
                if linked.iter().any(|identity| identity.issuer == *issuer) {
                    return nobody("the person with the account's address has another account there");
                }
                entry.ref_id.clone()
            }
            (None, _) => {
                let Some(role) = self.stored.provider.signs_up(email) else {
                    return nobody("nobody has the account's address, and nobody of its domain signs up");
                };
                match self.sign_up(batch, ids, email, role, now)? {
                    Ok(person) => {
                        self.link(batch, ids, &person, now)?;
                        return Ok(Ok((person, true)));
                    }
                    Err(why) => return Ok(Err(why)),
                }
            }
        };
        // Whoever is locked is linked to nothing either.
        if Person::with_ref(directory, &person).is_none() {
            return nobody("the person is locked");
        }
        self.link(batch, ids, &person, now)?;
        Ok(Ok((person, false)))
    }

    fn sign_up(
        &self,
        batch: &mut Batch<'_>,
        ids: &Ids,
        email: &str,
        role: Role,
        now: Instant,
    ) -> Result<Result<RefId, String>, Undo> {
        let username = self.account.username.as_deref().unwrap_or(email);
        let snapshot = batch.snapshot(self.organization)?;
        if is_taken(&snapshot.directory, username, email) {
            return nobody("the account's username is that of somebody else");
        }
        let edit = newcomer(&self.account, username, email, role);
        let wish = ChangeOf::Components(vec![edit]);
        change_in(batch, self.organization, &wish, ids, &author(&self.stored), now)?;
        let snapshot = batch.snapshot(self.organization)?;
        let made = snapshot.directory.users.named(username).map(|entry| entry.ref_id.clone());
        Ok(Ok(made.ok_or_else(|| Error::Corrupt("a new person is not there".to_owned()))?))
    }

    fn link(&self, batch: &mut Batch<'_>, ids: &Ids, person: &RefId, now: Instant) -> Result<(), Undo> {
        let Account { issuer, subject, .. } = &self.account;
        let given = given_text(&Given::default())?;
        let row = IdentityRow {
            issuer: issuer.clone(),
            subject: subject.clone(),
            person: person.clone(),
            linked_at: now,
            given,
        };
        store::identity_insert(batch.tx, self.organization, &row)?;
        let snapshot = batch.snapshot(self.organization)?;
        let name = snapshot.directory.users.with_ref(person.as_str()).map(|entry| entry.component.username.to_string());
        let object = Object::new("user", Some(person.as_str()), &name.unwrap_or_default());
        let changes = vec![Changed::set("issuer", Value::text(issuer))];
        let entry = author(&self.stored).base.with("user.link_account", object, changes);
        audit::record(batch.tx, ids, self.organization, now, &entry)?;
        Ok(())
    }

    /// Gives what the groups give; whether the directory was changed.
    fn give(&self, batch: &mut Batch<'_>, ids: &Ids, person: &RefId, now: Instant) -> Result<bool, Undo> {
        let Account { issuer, subject, .. } = &self.account;
        let key = (issuer.as_str(), subject.as_str());
        let Some(identity) = store::identity_load(batch.tx, self.organization, key)? else { return Ok(false) };
        let before: Given = serde_json::from_str(&identity.given)
            .map_err(|error| Error::Corrupt(format!("what a provider gave: {error}")))?;
        let provider = &self.stored.provider;
        let given = provider.given(&self.account.groups);
        let email = self.account.verified_email();
        let otherwise = email.and_then(|email| provider.signs_up(email)).unwrap_or(Role::Restricted);
        let snapshot = batch.snapshot(self.organization)?;
        let mut changed = false;
        if may_differ(&snapshot.directory, person, &before, &given, otherwise) {
            let rows = store::component_list(batch.tx, self.organization)?;
            let edits = edits(&rows, &snapshot.directory, person, (&before, &given), otherwise);
            if !edits.is_empty() {
                let author = author(&self.stored);
                change_in(batch, self.organization, &ChangeOf::Components(edits), ids, &author, now)?;
                changed = true;
            }
        }
        if before != given {
            store::identity_given(batch.tx, self.organization, key, &given_text(&given)?)?;
        }
        Ok(changed)
    }

    fn record(
        &self,
        batch: &mut Batch<'_>,
        ids: &Ids,
        (person, session): (&Person, &RefId),
        visitor: &Visitor,
        now: Instant,
    ) -> Result<(), Undo> {
        let actor = Actor::person(person.ref_id.as_str(), person.username.as_str(), Some(session.to_string()));
        let object = Object::new("user", Some(person.ref_id.as_str()), person.username.as_str());
        let changes = vec![Changed::set("provider", Value::text(&self.stored.provider.name))];
        let from = From {
            address: visitor.address.map(|address| address.to_string()),
            user_agent: Some(visitor.shown_agent()),
            file_digest: None,
        };
        let entry = Entry { from, ..Entry::new(actor, Way::Provider, "user.sign_in", object, changes) };
        audit::record(batch.tx, ids, self.organization, now, &entry)?;
        Ok(())
    }
}

/// Whether somebody has this username, or is known by it as their address, of which nobody else may make a username.
fn is_taken(directory: &Directory, username: &str, email: &str) -> bool {
    let lower = username.to_lowercase();
    let is_own = lower == email.to_lowercase();
    directory.users.iter().any(|entry| {
        let user = &entry.component;
        let is_address = user.email.as_ref().is_some_and(|known| known.to_lowercase() == lower);
        user.username.as_str().to_lowercase() == lower || (is_address && !is_own)
    })
}
