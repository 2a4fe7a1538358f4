//! Who could take a shift over: who is not on call then, has no night on call beside it, and is on call least.

use crate::directory::{Directory, Role, User};
use crate::ids::Username;
use crate::notification::Channel;
use crate::routine::{Tally, tally};
use crate::{Instant, limits};
use std::collections::BTreeMap;

const DAY_MICROS: i64 = 24 * 3_600_000_000;
/// What wakes nobody, by which people are asked.
const QUIET: [Channel; 4] = [Channel::Email, Channel::Webhook, Channel::Chat, Channel::Push];

/// Somebody who could take a shift over, or why they rather should not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub username: Username,
    /// What speaks against it; nothing where they could.
    pub objections: Vec<Objection>,
    /// How much they are on call from two weeks before it until two weeks after.
    pub load: Tally,
    /// Whether they take turns in the routine.
    pub is_of_routine: bool,
    /// Whether a message reaches them that wakes nobody.
    pub is_reached: bool,
}

/// What speaks against somebody's taking a shift over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// They are on call themselves at that time.
    OnCall,
    /// They have a night on call in the day before.
    NightBefore,
    /// They have a night on call in the day after.
    NightAfter,
}

impl Objection {
    /// All words.
    pub const WORDS: &[&str] = &["on_call", "night_before", "night_after"];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::OnCall => "on_call",
            Self::NightBefore => "night_before",
            Self::NightAfter => "night_after",
        }
    }

    /// The same as a sentence goes on.
    pub fn told(self) -> &'static str {
        match self {
            Self::OnCall => "is on call then",
            Self::NightBefore => "has a night on call in the day before",
            Self::NightAfter => "has a night on call in the day after",
        }
    }
}

type Stretch = (Instant, Instant);

/// Who could take over what `user` does by a routine in this time, the best first: whom nothing speaks against, then those of the
/// routine, then those of other routines, and of these who is on call least. Who only reads, or is locked, is asked for nothing.
pub fn candidates(directory: &Directory, routine: &str, user: &Username, (from, until): Stretch) -> Vec<Candidate> {
    let days = i64::from(limits::COVER_LOAD_DAYS) * DAY_MICROS;
    let around = (from.plus_micros(-days), until.plus_micros(days));
    let duties = duties(directory, around);
    let zone = directory.routines.named(routine).map_or("UTC", |entry| entry.component.timezone.as_str());
    let own = people_of(directory, routine);
    let users = directory.users.iter().map(|entry| &entry.component);
    let could = users.filter(|other| other.username != *user && !other.locked && other.role >= Role::Responder);
    let judged = could.map(|other| judged(directory, other, (&duties, zone), (from, until), &own));
    let mut candidates: Vec<Candidate> = judged.collect();
    let takes_turns = |candidate: &Candidate| duties.contains_key(&candidate.username);
    candidates.sort_by_cached_key(|candidate| {
        let place = (!candidate.objections.is_empty(), !candidate.is_of_routine, !takes_turns(candidate));
        (place, candidate.load.hours, candidate.username.clone())
    });
    candidates
}

fn judged(
    directory: &Directory,
    user: &User,
    (duties, zone): (&BTreeMap<Username, Vec<Stretch>>, &str),
    (from, until): Stretch,
    own: &[&Username],
) -> Candidate {
    let duty = duties.get(&user.username).map_or(&[][..], Vec::as_slice);
    let has_night = |from: Instant, until: Instant| tally(&within(duty, (from, until)), zone).nights > 0;
    let found = [
        (!within(duty, (from, until)).is_empty(), Objection::OnCall),
        (has_night(from.plus_micros(-DAY_MICROS), from), Objection::NightBefore),
        (has_night(until, until.plus_micros(DAY_MICROS)), Objection::NightAfter),
    ];
    Candidate {
        username: user.username.clone(),
        objections: found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, objection)| objection).collect(),
        load: tally(duty, zone),
        is_of_routine: own.contains(&&user.username),
        is_reached: directory.channels_of(&user.username).iter().any(|channel| QUIET.contains(channel)),
    }
}

/// The parts of these stretches that are within another one.
fn within(stretches: &[Stretch], (from, until): Stretch) -> Vec<Stretch> {
    let parts = stretches.iter().map(|(begin, end)| ((*begin).max(from), (*end).min(until)));
    parts.filter(|(begin, end)| begin < end).collect()
}

/// When people are on call by any routine: in order, and each time once.
fn duties(directory: &Directory, (from, until): Stretch) -> BTreeMap<Username, Vec<Stretch>> {
    let mut found: BTreeMap<Username, Vec<Stretch>> = BTreeMap::new();
    for entry in directory.routines.iter() {
        let name = &entry.component.name;
        let last = until.min(from.plus_micros(directory.schedule_days(name) * DAY_MICROS));
        for interval in directory.schedule(name, from, last) {
            for user in interval.on_call {
                found.entry(user).or_default().push((interval.from, interval.until));
            }
        }
    }
    for stretches in found.values_mut() {
        stretches.sort_unstable();
        *stretches = stretches.drain(..).fold(Vec::new(), |mut united: Vec<Stretch>, (begin, end)| {
            match united.last_mut() {
                Some((_, last)) if begin <= *last => *last = end.max(*last),
                _ => united.push((begin, end)),
            }
            united
        });
    }
    found
}

/// Who takes turns in a routine, whenever that is.
fn people_of<'a>(directory: &'a Directory, routine: &str) -> Vec<&'a Username> {
    let layers = directory.routines.named(routine).into_iter().flat_map(|entry| &entry.component.routine_layers);
    let mut people: Vec<_> = layers.flat_map(|layer| layer.rotations.iter().flatten()).collect();
    people.sort_unstable();
    people.dedup();
    people
}
