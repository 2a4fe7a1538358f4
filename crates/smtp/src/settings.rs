//! What can be configured of the listener.

use crate::certificate::Certificate;
use std::time::Duration;

/// How mail is taken in.
#[derive(Debug)]
pub struct Settings {
    /// The name by which it greets.
    pub host: String,
    /// The domains for which it takes mail, in lower case.
    pub domains: Vec<String>,
    /// For STARTTLS; without one it is not offered.
    pub certificate: Option<Certificate>,
    /// The address from which this server sends mail.
    pub own_address: Option<String>,
    /// How long mails under way may take to finish after a request to stop.
    pub shutdown: Duration,
}
