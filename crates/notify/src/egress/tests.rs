//! Every hostile spelling of a closed address, and what a name may lead to.

use super::*;

/// What a metadata service of a cloud, the loopback and a private network can be wrapped in.
const CLOSED_IN_CLOTHES: [&str; 17] = [
    "::ffff:169.254.169.254",
    "::ffff:100.100.100.200",
    "::ffff:0:169.254.169.254",
    "::169.254.169.254",
    "64:ff9b::169.254.169.254",
    "64:ff9b::100.64.0.1",
    "64:ff9b::192.168.0.1",
    "64:ff9b:1::169.254.169.254",
    "64:ff9b:1:fffe::8.8.8.8",
    "2002:a9fe:a9fe::1",
    "2002:0a00:0001::1",
    "2002:0808:0808::1",
    "2001:0:a9fe:a9fe:0:0:5601:5601",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::a9fe:a9fe",
];

/// Closed addresses as people write them who want to be taken for somebody else.
const CLOSED_AS_WRITTEN: [&str; 69] = [
    "2130706433",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "127.1",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "１２７.０.０.１",
    "127。0。0。1",
    "①②⑦.0.0.1",
    "%31%32%37.0.0.1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ｌocalhost",
    "app.localhost",
    "169.254.169.254",
    "169.254.169.254.",
    "0xA9FEA9FE",
    "2852039166",
    "0251.0376.0251.0376",
    "0xa9.0xfe.0xa9.0xfe",
    "0xa9.254.0251.254",
    "169.254.43518",
    "169.16689662",
    "１６９.２５４.１６９.２５４",
    "169%2E254%2E169%2E254",
    "100.100.100.200",
    "00000000177.1",
    "017700000001",
    "localhost..",
    "a.localhost.",
    "100.64.0.1",
    "10.0.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.0.0.192",
    "192.0.2.1",
    "198.19.0.1",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "[::]",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:FFFF:7F00:0001]",
    "[::ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[::8.8.8.8]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::8.8.8.8]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[2001:2::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[100::1]",
    "[4000::1]",
];

fn refusal(url: &str) -> Option<EgressRefusal> {
    Egress::default().check_url(url).err()
}

#[test]
fn no_spelling_of_a_closed_address_passes() {
    for host in CLOSED_AS_WRITTEN {
        for url in [format!("http://{host}/"), format!("https://{host}:8443/x?y")] {
            let refusal = refusal(&url);
            assert!(matches!(refusal, Some(EgressRefusal::Address(_))), "{url}: {refusal:?}");
        }
    }
}

#[test]
fn what_is_not_a_plain_web_address_is_refused() {
    for (url, expect) in [
        ("ftp://example.org/", EgressRefusal::Scheme),
        ("file:///etc/passwd", EgressRefusal::Scheme),
        ("gopher://127.0.0.1:25/", EgressRefusal::Scheme),
        ("http://me@example.org/", EgressRefusal::UserInfo),
        ("http://:word@example.org/", EgressRefusal::UserInfo),
        ("http://example.org@127.0.0.1/", EgressRefusal::UserInfo),
        ("http://example.org:80@127.0.0.1:22/", EgressRefusal::UserInfo),
        ("http://example.org%40127.0.0.1/", EgressRefusal::Unreadable),
        ("http://127.0.0.1:80:80/", EgressRefusal::Unreadable),
        ("http://4294967296/", EgressRefusal::Unreadable),
        ("http://127.0.0.256/", EgressRefusal::Unreadable),
        ("http://[::ffff:127.0.0.1%25lo]/", EgressRefusal::Unreadable),
        ("http://[fe80::1%eth0]/", EgressRefusal::Unreadable),
        ("http://fe80::1/", EgressRefusal::Unreadable),
        ("http://[::1]x/", EgressRefusal::Unreadable),
        ("ws://127.0.0.1/", EgressRefusal::Scheme),
        ("", EgressRefusal::Unreadable),
        ("/only/a/path", EgressRefusal::Unreadable),
        ("http://", EgressRefusal::Unreadable),
        ("http://[fe80::1%25eth0]/", EgressRefusal::Unreadable),
        ("http://1.2.3.4.5/", EgressRefusal::Unreadable),
        ("http://999.1.1.1/", EgressRefusal::Unreadable),
        ("http://exa mple.org/", EgressRefusal::Unreadable),
    ] {
        assert_eq!(refusal(url), Some(expect), "{url}");
    }
}

#[test]
fn the_host_that_is_checked_is_the_one_that_is_called() {
    for url in ["http://example.org\\@127.0.0.1:80/", "http:example.org/@127.0.0.1", "http://example.org#@127.0.0.1/"] {
        let read = Egress::default().check_url(url).unwrap();
        assert_eq!(read.host_str(), Some("example.org"), "{url}");
    }
}

#[test]
fn public_addresses_and_names_pass() {
    for host in [
        "example.org",
        "localhost.example.org",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "[2606:4700::1111]",
        "[::ffff:8.8.8.8]",
        "[64:ff9b::808:808]",
    ] {
        assert_eq!(refusal(&format!("https://{host}/hook")), None, "{host}");
    }
}

#[test]
fn an_allowed_network_opens_exactly_itself() {
    let guard = Egress::new(vec!["10.1.0.0/16".parse().unwrap(), "fd12::/16".parse().unwrap()]);
    for (address, expect) in [
        ("10.1.2.3", true),
        ("::ffff:10.1.2.3", true),
        ("fd12::1", true),
        ("10.2.0.1", false),
        ("fd13::1", false),
        ("127.0.0.1", false),
        ("169.254.169.254", false),
    ] {
        assert_eq!(guard.permits(address.parse().unwrap()), expect, "{address}");
    }
}

#[test]
fn no_wrapping_of_a_closed_address_passes_neither_in_a_url_nor_from_a_resolver() {
    let guard = Egress::default();
    for address in CLOSED_IN_CLOTHES {
        assert!(!guard.permits(address.parse().unwrap()), "{address}");
        let refusal = refusal(&format!("https://[{address}]/latest/meta-data"));
        assert!(matches!(refusal, Some(EgressRefusal::Address(_))), "{address}: {refusal:?}");
    }
}

#[test]
fn the_operators_own_urls_may_lead_anywhere_but_must_be_plain() {
    let guard = Egress::everywhere();
    for host in ["127.0.0.1", "localhost", "10.0.0.1", "[::1]", "[fd00:ec2::254]", "[::ffff:10.0.0.1]", "example.org"] {
        assert!(guard.check_url(&format!("http://{host}:8080/")).is_ok(), "{host}");
    }
    assert_eq!(guard.check_url("http://me@127.0.0.1/").err(), Some(EgressRefusal::UserInfo));
    assert_eq!(guard.check_url("file:///etc/passwd").err(), Some(EgressRefusal::Scheme));
}

/// A resolver that tells each of these in turn, and the last for ever.
struct Script(std::sync::Mutex<Vec<Vec<&'static str>>>);

impl Script {
    fn guarded(egress: Egress, answers: Vec<Vec<&'static str>>) -> Guarded {
        Guarded { egress, lookup: Arc::new(Self(std::sync::Mutex::new(answers))) }
    }
}

impl Lookup for Script {
    fn look_up(&self, _: &str) -> Found {
        let mut answers = self.0.lock().unwrap();
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        let found = answer.into_iter().map(|address| SocketAddr::new(address.parse().unwrap(), 0)).collect();
        Box::pin(async { Ok(found) })
    }
}

async fn resolve(guarded: &Guarded) -> Result<Vec<String>, EgressRefusal> {
    match guarded.resolve("hooks.example.org".parse().unwrap()).await {
        Ok(found) => Ok(found.map(|to| to.ip().to_string()).collect()),
        Err(error) => Err(error.downcast_ref::<EgressRefusal>().unwrap().clone()),
    }
}

#[tokio::test]
async fn a_name_is_judged_by_each_answer_of_its_resolver_anew() {
    let closed = Err(EgressRefusal::Name("hooks.example.org".to_owned()));
    let answers = vec![vec!["8.8.8.8"], vec!["169.254.169.254", "::1"], vec!["127.0.0.1"], vec!["10.0.0.1", "8.8.4.4"]];
    let guarded = Script::guarded(Egress::default(), answers);
    for expect in [Ok(vec!["8.8.8.8".to_owned()]), closed.clone(), closed, Ok(vec!["8.8.4.4".to_owned()])] {
        assert_eq!(resolve(&guarded).await, expect);
    }
}

#[tokio::test]
async fn no_wrapping_of_a_closed_address_is_told_of() {
    for address in CLOSED_IN_CLOTHES {
        let guarded = Script::guarded(Egress::default(), vec![vec![address]]);
        assert!(resolve(&guarded).await.is_err(), "{address}");
    }
}

#[tokio::test]
async fn the_machines_own_resolver_is_guarded_too() {
    let guarded = |egress| Guarded { egress, lookup: Arc::new(SystemLookup) };
    let name = || "localhost".parse::<Name>().unwrap();
    let error = guarded(Egress::default()).resolve(name()).await.err().unwrap();
    let refusal = error.downcast_ref::<EgressRefusal>();
    assert_eq!(refusal, Some(&EgressRefusal::Name("localhost".to_owned())));

    let allow = vec!["127.0.0.0/8".parse().unwrap()];
    let found = guarded(Egress::new(allow)).resolve(name()).await.unwrap();
    let found: Vec<IpAddr> = found.map(|to| to.ip()).collect();
    assert!(!found.is_empty());
    assert!(found.iter().all(IpAddr::is_ipv4), "{found:?}");
}
