//! Where a story is played: the real engine and the real router over a real store, with clock and carriers in its hands.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;

use crate::Parts;
use axum::Router;
use axum::body::to_bytes;
use directory::{Administration, NewKey, contact_trust, key_create};
use domain::directory::{ComponentKind, Definition, Fault};
use domain::notification::Channel;
use domain::permission::Scope;
use domain::{InstanceId, Instant, OrganizationId};
use engine::{Clock, Filter, Ids, Reader};
use store::Store;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use super::peers::Peers;
use super::seen::{Seen, events_of};
use crate::Post;
use crate::harness::beat;
use crate::harness::broken;
use crate::{Answer, Call, DESK, Database, PATIENCE, PUBLIC_URL, TestStore, settings};

/// The name of the key by which alerts come in.
const KEY: &str = "monitor";

/// One process: an engine and a router on threads of their own.
struct Node {
    administration: Administration,
    router: Router,
    runtime: Runtime,
}

/// The stage, with a store of its own.
pub(super) struct Stage {
    pub(super) clock: Clock,
    pub(super) post: Post,
    organization: OrganizationId,
    /// The organization's name.
    house: String,
    ids: Ids,
    key: String,
    key_id: i64,
    pub(super) peers: Peers,
    /// The version of each incident up to which its events were looked at.
    looked_at: HashMap<InstanceId, (i64, usize)>,
    seen: Vec<Seen>,
    node: Option<Node>,
    /// The last field: it goes away when all who use it have.
    test: TestStore,
}

impl Stage {
    /// Opens a stage at an instant.
    pub(super) fn open(database: Database, definition: &Definition, at: Instant, peers: Peers) -> Self {
        let test = TestStore::new(database);
        let (clock, ids) = (Clock::held(at.0), Ids::seeded(7));
        directory::apply(test.store(), &ids, domain::Instant(0), definition)
            .expect("it can be applied to an empty store");
        let found = test.store().read(|tx| store::organization_by_name(tx, &definition.name));
        let organization = found.expect("a store").expect("the organization").id;
        let new = NewKey::of(KEY, Scope::Admin);
        let key = key_create(test.store(), &clock, &ids, &definition.name, &new).expect("a key").expect("its owner");
        let keys = test.store().read(|tx| store::key_list(tx, organization)).expect("keys");
        let (post, looked_at) = (Post::new(&clock), HashMap::new());
        let house = definition.name.clone();
        let (seen, key_id) = (Vec::new(), keys[0].id);
        let mut stage =
            Self { clock, post, organization, house, ids, key, key_id, peers, looked_at, seen, node: None, test };
        stage.restart();
        stage
    }

    /// The server dies where it stands, and another one starts over the same store.
    pub(super) fn restart(&mut self) {
        self.node = None;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("threads");
        let mut carriers: BTreeMap<_, _> = Channel::ALL.into_iter().map(|by| (by, self.post.carrier(by))).collect();
        let real = self.peers.carriers(&self.clock).into_iter();
        carriers.extend(real.map(|(by, carrier)| (by, self.post.in_front_of(by, carrier))));
        let parts = Parts {
            store: Store::open(&self.test.url).expect("the store opens once more"),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            carriers,
            desk: DESK,
            public_url: Some(PUBLIC_URL.to_owned()),
            pacing: self.peers.pacing(),
            twilio_auth_token: Some(crate::TOKEN.to_owned()),
            fetch: None,
        };
        let administration = parts.start();
        let router = web::router(administration.clone(), settings());
        runtime.block_on(administration.notifier().take_over()).expect("what was under way is taken over");
        self.node = Some(Node { administration, router, runtime });
    }

    /// Makes the directory another one, as another process does.
    pub(super) fn change(&self, definition: &Definition) -> Result<(), String> {
        directory::apply(self.test.store(), &self.ids, domain::Instant(0), definition)
            .map_err(|error| format!("{error:?}"))?;
        Ok(())
    }

    /// What to look at in a directory.
    pub(super) fn warnings(&self, definition: &Definition) -> Vec<Fault> {
        directory::warnings(self.test.store(), definition, self.now()).expect("warnings")
    }

    /// Lets a contact count as proved.
    pub(super) fn verify(&self, user: &str, channel: Channel) -> Result<(), String> {
        let trusted = contact_trust(self.test.store(), &self.clock, &self.ids, &self.house, (user, channel));
        trusted.map(drop).map_err(|error| format!("{user}'s {}: {error:?}", channel.word()))
    }

    fn node(&self) -> &Node {
        self.node.as_ref().expect("there until dropped")
    }

    pub(super) fn now(&self) -> Instant {
        Instant(self.clock.now())
    }

    fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let bounded = async { tokio::time::timeout(PATIENCE, work).await };
        self.node().runtime.block_on(bounded).expect("something hangs")
    }

    /// Sends a request with the key and waits for the answer; what it caused is looked at before anything follows.
    pub(super) fn send(&mut self, call: Call) -> Answer {
        let call = call.key(&self.key);
        self.send_as_stranger(call)
    }

    /// Sends a request as it is.
    pub(super) fn send_as_stranger(&mut self, call: Call) -> Answer {
        let router = self.node().router.clone();
        let answer = self.run(async {
            let response = router.oneshot(call.into_request()).await.expect("a router always answers");
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, usize::MAX).await.expect("a whole body");
            Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec() }
        });
        self.look();
        answer
    }

    /// Lets the time pass up to `end`; whatever comes due is done at its time.
    pub(super) fn pass_until(&mut self, end: Instant) {
        while let Some(next) = self.settle().filter(|at| *at <= end) {
            self.clock.set(next.0);
        }
        self.clock.set(end.0);
        self.settle();
    }

    /// Does all that is due now; when something is due next.
    pub(super) fn settle(&mut self) -> Option<Instant> {
        // Far more than any story needs; a beat that always finds something to do never ends otherwise.
        for _ in 0..10_000 {
            let (report, is_settled) = self.run(beat(&self.node().administration, &self.post));
            self.look();
            if is_settled {
                return report.next_at;
            }
        }
        panic!("the engine says again and again that something is due")
    }

    /// What was seen since the last time this was asked.
    pub(super) fn take_seen(&mut self) -> Vec<Seen> {
        std::mem::take(&mut self.seen)
    }

    /// Looks at the logs of the incidents, then at the messages, then at what is said of messages that were given up.
    fn look(&mut self) {
        let reader = Reader { organization: self.organization, credential: engine::Credential::Key(self.key_id) };
        let engine = self.node().administration.engine().clone();
        let mut events = Vec::new();
        let listed = self.run(engine.incidents(reader.clone(), Filter::default(), 5_000)).expect("the incidents");
        for (incident, _) in listed.incidents.iter().rev() {
            let (version, count) = self.looked_at.get(&incident.instance_id).copied().unwrap_or_default();
            if version != incident.version {
                let details = self.run(engine.details(reader.clone(), incident.instance_id)).expect("the incident");
                events.extend(events_of(&details).into_iter().skip(count));
                self.looked_at.insert(incident.instance_id, (incident.version, details.events.len()));
            }
        }
        let (mut failures, events): (Vec<_>, Vec<_>) = events.into_iter().partition(Seen::is_failure);
        // Messages that were sent at the same time fail in any order.
        failures.sort_by_key(Seen::order);
        self.seen.extend(events);
        let messages = self.post.messages();
        let (heard, now) = (self.peers.heard(&messages), self.now());
        self.seen.extend(messages.into_iter().map(Box::new).map(Seen::Message));
        self.seen.extend(heard.into_iter().map(|text| Seen::Outside(now, text)));
        self.seen.extend(failures);
    }

    /// The ids of all components with kind and name, such as `service web`; a user's own policy is `ana's policy`.
    pub(super) fn names(&self) -> Vec<(String, String)> {
        let rows = self.test.store().read(|tx| store::component_list(tx, self.organization)).expect("components");
        let mut names = Vec::new();
        for row in rows {
            let kind = match row.kind {
                ComponentKind::EscalationPolicy => "policy",
                kind => kind.word(),
            };
            names.push((row.ref_id.as_str().to_owned(), format!("{} {}", kind.replace('_', " "), row.name)));
            names.extend(row.own_policy.map(|own| (own.as_str().to_owned(), format!("{}'s policy", row.name))));
        }
        names
    }

    /// Ends the story: every promise that is broken, in words.
    pub(super) fn close(mut self) -> Vec<String> {
        self.node = None;
        broken(self.test.store(), self.organization, self.now())
    }
}
