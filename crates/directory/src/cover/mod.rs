//! Cover: a person asks others to take a shift of theirs, sees what they said, and takes the request back.

mod answer;
mod link;
mod record;

pub use link::{CoverLook, CoverTold};

use crate::administration::Administration;
use crate::on_call::{bound, routine_of, unknown_routine};
use answer::answered;
use domain::cover::{Asked, Candidate, Closed, Cover, CoverRefusal, Reply, State, candidates, is_on_call, notice};
use domain::directory::{ComponentKind, Entry, User};
use domain::notification::CoverNews;
use domain::routine::Routine;
use domain::{Instant, OrganizationId, RefId, Refusal, Username, limits};
use engine::{Asker, Batch, ChangeContext, Failure, Ids, Reader, Rights, Snapshot, Undo, change_once, snapshot};
use record::record;

const DAY_MICROS: i64 = 24 * 3_600_000_000;

/// What somebody asks for: that others take what they do by a routine in this time.
#[derive(Clone, Debug)]
pub struct CoverWish {
    /// Id or name of the routine.
    pub routine: String,
    /// From when.
    pub from: Instant,
    /// Until when, exclusive.
    pub until: Instant,
}

impl Administration {
    /// Who could take over what a person does in this time, the best first, at most [`limits::COVER_CANDIDATES`]; and the routine.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `Cover`, `PeriodTooLong` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn cover_candidates(
        &self,
        reader: Reader,
        person: Username,
        wish: CoverWish,
    ) -> Result<Vec<Candidate>, Failure> {
        let now = self.engine().now();
        // What is hidden from who asks counts too: who is on call then is, by whatever routine.
        let snapshot = self.engine().whole_directory(reader).await?;
        let work = move || {
            let directory = &snapshot.directory;
            let entry = shift(&snapshot, &person, &wish, now)?;
            let team = directory.owner(ComponentKind::Routine, entry.ref_id.as_str());
            let mut found = candidates(directory, &entry.component.name, &person, (wish.from, wish.until));
            found.retain(|candidate| Rights::of_person(&candidate.username, &snapshot).sees(team));
            found.truncate(limits::COVER_CANDIDATES);
            Ok(found)
        };
        let worked = tokio::task::spawn_blocking(work).await;
        let worked = worked.map_err(|error| Failure::Broken(format!("a working thread failed: {error}")))?;
        worked.map_err(Failure::Refused)
    }

    /// Asks these people to take over what a person does in this time, by what wakes nobody.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `Cover` or `PeriodTooLong`; otherwise see [`Failure`].
    pub async fn ask_for_cover(
        &self,
        asker: Asker,
        person: Username,
        wish: CoverWish,
        people: Vec<String>,
    ) -> Result<Cover, Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let ask = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let cover = make(batch, context, (&ids, organization), (&person, &wish, &people))?;
                record(batch, &ids, (&asker, context), "cover.ask", &cover)?;
                let directory = &context.snapshot.directory;
                for user in cover.waited_for(directory) {
                    let news = CoverNews::Asked { by: person.clone() };
                    let notices = notice(directory, &user.username, (&cover, news), context.now);
                    notify::queue_notices(batch, organization, &ids, &notices)?;
                }
                Ok(cover)
            })
        };
        self.change(organization, ask).await
    }

    /// The requests that a person made, and those by which they are asked, in the order in which the shifts begin.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn covers(&self, reader: Reader, person: RefId) -> Result<Vec<Cover>, Failure> {
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            let mut covers = store::cover_list(tx, reader.organization)?;
            covers.retain(|cover| is_of(cover, &person));
            Ok(covers)
        });
        read.await
    }

    /// Takes a request back that the person made. One that is closed stays as it is.
    ///
    /// # Errors
    /// `Refused(Cover)`; otherwise see [`Failure`].
    pub async fn withdraw_cover(&self, asker: Asker, person: RefId, cover: RefId) -> Result<(), Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let withdraw = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let mut found = load(batch, organization, &cover)?;
                if found.person != person {
                    return Err(unknown(&cover).into());
                }
                let directory = &context.snapshot.directory;
                match &found.state {
                    State::Withdrawn | State::Over => return Ok(()),
                    State::Settled { .. } => found.can_be_answered(directory, context.now).map_err(closed)?,
                    State::Open => {}
                }
                found.state = State::Withdrawn;
                store::cover_change(batch.tx, organization, &found)?;
                record(batch, &ids, (&asker, context), "cover.withdraw", &found)?;
                if let Some(by) = found.asker(directory).map(|user| user.username.clone()) {
                    let news = || CoverNews::Withdrawn { by: by.clone() };
                    tell_waited_for(batch, (context, organization, &ids), &found, (news, None))?;
                }
                Ok(())
            })
        };
        self.change(organization, withdraw).await
    }

    /// Says what a person says who is asked. Their yes makes the swap, and the first one counts.
    ///
    /// # Errors
    /// `Refused` with `Cover`, or what a swap is refused with; otherwise see [`Failure`].
    pub async fn answer_cover(
        &self,
        asker: Asker,
        person: RefId,
        cover: RefId,
        reply: Reply,
    ) -> Result<Cover, Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let answer = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let entry = |action: &str, object, changes| {
                    crate::audit::Entry::of_asker(&asker, context, action, object, changes)
                };
                answered(batch, (context, organization, &ids), (&cover, &person, reply), &entry)
            })
        };
        self.change(organization, answer).await
    }
}

/// Whether a person made it or is asked by it.
fn is_of(cover: &Cover, person: &RefId) -> bool {
    cover.person == *person || cover.asked.iter().any(|asked| asked.person == *person)
}

fn unknown(cover: &RefId) -> Refusal {
    Refusal::Cover(CoverRefusal::Unknown { cover_ref_id: cover.to_string() })
}

fn closed(why: Closed) -> Refusal {
    Refusal::Cover(CoverRefusal::Closed(why))
}

fn load(batch: &mut Batch<'_>, organization: OrganizationId, cover: &RefId) -> Result<Cover, Undo> {
    store::cover_load(batch.tx, organization, cover)?.ok_or_else(|| unknown(cover).into())
}

/// The routine by which a person is on call in the whole time, which is to come.
fn shift<'a>(
    snapshot: &'a Snapshot,
    person: &Username,
    wish: &CoverWish,
    now: Instant,
) -> Result<&'a Entry<Routine>, Refusal> {
    let directory = &snapshot.directory;
    let entry = routine_of(directory, &wish.routine)?;
    let name = &entry.component.name;
    let team = directory.owner(ComponentKind::Routine, entry.ref_id.as_str());
    let most = directory.schedule_days(name).min(limits::COVER_DAYS.into());
    let found = match bound(most, wish.from, wish.until) {
        Err(too_long) => Err(too_long),
        Ok(()) if wish.from <= now => Err(Refusal::Cover(CoverRefusal::HasBegun)),
        Ok(()) if is_on_call(directory, name, person, (wish.from, wish.until)) => return Ok(entry),
        Ok(()) => Err(Refusal::Cover(CoverRefusal::NotYourShift)),
    };
    // Whose duty it is not, is not told that there is a routine of a private team.
    if Rights::of_person(person, snapshot).sees(team) { found } else { Err(unknown_routine(&wish.routine)) }
}

fn make(
    batch: &mut Batch<'_>,
    context: &ChangeContext,
    (ids, organization): (&Ids, OrganizationId),
    (person, wish, people): (&Username, &CoverWish, &[String]),
) -> Result<Cover, Undo> {
    let (directory, now) = (&context.snapshot.directory, context.now);
    let entry = shift(&context.snapshot, person, wish, now)?;
    let own = directory
        .users
        .named(person.as_str())
        .map(|entry| entry.ref_id.clone())
        .ok_or(Refusal::Cover(CoverRefusal::NotYourShift))?;
    let mut asked: Vec<Asked> = Vec::new();
    for name in people {
        let user = asked_of(&context.snapshot, entry, (person, name))?;
        if !asked.iter().any(|known| known.person == user.ref_id) {
            asked.push(Asked { person: user.ref_id.clone(), said: None });
        }
    }
    let kept_since = now.plus_micros(-i64::from(limits::COVER_KEPT_DAYS) * DAY_MICROS);
    store::cover_forget(batch.tx, organization, kept_since)?;
    let is_open = |cover: &&Cover| cover.person == own && cover.state == State::Open && now < cover.from;
    if store::cover_list(batch.tx, organization)?.iter().filter(is_open).count() >= limits::COVERS {
        return Err(Refusal::Cover(CoverRefusal::TooMany { limit: limits::COVERS }).into());
    }
    let cover = Cover {
        cover_ref_id: RefId(ids.ref_id()),
        routine: entry.ref_id.clone(),
        person: own,
        from: wish.from,
        until: wish.until,
        made_at: now,
        asked,
        state: State::Open,
        is_told: false,
    };
    store::cover_insert(batch.tx, organization, &cover)?;
    Ok(cover)
}

/// Somebody who is asked: another one, who is here, not locked, and may know of the routine.
fn asked_of<'a>(
    snapshot: &'a Snapshot,
    routine: &Entry<Routine>,
    (person, name): (&Username, &str),
) -> Result<&'a Entry<User>, Refusal> {
    let directory = &snapshot.directory;
    let unknown = || Refusal::UnknownComponent { field: "people", kind: ComponentKind::User, name: name.to_owned() };
    let user = directory.users.named(name).ok_or_else(unknown)?;
    let team = directory.owner(ComponentKind::Routine, routine.ref_id.as_str());
    let may_know = Rights::of_person(&user.component.username, snapshot).sees(team);
    if user.component.username == *person || user.component.locked || !may_know {
        return Err(Refusal::Cover(CoverRefusal::CannotBeAsked { username: name.to_owned() }));
    }
    Ok(user)
}

/// Tells those who were asked and have not said no, but one.
fn tell_waited_for(
    batch: &mut Batch<'_>,
    (context, organization, ids): (&ChangeContext, OrganizationId, &Ids),
    cover: &Cover,
    (news, but): (impl Fn() -> CoverNews, Option<&RefId>),
) -> Result<(), Undo> {
    let directory = &context.snapshot.directory;
    let but = but.and_then(|id| directory.users.with_ref(id.as_str())).map(|entry| &entry.component.username);
    for user in cover.waited_for(directory).filter(|user| Some(&user.username) != but) {
        let notices = notice(directory, &user.username, (cover, news()), context.now);
        notify::queue_notices(batch, organization, ids, &notices)?;
    }
    Ok(())
}
