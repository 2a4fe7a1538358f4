//! Whether this server may call what is written: the URLs by which people are reached, judged by the guard on outgoing requests as
//! far as can be known before a name is resolved. What a name leads to is judged when it is called.

use super::draft::body_of;
use super::edit::{invalid, placed};
use super::weighed::{Weighed, Write};
use super::wish::{Act, Edit};
use domain::directory::ComponentKind;
use engine::Undo;
use serde_json::Value;

/// Where a person's contacts hold URLs.
const URLS: [(&str, &str); 3] = [("/webhook/url", "webhook.url"), ("/chat/url", "chat.url"), ("/push/url", "push.url")];

/// Refuses URLs that are new and may not be called; `may_call` says why one may not.
///
/// # Errors
/// `Invalid` with each by its path; or as the store says.
pub(super) fn check_outgoing(
    weighed: &Weighed,
    edits: &[Edit],
    may_call: impl Fn(&str) -> Result<(), String>,
) -> Result<(), Undo> {
    let mut mistakes = Vec::new();
    for write in weighed.writes.iter().filter(|write| write.is_changed && write.row.kind == ComponentKind::User) {
        let before = weighed.before.iter().find(|row| row.ref_id == write.row.ref_id).map(body_of).transpose()?;
        let (before, after) = (Value::from(before.unwrap_or_default()), Value::from(body_of(&write.row)?));
        for (pointer, field) in URLS {
            let url = after.pointer(pointer).and_then(Value::as_str);
            let Some(url) = url.filter(|url| before.pointer(pointer).and_then(Value::as_str) != Some(*url)) else {
                continue;
            };
            let Err(why) = may_call(url) else { continue };
            let mistake = format!("{field}: {why}");
            match edits.iter().find(|edit| is_of(edit, write)) {
                Some(edit) => mistakes.extend(placed(edit, vec![mistake])),
                None => mistakes.push(format!("user `{}`: {mistake}", write.row.name)),
            }
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(invalid(mistakes).into()) }
}

/// Whether an edit is about this person.
fn is_of(edit: &Edit, write: &Write) -> bool {
    let is_named = |reference: &str| reference == write.row.name || reference == write.row.ref_id.as_str();
    edit.kind == ComponentKind::User
        && match &edit.act {
            Act::Create(body) => ["username", "preferred_username"]
                .iter()
                .any(|key| body.get(*key).and_then(Value::as_str).is_some_and(is_named)),
            Act::Replace(reference, _) | Act::Patch(reference, _) => is_named(reference),
            Act::Remove(..) => false,
        }
}
