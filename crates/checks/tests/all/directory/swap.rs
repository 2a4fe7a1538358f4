//! Swaps as nodes share them, and as the directory outlives them.

use super::asker;
use checks::{Database, House, TestStore, in_both};
use directory::{KnownSwap, file};
use domain::directory::EscalationPolicy;
use domain::routine::{Interval, Routine, Swap};
use domain::{Instant, Refusal, Username};
use engine::Failure;
use serde_json::json;

/// Puts a routine by which ana is always on call on the only level of the house's policy.
fn ana_is_always_on_call(house: &mut House) {
    let layer = json!({"valid_start": "2026-01-01", "rotations": [["ana"]]});
    let routine = json!({"name": "turns", "timezone": "UTC", "routine_layers": [layer]});
    house.put(&serde_json::from_value::<Routine>(routine).unwrap());
    let policy = json!({"name": "ladder", "levels": [{"minutes": 5, "routines": ["turns"]}]});
    house.put(&serde_json::from_value::<EscalationPolicy>(policy).unwrap());
}

/// Two hours from now on.
fn swap(house: &House, stand_in: &str) -> Swap {
    let now = house.engine().now();
    Swap { out: "ana".into(), in_: Some(stand_in.into()), from: now.into(), until: now.plus_minutes(120).into() }
}

fn add(house: &House, stand_in: &str) -> KnownSwap {
    let made = house.run(house.administration().add_swap(asker(house), "turns".to_owned(), swap(house, stand_in)));
    made.unwrap().swap
}

/// The pages since the last look, without the notices that somebody went on call.
fn pages(house: &House) -> Vec<String> {
    house.told().into_iter().filter(|line| line.contains(" page ")).collect()
}

#[test]
fn a_swap_made_on_one_node_counts_for_the_next_command_and_the_clock_of_another() {
    let store = TestStore::new(Database::Postgresql);
    let mut house = House::over(&store, checks::DESK);
    ana_is_always_on_call(&mut house);
    let other = house.another_node();
    // Both have read the directory before.
    house.trigger("Disk full");
    house.run(other.engine().act(house.order(house.organization.order("Disk full, too")))).unwrap();
    house.settle();
    assert_eq!(pages(&house), ["0:00 ana email page 1", "0:00 ana email page 1"]);
    let made = house.run(other.add_swap(asker(&house), "turns".to_owned(), swap(&house, "ben"))).unwrap();
    house.trigger("Another");
    assert_eq!(pages(&house), ["0:00 ben webhook page 1"]);
    house.advance(5);
    assert_eq!(pages(&house), ["5:00 ben webhook page 1"; 3]);
    let id = made.swap.swap_ref_id.unwrap();
    house.run(other.remove_swap(asker(&house), "turns".to_owned(), id)).unwrap();
    house.advance(5);
    assert_eq!(pages(&house), ["10:00 ana email page 1"; 3]);
}

#[test]
fn whoever_is_gone_stands_in_for_nobody() {
    in_both(|house| {
        ana_is_always_on_call(house);
        add(house, "ben");
        let schedule = |house: &House| {
            let (from, until) = (house.engine().now(), house.engine().now().plus_minutes(1));
            let schedule = house.run(house.administration().schedule(house.reader(), "turns".to_owned(), from, until));
            schedule.unwrap().into_iter().flat_map(|interval: Interval| interval.on_call).collect::<Vec<Username>>()
        };
        assert_eq!(schedule(house), ["ben".into()]);
        let id = house.organization.id;
        let remove = |tx: &mut dyn store::Tx| {
            store::component_delete(tx, id, domain::directory::ComponentKind::User, "ben")?;
            store::organization_touch(tx, id)
        };
        house.outside().write(remove).unwrap();
        assert_eq!(schedule(house), ["ana".into()]);
    });
}

#[test]
fn a_routine_has_a_thousand_swaps_to_come_at_most() {
    let store = TestStore::new(Database::Sqlite);
    let mut house = House::over(&store, checks::DESK);
    ana_is_always_on_call(&mut house);
    let until = house.engine().now().plus_minutes(60);
    let id = house.organization.id;
    let body = serde_json::to_string(&json!({"swap": swap(&house, "ben"), "made_by": null, "made_at": 0})).unwrap();
    let keep = |number: usize, until: Instant| {
        let row =
            store::SwapRow { routine: "turns".to_owned(), swap_ref_id: number.to_string(), until, body: body.clone() };
        house.outside().write(|tx| store::swap_insert(tx, id, &row)).unwrap();
    };
    (0..999).for_each(|number| keep(number, until));
    // One that is over counts no more.
    keep(1000, house.engine().now());
    add(&house, "ben");
    let one_more = house.run(house.administration().add_swap(asker(&house), "turns".to_owned(), swap(&house, "ben")));
    assert_eq!(one_more.map(drop), Err(Failure::Refused(Refusal::TooManySwaps { limit: 1000 })));
}

/// The swaps of an organization that has this directory file from now on.
fn swaps_after(test: &TestStore, file: &str) -> Vec<String> {
    let definition = file::read_text("x.toml", file).unwrap();
    directory::apply(test.store(), &engine::ids::Ids::system(), domain::Instant(0), &definition).unwrap();
    let list = |tx: &mut dyn store::Tx| {
        let organization = store::organization_by_name(tx, "x")?.unwrap();
        store::swap_list(tx, organization.id)
    };
    test.store().read(list).unwrap().into_iter().map(|row| row.routine).collect()
}

#[test]
fn a_routine_that_is_removed_takes_its_swaps_with_it_and_another_keeps_its_own() {
    checks::on_both(|test| {
        let head = "[organization]\nname = \"x\"\n[[user]]\nusername = \"ana\"\n";
        let routine = |name: &str| {
            format!(
                "[[routine]]\nname = \"{name}\"\ntimezone = \"UTC\"\n\
                 routine_layers = [{{ valid_start = \"2026-01-01\", rotations = [[\"ana\"]] }}]\n"
            )
        };
        let (first, second) = (routine("first"), routine("second"));
        assert!(swaps_after(test, &format!("{head}{first}{second}")).is_empty());
        let fill = |tx: &mut dyn store::Tx| {
            let organization = store::organization_by_name(tx, "x")?.unwrap();
            for name in ["first", "second"] {
                let (routine, swap_ref_id) = (name.to_owned(), "a".to_owned());
                let row = store::SwapRow { routine, swap_ref_id, until: Instant(0), body: "{}".to_owned() };
                store::swap_insert(tx, organization.id, &row)?;
            }
            Ok::<_, store::Error>(())
        };
        test.store().write(fill).unwrap();
        assert_eq!(swaps_after(test, &format!("{head}{second}")), ["second"]);
        assert_eq!(swaps_after(test, &format!("{head}{first}{second}")), ["second"]);
    });
}
