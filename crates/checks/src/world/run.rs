//! Running a seed: the night, its end, and what is said when a promise was broken.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Broken, World};
use crate::Database;

/// Seeds that failed once, one a line, with why.
const KEPT: &str = include_str!("seeds.txt");
/// Actions that are told of when a promise was broken.
const TOLD: usize = 25;

/// A night to be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Night {
    /// From which everything follows.
    pub seed: u64,
    /// How many things happen before everything heals.
    pub actions: usize,
    /// Over which database.
    pub database: Database,
}

/// What came of a night.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The broken promise, in words that say how to see it again; `None` where all were kept.
    pub failure: Option<String>,
    /// What was done, a line each.
    pub log: Vec<String>,
    /// Every event and every message, a line each: the same for the same seed, on either database.
    pub transcript: Vec<String>,
}

/// Plays a night.
pub fn play_night(night: Night) -> Outcome {
    let mut world = World::new(night.seed, night.database);
    let played = catch_unwind(AssertUnwindSafe(|| play(&mut world, night.actions)));
    let broken = match played {
        Ok(Ok(())) => None,
        Ok(Err(broken)) => Some(broken),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let promise = "nothing panics".to_owned();
            Some(Broken { promise, how: vec![said.unwrap_or_default()] })
        }
    };
    let failure = broken.map(|broken| tell(night, &broken, world.log()));
    Outcome { failure, log: world.log().to_vec(), transcript: world.transcript() }
}

fn play(world: &mut World, actions: usize) -> Result<(), Broken> {
    world.turn()?;
    for _ in 0..actions {
        world.act()?;
    }
    world.heal()
}

fn tell(night: Night, broken: &Broken, log: &[String]) -> String {
    let Night { seed, actions, database } = night;
    let mut said =
        format!("seed {seed} with {actions} actions on {database:?} breaks a promise:\n  {}\n", broken.promise);
    for how in broken.how.iter().take(10) {
        let _ = writeln!(said, "    {how}");
    }
    let _ = writeln!(said, "  the last of what happened:");
    for line in &log[log.len().saturating_sub(TOLD)..] {
        let _ = writeln!(said, "    {line}");
    }
    let _ = write!(said, "  to see it again: ACTIONS={actions} bash scripts/sim.sh {seed}");
    said
}

/// Seeds that failed once; they are kept for ever.
pub fn kept_seeds() -> Vec<u64> {
    let lines = KEPT.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect()
}
