//! Keys and sign-ins that were refused, counted by the minute until they are written down: whoever is refused must not fill the log.

use domain::{Instant, OrganizationId, RefId, Username};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use store::KeyRow;

const MINUTE: i64 = 60_000_000;
/// What is told apart within a minute; what is more is counted together, by organization, who was refused, and code.
const TOLD_APART: usize = 1_000;

/// What is counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Alike {
    minute: i64,
    organization: OrganizationId,
    who: String,
    code: &'static str,
    network: Option<String>,
}

/// Who was refused.
#[derive(Clone, Debug)]
pub(crate) enum Refused {
    /// A key.
    Key(Arc<KeyRow>),
    /// Whoever wanted to sign in as a person; or as somebody whom nobody knows.
    SignIn(Option<(RefId, Username)>),
}

/// How often a key, or a sign-in, was refused in a minute.
#[derive(Clone, Debug)]
pub(crate) struct Refusals {
    pub(crate) who: Refused,
    /// The code that was answered.
    pub(crate) code: &'static str,
    /// The network from which it was used; none where there were too many.
    pub(crate) network: Option<String>,
    pub(crate) count: u32,
}

/// The counts that were not written down yet.
#[derive(Debug, Default)]
pub(crate) struct RefusalCount(Mutex<HashMap<Alike, (Refused, u32)>>);

impl RefusalCount {
    /// A key was refused at this instant.
    pub(crate) fn note(&self, key: &Arc<KeyRow>, code: &'static str, address: Option<IpAddr>, now: Instant) {
        let who = || Refused::Key(Arc::clone(key));
        self.add((key.organization, format!("key {:020}", key.id)), who, (code, address), now);
    }

    /// A sign-in was refused at this instant, as this person of the organization, or as somebody whom it does not know.
    pub(crate) fn note_sign_in(
        &self,
        (organization, person): (OrganizationId, Option<(&RefId, &Username)>),
        code: &'static str,
        address: Option<IpAddr>,
        now: Instant,
    ) {
        let name = person.map_or_else(String::new, |(ref_id, _)| ref_id.to_string());
        let who = || Refused::SignIn(person.map(|(ref_id, username)| (ref_id.clone(), username.clone())));
        self.add((organization, format!("user {name}")), who, (code, address), now);
    }

    fn add(
        &self,
        (organization, name): (OrganizationId, String),
        who: impl FnOnce() -> Refused,
        (code, address): (&'static str, Option<IpAddr>),
        now: Instant,
    ) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut alike =
            Alike { minute: now.0.div_euclid(MINUTE), organization, who: name, code, network: address.map(network) };
        if counts.len() >= TOLD_APART && !counts.contains_key(&alike) {
            alike.network = None;
        }
        let (_, count) = counts.entry(alike).or_insert_with(|| (who(), 0));
        *count = count.saturating_add(1);
    }

    /// Takes what was counted in minutes that are over, by organization.
    pub(crate) fn take(&self, now: Instant) -> HashMap<OrganizationId, Vec<Refusals>> {
        let this = now.0.div_euclid(MINUTE);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut over: Vec<_> = counts.extract_if(|alike, _| alike.minute < this).collect();
        over.sort_by_cached_key(|(alike, _)| (alike.minute, alike.who.clone(), alike.code, alike.network.clone()));
        let mut taken: HashMap<OrganizationId, Vec<Refusals>> = HashMap::new();
        for (Alike { organization, code, network, .. }, (who, count)) in over {
            taken.entry(organization).or_default().push(Refusals { who, code, network, count });
        }
        taken
    }
}

/// The network of an address, as it is counted: a /24, or a /64.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::permission::Scope;

    fn key(id: i64) -> Arc<KeyRow> {
        Arc::new(KeyRow {
            organization: OrganizationId(1),
            id,
            name: "old".to_owned(),
            digest: String::new(),
            tail: "abcde".to_owned(),
            scope: Scope::Read,
            allow: Vec::new(),
            created_at: Instant(0),
            expires_at: None,
            revoked_at: None,
            last_used_at: None,
            person: None,
            teams: None,
        })
    }

    #[test]
    fn refusals_of_a_minute_are_counted_by_key_code_and_network_and_taken_once_it_is_over() {
        let counts = RefusalCount::default();
        let from = |text: &str| Some(text.parse().unwrap());
        for address in ["192.0.2.7", "192.0.2.9", "198.51.100.1", "2001:db8::1", "2001:db8::2"] {
            counts.note(&key(1), "revoked_key", from(address), Instant(5));
        }
        counts.note(&key(1), "expired_key", from("192.0.2.7"), Instant(MINUTE - 1));
        counts.note(&key(1), "revoked_key", from("192.0.2.7"), Instant(MINUTE));
        assert!(counts.take(Instant(MINUTE - 1)).is_empty(), "the minute is not over");
        let told = |taken: HashMap<OrganizationId, Vec<Refusals>>| -> Vec<String> {
            let all = taken.into_values().flatten();
            all.map(|one| format!("{} {} {}", one.code, one.network.unwrap_or_default(), one.count)).collect()
        };
        let expected = [
            "expired_key 192.0.2.0/24 1",
            "revoked_key 192.0.2.0/24 2",
            "revoked_key 198.51.100.0/24 1",
            "revoked_key 2001:db8::/64 2",
        ];
        assert_eq!(told(counts.take(Instant(MINUTE))), expected);
        assert_eq!(told(counts.take(Instant(2 * MINUTE))), ["revoked_key 192.0.2.0/24 1"]);
        assert!(counts.take(Instant(3 * MINUTE)).is_empty());
    }

    #[test]
    fn so_many_networks_that_they_would_fill_the_log_are_counted_as_one() {
        let counts = RefusalCount::default();
        for number in 0..5_000_u32 {
            counts.note(&key(1), "revoked_key", Some(IpAddr::from((number << 8).to_be_bytes())), Instant(0));
        }
        let taken: Vec<_> = counts.take(Instant(MINUTE)).into_values().flatten().collect();
        assert_eq!(taken.len(), TOLD_APART + 1);
        assert_eq!(taken.iter().map(|one| one.count).sum::<u32>(), 5_000);
    }
}
