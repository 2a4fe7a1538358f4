//! What came in over HTTP and what the integration's settings change, before anything is read.

use domain::directory::CompiledMail;

/// What came in over HTTP, in words that no web library is needed for.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Names and values of the headers, in any case.
    pub headers: &'a [(String, String)],
    /// Names and values of the query, decoded.
    pub query: &'a [(String, String)],
    /// What the sender says of its body; nothing is refused because of it.
    pub content_type: Option<&'a str>,
    /// The body as it came, unpacked.
    pub body: &'a [u8],
}

impl Input<'_> {
    /// The value of a header that is there and not empty; `name` in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fits = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        fits.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }
}

/// What an integration's own settings change about reading.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options<'a> {
    /// A whole group of Alertmanager or Grafana is one alert, of which the group's key is the identity.
    pub per_group: bool,
    /// What a sender's test button sends opens as any other alert does.
    pub tests_open: bool,
    /// How mail is read.
    pub mail: Option<&'a CompiledMail>,
    /// An alarm of CloudWatch opens when its data is insufficient.
    pub insufficient_data_opens: bool,
}
