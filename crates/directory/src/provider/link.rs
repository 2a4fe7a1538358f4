//! Accounts at providers that people link to themselves: offered once somebody came back from there, confirmed by who is
//! signed in, listed, taken back.

use super::account::Account;
use super::flow::{Arrived, ProviderError, Why, unbelieved};
use super::given::given_text;
use super::settings::stored;
use crate::administration::Administration;
use crate::audit::{self, Actor, Changed, Entry, Object, Value, Way};
use crate::sign_in::{Person, Session};
use domain::sign_in::Given;
use domain::{Instant, OrganizationId, RefId, limits};
use engine::{Batch, Failure, Undo};
use notify::Purpose;
use serde::{Deserialize, Serialize};
use store::IdentityRow;

/// An account that somebody may link to themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkOffer {
    /// How it is called.
    pub account: String,
    /// The provider's name.
    pub provider: String,
    /// What confirms it. A secret of this browser.
    pub token: String,
}

/// An account that is linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedIdentity {
    /// The provider's issuer identifier.
    pub issuer: String,
    /// By what the provider knows the person.
    pub subject: String,
    /// Name of the provider, where it is still there.
    pub provider: Option<String>,
    /// Since when.
    pub linked_at: Instant,
}

/// What is confirmed.
#[derive(Serialize, Deserialize)]
struct Offered {
    organization: i64,
    person: RefId,
    provider: RefId,
    account: Account,
}

impl Administration {
    /// Offers an account to the person who went to link it.
    pub(super) async fn offer_link(&self, arrived: &Arrived, person: RefId) -> Result<LinkOffer, ProviderError> {
        let offered = Offered {
            organization: arrived.organization.0,
            person,
            provider: arrived.stored.ref_id.clone(),
            account: Account { groups: Vec::new(), ..arrived.account.clone() },
        };
        let ends_at = self.engine().now().plus_minutes(limits::PROVIDER_SIGN_IN_MINUTES);
        let token = self.notifier().token(Purpose::ProviderLink, &offered, Some(ends_at)).await?;
        let (account, provider) = (arrived.account.shown().to_owned(), arrived.stored.provider.name.clone());
        Ok(LinkOffer { account, provider, token })
    }

    /// Links an account that was offered to whoever is signed in.
    ///
    /// # Errors
    /// `NotFresh`, `Refused`, or see [`Failure`].
    pub async fn link_account(&self, session: &Session, token: &str) -> Result<(), ProviderError> {
        if !session.is_fresh(self.engine().now()) {
            return Err(ProviderError::NotFresh);
        }
        let opened = self.notifier().open_token::<Offered>(Purpose::ProviderLink, token).await?;
        let offered = opened.map_err(|_| unbelieved("nothing was offered within ten minutes"))?;
        let organization = session.person.organization;
        if (OrganizationId(offered.organization), &offered.person) != (organization, &session.person.ref_id) {
            return Err(unbelieved("it was offered to somebody else"));
        }
        let (ids, actor) = (self.engine().ids().clone(), actor(session));
        let person = session.person.clone();
        let link = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            let Account { issuer, subject, .. } = &offered.account;
            let row = store::provider_load(batch.tx, organization, &offered.provider)?;
            let stands = match row {
                Some(row) => stored(&row)?.provider.issuer == *issuer,
                None => false,
            };
            if !stands || store::identity_load(batch.tx, organization, (issuer, subject))?.is_some() {
                return Ok::<_, Undo>(false);
            }
            let row = IdentityRow {
                issuer: issuer.clone(),
                subject: subject.clone(),
                person: person.ref_id.clone(),
                linked_at: now,
                given: given_text(&Given::default())?,
            };
            store::identity_insert(batch.tx, organization, &row)?;
            let entry = entry(&actor, &person, "user.link_account", issuer);
            audit::record(batch.tx, &ids, organization, now, &entry)?;
            Ok(true)
        };
        if !self.engine().desk().submit(organization, link).await? {
            return Err(ProviderError::Refused(Why::Nobody("the account is linked already".to_owned())));
        }
        self.tell_of_account(&session.person, "linked to");
        Ok(())
    }

    /// The accounts that are linked to whoever is signed in.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn linked_accounts(&self, session: &Session) -> Result<Vec<ListedIdentity>, Failure> {
        let (organization, person) = (session.person.organization, session.person.ref_id.clone());
        let read = self.engine().read(move |tx, _| {
            let mut names = Vec::new();
            for row in store::provider_list(tx, organization)? {
                names.push((stored(&row)?.provider.issuer, row.name));
            }
            let rows = store::identity_list(tx, organization, &person)?;
            let listed = rows.into_iter().map(|row| ListedIdentity {
                provider: names.iter().find(|(issuer, _)| *issuer == row.issuer).map(|(_, name)| name.clone()),
                issuer: row.issuer,
                subject: row.subject,
                linked_at: row.linked_at,
            });
            Ok(listed.collect())
        });
        read.await
    }

    /// Takes back a link of whoever is signed in; `false` where there is none.
    ///
    /// # Errors
    /// `NotFresh`, or see [`Failure`].
    pub async fn unlink_account(
        &self,
        session: &Session,
        (issuer, subject): (String, String),
    ) -> Result<bool, ProviderError> {
        if !session.is_fresh(self.engine().now()) {
            return Err(ProviderError::NotFresh);
        }
        let (ids, actor) = (self.engine().ids().clone(), actor(session));
        let (organization, person) = (session.person.organization, session.person.clone());
        let unlink = move |batch: &mut Batch<'_>| {
            let key = (issuer.as_str(), subject.as_str());
            let found = store::identity_load(batch.tx, organization, key)?;
            if found.is_none_or(|row| row.person != person.ref_id) {
                return Ok::<_, Undo>(false);
            }
            store::identity_delete(batch.tx, organization, key)?;
            let entry = entry(&actor, &person, "user.unlink_account", &issuer);
            let now = batch.now();
            audit::record(batch.tx, &ids, organization, now, &entry)?;
            Ok(true)
        };
        let is_done = self.engine().desk().submit(organization, unlink).await?;
        if is_done {
            self.tell_of_account(&session.person, "taken from");
        }
        Ok(is_done)
    }
}

fn actor(session: &Session) -> Actor {
    let Person { ref_id, username, .. } = &session.person;
    Actor::person(ref_id.as_str(), username.as_str(), Some(session.ref_id.to_string()))
}

fn entry(actor: &Actor, person: &Person, action: &str, issuer: &str) -> Entry {
    let object = Object::new("user", Some(person.ref_id.as_str()), person.username.as_str());
    let changes = vec![Changed::set("issuer", Value::text(issuer))];
    Entry::new(actor.clone(), Way::Console, action, object, changes)
}
