//! A house to test in: a store of either kind, an engine over it, a clock and carriers in the test's hands.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::assembly::Parts;
use directory::{Administration, NewKey, contact_trust, key_create};
use domain::directory::Component;
use domain::incident::{Command, Method, Order, Outcome};
use domain::notification::Channel;
use domain::permission::Scope;
use domain::{InstanceId, Instant};
use engine::{Clock, Credential, DeskLimits, Details, Engine, Failure, Ids, Reader, Request};
use notify::{BeatReport, Notifier};
use store::{AttemptRow, NotificationRow, Store, Tx, migrate};
use tokio::runtime::Runtime;

use super::fittings::Fittings;
use super::organization::TestOrganization;
use super::post::{Post, Sent};
use super::promises::broken;
use super::settle::beat;
use crate::{Database, TestStore};

/// When every house is opened: 2026-03-02T08:00:00 UTC, a Monday.
const OPENED_AT: i64 = 1_772_438_400_000_000;
const MINUTE: i64 = 60_000_000;
/// Real time after which something hangs; nothing waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// One process: an engine on threads of its own.
struct Node {
    administration: Administration,
    runtime: Runtime,
}

/// The house. When it is dropped, it fails the test if a message was sent that nobody looked at, if something is due and
/// undone, or if any promise of `promises.rs` is broken.
pub struct House {
    /// Who lives here.
    pub organization: TestOrganization,
    /// Held, moved by [`House::advance`].
    pub clock: Clock,
    /// Seeded.
    pub ids: Ids,
    /// Takes every message.
    pub post: Post,
    /// The key `robot`, whole, of scope admin.
    pub key: String,
    /// Its number.
    pub key_id: i64,
    fittings: Fittings,
    /// As another process has it open.
    outside: Arc<Store>,
    node: Option<Node>,
}

/// Runs a test body in a house over each database; a failure says on which.
pub fn in_both(body: impl Fn(&mut House)) {
    in_both_with(&Fittings::default(), body);
}

/// The same, in a house that is fitted out.
pub fn in_both_with(fittings: &Fittings, body: impl Fn(&mut House)) {
    for database in [Database::Sqlite, Database::Postgresql] {
        eprintln!("on {database:?}:");
        let store = TestStore::new(database);
        let mut house = House::fitted(&store, fittings.clone());
        body(&mut house);
        house.finish();
    }
}

impl House {
    /// Opens a plain house over a migrated, empty store.
    pub fn over(store: &TestStore, desk: DeskLimits) -> Self {
        Self::fitted(store, Fittings { desk, ..Fittings::default() })
    }

    /// Opens a house over a migrated, empty store.
    pub fn fitted(store: &TestStore, fittings: Fittings) -> Self {
        let clock = Clock::held(OPENED_AT);
        let ids = Ids::seeded(7);
        let outside = Arc::new(Store::open(&store.url).expect("the store opens once more"));
        let organization = TestOrganization::insert(&outside, &ids, "house");
        let new = NewKey::of("robot", Scope::Admin);
        let key = key_create(&outside, &clock, &ids, "house", &new).expect("a key").expect("an organization");
        let keys = outside.read(|tx| store::key_list(tx, organization.id)).expect("keys");
        let post = Post::new(&clock);
        let mut house = Self { organization, clock, ids, post, key, key_id: keys[0].id, fittings, outside, node: None };
        house.restart();
        house
    }

    /// Ends the test here: see the struct.
    pub fn finish(self) {}

    /// The engine dies where it stands, and another one starts over the same store.
    pub fn crash(&mut self) {
        // Tasks end at the next point where they wait; what was handed to the database is done or not.
        self.node = None;
        self.restart();
    }

    fn restart(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        self.node = Some(Node { administration: self.another_node(), runtime: runtime.expect("threads") });
    }

    /// One more server over the same store, as another node is.
    pub fn another_node(&self) -> Administration {
        let store = Store::open(self.outside.url()).expect("the store opens once more");
        // As a server does at its start; from then on it watches for other schemas.
        migrate(&store, OPENED_AT).expect("the store is migrated");
        let carriers: BTreeMap<_, _> = Channel::ALL.into_iter().map(|by| (by, self.post.carrier(by))).collect();
        let (clock, ids) = (self.clock.clone(), self.ids.clone());
        let Fittings { desk, pacing, public_url, twilio_auth_token } = self.fittings.clone();
        Parts { store, clock, ids, carriers, desk, public_url, pacing, twilio_auth_token, fetch: None }.start()
    }

    fn node(&self) -> &Node {
        self.node.as_ref().expect("there until dropped")
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        self.administration().engine()
    }

    /// What sends and takes answers.
    pub fn notifier(&self) -> &Notifier {
        self.administration().notifier()
    }

    /// Keys, contacts, swaps, schedules.
    pub fn administration(&self) -> &Administration {
        &self.node().administration
    }

    /// The store as another process has it open.
    pub fn outside(&self) -> &Store {
        &self.outside
    }

    /// Runs asynchronous work to its end.
    #[track_caller]
    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let bounded = async { tokio::time::timeout(PATIENCE, work).await };
        self.node().runtime.block_on(bounded).expect("something hangs")
    }

    /// Who reads.
    pub fn reader(&self) -> Reader {
        Reader { organization: self.organization.id, credential: Credential::Key(self.key_id) }
    }

    /// A request by the key `robot`.
    pub fn request(&self, instance_id: Option<InstanceId>, command: Command) -> Request {
        Request {
            organization: self.organization.id,
            credential: Some(Credential::Key(self.key_id)),
            method: Method::IncidentsApi,
            by: None,
            integration: None,
            instance_id,
            command,
            idempotency: None,
        }
    }

    /// A request for a new incident.
    pub fn order(&self, order: Order) -> Request {
        self.request(None, Command::Trigger(Box::new(order)))
    }

    /// Performs a command and all that follows at this instant.
    pub fn act(&self, id: InstanceId, command: Command) -> Result<Outcome, Failure> {
        self.perform(self.request(Some(id), command))
    }

    /// Performs a request and all that follows at this instant.
    pub fn perform(&self, request: Request) -> Result<Outcome, Failure> {
        let result = self.run(self.engine().act(request));
        self.settle();
        result
    }

    /// A new incident on service `web`.
    #[track_caller]
    pub fn trigger(&self, title: &str) -> InstanceId {
        self.trigger_order(self.organization.order(title))
    }

    /// A new incident as ordered.
    #[track_caller]
    pub fn trigger_order(&self, order: Order) -> InstanceId {
        match self.perform(self.order(order)) {
            Ok(Outcome::Created { instance_id, .. }) => instance_id,
            other => panic!("no new incident: {other:?}"),
        }
    }

    /// Lets so many minutes pass; whatever comes due in them is done at its time.
    pub fn advance(&self, minutes: u32) {
        self.advance_micros(i64::from(minutes) * MINUTE);
    }

    /// Lets so many microseconds pass.
    pub fn advance_micros(&self, micros: i64) {
        let end = Instant(self.clock.now() + micros);
        while let Some(next) = self.settle().next_at.filter(|at| *at <= end) {
            self.clock.set(next.0);
        }
        self.clock.set(end.0);
        self.settle();
    }

    /// Does all that is due now, and waits until nothing is being sent but what the carrier keeps silent about.
    #[track_caller]
    pub fn settle(&self) -> BeatReport {
        self.run(async {
            // Far more than any test needs; a beat that always finds something to do never ends otherwise.
            for _ in 0..10_000 {
                let (report, is_settled) = beat(self.administration(), &self.post).await;
                if is_settled {
                    return report;
                }
            }
            panic!("the engine says again and again that something is due")
        })
    }

    /// Answers what the carrier kept silent about, and lets the engine go on.
    #[track_caller]
    pub fn release(&self, user: &str, channel: Channel, reply: crate::Reply) {
        assert_ne!(self.post.release(user, channel, reply), 0, "no message to {user} waits");
        self.settle();
    }

    /// The messages since the last look.
    pub fn messages(&self) -> Vec<Sent> {
        self.post.messages()
    }

    /// The messages since the last look, one line each: `5:00 ben webhook page 2`, by minutes and seconds since the opening.
    pub fn told(&self) -> Vec<String> {
        self.messages().iter().map(line).collect()
    }

    /// An incident, whole.
    #[track_caller]
    pub fn details(&self, id: InstanceId) -> Details {
        self.run(self.engine().details(self.reader(), id)).expect("the incident")
    }

    /// The types of its events, oldest first.
    pub fn log(&self, id: InstanceId) -> Vec<&'static str> {
        self.details(id).events.iter().map(|event| event.what.event_type().word()).collect()
    }

    /// Its notifications with the attempts at each.
    #[track_caller]
    pub fn notifications(&self, id: InstanceId) -> Vec<(NotificationRow, Vec<AttemptRow>)> {
        self.run(self.notifier().notifications(self.reader(), id, None, u32::MAX)).expect("the incident")
    }

    /// Claims what is due by `channel` as another node does, which then dies; how many notifications.
    pub fn claim_and_die(&self, channel: Channel, lease_until: Instant) -> usize {
        let now = Instant(self.clock.now());
        let claimed = self.outside.write(|tx| {
            let due = store::notification_due(tx, self.organization.id, channel, now, 100)?;
            due.iter().try_for_each(|due| store::notification_claim(tx, &due.id, lease_until))?;
            Ok::<_, store::Error>(due.len())
        });
        claimed.expect("a claim")
    }

    /// Makes a person's contact one that is used, as the operator's word does.
    #[track_caller]
    pub fn verify(&self, user: &str, channel: Channel) {
        contact_trust(&self.outside, &self.clock, &self.ids, "house", (user, channel)).expect("a contact to verify");
    }

    /// Changes the directory as another process does.
    pub fn put<T: Component>(&mut self, component: &T) {
        self.directory(|organization, tx| organization.put(tx, component));
    }

    /// Sets the fallback policy as another process does.
    pub fn fall_back_to(&mut self, policy: &str) {
        let id = self.organization.id;
        self.outside.write(|tx| store::organization_changed(tx, id, Some(policy))).expect("a change");
    }

    fn directory(&mut self, change: impl FnOnce(&mut TestOrganization, &mut dyn Tx) -> Result<(), store::Error>) {
        let Self { organization, outside, .. } = self;
        let changed = outside.write(|tx| {
            change(organization, tx)?;
            store::organization_touch(tx, organization.id)
        });
        changed.expect("a change of the directory");
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.node = None;
        let mut broken = broken(&self.outside, self.organization.id, Instant(self.clock.now()));
        broken.extend(self.post.messages().iter().map(|sent| format!("nobody looked at: {}", line(sent))));
        assert!(broken.is_empty(), "broken promises:\n  {}", broken.join("\n  "));
    }
}

fn line(sent: &Sent) -> String {
    let seconds = (sent.at.0 - OPENED_AT) / 1_000_000;
    let kind = sent.message.payload["type"].as_str().unwrap_or_default().trim_start_matches("incident.").to_owned();
    let level = sent.message.payload["data"]["assignee_level"].as_i64();
    let level = level.map(|level| format!(" {level}")).unwrap_or_default();
    let (minute, second) = (seconds / 60, seconds % 60);
    format!("{minute}:{second:02} {} {} {kind}{level}", sent.user, sent.channel.word())
}
