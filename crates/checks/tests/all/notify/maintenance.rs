//! Maintenance that keeps Critical alerts back: whoever would be asked is told, once. Houses open on Monday, 2026-03-02, at
//! 08:00 UTC.

use checks::{House, in_both};
use domain::directory::{EscalationPolicy, MaintenanceWindow};
use domain::routine::Routine;
use notify::BeatReport;
use serde_json::{Value, json};

/// The service `web`, which asks ana first, is worked on from ten minutes after the opening, for half an hour.
fn put_window(house: &mut House, more: &Value) {
    let mut window = json!({"name": "move", "services": ["web"], "starts": "2026-03-02T08:10", "duration_minutes": 30,
        "timezone": "UTC"});
    window.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    house.put::<MaintenanceWindow>(&serde_json::from_value(window).expect("a window"));
}

#[test]
fn whoever_is_on_call_is_told_once_that_a_window_began_with_what_it_means() {
    in_both(|house| {
        put_window(house, &json!({"rrule": "FREQ=DAILY"}));
        house.advance(9);
        assert!(house.told().is_empty());
        house.advance(1);
        let messages = house.messages();
        let [one] = messages.as_slice() else { panic!("{messages:?}") };
        assert_eq!((one.user.as_str(), one.message.subject.as_str()), ("ana", "Maintenance keeps pages back: move"));
        let expected = "ana,\n\nMaintenance keeps pages back: move.\nIt lasts until 2026-03-02 08:40 UTC.\nUntil then alerts \
            of web open no incident and page nobody, Critical ones too. Incidents that were open before page nobody \
            either. What still fires at its end opens an incident.";
        assert_eq!(one.message.text, expected);
        let data = &one.message.payload["data"];
        assert_eq!((&data["maintenance_window"], &data["covers"]), (&json!("move"), &json!(["web"])));
        house.advance(60);
        assert_eq!(house.told(), Vec::<String>::new());
        house.advance(24 * 60);
        assert_eq!(house.told(), ["1450:00 ana email maintenance.begins"], "each time that it comes");
    });
}

#[test]
fn two_nodes_a_crash_and_a_clock_that_is_behind_tell_it_once() {
    in_both(|house| {
        put_window(house, &json!({}));
        house.settle();
        let other = house.another_node();
        house.run(other.notifier().beat()).unwrap();
        house.clock.set(house.clock.now() + 10 * 60_000_000);
        let (one, two) = house.run(async { tokio::join!(house.notifier().beat(), other.notifier().beat()) });
        let claimed = |report: Result<BeatReport, _>| report.unwrap().claimed;
        assert!(claimed(one) + claimed(two) <= 1);
        house.settle();
        house.run(other.notifier().all_sent());
        assert_eq!(house.told(), ["10:00 ana email maintenance.begins"]);
        house.clock.set(house.clock.now() - 2_000_000);
        house.crash();
        house.settle();
        house.advance(20);
        assert!(house.told().is_empty());
    });
}

#[test]
fn whoever_comes_on_call_in_its_middle_is_told_with_the_handover() {
    in_both(|house| {
        let layer = |start: &str, user: &str| json!({"valid_start": "2026-03-02", "rotation_start": start, "shift_length": "00:30", "rotations": [[user]]});
        let layers = [layer("08:00:00", "ana"), layer("08:30:00", "cho")];
        let routine = json!({"name": "turn", "timezone": "UTC", "routine_layers": layers});
        house.put::<Routine>(&serde_json::from_value(routine).unwrap());
        let levels = json!({"name": "ladder", "levels": [{"minutes": 5, "routines": ["turn"]}]});
        house.put::<EscalationPolicy>(&serde_json::from_value(levels).unwrap());
        put_window(house, &json!({}));
        house.advance(31);
        let expected = [
            "10:00 ana email maintenance.begins",
            "30:00 ana email on_call.ends",
            "30:00 cho email maintenance.begins",
            "30:00 cho email on_call.begins",
            "30:00 cho webhook maintenance.begins",
            "30:00 cho webhook on_call.begins",
        ];
        let mut told = house.told();
        told.sort();
        assert_eq!(told, expected);
    });
}

#[test]
fn a_window_that_lets_critical_alerts_pass_tells_nobody() {
    in_both(|house| {
        put_window(house, &json!({"except_urgency": 5}));
        house.advance(20);
        assert!(house.told().is_empty());
    });
}
