//! A web server on the loopback with a certificate that nobody vouches for, or that breaks the handshake off.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};

/// Names localhost and 127.0.0.1, from 2020 to 2120, signed by itself.
const CERTIFICATE: &str = "\
    MIIBADCBs6ADAgECAgEBMAUGAytlcDAZMRcwFQYDVQQDDA5ub2JvZHkuZXhhbXBsZTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEw\
    MTAwMDAwMFowGTEXMBUGA1UEAwwObm9ib2R5LmV4YW1wbGUwKjAFBgMrZXADIQDqSmxj4pxSCr71UHsTLsX5lUd2rr6+e5JCHupp\
    FEbSLKMeMBwwGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAUGAytlcANBAPqsoELubJvb3QfXMuZ7LQjeRqmfcqraOI9/02RI\
    JRK3VdAoUqgFeQNtUHmvCvaj+p0xYVbr/sodYfyHMP99zQU=";

/// What stands before the 32 bytes of a key of Ed25519 in PKCS #8.
const KEY_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// A fatal alert: the handshake failed.
const ALERT: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];

/// The certificate, as somebody who vouches for it by themselves has it in a file.
pub(crate) fn authority() -> String {
    format!("-----BEGIN CERTIFICATE-----\n{CERTIFICATE}\n-----END CERTIFICATE-----\n")
}

/// How a server shows the certificate.
pub(crate) fn config() -> Arc<ServerConfig> {
    Arc::clone(&CONFIG)
}

static CONFIG: LazyLock<Arc<ServerConfig>> = LazyLock::new(|| {
    let key = [&KEY_PREFIX[..], &[7; 32]].concat();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let certificate = STANDARD.decode(CERTIFICATE).unwrap().into();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key.into()));
    Arc::new(config.unwrap())
});

/// The running server; its thread ends with the process.
pub(crate) struct TlsDouble {
    pub(crate) address: SocketAddr,
    heard: Receiver<Vec<u8>>,
}

impl TlsDouble {
    /// One whose certificate nobody vouches for; it would say 200 to whoever took it.
    pub(crate) fn of_nobody() -> Self {
        Self::start(|mut stream| {
            let mut connection = ServerConnection::new(Arc::clone(&CONFIG)).unwrap();
            let mut tls = Stream::new(&mut connection, &mut stream);
            let mut heard = vec![0; 1024];
            let length = tls.read(&mut heard).unwrap_or(0);
            heard.truncate(length);
            if length > 0 {
                tls.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").unwrap();
            }
            heard
        })
    }

    /// One that breaks every handshake off.
    pub(crate) fn that_alerts() -> Self {
        Self::start(|mut stream| {
            // The hello of the client is none of a message.
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(&ALERT);
            Vec::new()
        })
    }

    fn start(serve: impl Fn(TcpStream) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (told, heard) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // The test has ended when nobody listens.
                let _ = told.send(serve(stream.unwrap()));
            }
        });
        Self { address, heard }
    }

    /// What it was told over one encrypted connection: nothing, if the client did not trust it.
    pub(crate) fn heard(&self) -> Vec<u8> {
        self.heard.recv().unwrap()
    }
}
