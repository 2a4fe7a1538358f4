//! Sessions: begun, known again at each request, listed, ended. The browser holds 256 bits of chance behind the number of
//! the organization; only their digest is kept.

use super::person::Person;
use super::trace::{Trace, set};
use super::visitor::{SignInError, SignedIn, Visitor};
use crate::administration::Administration;
use crate::audit::{Changed, Value};
use domain::directory::Settings;
use domain::sign_in::{Means, is_fresh, is_over};
use domain::{Instant, OrganizationId, RefId};
use engine::{Batch, Failure, Ids, Undo, digest};
use notify::Purpose;
use store::{Error, OrganizationRow, SessionRow, Tx};

/// Microseconds after which the use of a session is recorded again.
const USE_RECORDED_EVERY: i64 = 60_000_000;
const DAY_MINUTES: u32 = 24 * 60;
/// Days for which a device is known that somebody signed in from.
const DEVICE_DAYS: u32 = 365;

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub person: Person,
    /// The id by which the session is listed and ended.
    pub ref_id: RefId,
    /// Since when.
    pub made_at: Instant,
    /// Until when, at the latest.
    pub ends_at: Instant,
    /// By what they signed in.
    pub means: Means,
    /// Whether they gave a second factor.
    pub with_factor: bool,
    /// Whether the organization wants of them a second factor that they have not set up.
    pub lacks_factor: bool,
    pub(super) fresh_at: Instant,
    pub(super) digest: String,
}

impl Session {
    /// Whether the person proved who they are within the last minutes, as what is dangerous asks for.
    #[must_use]
    pub fn is_fresh(&self, now: Instant) -> bool {
        is_fresh(self.fresh_at, now)
    }

    /// A number of its own, for its bucket of requests; below 0, where no key's number is.
    #[must_use]
    pub fn bucket(&self) -> i64 {
        let digits = self.digest.get(..15).unwrap_or_default();
        -1 - i64::from_str_radix(digits, 16).unwrap_or_default()
    }

    pub(super) fn organization(&self) -> OrganizationId {
        self.person.organization
    }

    /// Whether it is a session of this person.
    pub(super) fn is_of(&self, person: &Person) -> bool {
        self.person.organization == person.organization && self.person.ref_id == person.ref_id
    }
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSession {
    /// The id by which it is ended.
    pub ref_id: RefId,
    /// Whether it is the one that asks.
    pub is_this: bool,
    /// Since when.
    pub made_at: Instant,
    /// When it was last used, to the minute.
    pub last_used_at: Instant,
    /// Until when, at the latest.
    pub ends_at: Instant,
    /// By what its owner signed in.
    pub means: Means,
    /// What the browser calls itself.
    pub device: String,
    /// The address that it began from.
    pub network: String,
}

/// Whose a token is, and its digest; nothing where it has not the form of one.
pub(super) fn read_token(token: &str) -> Option<(OrganizationId, String)> {
    let (organization, secret) = token.split_once('.')?;
    let is_sound = !secret.is_empty() && secret.len() <= 64;
    Some((OrganizationId(organization.parse().ok()?), digest(token))).filter(|_| is_sound)
}

/// A new token of this organization.
pub(super) fn new_token(ids: &Ids, organization: OrganizationId) -> String {
    ids.secret(&format!("{}.", organization.0))
}

/// What a new session is to be.
#[derive(Clone, Debug)]
pub(crate) struct NewSession {
    pub(crate) token: String,
    ref_id: RefId,
    pub(super) person: RefId,
    pub(super) means: Means,
    pub(super) with_factor: bool,
    /// The session of the same browser, which ends.
    before: Option<String>,
    device: String,
    network: String,
    pub(super) trace: Trace,
    /// When the person proved who they are, where it was not at this moment.
    proved_at: Option<Instant>,
    /// Minutes after which it is over, where that is sooner than others are.
    minutes: Option<u32>,
}

/// A session that began.
pub(crate) struct Opened {
    /// By what it is known.
    pub(crate) digest: String,
    /// The id by which it is listed.
    pub(crate) session: RefId,
    /// When it is over in any case.
    pub(crate) ends_at: Instant,
}

impl NewSession {
    pub(crate) fn draw(ids: &Ids, person: &Person, (means, with_factor): (Means, bool), visitor: &Visitor) -> Self {
        let ref_id = RefId(ids.ref_id());
        Self {
            token: new_token(ids, person.organization),
            trace: Trace::of(ids, person, Some(&ref_id), visitor),
            ref_id,
            person: person.ref_id.clone(),
            means,
            with_factor,
            before: visitor.session.clone(),
            device: visitor.shown_agent(),
            network: visitor.shown_address(),
            proved_at: None,
            minutes: None,
        }
    }

    /// The same for somebody who proved at that moment who they are, over after so many minutes where that is sooner.
    pub(crate) fn proved(self, at: Instant, minutes: Option<u32>) -> Self {
        Self { proved_at: Some(at), minutes, ..self }
    }

    /// Begins it, under an id that nobody has seen before; the one that the browser had ends.
    pub(crate) fn begin(&self, tx: &mut dyn Tx, organization: OrganizationId, now: Instant) -> Result<Opened, Error> {
        let before = self.before.as_deref().and_then(read_token);
        if let Some((owner, before)) = before.filter(|(owner, _)| *owner == organization) {
            store::session_delete(tx, owner, &before)?;
        }
        let longest = session_days(tx, organization)? * DAY_MINUTES;
        let row = SessionRow {
            digest: digest(&self.token),
            session: self.ref_id.clone(),
            person: self.person.clone(),
            made_at: now,
            last_used_at: now,
            ends_at: now.plus_minutes(longest.min(self.minutes.unwrap_or(longest))),
            fresh_at: self.proved_at.unwrap_or(now),
            means: self.means,
            with_factor: self.with_factor,
            device: self.device.clone(),
            network: self.network.clone(),
        };
        store::session_insert(tx, organization, &row)?;
        Ok(Opened { digest: row.digest, session: row.session, ends_at: row.ends_at })
    }

    /// Writes down that its person signed in by it.
    pub(super) fn record(&self, tx: &mut dyn Tx, now: Instant, action: &str, more: Vec<Changed>) -> Result<(), Error> {
        let factor = Changed::set("with_factor", Value::Plain(self.with_factor.into()));
        let changes = [set("means", self.means.word()), factor].into_iter().chain(more).collect();
        self.trace.record(tx, now, action, changes)
    }
}

/// What the organization has set.
pub(crate) fn settings_of(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Settings, Error> {
    Ok(store::organization_load(tx, organization)?.as_ref().map(settings_in).unwrap_or_default())
}

/// The same of an organization that is at hand.
pub(super) fn settings_in(organization: &OrganizationRow) -> Settings {
    serde_json::from_str(&organization.settings).unwrap_or_default()
}

/// Days after which a session of this organization is over in any case.
fn session_days(tx: &mut dyn Tx, organization: OrganizationId) -> Result<u32, Error> {
    Ok(settings_of(tx, organization)?.session_days)
}

/// A session as the settings have it now, which shorten those that there are: none where it is over.
fn lasting(row: SessionRow, settings: &Settings, now: Instant) -> Option<SessionRow> {
    let ends_at = row.ends_at.min(row.made_at.plus_minutes(settings.session_days * DAY_MINUTES));
    let is_over = is_over(row.last_used_at, ends_at, settings.session_idle_hours, now);
    (!is_over).then_some(SessionRow { ends_at, ..row })
}

/// Those sessions that are not over, as they are shown.
pub(super) fn listed(
    rows: Vec<SessionRow>,
    settings: &Settings,
    now: Instant,
    is_this: impl Fn(&SessionRow) -> bool,
) -> Vec<ListedSession> {
    let last = rows.into_iter().filter_map(|row| lasting(row, settings, now));
    last.map(|row| ListedSession {
        is_this: is_this(&row),
        ref_id: row.session,
        made_at: row.made_at,
        last_used_at: row.last_used_at,
        ends_at: row.ends_at,
        means: row.means,
        device: row.device,
        network: row.network,
    })
    .collect()
}

/// A session, or so many of them, that there is no more.
pub(super) fn ended(which: impl Into<serde_json::Value>) -> Changed {
    Changed { field: "sessions".to_owned(), before: Value::Plain(which.into()), after: Value::Unset }
}

/// Who a device was signed in from before, and its id.
type KnownDevice = (i64, RefId, String);

impl Administration {
    /// Who is signed in by what a browser shows; nobody where the session is over or was ended, or its person is gone or
    /// locked.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn session(&self, token: &str) -> Result<Option<Session>, Failure> {
        let Some((organization, digest)) = read_token(token) else { return Ok(None) };
        let now = self.engine().now();
        let found = self.engine().read(move |tx, shared| {
            let Some(row) = store::session_load(tx, organization, &digest)? else { return Ok(None) };
            let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok(None) };
            let settings = &snapshot.directory.settings;
            let Some(row) = lasting(row, settings, now) else { return Ok(None) };
            let Some(person) = Person::with_ref(&snapshot.directory, &row.person) else { return Ok(None) };
            // A provider asks for factors of its own.
            let is_wanted = settings.second_factor_for.contains(&person.role) && row.means != Means::Provider;
            let lacks_factor = is_wanted && !store::sign_in_factor(tx, organization, &row.person)?;
            Ok(Some((person, row, lacks_factor)))
        });
        let Some((person, row, lacks_factor)) = found.await? else { return Ok(None) };
        if row.last_used_at.plus_micros(USE_RECORDED_EVERY) <= now {
            self.0.session_uses.note(organization, &row.digest, now);
        }
        let SessionRow { digest, session, made_at, ends_at, fresh_at, means, with_factor, .. } = row;
        Ok(Some(Session {
            person,
            ref_id: session,
            made_at,
            ends_at,
            means,
            with_factor,
            lacks_factor,
            fresh_at,
            digest,
        }))
    }

    /// Whether somebody is still signed in as they were: the session was not ended, and its person is there with the same role.
    /// Asking does not count as using it.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn stands(&self, session: &Session) -> Result<bool, Failure> {
        let (organization, digest, now) = (session.organization(), session.digest.clone(), self.engine().now());
        let found = self.engine().read(move |tx, shared| {
            let Some(row) = store::session_load(tx, organization, &digest)? else { return Ok(None) };
            let Some(snapshot) = shared.directories.current(tx, organization)? else { return Ok(None) };
            let row = lasting(row, &snapshot.directory.settings, now);
            Ok(row.and_then(|row| Person::with_ref(&snapshot.directory, &row.person)))
        });
        Ok(found.await?.is_some_and(|person| person.role == session.person.role))
    }

    /// The sessions of a person, the one that was used last first; `this` is the one that asks, where one does.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn sessions(&self, person: &Person, this: Option<&Session>) -> Result<Vec<ListedSession>, Failure> {
        let (organization, person) = (person.organization, person.ref_id.clone());
        let read = self.engine().read(move |tx, shared| {
            let snapshot = shared.directories.current(tx, organization)?;
            let settings = snapshot.map(|snapshot| snapshot.directory.settings.clone()).unwrap_or_default();
            Ok((store::session_list(tx, organization, &person)?, settings))
        });
        let (rows, settings) = read.await?;
        let is_this = |row: &SessionRow| this.is_some_and(|this| row.digest == this.digest);
        Ok(listed(rows, &settings, self.engine().now(), is_this))
    }

    /// Ends a session of a person, which may be the one that asks; `false` when they have none with this id.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn end_session(
        &self,
        person: &Person,
        this: Option<&Session>,
        ref_id: RefId,
        visitor: &Visitor,
    ) -> Result<bool, Failure> {
        let trace = Trace::of(self.engine().ids(), person, this.map(|this| &this.ref_id), visitor);
        let (organization, person) = (person.organization, person.ref_id.clone());
        let (action, changes) = match this.is_some_and(|this| this.ref_id == ref_id) {
            true => ("user.sign_out", Vec::new()),
            false => ("session.end", vec![ended(ref_id.as_str())]),
        };
        let end = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            let is_ended = store::session_delete_named(batch.tx, organization, &person, &ref_id)?;
            if is_ended {
                trace.record(batch.tx, now, action, changes.clone())?;
            }
            Ok::<_, Undo>(is_ended)
        };
        self.engine().desk().submit(organization, end).await
    }

    /// Ends all sessions of a person but the one that asks, where one does; how many.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn end_other_sessions(
        &self,
        person: &Person,
        this: Option<&Session>,
        visitor: &Visitor,
    ) -> Result<u64, Failure> {
        let trace = Trace::of(self.engine().ids(), person, this.map(|this| &this.ref_id), visitor);
        let (organization, person) = (person.organization, person.ref_id.clone());
        let kept = this.map(|this| this.digest.clone()).unwrap_or_default();
        let end = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            let count = store::session_delete_others(batch.tx, organization, &person, &kept)?;
            if count > 0 {
                trace.record(batch.tx, now, "session.end_others", vec![ended(count)])?;
            }
            Ok::<_, Undo>(count)
        };
        self.engine().desk().submit(organization, end).await
    }

    /// What the audit log is told of what whoever is signed in does.
    pub(super) fn trace(&self, session: &Session, visitor: &Visitor) -> Trace {
        Trace::of(self.engine().ids(), &session.person, Some(&session.ref_id), visitor)
    }

    /// Records the uses of sessions that were noted since the last time.
    pub(crate) async fn record_session_uses(&self) -> Result<(), Failure> {
        for (organization, uses) in self.0.session_uses.take() {
            let record = move |batch: &mut Batch<'_>| {
                for (digest, at) in &uses {
                    store::session_used(batch.tx, organization, digest, *at)?;
                }
                Ok(())
            };
            self.engine().desk().submit_own(organization, record).await?;
        }
        Ok(())
    }

    /// The id of the device that shows this, if this person signed in from it before.
    pub(crate) async fn known_device(&self, person: &Person, visitor: &Visitor) -> Result<Option<String>, Failure> {
        let Some(token) = &visitor.device else { return Ok(None) };
        let opened = self.notifier().open_token::<KnownDevice>(Purpose::Device, token).await?;
        let is_theirs = |(owner, ref_id, _): &KnownDevice| *owner == person.organization.0 && *ref_id == person.ref_id;
        Ok(opened.ok().filter(is_theirs).map(|(_, _, id)| id))
    }

    /// What the browser is given once the session is there.
    pub(crate) async fn signed_in(
        &self,
        person: Person,
        session: String,
        known: Option<String>,
    ) -> Result<SignedIn, SignInError> {
        let id = known.unwrap_or_else(|| self.engine().ids().ref_id());
        let subject: KnownDevice = (person.organization.0, person.ref_id.clone(), id);
        let ends_at = self.engine().now().plus_minutes(DEVICE_DAYS * DAY_MINUTES);
        let device = self.notifier().token(Purpose::Device, &subject, Some(ends_at)).await?;
        Ok(SignedIn { person, session, device })
    }
}
