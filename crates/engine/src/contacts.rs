//! Contacts: a person proves by a code that a telephone, a chat or a topic is theirs, before it is used (on-call §4).

use crate::address::{address, address_digest};
use crate::carrier::{Letter, Outcome};
use crate::desk::Batch;
use crate::digest::digest;
use crate::directory::Snapshot;
use crate::engine::{Engine, snapshot};
use crate::failure::{Failure, Undo};
use crate::read::Reader;
use domain::directory::{ComponentKind, Directory, User};
use domain::notification::Channel;
use domain::{Instant, OrganizationId, Refusal, Urgency, Username, limits};
use serde_json::json;
use std::sync::Arc;
use store::{ContactRow, Error, Tx};

/// A person's contact of one channel, as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its channel.
    pub channel: Channel,
    /// The address, masked: enough to tell which one it is.
    pub address: String,
    /// Since when it is known to be the person's; never, for a channel whose contacts need no proof.
    pub verified_at: Option<Instant>,
    /// Whether pages go there: it is verified or needs no proof, and this server has a carrier for it.
    pub is_usable: bool,
}

/// What came of sending a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSent {
    /// Whether the carrier took it.
    pub outcome: Outcome,
    /// The carrier's words.
    pub answer: String,
    /// Until when the code counts.
    pub expires_at: Instant,
}

impl Engine {
    /// The contacts of a person, in the order of `Channel::ALL`.
    ///
    /// # Errors
    /// `Refused(UnknownComponent)`, `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn contacts(&self, reader: Reader, user: Username) -> Result<Vec<Contact>, Failure> {
        self.read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, reader.organization, reader.key_id)?;
            let person = person(&snapshot.directory, &user)?;
            Ok(contacts_of(tx, reader.organization, &snapshot.directory, person)?)
        })
        .await
    }

    /// Makes a new code for a contact and sends it there at once; codes sent before do not count any more. That the
    /// carrier failed is no error: the answer says so.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `NoContact`, `NothingToVerify`, `TooManyCodes` or `KeyRevoked`; otherwise see
    /// [`Failure`].
    pub async fn send_code(&self, reader: Reader, user: Username, channel: Channel) -> Result<CodeSent, Failure> {
        let code = self.0.ids.digits(limits::CODE_DIGITS);
        let delivery_id = self.0.ids.ref_id();
        let (asked, drawn) = (user.clone(), code.clone());
        let draw = move |batch: &mut Batch<'_>| {
            let snapshot = may_ask(batch, reader)?;
            let contact = unproved(batch, &snapshot.directory, &asked, channel)?;
            let expires_at = batch.now().plus_minutes(limits::CODE_MINUTES);
            keep_code(batch, reader.organization, contact, &drawn, expires_at)?;
            Ok((snapshot, expires_at))
        };
        let (snapshot, expires_at) = self.0.desk.submit(reader.organization, draw).await?;
        let person = person(&snapshot.directory, &user)?;
        let letter = letter(person, channel, &code, delivery_id).map_err(Failure::Broken)?;
        let (outcome, answer) = match self.0.lanes.get(&channel) {
            Some(lane) => {
                let report = lane.carrier.send(&letter).await;
                (report.outcome, report.answer)
            }
            None => (Outcome::PermanentFailure, "no carrier serves this channel".to_owned()),
        };
        tracing::info!(%user, channel = channel.word(), ?outcome, answer, "a code was sent to a contact");
        Ok(CodeSent { outcome, answer, expires_at })
    }

    /// Takes the code that was sent to a contact as the proof that it is the person's. From then on it is used.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `NoContact`, `NothingToVerify`, `NoCode`, `WrongCode` or `KeyRevoked`;
    /// otherwise see [`Failure`].
    pub async fn verify(
        &self,
        reader: Reader,
        user: Username,
        channel: Channel,
        code: String,
    ) -> Result<Instant, Failure> {
        let tried = move |batch: &mut Batch<'_>| {
            let snapshot = may_ask(batch, reader)?;
            let contact = unproved(batch, &snapshot.directory, &user, channel)?;
            // A try that was wrong is counted, so its refusal must not undo it.
            try_code(batch, reader.organization, contact, &code)
        };
        Ok(self.0.desk.submit(reader.organization, tried).await??)
    }
}

/// The directory, once the key is known to be valid.
fn may_ask(batch: &mut Batch<'_>, reader: Reader) -> Result<Arc<Snapshot>, Undo> {
    let now = batch.now();
    let snapshot = batch.snapshot(reader.organization)?;
    let key = snapshot.keys.get(&reader.key_id).ok_or(Refusal::KeyRevoked)?;
    if key.revoked_at.is_some() || key.expires_at.is_some_and(|at| at <= now) {
        return Err(Refusal::KeyRevoked.into());
    }
    Ok(snapshot)
}

fn person<'a>(directory: &'a Directory, user: &Username) -> Result<&'a User, Refusal> {
    let unknown = || Refusal::UnknownComponent {
        field: "preferred_username",
        kind: ComponentKind::User,
        name: user.as_str().to_owned(),
    };
    directory.user(user.as_str()).ok_or_else(unknown)
}

/// What is known of a contact that still has to be proved.
fn unproved(
    batch: &mut Batch<'_>,
    directory: &Directory,
    user: &Username,
    channel: Channel,
) -> Result<ContactRow, Undo> {
    let address = address_digest(channel, person(directory, user)?);
    let address = address.ok_or_else(|| Refusal::NoContact { user: user.clone(), channel })?;
    if directory.is_trusted(user, channel) {
        return Err(Refusal::NothingToVerify { channel }.into());
    }
    let now = batch.now();
    Ok(present_row(batch.tx, directory.organization, user, channel, address, now)?)
}

/// What is known of the contact as far as it is about its present address; how many codes were sent counts for any.
fn present_row(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    user: &Username,
    channel: Channel,
    address_digest: String,
    now: Instant,
) -> Result<ContactRow, Error> {
    let known = store::contact_load(tx, organization, user, channel)?;
    let (codes_from, codes_sent) = known.as_ref().map_or((now, 0), |row| (row.codes_from, row.codes_sent));
    if let Some(row) = known.filter(|row| row.address_digest == address_digest) {
        return Ok(row);
    }
    Ok(ContactRow {
        user: user.clone(),
        channel,
        address_digest,
        code_digest: None,
        code_expires_at: None,
        codes_from,
        codes_sent,
        tries: 0,
        verified_at: None,
    })
}

fn keep_code(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    mut row: ContactRow,
    code: &str,
    expires_at: Instant,
) -> Result<(), Undo> {
    let now = batch.now();
    let hour_ends = row.codes_from.plus_minutes(60);
    if hour_ends <= now {
        (row.codes_from, row.codes_sent) = (now, 0);
    } else if row.codes_sent >= limits::CODES_AN_HOUR {
        let seconds = (hour_ends.0 - now.0 + 999_999).div_euclid(1_000_000);
        let retry_after_seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        return Err(Refusal::TooManyCodes { limit: limits::CODES_AN_HOUR, retry_after_seconds }.into());
    }
    row.codes_sent += 1;
    row.tries = 0;
    row.code_digest = Some(code_digest(&row, code));
    row.code_expires_at = Some(expires_at);
    Ok(store::contact_save(batch.tx, organization, &row)?)
}

fn try_code(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    mut row: ContactRow,
    code: &str,
) -> Result<Result<Instant, Refusal>, Undo> {
    let now = batch.now();
    let counts = row.tries < limits::CODE_TRIES && row.code_expires_at.is_some_and(|at| now < at);
    let Some(expected) = row.code_digest.clone().filter(|_| counts) else { return Ok(Err(Refusal::NoCode)) };
    if !are_equal(&expected, &code_digest(&row, code.trim())) {
        row.tries += 1;
        store::contact_save(batch.tx, organization, &row)?;
        return Ok(Err(Refusal::WrongCode { tries_left: limits::CODE_TRIES - row.tries }));
    }
    prove(batch.tx, organization, row, now)?;
    batch.directory_changed(organization)?;
    Ok(Ok(now))
}

fn prove(tx: &mut dyn Tx, organization: OrganizationId, mut row: ContactRow, now: Instant) -> Result<(), Error> {
    row.verified_at = Some(now);
    (row.code_digest, row.code_expires_at, row.tries) = (None, None, 0);
    store::contact_save(tx, organization, &row)
}

/// Bound to the person and the address, so that a code proves nothing else.
fn code_digest(row: &ContactRow, code: &str) -> String {
    digest(&format!("code\n{}\n{}\n{code}", row.user, row.address_digest))
}

/// Whether two digests are the same, in a time that does not tell where they differ.
fn are_equal(one: &str, other: &str) -> bool {
    let different = one.bytes().zip(other.bytes()).fold(0, |different, (one, other)| different | (one ^ other));
    one.len() == other.len() && different == 0
}

fn letter(person: &User, channel: Channel, code: &str, delivery_id: String) -> Result<Letter, String> {
    let minutes = limits::CODE_MINUTES;
    let brief = format!("{code} is the code that proves to Reveille that this contact is yours.");
    let text = format!(
        "{},\n\n{brief}\n\nIt counts for {minutes} minutes. If you did not ask for it, do nothing.",
        person.shown_name()
    );
    let digits: Vec<String> = code.chars().map(String::from).collect();
    let digits = digits.join(", ");
    Ok(Letter {
        delivery_id,
        attempt: 1,
        address: address(channel, person)?,
        subject: format!("Your code for Reveille: {code}"),
        html: None,
        text,
        thread: format!("contact-{}", person.username),
        payload: json!({
            "type": "contact.code",
            "data": { "preferred_username": person.username, "channel": channel.word(), "code": code },
        }),
        urgency: Urgency::Medium,
        brief,
        spoken: format!("This is Reveille. Your code is: {digits}. Again: {digits}."),
        actions: Vec::new(),
        status_url: None,
        digits_url: None,
        headers: Vec::new(),
    })
}

fn contacts_of(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    directory: &Directory,
    person: &User,
) -> Result<Vec<Contact>, Error> {
    let usable = directory.channels_of(&person.username);
    let mut contacts = Vec::new();
    for channel in Channel::ALL {
        let Some(address) = person.masked_contact(channel) else { continue };
        let mut verified_at = None;
        if channel.needs_verification() && directory.is_trusted(&person.username, channel) {
            let row = store::contact_load(tx, organization, &person.username, channel)?;
            verified_at = row.and_then(|row| row.verified_at);
        }
        contacts.push(Contact { channel, address, verified_at, is_usable: usable.contains(&channel) });
    }
    Ok(contacts)
}
