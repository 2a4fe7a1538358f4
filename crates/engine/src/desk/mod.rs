//! The desk: a queue of jobs, bounded for callers, and writer threads that run what waits in one transaction and one
//! commit.

mod batch;
mod share;
mod threadless;
mod transaction;

pub use batch::Batch;
pub(crate) use batch::Foreseen;
pub(crate) use threadless::run_here;

use crate::changes::Changes;
use crate::clock::Clock;
use crate::failure::{Failure, Undo};
use crate::metrics::Metrics;
use crate::snapshot::Directories;
use domain::OrganizationId;
use share::Share;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Dialect, Store, Writer};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Whose jobs touch rows of all organizations; no organization has this number.
pub const EVERYBODY: OrganizationId = OrganizationId(0);

/// What all threads of the engine share.
#[derive(Debug)]
pub struct Shared {
    /// The one clock.
    pub clock: Clock,
    /// The directories that this process holds.
    pub directories: Directories,
    /// What is counted.
    pub metrics: Metrics,
    /// What changes, for whoever looks.
    pub(crate) changes: Changes,
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
    foreseen: Foreseen,
    job: Box<dyn Job>,
    place: Option<OwnedSemaphorePermit>,
    turn: Turn,
}

/// When a job has its turn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// With the others that wait.
    Next,
    /// When nothing else waits, or when those behind have had less than their [`Share`] of the writer's time, or when it
    /// has waited for [`PATIENCE`].
    Behind {
        /// How many rows it touches, about.
        rows: u64,
        /// Since when it waits, in microseconds of real time.
        since: i64,
    },
}

/// Microseconds after which a job that waits behind the others has its turn whatever its share is: what was claimed must be
/// recorded before its lease is over.
const PATIENCE: i64 = 10_000_000;
/// Rows that jobs from behind touch in one transaction, about; a job that touches more has one to itself.
const ROWS_BEHIND: u64 = 1_000;

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
pub struct Desk {
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
    pub async fn submit<T, W>(&self, organization: OrganizationId, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnMut(&mut Batch<'_>) -> Result<T, Undo> + Send + 'static,
    {
        self.submit_foreseen(organization, Foreseen::default(), work).await
    }

    /// As [`Desk::submit`], of a job that is known to ask for something.
    pub(crate) async fn submit_foreseen<T, W>(
        &self,
        organization: OrganizationId,
        foreseen: Foreseen,
        work: W,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnMut(&mut Batch<'_>) -> Result<T, Undo> + Send + 'static,
    {
        let place = self.queue(organization).map(|queue| Arc::clone(&queue.places).try_acquire_owned());
        let place = place.transpose().map_err(|_| Failure::Busy("the queue of commands is full".to_owned()))?;
        self.enqueue((organization, Turn::Next), foreseen, work, place).await
    }

    /// Runs the engine's own `work` likewise, however full the queue is: requests that come in too fast must not keep
    /// the engine from escalating, nor from recording what it sent. Each caller of this has few at a time.
    pub async fn submit_own<T, W>(&self, organization: OrganizationId, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnMut(&mut Batch<'_>) -> Result<T, Undo> + Send + 'static,
    {
        self.enqueue((organization, Turn::Next), Foreseen::default(), work, None).await
    }

    /// Runs the engine's own `work`, which touches about so many rows, when nothing else waits, and under load in a tenth of
    /// the writer's time: for what must be done but costs much, or is in no hurry. It waits some seconds at most.
    pub async fn submit_behind<T, W>(&self, (organization, rows): (OrganizationId, u64), work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnMut(&mut Batch<'_>) -> Result<T, Undo> + Send + 'static,
    {
        let turn = Turn::Behind { rows, since: self.shared.clock.real_now() };
        self.enqueue((organization, turn), Foreseen::default(), work, None).await
    }

    /// Where jobs of the organization wait; nowhere if they are done at once.
    fn queue(&self, organization: OrganizationId) -> Option<&Queue> {
        let Hands::Threads(queues) = &self.hands else { return None };
        let number = usize::try_from(organization.0.unsigned_abs()).unwrap_or(0);
        Some(&queues[number % queues.len()])
    }

    async fn enqueue<T, W>(
        &self,
        (organization, turn): (OrganizationId, Turn),
        foreseen: Foreseen,
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
        let waiting = Waiting { organization, foreseen, job, place, turn };
        match &self.hands {
            Hands::Caller(writer, dialect) => run_here(*dialect, || {
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
    let (mut behind, mut share) = (VecDeque::new(), Share::default());
    loop {
        let first = if behind.is_empty() { jobs.recv().ok() } else { jobs.try_recv().ok() };
        if first.is_none() && behind.is_empty() {
            return;
        }
        let waiting = first.into_iter().chain(jobs.try_iter()).take(most);
        let (last, next): (Vec<_>, Vec<_>) = waiting.partition(|job| job.turn != Turn::Next);
        behind.extend(last);
        let is_idle = next.is_empty();
        let began = shared.clock.real_now();
        if !is_idle {
            work_off(next, &mut writer, shared);
        }
        let between = shared.clock.real_now();
        share.others_took(between - began);
        if !behind.is_empty()
            && (is_idle || share.is_left() || behind.front().is_some_and(|job| job.turn.is_overdue(between)))
        {
            work_off(some_of(&mut behind), &mut writer, shared);
            // What keeps nobody waiting is not counted.
            if !is_idle {
                share.behind_took(shared.clock.real_now() - between);
            }
        }
    }
}

impl Turn {
    /// Rows that the job touches, about.
    fn rows(self) -> u64 {
        match self {
            Self::Next => 0,
            Self::Behind { rows, .. } => rows,
        }
    }

    /// Whether it has waited behind the others for too long.
    fn is_overdue(self, now: i64) -> bool {
        matches!(self, Self::Behind { since, .. } if now - since > PATIENCE)
    }
}

/// The first of those behind, and those after it that fit into the same transaction.
fn some_of(behind: &mut VecDeque<Waiting>) -> Vec<Waiting> {
    let (mut taken, mut rows) = (Vec::new(), 0);
    while let Some(job) = behind.pop_front_if(|job| taken.is_empty() || rows + job.turn.rows() <= ROWS_BEHIND) {
        rows += job.turn.rows();
        taken.push(job);
    }
    taken
}

/// Does what waits in one transaction, then answers.
fn work_off(mut waiting: Vec<Waiting>, writer: &mut Writer, shared: &Shared) {
    shared.metrics.taken(waiting.len());
    waiting.iter_mut().for_each(|waiting| waiting.place = None);
    waiting.sort_by_key(|waiting| (waiting.organization == EVERYBODY, waiting.organization));
    if let Err(error) = transaction::commit_together(&mut waiting, writer, shared) {
        tracing::warn!(%error, jobs = waiting.len(), "a transaction failed; nothing of it was stored");
    }
    waiting.into_iter().for_each(|waiting| waiting.job.answer());
}

#[cfg(test)]
mod tests;
