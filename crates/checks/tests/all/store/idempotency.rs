//! The first outcome under an idempotency key is the one that is remembered, until it expires.

use super::sample::{HARD, long_text};
use super::{organization, read, write};
use checks::{Database, TestStore, on_both};
use domain::{Instant, OrganizationId};
use store::{Error, Remembered, Store};

fn outcome(text: &str) -> Remembered {
    Remembered { digest: format!("digest of {text}"), outcome: text.to_owned() }
}

fn load(test: &TestStore, organization: OrganizationId, key: &str, now: i64) -> Option<Remembered> {
    read(test, |tx| store::idempotency_load(tx, organization, key, Instant(now)))
}

fn save(store: &Store, organization: OrganizationId, outcome: &Remembered, now: i64) -> Result<(), Error> {
    let expires_at = Instant(now + 100);
    store.write(|tx| store::idempotency_save(tx, organization, "key", outcome, Instant(now), expires_at))
}

#[test]
fn an_outcome_survives_the_round_trip() {
    on_both(|test| {
        let one = organization(test, "one");
        for key in HARD {
            let outcome = outcome(&format!("{key}{}", long_text()));
            write(test, |tx| store::idempotency_save(tx, one, key, &outcome, Instant(0), Instant(9)));
            assert_eq!(load(test, one, key, 8), Some(outcome));
        }
    });
}

#[test]
fn the_first_outcome_wins_until_it_expires() {
    on_both(|test| {
        let one = organization(test, "one");
        save(test.store(), one, &outcome("first"), 0).unwrap();
        let second = save(test.store(), one, &outcome("second"), 99);
        assert!(matches!(second, Err(Error::Conflict(_))), "{second:?}");
        assert_eq!(load(test, one, "key", 99), Some(outcome("first")));
        assert_eq!(load(test, one, "key", 100), None);
        save(test.store(), one, &outcome("third"), 100).unwrap();
        assert_eq!(load(test, one, "key", 100), Some(outcome("third")));
    });
}

#[test]
fn a_key_belongs_to_its_organization() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        save(test.store(), one, &outcome("one"), 0).unwrap();
        assert_eq!(load(test, other, "key", 0), None);
        save(test.store(), other, &outcome("other"), 0).unwrap();
        assert_eq!(load(test, one, "key", 0), Some(outcome("one")));
    });
}

#[test]
fn only_what_expired_is_forgotten() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        save(test.store(), one, &outcome("old"), 0).unwrap();
        save(test.store(), other, &outcome("young"), 1).unwrap();
        let forget = |now| write(test, |tx| store::idempotency_forget(tx, Instant(now), 1000));
        assert_eq!((forget(99), forget(100), forget(100)), (0, 1, 0));
        assert_eq!(load(test, one, "key", 0), None);
        assert_eq!(load(test, other, "key", 0), Some(outcome("young")));
    });
}

#[test]
fn of_two_nodes_at_the_same_time_one_is_first() {
    let test = TestStore::new(Database::Postgresql);
    let one = organization(&test, "one");
    let results = std::thread::scope(|scope| {
        let threads = ["a", "b", "c", "d"].map(|name| {
            let store = test.store();
            scope.spawn(move || save(store, one, &outcome(name), 0))
        });
        threads.map(|thread| thread.join().unwrap())
    });
    let first = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(first, 1, "{results:?}");
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(Error::Conflict(_)))), "{results:?}");
}
