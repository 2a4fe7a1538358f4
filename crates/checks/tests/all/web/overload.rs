//! More requests than the desk takes on: the others are refused at once, and of those nothing is stored.

use checks::{Answer, Api, Call, Database, number, settings};
use engine::DeskLimits;
use serde_json::json;

const REQUESTS: usize = 12;

/// Many creates at the same time while the writer waits for a transaction that the test holds. One at most is with the
/// writer and one in the queue. The answers in the order in which they came, and how many incidents there are then.
fn storm() -> (Vec<Answer>, Api) {
    let api = Api::with(Database::Sqlite, settings(), DeskLimits { queue: 1, batch: 1, writers: 1 });
    let create = |number: usize| {
        let body = json!({"title": format!("number {number}"), "users": ["ana"]});
        Call::post("/create").key(&api.key).header("idempotency-key", number.to_string()).json(&body)
    };
    let mut writer = api.test.store().writer();
    let held = writer.begin().expect("a transaction");
    let answers = api.send_together((0..REQUESTS).map(create).collect(), REQUESTS - 2, held);
    drop(writer);
    (answers, api)
}

/// The answers to those that were refused.
pub(super) fn refused_answers() -> Vec<Answer> {
    let (answers, _) = storm();
    answers.into_iter().filter(|answer| answer.status != 200).collect()
}

#[test]
fn what_is_refused_as_busy_was_not_stored_and_what_is_answered_was() {
    let (answers, api) = storm();
    let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert!((1..=2).contains(&done.len()), "{}", done.len());
    for answer in refused {
        assert_eq!(answer.first_error(503, "busy"), "server: busy; nothing was stored");
        assert_eq!(answer.header("retry-after"), "1");
    }
    let listed = api.ok("list", &json!({}));
    let mut numbers: Vec<i64> = done.iter().map(|answer| number(&answer.ok())).collect();
    numbers.sort_unstable_by_key(|number| std::cmp::Reverse(*number));
    assert_eq!(super::column(&listed, "instance_id"), numbers);
    let mut counted = super::column(&listed, "organization_instance_id");
    counted.reverse();
    assert_eq!(counted, (1..=done.len()).collect::<Vec<_>>());
    // Reading was possible all the time; and now writing is too.
    api.incident("afterwards");
}
