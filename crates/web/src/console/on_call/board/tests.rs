//! The board: who, until when, who is next, and what is wrong, in words.

use super::super::made_up::{add_payments, add_policy, add_routine, add_user, at, clock, directory};
use super::{AtField, Board, PATH, Sought, empty, policies};
use crate::console::frame::Frame;
use askama::Template;
use domain::Instant;
use domain::directory::Directory;
use serde_json::json;

fn page(directory: &Directory, at: Instant) -> String {
    let clock = clock();
    let sought = Sought::default();
    let me = Some("cho".into());
    let (policies, total, pager) = policies(directory, &(clock.clone(), sought, at, me));
    let page = Board {
        frame: Frame::closed(),
        sought: String::new(),
        at: AtField { value: String::new(), problem: None },
        asked: None,
        place: clock.place(),
        empty: (total == 0).then(|| empty::policies(&Sought::default(), true, PATH)),
        address: PATH.to_owned(),
        key: "key".to_owned(),
        may_page: true,
        text: super::text(&clock, at, &policies),
        policies,
        total,
        pager,
        notice: None,
        refused: Vec::new(),
    };
    page.render().unwrap()
}

#[track_caller]
fn has(page: &str, words: &[&str]) {
    for words in words {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn each_level_says_who_is_on_it_until_when_and_who_is_next() {
    let mut directory = directory();
    add_payments(&mut directory);
    add_policy(
        &mut directory,
        "payments",
        &json!([{"minutes": 5, "routines": ["payments"]}, {"minutes": 10, "users": ["ana", "ben"]}]),
    );
    // Saturday night, Ana is on call until Sunday nine o'clock, and then nobody is.
    let page = page(&directory, at("2026-11-28T23:00:00"));
    has(
        &page,
        &[
            "Level 1 <span class=\"count\">5 min</span>",
            "<bdi>Ana Alves</bdi>",
            "09:00 today · <span data-far>4 h ago</span>",
            "Next: <strong>nobody</strong>",
            "<a href=\"/app/routines/payments\"><bdi>payments</bdi></a>",
            "All the time.",
            "<strong>Nobody is on level 1</strong> in the 7 days",
            "09:00–18:00 today, 9 h",
            "Sat 5 Dec 09:00–18:00, 9 h",
            "href=\"/app/policies/payments\"",
        ],
    );
    assert!(!page.contains("Nobody on any level"), "{page}");
}

#[test]
fn empty_levels_and_people_whom_nothing_reaches_are_said_in_words() {
    let mut directory = directory();
    add_payments(&mut directory);
    let levels = json!([{"minutes": 5, "routines": ["payments"]}, {"minutes": 10, "users": ["cho"]}]);
    add_policy(&mut directory, "payments", &levels);
    has(
        &page(&directory, at("2026-11-29T12:00:00")),
        &[
            "<strong>nobody</strong>",
            "Nobody is on this level, so it is passed over.",
            "<span class=\"state bad\">nothing reaches them</span>",
            "Nothing reaches the one person on this level, so it is passed over.",
            "Nobody on any level can be paged.",
        ],
    );
}

#[test]
fn nothing_says_what_belongs_here() {
    has(
        &page(&directory(), at("2026-11-29T12:00:00")),
        &["No escalation policies yet", "reveille apply", "/app/edit/escalation-policies"],
    );
}

#[test]
fn hostile_names_are_text_and_stay_in_their_place() {
    let mut directory = directory();
    let long = "W".repeat(512);
    add_user(&mut directory, &json!({"username": "eve", "display_name": "<b>\u{202e}eve</b>"}));
    add_user(&mut directory, &json!({"username": "long/../x", "display_name": long}));
    add_routine(
        &mut directory,
        "<i>\"nights\"</i>",
        "UTC",
        &json!([{"valid_start": "2026-01-01", "rotations": [["eve", "long/../x"]]}]),
    );
    add_policy(
        &mut directory,
        "<script>alert(1)</script>",
        &json!([{"minutes": 5, "users": ["eve"], "routines": ["<i>\"nights\"</i>"]}]),
    );
    let page = page(&directory, at("2026-11-29T12:00:00"));
    for markup in ["<script>", "<b>", "<i>", "people/long/"] {
        assert!(!page.contains(markup), "{markup}: {page}");
    }
    has(&page, &["<bdi>&#60;b&#62;\u{202e}eve&#60;/b&#62;</bdi>", &long, "/app/people/long%2F..%2Fx"]);
}

#[test]
fn of_many_policies_fifty_are_on_a_page() {
    let mut directory = directory();
    for number in 0..120 {
        add_policy(&mut directory, &format!("policy {number}"), &json!([{"minutes": 5, "users": ["ana"]}]));
    }
    let page = page(&directory, at("2026-11-29T12:00:00"));
    assert_eq!(page.matches("<section class=\"card\"").count(), 50);
    has(&page, &["120 policies", "1–50 of 120", "rel=\"next\""]);
}
