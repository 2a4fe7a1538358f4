//! The simulated world: nights that once went wrong, some fresh ones, and the same night twice and on both databases.

use checks::{Database, Night, kept_seeds, play_night};

/// How long a night is that scripts/sim.sh plays.
const WHOLE: usize = 400;
const SHORT: usize = 100;
/// How long one is on PostgreSQL, where each look and each beat is many ways to a server and back.
const VERY_SHORT: usize = 12;

fn night(seed: u64, actions: usize, database: Database) -> Vec<String> {
    let outcome = play_night(Night { seed, actions, database });
    assert!(outcome.failure.is_none(), "{}", outcome.failure.unwrap_or_default());
    outcome.transcript
}

#[test]
fn every_promise_is_kept_in_the_nights_that_once_went_wrong() {
    for seed in kept_seeds() {
        night(seed, WHOLE, Database::Sqlite);
    }
}

#[test]
fn every_promise_is_kept_in_a_few_nights_by_chance() {
    for seed in 1001..=1004 {
        night(seed, SHORT, Database::Sqlite);
    }
}

#[test]
fn the_same_seed_is_the_same_night_on_both_databases_and_each_time() {
    for seed in [3, 6] {
        let first = night(seed, VERY_SHORT, Database::Sqlite);
        assert!(!first.is_empty(), "something happens");
        for database in [Database::Sqlite, Database::Postgresql] {
            let again = night(seed, VERY_SHORT, database);
            let differs = first.iter().zip(&again).find(|(first, again)| first != again);
            assert_eq!(differs, None, "seed {seed} on {database:?}");
            assert_eq!(first.len(), again.len());
        }
    }
}
