//! Calendar feeds: readers of others expand them to the schedule.

use checks::{DAY, read_calendar};
use directory::feed::{period, routine_feed, user_feed};
use domain::directory::{Directory, User};
use domain::routine::{Routine, Swap};
use domain::{Instant, OrganizationId, RefId};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::random::routines;

fn instant(text: &str) -> Instant {
    Instant::parse(text).expect("a timestamp")
}

fn house(routines: Vec<(Routine, Vec<Swap>)>, users: &[Value]) -> Directory {
    let mut house = Directory::empty(OrganizationId(1), "house");
    for user in users {
        let user: User = serde_json::from_value(user.clone()).expect("a user");
        house.add_user(RefId(format!("id-{}", user.username)), RefId(format!("own-{}", user.username)), user);
    }
    for (routine, swaps) in routines {
        house.swaps.insert(routine.name.clone(), swaps);
        house.routines.add(RefId(format!("id-{}", routine.name)), routine);
    }
    house
}

fn routine(name: &str, zone: &str, layers: &Value) -> Routine {
    let routine = json!({"name": name, "timezone": zone, "routine_layers": layers});
    let routine: Routine = serde_json::from_value(routine).expect("a routine");
    assert_eq!(routine.faults(), []);
    routine
}

/// Routines of every kind: clocks that change, nights, gaps, exceptions, pairs, and one that never ends.
fn every_kind() -> Vec<(Routine, Vec<Swap>)> {
    let kinds = [
        ("days", "America/New_York", json!([{"valid_start": "2024-01-01", "rotations": [["ana"], ["ben"]]}])),
        (
            "nights",
            "Australia/Lord_Howe",
            json!([{"valid_start": "2024-01-01", "rotation_start": "22:00:00", "shift_length": "08:00",
                    "skip_days": [5, 6], "rotations": [["ana"], ["ben", "cho"], []]}]),
        ),
        (
            "weeks",
            "Africa/Casablanca",
            json!([{"valid_start": "2024-01-01", "rotation_start": "02:30:00", "rotation_frequency": 7,
                    "rotations": [["ana"], ["ben"]]},
                   {"valid_start": "2024-03-08", "valid_end": "2024-03-12", "is_exception": true,
                    "rotation_start": "20:00:00", "shift_length": "12:00", "rotations": [["cho"]]}]),
        ),
        ("always", "Asia/Kathmandu", json!([{"valid_start": "2020-01-01", "rotations": [["cho", "ana"]]}])),
        ("never", "UTC", json!([{"valid_start": "2020-01-01", "rotations": [[]]}])),
    ];
    let swap = json!({"out": "ana", "in": "ben", "from": "2024-04-01T06:00:30", "until": "2024-04-20T18:00"});
    let swap: Swap = serde_json::from_value(swap).expect("a swap");
    kinds.map(|(name, zone, layers)| (routine(name, zone, &layers), vec![swap.clone()])).into()
}

/// From, until and summary of each event, and the reader has no objections.
fn events(calendar: &Value) -> Vec<(String, String, String)> {
    assert_eq!(calendar["faults"], json!([]));
    assert_eq!(calendar["refresh_seconds"], 3600);
    let word = |event: &Value, key: &str| event[key].as_str().expect("a string").to_owned();
    let events = calendar["events"].as_array().expect("a list").iter();
    events.map(|event| (word(event, "from"), word(event, "until"), word(event, "summary"))).collect()
}

/// The schedule of a routine in the same form.
fn scheduled(house: &Directory, routine: &str, now: Instant) -> Vec<(String, String, String)> {
    let (from, until) = period(now);
    let told = house.schedule(routine, from, until).into_iter().map(|interval| {
        let names: Vec<_> = interval.on_call.iter().map(|user| house.shown_name(user)).collect();
        (interval.from.wire(), interval.until.wire(), names.join(", "))
    });
    told.collect()
}

#[test]
fn a_reader_of_others_expands_the_feed_of_each_routine_to_its_schedule() {
    let users = ["ana", "ben", "cho"].map(|name| json!({"username": name}));
    let house = house(every_kind(), &users);
    for now in ["2024-03-05T12:00", "2024-10-20T12:00"].map(instant) {
        let (from, until) = period(now);
        for entry in house.routines.iter() {
            let name = &entry.component.name;
            let feed = routine_feed(&house, name, now).expect("a routine");
            let read = read_calendar(&feed, from, until);
            assert_eq!(events(&read), scheduled(&house, name, now), "{name}");
            assert_eq!(read["name"], format!("On call: {name}"));
            assert_eq!(events(&read).is_empty(), name == "never");
        }
    }
}

#[test]
fn a_reader_of_others_expands_the_feeds_of_random_routines_to_their_schedules() {
    let now = instant("2015-03-20T12:00");
    let (from, until) = period(now);
    let mut runner = TestRunner::default();
    for (number, zone) in ["Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "Asia/Tehran"].into_iter().enumerate()
    {
        let around = now.0 / 60_000_000 + i64::try_from(number).expect("small") * 30 * DAY;
        let random = routines(zone.to_owned(), around).new_tree(&mut runner).expect("a routine").current();
        let house = house(vec![random.read()], &[]);
        let feed = routine_feed(&house, "random", now).expect("a routine");
        assert_eq!(events(&read_calendar(&feed, from, until)), scheduled(&house, "random", now), "{random:?}");
    }
}

#[test]
fn the_feed_of_a_person_has_their_own_time_in_every_routine_whoever_else_is_on_call() {
    let users = [json!({"username": "ana"}), json!({"username": "ben", "display_name": "Ben; B.\\, \"the\" 👍"})];
    let days = json!([{"valid_start": "2026-06-01", "valid_end": "2026-06-05", "rotations": [["ana"], ["ben"]]},
                      {"valid_start": "2026-06-02", "valid_end": "2026-06-04", "rotation_start": "18:00",
                       "shift_length": "12:00", "rotations": [["ana"]]}]);
    let nights = json!([{"valid_start": "2026-06-01", "valid_end": "2026-06-03", "rotation_start": "20:00",
                         "shift_length": "12:00", "rotations": [["ana", "ben"]]}]);
    let house = house(
        vec![(routine("days", "UTC", &days), Vec::new()), (routine("nights, too", "UTC", &nights), Vec::new())],
        &users,
    );
    let now = instant("2026-06-10T12:00");
    let (from, until) = period(now);
    let read = |username: &str| read_calendar(&user_feed(&house, username, now).expect("a user"), from, until);
    let event = |from: &str, until: &str, routine: &str| {
        (instant(from).wire(), instant(until).wire(), format!("On call: {routine}"))
    };
    assert_eq!(
        events(&read("ana")),
        [
            event("2026-06-01T00:00", "2026-06-02T00:00", "days"),
            event("2026-06-01T20:00", "2026-06-02T08:00", "nights, too"),
            event("2026-06-02T18:00", "2026-06-04T06:00", "days"),
            event("2026-06-02T20:00", "2026-06-03T08:00", "nights, too"),
        ]
    );
    let ben = read("ben");
    assert_eq!(ben["name"], "On call: Ben; B.\\, \"the\" 👍");
    assert_eq!(
        events(&ben),
        [
            event("2026-06-01T20:00", "2026-06-02T08:00", "nights, too"),
            event("2026-06-02T00:00", "2026-06-03T00:00", "days"),
            event("2026-06-02T20:00", "2026-06-03T08:00", "nights, too"),
            event("2026-06-04T00:00", "2026-06-05T00:00", "days"),
        ]
    );
    assert_eq!(ben["events"][0]["description"], "Ben; B.\\, \"the\" 👍 is on call by the routine nights, too");
}

#[test]
fn an_event_keeps_its_identity_when_other_people_are_on_call_and_on_another_day() {
    let (days, swaps) = every_kind().swap_remove(0);
    let identities = |swaps: &[Swap], now: &str| -> Vec<(String, String)> {
        let house = house(vec![(days.clone(), swaps.to_vec())], &[]);
        let (from, until) = (instant("2024-04-01"), instant("2024-04-05"));
        let read = read_calendar(&routine_feed(&house, "days", instant(now)).expect("a routine"), from, until);
        let word = |event: &Value, key: &str| event[key].as_str().expect("a string").to_owned();
        let events = read["events"].as_array().expect("a list").iter();
        events.map(|event| (word(event, "from"), word(event, "uid"))).collect()
    };
    let before = identities(&[], "2024-03-31T23:00");
    assert_eq!(before.len(), 5, "{before:?}");
    assert_eq!(identities(&[], "2024-04-02T01:00"), before);
    let swapped = identities(&swaps, "2024-03-31T23:00");
    assert!(swapped.iter().all(|event| before.contains(event) || event.0.ends_with("06:00:30.000000")), "{swapped:?}");
    let mut once = before.iter().map(|(_, uid)| uid).collect::<Vec<_>>();
    once.dedup();
    assert_eq!(once.len(), before.len());
}

#[test]
fn who_and_what_is_not_there_has_no_feed() {
    let house = house(every_kind(), &[]);
    let now = instant("2024-03-05T12:00");
    assert_eq!(routine_feed(&house, "evenings", now), None);
    assert_eq!(user_feed(&house, "ana", now), None, "only users have feeds");
}
