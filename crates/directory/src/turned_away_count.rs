//! What integrations turned away, counted in memory until it is written down, and for the metrics.

use domain::{Instant, OrganizationId, RefId};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use store::TurnedAwayRow;

/// Why something that came to an integration was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TurnedAwayFor {
    /// Nobody has the key that it came with.
    UnknownKey,
    /// The key counted once, and counts no more.
    EndedKey,
    /// It came from a network from which nothing is taken.
    Network,
    /// It was not signed as the integration wants it.
    Signature,
    /// It was larger, or had more alerts, than is taken.
    TooLarge,
    /// It could not be read.
    Unreadable,
}

impl TurnedAwayFor {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::UnknownKey => "unknown_key",
            Self::EndedKey => "ended_key",
            Self::Network => "network",
            Self::Signature => "signature",
            Self::TooLarge => "too_large",
            Self::Unreadable => "unreadable",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    reason: &'static str,
}

/// What is counted and not written down yet, of one integration for one reason.
#[derive(Clone, Copy, Debug)]
struct Count {
    times: u64,
    last_at: Instant,
    last_from: Option<IpAddr>,
}

/// What is counted, by integration and reason.
type Counts = HashMap<(RefId, TurnedAwayFor), Count>;

/// What was turned away and is not written down yet.
#[derive(Debug, Default)]
pub(crate) struct TurnedAway {
    all: Family<Labels, Counter>,
    waiting: Mutex<BTreeMap<OrganizationId, Counts>>,
}

impl TurnedAway {
    /// Nothing yet; told with what the engine counts.
    pub(crate) fn registered(engine: &engine::Metrics) -> Self {
        let new = Self::default();
        let told = "Requests and mails to integrations that were turned away, by reason";
        engine.register_more(|registry| registry.register("intake_turned_away", told, new.all.clone()));
        new
    }

    pub(crate) fn count(&self, why: TurnedAwayFor) {
        self.all.get_or_create(&Labels { reason: why.word() }).inc();
    }

    pub(crate) fn note(
        &self,
        (organization, integration): (OrganizationId, &RefId),
        why: TurnedAwayFor,
        from: Option<IpAddr>,
        now: Instant,
    ) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let of_organization = waiting.entry(organization).or_default();
        let none = Count { times: 0, last_at: now, last_from: None };
        let count = of_organization.entry((integration.clone(), why)).or_insert(none);
        *count = Count { times: count.times.saturating_add(1), last_at: now, last_from: from };
    }

    /// Takes what was counted since the last time.
    pub(crate) fn take(&self) -> BTreeMap<OrganizationId, Vec<TurnedAwayRow>> {
        let taken = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        taken.into_iter().map(|(organization, counts)| (organization, counts.into_iter().map(row).collect())).collect()
    }
}

fn row(((integration, why), count): ((RefId, TurnedAwayFor), Count)) -> TurnedAwayRow {
    TurnedAwayRow {
        integration,
        reason: why.word().to_owned(),
        times: count.times,
        last_at: count.last_at,
        last_from: count.last_from.map(|address| address.to_canonical().to_string()),
    }
}
