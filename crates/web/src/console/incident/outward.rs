//! Links that lead away from here, with where they lead.

/// A link that leads away from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outward {
    pub(super) url: String,
    pub(super) text: String,
    /// Where it leads.
    pub(super) host: String,
}

/// A link of this address, if browsers may follow it.
pub(super) fn outward(url: &str, text: &str) -> Option<Outward> {
    let parsed: axum::http::Uri = url.parse().ok()?;
    let is_web = parsed.scheme_str().is_some_and(|scheme| matches!(scheme, "http" | "https"));
    let host = parsed.host().filter(|_| is_web)?.to_owned();
    let text = if text.is_empty() { url } else { text };
    Some(Outward { url: url.to_owned(), text: text.to_owned(), host })
}
