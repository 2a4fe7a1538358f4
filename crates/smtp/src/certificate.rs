//! The certificate for STARTTLS, read again when its files change: it is renewed more often than the server is started.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// A chain of certificates and its private key, each in a PEM file.
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    loaded: Mutex<Loaded>,
}

/// What was read, and of when the files were.
struct Loaded {
    config: Arc<ServerConfig>,
    changed_at: [Option<SystemTime>; 2],
}

/// Why a certificate cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub enum CertificateError {
    /// The file of the chain; what is wrong with it.
    Chain(String),
    /// The file of the key; what is wrong with it.
    Key(String),
}

impl fmt::Display for CertificateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Chain(problem) | Self::Key(problem)) = self;
        out.write_str(problem)
    }
}

impl std::error::Error for CertificateError {}

impl fmt::Debug for Certificate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Certificate").field("chain", &self.chain).finish_non_exhaustive()
    }
}

impl Certificate {
    /// Reads both files.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn read(chain: &Path, key: &Path) -> Result<Self, CertificateError> {
        let changed_at = [changed_at(chain), changed_at(key)];
        let loaded = Mutex::new(Loaded { config: Arc::new(load(chain, key)?), changed_at });
        Ok(Self { chain: chain.to_owned(), key: key.to_owned(), loaded })
    }

    /// What TLS is agreed on with now.
    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let changed_at = [changed_at(&self.chain), changed_at(&self.key)];
        if changed_at != loaded.changed_at {
            match load(&self.chain, &self.key) {
                Ok(config) => loaded.config = Arc::new(config),
                // It may be in the middle of being written.
                Err(error) => tracing::warn!(%error, "a changed certificate cannot be used; the one before still is"),
            }
            loaded.changed_at = changed_at;
        }
        Arc::clone(&loaded.config)
    }
}

fn changed_at(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}

fn load(chain: &Path, key: &Path) -> Result<ServerConfig, CertificateError> {
    let (chain_file, key_file) = (chain.display(), key.display());
    let wrong = |problem: &dyn fmt::Display| CertificateError::Chain(format!("`{chain_file}` {problem}"));
    let pem = fs::read(chain).map_err(|error| wrong(&format_args!("cannot be read: {error}")))?;
    let certificates = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>();
    let certificates = certificates.map_err(|_| wrong(&"is not PEM"))?;
    if certificates.is_empty() {
        return Err(wrong(&"holds no certificate"));
    }
    let pem = fs::read(key);
    let pem = pem.map_err(|error| CertificateError::Key(format!("`{key_file}` cannot be read: {error}")))?;
    let key = PrivateKeyDer::from_pem_slice(&pem);
    let key = key.map_err(|_| CertificateError::Key(format!("`{key_file}` holds no private key in PEM")))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| wrong(&error))?.with_no_client_auth();
    let config = builder.with_single_cert(certificates, key);
    config.map_err(|error| CertificateError::Key(format!("`{key_file}` does not go with `{chain_file}`: {error}")))
}
