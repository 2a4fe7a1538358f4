//! Jobs in one transaction: all of them as they are, or when one spoils it, each in a savepoint of its own.

use super::batch::{Batch, Manner};
use super::{Job, Shared, Waiting};
use crate::failure::{Failure, Undo};
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::{Error, Writer};

/// Times that a job is run again after a conflict with another node or transaction.
const CONFLICT_RETRIES: usize = 5;

/// Runs the jobs in one transaction. On an error every job has failed; the callers must not be told otherwise.
pub(super) fn commit_together(jobs: &mut [Waiting], writer: &mut Writer, shared: &Shared) -> Result<(), Error> {
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
    let mut batch = Batch::new(transaction.tx(), shared, manner);
    for jobs in jobs.chunk_by_mut(|one, next| one.organization == next.organization) {
        if !kept(batch.finish(), manner)? {
            return Ok(false);
        }
        batch.hold(jobs[0].organization, jobs.iter().map(|waiting| &waiting.foreseen)).map_err(before)?;
        for Waiting { job, .. } in jobs {
            match manner {
                Manner::Apart => run_one(job.as_mut(), &mut batch).map_err(before)?,
                Manner::Together if run_trusting(job.as_mut(), &mut batch).map_err(before)? => {}
                Manner::Together => return Ok(false),
            }
        }
    }
    if !kept(batch.finish(), manner)? {
        return Ok(false);
    }
    let noted = std::mem::take(&mut batch.noted);
    transaction.commit().map_err(|error| (error, false))?;
    shared.metrics.commits.inc();
    shared.changes.tell(noted);
    Ok(true)
}

/// Whether what the jobs left to be run went well; `false` when one of them spoilt it, and it is not known which.
fn kept(finished: Result<(), Error>, manner: Manner) -> Result<bool, (Error, bool)> {
    match (finished, manner) {
        (Ok(()), _) => Ok(true),
        (Err(error @ Error::Unavailable(_)), _) | (Err(error), Manner::Apart) => Err((error, true)),
        (Err(_), Manner::Together) => Ok(false),
    }
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
                batch.forget_snapshots();
            }
            Err(undo) => {
                job.fail(undo.into());
                return Ok(());
            }
        }
    }
    Ok(())
}
