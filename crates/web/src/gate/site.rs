//! How browsers reach this server: which origins are its own, and what its cookies are called there. Over plain HTTP
//! nobody signs in but on the machine itself.

use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use directory::PasskeySite;

/// Seconds for which a browser keeps what it shows to be signed in, and to be known as a device: the longest that counts.
const SESSION_SECONDS: u64 = *domain::limits::SESSION_DAYS_SET.end() as u64 * 86_400;
const DEVICE_SECONDS: u64 = 365 * 86_400;
const THEME_SECONDS: u64 = 365 * 86_400;
const PASSKEY_SECONDS: u64 = domain::limits::PASSKEY_MINUTES as u64 * 60;
/// Seconds within which it must come back from a sign-in provider.
const PROVIDER_SECONDS: u64 = domain::limits::PROVIDER_SIGN_IN_MINUTES as u64 * 60;

/// The cookies of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Who is signed in.
    Session,
    /// That somebody signed in from this device before.
    Device,
    /// What the browser was asked to do with a passkey.
    Passkey,
    /// What is needed to come back from a sign-in provider.
    Provider,
    /// In which light pages are shown.
    Theme,
    /// In which zone times are shown.
    Zone,
}

/// This server as a browser sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    origins: Vec<String>,
    protection: Protection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protection {
    Https,
    /// The machine itself, where no cookie may be marked as secure: one browser would not take it.
    Loopback,
}

impl Site {
    /// The site of a request, by the configured address; without one, or with one of the machine itself, only what asks at
    /// an address of the machine itself has one.
    pub(crate) fn of(public_url: &str, headers: &HeaderMap, uri: &Uri) -> Option<Self> {
        if let Some(rest) = public_url.strip_prefix("https://") {
            let host = rest.split('/').next().unwrap_or(rest).to_lowercase();
            let host = host.strip_suffix(":443").unwrap_or(&host);
            return Some(Self { origins: vec![format!("https://{host}")], protection: Protection::Https });
        }
        let told = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let asked = told.or_else(|| uri.authority().map(|authority| authority.as_str()))?;
        let configured = public_url.strip_prefix("http://").map(|rest| rest.split('/').next().unwrap_or(rest));
        if !is_loopback(asked) || configured.is_some_and(|host| !is_loopback(host)) {
            return None;
        }
        // A program on another port of this machine is another site.
        Some(Self { origins: vec![format!("http://{}", asked.to_lowercase())], protection: Protection::Loopback })
    }

    /// Whether a request may change something: it comes from a page of this site, as the browser says.
    pub(crate) fn is_own(&self, method: &Method, headers: &HeaderMap) -> bool {
        if method.is_safe() {
            return true;
        }
        let told = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
        match told("sec-fetch-site") {
            Some(site) => site == b"same-origin",
            None => told("origin").is_some_and(|origin| self.origins.iter().any(|own| own.as_bytes() == origin)),
        }
    }

    /// The site that passkeys are made for here.
    ///
    /// # Errors
    /// Why browsers make none, in words for people.
    pub(crate) fn passkeys(&self) -> Result<PasskeySite, String> {
        let origin = self.origins.first().cloned().unwrap_or_default();
        let named = origin.split_once("://").map(|(_, host)| host_name(host).to_owned()).unwrap_or_default();
        if !named.is_empty() && named.parse::<std::net::IpAddr>().is_err() {
            return Ok(PasskeySite { host: named, origin });
        }
        Err(match self.protection {
            Protection::Https => "Passkeys want a name, and server.public_url has an address in numbers.".to_owned(),
            Protection::Loopback => {
                format!("Passkeys want a name. Open this page at {} instead.", for_browsers(&origin))
            }
        })
    }

    /// The address at which the browser reaches this server.
    pub(crate) fn origin(&self) -> &str {
        self.origins.first().map_or("", String::as_str)
    }

    fn name(&self, cookie: Cookie) -> &'static str {
        match (cookie, self.protection) {
            (Cookie::Session, Protection::Https) => "__Host-reveille",
            (Cookie::Session, Protection::Loopback) => "reveille",
            (Cookie::Device, Protection::Https) => "__Host-reveille-device",
            (Cookie::Device, Protection::Loopback) => "reveille-device",
            (Cookie::Passkey, Protection::Https) => "__Host-reveille-passkey",
            (Cookie::Passkey, Protection::Loopback) => "reveille-passkey",
            (Cookie::Provider, Protection::Https) => "__Host-reveille-provider",
            (Cookie::Provider, Protection::Loopback) => "reveille-provider",
            (Cookie::Theme, Protection::Https) => "__Host-reveille-theme",
            (Cookie::Theme, Protection::Loopback) => "reveille-theme",
            (Cookie::Zone, Protection::Https) => "__Host-reveille-zone",
            (Cookie::Zone, Protection::Loopback) => "reveille-zone",
        }
    }

    /// What the browser holds under the name of a cookie; nothing where it shows two, of which one is somebody else's.
    pub(crate) fn cookie(&self, cookie: Cookie, headers: &HeaderMap) -> Option<String> {
        let name = self.name(cookie);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value.to_owned());
        values.next().filter(|_| values.next().is_none())
    }

    /// The header that has a browser hold something.
    pub(crate) fn hold(&self, cookie: Cookie, value: &str) -> Option<HeaderValue> {
        let seconds = match cookie {
            Cookie::Session => SESSION_SECONDS,
            Cookie::Device => DEVICE_SECONDS,
            Cookie::Passkey => PASSKEY_SECONDS,
            Cookie::Provider => PROVIDER_SECONDS,
            Cookie::Theme | Cookie::Zone => THEME_SECONDS,
        };
        self.set(cookie, value, seconds)
    }

    /// The header that has a browser forget it.
    pub(crate) fn forget(&self, cookie: Cookie) -> Option<HeaderValue> {
        self.set(cookie, "", 0)
    }

    fn set(&self, cookie: Cookie, value: &str, seconds: u64) -> Option<HeaderValue> {
        let secure = match self.protection {
            Protection::Https => "; Secure",
            Protection::Loopback => "",
        };
        let name = self.name(cookie);
        let line = format!("{name}={value}; Path=/; Max-Age={seconds}{secure}; HttpOnly; SameSite=Lax");
        HeaderValue::from_str(&line).ok()
    }
}

/// A host without its port, and an address without its brackets.
fn host_name(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    }
}

/// Whether a host, with or without a port, is the machine itself; one that listens everywhere is reached there, too.
fn is_loopback(host: &str) -> bool {
    let name = host_name(host).to_lowercase();
    let is_there = |address: std::net::IpAddr| address.is_loopback() || address.is_unspecified();
    name == "localhost" || name.ends_with(".localhost") || name.parse().is_ok_and(is_there)
}

/// The address under which a browser on this machine is to reach a server, so that it is the same one each time and may
/// have passkeys, which want a name: `localhost` for an address of the machine itself, any other as it is.
#[must_use]
pub fn for_browsers(url: &str) -> String {
    let Some(rest) = url.strip_prefix("http://") else { return url.to_owned() };
    let (host, path) = rest.find('/').map_or((rest, ""), |end| rest.split_at(end));
    if !is_loopback(host) {
        return url.to_owned();
    }
    let port =
        host.rsplit_once(':').map(|(_, port)| port).filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    let port = port.filter(|port| !port.is_empty()).map_or(String::new(), |port| format!(":{port}"));
    format!("http://localhost{port}{path}")
}

/// Where somebody goes once they are signed in: a path of the console, or its first page.
pub(crate) fn onward(path: Option<&str>) -> String {
    const FIRST: &str = "/app/now";
    const MOST_BYTES: usize = 2000;
    let is_plain = |path: &&str| {
        let letters = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let is_short = path.len() <= MOST_BYTES;
        let stays = !["//", "/.", "%2e", "%2E", "%5c", "%5C"].iter().any(|part| path.contains(part));
        path.starts_with("/app/") && letters && is_short && stays
    };
    path.filter(is_plain).unwrap_or(FIRST).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect::<Vec<_>>()
            .into_iter()
            .collect()
    }

    fn site(public_url: &str, host: &str) -> Option<Site> {
        Site::of(public_url, &headers(&[("host", host)]), &Uri::from_static("/app"))
    }

    #[test]
    fn nobody_signs_in_over_plain_http_but_on_the_machine_itself() {
        for (public_url, host, expect) in [
            ("https://r.example:443/x", "whatever", Some("https://r.example")),
            ("https://R.example:8443", "10.0.0.1", Some("https://r.example:8443")),
            ("http://127.0.0.1:8080", "localhost:8080", Some("http://localhost:8080")),
            ("http://0.0.0.0:8080", "[::1]:8080", Some("http://[::1]:8080")),
            ("", "localhost", Some("http://localhost")),
            ("", "r.example", None),
            ("", "localhost.example", None),
            ("", "127.0.0.1.example:80", None),
            ("http://r.example", "localhost", None),
            ("http://127.0.0.1:8080", "192.0.2.1:8080", None),
        ] {
            let found = site(public_url, host).map(|site| site.origins);
            assert_eq!(found, expect.map(|origin| vec![origin.to_owned()]), "{public_url} {host}");
        }
    }

    #[test]
    fn passkeys_are_made_for_a_name_and_where_there_is_none_the_page_says_why() {
        for (public_url, host, expect) in [
            ("https://R.example:8443/x", "10.0.0.1", Ok(("r.example", "https://r.example:8443"))),
            ("", "localhost:8080", Ok(("localhost", "http://localhost:8080"))),
            ("", "127.0.0.1:8080", Err("Passkeys want a name. Open this page at http://localhost:8080 instead.")),
            ("", "[::1]:8080", Err("Passkeys want a name. Open this page at http://localhost:8080 instead.")),
            ("https://192.0.2.1", "r", Err("Passkeys want a name, and server.public_url has an address in numbers.")),
            ("https://[::1]:1", "r", Err("Passkeys want a name, and server.public_url has an address in numbers.")),
        ] {
            let found = site(public_url, host).unwrap().passkeys();
            let expect = expect.map(|(host, origin)| PasskeySite { host: host.into(), origin: origin.into() });
            assert_eq!(found, expect.map_err(str::to_owned), "{public_url} {host}");
        }
    }

    #[test]
    fn only_a_page_of_the_same_origin_changes_anything() {
        let site = site("https://r.example", "r.example").unwrap();
        let table: [(&[(&str, &str)], bool); 9] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://r.example")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("origin", "https://r.example")], true),
            (&[("origin", "https://r.example.evil.example")], false),
            (&[("origin", "http://r.example")], false),
            (&[("origin", "null")], false),
            (&[], false),
        ];
        for (told, expect) in table {
            assert_eq!(site.is_own(&Method::POST, &headers(told)), expect, "{told:?}");
            assert_eq!(site.is_own(&Method::DELETE, &headers(told)), expect, "{told:?}");
            assert!(site.is_own(&Method::GET, &headers(told)));
        }
    }

    #[test]
    fn a_cookie_is_the_hosts_own_and_hidden_from_scripts() {
        let secure = site("https://r.example", "r.example").unwrap();
        let plain = site("", "localhost:8080").unwrap();
        assert_eq!(
            secure.hold(Cookie::Session, "1.x").unwrap(),
            "__Host-reveille=1.x; Path=/; Max-Age=31536000; Secure; HttpOnly; SameSite=Lax"
        );
        assert_eq!(plain.forget(Cookie::Session).unwrap(), "reveille=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        let shown = headers(&[("cookie", "a=b; reveille=9; __Host-reveille=1.x; __Host-reveille-device=d")]);
        assert_eq!(secure.cookie(Cookie::Session, &shown).as_deref(), Some("1.x"));
        assert_eq!(secure.cookie(Cookie::Device, &shown).as_deref(), Some("d"));
        assert_eq!(plain.cookie(Cookie::Session, &shown).as_deref(), Some("9"));
        let two = headers(&[("cookie", "__Host-reveille=1.x; __Host-reveille=1.y")]);
        assert_eq!(secure.cookie(Cookie::Session, &two), None);
    }

    #[test]
    fn whoever_signs_in_goes_on_within_the_console_only() {
        for stays in ["/app/now", "/app/incidents?status=open&q=a%20b"] {
            assert_eq!(onward(Some(stays)), stays);
        }
        for leads_away in [
            "https://evil.example",
            "//evil.example",
            "/app//evil.example",
            "/app/../v1/me",
            "/app/%2e%2e/x",
            "/app/\\evil.example",
            "/app/x\r\nset-cookie: a=b",
            "/application",
            "/app",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(onward(Some(leads_away)), "/app/now", "{leads_away}");
        }
        assert_eq!(onward(None), "/app/now");
        assert_eq!(onward(Some(&format!("/app/{}", "x".repeat(2000)))), "/app/now");
    }

    #[test]
    fn a_browser_on_the_machine_itself_is_sent_to_localhost() {
        for (url, expect) in [
            ("http://127.0.0.1:8080", "http://localhost:8080"),
            ("http://0.0.0.0:8080/x", "http://localhost:8080/x"),
            ("http://[::1]", "http://localhost"),
            ("http://[::]:80", "http://localhost:80"),
            ("https://127.0.0.1", "https://127.0.0.1"),
            ("http://192.0.2.1:8080", "http://192.0.2.1:8080"),
        ] {
            assert_eq!(for_browsers(url), expect);
        }
    }
}
