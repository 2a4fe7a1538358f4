//! Contacts: a person proves by a code that a telephone, a chat or a topic is theirs, before it is used (on-call §4).

mod device;
mod trust;

pub use device::{ListedDevice, NewDevice};
pub use trust::{ListedContact, Proof, TrustError, contact_list, contact_trust};

use crate::administration::Administration;
use crate::audit::{Changed, Object, Value, record_asked};
use domain::directory::{ComponentKind, Directory, User};
use domain::notification::Channel;
use domain::{Instant, OrganizationId, Refusal, Urgency, Username, limits};
use engine::{
    Asker, Batch, ChangeContext, Failure, Reader, Undo, address_digest, amend, change_once, digest, snapshot,
};
use notify::{
    carrier::address,
    carrier::{Message, Outcome},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// Whether the carrier took it.
    pub is_delivered: bool,
    /// The carrier's words.
    pub answer: String,
    /// Until when the code counts.
    pub expires_at: Instant,
}

impl Administration {
    /// The contacts of a person, in the order of `Channel::ALL`.
    ///
    /// # Errors
    /// `Refused(UnknownComponent)`, `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn contacts(&self, reader: Reader, user: Username) -> Result<Vec<Contact>, Failure> {
        self.engine()
            .read(move |tx, shared| {
                let snapshot = snapshot(tx, shared, &reader)?;
                let person = person(&snapshot.directory, &user)?;
                Ok(contacts_of(tx, reader.organization, &snapshot.directory, person)?)
            })
            .await
    }

    /// Makes a new code for a contact and sends it there at once; codes sent before do not count any more. That the
    /// carrier failed is no error: the answer says so.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `NoContact`, `NothingToVerify`, `TooManyCodes`, `IdempotencyKeyReused` or
    /// `KeyRevoked`; otherwise see [`Failure`].
    pub async fn send_code(&self, asker: Asker, user: Username, channel: Channel) -> Result<CodeSent, Failure> {
        let (code, delivery_id) = (self.engine().ids().digits(limits::CODE_DIGITS), self.engine().ids().ref_id());
        let (organization, idempotency) = (asker.organization, asker.idempotency.clone());
        let (named, drawn) = (user.clone(), code.clone());
        let draw = move |batch: &mut Batch<'_>| {
            let mut message = None;
            let sent = change_once(batch, &asker, |batch, context| {
                let contact = unproved(batch, context, &named, channel)?;
                let person = person(&context.snapshot.directory, &named)?;
                message = Some(code_message(person, channel, &drawn, &delivery_id).map_err(Error::Corrupt)?);
                let expires_at = context.now.plus_minutes(limits::CODE_MINUTES);
                keep_code(batch, organization, contact, &drawn, expires_at)?;
                Ok(CodeSent { is_delivered: false, answer: UNKNOWN.to_owned(), expires_at })
            })?;
            Ok((sent, message))
        };
        let (mut sent, message) = self.change(organization, draw).await?;
        // A repetition of the request is answered what was answered first.
        let Some(message) = message else { return Ok(sent) };
        (sent.is_delivered, sent.answer) = match self.notifier().carrier(channel) {
            Some(carrier) => {
                let report = carrier.send(&message).await;
                (report.outcome == Outcome::Delivered, report.answer)
            }
            None => (false, "no carrier serves this channel".to_owned()),
        };
        let (channel, answer) = (channel.word(), &sent.answer);
        tracing::info!(%user, channel, delivered = sent.is_delivered, answer, "a code was sent to a contact");
        if let Some(idempotency) = idempotency {
            let known = sent.clone();
            let amend = move |batch: &mut Batch<'_>| Ok(amend(batch.tx, organization, &idempotency, &known)?);
            if let Err(failure) = self.engine().desk().submit_own(organization, amend).await {
                tracing::warn!(?failure, "what a carrier answered to a code could not be noted for repetitions");
            }
        }
        Ok(sent)
    }

    /// Takes the code that was sent to a contact as the proof that it is the person's; the answer is since when. From
    /// then on it is used.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `NoContact`, `NothingToVerify`, `NoCode`, `WrongCode`,
    /// `IdempotencyKeyReused` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn verify(
        &self,
        asker: Asker,
        user: Username,
        channel: Channel,
        code: String,
    ) -> Result<Instant, Failure> {
        let organization = asker.organization;
        let ids = self.engine().ids().clone();
        let verify = move |batch: &mut Batch<'_>| {
            let mut wrong = None;
            let proved = change_once(batch, &asker, |batch, context| {
                let contact = unproved(batch, context, &user, channel)?;
                let tried = try_code(batch, organization, contact, &code)?;
                wrong = tried.clone().err();
                if let Ok(at) = &tried {
                    let object = object(&context.snapshot.directory, &user, channel);
                    let changes = vec![Changed::set("verified_at", Value::text(&at.wire()))];
                    record_asked(batch, &ids, (&asker, context), "contact.verify", object, changes)?;
                }
                tried.map_err(Undo::from)
            });
            match (proved, wrong) {
                (Err(_), Some(wrong)) => Ok(Err(wrong)),
                (proved, _) => proved.map(Ok),
            }
        };
        Ok(self.change(organization, verify).await??)
    }
}

/// What a carrier answered when the server stopped before it could note it.
const UNKNOWN: &str = "it is not known what the carrier answered";

fn person<'a>(directory: &'a Directory, user: &Username) -> Result<&'a User, Refusal> {
    let unknown = || Refusal::UnknownComponent {
        field: "preferred_username",
        kind: ComponentKind::User,
        name: user.as_str().to_owned(),
    };
    directory.user(user.as_str()).ok_or_else(unknown)
}

/// A contact by its person and channel, for the audit log.
fn object(directory: &Directory, user: &Username, channel: Channel) -> Object {
    let ref_id = directory.users.named(user.as_str()).map(|entry| entry.ref_id.as_str());
    Object::new("contact", ref_id, &format!("{user} {}", channel.word()))
}

/// What is known of a contact that still has to be proved.
fn unproved(
    batch: &mut Batch<'_>,
    context: &ChangeContext,
    user: &Username,
    channel: Channel,
) -> Result<ContactRow, Undo> {
    let directory = &context.snapshot.directory;
    let address = address_digest(channel, person(directory, user)?);
    let address = address.ok_or_else(|| Refusal::NoContact { user: user.clone(), channel })?;
    if directory.is_trusted(user, channel) {
        return Err(Refusal::NothingToVerify { channel }.into());
    }
    Ok(present_row(batch.tx, directory.organization, user, channel, address, context.now)?)
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

fn code_message(person: &User, channel: Channel, code: &str, delivery_id: &str) -> Result<Message, String> {
    let minutes = limits::CODE_MINUTES;
    let brief = format!("{code} is the code that proves to Reveille that this contact is yours.");
    let text = format!(
        "{},\n\n{brief}\n\nIt counts for {minutes} minutes. If you did not ask for it, do nothing.",
        person.shown_name()
    );
    let digits: Vec<String> = code.chars().map(String::from).collect();
    let digits = digits.join(", ");
    Ok(Message {
        delivery_id: delivery_id.to_owned(),
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
        about: None,
        page: None,
        useful_until: None,
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
        let is_usable = usable.contains(&channel) && directory.is_trusted(&person.username, channel);
        contacts.push(Contact { channel, address, verified_at, is_usable });
    }
    Ok(contacts)
}
