//! Certificate authorities of the operator's own.

use super::reader::Reader;
use store::Authorities;

/// Whose certificates are believed when this server connects to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tls {
    /// The public authorities, and those of the files.
    pub(crate) authorities: Authorities,
}

impl Tls {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let files = reader.list_as("tls.authorities", |file| {
            let pem = std::fs::read(file).map_err(|error| format!("`{file}` cannot be read: {error}"))?;
            Authorities::with_own(&pem).map_err(|problem| format!("`{file}` {problem}"))
        })?;
        let authorities = files.iter().fold(Authorities::default(), |all, one| all.and(one));
        Some(Self { authorities })
    }
}
