//! One job's misfortune is its own; every job is answered once.

use super::{Batch, Desk, DeskLimits, EVERYBODY, Shared};
use crate::changes::Changes;
use crate::clock::Clock;
use crate::failure::{Failure, Undo};
use crate::metrics::Metrics;
use crate::snapshot::Directories;
use domain::{OrganizationId, Refusal};
use std::collections::BTreeSet;
use std::future::ready;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use store::{Store, migrate, organization_by_name, organization_insert};

fn desk(directory: &tempfile::TempDir) -> (Desk, Arc<Store>) {
    desk_of(directory, 64)
}

/// A desk with so many jobs in a transaction at most.
fn desk_of(directory: &tempfile::TempDir, batch: usize) -> (Desk, Arc<Store>) {
    let url = format!("sqlite:{}", directory.path().join("test.db").display()).parse().unwrap();
    let store = Arc::new(Store::open(&url).unwrap());
    migrate(&store, 0).unwrap();
    let directories = Directories::new(BTreeSet::new());
    let shared = Arc::new(Shared {
        clock: Clock::held(0),
        directories,
        metrics: Metrics::default(),
        changes: Changes::default(),
    });
    let limits = DeskLimits { queue: 100, batch, writers: 1 };
    (Desk::open(&store, &shared, limits).unwrap(), store)
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

/// Writes the name, then ends as the name says.
fn job(name: &'static str) -> impl FnMut(&mut Batch<'_>) -> Result<(), Undo> {
    move |batch| {
        organization_insert(batch.tx, name)?;
        match name {
            "refused" => Err(Refusal::NotAcknowledged.into()),
            "panics" => panic!("as the test wants"),
            "panics within" => batch.apart(|_| -> Result<(), Undo> { panic!("as the test wants") })?,
            "twice" => organization_insert(batch.tx, name).map(drop).map_err(Undo::from),
            "undoes a part" => {
                let part = |batch: &mut Batch<'_>| {
                    organization_insert(batch.tx, "a part")?;
                    Err::<(), _>(Refusal::OnlyAlert.into())
                };
                assert!(batch.apart(part)?.is_err());
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[test]
fn a_job_that_is_refused_or_panics_does_not_harm_its_neighbours() {
    let directory = tempfile::tempdir().unwrap();
    let (desk, store) = desk(&directory);
    let names = ["one", "refused", "two", "panics", "three", "panics within", "twice", "undoes a part", "four"];
    // The first job waits until all others are in the queue, so that they are one batch.
    let (begin, begun) = channel();
    let (go, wait) = channel::<()>();
    let first = desk.submit(EVERYBODY, move |_| {
        begin.send(()).unwrap();
        wait.recv().unwrap();
        Ok(())
    });
    let answers = run(async {
        let rest = async {
            begun.recv().unwrap();
            let mut jobs: Vec<_> = names.map(|name| Box::pin(desk.submit(OrganizationId(1), job(name)))).into();
            // A job is in the queue once it was looked at.
            for job in &mut jobs {
                tokio::select! { biased; _ = job => panic!("answered too early"), () = ready(()) => {} }
            }
            go.send(()).unwrap();
            let mut answers = Vec::new();
            for job in jobs {
                answers.push(job.await);
            }
            answers
        };
        tokio::join!(first, rest).1
    });
    let done = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!((answers.len(), done), (9, 5), "{answers:?}");
    assert!(answers.contains(&Err(Failure::Refused(Refusal::NotAcknowledged))));
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Err(Failure::Broken(_)))).count(), 2);
    // A name taken twice is a conflict, tried again in vain.
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Err(Failure::Busy(_)))).count(), 1);
    for name in names.into_iter().chain(["a part"]) {
        let found = store.read(|tx| organization_by_name(tx, name)).unwrap().is_some();
        assert_eq!(found, ["one", "two", "three", "four", "undoes a part"].contains(&name), "{name}");
    }
    assert!(desk.shared.metrics.text().contains("reveille_commits_total 2"));
    assert!(desk.shared.metrics.text().contains("reveille_queue_depth 0"));
}

#[test]
fn what_waits_behind_comes_after_what_is_next_and_alone() {
    let directory = tempfile::tempdir().unwrap();
    let (desk, _store) = desk_of(&directory, 4);
    let done = Arc::new(Mutex::new(Vec::new()));
    let note = |name: &'static str| {
        let done = Arc::clone(&done);
        move |_: &mut Batch<'_>| {
            done.lock().unwrap().push(name);
            Ok(())
        }
    };
    let (begin, begun) = channel();
    let (go, wait) = channel::<()>();
    let first = desk.submit(EVERYBODY, move |_| {
        begin.send(()).unwrap();
        wait.recv().unwrap();
        Ok(())
    });
    run(async {
        let rest = async {
            begun.recv().unwrap();
            let mut behind: Vec<_> =
                (0..2).map(|_| Box::pin(desk.submit_behind((EVERYBODY, 1_000), note("behind")))).collect();
            for job in &mut behind {
                tokio::select! { biased; _ = job => panic!("answered too early"), () = ready(()) => {} }
            }
            let mut next: Vec<_> = (0..58).map(|_| Box::pin(desk.submit(EVERYBODY, note("next")))).collect();
            for job in &mut next {
                tokio::select! { biased; _ = job => panic!("answered too early"), () = ready(()) => {} }
            }
            go.send(()).unwrap();
            for job in behind {
                job.await.unwrap();
            }
            for job in next {
                job.await.unwrap();
            }
        };
        tokio::join!(first, rest).1;
    });
    let done = std::mem::take(&mut *done.lock().unwrap());
    let places: Vec<_> = (0..done.len()).filter(|place| done[*place] == "behind").collect();
    // Time stands still, so that they have their share after each transaction; the first took up both and two others.
    assert_eq!(places, [2, 7], "{done:?}");
    assert!(desk.shared.metrics.text().contains("reveille_commits_total 18"));
}

/// Jobs behind, with the rows that each touches, while a caller's job is at work: how many transactions all of it took,
/// and whether one of those behind was done before all callers' jobs were.
fn behind(desk: &Desk, rows: &[u64], waited_micros: i64) -> (u64, bool) {
    let (begin, begun) = channel();
    let (go, wait) = channel::<()>();
    let first = desk.submit(EVERYBODY, move |_| {
        begin.send(()).unwrap();
        wait.recv().unwrap();
        Ok(())
    });
    let done = Arc::new(Mutex::new(Vec::new()));
    let note = |name: &'static str| {
        let (done, clock) = (Arc::clone(&done), desk.shared.clock.clone());
        move |_: &mut Batch<'_>| {
            done.lock().unwrap().push(name);
            // Those behind have used up their share for long as soon as one of them was done.
            clock.advance(if name == "behind" { 1_000_000 } else { 1 });
            Ok(())
        }
    };
    let before = desk.shared.metrics.commits.get();
    run(async {
        let rest = async {
            begun.recv().unwrap();
            let jobs = rows.iter().map(|rows| Box::pin(desk.submit_behind((EVERYBODY, *rows), note("behind"))));
            let mut jobs: Vec<_> = jobs.collect();
            for job in &mut jobs {
                tokio::select! { biased; _ = job => panic!("answered too early"), () = ready(()) => {} }
            }
            desk.shared.clock.advance(waited_micros);
            let mut next: Vec<_> = (0..40).map(|_| Box::pin(desk.submit(EVERYBODY, note("next")))).collect();
            for job in &mut next {
                tokio::select! { biased; _ = job => panic!("answered too early"), () = ready(()) => {} }
            }
            go.send(()).unwrap();
            for job in jobs {
                job.await.unwrap();
            }
            for job in next {
                job.await.unwrap();
            }
        };
        tokio::join!(first, rest).1;
    });
    let done = std::mem::take(&mut *done.lock().unwrap());
    let last = done.iter().rposition(|name| *name == "behind");
    (desk.shared.metrics.commits.get() - before, last < done.iter().rposition(|name| *name == "next"))
}

#[test]
fn what_waits_behind_shares_a_transaction_as_far_as_its_rows_allow() {
    let directory = tempfile::tempdir().unwrap();
    let (desk, _store) = desk_of(&directory, 100);
    // The callers' jobs take two transactions, and those behind have a first one together.
    assert_eq!(behind(&desk, &[1, 1, 1], 0).0, 3);
    assert_eq!(behind(&desk, &[1, 999, 1], 0).0, 4);
    assert_eq!(behind(&desk, &[5_000, 1], 0).0, 4, "what touches more than fits is done by itself");
}

#[test]
fn what_has_waited_behind_for_long_is_done_whatever_its_share_is() {
    let directory = tempfile::tempdir().unwrap();
    let (desk, _store) = desk_of(&directory, 4);
    let each = [1_000; 3];
    assert!(!behind(&desk, &each, 0).1, "the first one takes up the share of all for seconds");
    let directory = tempfile::tempdir().unwrap();
    let (desk, _store) = desk_of(&directory, 4);
    assert!(behind(&desk, &each, 11_000_000).1);
}

#[test]
fn a_job_whose_caller_went_away_is_done_all_the_same_and_gives_its_place_back() {
    let directory = tempfile::tempdir().unwrap();
    let (desk, store) = desk(&directory);
    run(async {
        for _ in 0..300 {
            let gone = Box::pin(desk.submit(EVERYBODY, |_| Ok(())));
            let looked_at_once = async {
                tokio::select! { biased; _ = gone => {}, () = ready(()) => {} }
            };
            looked_at_once.await;
            // The own job is behind the other, so that the other's place is free once it is done.
            desk.submit_own(EVERYBODY, |_| Ok(())).await.unwrap();
        }
        desk.submit(EVERYBODY, job("after all")).await.unwrap();
    });
    assert!(store.read(|tx| organization_by_name(tx, "after all")).unwrap().is_some());
}

#[test]
fn a_database_that_cannot_be_written_is_answered_and_heals() {
    let directory = tempfile::tempdir().unwrap();
    let (desk, _store) = desk(&directory);
    let moved = directory.path().join("away");
    let folder = directory.path().join("test.db");
    // Nobody has connected for writing yet; what stands in the place of the file is no database.
    std::fs::rename(&folder, &moved).unwrap();
    std::fs::create_dir(&folder).unwrap();
    for _ in 0..3 {
        let answer = run(desk.submit(EVERYBODY, job("one")));
        assert!(matches!(answer, Err(Failure::Unavailable(_) | Failure::Broken(_))), "{answer:?}");
    }
    std::fs::remove_dir(&folder).unwrap();
    std::fs::rename(&moved, &folder).unwrap();
    run(desk.submit(EVERYBODY, job("one"))).unwrap();
}

#[test]
fn a_directory_that_was_changed_and_taken_back_is_remembered_by_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let (desk, store) = desk(&directory);
    let id = store.write(|tx| organization_insert(tx, "one")).unwrap();
    let fallback = move |batch: &mut Batch<'_>| Ok(batch.snapshot(id)?.directory.fallback_policy.clone());
    assert_eq!(run(desk.submit(id, fallback)), Ok(None));
    let change = |policy: &'static str, end: fn(Option<String>) -> Result<Option<String>, Undo>| {
        move |batch: &mut Batch<'_>| {
            store::organization_changed(batch.tx, id, Some(policy))?;
            batch.directory_changed(id)?;
            end(batch.snapshot(id)?.directory.fallback_policy.clone())
        }
    };
    let refused = run(desk.submit(id, change("never", |_| Err(Refusal::OnlyAlert.into()))));
    assert_eq!(refused, Err(Failure::Refused(Refusal::OnlyAlert)));
    // The same number of changes later, as the store counts them.
    assert_eq!(run(desk.submit(id, change("now", Ok))), Ok(Some("now".to_owned())));
    assert_eq!(run(desk.submit(id, fallback)), Ok(Some("now".to_owned())));
}
