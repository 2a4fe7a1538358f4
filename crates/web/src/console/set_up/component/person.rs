//! Where a person is reached, as far as whoever reads may know.

use crate::api::Wish;
use crate::console::piece::StateBadge;
use crate::console::seen::Seen;
use crate::console::set_up::kind::name_of;
use crate::gate::Problem;
use serde_json::Value;

/// Fields that the table of contacts tells, or the line above.
pub(super) const TOLD_BESIDE: &[&str] =
    &["email", "sms", "voice", "webhook", "chat", "push", "role", "profile_picture"];

/// Where somebody is reached by one channel.
#[derive(Clone, Debug)]
pub(super) struct Contact {
    pub(super) channel: String,
    pub(super) address: String,
    pub(super) state: StateBadge,
}

/// All contacts of a person; whole for whoever sees all, else masked.
pub(super) async fn contacts(seen: &Seen<'_>, person: &Value) -> Result<Vec<Contact>, Problem> {
    let wish = Wish::default().at("preferred_username", name_of(person));
    let listed = seen.answer("contacts", wish).await?;
    let listed = listed.as_array().into_iter().flatten();
    Ok(listed.map(|contact| told(contact, person, seen.sees_all())).collect())
}

fn told(contact: &Value, person: &Value, sees_all: bool) -> Contact {
    let text = |key: &str| contact.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let channel = text("channel");
    // The address of a chat or a topic is a secret even then.
    let whole = person.get(channel.as_str()).and_then(Value::as_str).filter(|_| sees_all);
    let is_usable = contact.get("is_usable").and_then(Value::as_bool) == Some(true);
    let state = match (text("proof").as_str(), is_usable) {
        ("missing", _) => StateBadge::new("warn", "not proved yet: a code is needed"),
        (_, false) => StateBadge::new("bad", "this server has no carrier for it"),
        ("given", true) => StateBadge::new("good", "proved by a code"),
        (_, true) => StateBadge::new("good", "used"),
    };
    Contact { address: whole.map_or_else(|| text("address"), str::to_owned), channel, state }
}
