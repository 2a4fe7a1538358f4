//! What senders say, on two nodes at once, and in any order.

use checks::{DESK, Database, House, TestStore};
use domain::directory::{EscalationPolicy, Integration, SenderKind, Service};
use domain::incident::{Command, Status};
use domain::intake::{Fate, Received, State};
use domain::routing::Rule;
use domain::{InstanceId, Instant, RefId, Urgency};
use engine::{FatesAsked, Incoming, Intake, Taken, digest};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A house with an integration for Ana, on a service whose incidents are opened again within so many minutes; the
/// integration's id.
fn open(store: &TestStore, reopen_minutes: u32) -> (House, RefId) {
    let mut house = House::over(store, DESK);
    probed(&mut house, reopen_minutes);
    let written = serde_json::json!({"name": "probe", "kind": SenderKind::Generic, "service": "probed"});
    let integration: Integration = serde_json::from_value(written).unwrap();
    house.put(&integration);
    let ref_id = house.organization.ref_id("probe");
    (house, ref_id)
}

/// The service `probed`, for Ana.
pub(super) fn probed(house: &mut House, reopen_minutes: u32) {
    let alone = serde_json::json!({"name": "alone", "levels": [{"minutes": 5, "users": ["ana"]}]});
    house.put(&serde_json::from_value::<EscalationPolicy>(alone).unwrap());
    let service = serde_json::json!({"name": "probed", "escalation_policy": "alone", "reopen_minutes": reopen_minutes});
    house.put(&serde_json::from_value::<Service>(service).unwrap());
}

/// A body with one alert.
pub(super) fn body(
    house: &House,
    integration: &RefId,
    identity: &str,
    state: State,
    at: Option<Instant>,
    salt: usize,
) -> Intake {
    let received = Received {
        identity: Some(identity.to_owned()),
        title: format!("{identity} is down"),
        urgency: Some(Urgency::High),
        occurred_at: at,
        ..Received::of(state)
    };
    let id = RefId(house.engine().ids().ref_id());
    Intake {
        origin: None,
        organization: house.organization.id,
        integration: integration.clone(),
        alerts: vec![Incoming { id, problem: None, received }],
        event_id: None,
        body_digest: digest(&salt.to_string()),
        body: String::new(),
    }
}

#[test]
fn two_nodes_that_hear_the_same_problem_open_it_once_and_every_alert_has_a_fate() {
    let store = TestStore::new(Database::Postgresql);
    let (house, integration) = open(&store, 0);
    let engines = [house.engine().clone(), house.another_node().engine().clone()];
    let taken = house.run(async {
        let mut tasks = tokio::task::JoinSet::new();
        for task in 0..16_usize {
            let bodies: Vec<_> = (0..20)
                .map(|number| {
                    let identity = format!("host {}", (number + task) % 10);
                    body(&house, &integration, &identity, State::Firing, None, task * 100 + number)
                })
                .collect();
            let engine = engines[task % 2].clone();
            tasks.spawn(async move {
                let mut taken = Vec::new();
                for body in bodies {
                    taken.extend(engine.take_in(body).await.expect("it is taken in").expect("an integration"));
                }
                taken
            });
        }
        tasks.join_all().await.into_iter().flatten().collect::<Vec<Taken>>()
    });
    let opened = taken.iter().filter(|taken| taken.judged.fate == Fate::Opened).count();
    let joined = taken.iter().filter(|taken| taken.judged.fate == Fate::Joined).count();
    assert_eq!((opened, joined), (10, 310));
    let asked = FatesAsked::default();
    let kept = house.run(house.engine().fates(house.reader(), asked, 1_000)).unwrap().fates;
    let mut ids: Vec<_> = kept.iter().map(|fate| fate.alert_id.clone()).collect();
    let mut answered: Vec<_> = taken.iter().map(|taken| taken.alert_id.clone()).collect();
    ids.sort();
    answered.sort();
    assert_eq!(ids, answered, "accepted is what has a fate, and nothing has two");
    house.settle();
    let told = house.messages().len();
    assert!((1..=10).contains(&told), "nobody is told twice of a problem: {told}");
}

#[test]
fn changes_are_forgotten_when_what_became_of_alerts_is() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let store = TestStore::new(database);
        let (house, integration) = open(&store, 0);
        let told = |salt| {
            let body = body(&house, &integration, "release", State::Changed, None, salt);
            house.run(house.engine().take_in(body)).unwrap().unwrap().remove(0).judged.fate
        };
        let kept = || {
            house.run(house.engine().tidy_up(30)).unwrap();
            let count = |tx: &mut dyn store::Tx| tx.one("select count(*) from change_event", &[])?.unwrap().integer(0);
            house.outside().read(count).unwrap()
        };
        let days_later = |days: i64| house.clock.set(house.clock.now() + days * 24 * 3600 * 1_000_000);
        assert_eq!(told(1), Fate::Ignored);
        days_later(29);
        assert_eq!((told(2), kept()), (Fate::Ignored, 2));
        days_later(2);
        assert_eq!(kept(), 1, "the newer of them");
    }
}

#[test]
fn what_nobody_calls_over_is_forgotten_with_its_fates_unless_its_incident_goes_on() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let store = TestStore::new(database);
        let (mut house, integration) = open(&store, 0);
        let quiet = serde_json::json!({"field": "title", "equals": "d is down"});
        let rule = serde_json::json!({"name": "quiet", "conditions": [quiet], "actions": {"suppress": true}});
        house.put(&serde_json::from_value::<Rule>(rule).unwrap());
        let say = |identity: &str, state, salt| {
            let body = body(&house, &integration, identity, state, None, salt);
            let taken = house.run(house.engine().take_in(body)).unwrap().unwrap().remove(0);
            (taken.judged.fate, taken.judged.instance_id.map(|id| id.0))
        };
        let kept = |keep_days| {
            house.run(house.engine().tidy_up(keep_days)).unwrap();
            let count = |tx: &mut dyn store::Tx| tx.one("select count(*) from problem", &[])?.unwrap().integer(0);
            house.outside().read(count).unwrap()
        };
        let told = [("a", 1), ("b", 2), ("c", 3)].map(|(identity, salt)| say(identity, State::Firing, salt));
        assert_eq!(told, [1, 2, 3].map(|number| (Fate::Opened, Some(number))));
        assert_eq!(say("d", State::Firing, 4), (Fate::Suppressed, None));
        assert_eq!(say("c", State::Resolved, 5), (Fate::Resolved, Some(3)));
        house.act(InstanceId(2), Command::Resolve).unwrap();
        assert_eq!(kept(30), 4);
        // At once: what would have been asked again every few minutes of a month says nothing here.
        let days_later = |days: i64| {
            house.clock.set(house.clock.now() + days * 24 * 3600 * 1_000_000);
            house.settle();
        };
        days_later(8);
        assert_eq!(kept(30), 3, "what is over");
        days_later(23);
        assert_eq!(kept(30), 1, "what a person resolved, and what a rule suppressed");
        assert_eq!(say("a", State::Resolved, 6), (Fate::Resolved, Some(1)), "what was open is known still");
        house.settle();
        house.messages();
    }
}

#[test]
fn what_a_rule_suppressed_is_looked_at_no_more_once_it_was_not_heard_of() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let store = TestStore::new(database);
        let (mut house, integration) = open(&store, 0);
        let noise = serde_json::json!({"field": "title", "equals": "a is down"});
        let rule = serde_json::json!({"name": "quiet", "conditions": [noise], "actions": {"suppress": true}});
        house.put(&serde_json::from_value::<Rule>(rule).unwrap());
        let mut said = body(&house, &integration, "a", State::Firing, None, 1);
        said.alerts[0].received.expires_at = Some(house.engine().now().plus_minutes(5));
        let taken = house.run(house.engine().take_in(said)).unwrap().unwrap();
        assert_eq!(taken[0].judged.fate, Fate::Suppressed);
        (0..20).for_each(|_| house.advance(1));
        let fates = house.run(house.engine().fates(house.reader(), FatesAsked::default(), 100)).unwrap().fates;
        assert_eq!(fates.len(), 1, "{fates:?}");
    }
}

#[test]
fn word_that_a_problem_is_over_again_may_overtake_word_that_it_began_again() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let store = TestStore::new(database);
        let (house, integration) = open(&store, 0);
        let now = house.engine().now();
        let say = |state, seconds: i64, salt| {
            let at = Some(now.plus_micros(seconds * 1_000_000));
            let body = body(&house, &integration, "a", state, at, salt);
            let judged = house.run(house.engine().take_in(body)).unwrap().unwrap().remove(0).judged;
            (judged.fate, judged.instance_id.map(|id| id.0))
        };
        assert_eq!(say(State::Firing, -60, 1), (Fate::Opened, Some(1)));
        assert_eq!(say(State::Resolved, -50, 2), (Fate::Resolved, Some(1)));
        assert_eq!(say(State::Resolved, -10, 3), (Fate::Ignored, None));
        assert_eq!(say(State::Firing, -20, 4), (Fate::Stale, Some(1)), "it began and ended meanwhile");
        assert_eq!(say(State::Firing, -5, 5), (Fate::Opened, Some(2)));
        house.settle();
        house.messages();
    }
}

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Move {
    /// The sender speaks of a problem, with a time of its own that lies so many minutes back, or without one; `again`, because
    /// it did not hear the answer, to the other node.
    Say { problem: usize, is_over: bool, back: Option<u32>, again: bool },
    /// A person resolves whatever is open of a problem.
    Resolve(usize),
}

fn moves() -> impl Strategy<Value = Vec<(u32, Move)>> {
    let say = (0..3_usize, any::<bool>(), proptest::option::of(0..30_u32), any::<bool>())
        .prop_map(|(problem, is_over, back, again)| Move::Say { problem, is_over, back, again });
    let any = prop_oneof![5 => say, 1 => (0..3_usize).prop_map(Move::Resolve)];
    // So slow that nothing flaps, and that no body is a repetition.
    proptest::collection::vec((6..45_u32, any), 1..40)
}

/// A problem as the slow computation sees it, from all that was said of it so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    incidents: usize,
    /// How often an incident was opened again.
    reopened: usize,
    /// When the last incident was resolved; none while it is not.
    resolved: Option<u32>,
    /// Whether it was its sender who ended it.
    by_itself: bool,
    /// Whether the sender calls it over, and since when by its own time.
    said: Option<(bool, Option<u32>)>,
}

impl Seen {
    fn is_open(self) -> bool {
        self.incidents > 0 && self.resolved.is_none()
    }
}

/// Goes through the whole history of a problem again; times are minutes since the beginning. An incident that its sender ended
/// is opened again within `window` minutes.
fn seen(history: &[(u32, Move)], problem: usize, window: u32) -> Seen {
    let mut seen = Seen::default();
    for (now, what) in history {
        match what {
            Move::Resolve(which) if *which == problem && seen.is_open() => {
                (seen.resolved, seen.by_itself) = (Some(*now), false);
            }
            Move::Say { problem: which, is_over, back, .. } if *which == problem => {
                let at = back.map(|back| now - back);
                let before = seen.said.and_then(|(_, at)| at);
                if at.zip(before).is_some_and(|(at, before)| at < before) {
                    continue;
                }
                match (is_over, seen.said) {
                    (true, None) => seen.said = Some((true, at)),
                    (true, Some((true, said_at))) => seen.said = Some((true, at.or(said_at))),
                    (true, Some((false, _))) => {
                        seen.said = Some((true, at));
                        seen.by_itself = seen.resolved.is_none_or(|_| seen.by_itself);
                        seen.resolved = seen.resolved.or(Some(*now));
                    }
                    (false, said) => {
                        let goes_on = said.is_some_and(|(was_over, _)| !was_over);
                        let began_anew = at.zip(before).is_some_and(|(at, before)| at > before);
                        let long_ago = seen.resolved.is_some_and(|resolved| now - resolved >= 60);
                        if seen.is_open() {
                            seen.said = Some((false, at.or(before)));
                        } else if seen.incidents == 0 || !goes_on || began_anew || long_ago {
                            let comes_back = seen.by_itself && seen.resolved.is_some_and(|ended| now - ended < window);
                            let (incidents, reopened) = match comes_back {
                                true => (seen.incidents, seen.reopened + 1),
                                false => (seen.incidents + 1, seen.reopened),
                            };
                            let said = Some((false, at));
                            seen = Seen { incidents, reopened, resolved: None, by_itself: false, said };
                        }
                    }
                }
            }
            _ => {}
        }
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_in_whatever_order_what_is_open_is_what_a_slow_computation_says(
        moves in moves(), window in prop_oneof![Just(0_u32), Just(40)],
    ) {
        let store = TestStore::new(Database::Sqlite);
        let (house, integration) = open(&store, window);
        let nodes = [house.engine().clone(), house.another_node().engine().clone()];
        // An hour before which no time of a sender lies.
        let (mut now, mut history, mut accepted) = (60_u32, Vec::new(), 0);
        house.advance(60);
        let mut incidents: BTreeMap<usize, Vec<InstanceId>> = BTreeMap::new();
        let mut reopened = [0_usize; 3];
        for (number, (minutes, what)) in moves.into_iter().enumerate() {
            house.advance(minutes);
            now += minutes;
            history.push((now, what));
            match what {
                Move::Say { problem, is_over, back, again } => {
                    let state = if is_over { State::Resolved } else { State::Firing };
                    let at = back.map(|back| house.engine().now().plus_micros(-i64::from(back) * 60_000_000));
                    let body = body(&house, &integration, &format!("host {problem}"), state, at, number);
                    let node = &nodes[number % 2];
                    let taken = house.run(node.take_in(body.clone())).unwrap().unwrap();
                    prop_assert_eq!(taken.len(), 1);
                    accepted += 1;
                    if again {
                        let mut body = body;
                        body.alerts[0].id = RefId(node.ids().ref_id());
                        let repeated = house.run(nodes[1 - number % 2].take_in(body)).unwrap().unwrap();
                        let fates = [Fate::Opened, Fate::Reopened, Fate::Resolved];
                        prop_assert!(!fates.contains(&repeated[0].judged.fate), "{:?}", repeated);
                        accepted += 1;
                    }
                    if let (Fate::Opened, Some(id)) = (taken[0].judged.fate, taken[0].judged.instance_id) {
                        incidents.entry(problem).or_default().push(id);
                    }
                    if taken[0].judged.fate == Fate::Reopened {
                        let last = incidents.get(&problem).and_then(|ids| ids.last()).copied();
                        prop_assert_eq!(taken[0].judged.instance_id, last, "it is the last one that is opened again");
                        reopened[problem] += 1;
                    }
                }
                Move::Resolve(problem) => {
                    if let Some(id) = incidents.get(&problem).and_then(|ids| ids.last()) {
                        // It may be over already.
                        let _ = house.act(*id, Command::Resolve);
                    }
                }
            }
            for (problem, reopened) in reopened.iter().enumerate() {
                let expected = seen(&history, problem, window);
                prop_assert_eq!(*reopened, expected.reopened, "problem {}: {:?}", problem, history);
                let ids = incidents.get(&problem).cloned().unwrap_or_default();
                let open = ids.iter().filter(|id| house.details(**id).incident.status != Status::Resolved).count();
                let expected = (expected.incidents, usize::from(expected.is_open()));
                prop_assert_eq!((ids.len(), open), expected, "problem {}: {:?}", problem, history);
            }
        }
        let kept = house.run(house.engine().fates(house.reader(), FatesAsked::default(), 1_000)).unwrap().fates;
        prop_assert_eq!(kept.len(), accepted);
        house.settle();
        let told: Vec<_> = house.messages().into_iter().map(|sent| sent.user).collect();
        prop_assert!(told.iter().all(|user| user == "ana"), "{told:?}");
    }
}
