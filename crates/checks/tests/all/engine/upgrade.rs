//! A store of every released version, with the rows that it wrote, goes on under this one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use checks::{DESK, Database, Parts, TestStore};
use directory::KeyState;
use domain::alert::Addressees;
use domain::incident::{Command, Happening, Method, Order, Routing, Status};
use domain::notification::Channel;
use domain::{InstanceId, Instant, Urgency};
use engine::{Clock, Ids, Reader, Request};
use notify::carrier::{BoxFuture, Carrier, Message, Outcome, Report};
use store::{Filter, MIGRATIONS, Store, migrate, migrate_through};
use tokio::runtime::Runtime;

/// When the last server of the old version stopped.
const STOPPED_AT: i64 = 1_772_438_401_000_000;
const KEY: &str = "reveille_made-by-the-first-release";

/// What each release wrote, in the order of the migrations; the newest has none after it to go on under.
const RELEASED: [&[&[&str]]; 15] = [
    &[FIRST],
    &[FIRST, SECOND],
    &[FIRST, SECOND, THIRD],
    &[FIRST, SECOND, THIRD, FOURTH],
    &[FIRST, SECOND, THIRD, FOURTH, FIFTH],
    &[FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH],
    &[FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH],
    &[FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH],
    &[FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH],
    &[FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH, TENTH],
    &[FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH, TENTH, ELEVENTH],
    &[FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH, TENTH, ELEVENTH, TWELFTH],
    &[FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH, TENTH, ELEVENTH, TWELFTH, THIRTEENTH],
    &[
        FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH, TENTH, ELEVENTH, TWELFTH, THIRTEENTH,
        FOURTEENTH,
    ],
    &[
        FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH, TENTH, ELEVENTH, TWELFTH, THIRTEENTH,
        FOURTEENTH, FIFTEENTH,
    ],
];

/// Ana was paged for an open incident, which failed for now; Ben's webhook was refused for good; another incident is over.
const FIRST: &[&str] = &[
    "insert into organization (name, version) values ('house', 3)",
    "insert into incident_counter (organization_id, last_number) values (1, 2)",
    r#"insert into component (organization_id, kind, name, ref_id, own_policy_ref_id, position, body) values
        (1, 'user', 'ana', '1w0yWeThS2OcZjz01zxMBA', 'AiqxuoBASOaLKT5ncOs6lQ', 0,
            '{"username":"ana","display_name":"Ana Alves","email":"ana@example.org","role":"admin"}'),
        (1, 'user', 'ben', '2iEeamY7Q3ORqr7Lhr7aPw', '9tDCM6HES3e-vgI9Udb8Uw', 1,
            '{"username":"ben","webhook":{"url":"https://example.org/ben","secrets":["whsec_c2VjcmV0c2VjcmV0"]}}'),
        (1, 'escalation_policy', 'ladder', 'MM5JXd_WTOepuR86Mx_Y9Q', null, 0,
            '{"name":"ladder","levels":[{"minutes":5,"users":["ana"]},{"minutes":10,"users":["ben"]}]}'),
        (1, 'service', 'web', 'eIpEjMpaTPis-Ilrq7DiDQ', null, 0,
            '{"name":"web","escalation_policy":"ladder","acknowledgement_minutes":20}')"#,
    "insert into api_key (organization_id, name, digest, tail, scope, allow, created_at) values
        (1, 'robot', '4fad7b4dde2b34feabbfcda646a2da92146986222127831c7a73487bb218dafd', 'lease', 'admin', '',
            1772438300000000)",
    r#"insert into incident (organization_id, organization_instance_id, version, status, urgency, service_ref_id,
        created_at, due_at, is_stranded, body) values
        (1, 1, 2, 'OPEN', 4, 'eIpEjMpaTPis-Ilrq7DiDQ', 1772438400000000, 1772438700000000, false,
            '{"status":"OPEN","title":"Disk full","urgency":4,"service":"eIpEjMpaTPis-Ilrq7DiDQ",
            "task_ref_id":"QJxLCdRCTGGsSn_dp0r3Dg","created_by":"robot","integration_name":null,
            "created_at":1772438400000000,"resolved_at":null,"last_alert_at":1772438400000000,
            "next_alert_at":1772438700000000,"resolve_at":null,"level":1,
            "targets":[{"policy":"MM5JXd_WTOepuR86Mx_Y9Q","joined_at_level":1}],"assignees":["ana"],"tags":["db"],
            "subscribers":["ben"],"impacts":[],"bridges":[],"status_updates":0,"dedup_key":"disk",
            "suppressed_count":0,"last_suppressed_at":null,"merged_into":null,"round":0,"stranded":false}'),
        (1, 2, 2, 'RESOLVED', 4, 'eIpEjMpaTPis-Ilrq7DiDQ', 1772438400000000, null, false,
            '{"status":"RESOLVED","title":"Old","urgency":4,"service":"eIpEjMpaTPis-Ilrq7DiDQ",
            "task_ref_id":"9kAiNhgzTlGPpqld7UMOiA","created_by":"robot","integration_name":null,
            "created_at":1772438400000000,"resolved_at":1772438400000000,"last_alert_at":1772438400000000,
            "next_alert_at":1772438700000000,"resolve_at":null,"level":1,
            "targets":[{"policy":"MM5JXd_WTOepuR86Mx_Y9Q","joined_at_level":1}],"assignees":[],"tags":[],
            "subscribers":[],"impacts":[],"bridges":[],"status_updates":0,"dedup_key":null,
            "suppressed_count":0,"last_suppressed_at":null,"merged_into":null,"round":1,"stranded":false}')"#,
    "insert into incident_label (organization_id, kind, value, instance_id) values
        (1, 'assignee', 'ana', 1), (1, 'tag', 'db', 1)",
    "insert into alert (organization_id, instance_id, ref_id, created_at, grouping_kind, title, text, urgency,
        service_ref_id, addressed_to, dedup_key, resolved_at) values
        (1, 1, 'QJxLCdRCTGGsSn_dp0r3Dg', 1772438400000000, 'TRIGGERED', 'Disk full', 'More about it', 4,
            'eIpEjMpaTPis-Ilrq7DiDQ', '{}', 'disk', null),
        (1, 2, '9kAiNhgzTlGPpqld7UMOiA', 1772438400000000, 'TRIGGERED', 'Old', '', 4,
            'eIpEjMpaTPis-Ilrq7DiDQ', '{}', null, 1772438400000000)",
    r#"insert into event (organization_id, instance_id, sequence, at, method, by_name, body) values
        (1, 1, 1048576, 1772438400000000, 'INCIDENTS_API', 'robot',
            '{"type":"trigger","title":"Disk full","urgency":4,"service":"eIpEjMpaTPis-Ilrq7DiDQ",
            "task_ref_id":"QJxLCdRCTGGsSn_dp0r3Dg",
            "targets":[{"policy":"MM5JXd_WTOepuR86Mx_Y9Q","joined_at_level":1}],"tags":["db"],"dedup_key":"disk",
            "alerting":{"level":1,"assignees":["ana"],"next_alert_at":1772438700000000}}'),
        (1, 1, 2097152, 1772438400000000, 'SYSTEM', null,
            '{"type":"delivery_failed","user":"ben","channel":"webhook","answer":"HTTP 410"}')"#,
    r#"insert into notification (organization_id, instance_id, sequence, username, channel, state, is_page, round,
        due_at, next_at, attempts, finished_at, fate, body) values
        (1, 1, 1048576, 'ana', 'email', 'waiting', true, 0, 1772438400000000, 1772438402000000, 1, null, null,
            '{"reason":{"kind":"page","level":1},"title":"Disk full","urgency":4,"created_at":1772438400000000,
            "task_ref_id":"QJxLCdRCTGGsSn_dp0r3Dg"}'),
        (1, 2, 1048576, 'ana', 'email', 'dropped', true, 0, 1772438400000000, null, 1, 1772438400000000,
            'somebody acted',
            '{"reason":{"kind":"page","level":1},"title":"Old","urgency":4,"created_at":1772438400000000,
            "task_ref_id":"9kAiNhgzTlGPpqld7UMOiA"}')"#,
    "insert into attempt (organization_id, instance_id, sequence, attempt, at, elapsed_micros, outcome, answer) values
        (1, 1, 1048576, 1, 1772438400000000, 90, 'temporary failure', '451 not now')",
    r#"insert into idempotency (organization_id, idempotency_key, digest, outcome, expires_at) values
        (1, 'k', 'd', '{"outcome":"done"}', 1772524800000000)"#,
];

/// The page was put off by itself, since Ana's mail server kept failing.
const SECOND: &[&str] = &[
    "update notification set fate = 'the destination keeps failing and is left alone: 451 not now', bundle = 'ntf_1_100000'
        where instance_id = 1",
    "insert into pace (organization_id, username, channel, sent_at, hour_from, hour_count) values
        (1, 'ana', 'email', 1772438400000000, 1772438400000000, 1)",
];

/// Ana's mailbox is closed, since her mail server keeps failing; it lets go what it holds when the next server looks.
const THIRD: &[&str] = &[
    "insert into mailbox (organization_id, channel, username, next_at, reason) values
        (1, 'email', 'ana', 1772438402000000, 'the destination keeps failing and is left alone: 451 not now')",
    "update notification set next_at = 9000000000000000001 where instance_id = 1",
];

/// People are found by the status of the incident that they have; somebody sent a wrong code.
const FOURTH: &[&str] = &[
    "update incident_label set kind = 'OPEN' where kind = 'assignee'",
    "insert into hourly_count (organization_id, subject, since, times) values (0, 'wrong code from +15550100', 1772438400000000, 1)",
];

/// A monitoring tool spoke of the open incident, by an integration that is there no more.
const FIFTH: &[&str] = &[
    "insert into problem (organization_id, digest, integration_ref_id, instance_id, alert_ref_id, is_over, urgency, said_at,
        heard_at, delivery, last_alert_id, flaps, waiting, due_at) values (1, 'p', 'Kf1uMrO7SkyeQ0n0mfDlzA', 1,
        'QJxLCdRCTGGsSn_dp0r3Dg', false, 4, null, 1772438400000000, 'd', 'QJxLCdRCTGGsSn_dp0r3Dg', null, null, null)",
    "insert into fate (organization_id, alert_id, received_at, integration_ref_id, digest, fate, because, instance_id, body)
        values (1, 'QJxLCdRCTGGsSn_dp0r3Dg', 1772438400000000, 'Kf1uMrO7SkyeQ0n0mfDlzA', 'p', 'opened', null, 1,
        '{\"state\":\"firing\"}')",
];

/// A mail came in.
const SIXTH: &[&str] = &["insert into delivery (organization_id, digest, problem, alert_id, received_at)
        values (1, 'm', 'p', 'QJxLCdRCTGGsSn_dp0r3Dg', 1772438400000000)"];

/// Ana signed in, and changed her name herself.
const SEVENTH: &[&str] = &[
    r#"update component set version = 2, managed_by = 'file', source = 'acme.toml:3', created_at = 1772438300000000,
        updated_at = 1772438300000000, updated_by = 'ana',
        personal = '{"display_name":{"by":"ana","at":"2026-03-02T07:58:20"}}' where name = 'ana'"#,
    "insert into session (organization_id, digest, session_ref_id, ref_id, made_at, last_used_at, ends_at, fresh_at, means,
        with_factor, device, network) values (1, 'd', 'Kf1uMrO7SkyeQ0n0mfDlzA', '1w0yWeThS2OcZjz01zxMBA', 1772438300000000,
        1772438300000000, 1780214300000000, 1772438300000000, 'password', false, 'a browser', '127.0.0.0/24')",
];

/// There is a browser of somebody who left, and somebody looked at a page while an alert joined a group.
const EIGHTH: &[&str] = &[
    "insert into push_device (organization_id, id, ref_id, name, endpoint, p256dh, auth, made_at)
    values (1, 'd1', 'Kf1uMrO7SkyeQ0n0mfDlzB', 'a phone', 'https://push.example.org/1', 'p', 'a', 1772438400000000)",
    "update incident_counter set watched_until = 1772438400000000, last_pulse = 1",
    "insert into pulse (organization_id, number, made_at, instance_id) values (1, 1, 1772438400000000, 1)",
    "insert into alert_group (organization_id, digest, instance_id, members, began_at, last_at, said_at, unsaid)
        values (1, 'g', 1, 2, 1772438300000000, 1772438400000000, 1772438300000000, 1)",
];

/// Somebody left, a key that ended is still in use, and an alert waited for the end of a maintenance window.
const NINTH: &[&str] = &[
    "insert into former_person (organization_id, ref_id, username, handle, name, left_at) values
        (1, 'Kf1uMrO7SkyeQ0n0mfDlzB', 'cem', 'cem', 'Cem', 1772438400000000)",
    "insert into turned_away (organization_id, integration_ref_id, reason, times, last_at) values
        (1, 'Kf1uMrO7SkyeQ0n0mfDlzA', 'ended_key', 2, 1772438400000000)",
    "insert into fate (organization_id, alert_id, received_at, integration_ref_id, digest, fate, because, body)
        values (1, 'XJxLCdRCTGGsSn_dp0r3Dg', 1772438400000000, 'Kf1uMrO7SkyeQ0n0mfDlzA', 'q', 'maintenance', 'move',
        '{\"state\":\"firing\"}')",
    "update alert_group set since_round = 1, since_alerts = 1, since_at = 1772438400000000",
];

/// That alert was over before the window was.
const TENTH: &[&str] = &["update fate set fate = 'transient', because = null, fate_at = 1772438400000001
    where alert_id = 'XJxLCdRCTGGsSn_dp0r3Dg'"];

/// Somebody ended by hand what an integration had told of.
const ELEVENTH: &[&str] = &["update problem set is_over = true, ended_here_at = 1772438400000001 where digest = 'p'"];

/// A change was told of a service that went since.
const TWELFTH: &[&str] = &[
    r#"insert into change_event (organization_id, id, digest, integration_ref_id, service_ref_id, occurred_at, received_at, body)
        values (1, 'c', 'd', '6jbYk31vSAaqLMi-fPp89R', 'Z9mn4KLvoDhqLMi-uhc7-g', 1772438400000000, 1772438400000000, '{}')"#,
    "insert into component_version (organization_id, ref_id, version, kind, name, position, body)
        values (1, 'Z9mn4KLvoDhqLMi-uhc7-g', 3, 'service', 'old', 0, null)",
];

/// Another service went.
const THIRTEENTH: &[&str] = &["insert into former_component (organization_id, ref_id, kind, name)
        values (1, 'Y9mn4KLvoDhqLMi-uhc7-g', 'service', 'older')"];

/// Ben was told of what was over in one message.
const FOURTEENTH: &[&str] = &[
    "insert into message (delivery_id, organization_id, channel, username, state, attempts, due_at, finished_at, size)
        values ('ntf_2_100000', 1, 'webhook', 'ben', 'sent', 1, 1772438400000000, 1772438400000001, 2)",
    "insert into message_attempt (delivery_id, attempt, at, elapsed_micros, outcome, answer)
        values ('ntf_2_100000', 1, 1772438400000000, 90, 'delivered', '200')",
];

/// A service that a file has was removed beside it.
const FIFTEENTH: &[&str] = &["insert into former_component
    (organization_id, ref_id, kind, name, name_in_file, source, removed_by, removed_at)
    values (1, 'W9mn4KLvoDhqLMi-uhc7-g', 'service', 'away', 'away', 'house.toml:3', 'ana', 1772438400000000)"];

/// Ana's mail server was told of two pages at once, and was busy.
const TOLD_OF_TWO: &[&str] = &[
    "update notification set bundle = 'ntf_1_100000' where instance_id = 1",
    r#"insert into notification (organization_id, instance_id, sequence, username, channel, state, is_page, round,
        due_at, next_at, attempts, finished_at, fate, body, bundle) values
        (1, 1, 1048577, 'ana', 'email', 'waiting', true, 0, 1772438400000000, 1772438402000000, 1, null, null,
            '{"reason":{"kind":"page","level":1},"title":"Disk full","urgency":4,"created_at":1772438400000000,
            "task_ref_id":"QJxLCdRCTGGsSn_dp0r3Dg"}', 'ntf_1_100000')"#,
];

const TABLES: [&str; 11] = [
    "organization",
    "incident_counter",
    "component",
    "api_key",
    "incident",
    "incident_label",
    "alert",
    "event",
    "notification",
    "attempt",
    "idempotency",
];

/// Keeps every message.
struct Recorder(Arc<Mutex<Vec<Message>>>);

impl Carrier for Recorder {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        self.0.lock().unwrap().push(message.clone());
        Box::pin(async { Report { outcome: Outcome::Delivered, answer: "250 OK".to_owned(), elapsed_micros: 0 } })
    }
}

fn rows(store: &Store) -> Vec<i64> {
    let count = |table: &&str| {
        let sql = format!("select count(*) from {table}");
        store.read(|tx| tx.one(&sql, &[])).unwrap().unwrap().integer(0).unwrap()
    };
    TABLES.iter().map(count).collect()
}

#[test]
fn a_store_of_every_released_version_is_migrated_and_its_incidents_go_on() {
    assert_eq!(RELEASED.len(), MIGRATIONS.len() - 1, "write down what the release before the newest migration wrote");
    for database in [Database::Sqlite, Database::Postgresql] {
        for (release, written) in (1..).zip(RELEASED) {
            let test = TestStore::blank(database);
            let store = test.store();
            migrate_through(store, &MIGRATIONS[..release], 5).unwrap();
            for sql in written.iter().copied().flatten() {
                store.write(|tx| tx.run(sql, &[])).unwrap_or_else(|error| panic!("{database:?}: {error}"));
            }
            let before = rows(store);
            let names: Vec<_> = MIGRATIONS[release..].iter().map(|migration| migration.name).collect();
            assert_eq!(migrate(store, 6).unwrap(), names);
            assert_eq!(rows(store), before, "{database:?}: nothing is lost");
            let of_ana = Filter { assignee: Some("ana".into()), statuses: vec![Status::Open], ..Filter::default() };
            let found = store.read(|tx| store::incident_list(tx, domain::OrganizationId(1), &of_ana, 9)).unwrap();
            assert_eq!(found.len(), 1, "{database:?}: and people find what is with them");
            goes_on(&test);
        }
    }
}

#[test]
fn a_message_that_was_on_its_way_before_messages_had_rows_of_their_own_is_tried_again_as_it_was() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let test = TestStore::blank(database);
        let (store, one, now) = (test.store(), domain::OrganizationId(1), Instant(STOPPED_AT + 2_000_000));
        migrate_through(store, &MIGRATIONS[..13], 5).unwrap();
        for sql in RELEASED[12].iter().copied().flatten().chain(TOLD_OF_TWO) {
            store.write(|tx| tx.run(sql, &[])).unwrap_or_else(|error| panic!("{database:?}: {error}"));
        }
        // What the release wrote is held in a closed mailbox; this message is not.
        store
            .write(|tx| tx.run("update notification set next_at = 1772438402000000 where next_at is not null", &[]))
            .unwrap();
        migrate(store, 6).unwrap();
        let list = || store.read(|tx| store::notification_list(tx, one, InstanceId(1), -1, 9)).unwrap();
        let stands: Vec<_> = list().into_iter().map(|row| (row.state, row.attempts, row.next_at.is_some())).collect();
        assert_eq!(stands, [("waiting".to_owned(), 1, true), ("waiting".to_owned(), 1, true)]);
        let due = store.write(|tx| store::message_due(tx, one, Channel::Email, now, 9)).unwrap();
        let known: Vec<_> = due.iter().map(|due| (due.bundle.as_deref(), due.attempts)).collect();
        assert_eq!(known, [(Some("ntf_1_100000"), 1)]);
        let count = store.write(|tx| store::message_claim(tx, "ntf_1_100000", now.plus_micros(9))).unwrap();
        let this = store::Try { delivery_id: "ntf_1_100000".to_owned(), attempt: 2 };
        let contents = store.read(|tx| store::message_contents(tx, &this, None, 9)).unwrap();
        assert_eq!((count, contents.bundled.len()), (2, 2));
    }
}

/// The page is tried again, the ladder is climbed, a person acknowledges, and new incidents are numbered on.
fn goes_on(test: &TestStore) {
    let (clock, sent) = (Clock::held(STOPPED_AT), Arc::new(Mutex::new(Vec::new())));
    let carrier: Arc<dyn Carrier> = Arc::new(Recorder(Arc::clone(&sent)));
    let parts = Parts {
        store: Store::open(&test.url).unwrap(),
        clock: clock.clone(),
        ids: Ids::seeded(7),
        carriers: Channel::ALL.into_iter().map(|channel| (channel, Arc::clone(&carrier))).collect(),
        desk: DESK,
        public_url: None,
        pacing: BTreeMap::new(),
        twilio_auth_token: None,
        fetch: None,
    };
    let runtime = Runtime::new().unwrap();
    let administration = parts.start();
    let (engine, notifier) = (administration.engine(), administration.notifier());
    let told = |minutes: i64| {
        clock.advance(minutes * 60_000_000);
        runtime.block_on(async {
            notifier.beat().await.unwrap();
            notifier.all_sent().await;
        });
        std::mem::take(&mut *sent.lock().unwrap()).into_iter().map(|message| (message.subject, message.attempt))
    };
    let subject = || "[#1] High: Disk full".to_owned();
    assert_eq!(told(1).collect::<Vec<_>>(), [(subject(), 2)], "what failed for now is tried again");
    assert_eq!(told(5).collect::<Vec<_>>(), [(subject(), 1)], "and the next level is asked");
    let KeyState::Valid(key) = runtime.block_on(administration.key(KEY)).unwrap() else {
        panic!("the key is not known")
    };
    let reader = Reader { organization: key.organization, credential: engine::Credential::Key(key.id) };
    let request = |instance_id, command| Request {
        organization: key.organization,
        credential: Some(engine::Credential::Key(key.id)),
        method: Method::IncidentsApi,
        by: Some("ana".to_owned()),
        integration: None,
        instance_id,
        command,
        idempotency: None,
    };
    let id = InstanceId(1);
    runtime.block_on(engine.act(request(Some(id), Command::Acknowledge))).unwrap();
    let details = runtime.block_on(engine.details(reader.clone(), id)).unwrap();
    assert_eq!((details.incident.status, details.text.as_str()), (Status::Acknowledged, "More about it"));
    assert!(matches!(&details.events[1].what, Happening::DeliveryFailed { next: None, .. }));
    let rows = runtime.block_on(notifier.notifications(reader, id, None, 9)).unwrap();
    let stand: Vec<_> = rows.iter().map(|(row, attempts)| (row.state.as_str(), attempts.len())).collect();
    assert_eq!(stand, [("sent", 2), ("sent", 1)]);
    let order = Order {
        task_ref_id: "AAAAAAAAAAAAAAAAAAAAAA".into(),
        title: "New".to_owned(),
        text: String::new(),
        urgency: Urgency::High,
        service: Some("eIpEjMpaTPis-Ilrq7DiDQ".into()),
        addressed_to: Addressees::default(),
        notes: None,
        tags: Vec::new(),
        dedup_key: None,
        integration_name: None,
        source: None,
        payload: serde_json::Value::Null.into(),
        routing: Routing::Apply,
        after_maintenance: None,
    };
    let made = runtime.block_on(engine.act(request(None, Command::Trigger(Box::new(order))))).unwrap();
    assert!(matches!(made, domain::incident::Outcome::Created { instance_id: InstanceId(3), .. }), "{made:?}");
    assert_eq!(told(0).collect::<Vec<_>>(), [("[#3] High: New".to_owned(), 1)]);
}
