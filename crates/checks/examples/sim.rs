//! Plays simulated nights: `sim SEEDS ACTIONS [FIRST]` for many, `sim seed SEED ACTIONS [postgresql]` for one with its log.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program for people who look at what it prints")]

use checks::{Database, Night, play_night};
use std::process::ExitCode;

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["seed", seed, actions, rest @ ..] => {
            let database = if rest.contains(&"postgresql") { Database::Postgresql } else { Database::Sqlite };
            one(Night { seed: number(seed), actions: count(actions), database })
        }
        [first, seeds, actions] => many(number(first), number(seeds), count(actions)),
        _ => {
            println!("sim FIRST SEEDS ACTIONS | sim seed SEED ACTIONS [postgresql]");
            ExitCode::FAILURE
        }
    }
}

fn number(word: &str) -> u64 {
    word.parse().expect("a number")
}

fn count(word: &str) -> usize {
    word.parse().expect("a number")
}

/// One night with everything that was done in it.
fn one(night: Night) -> ExitCode {
    let outcome = play_night(night);
    for line in &outcome.log {
        println!("{line}");
    }
    match outcome.failure {
        Some(failure) => {
            println!("{failure}");
            ExitCode::FAILURE
        }
        None => {
            println!("seed {}: every promise was kept", night.seed);
            ExitCode::SUCCESS
        }
    }
}

/// Many nights; each that breaks a promise is told, with `FAILED SEED` before it.
fn many(first: u64, seeds: u64, actions: usize) -> ExitCode {
    let mut failed = 0;
    for seed in first..first + seeds {
        let outcome = play_night(Night { seed, actions, database: Database::Sqlite });
        if let Some(failure) = outcome.failure {
            failed += 1;
            println!("FAILED {seed}\n{failure}");
        }
    }
    println!("{seeds} seeds from {first} on, {failed} broke a promise");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
