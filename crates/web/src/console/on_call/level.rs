//! One level of a policy at an instant: who is on it, until when, who is next, and what is wrong with it.

use super::who::Who;
use crate::console::address;
use crate::console::time::{Clock, Moment};
use domain::Instant;
use domain::directory::{Directory, Ladder, Level};
use domain::routine::OnCall;
use std::collections::HashMap;

/// A level as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LevelView {
    /// From 1.
    pub(super) number: u32,
    /// Until the next level is asked.
    pub(super) minutes: u32,
    pub(super) people: Vec<Who>,
    /// By which routines: name and address.
    pub(super) routines: Vec<(String, String)>,
    pub(super) change: Change,
    /// Why it is passed over.
    pub(super) problem: Option<String>,
}

/// When others are on a level, and who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Not within a year.
    Never,
    /// At this instant, to these people, who may be nobody.
    At(Moment, Vec<Who>),
}

/// What is looked at, and by whose clock.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) directory: &'a Directory,
    pub(super) clock: &'a Clock,
    pub(super) at: Instant,
}

/// The levels of a policy.
pub(super) fn levels<'a>(
    look: Look<'a>,
    ladder: Ladder<'a>,
    levels: &'a [Level],
    known: &mut HashMap<&'a str, OnCall>,
) -> Vec<LevelView> {
    (1..).zip(levels).map(|(number, level)| view(look, (ladder, number), level, known)).collect()
}

fn view<'a>(
    look: Look<'a>,
    (ladder, number): (Ladder<'a>, u32),
    level: &'a Level,
    known: &mut HashMap<&'a str, OnCall>,
) -> LevelView {
    let on_call = ladder.on_call_knowing(number, look.at, known);
    let people = Who::all(look.directory, &on_call.users);
    let change = on_call.until.map_or(Change::Never, |until| {
        let mut next = ladder.users(number, until);
        next.sort_unstable();
        Change::At(look.clock.moment(until), Who::all(look.directory, &next))
    });
    let routine = |name: &String| {
        let ref_id = look.directory.routines.named(name).map_or("", |entry| entry.ref_id.as_str());
        (name.clone(), address::of("/app/routines", name, ref_id))
    };
    LevelView {
        number,
        minutes: level.minutes,
        routines: level.routines.iter().map(routine).collect(),
        change,
        problem: problem(&people),
        people,
    }
}

fn problem(people: &[Who]) -> Option<String> {
    let words = match people {
        [] => "Nobody is on this level, so it is passed over.",
        [who] if who.is_unreachable => "Nothing reaches the one person on this level, so it is passed over.",
        people if people.iter().all(|who| who.is_unreachable) => {
            "Nothing reaches anybody on this level, so it is passed over."
        }
        _ => return None,
    };
    Some(words.to_owned())
}
