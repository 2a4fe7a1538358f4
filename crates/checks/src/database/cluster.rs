//! Throw-away PostgreSQL servers: one for all tests of a process, with a database of its own for each test, and others
//! that a test stops and starts as it likes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use postgres::{Client, NoTls};
use store::{Store, migrate};

/// Names a server to use instead of a throw-away one: a URL whose user may create databases.
const SERVER_VARIABLE: &str = "REVEILLE_TEST_POSTGRESQL_URL";

/// The server, with a migrated database to copy from.
struct Server {
    /// The URL with a mark where the name of the database goes.
    url: String,
    is_ours: bool,
    /// Keeps it running.
    _cluster: Option<Cluster>,
}

/// A PostgreSQL server of a test's own. What it has committed survives all that can be done to it here; it ends with the
/// test, also when that is killed.
pub struct Cluster {
    url: String,
    /// Its standard input ends with this process, and then it stops itself.
    child: Child,
    answers: BufReader<ChildStdout>,
}

/// What can be done to a [`Cluster`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It is gone at once, as by a power cut.
    Stop,
    /// It is there again.
    Start,
    /// It accepts connections and answers nothing.
    Freeze,
    /// It answers again.
    Thaw,
    /// It becomes a standby, which lets nobody write.
    Demote,
    /// It becomes the primary again.
    Promote,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The URL of a new, migrated PostgreSQL database that nobody else uses. Fails the test when there is no PostgreSQL.
pub fn fresh_database() -> String {
    let server = SERVER.get_or_init(Server::start);
    let name = server.name(&NEXT.fetch_add(1, Ordering::Relaxed).to_string());
    server.administer(&format!("create database {name} template {}", server.name("template")));
    server.url_of(&name)
}

/// The URL of a new PostgreSQL database without any table that nobody else uses.
pub(crate) fn empty_database() -> String {
    made_database("")
}

/// The same, in another encoding than it should have.
pub fn database_in(encoding: &str) -> String {
    made_database(&format!(" encoding '{encoding}' lc_collate 'C' lc_ctype 'C' template template0"))
}

fn made_database(manner: &str) -> String {
    let server = SERVER.get_or_init(Server::start);
    let name = server.name(&NEXT.fetch_add(1, Ordering::Relaxed).to_string());
    server.administer(&format!("create database {name}{manner}"));
    server.url_of(&name)
}

/// Removes a database of a server that outlives the tests.
pub(crate) fn discard_database(url: &str) {
    if let Some(server) = SERVER.get().filter(|server| !server.is_ours) {
        let name = url.split('?').next().and_then(|url| url.rsplit('/').next()).expect("a name");
        server.administer(&format!("drop database if exists {name} with (force)"));
    }
}

impl Server {
    fn start() -> Self {
        let server = match std::env::var(SERVER_VARIABLE) {
            Ok(url) => Self { url: with_mark(&url), is_ours: false, _cluster: None },
            Err(_) => {
                let cluster = Cluster::launch("-c synchronous_commit=off", None);
                Self { url: cluster.url.clone(), is_ours: true, _cluster: Some(cluster) }
            }
        };
        let template = server.name("template");
        server.administer(&format!("drop database if exists {template} with (force)"));
        server.administer(&format!("create database {template}"));
        let url = server.url_of(&template).parse().expect("a usable URL");
        migrate(&Store::open(&url).expect("the template opens"), 0).expect("the template migrates");
        server
    }

    /// The process id is part of it, for a server that several processes use.
    fn name(&self, suffix: &str) -> String {
        format!("reveille_test_{}_{suffix}", std::process::id())
    }

    fn url_of(&self, database: &str) -> String {
        self.url.replace("DATABASE", database)
    }

    fn administer(&self, sql: &str) {
        let mut client = Client::connect(&self.url_of("postgres"), NoTls).expect("the PostgreSQL of the tests");
        client.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
}

impl Cluster {
    /// Starts one, which keeps what it has committed.
    pub fn new() -> Self {
        Self::launch("", None)
    }

    /// Starts one that is reached by TLS at `localhost`, with the certificate and key in `folder`, and there alone.
    pub fn encrypted(folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let files = "-c ssl_cert_file=../server.crt -c ssl_key_file=../server.key";
        let settings = format!("-c listen_addresses=localhost -c port={port} -c ssl=on {files}");
        let mut cluster = Self::launch(&settings, Some(folder));
        cluster.url = format!("postgresql://postgres@localhost:{port}/DATABASE");
        cluster
    }

    /// The URL of its one database, without any table.
    pub fn url(&self) -> String {
        self.url.replace("DATABASE", "postgres")
    }

    /// Does this to it, and waits until it is done.
    pub fn suffer(&mut self, deed: Deed) {
        let word = format!("{deed:?}\n").to_lowercase();
        self.child.stdin.as_mut().expect("a pipe").write_all(word.as_bytes()).expect("it listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("an answer");
        assert_eq!(answer.trim(), "done", "{deed:?}");
    }

    fn launch(settings: &str, certificate: Option<&Path>) -> Self {
        let directory = tempfile::Builder::new().prefix("reveille-").tempdir_in("/tmp").expect("a directory").keep();
        let mut child = Command::new("sh")
            .args(["-c", include_str!("cluster.sh"), "cluster"])
            .arg(&directory)
            .arg(programs())
            .arg(settings)
            .args(certificate)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a shell");
        let (mut line, mut answers) = (String::new(), BufReader::new(child.stdout.take().expect("output")));
        answers.read_line(&mut line).expect("output");
        if line.trim() != "ready" {
            let mut reason = String::new();
            child.stderr.take().expect("output").read_to_string(&mut reason).expect("output");
            panic!("the throw-away PostgreSQL did not start: {reason}");
        }
        let url = format!("postgresql:///DATABASE?host={}&user=postgres", directory.display());
        Self { url, child, answers }
    }
}

impl Default for Cluster {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The end of its input is its end, which is waited for so that nothing of it is left behind.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Puts the mark in the place of the name of the database.
fn with_mark(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("a URL");
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let host = place.split('/').next().unwrap_or_default();
    format!("{scheme}://{host}/DATABASE?{parameters}")
}

/// The folder of the programs of the newest PostgreSQL that Debian installed.
pub fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| has_programs(folder))
        .max()
        .map(|(_, folder)| folder)
        .unwrap_or_else(|| {
            panic!(
                "these tests need PostgreSQL: install Debian's package `postgresql`, or set {SERVER_VARIABLE} to the \
                 URL of a server on which they may create databases"
            )
        })
}

fn has_programs(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).exists())
}
