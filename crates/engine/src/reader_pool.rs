//! The readers: a queue of what is to be read, and a few threads that read what waits in one transaction.

use crate::desk::Shared;
use crate::desk::run_here;
use crate::failure::Failure;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::{Error, Store, Tx};
use tokio::sync::oneshot;

/// How long a caller waits for a turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// So many at most read in one transaction: while it is open, the log of a SQLite database grows.
const TOGETHER: u64 = 64;

/// Says whether the transaction it read in is still good for another.
type Read = Box<dyn FnOnce(Result<&mut dyn Tx, Error>, &Shared) -> bool + Send>;

/// What waits for its turn.
enum Work {
    /// Reads, with others in one transaction.
    Read(Read),
    /// Uses the store as it likes.
    Use(Box<dyn FnOnce(&Store) + Send>),
}

struct Waiting {
    number: u64,
    work: Work,
}

/// What a thread does next.
enum Next {
    /// Reads up to this number, all of which came before the transaction begins: they find in it what was committed
    /// before they were asked for.
    ReadThrough(u64),
    /// Something else.
    Use(Box<dyn FnOnce(&Store) + Send>),
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    /// Number of the last that came.
    last: u64,
    /// Threads that work, or are about to.
    threads: usize,
}

/// The queue, and the threads that empty it. They are borrowed from the runtime, and given back when nothing waits.
pub(crate) struct ReaderPool {
    store: Arc<Store>,
    shared: Arc<Shared>,
    is_threadless: bool,
    queue: Mutex<Queue>,
}

impl ReaderPool {
    /// As many threads read at the same time as the store has readers; without threads, whoever asks reads at once.
    pub(crate) fn new(store: Arc<Store>, shared: Arc<Shared>, is_threadless: bool) -> Self {
        Self { store, shared, is_threadless, queue: Mutex::default() }
    }

    /// Reads what was committed before the call, and maybe more. `Busy` after [`PATIENCE`] without a turn.
    pub(crate) async fn read<T, R>(self: &Arc<Self>, body: R) -> Result<T, Failure>
    where
        T: Send + 'static,
        R: FnOnce(&mut dyn Tx, &Shared) -> Result<T, Failure> + Send + 'static,
    {
        if self.is_threadless {
            return run_here(self.store.dialect(), || self.store.read(|tx| body(tx, &self.shared)));
        }
        let (reply, answer) = oneshot::channel();
        let read = move |tx: Result<&mut dyn Tx, Error>, shared: &Shared| {
            let result = tx.map_err(Failure::from).and_then(|tx| body(tx, shared));
            let is_sound = matches!(result, Ok(_) | Err(Failure::Refused(_)));
            // A caller that went away does not want the answer.
            let _ = reply.send(result);
            is_sound
        };
        self.wait(Work::Read(Box::new(read)), answer).await
    }

    /// Uses the store on a thread that may block, where such a thread could read. `Busy` as with [`ReaderPool::read`].
    pub(crate) async fn with_store<T, E, W>(self: &Arc<Self>, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        E: Into<Failure> + Send + 'static,
        W: FnOnce(&Store) -> Result<T, E> + Send + 'static,
    {
        if self.is_threadless {
            return run_here(self.store.dialect(), || work(&self.store)).map_err(Into::into);
        }
        let (reply, answer) = oneshot::channel();
        let work = move |store: &Store| {
            let _ = reply.send(work(store).map_err(Into::into));
        };
        self.wait(Work::Use(Box::new(work)), answer).await
    }

    /// Lets the work wait for its turn, and waits for its answer.
    async fn wait<T>(
        self: &Arc<Self>,
        work: Work,
        mut answer: oneshot::Receiver<Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let number = self.put(work);
        let answered = match tokio::time::timeout(PATIENCE, &mut answer).await {
            Ok(answered) => answered,
            Err(_) if self.take_back(number) => {
                return Err(Failure::Busy("every connection for reading is in use".to_owned()));
            }
            Err(_) => answer.await,
        };
        answered.unwrap_or_else(|_| Err(Failure::Broken("a reading thread failed".to_owned())))
    }

    fn put(self: &Arc<Self>, work: Work) -> u64 {
        let mut queue = self.queue();
        queue.last += 1;
        let number = queue.last;
        queue.waiting.push_back(Waiting { number, work });
        if queue.threads < self.store.readers() {
            queue.threads += 1;
            let thread = Thread { readers: Arc::clone(self), is_done: false };
            drop(queue);
            tokio::task::spawn_blocking(move || thread.serve());
        }
        number
    }

    /// Whether the work still waited, which it then does no more.
    fn take_back(&self, number: u64) -> bool {
        let mut queue = self.queue();
        let place = queue.waiting.binary_search_by_key(&number, |waiting| waiting.number);
        place.is_ok_and(|place| queue.waiting.remove(place).is_some())
    }

    /// The next read of those up to this number.
    fn take_read(&self, through: u64) -> Option<Read> {
        let mut queue = self.queue();
        let is_read = |waiting: &Waiting| waiting.number <= through && matches!(waiting.work, Work::Read(_));
        match queue.waiting.front().is_some_and(is_read).then(|| queue.waiting.pop_front())?? {
            Waiting { work: Work::Read(read), .. } => Some(read),
            Waiting { work: Work::Use(_), .. } => None,
        }
    }

    fn read_through(&self, through: u64) {
        let done = self.store.read(|tx| {
            while let Some(read) = self.take_read(through) {
                let is_sound = catch_unwind(AssertUnwindSafe(|| read(Ok(&mut *tx), &self.shared)));
                if !is_sound.unwrap_or(false) {
                    break;
                }
            }
            Ok::<_, Error>(())
        });
        // There was no transaction, and each that waits asks for one itself.
        if let Err(error) = done
            && let Some(read) = self.take_read(through)
        {
            // What panicked has dropped its reply, which says so.
            let _ = catch_unwind(AssertUnwindSafe(|| read(Err(error), &self.shared)));
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the threads. However it ends, another may begin.
struct Thread {
    readers: Arc<ReaderPool>,
    is_done: bool,
}

impl Thread {
    fn serve(mut self) {
        while let Some(next) = self.next() {
            match next {
                Next::ReadThrough(through) => self.readers.read_through(through),
                Next::Use(work) => drop(catch_unwind(AssertUnwindSafe(|| work(&self.readers.store)))),
            }
        }
    }

    /// What waits longest; if nothing does, this thread is done.
    fn next(&mut self) -> Option<Next> {
        let mut queue = self.readers.queue();
        let last = queue.last;
        if let Some(Waiting { number, work: Work::Read(_) }) = queue.waiting.front() {
            return Some(Next::ReadThrough(last.min(number + TOGETHER - 1)));
        }
        match queue.waiting.pop_front() {
            Some(Waiting { work: Work::Use(work), .. }) => Some(Next::Use(work)),
            _ => {
                queue.threads -= 1;
                self.is_done = true;
                None
            }
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        if !self.is_done {
            self.readers.queue().threads -= 1;
        }
    }
}

#[cfg(test)]
mod tests;
