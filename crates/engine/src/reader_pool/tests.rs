//! What waits is read together, and nobody reads what is older than their question.

use super::ReaderPool;
use crate::changes::Changes;
use crate::clock::Clock;
use crate::desk::Shared;
use crate::failure::Failure;
use crate::metrics::Metrics;
use crate::snapshot::Directories;
use domain::Refusal;
use std::collections::BTreeSet;
use std::future::ready;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use store::{Error, Faults, Moment, Store, Tx, migrate, organization_by_name, organization_insert};

/// Counts the transactions that read, and lets one of them fail.
#[derive(Default)]
struct Transactions {
    begun: AtomicUsize,
    /// The transaction that finds no database; the first is 1.
    lost: usize,
}

impl Faults for Transactions {
    fn meet(&self, moment: Moment) -> Result<(), Error> {
        let number = self.begun.fetch_add(usize::from(moment == Moment::Read), Ordering::Relaxed) + 1;
        let is_lost = moment == Moment::Read && number == self.lost;
        if is_lost { Err(Error::Unavailable("as the test wants".to_owned())) } else { Ok(()) }
    }
}

/// ReaderPool over a store with one connection for reading, and how many transactions it had.
fn readers(directory: &tempfile::TempDir, lost: usize) -> (Arc<ReaderPool>, Arc<Store>, Arc<Transactions>) {
    let url = format!("sqlite:{}", directory.path().join("test.db").display()).parse().unwrap();
    migrate(&Store::open(&url).unwrap(), 0).unwrap();
    let transactions = Arc::new(Transactions { lost, ..Transactions::default() });
    let faults: Arc<dyn Faults> = Arc::<Transactions>::clone(&transactions);
    let store = Arc::new(Store::open_with(&url, 1).unwrap().with_faults(&faults));
    let directories = Directories::new(BTreeSet::new());
    let shared = Arc::new(Shared {
        clock: Clock::held(0),
        directories,
        metrics: Metrics::default(),
        changes: Changes::default(),
    });
    (Arc::new(ReaderPool::new(Arc::clone(&store), shared, false)), store, transactions)
}

type Answer = Pin<Box<dyn Future<Output = Result<bool, Failure>>>>;

/// Looks for the organization, then ends as its name says.
fn look(readers: &Arc<ReaderPool>, name: &'static str) -> Answer {
    let readers = Arc::clone(readers);
    Box::pin(async move {
        let look = move |tx: &mut dyn Tx, _: &Shared| {
            let found = organization_by_name(tx, name)?.is_some();
            match name {
                "refused" => Err(Refusal::NotAcknowledged.into()),
                "panics" => panic!("as the test wants"),
                "broken" => Ok(tx.all("nothing of a statement", &[]).map(|rows| rows.is_empty())?),
                _ => Ok(found),
            }
        };
        readers.read(look).await
    })
}

/// Asks for all of these while a first read goes on, after `meanwhile` was done; the answers in the order of the names.
fn ask(readers: &Arc<ReaderPool>, names: &[&'static str], meanwhile: impl FnOnce()) -> Vec<Result<bool, Failure>> {
    let (begin, begun) = channel();
    let (go, wait) = channel::<()>();
    let wait = Mutex::new(wait);
    let first = readers.read(move |tx, _| {
        // Reads, so that the transaction has its moment.
        let found = organization_by_name(tx, "one")?.is_some();
        begin.send(()).unwrap();
        wait.lock().unwrap().recv().unwrap();
        Ok(found)
    });
    let rest = async {
        begun.recv().unwrap();
        meanwhile();
        let mut asked: Vec<_> = names.iter().map(|name| look(readers, name)).collect();
        // A read is in the queue once it was looked at.
        for answer in &mut asked {
            tokio::select! { biased; _ = answer => panic!("answered too early"), () = ready(()) => {} }
        }
        go.send(()).unwrap();
        let mut answers = Vec::new();
        for answer in asked {
            answers.push(answer.await);
        }
        answers
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let (first, answers) = runtime.block_on(async { tokio::join!(first, rest) });
    assert_eq!(first, Ok(false));
    answers
}

#[test]
fn what_waits_is_read_in_one_transaction() {
    let directory = tempfile::tempdir().unwrap();
    let (readers, _store, transactions) = readers(&directory, 0);
    let answers = ask(&readers, &["one"; 20], || {});
    assert_eq!(answers, vec![Ok(false); 20]);
    assert_eq!(transactions.begun.load(Ordering::Relaxed), 2);
}

#[test]
fn a_read_finds_what_was_committed_before_it_was_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let (readers, store, _) = readers(&directory, 0);
    let answers = ask(&readers, &["one"], || {
        store.write(|tx| organization_insert(tx, "one")).unwrap();
    });
    assert_eq!(answers, [Ok(true)]);
}

#[test]
fn a_read_that_is_refused_fails_or_panics_does_not_harm_its_neighbours() {
    let directory = tempfile::tempdir().unwrap();
    let (readers, ..) = readers(&directory, 0);
    let answers = ask(&readers, &["one", "refused", "two", "panics", "three", "broken", "four"], || {});
    let refused = Failure::Refused(Refusal::NotAcknowledged);
    assert_eq!([&answers[0], &answers[2], &answers[4], &answers[6]], [&Ok(false); 4]);
    assert_eq!(answers[1], Err(refused));
    assert_eq!(answers[3], Err(Failure::Broken("a reading thread failed".to_owned())));
    assert!(matches!(&answers[5], Err(Failure::Broken(reason)) if reason.contains("nothing")), "{answers:?}");
}

#[test]
fn a_database_that_was_away_for_one_transaction_is_asked_again_for_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let (readers, _store, transactions) = readers(&directory, 2);
    let answers = ask(&readers, &["one"; 3], || {});
    assert!(matches!(answers[0], Err(Failure::Unavailable(_))), "{answers:?}");
    assert_eq!(answers[1..], [Ok(false), Ok(false)]);
    assert_eq!(transactions.begun.load(Ordering::Relaxed), 3);
}
