//! Work of an engine without threads: done where it is asked for.

use std::panic::resume_unwind;
use store::Dialect;

/// Does it now, and waits for it.
pub(crate) fn run_here<T: Send>(dialect: Dialect, work: impl FnOnce() -> T + Send) -> T {
    match dialect {
        Dialect::Sqlite => work(),
        // The driver of PostgreSQL must not be used on a thread that drives asynchronous tasks.
        Dialect::Postgresql => {
            let done = std::thread::scope(|scope| scope.spawn(work).join());
            done.unwrap_or_else(|panic| resume_unwind(panic))
        }
    }
}
