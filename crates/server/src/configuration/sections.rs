//! The sections as the rest of the program sees them, and what each accepts; the reasons stand in `reveille.toml`.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use ipnet::IpNet;
use tracing::Level;

use super::reader::Reader;
use super::secret::Secret;

/// Where and how the server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// The address and port to listen on.
    pub(crate) listen: SocketAddr,
    /// Where people reach the server, without a slash at its end.
    pub(crate) public_url: Option<String>,
    /// Whose `X-Forwarded-For` is believed.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// How long requests under way may take to finish.
    pub(crate) shutdown: Duration,
}

impl Server {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let listen = reader.text_as("server.listen", |text| {
            let problem = "expected an address and a port, such as `127.0.0.1:8080`";
            text.parse().map_err(|_| format!("{problem}, found `{text}`"))
        });
        let public_url = reader.text_as("server.public_url", read_public_url);
        let trusted_proxies = reader.networks("server.trusted_proxies");
        let shutdown = reader.whole("server.shutdown_seconds", 0..=600_u32);
        Some(Self {
            listen: listen?,
            public_url: public_url?,
            trusted_proxies: trusted_proxies?,
            shutdown: Duration::from_secs(shutdown?.into()),
        })
    }
}

/// Where everything is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Database {
    /// The URL as it was given, of a known scheme; the store reads the rest. It may hold a password.
    pub(crate) url: Secret,
    /// Threads that write; on SQLite always one, whatever this says.
    pub(crate) writers: usize,
    /// Threads that only read.
    pub(crate) readers: usize,
}

impl Database {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let url = reader.text_as("database.url", read_database_url);
        let writers = reader.whole("database.writers", 1..=64_usize);
        let readers = reader.whole("database.readers", 1..=64_usize);
        Some(Self { url: url?, writers: writers?, readers: readers? })
    }
}

/// The addresses beyond the public ones that outgoing requests may reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Egress {
    /// Allowed although private, loopback or link-local.
    pub(crate) allow: Vec<IpNet>,
}

impl Egress {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { allow: reader.networks("egress.allow")? })
    }
}

/// Who is told that the server is well, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Watchdog {
    /// What is asked while all is well. It may be a secret; None = nobody is told.
    pub(crate) heartbeat_url: Option<Secret>,
    /// The time between two of these requests.
    pub(crate) heartbeat: Duration,
}

impl Watchdog {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let heartbeat_url = reader.text_as("watchdog.heartbeat_url", read_heartbeat_url);
        let heartbeat = reader.whole("watchdog.heartbeat_seconds", 1..=3600_u32);
        Some(Self { heartbeat_url: heartbeat_url?, heartbeat: Duration::from_secs(heartbeat?.into()) })
    }
}

/// Bounds of this installation; those of the contract stand in `domain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Largest request body.
    pub(crate) body_bytes: usize,
    /// Commands that may wait.
    pub(crate) queue: usize,
    /// Commands in one transaction.
    pub(crate) batch: usize,
    /// The rate limit of each key; None = off.
    pub(crate) rate: Option<Rate>,
    /// Connections open at the same time.
    pub(crate) connections: usize,
    /// How long a client may take to send the head of a request.
    pub(crate) header: Duration,
    /// How long a connection may bring no request and take nothing of an answer.
    pub(crate) idle: Duration,
    /// Notifications on their way at the same time.
    pub(crate) sends_at_once: usize,
}

/// A token bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    /// Tokens that come back each second.
    pub(crate) per_second: NonZeroU32,
    /// Tokens that the bucket holds.
    pub(crate) burst: NonZeroU32,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        const MANY: u32 = 1_000_000;
        let body_bytes = reader.whole("limits.body_bytes", 1024..=64 * 1024 * 1024_usize);
        let queue = reader.whole("limits.queue", 1..=MANY as usize);
        let batch = reader.whole("limits.batch", 1..=1024_usize);
        let per_second = reader.whole("limits.rate_per_second", 0..=MANY);
        let burst = reader.whole("limits.rate_burst", 1..=MANY);
        let connections = reader.whole("limits.connections", 1..=MANY as usize);
        let header = reader.whole("limits.header_seconds", 1..=300_u32);
        let idle = reader.whole("limits.idle_seconds", 1..=3600_u32);
        let sends_at_once = reader.whole("limits.sends_at_once", 1..=1024_usize);
        let rate = NonZeroU32::new(per_second?).zip(NonZeroU32::new(burst?));
        Some(Self {
            body_bytes: body_bytes?,
            queue: queue?,
            batch: batch?,
            rate: rate.map(|(per_second, burst)| Rate { per_second, burst }),
            connections: connections?,
            header: Duration::from_secs(header?.into()),
            idle: Duration::from_secs(idle?.into()),
            sends_at_once: sends_at_once?,
        })
    }
}

/// What is logged and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Log {
    /// How a line is written.
    pub(crate) format: LogFormat,
    /// The least that is worth a line.
    pub(crate) level: Level,
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl Log {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
        let levels = [
            ("error", Level::ERROR),
            ("warn", Level::WARN),
            ("info", Level::INFO),
            ("debug", Level::DEBUG),
            ("trace", Level::TRACE),
        ];
        let format = reader.choice("log.format", &formats);
        let level = reader.choice("log.level", &levels);
        Some(Self { format: format?, level: level? })
    }
}

fn read_public_url(text: &str) -> Result<Option<String>, String> {
    let text = text.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        _ if text.is_empty() => Ok(None),
        Some(host) if is_host_and_port(host) => Ok(Some(text.to_owned())),
        _ => Err(format!(
            "expected a URL of host and port alone, such as `https://reveille.example.org`, found `{text}`"
        )),
    }
}

/// Links begin with it, and pages are at its root.
fn is_host_and_port(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse::<u16>().is_ok_and(|port| port > 0)),
        _ => (text, true),
    };
    port && !host.is_empty() && !host.contains(|letter: char| letter.is_whitespace() || "/?#@\\".contains(letter))
}

/// Whoever knows the URL can say that all is well, so no mistake repeats it.
fn read_heartbeat_url(text: &str) -> Result<Option<Secret>, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        _ if text.is_empty() => Ok(None),
        Some(host) if !host.is_empty() && !host.contains([' ', '@']) => Ok(Some(Secret::new(text))),
        _ => Err("expected a URL such as `https://watch.example.org/ping/ID`".to_owned()),
    }
}

/// The URL may hold a password, so no mistake repeats it.
fn read_database_url(text: &str) -> Result<Secret, String> {
    let file = text.strip_prefix("sqlite:").is_some_and(|path| !path.is_empty());
    if file || text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Ok(Secret::new(text));
    }
    Err("expected `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`".to_owned())
}
