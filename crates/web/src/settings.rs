//! What the web room is told about how to serve.

use ipnet::IpNet;
use std::num::NonZeroU32;
use std::time::Duration;

/// How requests are served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Largest request body, bytes.
    pub body_bytes: usize,
    /// The rate limit of each key; `None` = off.
    pub rate: Option<Rate>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Connections open at the same time; more wait to be accepted.
    pub connections: usize,
    /// How long a client may take to send the head of a request, and again to send its body.
    pub header: Duration,
    /// How long a connection may bring no request and take nothing of an answer before it is told to end; it is cut off
    /// after as long again.
    pub idle: Duration,
    /// The domain at which integrations have addresses for mail; `None` where none is taken in.
    pub mail_domain: Option<String>,
    /// How long requests under way may take to finish once the server is told to stop.
    pub shutdown: Duration,
}

/// A token bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests that come back each second.
    pub per_second: NonZeroU32,
    /// Requests that the bucket holds.
    pub burst: NonZeroU32,
}
