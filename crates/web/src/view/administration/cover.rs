//! Requests for cover as they are answered.

use domain::RefId;
use domain::cover::{Asked, Candidate, Cover, State};
use domain::directory::Directory;
use serde::Serialize;

/// A request as it is answered.
#[derive(Debug, Serialize)]
pub struct CoverItem<'a> {
    cover_ref_id: &'a str,
    routine_ref_id: &'a str,
    routine_name: Option<&'a str>,
    from: String,
    until: String,
    preferred_username: Option<&'a str>,
    display_name: &'a str,
    is_own: bool,
    state: &'static str,
    taken_by: Option<&'a str>,
    swap_ref_id: Option<&'a str>,
    timestamp: String,
    asked: Vec<AskedItem<'a>>,
}

/// Somebody who was asked.
#[derive(Debug, Serialize)]
struct AskedItem<'a> {
    preferred_username: Option<&'a str>,
    display_name: &'a str,
    answer: Option<&'static str>,
    answered_at: Option<String>,
}

/// Somebody who could take a shift.
#[derive(Debug, Serialize)]
pub struct CandidateItem<'a> {
    preferred_username: &'a str,
    display_name: &'a str,
    could: bool,
    objections: Vec<&'static str>,
    reason: String,
    hours: i64,
    nights: usize,
    is_of_routine: bool,
    is_reached: bool,
}

fn username<'a>(person: &RefId, directory: &'a Directory) -> Option<&'a str> {
    directory.users.with_ref(person.as_str()).map(|entry| entry.component.username.as_str())
}

/// A request as this person is told it.
pub fn cover<'a>(cover: &'a Cover, directory: &'a Directory, person: &RefId) -> CoverItem<'a> {
    let name = |person: &RefId| directory.person_name(person).unwrap_or_default();
    let (taken_by, swap_ref_id) = match &cover.state {
        State::Settled { by, swap_ref_id } => (username(by, directory), Some(swap_ref_id.as_str())),
        State::Open | State::Withdrawn | State::Over => (None, None),
    };
    let asked = |asked: &Asked| AskedItem {
        preferred_username: username(&asked.person, directory),
        display_name: name(&asked.person),
        answer: asked.said.map(|(reply, _)| reply.word()),
        answered_at: asked.said.map(|(_, at)| at.wire()),
    };
    CoverItem {
        cover_ref_id: cover.cover_ref_id.as_str(),
        routine_ref_id: cover.routine.as_str(),
        routine_name: cover.routine_in(directory).map(|entry| entry.component.name.as_str()),
        from: cover.from.wire(),
        until: cover.until.wire(),
        preferred_username: username(&cover.person, directory),
        display_name: name(&cover.person),
        is_own: cover.person == *person,
        state: cover.state.word(),
        taken_by,
        swap_ref_id,
        timestamp: cover.made_at.wire(),
        asked: cover.asked.iter().map(asked).collect(),
    }
}

/// Somebody who could take a shift.
pub fn candidate<'a>(candidate: &'a Candidate, directory: &'a Directory) -> CandidateItem<'a> {
    CandidateItem {
        preferred_username: candidate.username.as_str(),
        display_name: directory.shown_name(&candidate.username),
        could: candidate.objections.is_empty(),
        objections: candidate.objections.iter().map(|objection| objection.word()).collect(),
        reason: reason(candidate),
        hours: candidate.load.hours,
        nights: candidate.load.nights,
        is_of_routine: candidate.is_of_routine,
        is_reached: candidate.is_reached,
    }
}

/// Why they could, or rather should not, in words.
fn reason(candidate: &Candidate) -> String {
    let mut parts: Vec<String> = candidate.objections.iter().map(|objection| objection.told().to_owned()).collect();
    if candidate.is_of_routine {
        parts.push("takes turns in the routine".to_owned());
    }
    let (hours, nights) = (candidate.load.hours, candidate.load.nights);
    let beside = "in the two weeks before and after";
    parts.push(match nights {
        _ if hours == 0 => format!("not on call {beside}"),
        0 => format!("{hours} h on call {beside}"),
        1 => format!("{hours} h and 1 night on call {beside}"),
        nights => format!("{hours} h and {nights} nights on call {beside}"),
    });
    if !candidate.is_reached {
        parts.push("no message reaches them that wakes nobody".to_owned());
    }
    parts.join("; ")
}
