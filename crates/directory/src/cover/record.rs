//! What the audit log tells of requests for cover.

use crate::audit::{Changed, Object, Value, record_asked};
use domain::cover::{Cover, Reply};
use domain::directory::Directory;
use engine::{Asker, Batch, ChangeContext, Ids};
use serde_json::json;
use store::Error;

/// The request, named after its routine.
pub(super) fn object(cover: &Cover, directory: &Directory) -> Object {
    let routine = cover.routine_in(directory).map(|entry| entry.component.name.as_str());
    Object::new("cover", Some(cover.cover_ref_id.as_str()), routine.unwrap_or(cover.routine.as_str()))
}

/// What somebody said to it.
pub(super) fn said(reply: Reply) -> Vec<Changed> {
    vec![Changed::set("answer", Value::text(reply.word()))]
}

/// Writes down that a request was made or taken back.
pub(super) fn record(
    batch: &mut Batch<'_>,
    ids: &Ids,
    (asker, context): (&Asker, &ChangeContext),
    action: &str,
    cover: &Cover,
) -> Result<(), Error> {
    let directory = &context.snapshot.directory;
    let people: Vec<_> = cover.asked_of(directory).map(|(user, _)| user.username.as_str()).collect();
    let changes = vec![
        Changed::set("from", Value::text(&cover.from.wire())),
        Changed::set("until", Value::text(&cover.until.wire())),
        Changed::set("people", Value::Plain(json!(people))),
    ];
    record_asked(batch, ids, (asker, context), action, object(cover, directory), changes)
}
