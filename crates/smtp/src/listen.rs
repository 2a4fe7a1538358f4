//! Connections: accepted up to a bound in all and from each address, and bounded in time as a whole.

use crate::bounds::{CONNECTIONS, CONNECTIONS_OF_ONE, LARGE_MAILS, TO_FAREWELL, TO_TLS, WHOLE};
use crate::protocol::Protocol;
use crate::settings::Settings;
use crate::talk::{End, Host, talk};
use intake::Reception;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// How long nothing is accepted after that failed.
const AFTER_A_FAILED_ACCEPT: Duration = Duration::from_millis(100);
/// What those are told who are too many.
const TOO_MANY: &[u8] = b"421 4.7.0 too many connections; try again later\r\n";

/// Takes in mail until `stop` turns true, then lets mails under way finish for as long as the settings allow.
pub async fn serve(listener: TcpListener, reception: Reception, settings: Settings, mut stop: watch::Receiver<bool>) {
    let patience = settings.shutdown;
    let doors = Doors::new();
    let host = Arc::new(Host { reception, settings, large: Arc::new(Semaphore::new(LARGE_MAILS)) });
    while !*stop.borrow_and_update() {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => continue,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: those that end give theirs back, which takes a moment.
                tracing::warn!(%error, "a connection for mail could not be accepted");
                let _ = timeout(AFTER_A_FAILED_ACCEPT, stop.changed()).await;
                continue;
            }
        };
        let Some(place) = doors.admit(peer.ip()) else {
            tokio::spawn(turn_away(stream));
            continue;
        };
        let (host, stop) = (Arc::clone(&host), stop.clone());
        tokio::spawn(async move {
            // What takes longer is cut off; a mail whose commit was not answered comes again, and is known then.
            let _ = timeout(WHOLE, attend(stream, &host, stop)).await;
            drop(place);
        });
    }
    drop(listener);
    if timeout(patience, doors.empty()).await.is_err() {
        tracing::warn!("some mails were not taken in in time; their senders keep them");
    }
}

/// Serves one connection to its end.
async fn attend(mut stream: TcpStream, host: &Host, mut stop: watch::Receiver<bool>) -> io::Result<()> {
    // A reply is small and waited for.
    stream.set_nodelay(true)?;
    let peer = stream.peer_addr()?.ip().to_canonical();
    let Settings { host: name, domains, certificate, .. } = &host.settings;
    let mut protocol = Protocol::new(name, domains, certificate.is_some());
    if talk(&mut stream, &mut protocol, (host, peer), &mut stop).await? == End::Over {
        return stream.shutdown().await;
    }
    let Some(certificate) = certificate else { return Ok(()) };
    let acceptor = TlsAcceptor::from(certificate.config());
    let mut stream = timeout(TO_TLS, acceptor.accept(stream)).await??;
    protocol.secured();
    // TLS is not offered within TLS, so that this is the end.
    talk(&mut stream, &mut protocol, (host, peer), &mut stop).await?;
    stream.shutdown().await
}

async fn turn_away(mut stream: TcpStream) {
    let told = async {
        stream.write_all(TOO_MANY).await?;
        stream.shutdown().await
    };
    // Who does not listen is gone.
    let _ = timeout(TO_FAREWELL, told).await;
}

/// Places for connections, in all and for each address.
struct Doors {
    places: Arc<Semaphore>,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// The place of one connection, free again when this is dropped.
struct Place {
    address: IpAddr,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
    _permit: OwnedSemaphorePermit,
}

impl Doors {
    fn new() -> Self {
        Self { places: Arc::new(Semaphore::new(CONNECTIONS)), by_address: Arc::default() }
    }

    fn admit(&self, address: IpAddr) -> Option<Place> {
        let permit = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let address = network(address);
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let count = by_address.entry(address).or_default();
        if *count >= CONNECTIONS_OF_ONE {
            return None;
        }
        *count += 1;
        Some(Place { address, by_address: Arc::clone(&self.by_address), _permit: permit })
    }

    /// Ends when every connection has.
    async fn empty(&self) {
        let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
        // The semaphore is never closed.
        let _ = self.places.acquire_many(all).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        match by_address.get_mut(&self.address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(by_address.remove(&self.address)),
        }
    }
}

/// The address, and of IPv6 the network that one customer has.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_takes_ten_places_and_all_take_a_hundred() {
        let doors = Doors::new();
        let of = |network: u8, host: u8| IpAddr::from([192, 0, network, host]);
        let mut places: Vec<_> = (0..CONNECTIONS_OF_ONE).map(|_| doors.admit(of(2, 1)).expect("a place")).collect();
        assert!(doors.admit(of(2, 1)).is_none(), "one address has no more");
        places.pop();
        places.push(doors.admit(of(2, 1)).expect("one went"));
        for host in 2..=10 {
            places.extend((0..CONNECTIONS_OF_ONE).map(|_| doors.admit(of(2, host)).expect("a place")));
        }
        assert!(doors.admit(of(3, 1)).is_none(), "there are no more at all");
        places.clear();
        assert!(doors.admit(of(3, 1)).is_some() && doors.by_address.lock().unwrap().is_empty());
    }

    #[test]
    fn addresses_of_one_customer_count_as_one() {
        let network_of = |text: &str| network(text.parse().unwrap());
        assert_eq!(network_of("2001:db8::1"), network_of("2001:db8::ffff:1"));
        assert_ne!(network_of("2001:db8::1"), network_of("2001:db8:0:1::1"));
        assert_eq!(network_of("::ffff:192.0.2.1"), network_of("192.0.2.1"));
    }
}
