//! Requests for cover as nodes share them: one yes counts, and each thing is told once.

use super::asker;
use checks::{Database, House, TestStore, in_both};
use directory::CoverWish;
use domain::Refusal;
use domain::cover::{Closed, Cover, CoverRefusal, Reply, State};
use domain::routine::Routine;
use engine::Failure;
use serde_json::json;

/// Puts a routine by which eve is always on call; nobody is paged by it.
fn eve_is_always_on_call(house: &mut House) {
    let layer = json!({"valid_start": "2026-01-01", "rotations": [["eve"]]});
    let routine = json!({"name": "turns", "timezone": "UTC", "routine_layers": [layer]});
    house.put(&serde_json::from_value::<Routine>(routine).unwrap());
}

/// Eve asks ana and cho for the day that begins in 24 hours.
fn asked(house: &House) -> Cover {
    let from = house.engine().now().plus_minutes(24 * 60);
    let wish = CoverWish { routine: "turns".to_owned(), from, until: from.plus_minutes(24 * 60) };
    let people = vec!["ana".to_owned(), "cho".to_owned()];
    house.run(house.administration().ask_for_cover(asker(house), "eve".into(), wish, people)).unwrap()
}

fn swaps(house: &House) -> Vec<String> {
    let swaps = house.run(house.administration().swaps(house.reader(), "turns".to_owned())).unwrap();
    swaps.iter().map(|known| known.swap.in_.as_ref().unwrap().to_string()).collect()
}

#[test]
fn of_two_who_say_yes_at_once_on_two_nodes_one_takes_the_shift_and_the_other_is_told_who_does() {
    for _ in 0..5 {
        let store = TestStore::new(Database::Postgresql);
        let mut house = House::over(&store, checks::DESK);
        eve_is_always_on_call(&mut house);
        let cover = asked(&house);
        let other = house.another_node();
        let id = |name: &str| house.organization.ref_id(name);
        let (ana, cho) = house.run(async {
            let of_ana =
                house.administration().answer_cover(asker(&house), id("ana"), cover.cover_ref_id.clone(), Reply::Yes);
            let of_cho = other.answer_cover(asker(&house), id("cho"), cover.cover_ref_id.clone(), Reply::Yes);
            tokio::join!(of_ana, of_cho)
        });
        let refused =
            |by: &str| Failure::Refused(Refusal::Cover(CoverRefusal::Closed(Closed::Settled { by: by.to_owned() })));
        let taken_by = match (ana, cho) {
            (Ok(cover), Err(failure)) => {
                assert_eq!(failure, refused("ana"));
                cover
            }
            (Err(failure), Ok(cover)) => {
                assert_eq!(failure, refused("cho"));
                cover
            }
            both => panic!("one of them takes it: {both:?}"),
        };
        let State::Settled { by, .. } = &taken_by.state else { panic!("{taken_by:?}") };
        let swaps = swaps(&house);
        assert_eq!(swaps.len(), 1);
        assert_eq!(*by, id(&swaps[0]));
        house.settle();
        let told = house.told();
        let is_taken = |line: &&String| line.contains("eve email cover.taken");
        assert_eq!(told.iter().filter(is_taken).count(), 1, "{told:?}");
    }
}

#[test]
fn whoever_asked_is_told_half_a_day_before_and_when_it_begins_once_however_many_nodes_there_are() {
    in_both(|house| {
        eve_is_always_on_call(house);
        asked(house);
        let other = house.another_node();
        house.settle();
        let told = house.told();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.iter().all(|line| line.ends_with("cover.asked")), "{told:?}");
        house.advance(12 * 60 - 1);
        assert!(house.told().is_empty());
        house.clock.set(house.clock.now() + 60_000_000);
        let (one, two) = house.run(async { tokio::join!(house.notifier().beat(), other.notifier().beat()) });
        assert!(one.is_ok() && two.is_ok());
        house.settle();
        house.run(other.notifier().all_sent());
        assert_eq!(house.told(), ["720:00 eve email cover.unanswered"]);
        house.crash();
        house.advance(12 * 60 - 1);
        assert!(house.told().is_empty());
        house.advance(1);
        assert_eq!(house.told(), ["1440:00 eve email cover.begun"]);
        assert!(swaps(house).is_empty(), "nobody is on call for them");
    });
}
