//! Cover: somebody who cannot be on call at a time asks others to take it over, which changes nothing until one of them says yes.

mod candidate;
mod notice;

pub use candidate::{Candidate, Objection, candidates};
pub use notice::notice;

use crate::directory::{Directory, Entry, User};
use crate::ids::{RefId, Username};
use crate::notification::CoverNews;
use crate::routine::Routine;
use crate::{Instant, limits};
use serde::{Deserialize, Serialize};

const HOUR_MICROS: i64 = 3_600_000_000;

/// A request for cover. People and the routine are known by their ids, so that other names change nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Its id.
    pub cover_ref_id: RefId,
    /// Id of the routine.
    pub routine: RefId,
    /// Id of who asks, and is on call by it.
    pub person: RefId,
    /// From when.
    pub from: Instant,
    /// Until when, exclusive.
    pub until: Instant,
    /// When it was made.
    pub made_at: Instant,
    /// Who was asked, each once.
    pub asked: Vec<Asked>,
    /// How it stands.
    pub state: State,
    /// Whether who asks was told that nobody takes it, or has taken it yet.
    pub is_told: bool,
}

/// Somebody who was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Their id.
    pub person: RefId,
    /// What they said last, and when; nothing yet where that is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<(Reply, Instant)>,
}

/// What somebody says who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// They take it.
    Yes,
    /// They do not.
    No,
}

impl Reply {
    /// Both words.
    pub const WORDS: &[&str] = &["yes", "no"];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }

    /// What this word says.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Yes, Self::No].into_iter().find(|reply| reply.word() == word)
    }
}

/// How a request stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// It can be answered.
    Open,
    /// Somebody took it, by this swap.
    Settled {
        /// Id of who did.
        by: RefId,
        /// Id of the swap.
        swap_ref_id: String,
    },
    /// Who asked wants it no more.
    Withdrawn,
    /// Nobody took it before it began, or there is nothing to take any more.
    Over,
}

impl State {
    /// All words.
    pub const WORDS: &[&str] = &["open", "settled", "withdrawn", "over"];

    /// Its word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Settled { .. } => "settled",
            Self::Withdrawn => "withdrawn",
            Self::Over => "over",
        }
    }
}

/// Why a request cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Somebody took it: their name as it is shown.
    Settled {
        /// Who.
        by: String,
    },
    /// Who asked wants it no more.
    Withdrawn,
    /// It has begun.
    Begun,
    /// Who asked is not on call at that time any more: the routine is another one, or somebody stands in already.
    Changed,
}

/// Why a request for cover is not made, answered or taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoverRefusal {
    /// The person made no such request, and is asked by none.
    Unknown {
        /// The id asked for.
        cover_ref_id: String,
    },
    /// It cannot be answered any more.
    Closed(Closed),
    /// Who asks is not on call by the routine in the whole time.
    NotYourShift,
    /// The shift has begun.
    HasBegun,
    /// Somebody cannot be asked: the shift is theirs, they are locked, or they must not know of the routine.
    CannotBeAsked {
        /// Their username.
        username: String,
    },
    /// The person would have more open requests than they may have.
    TooMany {
        /// The most that they may have.
        limit: usize,
    },
}

impl Cover {
    /// Who asks, while they are here and not locked.
    pub fn asker<'a>(&self, directory: &'a Directory) -> Option<&'a User> {
        present(directory, &self.person)
    }

    /// Its routine, while there is one.
    pub fn routine_in<'a>(&self, directory: &'a Directory) -> Option<&'a Entry<Routine>> {
        directory.routines.with_ref(self.routine.as_str())
    }

    /// Those of whom an answer counts, each with what they said: whoever left or is locked drops out.
    pub fn asked_of<'a>(&'a self, directory: &'a Directory) -> impl Iterator<Item = (&'a User, &'a Asked)> {
        self.asked.iter().filter_map(|asked| Some((present(directory, &asked.person)?, asked)))
    }

    /// Those who have not said no.
    pub fn waited_for<'a>(&'a self, directory: &'a Directory) -> impl Iterator<Item = &'a User> {
        let is_open = |asked: &Asked| !matches!(asked.said, Some((Reply::No, _)));
        self.asked_of(directory).filter(move |(_, asked)| is_open(asked)).map(|(user, _)| user)
    }

    /// Looks whether it can be answered at `now`.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn can_be_answered(&self, directory: &Directory, now: Instant) -> Result<(), Closed> {
        match &self.state {
            State::Settled { by, .. } => {
                let by = directory.person_name(by).unwrap_or("somebody").to_owned();
                return Err(Closed::Settled { by });
            }
            State::Withdrawn => return Err(Closed::Withdrawn),
            State::Over if now < self.from => return Err(Closed::Changed),
            State::Over => return Err(Closed::Begun),
            State::Open if now >= self.from => return Err(Closed::Begun),
            State::Open => {}
        }
        let theirs = self.asker(directory).zip(self.routine_in(directory));
        let is_theirs = |(user, entry): (&User, &Entry<Routine>)| {
            is_on_call(directory, &entry.component.name, &user.username, (self.from, self.until))
        };
        if theirs.is_some_and(is_theirs) { Ok(()) } else { Err(Closed::Changed) }
    }

    /// When who asks is told that nobody has taken it yet: half a day before it begins, or half way there where it was made later.
    pub fn told_at(&self) -> Instant {
        let half_way = Instant(self.made_at.0 + (self.from.0 - self.made_at.0) / 2);
        self.from.plus_micros(-i64::from(limits::COVER_TOLD_HOURS) * HOUR_MICROS).max(half_way)
    }

    /// When it is to be looked at next without anybody's asking; never once it is closed.
    pub fn look_at(&self) -> Option<Instant> {
        let at = if self.is_told { self.from } else { self.told_at().min(self.from) };
        (self.state == State::Open).then_some(at)
    }

    /// Notes what somebody says who was asked; whether they were.
    pub fn note(&mut self, person: &RefId, reply: Reply, now: Instant) -> bool {
        let asked = self.asked.iter_mut().find(|asked| asked.person == *person);
        let Some(asked) = asked else { return false };
        asked.said = Some((reply, now));
        true
    }

    /// What the clock makes of an open request at `now`, and what who asks is told of it.
    pub fn passed(&mut self, directory: &Directory, now: Instant) -> Option<CoverNews> {
        if self.state != State::Open {
            return None;
        }
        match self.can_be_answered(directory, now) {
            Err(Closed::Begun) => {
                self.state = State::Over;
                Some(CoverNews::Begun)
            }
            Err(_) => {
                self.state = State::Over;
                None
            }
            Ok(()) if self.is_told || now < self.told_at() => None,
            Ok(()) => {
                self.is_told = true;
                let is_waited_for = self.waited_for(directory).next().is_some();
                Some(if is_waited_for { CoverNews::Unanswered } else { CoverNews::Declined })
            }
        }
    }
}

fn present<'a>(directory: &'a Directory, person: &RefId) -> Option<&'a User> {
    let user = directory.users.with_ref(person.as_str()).map(|entry| &entry.component);
    user.filter(|user| !user.locked)
}

/// Whether somebody is on call by a routine the whole time.
pub fn is_on_call(directory: &Directory, routine: &str, user: &Username, (from, until): (Instant, Instant)) -> bool {
    let mut reached = from;
    for interval in directory.schedule(routine, from, until) {
        if interval.from > reached || !interval.on_call.contains(user) {
            return false;
        }
        reached = interval.until;
    }
    reached >= until
}

#[cfg(test)]
mod tests;
