//! So many alerts that they are one matter: what becomes of each, and what a person hears of them.

use super::intake::{body, probed};
use checks::{Database, Fittings, House, TestStore};
use domain::RefId;
use domain::directory::Integration;
use domain::intake::{Fate, State};
use engine::{FatesAsked, Incoming, Intake};
use std::collections::{BTreeMap, BTreeSet};

const SECOND: i64 = 1_000_000;
/// Seconds between two messages to one person by one channel, as a server keeps them by default.
const GAP_SECONDS: usize = 10;

/// A body of alerts with these numbers.
fn many(house: &House, integration: &RefId, numbers: std::ops::Range<usize>) -> Intake {
    let mut intake = body(house, integration, "", State::Firing, None, numbers.start);
    let one = intake.alerts.remove(0).received;
    intake.alerts.extend(numbers.map(|number| {
        let mut received = one.clone();
        received.identity = Some(format!("host {number}"));
        received.title = format!("host {number} is down");
        Incoming { id: RefId(house.engine().ids().ref_id()), problem: None, received }
    }));
    intake
}

#[test]
fn ten_thousand_alerts_of_two_integrations_in_a_minute_are_few_messages_and_each_has_its_fate() {
    let store = TestStore::new(Database::Sqlite);
    let mut house = House::fitted(&store, Fittings::paced());
    probed(&mut house, 0);
    let integrations = ["one", "two"].map(|name| {
        let written = serde_json::json!({"name": name, "kind": "generic", "service": "probed"});
        house.put(&serde_json::from_value::<Integration>(written).unwrap());
        house.organization.ref_id(name)
    });
    let mut answered = BTreeMap::new();
    for round in 0..20 {
        let body = many(&house, &integrations[round % 2], 500 * round..500 * (round + 1));
        let taken = house.run(house.engine().take_in(body)).unwrap().unwrap();
        answered.extend(taken.into_iter().map(|taken| (taken.alert_id.0, taken.judged)));
        house.advance_micros(3 * SECOND);
    }
    let fates = house.run(house.engine().fates(house.reader(), FatesAsked::default(), 20_000)).unwrap().fates;
    let kept: BTreeMap<_, _> = fates.into_iter().map(|fate| (fate.alert_id.0, fate.judged)).collect();
    assert_eq!((answered.len(), answered == kept), (10_000, true), "what was answered is what is kept of each");
    let of = |fate| kept.values().filter(|judged| judged.fate == fate).count();
    assert_eq!((of(Fate::Opened), of(Fate::Grouped)), (61, 9_939));
    let incidents: BTreeSet<_> = kept.values().filter_map(|judged| judged.instance_id).map(|id| id.0).collect();
    assert_eq!(incidents.len(), 61, "what was grouped is in the incident of the storm");

    let messages = house.messages();
    let mut told = BTreeSet::new();
    let mut by_channel: BTreeMap<_, usize> = BTreeMap::new();
    for sent in &messages {
        assert_eq!(sent.user.to_string(), "ana");
        *by_channel.entry(format!("{:?}", sent.channel)).or_default() += 1;
        let data = &sent.message.payload["data"];
        match data["instance_ids"].as_array() {
            Some(ids) => told.extend(ids.iter().filter_map(serde_json::Value::as_i64)),
            None => told.extend(data["instance_id"].as_i64()),
        }
    }
    let most = 60 / GAP_SECONDS + 1;
    assert!(!by_channel.is_empty() && by_channel.values().all(|count| *count <= most), "{by_channel:?}");
    assert_eq!(told, incidents, "and none of them is left out");
}
