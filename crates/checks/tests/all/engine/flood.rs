//! A flood: two and a half thousand incidents for one person in one minute.

use std::collections::{BTreeMap, BTreeSet};

use checks::{Database, Fittings, House, Sent, TestStore, eve, usual_pace};
use domain::incident::{Command, Outcome, Status};
use domain::notification::Channel::{self, Email, Sms, Voice};
use domain::{InstanceId, Instant};
use engine::Filter;
use serde_json::json;

/// How often incidents come, how many at a time, and how many microseconds later the next ones.
const TIMES: usize = 50;
const AT_A_TIME: usize = 50;
const GAP_MICROS: i64 = 60_000_000 / 50;

/// Asks for all of these at the same time; every one must be done.
fn together(house: &House, requests: Vec<engine::Request>) -> Vec<Outcome> {
    house.run(async {
        let mut under_way = tokio::task::JoinSet::new();
        for request in requests {
            let engine = house.engine().clone();
            under_way.spawn(async move { engine.act(request).await.expect("it is taken in") });
        }
        under_way.join_all().await
    })
}

/// The incidents that a message tells of.
fn listed(sent: &Sent) -> BTreeSet<i64> {
    let data = &sent.message.payload["data"];
    let many = data["instance_ids"].as_array().into_iter().flatten();
    many.chain([&data["instance_id"]]).filter_map(serde_json::Value::as_i64).collect()
}

/// What went out so far, by channel.
#[derive(Default)]
struct Heard {
    times: BTreeMap<Channel, Vec<Instant>>,
    listed: BTreeMap<Channel, BTreeSet<i64>>,
}

impl Heard {
    fn listen(&mut self, house: &House) {
        for sent in house.messages() {
            assert_eq!(sent.user, "eve");
            self.times.entry(sent.channel).or_default().push(sent.at);
            self.listed.entry(sent.channel).or_default().extend(listed(&sent));
        }
    }

    fn keeps_the_pace(&self) {
        for (channel, pacing) in usual_pace() {
            let times = self.times.get(&channel).map_or(&[][..], Vec::as_slice);
            let gap = i64::from(pacing.gap_seconds) * 1_000_000;
            assert!(times.windows(2).all(|pair| pair[1].0 - pair[0].0 >= gap), "{channel:?}: {times:?}");
            let most = pacing.messages_per_hour.map_or(usize::MAX, |most| most as usize);
            assert!(times.len() <= most, "{channel:?}: {} messages", times.len());
        }
    }
}

/// She is texted at once and called after two minutes; an e-mail comes at once, too.
fn reachable(house: &mut House) {
    let mut eve = eve();
    let rule = json!([{ "urgencies": [4], "steps": [
        { "after_minutes": 0, "channel": "email" },
        { "after_minutes": 0, "channel": "sms" },
        { "after_minutes": 2, "channel": "voice" },
    ] }]);
    eve.notification_rules = serde_json::from_value(rule).unwrap();
    house.put(&eve);
    [Sms, Voice].into_iter().for_each(|channel| house.verify("eve", channel));
}

/// Everything comes in; the numbers of the incidents.
fn storm(house: &mut House, heard: &mut Heard) -> BTreeSet<i64> {
    let mut ids = BTreeSet::new();
    for time in 0..TIMES {
        let orders = (0..AT_A_TIME).map(|number| {
            let mut order = house.organization.order(&format!("Line {} is down", time * AT_A_TIME + number));
            order.service = Some(house.organization.ref_id("lines"));
            house.order(order)
        });
        for outcome in together(house, orders.collect()) {
            let Outcome::Created { instance_id, .. } = outcome else { panic!("{outcome:?}") };
            ids.insert(instance_id.0);
        }
        house.advance_micros(GAP_MICROS);
        heard.listen(house);
    }
    ids
}

fn is_told_in_few_messages_and_silent_once_acknowledged(database: Database) {
    let store = TestStore::new(database);
    let mut house = House::fitted(&store, Fittings { pacing: usual_pace(), ..Fittings::default() });
    reachable(&mut house);
    let mut heard = Heard::default();
    let ids = storm(&mut house, &mut heard);
    assert_eq!(ids.len(), TIMES * AT_A_TIME);

    // The last of it is texted after a minute, and called after two and the gap between calls.
    house.advance(6);
    heard.listen(&house);
    heard.keeps_the_pace();
    for channel in [Email, Sms, Voice] {
        assert_eq!(heard.listed[&channel], ids, "{channel:?}");
    }

    let all: Vec<i64> = ids.iter().copied().collect();
    for some in all.chunks(AT_A_TIME) {
        let acknowledge = |id: &i64| house.request(Some(InstanceId(*id)), Command::Acknowledge);
        together(&house, some.iter().map(acknowledge).collect());
    }
    house.advance(7);
    assert!(house.told().is_empty());
    let open = Filter { statuses: vec![Status::Open], ..Filter::default() };
    let open = house.run(house.engine().incidents(house.reader(), open, 1)).unwrap();
    assert!(open.incidents.is_empty());
    house.finish();
}

#[test]
fn thousands_of_incidents_in_a_minute_are_few_messages_and_then_silence_on_sqlite() {
    is_told_in_few_messages_and_silent_once_acknowledged(Database::Sqlite);
}

#[test]
fn thousands_of_incidents_in_a_minute_are_few_messages_and_then_silence_on_postgresql() {
    is_told_in_few_messages_and_silent_once_acknowledged(Database::Postgresql);
}
