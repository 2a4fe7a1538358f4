//! A request repeated under its key is answered again and not done again.

use checks::{DESK, Database, House, TestStore, in_both};
use domain::Refusal;
use domain::incident::Command;
use engine::{Engine, Failure, Idempotency, Request};

fn keyed(house: &House, digest: &str) -> Request {
    let idempotency = Some(Idempotency { key: "k1".to_owned(), digest: digest.to_owned() });
    Request { idempotency, ..house.order(house.organization.order("Disk full")) }
}

#[test]
fn a_repeated_request_gets_the_first_answer_and_does_nothing() {
    in_both(|house| {
        let first = house.perform(keyed(house, "a")).unwrap();
        house.advance(1);
        assert_eq!(house.perform(keyed(house, "a")).unwrap(), first);
        assert_eq!(house.perform(keyed(house, "b")), Err(Failure::Refused(Refusal::IdempotencyKeyReused)));
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
    });
}

#[test]
fn a_key_is_forgotten_after_a_day() {
    in_both(|house| {
        let first = house.perform(keyed(house, "a")).unwrap();
        let domain::incident::Outcome::Created { instance_id, .. } = first else { panic!("{first:?}") };
        house.act(instance_id, Command::Resolve).unwrap();
        house.advance(24 * 60);
        house.run(house.engine().tidy_up(90)).unwrap();
        assert_ne!(house.perform(keyed(house, "b")).unwrap(), first);
        let page = |day: i64| format!("{}:00 ana email page 1", day * 24 * 60);
        assert_eq!(house.told(), [page(0), "0:00 ana email resolved".to_owned(), page(1)]);
    });
}

#[test]
fn a_refused_request_leaves_its_key_free() {
    in_both(|house| {
        let mut request = keyed(house, "a");
        request.by = Some("a stranger".to_owned());
        assert!(matches!(house.perform(request), Err(Failure::Refused(_))));
        house.perform(keyed(house, "b")).unwrap();
        assert_eq!(house.messages().len(), 1);
    });
}

fn one_of_two_at_the_same_time(house: &House, engines: [Engine; 2]) {
    for round in 0..20 {
        let request = || {
            let mut request = keyed(house, "a");
            request.idempotency.as_mut().unwrap().key = format!("round {round}");
            request
        };
        let answers = house.run(async { tokio::join!(engines[0].act(request()), engines[1].act(request())) });
        assert_eq!(answers.0.unwrap(), answers.1.unwrap());
    }
    house.settle();
    assert_eq!(house.messages().len(), 20);
}

#[test]
fn two_requests_with_one_key_at_the_same_time_do_it_once() {
    in_both(|house| one_of_two_at_the_same_time(house, [house.engine().clone(), house.engine().clone()]));
}

#[test]
fn two_requests_with_one_key_on_two_nodes_do_it_once() {
    let store = TestStore::new(Database::Postgresql);
    let house = House::over(&store, DESK);
    one_of_two_at_the_same_time(&house, [house.engine().clone(), house.another_node().engine().clone()]);
}
