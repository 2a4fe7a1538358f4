//! An incident's log comes back as it was written, in order.

use super::sample::{HARD, note};
use super::{conflict, organization, read, write};
use checks::{TestStore, on_both};
use domain::incident::{By, Event, Happening, Method};
use domain::{InstanceId, Instant, OrganizationId};
use store::{ActedOn, Error};

const ID: InstanceId = InstanceId(1);

fn append(test: &TestStore, organization: OrganizationId, version: i64, events: &[Event]) {
    write(test, |tx| store::event_append(tx, organization, ID, version, events));
}

fn by_person(person: &str, at: i64) -> Event {
    Event { by: Some(By::person(&person.into())), ..note(at, "by a person") }
}

fn list(test: &TestStore, organization: OrganizationId) -> Vec<Event> {
    read(test, |tx| store::event_list(tx, organization, ID))
}

#[test]
fn the_log_comes_back_in_the_order_of_versions_and_of_places_within_a_step() {
    on_both(|test| {
        let one = organization(test, "one");
        // All at one instant, so that no other order can be right by chance; more than ten, so that 10 is not before 2.
        let events: Vec<Event> = (0..36).map(|number| note(5, &number.to_string())).collect();
        let steps: Vec<_> = (1..).zip(events.chunks(12)).collect();
        for (version, step) in steps.into_iter().rev() {
            append(test, one, version, step);
        }
        append(test, one, 4, &[]);
        assert_eq!(list(test, one), events);
    });
}

#[test]
fn an_event_survives_the_round_trip() {
    on_both(|test| {
        let one = organization(test, "one");
        let mut events: Vec<Event> = HARD.iter().map(|text| note(1, text)).collect();
        events.push(note(2, &"ß'".repeat(16 * 1024)));
        let system = Method::ALL.map(|method| Event { at: Instant(-7), method, by: None, what: Happening::Resolve });
        events.extend(system);
        events.push(by_person("person", 3));
        append(test, one, 1, &events);
        assert_eq!(list(test, one), events);
    });
}

#[test]
fn what_a_person_did_is_found_by_their_id_the_newest_incident_first() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let person = "ana".into();
        append(test, one, 1, &[by_person("ana", 1), by_person("ben", 2), by_person("ana", 3), note(4, "ana")]);
        append(test, other, 1, &[by_person("ana", 5)]);
        write(test, |tx| store::event_append(tx, one, InstanceId(2), 1, &[by_person("ana", 7)]));
        let found =
            |before, limit| read(test, |tx| store::event_of_person(tx, one, &person, InstanceId(before), limit));
        let acted_on = |id, events, first, last| ActedOn {
            instance_id: InstanceId(id),
            events,
            first_at: Instant(first),
            last_at: Instant(last),
        };
        assert_eq!(found(9, 9), [acted_on(2, 1, 7, 7), acted_on(1, 2, 1, 3)]);
        assert_eq!(found(9, 1), [acted_on(2, 1, 7, 7)]);
        assert_eq!(found(2, 9), [acted_on(1, 2, 1, 3)]);
    });
}

#[test]
fn a_version_is_written_once() {
    on_both(|test| {
        let one = organization(test, "one");
        append(test, one, 1, &[note(1, "first")]);
        conflict(test, |tx| store::event_append(tx, one, ID, 1, &[note(1, "second")]));
        assert_eq!(list(test, one), [note(1, "first")]);
    });
}

#[test]
fn a_log_belongs_to_its_organization_and_incident() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        append(test, one, 1, &[note(1, "secret")]);
        assert!(list(test, other).is_empty());
        assert!(read(test, |tx| store::event_list(tx, one, InstanceId(2))).is_empty());
        append(test, other, 1, &[note(1, "other")]);
        assert_eq!(list(test, one), [note(1, "secret")]);
    });
}

#[test]
fn the_latest_event_of_all_is_known() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let latest = || read(test, |tx| store::event_latest(tx));
        assert_eq!(latest(), None);
        append(test, one, 1, &[note(9, "late"), note(3, "early")]);
        append(test, other, 1, &[note(5, "between")]);
        assert_eq!(latest(), Some(Instant(9)));
    });
}

#[test]
fn a_log_with_an_unknown_method_or_happening_is_corrupt() {
    on_both(|test| {
        let one = organization(test, "one");
        append(test, one, 1, &[note(1, "note")]);
        for sql in ["update event set body = '{\"type\": \"gone\"}'", "update event set method = 'PIGEON'"] {
            write(test, |tx| tx.run(sql, &[]));
            let result = test.store().read(|tx| store::event_list(tx, one, ID));
            assert!(matches!(result, Err(Error::Corrupt(_))), "{result:?}");
        }
    });
}
