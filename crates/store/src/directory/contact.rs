//! Contacts that must prove to be a person's: the codes that were sent, and what was proved. The addresses themselves
//! are in the directory.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::notification::Channel;
use domain::{Instant, OrganizationId, Username};

/// What is known of one contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactRow {
    /// Whose it is.
    pub user: Username,
    /// Its channel.
    pub channel: Channel,
    /// SHA-256 of the address that all this is about, in hexadecimal.
    pub address_digest: String,
    /// Digest of the code that was sent last, while it may be tried.
    pub code_digest: Option<String>,
    /// From when on that code does not count any more.
    pub code_expires_at: Option<Instant>,
    /// When the hour began in which codes are counted.
    pub codes_from: Instant,
    /// Codes sent in it.
    pub codes_sent: u32,
    /// How often the last code was tried.
    pub tries: u32,
    /// Since when the address is known to be the person's.
    pub verified_at: Option<Instant>,
}

statements! {
    CONTACT_SAVE = "insert into contact (organization_id, username, channel, address_digest, code_digest,
        code_expires_at, codes_from, codes_sent, tries, verified_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (organization_id, username, channel) do update set address_digest = excluded.address_digest,
        code_digest = excluded.code_digest, code_expires_at = excluded.code_expires_at,
        codes_from = excluded.codes_from, codes_sent = excluded.codes_sent, tries = excluded.tries,
        verified_at = excluded.verified_at";
    CONTACT_LOAD = "select username, channel, address_digest, code_digest, code_expires_at, codes_from, codes_sent,
        tries, verified_at from contact where organization_id = $1 and username = $2 and channel = $3";
    CONTACT_LIST = "select username, channel, address_digest, code_digest, code_expires_at, codes_from, codes_sent,
        tries, verified_at from contact where organization_id = $1";
    CONTACT_FORGET = "delete from contact where organization_id = $1 and username = $2";
}

fn read(row: &Row) -> Result<ContactRow, Error> {
    let word = row.text(1)?;
    let count =
        |place| u32::try_from(row.integer(place)?).map_err(|error| Error::Corrupt(format!("a contact: {error}")));
    Ok(ContactRow {
        user: row.text(0)?.into(),
        channel: Channel::from_word(word).ok_or_else(|| Error::Corrupt(format!("unknown channel `{word}`")))?,
        address_digest: row.text(2)?.to_owned(),
        code_digest: row.optional_text(3)?.map(str::to_owned),
        code_expires_at: row.optional_integer(4)?.map(Instant),
        codes_from: Instant(row.integer(5)?),
        codes_sent: count(6)?,
        tries: count(7)?,
        verified_at: row.optional_integer(8)?.map(Instant),
    })
}

/// Keeps what is known of a contact, in the place of what was.
pub fn contact_save(tx: &mut dyn Tx, organization: OrganizationId, row: &ContactRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.user.as_str().into(),
        row.channel.word().into(),
        row.address_digest.as_str().into(),
        row.code_digest.as_deref().into(),
        row.code_expires_at.map(|at| at.0).into(),
        row.codes_from.0.into(),
        row.codes_sent.into(),
        row.tries.into(),
        row.verified_at.map(|at| at.0).into(),
    ];
    tx.run(CONTACT_SAVE, &values).map(drop)
}

/// What is known of a person's contact of this channel.
pub fn contact_load(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    user: &Username,
    channel: Channel,
) -> Result<Option<ContactRow>, Error> {
    let values = [organization.0.into(), user.as_str().into(), channel.word().into()];
    tx.one(CONTACT_LOAD, &values)?.as_ref().map(read).transpose()
}

/// What is known of all contacts of an organization, by person and channel.
pub fn contact_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<ContactRow>, Error> {
    let rows = tx.all(CONTACT_LIST, &[organization.0.into()])?;
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    // Not in the statement: PostgreSQL orders text by the language of the database.
    rows.sort_by(|left, right| (&left.user, left.channel).cmp(&(&right.user, right.channel)));
    Ok(rows)
}

/// Forgets all contacts of a person, who is gone; another one may come by the same name.
pub fn contact_forget(tx: &mut dyn Tx, organization: OrganizationId, user: &str) -> Result<(), Error> {
    tx.run(CONTACT_FORGET, &[organization.0.into(), user.into()]).map(drop)
}
