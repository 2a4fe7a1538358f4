//! The API in process: the real router over a real store, with a held clock, seeded ids and carriers that deliver.

use super::assembly::Parts;
use crate::{Answer, Call, Database, TOKEN, TestStore};
use axum::Router;
use axum::body::to_bytes;
use directory::{Administration, KeyState, NewKey, Owner, file};
use domain::Instant;
use domain::notification::Channel;
use domain::permission::Scope;
use domain::sign_in::LinkPurpose;
use engine::{Clock, DeskLimits, Ids};
use notify::Fetch;
use notify::carrier::{BoxFuture, Carrier, Message, Outcome, Report};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::Store;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tower::ServiceExt;
use web::Settings;

/// When every test begins: 2021-05-05T17:20:14.343825, a Wednesday evening in Europe.
pub const START: Instant = Instant(1_620_235_214_343_825);

/// The demo, with routines that tests know.
const DEMO: &str = concat!(include_str!("../../../../examples/demo.toml"), include_str!("routines.toml"));
/// An organization that must never meet the demo's, though some of its names are the same.
const OTHER: &str = include_str!("other.toml");
/// The address of a server that people reach.
pub const PUBLIC_URL: &str = "https://reveille.example.org";

/// A server without a socket, with two organizations: `demo`, and `other`, which must not hear of it.
pub struct Api {
    /// The held clock, at [`START`] to begin with.
    pub clock: Clock,
    /// The server; nothing is due until a test calls [`Api::beat`].
    pub administration: Administration,
    /// What the carriers were given, in order.
    pub sent: Arc<Mutex<Vec<Message>>>,
    /// A key of the demo with scope `incidents`, named `batch`.
    pub key: String,
    router: Router,
    runtime: Runtime,
    /// Seeded.
    pub ids: Ids,
    /// The store underneath. The last field: it goes away when all who use it have.
    pub test: TestStore,
}

impl Api {
    /// Over SQLite, without a rate limit.
    pub fn new() -> Self {
        Self::on(Database::Sqlite)
    }

    /// Over this database, without a rate limit.
    pub fn on(database: Database) -> Self {
        Self::with(database, settings(), DeskLimits { queue: 1000, batch: 64, writers: 2 })
    }

    /// Over this database, served as `settings` and `desk` say.
    pub fn with(database: Database, settings: Settings, desk: DeskLimits) -> Self {
        Self::fitted(database, settings, |parts| Parts { desk, ..parts })
    }

    /// Over this database, reached by people at [`PUBLIC_URL`] and by the telephone carrier, which signs with [`TOKEN`].
    pub fn reachable(database: Database) -> Self {
        Self::fitted(database, settings(), |parts| Parts {
            public_url: Some(PUBLIC_URL.to_owned()),
            twilio_auth_token: Some(TOKEN.to_owned()),
            ..parts
        })
    }

    /// Over this database, reached by people at [`PUBLIC_URL`], where what it gets from elsewhere comes from there.
    pub fn fetching(database: Database, fetch: Arc<dyn Fetch>) -> Self {
        Self::fetching_at(database, PUBLIC_URL, fetch)
    }

    /// The same, reached at this address.
    pub fn fetching_at(database: Database, public_url: &str, fetch: Arc<dyn Fetch>) -> Self {
        let public_url = Some(public_url.to_owned());
        Self::fitted(database, settings(), |parts| Parts { fetch: Some(fetch), public_url, ..parts })
    }

    /// Runs a test body over each database, reached as by [`Api::reachable`]; a failure says on which.
    pub fn reached_on_both(body: impl Fn(&Self)) {
        for database in [Database::Sqlite, Database::Postgresql] {
            eprintln!("on {database:?}:");
            body(&Self::reachable(database));
        }
    }

    /// Over this database, of these parts.
    fn fitted(database: Database, settings: Settings, fit: impl FnOnce(Parts) -> Parts) -> Self {
        let test = TestStore::new(database);
        let (clock, ids) = (Clock::held(START.0), Ids::seeded(7));
        for (file, text) in [("demo.toml", DEMO), ("other.toml", OTHER)] {
            let definition = file::read_text(file, text).expect("a directory without mistakes");
            directory::apply(test.store(), &ids, domain::Instant(0), &definition).expect("it can be applied");
        }
        let sent = Arc::new(Mutex::new(Vec::new()));
        let carrier: Arc<dyn Carrier> = Arc::new(Recorder { sent: Arc::clone(&sent) });
        let parts = Parts {
            store: Store::open(&test.url).expect("the store opens twice"),
            clock: clock.clone(),
            ids: ids.clone(),
            carriers: Channel::ALL.into_iter().map(|channel| (channel, Arc::clone(&carrier))).collect(),
            desk: DeskLimits { queue: 1000, batch: 64, writers: 2 },
            public_url: None,
            pacing: BTreeMap::new(),
            twilio_auth_token: None,
            fetch: None,
        };
        let administration = fit(parts).start();
        let router = web::router(administration.clone(), settings);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut api = Self { clock, administration, sent, key: String::new(), router, runtime, ids, test };
        api.key = api.new_key("demo", "batch", Scope::Admin);
        api
    }

    /// Gives one of the demo's people further contacts, as lines of the directory file, which may go on with other
    /// people; those of `channels` count as proved.
    pub fn equip(&self, user: &str, contacts: &str, channels: &[Channel]) {
        let mut definition = file::read_text("demo.toml", DEMO).expect("a directory without mistakes");
        let text = format!("[organization]\nname = \"x\"\n[[user]]\nusername = \"{user}\"\n{contacts}\n");
        let mut given = file::read_text("contacts.toml", &text).expect("contacts without mistakes").users;
        let others = given.split_off(1);
        let given = given.remove(0);
        let person = definition.users.iter_mut().find(|person| person.username.as_str() == user).expect("somebody");
        person.sms = given.sms.or(person.sms.take());
        person.voice = given.voice.or(person.voice.take());
        person.chat = given.chat.or(person.chat.take());
        person.push = given.push.or(person.push.take());
        person.webhook = given.webhook.or(person.webhook.take());
        definition.users.extend(others);
        directory::apply(self.test.store(), &self.ids, domain::Instant(0), &definition).expect("it can be applied");
        for channel in channels {
            let trusted = directory::contact_trust(self.test.store(), &self.clock, &self.ids, "demo", (user, *channel));
            trusted.expect("a contact to trust");
        }
    }

    /// Gives the demo further components, as lines of the directory file.
    pub fn extend(&self, lines: &str) {
        self.apply(&[DEMO, lines].concat()).expect("it can be applied");
    }

    /// Applies a directory file, of whatever organization.
    pub fn apply(&self, file: &str) -> Result<(), directory::ApplyError> {
        let definition = file::read_text("directory.toml", file).expect("a directory without mistakes");
        directory::apply(self.test.store(), &self.ids, domain::Instant(0), &definition).map(drop)
    }

    /// Another server over the same store, after this one died.
    pub fn another(self) -> Self {
        let Self { clock, sent, key, ids, test, runtime, administration, router } = self;
        drop((administration, router));
        let carrier: Arc<dyn Carrier> = Arc::new(Recorder { sent: Arc::clone(&sent) });
        let parts = Parts {
            store: Store::open(&test.url).expect("the store opens again"),
            clock: clock.clone(),
            ids: ids.clone(),
            carriers: Channel::ALL.into_iter().map(|channel| (channel, Arc::clone(&carrier))).collect(),
            desk: DeskLimits { queue: 1000, batch: 64, writers: 2 },
            public_url: None,
            pacing: BTreeMap::new(),
            twilio_auth_token: None,
            fetch: None,
        };
        let administration = parts.start();
        let router = web::router(administration.clone(), settings());
        Self { clock, administration, sent, key, router, runtime, ids, test }
    }

    /// Makes a key.
    pub fn new_key(&self, organization: &str, name: &str, scope: Scope) -> String {
        self.key_as(organization, NewKey::of(name, scope))
    }

    /// Makes a key that is limited in some way.
    pub fn key_as(&self, organization: &str, new: NewKey) -> String {
        let made = directory::key_create(self.test.store(), &self.clock, &self.ids, organization, &new);
        made.expect("a key").expect("the organization")
    }

    /// Makes a token of somebody of the demo's organization.
    pub fn token_of(&self, username: &str, scope: Scope) -> String {
        let person = self.get(&format!("/v1/users/{username}"));
        let owner = Owner::Person(person["ref_id"].as_str().expect("an id").into());
        self.key_as("demo", NewKey { owner, ..NewKey::of("laptop", scope) })
    }

    /// Somebody new of the demo's organization, whom the API manages and who owns it.
    pub fn new_owner(&self, username: &str) {
        self.send(Call::post("/v1/users").key(&self.key).json(&json!({"username": username}))).ok();
        let store = self.test.store();
        let demo = store.read(|tx| store::organization_by_name(tx, "demo")).expect("a store").expect("the demo");
        let made = directory::make_owner(store, &self.ids, Instant(self.clock.now()), demo.id, username);
        made.expect("an owner");
    }

    /// Sends a request and waits for the answer, which carries the headers that every answer has.
    pub fn send(&self, call: Call) -> Answer {
        let answer = self.runtime.block_on(answer(self.router.clone(), call));
        answer.guarded();
        answer
    }

    /// Sends a browser's request to the console and waits for the answer, which may have it hold something.
    pub fn browse(&self, call: Call) -> Answer {
        let answer = self.runtime.block_on(answer(self.router.clone(), call));
        answer.guarded_in_browsers();
        answer
    }

    /// Asks for what browsers may keep.
    pub fn asset(&self, call: Call) -> Answer {
        self.runtime.block_on(answer(self.router.clone(), call))
    }

    /// The answer to a request before its body was read.
    pub(super) fn respond(&self, call: Call) -> axum::response::Response {
        let answered = self.runtime.block_on(self.router.clone().oneshot(call.into_request()));
        answered.expect("a router always answers")
    }

    /// Waits for something.
    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Makes a link that works once, for one of the demo's people; its path.
    pub fn link(&self, purpose: LinkPurpose, user: &str) -> String {
        let (named, clock) = ((Some("demo"), Some(user)), (&self.clock, &self.ids));
        directory::make_link(self.test.store(), clock, named, purpose, 1).expect("a link").path
    }

    /// Makes the demo's people what these lines of the directory file say, in the place of what `replaced` says there.
    pub fn amend(&self, replaced: &str, lines: &str) {
        assert!(DEMO.contains(replaced), "the demo does not say: {replaced}");
        let definition = file::read_text("demo.toml", &DEMO.replace(replaced, lines)).expect("no mistakes");
        directory::apply(self.test.store(), &self.ids, domain::Instant(0), &definition).expect("it can be applied");
    }

    /// Sends requests at the same time. While `so_many` answers come in, `meanwhile` is held; then it is dropped, and
    /// the others are waited for. Answers in the order in which they came.
    pub fn send_together<T>(&self, calls: Vec<Call>, so_many: usize, meanwhile: T) -> Vec<Answer> {
        self.runtime.block_on(async {
            let mut under_way = JoinSet::new();
            for call in calls {
                under_way.spawn(answer(self.router.clone(), call));
            }
            let mut answers = Vec::new();
            while answers.len() < so_many {
                answers.push(under_way.join_next().await.expect("an answer").expect("no panic"));
            }
            drop(meanwhile);
            answers.extend(under_way.join_all().await);
            answers
        })
    }

    /// Asks for an operation of `/incidents/` with the demo's key.
    pub fn ask(&self, operation: &str, body: &Value) -> Answer {
        self.send(Call::post(&format!("/incidents/{operation}")).key(&self.key).json(body))
    }

    /// What the operation answers; it must succeed.
    pub fn ok(&self, operation: &str, body: &Value) -> Value {
        self.ask(operation, body).ok()
    }

    /// Reads `path` with the demo's key; it must succeed.
    pub fn get(&self, path: &str) -> Value {
        self.send(Call::get(path).key(&self.key)).ok()
    }

    /// The id of the demo's component with this name, as `GET /list/{kind}` tells it.
    pub fn ref_id(&self, kind: &str, name: &str) -> String {
        self.ref_id_for(&self.key, kind, name)
    }

    /// Likewise, as the holder of `key` is told it.
    pub fn ref_id_for(&self, key: &str, kind: &str, name: &str) -> String {
        let listed = self.send(Call::get(&format!("/list/{kind}")).key(key)).ok();
        let found = listed.as_array().expect("a list").iter().find(|item| item["name"] == name);
        found.expect("a component of this name")["ref_id"].as_str().expect("an id").to_owned()
    }

    /// The path of the demo's integration with this name.
    pub fn intake_path(&self, integration: &str) -> String {
        let listed = self.get("/list/integrations");
        let found = listed.as_array().expect("a list").iter().find(|item| item["name"] == integration);
        let url = found.expect("an integration of this name")["url"].as_str().expect("a URL");
        url.strip_prefix(PUBLIC_URL).unwrap_or(url).to_owned()
    }

    /// Sends what a monitoring tool does to the demo's integration with this name.
    pub fn deliver(&self, integration: &str, body: &Value) -> Answer {
        self.send(Call::post(&self.intake_path(integration)).json(body))
    }

    /// Makes an incident on the demo's service `checkout`; its number.
    pub fn incident(&self, title: &str) -> i64 {
        let service = self.ref_id("services", "checkout");
        number(&self.ok("create", &json!({"title": title, "service_ref_id": service})))
    }

    /// The demo's incident as it stands.
    pub fn details(&self, instance_id: i64) -> Value {
        self.ok("details", &json!({"instance_id": instance_id}))
    }

    /// Moves the clock.
    pub fn pass_minutes(&self, minutes: i64) {
        self.clock.advance(minutes * 60_000_000);
    }

    /// A token of this server, as only its secret makes it.
    pub fn token(&self, purpose: notify::Purpose, subject: &Value) -> String {
        self.runtime.block_on(self.administration.notifier().token(purpose, subject, None)).expect("a token")
    }

    /// What a text is as a key.
    pub fn state_of(&self, key: &str) -> KeyState {
        self.runtime.block_on(self.administration.key(key)).expect("the store answers")
    }

    /// What `/metrics` tells under this name and labels.
    pub fn metric(&self, name: &str) -> Option<String> {
        let text = self.administration.engine().metrics_text();
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned))
    }

    /// Lets the engine do what is due, to the last message.
    pub fn beat(&self) {
        self.runtime.block_on(async {
            self.administration.notifier().beat().await.expect("a beat");
            self.administration.record_key_uses().await.expect("a beat");
            self.administration.record_noted().await.expect("a beat");
            self.administration.record_turned_away().await.expect("a beat");
            self.administration.note_audit_heads().await.expect("a beat");
            self.administration.note_drift().await.expect("a beat");
            self.administration.tell_reports().await.expect("a beat");
            self.administration.engine().note_words().await.expect("a beat");
            self.administration.engine().look_for_changes().await.expect("a beat");
            self.administration.notifier().all_sent().await;
            self.administration.all_told().await;
        });
    }
}

impl Default for Api {
    fn default() -> Self {
        Self::new()
    }
}

/// How requests are served unless a test says otherwise.
pub fn settings() -> Settings {
    Settings {
        body_bytes: 1024 * 1024,
        rate: None,
        trusted_proxies: Vec::new(),
        connections: 100,
        header: Duration::from_secs(60),
        idle: Duration::from_secs(60),
        mail_domain: None,
        shutdown: Duration::from_secs(1),
    }
}

/// `instance_id` of an answer.
pub fn number(answer: &Value) -> i64 {
    answer["instance_id"].as_i64().unwrap_or_else(|| panic!("no instance_id in {answer}"))
}

async fn answer(router: Router, call: Call) -> Answer {
    let response = router.oneshot(call.into_request()).await.expect("a router always answers");
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a whole body");
    Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec() }
}

/// A carrier for every channel that keeps what it is given.
struct Recorder {
    sent: Arc<Mutex<Vec<Message>>>,
}

impl Carrier for Recorder {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        self.sent.lock().expect("no panic").push(message.clone());
        Box::pin(async { Report { outcome: Outcome::Delivered, answer: "250 OK".to_owned(), elapsed_micros: 0 } })
    }
}
