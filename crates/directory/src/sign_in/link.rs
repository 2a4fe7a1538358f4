//! Links that work once: made by a command or for a mail, looked at, followed.

use super::passkey::{NewPasskey, keep};
use super::password;
use super::person::Person;
use super::session::{NewSession, new_token, read_token, settings_of};
use super::trace::{Trace, set};
use super::visitor::{SignInError, SignedIn, Visitor};
use crate::administration::Administration;
use domain::directory::{ComponentKind, Role};
use domain::sign_in::{Alone, LinkPurpose, Means};
use domain::{Instant, OrganizationId, RefId};
use engine::{Batch, Clock, Failure, Ids, Undo, definition_of, digest};
use store::{Error, LinkRow, OrganizationRow, Store, Tx};

/// A link as it is handed out.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkMade {
    /// For whom it is.
    pub person: Person,
    /// Where it leads, below the address of the server. A secret.
    pub path: String,
    /// Until when it counts.
    pub ends_at: Instant,
}

/// Shows no secret.
impl std::fmt::Debug for LinkMade {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "LinkMade({}, hidden)", self.person.username)
    }
}

/// Why there is no link.
#[derive(Clone, Debug)]
pub enum LinkError {
    /// The store failed.
    Store(Error),
    /// No organization has this name.
    UnknownOrganization(String),
    /// There are these organizations, and none was named; there may be none at all.
    WhichOrganization(Vec<String>),
    /// Nobody has this name.
    UnknownUser(String),
    /// Nobody was named, and these are the people who administer the organization; there may be none at all.
    WhichUser(Vec<String>),
    /// The person is locked.
    Locked(String),
}

impl From<Error> for LinkError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// Where a link with this token leads.
pub(super) fn path(purpose: LinkPurpose, token: &str) -> String {
    format!("/app/{}/{token}", purpose.word())
}

/// Makes a link for a person, who is the one administrator where nobody is named. Those before for the same purpose end.
/// `times_as_long` is 1 but where a clock runs faster than people do.
///
/// # Errors
/// See [`LinkError`]; nothing was made then.
pub fn make_link(
    store: &Store,
    (clock, ids): (&Clock, &Ids),
    (organization, user): (Option<&str>, Option<&str>),
    purpose: LinkPurpose,
    times_as_long: u32,
) -> Result<LinkMade, LinkError> {
    store.write(|tx| {
        let organization = organization_of(tx, organization)?;
        store::organization_hold(tx, organization.id)?;
        let person = person_of(tx, &organization, user)?;
        let ends_at = Instant(clock.now()).plus_minutes(purpose.minutes().saturating_mul(times_as_long));
        let trace = Trace::of_operator(ids, &person);
        let path = insert(tx, ids, &person, (purpose, ends_at), (&trace, Instant(clock.now())))?;
        Ok(LinkMade { person, path, ends_at })
    })
}

/// Keeps a new link and says where it leads.
pub(crate) fn insert(
    tx: &mut dyn Tx,
    ids: &Ids,
    person: &Person,
    (purpose, ends_at): (LinkPurpose, Instant),
    (trace, now): (&Trace, Instant),
) -> Result<String, Error> {
    let token = new_token(ids, person.organization);
    let row = LinkRow { digest: digest(&token), purpose, person: person.ref_id.clone(), ends_at, used_at: None };
    store::sign_in_link_insert(tx, person.organization, &row)?;
    trace.record(tx, now, "link.make", vec![set("purpose", purpose.word()), set("ends_at", &ends_at.wire())])?;
    Ok(path(purpose, &token))
}

fn organization_of(tx: &mut dyn Tx, name: Option<&str>) -> Result<OrganizationRow, LinkError> {
    if let Some(name) = name {
        return store::organization_known_as(tx, name)?.ok_or_else(|| LinkError::UnknownOrganization(name.to_owned()));
    }
    let mut all = store::organization_list(tx)?;
    match all.len() {
        1 => Ok(all.remove(0)),
        _ => Err(LinkError::WhichOrganization(all.into_iter().map(|organization| organization.name).collect())),
    }
}

fn person_of(tx: &mut dyn Tx, organization: &OrganizationRow, user: Option<&str>) -> Result<Person, LinkError> {
    let rows = store::component_list(tx, organization.id)?;
    let users = definition_of(&rows)?.users;
    let user = match user {
        Some(name) => {
            let found = users.iter().find(|user| user.username.as_str() == name);
            found.ok_or_else(|| LinkError::UnknownUser(name.to_owned()))?
        }
        None => {
            let administrators: Vec<_> = users.iter().filter(|user| user.role >= Role::Admin && !user.locked).collect();
            match administrators[..] {
                [only] => only,
                _ => {
                    let names = administrators.iter().map(|user| user.username.to_string()).collect();
                    return Err(LinkError::WhichUser(names));
                }
            }
        }
    };
    let is_theirs = |row: &&store::ComponentRow| row.kind == ComponentKind::User && row.name == user.username.as_str();
    let ref_id = rows.iter().find(is_theirs).map(|row| row.ref_id.clone());
    let ref_id = ref_id.ok_or_else(|| LinkError::UnknownUser(user.username.to_string()))?;
    Person::of((organization.id, &organization.name), &ref_id, user)
        .ok_or_else(|| LinkError::Locked(user.username.to_string()))
}

/// What a link that counts is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    /// For whom.
    pub person: Person,
    /// How long a password of theirs must be.
    pub alone: Alone,
    /// Whether a password is chosen by it: where nobody signs in by one, only by a link of who runs the server.
    pub takes_password: bool,
}

impl LinkView {
    /// Whether a passkey can be chosen by the link in the place of a password. Whoever has a second factor cannot: no link
    /// passes it, and a passkey is asked for none. Neither can who forgot a password, whose link came by mail.
    #[must_use]
    pub fn takes_passkey(&self, purpose: LinkPurpose) -> bool {
        matches!(purpose, LinkPurpose::Setup | LinkPurpose::Invite) && self.alone == Alone::Yes
    }
}

/// What somebody chose by a link, to sign in with from now on.
#[derive(Clone, Debug)]
pub(super) enum Chosen {
    /// Nothing; the link signs in by itself.
    Nothing,
    /// A password, by its hash.
    Password(String),
    /// A passkey.
    Passkey(Box<NewPasskey>),
}

/// What came of following a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// The person is signed in.
    SignedIn(SignedIn),
    /// The password is theirs from now on; they sign in by it, and by their second factor, which no link passes.
    PasswordSet(Person),
    /// The same where no password signs in: a code of their second factor is wanted, together with this token.
    CodeNeeded(String),
}

/// The link, if it counts at `now`, and its person is neither gone nor locked.
pub(super) fn look(
    batch: (&mut dyn Tx, &engine::Shared),
    (organization, digest): (OrganizationId, &str),
    purpose: LinkPurpose,
    now: Instant,
) -> Result<Option<LinkView>, Error> {
    let (tx, shared) = batch;
    let counts = |row: &LinkRow| row.purpose == purpose && row.used_at.is_none() && now < row.ends_at;
    let Some(row) = store::sign_in_link_load(tx, organization, digest)?.filter(counts) else { return Ok(None) };
    let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok(None) };
    let Some(person) = Person::with_ref(&snapshot.directory, &row.person) else { return Ok(None) };
    let has_factor = store::credential_load(tx, organization, &row.person)?.factor.is_some();
    let takes_password = purpose == LinkPurpose::Setup || settings_of(tx, organization)?.password_sign_in;
    let alone = if has_factor { Alone::No } else { Alone::Yes };
    Ok(Some(LinkView { person, alone, takes_password }))
}

impl Administration {
    /// What a link is for; nothing where it does not count. Nothing is changed.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn sign_in_link(&self, purpose: LinkPurpose, token: &str) -> Result<Option<LinkView>, Failure> {
        let Some((organization, digest)) = read_token(token) else { return Ok(None) };
        let now = self.engine().now();
        self.engine().read(move |tx, shared| Ok(look((tx, shared), (organization, &digest), purpose, now)?)).await
    }

    /// Follows a link that signs in by itself.
    ///
    /// # Errors
    /// `UnknownLink`, or see [`Failure`].
    pub async fn enter_by_link(&self, token: &str, visitor: &Visitor) -> Result<SignedIn, SignInError> {
        let purpose = LinkPurpose::SignIn;
        let view = self.sign_in_link(purpose, token).await?.ok_or(SignInError::UnknownLink)?;
        let followed = self.follow(view, (purpose, token), Chosen::Nothing, visitor).await?;
        match followed {
            Followed::SignedIn(signed_in) => Ok(signed_in),
            Followed::PasswordSet(_) | Followed::CodeNeeded(_) => Err(SignInError::UnknownLink),
        }
    }

    /// Follows a link by which a person chooses a password. Whoever has a second factor goes on to sign in.
    ///
    /// # Errors
    /// `UnknownLink`, `Password`, `Busy`, or see [`Failure`]. The link still counts then.
    pub async fn set_password_by_link(
        &self,
        (purpose, token): (LinkPurpose, &str),
        password: &str,
        visitor: &Visitor,
    ) -> Result<Followed, SignInError> {
        let view =
            self.sign_in_link(purpose, token).await?.filter(|view| purpose.sets_password() && view.takes_password);
        let view = view.ok_or(SignInError::UnknownLink)?;
        let place = self.hash_place()?;
        let salt = self.engine().ids().chance();
        let hash = password::chosen(&place, (&view.person, view.alone), password, salt).await?;
        self.follow(view, (purpose, token), Chosen::Password(hash), visitor).await
    }

    pub(super) async fn follow(
        &self,
        view: LinkView,
        (purpose, token): (LinkPurpose, &str),
        chosen: Chosen,
        visitor: &Visitor,
    ) -> Result<Followed, SignInError> {
        let LinkView { person, .. } = view;
        let organization = person.organization;
        let Some((_, digest)) = read_token(token) else { return Err(SignInError::UnknownLink) };
        let new = NewSession::draw(self.engine().ids(), &person, (Means::Link, false), visitor);
        let session = new.token.clone();
        let use_it = move |batch: &mut Batch<'_>| follow(batch, (organization, &digest, purpose), &chosen, &new);
        match self.engine().desk().submit(organization, use_it).await?? {
            None => Err(SignInError::UnknownLink),
            Some(Then::SignIn) => self.past_link(person).await,
            Some(Then::SignedIn) => {
                let known = self.known_device(&person, visitor).await?;
                Ok(Followed::SignedIn(self.signed_in(person, session, known).await?))
            }
        }
    }
}

impl Administration {
    /// How whoever has a second factor goes on after they chose a password: they sign in by both. Where no password signs in, it
    /// was the word of who runs the server, and the code is enough.
    async fn past_link(&self, person: Person) -> Result<Followed, SignInError> {
        let organization = person.organization;
        let read = self.engine().read(move |tx, _| Ok(settings_of(tx, organization)?.password_sign_in));
        if read.await? {
            return Ok(Followed::PasswordSet(person));
        }
        let known = self.with_ref(organization, person.ref_id).await?.ok_or(SignInError::UnknownLink)?;
        Ok(Followed::CodeNeeded(self.halfway(&known.person, &known.credential).await?))
    }
}

/// What there is for the person to do once they followed a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    SignedIn,
    SignIn,
}

/// Uses a link, keeps what was chosen, and begins a session unless a second factor stands before it.
fn follow(
    batch: &mut Batch<'_>,
    (organization, digest, purpose): (OrganizationId, &str, LinkPurpose),
    chosen: &Chosen,
    new: &NewSession,
) -> Result<Result<Option<Then>, SignInError>, Undo> {
    let now = batch.now();
    let Some(view) = look((batch.tx, batch.shared), (organization, digest), purpose, now)? else { return Ok(Ok(None)) };
    let (person, trace): (&RefId, _) = (&view.person.ref_id, new.trace.without_session());
    if let Chosen::Passkey(passkey) = chosen {
        if !view.takes_passkey(purpose) {
            return Ok(Ok(None));
        }
        if let Err(why) = keep(batch.tx, &trace, (organization, passkey), now)? {
            return Ok(Err(why.into()));
        }
    }
    if !store::sign_in_link_use(batch.tx, organization, digest, now)? {
        return Err(Error::Conflict("a link was used meanwhile".to_owned()).into());
    }
    trace.record(batch.tx, now, "link.use", vec![set("purpose", purpose.word())])?;
    match chosen {
        Chosen::Nothing => {}
        Chosen::Passkey(_) => super::end_sessions(batch.tx, organization, person)?,
        Chosen::Password(hash) => {
            let credential = password::keep(batch.tx, &trace, (organization, person), (hash, now))?;
            if credential.factor.is_some() {
                return Ok(Ok(Some(Then::SignIn)));
            }
        }
    }
    new.begin(batch.tx, organization, now)?;
    new.record(batch.tx, now, "user.sign_in", Vec::new())?;
    Ok(Ok(Some(Then::SignedIn)))
}
