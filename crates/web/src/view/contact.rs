//! Contacts as they are answered: never with the whole address.

use directory::{CodeSent, Contact, ListedDevice};
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

/// A device as it is answered.
#[derive(Debug, Serialize)]
pub struct DeviceItem<'a> {
    device_id: &'a str,
    name: &'a str,
    made_at: String,
    last_success_at: Option<String>,
}

/// One device.
pub fn device(device: &ListedDevice) -> DeviceItem<'_> {
    let ListedDevice { id, name, made_at, last_success_at } = device;
    DeviceItem { device_id: id, name, made_at: made_at.wire(), last_success_at: last_success_at.map(|at| at.wire()) }
}
