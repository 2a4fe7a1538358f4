//! One's own shifts.

use super::{Found, When, found};
use crate::console::frame::Frame;
use crate::console::on_call::made_up::{add_payments, add_policy, add_routine, add_swap, clock, directory};
use askama::Template;
use domain::Username;
use domain::directory::Directory;
use serde_json::json;

fn found_for(directory: &Directory, user: &str) -> Found {
    found(directory, &clock(), &Username::from(user))
}

fn page(directory: &Directory, user: &str) -> String {
    let page = When {
        frame: Frame::closed(),
        place: "Berlin".to_owned(),
        found: found_for(directory, user),
        form_key: "key".to_owned(),
        feed: None,
        refused: Vec::new(),
    };
    page.render().unwrap()
}

#[test]
fn ones_shifts_over_all_routines_stand_in_order_with_what_they_cost() {
    let mut directory = directory();
    add_payments(&mut directory);
    let once = json!([{"valid_start": "2026-12-01", "valid_end": "2026-12-02", "rotations": [["ana"]]}]);
    add_routine(&mut directory, "<b>other</b>", "Europe/Berlin", &once);
    add_policy(&mut directory, "direct", &json!([{"minutes": 5, "users": ["ben"]}, {"minutes": 5, "users": ["ana"]}]));
    let found = found_for(&directory, "ana");
    // Tonight, one day of the other routine, and the week from 7 December on.
    let spans: Vec<_> = found.shifts.iter().map(|shift| (shift.routine.as_str(), shift.span.as_str())).collect();
    assert_eq!(
        spans[..3],
        [
            ("payments", "18:00 today – 09:00 tomorrow, 15 h"),
            ("<b>other</b>", "Tue 1 Dec 00:00 – Wed 2 Dec 00:00, 1 day"),
            ("payments", "Mon 7 Dec 18:00 – Tue 8 Dec 09:00, 15 h"),
        ]
    );
    // Tonight, a week of nights, five and a part of one more; and one whole day, which has a part of two nights.
    assert_eq!((found.tally.hours, found.tally.nights), (13 * 15 + 6 + 24, 14 + 2));
    let page = page(&directory, "ana");
    for words in [
        "18:00 today – 09:00 tomorrow, 15 h",
        "&#60;b&#62;other&#60;/b&#62;",
        "href=\"/app/routines/payments?swap=ana%7E2026-11-29T17",
        "<bdi>direct</bdi> level 2",
        "text message at once",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn a_shift_that_was_taken_over_counts_and_one_that_was_let_go_does_not() {
    let mut directory = directory();
    add_payments(&mut directory);
    let swap = json!({"out": "ana", "in": "cho", "from": "2026-11-29T17:00:00", "until": "2026-11-30T08:00:00"});
    add_swap(&mut directory, "payments", &swap);
    assert_eq!(found_for(&directory, "ana").shifts[0].span, "Mon 7 Dec 18:00 – Tue 8 Dec 09:00, 15 h");
    // She goes on by day on Monday, as she does each week.
    assert_eq!(found_for(&directory, "cho").shifts[0].span, "18:00 today – 18:00 tomorrow, 1 day");
}

#[test]
fn whoever_is_never_on_call_or_reached_by_nothing_is_told_so() {
    let directory = directory();
    let page = page(&directory, "cho");
    assert!(page.contains("You are on call by no routine in these days."), "{page}");
    assert!(page.contains("Nothing reaches you"), "{page}");
}
