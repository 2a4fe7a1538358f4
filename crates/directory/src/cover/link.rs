//! Answering a request for cover by the link in a message, without signing in: a look changes nothing, and a click answers.

use super::answer::{answered, asked};
use crate::administration::Administration;
use crate::audit::{Actor, Entry, Way};
use domain::cover::{Cover, CoverRefusal, Reply, State};
use domain::directory::Directory;
use domain::{Instant, RefId, Refusal};
use engine::{Batch, ChangeContext, Failure};
use notify::{CoverSubject, Purpose, TokenFault};

/// A request for cover as the person is told it whose link it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverTold {
    /// Name of the routine.
    pub routine: String,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// Who asks, as they are shown.
    pub by: String,
    /// Who is asked, as they are shown.
    pub person: String,
    /// In which zone they read times; nothing where nobody said.
    pub zone: Option<String>,
    /// What the link says.
    pub reply: Reply,
    /// Whether they said so already.
    pub is_said: bool,
}

/// What there is behind a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoverLook {
    /// It can be answered, or is as the link would have it.
    Open(CoverTold),
    /// It cannot, for this reason.
    Refused(Refusal),
    /// Its time is over.
    Expired,
    /// We made no such link, or what it speaks of is gone.
    Unknown,
}

impl CoverLook {
    fn of_fault(fault: TokenFault) -> Self {
        match fault {
            TokenFault::Expired => Self::Expired,
            TokenFault::Forged => Self::Unknown,
        }
    }
}

impl Administration {
    /// What a link would say. Nothing is changed, however often it is asked: programs that look for malice in mail fetch every link.
    ///
    /// # Errors
    /// As the store says.
    pub async fn look_at_cover_link(&self, token: &str) -> Result<CoverLook, Failure> {
        let subject: CoverSubject = match self.notifier().open_token(Purpose::Cover, token).await? {
            Ok(subject) => subject,
            Err(fault) => return Ok(CoverLook::of_fault(fault)),
        };
        let now = self.engine().now();
        let look = self.engine().read(move |tx, shared| {
            let CoverSubject(organization, id, person, reply) = &subject;
            let cover = store::cover_load(tx, *organization, id)?;
            let snapshot = shared.directories.current(tx, *organization)?;
            let Some((cover, snapshot)) = cover.zip(snapshot) else { return Ok(CoverLook::Unknown) };
            Ok(looked(&cover, &snapshot.directory, (person, *reply), now))
        });
        look.await
    }

    /// Says what a link is for, in the name of the person whom it was sent to; what it comes to.
    ///
    /// # Errors
    /// As the store says.
    pub async fn follow_cover_link(&self, token: &str) -> Result<CoverLook, Failure> {
        let subject: CoverSubject = match self.notifier().open_token(Purpose::Cover, token).await? {
            Ok(subject) => subject,
            Err(fault) => return Ok(CoverLook::of_fault(fault)),
        };
        let ids = self.engine().ids().clone();
        let organization = subject.0;
        let answer = move |batch: &mut Batch<'_>| {
            let CoverSubject(organization, id, person, reply) = &subject;
            let (snapshot, now) = (batch.snapshot(*organization)?, batch.now());
            let directory = &snapshot.directory;
            let Some(user) = directory.users.with_ref(person.as_str()) else { return Ok(CoverLook::Unknown) };
            let username = user.component.username.clone();
            let by = Some(user.component.shown_name().to_owned());
            let context = ChangeContext { snapshot: snapshot.clone(), by, now };
            let entry = |action: &str, object, changes| {
                let actor = Actor::person(person.as_str(), username.as_str(), None);
                Entry::new(actor, Way::Console, action, object, changes)
            };
            let cover = answered(batch, (&context, *organization, &ids), (id, person, *reply), &entry)?;
            Ok(looked(&cover, directory, (person, *reply), now))
        };
        match self.change(organization, answer).await {
            Err(Failure::Refused(Refusal::Cover(CoverRefusal::Unknown { .. }))) => Ok(CoverLook::Unknown),
            Err(Failure::Refused(refusal)) => Ok(CoverLook::Refused(refusal)),
            result => result,
        }
    }
}

fn looked(cover: &Cover, directory: &Directory, (person, reply): (&RefId, Reply), now: Instant) -> CoverLook {
    let Ok((user, said)) = asked(cover, directory, person) else { return CoverLook::Unknown };
    let is_said = match &cover.state {
        State::Settled { by, .. } if by == person && reply == Reply::Yes => true,
        _ => {
            if let Err(closed) = cover.can_be_answered(directory, now) {
                return CoverLook::Refused(Refusal::Cover(CoverRefusal::Closed(closed)));
            }
            said == Some(reply)
        }
    };
    let routine = cover.routine_in(directory).map(|entry| entry.component.name.clone());
    CoverLook::Open(CoverTold {
        routine: routine.unwrap_or_default(),
        from: cover.from,
        until: cover.until,
        by: directory.person_name(&cover.person).unwrap_or_default().to_owned(),
        person: user.shown_name().to_owned(),
        zone: user.timezone.clone().or_else(|| directory.settings.timezone.clone()),
        reply,
        is_said,
    })
}
