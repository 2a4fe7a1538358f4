//! What somebody says who is asked to take a shift: their no is noted, and the first yes makes the swap.

use super::record::{object, said};
use super::{closed, load, tell_waited_for, unknown};
use crate::audit::{Changed, Entry, Object, record};
use crate::swap::add_by;
use domain::cover::{Cover, Reply, State, notice};
use domain::directory::{Directory, User};
use domain::notification::CoverNews;
use domain::routine::Swap;
use domain::{OrganizationId, RefId, Refusal};
use engine::{Batch, ChangeContext, Ids, Undo};

/// Where an answer is given, and by which ids what it makes is known.
pub(super) type Place<'a> = (&'a ChangeContext, OrganizationId, &'a Ids);
/// What the audit log tells of who answers.
pub(super) type EntryOf<'a> = &'a dyn Fn(&str, Object, Vec<Changed>) -> Entry;

/// Notes what a person says; what came of it. To say the same again changes nothing.
///
/// # Errors
/// As `Administration::answer_cover`.
pub(super) fn answered(
    batch: &mut Batch<'_>,
    (context, organization, ids): Place<'_>,
    (cover, person, reply): (&RefId, &RefId, Reply),
    entry: EntryOf<'_>,
) -> Result<Cover, Undo> {
    let mut found = load(batch, organization, cover)?;
    let directory = &context.snapshot.directory;
    let (user, before) = asked(&found, directory, person)?;
    let is_said = before == Some(reply);
    match &found.state {
        State::Settled { by, .. } if by == person && reply == Reply::Yes => return Ok(found),
        State::Open if is_said && reply == Reply::No => return Ok(found),
        _ => found.can_be_answered(directory, context.now).map_err(closed)?,
    }
    let user = user.clone();
    found.note(person, reply, context.now);
    record(batch.tx, ids, organization, context.now, &entry("cover.answer", object(&found, directory), said(reply)))?;
    match reply {
        Reply::Yes => take(batch, (context, organization, ids), &mut found, (&user, person), entry)?,
        Reply::No => decline(batch, (context, organization, ids), &mut found)?,
    }
    store::cover_change(batch.tx, organization, &found)?;
    Ok(found)
}

/// Who was asked, if they were and still count, and what they said before.
pub(super) fn asked<'a>(
    cover: &Cover,
    directory: &'a Directory,
    person: &RefId,
) -> Result<(&'a User, Option<Reply>), Refusal> {
    let user = directory.users.with_ref(person.as_str()).map(|entry| &entry.component).filter(|user| !user.locked);
    let asked = cover.asked.iter().find(|asked| asked.person == *person);
    let (user, asked) = user.zip(asked).ok_or_else(|| unknown(&cover.cover_ref_id))?;
    Ok((user, asked.said.map(|(reply, _)| reply)))
}

/// Makes the swap, and tells who asked and who was asked, too.
fn take(
    batch: &mut Batch<'_>,
    (context, organization, ids): Place<'_>,
    cover: &mut Cover,
    (user, person): (&User, &RefId),
    entry: EntryOf<'_>,
) -> Result<(), Undo> {
    let (directory, now) = (&context.snapshot.directory, context.now);
    // That it can be answered says that both are here.
    let found = cover.asker(directory).zip(cover.routine_in(directory));
    let (asker, routine) = found.ok_or_else(|| unknown(&cover.cover_ref_id))?;
    let swap = Swap {
        out: asker.username.clone(),
        in_: Some(user.username.clone()),
        from: cover.from.into(),
        until: cover.until.into(),
    };
    let made = add_by(batch, (context, organization, ids), (routine.ref_id.as_str(), &swap), entry)?;
    cover.state = State::Settled { by: person.clone(), swap_ref_id: made.swap_ref_id.unwrap_or_default() };
    let cover = &*cover;
    let taken = CoverNews::Taken { by: user.username.clone() };
    let notices = notice(directory, &asker.username, (cover, taken), now);
    notify::queue_notices(batch, organization, ids, &notices)?;
    let settled = || CoverNews::Settled { by: user.username.clone() };
    tell_waited_for(batch, (context, organization, ids), cover, (settled, Some(person)))
}

/// Tells who asked once everybody has said no.
fn decline(batch: &mut Batch<'_>, (context, organization, ids): Place<'_>, cover: &mut Cover) -> Result<(), Undo> {
    let directory = &context.snapshot.directory;
    let Some(asker) = cover.asker(directory) else { return Ok(()) };
    if cover.waited_for(directory).next().is_none() {
        cover.is_told = true;
        let notices = notice(directory, &asker.username, (&*cover, CoverNews::Declined), context.now);
        notify::queue_notices(batch, organization, ids, &notices)?;
    }
    Ok(())
}
