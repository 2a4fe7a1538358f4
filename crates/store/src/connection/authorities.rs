//! Whose certificates are believed by whoever connects to something: the public authorities, and those that an operator adds.

use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::sync::Arc;

/// The public authorities, and some of an operator's own. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorities {
    own: Arc<[CertificateDer<'static>]>,
}

impl Authorities {
    /// The public authorities, and those whose certificates stand in `pem`; everything else in it is passed over.
    ///
    /// # Errors
    /// In words, when there is no certificate in it, or one that is none.
    pub fn with_own(pem: &[u8]) -> Result<Self, String> {
        let own: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let own = own.map_err(|error| format!("holds no PEM that can be read: {error}"))?;
        if own.is_empty() {
            return Err("holds no certificate (`-----BEGIN CERTIFICATE-----`)".to_owned());
        }
        let authorities = Self { own: own.into() };
        authorities.roots().map_err(|error| format!("holds a certificate that cannot be used: {error}"))?;
        Ok(authorities)
    }

    /// These and those.
    #[must_use]
    pub fn and(&self, others: &Self) -> Self {
        Self { own: self.own.iter().chain(others.own.iter()).cloned().collect() }
    }

    /// The certificates of the operator's own, as DER.
    pub fn own(&self) -> impl Iterator<Item = &[u8]> {
        self.own.iter().map(AsRef::as_ref)
    }

    /// How a client speaks TLS with whoever shows a certificate of these authorities.
    ///
    /// # Errors
    /// When the library offers no usable protocol.
    pub fn client_config(&self) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        Ok(builder.with_root_certificates(self.roots()?).with_no_client_auth())
    }

    fn roots(&self) -> Result<RootCertStore, rustls::Error> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        self.own.iter().try_for_each(|certificate| roots.add(certificate.clone()))?;
        Ok(roots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_no_certificate_is_refused_in_words() {
        let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let cut = "-----BEGIN CERTIFICATE-----\nAAAA\n";
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        let table = [
            ("", "no certificate"),
            ("hello", "no certificate"),
            (key, "no certificate"),
            (damaged, "cannot be used"),
            (cut, "can be read"),
        ];
        for (pem, expected) in table {
            let told = Authorities::with_own(pem.as_bytes()).unwrap_err();
            assert!(told.contains(expected), "{pem}: {told}");
        }
    }
}
