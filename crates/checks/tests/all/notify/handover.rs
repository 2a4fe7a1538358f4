//! Handovers: whoever goes on call or off call by a routine is told, once.

use checks::Reply::{Permanent, Temporary};
use checks::{House, in_both};
use domain::directory::{EscalationPolicy, User};
use domain::notification::Channel::{Email, Push};
use domain::routine::Routine;
use notify::BeatReport;
use serde_json::json;

/// ana and cho take turns every 30 minutes, by a routine that policy `turns` asks.
fn put_turns(house: &mut House) {
    let half_hours = |start: &str, group: &[&str]| json!({"valid_start": "2026-03-02", "rotation_start": start, "shift_length": "00:30", "rotations": [group]});
    let layers: Vec<_> = (8..11)
        .flat_map(|hour| {
            [half_hours(&format!("{hour:02}:00:00"), &["ana"]), half_hours(&format!("{hour:02}:30:00"), &["cho"])]
        })
        .collect();
    put_routine(house, json!(layers));
    let levels = json!({"name": "turns", "levels": [{"minutes": 5, "routines": ["turn"]}]});
    house.put::<EscalationPolicy>(&serde_json::from_value(levels).unwrap());
}

fn put_routine(house: &mut House, layers: serde_json::Value) {
    let routine = json!({"name": "turn", "timezone": "Europe/Lisbon", "routine_layers": layers});
    house.put::<Routine>(&serde_json::from_value(routine).unwrap());
}

/// A house in which it is known that ana is on call.
fn with_turns(body: impl Fn(&mut House)) {
    in_both(|house| {
        put_turns(house);
        house.settle();
        assert!(house.told().is_empty(), "a new organization knows");
        body(house);
    });
}

const AT_THIRTY: [&str; 3] =
    ["30:00 ana email on_call.ends", "30:00 cho email on_call.begins", "30:00 cho webhook on_call.begins"];

#[test]
fn whoever_goes_on_and_off_is_told_at_the_time_and_once() {
    with_turns(|house| {
        house.advance(29);
        assert!(house.told().is_empty());
        house.advance(20);
        assert_eq!(house.told(), AT_THIRTY);
        house.advance(20);
        let expected =
            ["60:00 ana email on_call.begins", "60:00 cho email on_call.ends", "60:00 cho webhook on_call.ends"];
        assert_eq!(house.told(), expected);
    });
}

#[test]
fn a_notice_says_by_which_routine_until_when_and_with_whom() {
    with_turns(|house| {
        house.advance(30);
        let messages = house.messages();
        let text = |user: &str| &messages.iter().find(|sent| sent.user == user).unwrap().message;
        assert_eq!(text("cho").subject, "You are on call: turn");
        let lines: Vec<_> = text("cho").text.lines().skip(2).collect();
        let expected = [
            "You are on call: turn.",
            "From 2026-03-02 08:30 Europe/Lisbon (2026-03-02 08:30 UTC) until 2026-03-02 09:00 Europe/Lisbon (2026-03-02 09:00 UTC).",
            "Nobody else is on call with you.",
        ];
        assert_eq!(lines, expected);
        let lines: Vec<_> = text("ana").text.lines().skip(2).collect();
        let since = "Since 2026-03-02 08:30 Europe/Lisbon (2026-03-02 08:30 UTC).";
        assert_eq!(lines, ["You are off call: turn.", since, "On call now: cho."]);
        let data = &text("ana").payload["data"];
        assert_eq!((&data["routine_name"], &data["on_call"]), (&json!("turn"), &json!(["cho"])));
    });
}

#[test]
fn two_nodes_and_a_crash_tell_it_once() {
    with_turns(|house| {
        let other = house.another_node();
        house.run(other.notifier().beat()).unwrap();
        house.clock.set(house.clock.now() + 30 * 60_000_000);
        let (one, two) = house.run(async { tokio::join!(house.notifier().beat(), other.notifier().beat()) });
        let claimed = |report: Result<BeatReport, _>| report.unwrap().claimed;
        assert!(claimed(one) + claimed(two) <= 3);
        house.settle();
        house.run(other.notifier().all_sent());
        assert_eq!(house.told(), AT_THIRTY);
        house.crash();
        house.settle();
        assert!(house.told().is_empty());
    });
}

#[test]
fn a_server_that_was_away_tells_how_it_is_now_and_not_what_was() {
    with_turns(|house| {
        let away = |house: &mut House, minutes: i64| {
            house.crash();
            house.clock.set(house.clock.now() + minutes * 60_000_000);
            house.settle();
        };
        away(house, 70);
        assert!(house.told().is_empty(), "ana is on call again");
        away(house, 25);
        assert_eq!(house.told().len(), 3);
    });
}

#[test]
fn a_person_who_does_not_want_notices_gets_none() {
    with_turns(|house| {
        let cho = json!({"username": "cho", "email": "cho@example.org", "handover_notices": false});
        house.put::<User>(&serde_json::from_value(cho).unwrap());
        house.advance(61);
        assert_eq!(house.told(), ["30:00 ana email on_call.ends", "60:00 ana email on_call.begins"]);
    });
}

#[test]
fn a_changed_directory_tells_within_a_minute() {
    with_turns(|house| {
        put_routine(house, json!([{"valid_start": "2026-03-02", "rotations": [["ana", "cho"]]}]));
        house.advance(1);
        assert_eq!(house.told(), ["1:00 cho email on_call.begins", "1:00 cho webhook on_call.begins"]);
        let nobody = json!({"name": "turns", "levels": [{"minutes": 5, "users": ["ben"]}]});
        house.put::<EscalationPolicy>(&serde_json::from_value(nobody).unwrap());
        house.advance(1);
        let ends = ["2:00 ana email on_call.ends", "2:00 cho email on_call.ends", "2:00 cho webhook on_call.ends"];
        assert_eq!(house.told(), ends);
    });
}

#[test]
fn a_notice_is_tried_again_and_given_up_without_harm_to_anything() {
    with_turns(|house| {
        house.post.script("ana", Email, &[Temporary, Temporary]);
        house.post.script("cho", Email, &[Permanent]);
        house.advance(31);
        let told = house.told();
        assert_eq!(told.iter().filter(|line| line.contains("ana email on_call.ends")).count(), 3, "{told:?}");
        assert_eq!(told.iter().filter(|line| line.contains("cho email on_call.begins")).count(), 1, "{told:?}");
        house.trigger("Disk full");
        assert_eq!(house.told(), ["31:00 ana email page 1"]);
    });
}

#[test]
fn nobody_is_called_or_texted_for_a_handover() {
    with_turns(|house| {
        for channel in [Push, domain::notification::Channel::Sms, domain::notification::Channel::Voice] {
            house.verify("eve", channel);
        }
        let eve = User { email: None, chat: None, ..checks::eve() };
        house.put(&eve);
        put_routine(house, json!([{"valid_start": "2026-03-02", "rotations": [["eve"]]}]));
        house.advance(1);
        assert_eq!(house.told(), ["1:00 ana email on_call.ends", "1:00 eve push on_call.begins"]);
    });
}
