//! TLS from the first byte of a mail session, over a stream of ours: the library's own would hold the end of each message back
//! for 40 ms.

use super::{MailSettings, MailSettingsError};
use lettre::transport::smtp::client::AsyncTokioStream;
use rustls::pki_types::ServerName;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// How sessions with one server are encrypted. Its certificate is always verified.
pub(super) struct Encryption {
    connector: TlsConnector,
    host: String,
}

impl Encryption {
    pub(super) fn new(settings: &MailSettings) -> Result<Self, MailSettingsError> {
        let config = settings.authorities.client_config()?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), host: settings.host.clone() })
    }

    /// Shakes hands over a connection that was just made.
    pub(super) async fn begin(&self, stream: TcpStream) -> io::Result<Encrypted> {
        let wrong = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
        let name = ServerName::try_from(self.host.clone()).map_err(wrong)?;
        Ok(Encrypted(self.connector.connect(name, stream).await?))
    }
}

/// An encrypted connection, as the mail library takes one.
#[derive(Debug)]
pub(super) struct Encrypted(TlsStream<TcpStream>);

impl AsyncTokioStream for Encrypted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
