//! Who read whole addresses of others, noted in memory until it is written down: once an hour for each reader, network and person.

use domain::{Instant, OrganizationId};
use engine::{Asker, Credential};
use std::collections::{HashMap, HashSet};
use std::mem;
use std::sync::{Mutex, PoisonError};

const HOUR: i64 = 3_600_000_000;
/// What is told apart within an hour; of what is more it is said that it was of many.
const TOLD_APART: usize = 1_000;

/// What is written once an hour.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Alike {
    organization: OrganizationId,
    who: String,
    network: Option<String>,
    /// Id or name of the person; nobody where it was a list.
    whose: Option<String>,
}

/// A read that is to be written down.
#[derive(Clone, Debug)]
pub(crate) struct AddressRead {
    pub(crate) asker: Asker,
    /// Id or name of the person; nobody where it was a list.
    pub(crate) whose: Option<String>,
}

#[derive(Debug, Default)]
struct Noted {
    hour: i64,
    seen: HashSet<Alike>,
    waiting: HashMap<OrganizationId, Vec<AddressRead>>,
}

/// The reads that were not written down yet, and which ones of this hour were.
#[derive(Debug, Default)]
pub(crate) struct AddressReads(Mutex<Noted>);

impl AddressReads {
    /// Whole addresses of a person, or of a list of them, were read at this instant from this network.
    pub(crate) fn note(&self, asker: Asker, network: Option<String>, whose: Option<&str>, now: Instant) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hour = now.0.div_euclid(HOUR);
        if noted.hour != hour {
            noted.hour = hour;
            noted.seen.clear();
        }
        let who = match &asker.credential {
            Credential::Key(id) => format!("key {id}"),
            Credential::Session { person, .. } => format!("person {person}"),
        };
        let is_full = noted.seen.len() >= TOLD_APART;
        let whose = whose.filter(|_| !is_full).map(str::to_owned);
        let network = network.filter(|_| !is_full);
        let alike = Alike { organization: asker.organization, who, network, whose: whose.clone() };
        if noted.seen.insert(alike) {
            noted.waiting.entry(asker.organization).or_default().push(AddressRead { asker, whose });
        }
    }

    /// Takes what is to be written down, by organization.
    pub(crate) fn take(&self) -> HashMap<OrganizationId, Vec<AddressRead>> {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::Origin;

    fn asker(id: i64) -> Asker {
        let (organization, credential) = (OrganizationId(1), Credential::Key(id));
        Asker { organization, credential, by: None, idempotency: None, origin: Origin::default() }
    }

    fn taken(reads: &AddressReads) -> Vec<Option<String>> {
        reads.take().into_values().flatten().map(|read| read.whose).collect()
    }

    #[test]
    fn a_reader_of_the_same_is_noted_once_an_hour_and_from_another_network_again() {
        let reads = AddressReads::default();
        let near = || Some("192.0.2.0/24".to_owned());
        for whose in [None, Some("ana"), Some("ana"), None] {
            reads.note(asker(1), near(), whose, Instant(5));
        }
        assert_eq!(taken(&reads), [None, Some("ana".to_owned())]);
        reads.note(asker(1), near(), None, Instant(HOUR - 1));
        assert!(taken(&reads).is_empty());
        reads.note(asker(1), Some("198.51.100.0/24".to_owned()), None, Instant(HOUR - 1));
        reads.note(asker(2), near(), None, Instant(HOUR - 1));
        assert_eq!(taken(&reads).len(), 2);
        reads.note(asker(1), near(), None, Instant(HOUR));
        assert_eq!(taken(&reads).len(), 1);
    }

    #[test]
    fn so_many_people_that_they_would_fill_the_log_are_noted_as_many() {
        let reads = AddressReads::default();
        for number in 0..5_000 {
            reads.note(asker(1), None, Some(&number.to_string()), Instant(0));
        }
        assert_eq!(taken(&reads).len(), TOLD_APART + 1);
    }
}
