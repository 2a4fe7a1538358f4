//! The real program as people run it: built, started, spoken to, killed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::database::{Cluster, discard_database, empty_database};
use crate::wire::Client;
use crate::wire::Lines;
use crate::{Database, Peer};

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// The program, built once in this process, so that no test ever runs a stale one.
fn program() -> &'static Path {
    PROGRAM.get_or_init(|| {
        let test = std::env::current_exe().expect("a path");
        let profile = test.ancestors().nth(2).expect("the folder above `deps`");
        let name = profile.file_name().and_then(|name| name.to_str()).expect("a name");
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        cargo.args(["build", "--locked", "--quiet"]);
        match name {
            // With what tests ask of dependencies, as the test that runs was built: else all of them would be built anew.
            "debug" => cargo.args(["--workspace", "--bin", "reveille", "--test", "all"]),
            other => cargo.args(["--package", "server", "--profile", other]),
        };
        // What cargo tells a test about its package would make build scripts run anew, here and at the next build.
        for (name, _) in std::env::vars_os() {
            let of_package =
                ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.to_string_lossy().starts_with(start));
            if of_package {
                cargo.env_remove(name);
            }
        }
        cargo.arg("--target-dir").arg(profile.parent().expect("the target folder"));
        let built = cargo.output().expect("cargo runs");
        assert!(built.status.success(), "the program is not built: {}", String::from_utf8_lossy(&built.stderr));
        profile.join("reveille")
    })
}

/// The library that gives a process another clock.
fn faketime() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut libraries = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    libraries
        .find(|path| path.exists())
        .expect("this test needs Debian's package faketime: run scripts/prepare.sh once")
}

/// A place of its own for the program: a folder, a database, and settings for all that is started here. Goes away
/// with the test.
pub struct Home {
    folder: TempDir,
    url: String,
    server_database: bool,
    settings: Vec<(String, String)>,
    /// By how much the machine's clock is off for what is started, in words of faketime.
    clock: Option<String>,
}

/// How a command ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Its exit code.
    pub code: i32,
    /// What it wrote to stdout.
    pub stdout: String,
    /// What it wrote to stderr.
    pub stderr: String,
}

impl Home {
    /// An empty one: the database has no schema yet.
    pub fn new(database: Database) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server_database = database == Database::Postgresql;
        let url = if server_database {
            empty_database()
        } else {
            format!("sqlite:{}", folder.path().join("reveille.db").display())
        };
        Self::made_of(folder, url, server_database)
    }

    /// One whose database is that of a server of the test's own.
    pub fn on(cluster: &Cluster) -> Self {
        Self::made_of(tempfile::tempdir().expect("a folder"), cluster.url(), false)
    }

    fn made_of(folder: TempDir, url: String, server_database: bool) -> Self {
        let settings = [("database.url", url.as_str()), ("server.listen", "127.0.0.1:0"), ("log.format", "json")];
        let mut home = Self { folder, url: url.clone(), server_database, settings: Vec::new(), clock: None };
        settings.into_iter().for_each(|(key, value)| home.set(key, value));
        home
    }

    /// One with an organization, as `definition` has it.
    pub fn with(database: Database, definition: &str) -> Self {
        let home = Self::new(database);
        home.apply(definition);
        home
    }

    /// The URL of the database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sets a key, such as `smtp.host`, for what is started from now on.
    pub fn set(&mut self, key: &str, value: &str) {
        let name = format!("REVEILLE__{}", key.to_uppercase().replace('.', "__"));
        self.settings.retain(|(known, _)| *known != name);
        self.settings.push((name, value.to_owned()));
    }

    /// Lets what is started from now on see a clock that is off by so much, such as `+7m`.
    pub fn set_clock_off_by(&mut self, words: &str) {
        self.clock = Some(words.to_owned());
    }

    /// Sets any variable of the environment for what is started from now on.
    pub fn set_variable(&mut self, name: &str, value: &str) {
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    /// Lets what is started from now on send its e-mail to this mailbox.
    pub fn send_mail_to(&mut self, mailbox: &Peer) {
        self.set("smtp.host", "127.0.0.1");
        self.set("smtp.port", &mailbox.port.to_string());
        self.set("smtp.security", "none");
        self.set("smtp.from", "Reveille <reveille@example.org>");
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file in the folder, which is also where commands run.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Finished {
        let output = self.command(arguments).stdin(Stdio::null()).output().expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Finished {
            code: output.status.code().expect("an exit code"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Runs a command that must succeed; what it wrote to stdout.
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let finished = self.run(arguments);
        assert_eq!(finished.code, 0, "{arguments:?}: {finished:?}");
        finished.stdout
    }

    /// Makes the organization what `definition` says.
    pub fn apply(&self, definition: &str) -> String {
        self.write("directory.toml", definition);
        self.succeed(&["apply", "directory.toml"])
    }

    /// Makes a key of the organization `acme` with these further arguments.
    pub fn key(&self, arguments: &[&str]) -> String {
        let always = ["key", "create", "--organization", "acme", "--name", "a test"];
        self.succeed(&[&always, arguments].concat()).trim().to_owned()
    }

    /// Starts `serve`, and waits until it listens.
    pub fn serve(&self) -> Server {
        Server::start(self.command(&["serve"]))
    }

    /// Starts `serve` without waiting for anything.
    pub fn begin(&self) -> Server {
        Server::begin(self.command(&["serve"]))
    }

    /// Starts `demo` on a free port with these further arguments, and waits until it listens.
    pub fn demo(&self, arguments: &[&str]) -> Server {
        let always = ["demo", "--listen", "127.0.0.1:0", "--data", "demo"];
        Server::start(self.command(&[&always, arguments].concat()))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(self.folder.path());
        // The settings of whoever runs the tests are none of the tests' business.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("REVEILLE__")) {
            command.env_remove(name);
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        if let Some(words) = &self.clock {
            // What a length of time is measured with stays right, as it does on a machine whose clock is set wrong.
            command.env("LD_PRELOAD", faketime()).env("FAKETIME", words).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        command
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.server_database {
            discard_database(&self.url);
        }
    }
}

/// A running server, killed when dropped.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    log: Lines,
    output: Lines,
}

impl Server {
    fn start(command: Command) -> Self {
        let mut server = Self::begin(command);
        server.listening();
        server
    }

    fn begin(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let log = Lines::of(child.stderr.take().expect("a pipe"));
        let output = Lines::of(child.stdout.take().expect("a pipe"));
        Self { address: SocketAddr::from(([127, 0, 0, 1], 0)), child, log, output }
    }

    /// Waits until it listens; only then is its address known.
    pub fn listening(&mut self) {
        let listening = self.logged("listening");
        self.address = listening["listen"].as_str().and_then(|text| text.parse().ok()).expect("an address");
    }

    /// Waits for the next line of the log with this message; its fields.
    pub fn logged(&mut self, message: &str) -> Value {
        self.log.find(|line| {
            let fields = serde_json::from_str::<Value>(line).ok()?["fields"].take();
            (fields["message"] == message).then_some(fields)
        })
    }

    /// Waits for the next line on stdout in which `find` finds something.
    pub fn printed<T>(&mut self, find: impl Fn(&str) -> Option<T>) -> T {
        self.output.find(find)
    }

    /// A client of it.
    pub fn client(&self, key: &str) -> Client {
        Client::new(self.address, key)
    }

    /// Kills it without a warning, and waits until it is gone. What it wrote to its log that nobody has read.
    pub fn kill_9(mut self) -> Vec<String> {
        // It may have ended already, as it was asked to.
        let _ = self.child.kill();
        self.child.wait().expect("it was started");
        std::iter::from_fn(|| self.log.next()).collect()
    }

    /// Asks it to stop.
    pub fn ask_to_stop(&self) {
        self.signal("TERM");
    }

    /// Holds it up where it is, until [`Server::go_on`].
    pub fn hold_up(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -\"$1\" \"$2\"", "kill", name, &pid]).status();
        assert!(sent.expect("a shell").success(), "the server is gone already");
    }

    /// Waits until it has ended; how.
    pub fn ended(mut self) -> ExitStatus {
        // Its end closes the log, which unlike a process can be waited for with a bound.
        while self.log.next().is_some() {}
        self.child.wait().expect("it was started")
    }

    /// Asks it to stop and waits until it has; all that it logged and was not waited for before.
    pub fn last_words(mut self) -> String {
        self.ask_to_stop();
        std::iter::from_fn(|| self.log.next()).collect::<Vec<_>>().join("\n")
    }

    /// Asks it to stop and waits until it has; how it ended.
    pub fn terminate(self) -> ExitStatus {
        self.ask_to_stop();
        self.ended()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            self.log.waiting();
            eprintln!("the server's log ends with:\n{}", self.log.told());
        }
    }
}
