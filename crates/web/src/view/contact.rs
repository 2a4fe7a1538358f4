//! Contacts as they are answered: never with the whole address.

use directory::{CodeSent, Contact, ListedDevice};
use domain::Instant;
use domain::directory::{RuleStep, User};
use domain::notification::{LeftOut, Reach};
use serde::Serialize;
use serde_json::{Value, json};

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

/// The notification rules of a person, what they come to, and how they would be paged if it happened `now`.
pub fn rules(user: &User, reach: &[Reach], now: Instant) -> Value {
    let step = |step: &RuleStep| json!({"after_minutes": step.after_minutes, "channel": step.channel.word()});
    let steps = |steps: &[RuleStep]| steps.iter().map(step).collect::<Vec<_>>();
    let effective = reach.iter().map(
        |reach| json!({"urgency": reach.urgency.number(), "is_default": reach.is_default, "steps": steps(&reach.rule)}),
    );
    let preview = reach.iter().map(|reach| {
        let at = |done: &RuleStep| {
            let mut told = step(done);
            told["due_at"] = json!(now.plus_minutes(done.after_minutes).wire());
            told
        };
        let left_out = |(left, why): &(RuleStep, LeftOut)| {
            let mut told = step(left);
            told["why"] = json!(why.word());
            told
        };
        json!({
            "urgency": reach.urgency.number(),
            "is_instead": reach.is_instead,
            "steps": reach.steps.iter().map(at).collect::<Vec<_>>(),
            "left_out": reach.left_out.iter().map(left_out).collect::<Vec<_>>(),
        })
    });
    json!({
        "preferred_username": user.username,
        "notification_rules": user.notification_rules,
        "effective": effective.collect::<Vec<_>>(),
        "preview": preview.collect::<Vec<_>>(),
    })
}
