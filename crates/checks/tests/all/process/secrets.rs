//! What must stay between few: secrets and logs, files and their owner, answers and what stands behind them.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use checks::{Database, Home, Outside, PUBLIC_URL};
use rusqlite::Connection;
use serde_json::json;
use store::Store;

use super::ACME;

/// Secrets of the configuration and of the directory.
const SECRETS: [&str; 6] =
    ["s3cret-webhook", "czNjcmV0LXNpZ25hdHVyZQ==", "s3cret-chat", "s3cret-topic", "s3cret-token", "s3cret-heartbeat"];

/// Somebody who is reached by everything that has a secret.
fn definition(outside: &Outside) -> String {
    let [webhook, signature, chat, topic, token, _] = SECRETS;
    let url = outside.url();
    format!(
        r#"
[organization]
name = "acme"

[[user]]
username = "ana"
webhook = {{ url = "{url}/{webhook}", secrets = ["whsec_{signature}"] }}
chat = {{ kind = "slack", url = "{url}/{chat}" }}
push = {{ url = "{url}/{topic}", token = "{token}" }}
notification_rules = [{{ urgencies = [4], steps = [
  {{ after_minutes = 0, channel = "webhook" }},
  {{ after_minutes = 0, channel = "chat" }},
  {{ after_minutes = 0, channel = "push" }},
] }}]
"#
    )
}

/// The secret that links and feeds are signed with.
fn signing_secret(home: &Home) -> String {
    let store = Store::open(&home.url().parse().unwrap()).unwrap();
    let kept = store.read(|tx| tx.all("select value from secret", &[])).unwrap();
    assert_eq!(kept.len(), 1);
    kept[0].text(0).unwrap().to_owned()
}

#[test]
fn no_secret_stands_in_the_log_even_where_it_tells_everything() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let outside = Outside::open();
        let mut home = Home::with(database, &definition(&outside));
        for channel in ["chat", "push"] {
            home.succeed(&["contact", "trust", "--organization", "acme", "--user", "ana", "--channel", channel]);
        }
        home.set("log.level", "trace");
        home.set("egress.allow", "127.0.0.0/8");
        home.set("server.public_url", PUBLIC_URL);
        home.set("watchdog.heartbeat_url", &format!("{}/{}", outside.url(), SECRETS[5]));
        home.set("watchdog.heartbeat_seconds", "1");
        let (server, key) = (home.serve(), home.key(&[]));
        let mut client = server.client(&key);
        client.done("/incidents/create", &json!({"title": "Disk full", "users": "ana"}));
        let [webhook, _, chat, topic, _, _] = SECRETS;
        let (mut links, mut missing) = (Vec::new(), vec![webhook, chat, topic]);
        for _ in 0..60 {
            // Heartbeats come in between.
            let request = outside.wait_for_one();
            missing.retain(|secret| !request.path.contains(secret) && !request.body.contains(secret));
            let (_, rest) = request.body.split_once("/act/").unwrap_or_default();
            links.extend(
                rest.split(['>', '|', '"', '\\', ')']).next().filter(|token| token.len() > 40).map(str::to_owned),
            );
            if missing.is_empty() {
                break;
            }
        }
        assert!(missing.is_empty(), "{missing:?} was not sent to");
        let feed = client.done("/v1/users/ana/feed", &json!({}));
        let feed = feed["url"].as_str().unwrap().strip_prefix(PUBLIC_URL).unwrap();
        assert_eq!(client.get(feed).status, 200);
        let link = links.first().expect("a link in a message");
        assert_eq!(server.client("").get(&format!("/act/{link}")).status, 200);
        let carrier = format!("/v1/carrier/twilio/voice/{link}");
        assert_eq!(server.client("").post(&carrier, &json!({})).status, 403);
        assert_eq!(server.client("reveille_a_key_of_somebody").get("/list/users").status, 401);

        let log = server.last_words();
        assert!(log.contains("stopping"), "{log}");
        let feed = feed.trim_start_matches("/feeds/");
        let signing = signing_secret(&home);
        for secret in SECRETS.into_iter().chain([&*key, link, feed, &*signing, "reveille_a_key_of_somebody"]) {
            assert!(!log.contains(secret), "{secret} stands in the log:\n{log}");
        }
    }
}

#[test]
fn the_log_tells_what_a_failure_was_under_the_id_that_its_answer_names() {
    let home = Home::with(Database::Sqlite, ACME);
    let mut server = home.serve();
    let mut client = server.client(&home.key(&[]));
    client.done("/incidents/list", &json!({}));
    let database = Connection::open(home.path("reveille.db")).unwrap();
    database.execute("alter table incident rename to gone", ()).unwrap();
    let answer = client.post("/incidents/list", &json!({}));
    assert_eq!((answer.status, &answer.json()["code"]), (500, &json!("internal")));
    assert!(!answer.body.contains("incident"), "what stands behind it is not told: {}", answer.body);
    let logged = server.logged("a request failed");
    assert_eq!(logged["request_id"], answer.json()["request_id"]);
    assert!(logged["reason"].as_str().unwrap().contains("no such table"), "{logged}");
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode() & 0o777
}

#[test]
fn the_database_and_its_backup_can_be_read_by_their_owner_only() {
    let home = Home::with(Database::Sqlite, ACME);
    let server = home.serve();
    server.client(&home.key(&[])).done("/incidents/create", &json!({"title": "Disk full", "users": "ana"}));
    home.succeed(&["backup", "copy.db"]);
    for name in ["reveille.db", "reveille.db-wal", "reveille.db-shm", "copy.db"] {
        assert_eq!(mode(&home.path(name)), 0o600, "{name}");
    }
}

#[test]
fn a_proxy_of_the_environment_is_not_asked() {
    let (outside, proxy) = (Outside::open(), Outside::open());
    let mut home = Home::with(Database::Sqlite, &definition(&outside));
    home.set("egress.allow", "127.0.0.0/8");
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        home.set_variable(name, &proxy.url());
    }
    let server = home.serve();
    server.client(&home.key(&[])).done("/incidents/create", &json!({"title": "Disk full", "users": "ana"}));
    assert!(outside.wait_for_one().path.contains("s3cret"));
    assert!(proxy.heard().is_empty());
}
