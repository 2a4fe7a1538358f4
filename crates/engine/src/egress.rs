//! The guard on outgoing requests: which addresses a URL that somebody typed may make this server connect to.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Lets requests reach the public internet and the networks that the operator allowed, and nothing else.
///
/// An address is checked in two places, because a literal never reaches a resolver: [`Egress::check_url`] for what
/// stands in the URL, and the resolver ([`Egress`] implements [`Resolve`]) for what a name leads to. The resolver hands out only
/// the addresses it checked, so what is checked is what is connected to.
#[derive(Clone, Debug, Default)]
pub struct Egress {
    allow: Arc<[IpNet]>,
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
        Self { allow: allow.into() }
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

impl Resolve for Egress {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let permitted: Vec<SocketAddr> = found.filter(|to| guard.permits(to.ip())).collect();
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
    let bare = host.strip_suffix('.').unwrap_or(host);
    // RFC 6761: these names are the loopback, whatever a resolver says.
    if bare == "localhost" || bare.ends_with(".localhost") {
        return Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let unbracketed = bare.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    unbracketed.unwrap_or(bare).parse().ok()
}

/// The IPv4 address that an IPv6 address is only a wrapping of, else the address itself.
fn reached(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else {
        return address;
    };
    if let Some(v4) = v6.to_ipv4_mapped() {
        return IpAddr::V4(v4);
    }
    let [.., a, b, c, d] = v6.octets();
    if NAT64.contains(&v6) {
        return IpAddr::V4(Ipv4Addr::new(a, b, c, d));
    }
    address
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !CLOSED_V4.iter().any(|net| net.contains(&v4)),
        // In IPv6 the closed list would be the longer one, and would miss what is not assigned yet.
        IpAddr::V6(v6) => GLOBAL_V6.contains(&v6) && !CLOSED_V6.iter().any(|net| net.contains(&v6)),
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(first: u16, second: u16, third: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, third, 0, 0, 0, 0, 0), prefix)
}

/// Closed IPv4 networks: the special-purpose registry of RFC 6890 as amended, and one that only a cloud gives meaning.
const CLOSED_V4: [Ipv4Net; 16] = [
    v4(0, 0, 0, 0, 8),        // this network
    v4(10, 0, 0, 0, 8),       // private
    v4(100, 64, 0, 0, 10),    // carrier-grade NAT
    v4(127, 0, 0, 0, 8),      // loopback
    v4(168, 63, 129, 16, 32), // Azure's host agent, public only in form
    v4(169, 254, 0, 0, 16),   // link-local, metadata services
    v4(172, 16, 0, 0, 12),    // private
    v4(192, 0, 0, 0, 24),     // protocol assignments
    v4(192, 0, 2, 0, 24),     // documentation
    v4(192, 88, 99, 0, 24),   // 6to4 relays
    v4(192, 168, 0, 0, 16),   // private
    v4(198, 18, 0, 0, 15),    // benchmarking
    v4(198, 51, 100, 0, 24),  // documentation
    v4(203, 0, 113, 0, 24),   // documentation
    v4(224, 0, 0, 0, 4),      // multicast
    v4(240, 0, 0, 0, 4),      // reserved, broadcast
];

/// The only IPv6 block that is assigned to the public; it leaves out loopback, link-local, site-local, unique local
/// (with `fd00:ec2::254`), multicast, IPv4-compatible and the local NAT64 prefix `64:ff9b:1::/48`.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

/// Closed networks inside it.
const CLOSED_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 0, 23),     // protocol assignments: Teredo, benchmarking, ORCHID
    v6(0x2001, 0xdb8, 0, 32), // documentation
    v6(0x2002, 0, 0, 16),     // 6to4
    v6(0x3fff, 0, 0, 20),     // documentation
];

/// The well-known NAT64 prefix, through which an IPv6-only host reaches IPv4.
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 96);

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> Option<EgressRefusal> {
        Egress::default().check_url(url).err()
    }

    #[test]
    fn no_spelling_of_a_closed_address_passes() {
        for host in [
            "2130706433",
            "0177.0.0.1",
            "0x7f.0.0.1",
            "0x7f000001",
            "127.1",
            "127.0.0.1.",
            "0",
            "0.0.0.0",
            "１２７.０.０.１",
            "127。0。0。1",
            "①②⑦.0.0.1",
            "%31%32%37.0.0.1",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "ｌocalhost",
            "app.localhost",
            "169.254.169.254",
            "0xA9FEA9FE",
            "100.64.0.1",
            "10.0.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.192",
            "192.0.2.1",
            "198.19.0.1",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:FFFF:7F00:0001]",
            "[::ffff:a9fe:a9fe]",
            "[::127.0.0.1]",
            "[::8.8.8.8]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::10.0.0.1]",
            "[64:ff9b:1::8.8.8.8]",
            "[2002:7f00:1::]",
            "[2001:0:7f00:1::]",
            "[2001:2::1]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[ff02::1]",
            "[100::1]",
            "[4000::1]",
        ] {
            for url in [format!("http://{host}/"), format!("https://{host}:8443/x?y")] {
                let refusal = refusal(&url);
                assert!(matches!(refusal, Some(EgressRefusal::Address(_))), "{url}: {refusal:?}");
            }
        }
    }

    #[test]
    fn what_is_not_a_plain_web_address_is_refused() {
        for (url, expect) in [
            ("ftp://example.org/", EgressRefusal::Scheme),
            ("file:///etc/passwd", EgressRefusal::Scheme),
            ("gopher://127.0.0.1:25/", EgressRefusal::Scheme),
            ("http://me@example.org/", EgressRefusal::UserInfo),
            ("http://:word@example.org/", EgressRefusal::UserInfo),
            ("http://example.org@127.0.0.1/", EgressRefusal::UserInfo),
            ("", EgressRefusal::Unreadable),
            ("/only/a/path", EgressRefusal::Unreadable),
            ("http://", EgressRefusal::Unreadable),
            ("http://[fe80::1%25eth0]/", EgressRefusal::Unreadable),
            ("http://1.2.3.4.5/", EgressRefusal::Unreadable),
            ("http://999.1.1.1/", EgressRefusal::Unreadable),
            ("http://exa mple.org/", EgressRefusal::Unreadable),
        ] {
            assert_eq!(refusal(url), Some(expect), "{url}");
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        for host in [
            "example.org",
            "localhost.example.org",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.32.0.1",
            "[2606:4700::1111]",
            "[::ffff:8.8.8.8]",
            "[64:ff9b::808:808]",
        ] {
            assert_eq!(refusal(&format!("https://{host}/hook")), None, "{host}");
        }
    }

    #[test]
    fn an_allowed_network_opens_exactly_itself() {
        let guard = Egress::new(vec!["10.1.0.0/16".parse().unwrap(), "fd12::/16".parse().unwrap()]);
        for (address, expect) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("fd12::1", true),
            ("10.2.0.1", false),
            ("fd13::1", false),
            ("127.0.0.1", false),
            ("169.254.169.254", false),
        ] {
            assert_eq!(guard.permits(address.parse().unwrap()), expect, "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_only_to_closed_addresses_is_not_resolved() {
        let name = || "localhost".parse::<Name>().unwrap();
        let error = Egress::default().resolve(name()).await.err().unwrap();
        let refusal = error.downcast_ref::<EgressRefusal>();
        assert_eq!(refusal, Some(&EgressRefusal::Name("localhost".to_owned())));

        let allow = vec!["127.0.0.0/8".parse().unwrap()];
        let found = Egress::new(allow).resolve(name()).await.unwrap();
        let found: Vec<IpAddr> = found.map(|to| to.ip()).collect();
        assert!(!found.is_empty());
        assert!(found.iter().all(IpAddr::is_ipv4), "{found:?}");
    }
}
