//! What a request to an integration must show beside its key: a signature, and from where it may come (intake §1).

use crate::limits;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// With what a sender signs its bodies; its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SigningSecret(String);

impl SigningSecret {
    /// A secret as it was written.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, to compute with.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn fault(&self) -> Option<String> {
        let fits = (1..=limits::SIGNING_SECRET_BYTES).contains(&self.0.len()) && !self.0.trim().is_empty();
        (!fits).then(|| format!("must have 1 to {} bytes, not all of them blank", limits::SIGNING_SECRET_BYTES))
    }
}

impl std::fmt::Debug for SigningSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SigningSecret(hidden)")
    }
}

/// A network, or a single address as the network of it alone; `None` for what is neither.
pub(super) fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

/// Whether an address is in one of these networks. Without networks every address is, and one that is not known is in none.
pub(super) fn admits(networks: &[String], address: Option<IpAddr>) -> bool {
    let holds = |text: &String| network(text).zip(address).is_some_and(|(network, address)| network.contains(&address));
    networks.is_empty() || networks.iter().any(holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_admitted_by_any_network_that_holds_it() {
        let networks = ["198.51.100.0/24", "192.0.2.7", "2001:db8::/32"].map(str::to_owned);
        let table = [
            ("198.51.100.255", true),
            ("198.51.101.0", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("2001:db8:ffff::1", true),
            ("2001:db9::1", false),
        ];
        for (address, expect) in table {
            assert_eq!(admits(&networks, address.parse().ok()), expect, "{address}");
        }
        assert!(!admits(&networks, None) && admits(&[], None));
    }

    #[test]
    fn a_secret_never_shows_in_what_is_logged() {
        assert_eq!(format!("{:?}", SigningSecret::new("hunter2")), "SigningSecret(hidden)");
    }
}
