//! The desk: a queue of jobs, bounded for callers, and writer threads that run what waits in one transaction and one
//! commit.

use crate::at_once::at_once;
use crate::clock::Clock;
use crate::directory::{Directories, Snapshot};
use crate::failure::{Failure, Undo};
use crate::metrics::Metrics;
use domain::{Instant, OrganizationId};
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Dialect, Error, Store, Tx, Writer};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Times that a job is run again after a conflict with another node or transaction.
const CONFLICT_RETRIES: usize = 5;

/// Whose jobs touch rows of all organizations; no organization has this number.
pub(crate) const EVERYBODY: OrganizationId = OrganizationId(0);

/// What all threads of the engine share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) directories: Directories,
    pub(crate) metrics: Metrics,
}

/// One transaction while jobs run in it.
pub(crate) struct Batch<'a> {
    pub(crate) tx: &'a mut dyn Tx,
    pub(crate) shared: &'a Shared,
    snapshots: HashMap<OrganizationId, Arc<Snapshot>>,
    /// Organizations whose directory this transaction changed. Nobody else may see it before it is committed.
    changed: HashSet<OrganizationId>,
}

impl Batch<'_> {
    /// The directory as of this transaction.
    pub(crate) fn snapshot(&mut self, organization: OrganizationId) -> Result<Arc<Snapshot>, Error> {
        if let Some(snapshot) = self.snapshots.get(&organization) {
            return Ok(Arc::clone(snapshot));
        }
        let snapshot = match self.changed.contains(&organization) {
            true => self.shared.directories.load(self.tx, organization)?.map(Arc::new),
            false => self.shared.directories.current(self.tx, organization)?,
        };
        let snapshot = snapshot.ok_or_else(|| Error::Corrupt(format!("no organization {}", organization.0)))?;
        self.snapshots.insert(organization, Arc::clone(&snapshot));
        Ok(snapshot)
    }

    /// Says that this transaction changed what the directory is loaded from.
    pub(crate) fn directory_changed(&mut self, organization: OrganizationId) -> Result<(), Error> {
        store::organization_touch(self.tx, organization)?;
        self.snapshots.remove(&organization);
        self.changed.insert(organization);
        Ok(())
    }

    /// Runs `work` in a savepoint of its own: what fails or panics is undone, and nothing else is. The outer error is
    /// the savepoint's own, after which the transaction cannot go on.
    pub(crate) fn apart<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Undo>,
    ) -> Result<Result<T, Undo>, Error> {
        self.tx.savepoint()?;
        let panicked = |_| Err(Undo::Store(Error::Statement("a command panicked".to_owned())));
        let result = catch_unwind(AssertUnwindSafe(|| work(self))).unwrap_or_else(panicked);
        match &result {
            Ok(_) => self.tx.release_savepoint()?,
            Err(_) => self.tx.rollback_to_savepoint()?,
        }
        Ok(result)
    }

    /// The time at which a job acts.
    pub(crate) fn now(&self) -> Instant {
        Instant(self.shared.clock.now())
    }
}

/// A piece of work that runs inside a savepoint of its own, possibly more than once.
trait Job: Send {
    fn run(&mut self, batch: &mut Batch<'_>) -> Result<(), Undo>;
    /// Keeps the failure for the caller: what the job did is undone.
    fn fail(&mut self, failure: Failure);
    /// Tells the caller; called once, after the commit.
    fn answer(self: Box<Self>);
}

struct Task<T, W> {
    work: W,
    result: Result<T, Failure>,
    reply: oneshot::Sender<Result<T, Failure>>,
}

impl<T: Send, W: FnMut(&mut Batch<'_>) -> Result<T, Undo> + Send> Job for Task<T, W> {
    fn run(&mut self, batch: &mut Batch<'_>) -> Result<(), Undo> {
        self.result = Ok((self.work)(batch)?);
        Ok(())
    }

    fn fail(&mut self, failure: Failure) {
        self.result = Err(failure);
    }

    fn answer(self: Box<Self>) {
        // A caller that went away does not want the answer; what was done stays done.
        let _ = self.reply.send(self.result);
    }
}

/// A job that waits, with the place in the queue that it takes up; the engine's own jobs take up none.
struct Waiting {
    organization: OrganizationId,
    job: Box<dyn Job>,
    place: Option<OwnedSemaphorePermit>,
}

/// Bounds of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeskLimits {
    /// Jobs of callers that may wait; one more is answered `Busy`.
    pub queue: usize,
    /// Jobs in one transaction.
    pub batch: usize,
    /// Writer threads; a SQLite database has one whatever this says.
    pub writers: usize,
}

/// The queue of jobs. Jobs of one organization run in the order in which they came.
pub(crate) struct Desk {
    hands: Hands,
    shared: Arc<Shared>,
}

/// Who does the work.
enum Hands {
    /// Writer threads.
    Threads(Vec<Queue>),
    /// Whoever asks, at once: for simulation, where nothing may depend on how threads take turns.
    Caller(Mutex<Writer>, Dialect),
}

/// The queue of one writer thread.
struct Queue {
    jobs: Sender<Waiting>,
    places: Arc<Semaphore>,
}

impl Desk {
    /// Starts the writer threads; they end when the desk is dropped and the queue is empty.
    pub(crate) fn open(store: &Arc<Store>, shared: &Arc<Shared>, limits: DeskLimits) -> std::io::Result<Self> {
        let writers = match store.dialect() {
            Dialect::Sqlite => 1,
            Dialect::Postgresql => limits.writers.max(1),
        };
        let mut queues = Vec::new();
        for number in 0..writers {
            let (jobs, receiver) = channel();
            let places = Arc::new(Semaphore::new((limits.queue / writers).max(1)));
            let (writer, shared) = (store.writer(), Arc::clone(shared));
            std::thread::Builder::new()
                .name(format!("desk-{number}"))
                .spawn(move || serve(&receiver, writer, &shared, limits.batch.max(1)))?;
            queues.push(Queue { jobs, places });
        }
        Ok(Self { hands: Hands::Threads(queues), shared: Arc::clone(shared) })
    }

    /// A desk without threads: each job is done where it is submitted, in a transaction of its own.
    pub(crate) fn threadless(store: &Store, shared: &Arc<Shared>) -> Self {
        Self { hands: Hands::Caller(Mutex::new(store.writer()), store.dialect()), shared: Arc::clone(shared) }
    }

    /// Whether all work is done where it is asked for.
    pub(crate) fn is_threadless(&self) -> bool {
        matches!(self.hands, Hands::Caller(..))
    }

    /// Runs a caller's `work` in the next transaction of the organization's writer; answered after the commit, or at
    /// once with `Busy` when the queue is full.
    pub(crate) async fn submit<T, W>(&self, organization: OrganizationId, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnMut(&mut Batch<'_>) -> Result<T, Undo> + Send + 'static,
    {
        let place = self.queue(organization).map(|queue| Arc::clone(&queue.places).try_acquire_owned());
        let place = place.transpose().map_err(|_| Failure::Busy("the queue of commands is full".to_owned()))?;
        self.enqueue(organization, work, place).await
    }

    /// Runs the engine's own `work` likewise, however full the queue is: requests that come in too fast must not keep
    /// the engine from escalating, nor from recording what it sent. Each caller of this has few at a time.
    pub(crate) async fn submit_own<T, W>(&self, organization: OrganizationId, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnMut(&mut Batch<'_>) -> Result<T, Undo> + Send + 'static,
    {
        self.enqueue(organization, work, None).await
    }

    /// Where jobs of the organization wait; nowhere if they are done at once.
    fn queue(&self, organization: OrganizationId) -> Option<&Queue> {
        let Hands::Threads(queues) = &self.hands else { return None };
        let number = usize::try_from(organization.0.unsigned_abs()).unwrap_or(0);
        Some(&queues[number % queues.len()])
    }

    async fn enqueue<T, W>(
        &self,
        organization: OrganizationId,
        work: W,
        place: Option<OwnedSemaphorePermit>,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnMut(&mut Batch<'_>) -> Result<T, Undo> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let lost = || Failure::Broken("the writer thread has ended".to_owned());
        let job = Box::new(Task { work, result: Err(lost()), reply });
        self.shared.metrics.queued.inc();
        let waiting = Waiting { organization, job, place };
        match &self.hands {
            Hands::Caller(writer, dialect) => at_once(*dialect, || {
                let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
                work_off(vec![waiting], &mut writer, &self.shared);
            }),
            Hands::Threads(_) if self.hand_in(waiting).is_none() => {
                self.shared.metrics.queued.dec();
                return Err(lost());
            }
            Hands::Threads(_) => {}
        }
        answer.await.unwrap_or_else(|_| Err(lost()))
    }
}

impl Desk {
    /// `None` where the writer thread has ended.
    fn hand_in(&self, waiting: Waiting) -> Option<()> {
        self.queue(waiting.organization)?.jobs.send(waiting).ok()
    }
}

fn serve(jobs: &Receiver<Waiting>, mut writer: Writer, shared: &Shared, most: usize) {
    while let Ok(first) = jobs.recv() {
        let mut waiting = vec![first];
        while waiting.len() < most
            && let Ok(job) = jobs.try_recv()
        {
            waiting.push(job);
        }
        work_off(waiting, &mut writer, shared);
    }
}

/// Does what waits in one transaction, then answers.
fn work_off(mut waiting: Vec<Waiting>, writer: &mut Writer, shared: &Shared) {
    shared.metrics.taken(waiting.len());
    waiting.iter_mut().for_each(|waiting| waiting.place = None);
    waiting.sort_by_key(|waiting| (waiting.organization == EVERYBODY, waiting.organization));
    if let Err(error) = commit_together(&mut waiting, writer, shared) {
        tracing::warn!(%error, jobs = waiting.len(), "a transaction failed; nothing of it was stored");
    }
    waiting.into_iter().for_each(|waiting| waiting.job.answer());
}

/// Runs the jobs in one transaction. On an error every job has failed; the callers must not be told otherwise.
fn commit_together(jobs: &mut [Waiting], writer: &mut Writer, shared: &Shared) -> Result<(), Error> {
    let result = run_all(jobs, writer, shared);
    if let Err((error, is_known_undone)) = &result {
        let failure = match (error, is_known_undone) {
            (Error::Unavailable(_), false) => {
                Failure::Broken(format!("it is not known whether the change was stored: {error}"))
            }
            _ => error.clone().into(),
        };
        jobs.iter_mut().for_each(|waiting| waiting.job.fail(failure.clone()));
    }
    result.map_err(|(error, _)| error)
}

/// How the jobs of one transaction are kept from each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Not at all: a job that fails after it wrote spoils the transaction.
    Together,
    /// Each in a savepoint of its own.
    Apart,
}

/// The error says, beside what happened, whether it is certain that nothing was stored.
///
/// Nearly every batch goes through as it is, so that savepoints would be paid for nothing. What a job spoils is undone
/// whole, and all of them run again, apart.
fn run_all(jobs: &mut [Waiting], writer: &mut Writer, shared: &Shared) -> Result<(), (Error, bool)> {
    if !attempt(jobs, writer, shared, Manner::Together)? {
        attempt(jobs, writer, shared, Manner::Apart)?;
    }
    Ok(())
}

/// Runs the jobs in one transaction; `false` when one of them spoilt it and nothing was stored.
///
/// Each organization is held before its first job, and they come in ascending order, so that no two transactions wait
/// for each other. What belongs to everybody comes last and waits for nobody.
fn attempt(jobs: &mut [Waiting], writer: &mut Writer, shared: &Shared, manner: Manner) -> Result<bool, (Error, bool)> {
    let before = |error| (error, true);
    let mut transaction = writer.begin().map_err(before)?;
    {
        let mut batch = Batch { tx: transaction.tx(), shared, snapshots: HashMap::new(), changed: HashSet::new() };
        let mut held = EVERYBODY;
        for Waiting { organization, job, .. } in jobs {
            if *organization != held && *organization != EVERYBODY {
                store::organization_hold(batch.tx, *organization).map_err(before)?;
                held = *organization;
            }
            match manner {
                Manner::Apart => run_one(job.as_mut(), &mut batch).map_err(before)?,
                Manner::Together if run_trusting(job.as_mut(), &mut batch).map_err(before)? => {}
                Manner::Together => return Ok(false),
            }
        }
    }
    transaction.commit().map_err(|error| (error, false))?;
    shared.metrics.commits.inc();
    Ok(true)
}

/// Runs one job without a savepoint; `false` when it failed and may have left something behind. An error here ends
/// the transaction.
fn run_trusting(job: &mut dyn Job, batch: &mut Batch<'_>) -> Result<bool, Error> {
    let written = batch.tx.writes();
    match catch_unwind(AssertUnwindSafe(|| job.run(batch))) {
        Ok(Ok(())) => Ok(true),
        Ok(Err(Undo::Store(error @ Error::Unavailable(_)))) => Err(error),
        Ok(Err(undo @ Undo::Refused(_))) if batch.tx.writes() == written => {
            job.fail(undo.into());
            Ok(true)
        }
        Ok(Err(_)) | Err(_) => Ok(false),
    }
}

/// Runs one job in its savepoint; what fails is undone and kept for its caller. An error here ends the transaction.
fn run_one(job: &mut dyn Job, batch: &mut Batch<'_>) -> Result<(), Error> {
    for retry in 0..=CONFLICT_RETRIES {
        match batch.apart(|batch| job.run(batch))? {
            Ok(()) => return Ok(()),
            Err(Undo::Store(error @ Error::Unavailable(_))) => return Err(error),
            Err(Undo::Store(Error::Conflict(reason))) if retry < CONFLICT_RETRIES => {
                tracing::debug!(reason, "a conflict; the command is run again");
                // What another node changed may be the directory.
                batch.snapshots.clear();
            }
            Err(undo) => {
                job.fail(undo.into());
                return Ok(());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
