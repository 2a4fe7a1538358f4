//! What jobs of one transaction share: the directory as of it, and what was asked for ahead of them.

use super::{EVERYBODY, Shared};
use crate::changes::Noted;
use crate::failure::Undo;
use crate::snapshot::Snapshot;
use domain::incident::Incident;
use domain::{InstanceId, Instant, OrganizationId};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use store::{Error, Tx};

/// What a job is known to ask for when it makes an incident, so that a batch can ask for all of it at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Foreseen {
    /// It may make an incident.
    pub(crate) makes_incident: bool,
    /// The dedup key that it looks for.
    pub(crate) dedup_key: Option<String>,
    /// Digests of problems that are said to be there: each may make an incident, if nothing is known of it.
    pub(crate) problems: Vec<String>,
}

/// The organization that is held now, with what was asked for ahead.
struct Held {
    organization: OrganizationId,
    /// The number given to an incident last, here and in the store.
    last_number: i64,
    saved_number: i64,
    /// Numbers for incidents, descending.
    fresh: Vec<InstanceId>,
    /// Dedup keys that no unresolved alert has.
    free_keys: BTreeSet<String>,
    /// Digests of problems of which nothing is known.
    unknown_problems: BTreeSet<String>,
}

impl Held {
    fn after(last_number: i64, organization: OrganizationId) -> Self {
        let (fresh, free_keys, unknown_problems) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        Self { organization, last_number, saved_number: last_number, fresh, free_keys, unknown_problems }
    }
}

/// How the jobs of one transaction are kept from each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Not at all: a job that fails after it wrote spoils the transaction.
    Together,
    /// Each in a savepoint of its own.
    Apart,
}

/// One transaction while jobs run in it.
pub struct Batch<'a> {
    /// The transaction.
    pub tx: &'a mut dyn Tx,
    /// What all threads share.
    pub shared: &'a Shared,
    snapshots: HashMap<OrganizationId, Arc<Snapshot>>,
    /// Organizations whose directory this transaction changed. Nobody else may see it before it is committed.
    changed: HashSet<OrganizationId>,
    held: Option<Held>,
    manner: Manner,
    /// Incidents of the organization that is held, read ahead, as long as nobody changed them.
    read_ahead: HashMap<InstanceId, Incident>,
    /// What changed where somebody looks.
    pub(super) noted: Noted,
}

impl<'a> Batch<'a> {
    pub(super) fn new(tx: &'a mut dyn Tx, shared: &'a Shared, manner: Manner) -> Self {
        let (snapshots, changed, read_ahead) = (HashMap::new(), HashSet::new(), HashMap::new());
        Self { tx, shared, snapshots, changed, held: None, manner, read_ahead, noted: Noted::default() }
    }

    /// Holds an organization until the transaction ends, after the one before was finished, and asks for what its jobs foresee.
    pub(super) fn hold<'j>(
        &mut self,
        organization: OrganizationId,
        foreseen: impl Iterator<Item = &'j Foreseen>,
    ) -> Result<(), Error> {
        if organization == EVERYBODY {
            return Ok(());
        }
        let held = store::organization_hold(self.tx, organization)?;
        self.noted.begin(organization, held, self.now(), &self.shared.changes);
        let is_heeded = |foreseen: &&Foreseen| foreseen.makes_incident || !foreseen.problems.is_empty();
        let making: Vec<_> = foreseen.filter(is_heeded).collect();
        if making.is_empty() {
            return Ok(());
        }
        let keys: Vec<&str> = making.iter().filter_map(|foreseen| foreseen.dedup_key.as_deref()).collect();
        let free_keys = store::incident_free_keys(self.tx, organization, &keys)?;
        let problems: Vec<&str> = making.iter().flat_map(|foreseen| &foreseen.problems).map(String::as_str).collect();
        let unknown_problems = store::problem_unknown(self.tx, organization, &problems)?;
        let without_key = making.iter().filter(|foreseen| foreseen.makes_incident).count() - keys.len();
        let mut fresh = store::number_fresh(self.tx, free_keys.len() + without_key + unknown_problems.len())?;
        fresh.reverse();
        let held = Held::after(store::number_last(self.tx, organization)?, organization);
        self.held = Some(Held { fresh, free_keys, unknown_problems, ..held });
        Ok(())
    }

    /// Runs what waits, and remembers which number was given last.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        let now = self.now();
        self.noted.finish(self.tx, now)?;
        self.tx.settle()?;
        match self.held.take() {
            Some(held) if held.last_number != held.saved_number => {
                store::number_save(self.tx, held.organization, held.last_number)
            }
            _ => Ok(()),
        }
    }

    /// Gives a new incident its numbers.
    pub(crate) fn number(&mut self, organization: OrganizationId, incident: &mut Incident) -> Result<(), Error> {
        if self.held.as_ref().is_none_or(|held| held.organization != organization) {
            self.finish()?;
            self.held = Some(Held::after(store::number_last(self.tx, organization)?, organization));
        }
        let lost = || Error::Corrupt("there is no number for an incident".to_owned());
        let held = self.held.as_mut().ok_or_else(lost)?;
        if held.fresh.is_empty() {
            held.fresh = store::number_fresh(self.tx, 1)?;
        }
        incident.instance_id = held.fresh.pop().ok_or_else(lost)?;
        held.last_number += 1;
        incident.organization_instance_id = held.last_number;
        Ok(())
    }

    /// Whether it is known that no unresolved alert has this dedup key. Whoever asks goes on to use it, so that it is
    /// known no more.
    pub(crate) fn take_free_key(&mut self, organization: OrganizationId, key: &str) -> bool {
        let held = self.held.as_mut().filter(|held| held.organization == organization);
        held.is_some_and(|held| held.free_keys.remove(key))
    }

    /// Whether it is known that nothing is known of this problem. Whoever asks may go on to save it, so that it is said once.
    pub(crate) fn take_unknown_problem(&mut self, organization: OrganizationId, digest: &str) -> bool {
        let held = self.held.as_mut().filter(|held| held.organization == organization);
        held.is_some_and(|held| held.unknown_problems.remove(digest))
    }

    /// Says that dedup keys may be in use now that were free.
    pub(crate) fn forget_free_keys(&mut self) {
        if let Some(held) = &mut self.held {
            held.free_keys.clear();
        }
    }

    /// After a conflict: what was read may be outdated.
    pub(super) fn forget_snapshots(&mut self) {
        self.snapshots.clear();
    }

    /// The directory as of this transaction.
    pub fn snapshot(&mut self, organization: OrganizationId) -> Result<Arc<Snapshot>, Error> {
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
    pub fn directory_changed(&mut self, organization: OrganizationId) -> Result<(), Error> {
        store::organization_touch(self.tx, organization)?;
        self.snapshots.remove(&organization);
        self.changed.insert(organization);
        Ok(())
    }

    /// Says that this transaction changed an incident, or what it sent, for pages that are open.
    pub fn incident_changed(&mut self, organization: OrganizationId, id: InstanceId) {
        self.noted.incident(organization, id);
    }

    /// Says that this transaction changed what incidents sent, whichever they are.
    pub fn messages_changed(&mut self, organization: OrganizationId) {
        self.noted.messages(organization);
    }

    /// Says that this transaction took something in from a monitoring tool or a job.
    pub(crate) fn took_in(&mut self, organization: OrganizationId) {
        self.noted.intake(organization);
    }

    /// Keeps incidents that were read together, for whoever loads one within `work`. Each is given once.
    pub(crate) fn with_read_ahead<T>(&mut self, incidents: Vec<Incident>, work: impl FnOnce(&mut Self) -> T) -> T {
        self.read_ahead = incidents.into_iter().map(|incident| (incident.instance_id, incident)).collect();
        let done = work(self);
        self.read_ahead.clear();
        done
    }

    /// The incident with this number, if the organization has it.
    pub(crate) fn incident(&mut self, organization: OrganizationId, id: InstanceId) -> Result<Option<Incident>, Error> {
        match self.read_ahead.remove(&id) {
            Some(incident) => Ok(Some(incident)),
            None => store::incident_load(self.tx, organization, id),
        }
    }

    /// Runs one of many pieces of `work` of a job, so that one which is broken does not hold up the rest: apart, once it
    /// is known that some piece of this transaction is. The outer error ends the transaction, and all of it runs apart.
    pub(crate) fn piece<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Undo>,
    ) -> Result<Result<T, Undo>, Error> {
        let broken = |refusal| Error::Statement(format!("a piece of the work was refused: {refusal:?}"));
        match self.manner {
            Manner::Apart => self.apart(work),
            Manner::Together => match work(self) {
                Ok(done) => Ok(Ok(done)),
                Err(Undo::Store(error)) => Err(error),
                Err(Undo::Refused(refusal)) => Err(broken(refusal)),
            },
        }
    }

    /// Runs `work` in a savepoint of its own: what fails or panics is undone, and nothing else is. The outer error is
    /// the savepoint's own, after which the transaction cannot go on.
    pub fn apart<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Undo>) -> Result<Result<T, Undo>, Error> {
        self.tx.savepoint()?;
        let last_number = self.held.as_ref().map(|held| held.last_number);
        let panicked = |_| Err(Undo::Store(Error::Statement("a command panicked".to_owned())));
        let result = catch_unwind(AssertUnwindSafe(|| work(self))).unwrap_or_else(panicked);
        let result = result.and_then(|done| self.tx.settle().map(|()| done).map_err(Undo::from));
        match &result {
            Ok(_) => self.tx.release_savepoint()?,
            Err(_) => {
                self.tx.rollback_to_savepoint()?;
                // Whoever read it may have ended before its time.
                self.read_ahead.clear();
                match (&mut self.held, last_number) {
                    (Some(held), Some(last_number)) => held.last_number = last_number,
                    _ => self.held = None,
                }
            }
        }
        Ok(result)
    }

    /// The time at which a job acts.
    #[must_use]
    pub fn now(&self) -> Instant {
        Instant(self.shared.clock.now())
    }
}
