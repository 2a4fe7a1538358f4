//! Who could take a shift, and what becomes of a request for cover as time passes.

use super::*;
use crate::directory::Definition;
use serde_json::{Value, json};

/// 2026-06-01, a Monday, 00:00 UTC.
const MONDAY: Instant = Instant(1_780_272_000_000_000);

fn hours(hours: i64) -> Instant {
    MONDAY.plus_micros(hours * HOUR_MICROS)
}

/// The nights of one week each by ana, ben and cho; days of ben and dee, a day each; eve takes no turns, and oli only reads.
fn house() -> Value {
    json!({
        "name": "house", "fallback_policy": null,
        "users": [
            {"username": "ana", "email": "ana@house.example"}, {"username": "ben", "email": "ben@house.example"},
            {"username": "cho"}, {"username": "dee", "email": "dee@house.example", "handover_notices": false},
            {"username": "eve", "sms": "+4915112345678"}, {"username": "fay", "locked": true},
            {"username": "oli", "role": "observer"},
        ],
        "teams": [], "services": [], "business_services": [], "response_sets": [], "workflows": [], "routing_rules": [],
        "routines": [
            {"name": "nights", "timezone": "UTC", "routine_layers": [{"valid_start": "2026-05-04", "rotation_frequency": 7,
                "rotation_start": "20:00:00", "shift_length": "12:00", "rotations": [["ana"], ["ben"], ["cho"]]}]},
            {"name": "days", "timezone": "UTC", "routine_layers": [{"valid_start": "2026-05-04", "rotation_frequency": 1,
                "rotation_start": "08:00:00", "shift_length": "12:00", "rotations": [["ben"], ["dee"]]}]},
        ],
        "escalation_policies": [],
    })
}

fn directory(house: Value) -> Directory {
    let definition: Definition = serde_json::from_value(house).unwrap();
    assert_eq!(definition.faults(), []);
    definition.directory()
}

/// Each as `ben on_call 84 h`, those of the routine with a star.
fn told(directory: &Directory, routine: &str, user: &str, time: (i64, i64)) -> Vec<String> {
    let found = candidates(directory, routine, &user.into(), (hours(time.0), hours(time.1)));
    let line = |candidate: &Candidate| {
        let star = if candidate.is_of_routine { "*" } else { "" };
        let why: String = candidate.objections.iter().map(|objection| format!(" {}", objection.word())).collect();
        format!("{star}{}{why} {} h", candidate.username, candidate.load.hours)
    };
    found.iter().map(line).collect()
}

#[test]
fn who_could_stands_first_by_how_little_they_are_on_call_and_the_others_with_what_speaks_against_them() {
    let house = directory(house());
    // Nights: ana until the 1st of June, then a week each by ben and cho; days: ben on the 1st, dee on the 2nd.
    assert_eq!(
        told(&house, "nights", "ben", (20, 32)),
        ["*cho 168 h", "dee 168 h", "eve 0 h", "*ana night_before 96 h"]
    );
    assert_eq!(told(&house, "days", "ben", (8, 20)), ["*dee 168 h", "cho 168 h", "eve 0 h", "ana night_before 84 h"]);
    let last_of_ana = told(&house, "nights", "ana", (-4, 8));
    assert_eq!(last_of_ana, ["*cho 168 h", "dee 168 h", "eve 0 h", "*ben night_after 264 h"]);
    assert!(told(&house, "nights", "ben", (32, 44)).contains(&"dee on_call 180 h".to_owned()));
}

fn cover(made: i64, from: i64) -> Cover {
    let directory = directory(house());
    let id = |name: &str| directory.users.named(name).unwrap().ref_id.clone();
    Cover {
        cover_ref_id: "c".into(),
        routine: directory.routines.named("nights").unwrap().ref_id.clone(),
        person: id("ben"),
        from: hours(from),
        until: hours(from + 12),
        made_at: hours(made),
        asked: ["ana", "dee"].map(|name| Asked { person: id(name), said: None }).to_vec(),
        state: State::Open,
        is_told: false,
    }
}

#[test]
fn who_asks_is_told_half_a_day_before_it_begins_or_half_way_there_where_they_asked_later() {
    assert_eq!(cover(-100, 20).told_at(), hours(8));
    assert_eq!(cover(12, 20).told_at(), hours(16));
    assert_eq!(cover(12, 20).look_at(), Some(hours(16)));
    assert_eq!(Cover { is_told: true, ..cover(12, 20) }.look_at(), Some(hours(20)));
    assert_eq!(Cover { state: State::Withdrawn, ..cover(12, 20) }.look_at(), None);
}

#[test]
fn an_open_request_is_told_of_once_and_is_over_when_its_shift_begins() {
    let house = directory(house());
    let mut open = cover(-100, 20);
    assert_eq!(open.passed(&house, hours(7)), None);
    assert_eq!(open.passed(&house, hours(8)), Some(CoverNews::Unanswered));
    assert_eq!(open.passed(&house, hours(9)), None);
    assert_eq!((open.passed(&house, hours(20)), open.state.word()), (Some(CoverNews::Begun), "over"));
    assert_eq!(open.passed(&house, hours(21)), None);
    let mut declined = cover(-100, 20);
    for name in ["ana", "dee"] {
        let person = house.users.named(name).unwrap().ref_id.clone();
        assert!(declined.note(&person, Reply::No, hours(0)));
    }
    assert_eq!(declined.passed(&house, hours(8)), Some(CoverNews::Declined));
    assert!(!declined.note(&"nobody".into(), Reply::Yes, hours(0)));
}

#[test]
fn a_request_counts_while_its_shift_is_that_of_who_asks_and_nobody_who_is_locked_is_waited_for() {
    let house = directory(house());
    let open = cover(-100, 20);
    assert_eq!(open.can_be_answered(&house, hours(0)), Ok(()));
    assert_eq!(open.can_be_answered(&house, hours(20)), Err(Closed::Begun));
    assert_eq!(
        Cover { state: State::Withdrawn, ..open.clone() }.can_be_answered(&house, hours(0)),
        Err(Closed::Withdrawn)
    );
    let by = open.asked[0].person.clone();
    let settled = Cover { state: State::Settled { by, swap_ref_id: "s".to_owned() }, ..open.clone() };
    assert_eq!(settled.can_be_answered(&house, hours(0)), Err(Closed::Settled { by: "ana".to_owned() }));
    let longer = Cover { until: hours(33), ..open.clone() };
    assert_eq!(longer.can_be_answered(&house, hours(0)), Err(Closed::Changed), "an hour of it is nobody's");
    let names = |house: &Directory| open.waited_for(house).map(|user| user.username.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&house), ["ana", "dee"]);
    let mut locked = super::tests::house();
    locked["users"][0]["locked"] = json!(true);
    assert_eq!(names(&directory(locked.clone())), ["dee"]);
    locked["users"][1]["locked"] = json!(true);
    assert_eq!(open.can_be_answered(&directory(locked), hours(0)), Err(Closed::Changed), "who asks is locked");
}

#[test]
fn it_is_told_by_what_wakes_nobody_also_to_who_wants_no_notices_of_handovers() {
    let house = directory(house());
    let told = |name: &str| {
        let news = CoverNews::Asked { by: "ben".into() };
        let notices = notice(&house, &name.into(), (&cover(0, 20), news), hours(0));
        notices.iter().map(|notice| format!("{} {}", notice.channel.word(), notice.content.title)).collect::<Vec<_>>()
    };
    assert_eq!(told("dee"), ["email ben asks you to take a shift: nights"]);
    assert_eq!(told("eve"), Vec::<String>::new(), "nobody is texted for it");
}
