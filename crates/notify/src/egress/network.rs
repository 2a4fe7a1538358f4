//! Which addresses belong to the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// The IPv4 address that an IPv6 address is only a wrapping of, else the address itself.
pub(super) fn reached(address: IpAddr) -> IpAddr {
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

/// Whether anybody on the internet could be reached at `address`.
pub(super) fn is_public(address: IpAddr) -> bool {
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
