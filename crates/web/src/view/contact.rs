//! Contacts as they are answered: never with the whole address.

use directory::{CodeSent, Contact};
use serde::Serialize;

/// A contact as it is answered.
#[derive(Debug, Serialize)]
pub struct ContactItem<'a> {
    channel: &'static str,
    address: &'a str,
    proof: &'static str,
    verified_at: Option<String>,
    is_usable: bool,
}

/// What became of a code, as it is answered.
#[derive(Debug, Serialize)]
pub struct CodeSentItem<'a> {
    is_delivered: bool,
    answer: &'a str,
    expires_at: String,
}

/// One contact.
pub fn contact(contact: &Contact) -> ContactItem<'_> {
    let Contact { channel, address, verified_at, is_usable } = contact;
    ContactItem {
        channel: channel.word(),
        address,
        proof: proof(contact),
        verified_at: verified_at.map(|at| at.wire()),
        is_usable: *is_usable,
    }
}

fn proof(contact: &Contact) -> &'static str {
    match (contact.channel.needs_verification(), contact.verified_at) {
        (false, _) => "not needed",
        (true, None) => "missing",
        (true, Some(_)) => "given",
    }
}

/// What became of a code.
pub fn code_sent(sent: &CodeSent) -> CodeSentItem<'_> {
    CodeSentItem { is_delivered: sent.is_delivered, answer: &sent.answer, expires_at: sent.expires_at.wire() }
}
