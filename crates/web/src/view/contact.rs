//! Contacts as they are answered: never with the whole address.

use engine::carrier::Outcome;
use engine::{CodeSent, Contact};
use serde::{Deserialize, Serialize};

/// A contact as it is answered.
#[derive(Debug, Serialize)]
pub struct ContactItem<'a> {
    channel: &'static str,
    address: &'a str,
    proof: &'static str,
    verified_at: Option<String>,
    is_usable: bool,
}

/// What became of a code, as it is answered, and kept for a repetition of the request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeSentItem {
    outcome: String,
    answer: String,
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
pub fn code_sent(sent: &CodeSent) -> CodeSentItem {
    CodeSentItem {
        outcome: outcome(&sent.outcome).to_owned(),
        answer: sent.answer.clone(),
        expires_at: sent.expires_at.wire(),
    }
}

/// The words of the attempts at notifications.
fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered => "delivered",
        Outcome::TemporaryFailure { .. } => "temporary failure",
        Outcome::PermanentFailure => "permanent failure",
    }
}
