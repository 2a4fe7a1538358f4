//! The listener for mail that monitoring tools send.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::reader::Reader;

/// Where and for whom mail is taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailIntake {
    /// The address and port to listen on.
    pub(crate) listen: SocketAddr,
    /// The domains for which it takes mail, at least one, in lower case.
    pub(crate) domains: Vec<String>,
    /// The name by which it greets.
    pub(crate) host: String,
    /// The files of the certificate and its key; None = no STARTTLS.
    pub(crate) certificate: Option<(PathBuf, PathBuf)>,
}

impl MailIntake {
    /// The outer None is a mistake; the inner one says that no mail is taken in.
    pub(super) fn read(reader: &mut Reader) -> Option<Option<Self>> {
        let listen = reader.text_as("intake.smtp.listen", |text| match text {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| format!("expected an address and a port, such as `0.0.0.0:25`, found `{text}`")),
        });
        let domains = reader.list_as("intake.smtp.domains", |item| match item {
            item if is_domain(item) => Ok(item.to_ascii_lowercase()),
            item => Err(format!("expected a domain such as `alerts.example.org`, found `{item}`")),
        });
        let host = reader.text_as("intake.smtp.host", |text| match text {
            text if text.is_empty() || is_domain(text) => Ok(text.to_owned()),
            text => Err(format!("expected a name such as `alerts.example.org`, found `{text}`")),
        });
        let certificate = reader.text("intake.smtp.certificate_file");
        let key = reader.text("intake.smtp.key_file");
        let (listen, domains, host) = (listen?, domains?, host?);
        let certificate = read_certificate(reader, &certificate?, &key?)?;
        let Some(listen) = listen else { return Some(None) };
        let Some(first) = domains.first() else {
            return reader.reject("intake.smtp.listen", "set, but intake.smtp.domains is empty");
        };
        let host = if host.is_empty() { first.clone() } else { host };
        Some(Some(Self { listen, domains, host, certificate }))
    }
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// Both files or none. They are read here, so that a mistake in them is told with the others.
fn read_certificate(reader: &mut Reader, chain: &str, key: &str) -> Option<Option<(PathBuf, PathBuf)>> {
    match (chain.is_empty(), key.is_empty()) {
        (true, true) => Some(None),
        (false, true) => reader.reject("intake.smtp.certificate_file", "set, but intake.smtp.key_file is not"),
        (true, false) => reader.reject("intake.smtp.key_file", "set, but intake.smtp.certificate_file is not"),
        (false, false) => match smtp::Certificate::read(Path::new(chain), Path::new(key)) {
            Ok(_) => Some(Some((chain.into(), key.into()))),
            Err(error @ smtp::CertificateError::Chain(_)) => {
                reader.reject("intake.smtp.certificate_file", error.to_string())
            }
            Err(error @ smtp::CertificateError::Key(_)) => reader.reject("intake.smtp.key_file", error.to_string()),
        },
    }
}
