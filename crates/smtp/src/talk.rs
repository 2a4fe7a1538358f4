//! Moving bytes between a connection and its protocol, within bounds of time.

use crate::bounds::{LARGE_BYTES, TO_GREETING, TO_NEXT};
use crate::deliver::{self, Recipient};
use crate::protocol::{Protocol, Step};
use crate::settings::Settings;
use intake::Reception;
use std::future::pending;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 16 * 1024;

/// What all connections share.
pub(crate) struct Host {
    pub(crate) reception: Reception,
    pub(crate) settings: Settings,
    /// Places for mails that are large.
    pub(crate) large: Arc<Semaphore>,
}

/// How a part of a conversation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With the connection.
    Over,
    /// With TLS, which begins now.
    StartTls,
}

/// Talks until the connection or its clear part ends.
///
/// # Errors
/// What goes wrong on a connection is the other end's doing, and it knows.
pub(crate) async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    protocol: &mut Protocol<'_, Recipient>,
    (host, peer): (&Host, IpAddr),
    stop: &mut watch::Receiver<bool>,
) -> io::Result<End> {
    let mut place: Option<OwnedSemaphorePermit> = None;
    let mut greeting = pin!(timeout(TO_GREETING, pending::<()>()));
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        match protocol.next() {
            Step::Recipient { local } => {
                let recipient = deliver::recipient(&host.reception, &local, peer).await;
                protocol.answer_recipient(recipient);
            }
            Step::Mail(mail) => {
                let reply = deliver::mail(&host.reception, &host.settings, mail).await;
                protocol.answer_mail(&reply);
            }
            Step::StartTls => {
                flush(stream, protocol).await?;
                return Ok(End::StartTls);
            }
            Step::Close => {
                flush(stream, protocol).await?;
                return Ok(End::Over);
            }
            Step::Read => {
                flush(stream, protocol).await?;
                find_room(protocol, &mut place, &host.large);
                tokio::select! {
                    read = timeout(TO_NEXT, stream.read(&mut buffer)) => match read {
                        Ok(Ok(0)) => return Ok(End::Over),
                        Ok(Ok(bytes)) => protocol.receive(&buffer[..bytes]),
                        Ok(Err(error)) => return Err(error),
                        Err(_) => protocol.end("nothing came for too long"),
                    },
                    _ = greeting.as_mut(), if !protocol.is_greeted() => protocol.end("no greeting came"),
                    _ = stop.wait_for(|stop| *stop), if !protocol.is_busy() => protocol.end("the server is stopping"),
                }
            }
        }
    }
}

/// A mail that becomes large needs a place among the large ones.
fn find_room(protocol: &mut Protocol<'_, Recipient>, place: &mut Option<OwnedSemaphorePermit>, large: &Arc<Semaphore>) {
    if protocol.text_bytes() <= LARGE_BYTES {
        *place = None;
    } else if place.is_none() {
        *place = Arc::clone(large).try_acquire_owned().ok();
        if place.is_none() {
            protocol.refuse_text();
        }
    }
}

async fn flush<S: AsyncWrite + Unpin>(stream: &mut S, protocol: &mut Protocol<'_, Recipient>) -> io::Result<()> {
    let output = protocol.take_output();
    if output.is_empty() {
        return Ok(());
    }
    let write = async {
        stream.write_all(&output).await?;
        stream.flush().await
    };
    timeout(TO_NEXT, write).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}
