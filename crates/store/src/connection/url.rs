//! Where the database is: `sqlite:PATH` or `postgresql://…`; a password goes in and never comes out.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use tokio_postgres::config::{Host, SslMode};

use super::authorities::Authorities;
use crate::Error;

/// A parsed database URL.
///
/// `sqlite:PATH` (also `sqlite://PATH`) names a file; `postgresql://user:password@host:port/name?sslmode=…` (also
/// `postgres://`) names a server, with `sslmode` one of `disable`, `prefer` and `require`. Where it is not said, TLS is
/// required, unless the server is on this machine. `Debug` and `Display` leave user and password out.
#[derive(Clone)]
pub struct Url(pub(crate) Place);

#[derive(Clone)]
pub(crate) enum Place {
    File(PathBuf),
    Server(Box<Server>),
}

/// A PostgreSQL server, and whose certificates are believed.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) config: tokio_postgres::Config,
    pub(crate) authorities: Authorities,
}

impl Url {
    /// The same address, where a server may show a certificate of these authorities.
    #[must_use]
    pub fn trusting(mut self, authorities: &Authorities) -> Self {
        if let Place::Server(server) = &mut self.0 {
            server.authorities = authorities.clone();
        }
        self
    }
}

impl FromStr for Url {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            return file(path.strip_prefix("//").unwrap_or(path));
        }
        if text.starts_with("postgresql://") || text.starts_with("postgres://") {
            // The parser's own words may quote a piece of the password, so they are not repeated. With an `@` in it, a piece
            // of it would count as the host's name, and would be shown.
            let is_split = text.matches('@').count() > 1;
            return match text.parse::<tokio_postgres::Config>() {
                Ok(config) if !is_split && !config.get_hosts().is_empty() => {
                    let config = guarded(config, text);
                    Ok(Self(Place::Server(Box::new(Server { config, authorities: Authorities::default() }))))
                }
                _ => Err(Error::Address(
                    "the PostgreSQL URL cannot be used: write postgresql://user:password@host:port/name?sslmode=\
                     require (or prefer, or disable) and percent-encode special characters"
                        .to_owned(),
                )),
            };
        }
        Err(Error::Address("the database URL must begin with sqlite: or postgresql://".to_owned()))
    }
}

/// Somebody between us and a server elsewhere could have us speak in the clear, so that it must be said if we may.
fn guarded(mut config: tokio_postgres::Config, text: &str) -> tokio_postgres::Config {
    let parameters = text.split_once('?').map_or("", |(_, parameters)| parameters);
    let is_said = parameters.split('&').any(|parameter| parameter.starts_with("sslmode="));
    if !is_said && !config.get_hosts().iter().all(is_here) {
        config.ssl_mode(SslMode::Require);
    }
    config
}

/// Whether a server is on this machine for certain.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) if name == "localhost" => true,
        Host::Tcp(name) => {
            let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
            address.is_ok_and(|address| address.to_canonical().is_loopback())
        }
    }
}

fn file(path: &str) -> Result<Url, Error> {
    let wrong = match path {
        "" => "the database URL names no file: write sqlite:PATH",
        _ if path.contains(":memory:") => {
            "a SQLite database in memory is not supported, because each connection would see its own; name a file"
        }
        _ if path.contains('?') => "a sqlite: URL takes no parameters: write sqlite:PATH",
        _ => return Ok(Url(Place::File(PathBuf::from(path)))),
    };
    Err(Error::Address(wrong.to_owned()))
}

impl fmt::Display for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = match &self.0 {
            Place::File(path) => return write!(formatter, "sqlite:{}", path.display()),
            Place::Server(server) => &server.config,
        };
        write!(formatter, "postgresql://")?;
        for (index, host) in config.get_hosts().iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match host {
                Host::Tcp(name) => write!(formatter, "{comma}{name}")?,
                Host::Unix(path) => write!(formatter, "{comma}{}", path.display())?,
            }
            if let Some(port) = config.get_ports().get(index) {
                write!(formatter, ":{port}")?;
            }
        }
        write!(formatter, "/{}", config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Url({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, SslMode, Url};

    #[test]
    fn a_url_that_cannot_be_used_is_refused_with_a_reason() {
        let table = [
            ("mysql://host/name", "must begin with"),
            ("sqlite:", "names no file"),
            ("sqlite::memory:", "in memory is not supported"),
            ("sqlite:a.db?mode=rwc", "no parameters"),
            ("postgresql://user:secret@host:port/name", "cannot be used"),
            ("postgresql://user:secret@host/name?sslmode=maybe", "cannot be used"),
            ("postgresql://user:pass@secret@host/name", "percent-encode"),
            ("postgresql://user:pass@word/secret@host/name", "percent-encode"),
        ];
        for (text, expected) in table {
            let error = text.parse::<Url>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn tls_is_required_of_a_server_elsewhere_unless_it_is_said() {
        let table = [
            ("postgresql://db.example.org/name", SslMode::Require),
            ("postgresql://10.0.0.1:5432/name?connect_timeout=3", SslMode::Require),
            ("postgresql://localhost,db.example.org/name", SslMode::Require),
            ("postgresql://localhost.example.org/name?sslmode=prefer", SslMode::Prefer),
            ("postgresql://db.example.org/name?connect_timeout=3&sslmode=disable", SslMode::Disable),
            ("postgresql://localhost/name", SslMode::Prefer),
            ("postgresql://127.0.0.1,[::1]/name", SslMode::Prefer),
            ("postgresql://%2Frun%2Fpostgresql/name", SslMode::Prefer),
        ];
        for (text, expected) in table {
            let Place::Server(server) = text.parse::<Url>().unwrap().0 else { panic!("{text} names a server") };
            assert_eq!(server.config.get_ssl_mode(), expected, "{text}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let url: Url = "postgres://user:secret@host:5433/name".parse().unwrap();
        assert_eq!(format!("{url} {url:?}"), "postgresql://host:5433/name Url(postgresql://host:5433/name)");
    }
}
