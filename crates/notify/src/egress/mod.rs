//! The guard on outgoing requests: which addresses a URL that somebody typed may make this server connect to.

mod network;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use network::{is_public, reached};
use store::Authorities;

/// Lets requests reach the public internet and the networks that the operator allowed, and nothing else.
///
/// An address is checked in two places, because a literal never reaches a resolver: [`Egress::check_url`] for what
/// stands in the URL, and [`Guarded`] for what a name leads to. That resolver hands out only the addresses it checked, so
/// what is checked is what is connected to.
#[derive(Clone, Debug, Default)]
pub struct Egress {
    allow: Arc<[IpNet]>,
    authorities: Authorities,
}

/// Why a request may not leave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressRefusal {
    /// The text is not an absolute URL with a host.
    #[error("refused: the URL cannot be read")]
    Unreadable,
    /// The scheme is neither `http` nor `https`.
    #[error("refused: only http and https URLs are called")]
    Scheme,
    /// The URL carries a user name or password.
    #[error("refused: the URL holds a user name or a password")]
    UserInfo,
    /// The URL's host is an address outside the public internet that is not allowed.
    #[error("refused: {0} is not a public address, and is not in the allowed networks")]
    Address(IpAddr),
    /// The URL's host is a name that leads only to such addresses.
    #[error("refused: {0} leads to no public address, and to none in the allowed networks")]
    Name(String),
}

impl Egress {
    /// A guard that besides the public internet lets requests reach the networks in `allow`.
    #[must_use]
    pub fn new(allow: Vec<IpNet>) -> Self {
        Self { allow: allow.into(), authorities: Authorities::default() }
    }

    /// The same guard, where a server may show a certificate of these authorities.
    #[must_use]
    pub fn trusting(self, authorities: &Authorities) -> Self {
        Self { authorities: authorities.clone(), ..self }
    }

    /// Whose certificates are believed.
    pub(crate) fn authorities(&self) -> &Authorities {
        &self.authorities
    }

    /// A guard that lets requests reach every address: for URLs that stand in the operator's own configuration, as the
    /// mail server's name does, and for no URL that a user of this server can set.
    #[must_use]
    pub fn everywhere() -> Self {
        Self::new(vec![IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())])
    }

    /// Whether `address` may be connected to: a public one, or one inside an allowed network.
    ///
    /// An IPv4 address in IPv6 clothes (mapped, or behind the NAT64 prefix) is judged as the IPv4 address that it
    /// reaches.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        let reached = reached(address);
        let allowed = |net: &IpNet| net.contains(&address) || net.contains(&reached);
        self.allow.iter().any(allowed) || is_public(reached)
    }

    /// Reads `text` as a URL that may be called, as far as can be known before its name is resolved.
    ///
    /// # Errors
    /// [`EgressRefusal`] with the reason; it never repeats the URL, which may hold a secret.
    pub fn check_url(&self, text: &str) -> Result<Url, EgressRefusal> {
        let url = Url::parse(text).map_err(|_| EgressRefusal::Unreadable)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(EgressRefusal::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EgressRefusal::UserInfo);
        }
        match literal(url.host_str().ok_or(EgressRefusal::Unreadable)?) {
            Some(address) if !self.permits(address) => Err(EgressRefusal::Address(address)),
            _ => Ok(url),
        }
    }
}

/// Addresses as a resolver of names finds them.
pub(crate) type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// What finds the addresses of a name.
pub(crate) trait Lookup: Send + Sync {
    /// Every address of `name`; the port is of no account.
    fn look_up(&self, name: &str) -> Found;
}

/// The machine's own resolver.
pub(crate) struct SystemLookup;

impl Lookup for SystemLookup {
    fn look_up(&self, name: &str) -> Found {
        let name = name.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }
}

/// A resolver that tells of no address but those that a guard permits.
pub(crate) struct Guarded {
    pub(crate) egress: Egress,
    pub(crate) lookup: Arc<dyn Lookup>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (egress, found) = (self.egress.clone(), self.lookup.look_up(name.as_str()));
        Box::pin(async move {
            let mut permitted = found.await?;
            permitted.retain(|to| egress.permits(to.ip()));
            if permitted.is_empty() {
                let refusal = EgressRefusal::Name(name.as_str().to_owned());
                return Err(Box::new(refusal) as Box<dyn Error + Send + Sync>);
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

/// The address that a URL's host stands for without asking a resolver. The URL parser has by now turned every
/// spelling of a literal (decimal, octal, hexadecimal, shortened, fullwidth) into the plain one.
fn literal(host: &str) -> Option<IpAddr> {
    let bare = host.trim_end_matches('.');
    // RFC 6761: these names are the loopback, whatever a resolver says.
    if bare == "localhost" || bare.ends_with(".localhost") {
        return Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let unbracketed = bare.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    unbracketed.unwrap_or(bare).parse().ok()
}
