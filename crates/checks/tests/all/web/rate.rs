//! The rate limit of a key, and the headers that tell of it.

use checks::{Answer, Api, Call, Database, settings};
use domain::permission::Scope;
use engine::DeskLimits;
use std::num::NonZeroU32;

fn limited(burst: u32) -> Api {
    let rate = web::Rate { per_second: NonZeroU32::MIN, burst: NonZeroU32::new(burst).expect("not 0") };
    let desk = DeskLimits { queue: 10, batch: 10, writers: 1 };
    Api::with(Database::Sqlite, web::Settings { rate: Some(rate), ..settings() }, desk)
}

/// Asks until it is refused; how many were answered before, and the refusal. On a slow machine the bucket fills again
/// meanwhile, so that the number is only known to be at least what it holds.
pub(super) fn first_refused(api: &Api) -> (usize, Answer) {
    let ask = |_| api.send(Call::get("/list/services").key(&api.key));
    let mut answers = (0..100_000).map(ask).enumerate();
    answers.find(|(_, answer)| answer.status != 200).expect("the limit is met")
}

fn told(answer: &Answer) -> [u32; 3] {
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"]
        .map(|name| answer.header(name).parse().unwrap_or_else(|_| panic!("{name}: {:?}", answer.headers)))
}

#[test]
fn a_key_may_ask_as_often_as_its_bucket_holds_and_is_told_what_is_left() {
    let api = limited(3);
    let first = api.send(Call::get("/list/services").key(&api.key));
    first.ok();
    assert_eq!(told(&first), [3, 2, 1]);
    let (answered, refused) = first_refused(&api);
    assert!(answered >= 2, "{answered}");
    refused.refused(429, "rate_limited");
    let [limit, remaining, reset] = told(&refused);
    assert_eq!((limit, remaining, reset), (3, 0, 3));
    assert_eq!(refused.header("retry-after"), "1");
    // Another key has a bucket of its own.
    let other = api.new_key("demo", "other", Scope::Read);
    assert_eq!(told(&api.send(Call::get("/list/services").key(&other)))[1], 2);
}

#[test]
fn a_refusal_tells_of_the_bucket_too_and_who_is_not_known_has_none() {
    let api = limited(1_000);
    let refused = api.send(Call::post("/create").key(&api.key));
    refused.refused(400, "invalid_fields");
    assert_eq!(told(&refused)[0], 1_000);
    for answer in [api.send(Call::post("/create")), api.send(Call::get("/nothing")), api.send(Call::get("/healthz"))] {
        assert_eq!(answer.header("ratelimit-limit"), "");
    }
}

#[test]
fn without_a_limit_there_is_nothing_to_tell() {
    let api = Api::new();
    let answer = api.send(Call::get("/list/services").key(&api.key));
    let names = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"];
    assert_eq!(names.map(|name| answer.header(name)), [""; 4]);
}
