//! Incidents are numbered, saved over the version they were loaded with, and found when they are due.

use super::sample::{HARD, alert, full_incident, incident};
use super::{conflict, organization, read, write};
use checks::{Database, TestStore, on_both};
use domain::incident::{Incident, Status};
use domain::{InstanceId, Instant, OrganizationId};
use store::{Error, Filter};

fn insert(test: &TestStore, organization: OrganizationId, mut incident: Incident) -> Incident {
    write(test, |tx| store::incident_insert(tx, organization, &mut incident));
    incident
}

fn save(test: &TestStore, organization: OrganizationId, before: &Incident, mut after: Incident) -> Incident {
    after.version = write(test, |tx| store::incident_save(tx, organization, before, &after));
    after
}

fn load(test: &TestStore, organization: OrganizationId, id: InstanceId) -> Option<Incident> {
    read(test, |tx| store::incident_load(tx, organization, id))
}

fn due(test: &TestStore, organization: OrganizationId, now: i64, limit: u32) -> Vec<(InstanceId, Instant)> {
    write(test, |tx| store::incident_due(tx, organization, Instant(now), limit))
}

/// An incident that is due at `at`.
fn due_at(at: i64) -> Incident {
    Incident { next_alert_at: Instant(at), ..incident(0) }
}

#[test]
fn an_incident_survives_the_round_trip() {
    on_both(|test| {
        let one = organization(test, "one");
        for text in HARD {
            let plain = insert(test, one, incident(1));
            assert_eq!(load(test, one, plain.instance_id).as_ref(), Some(&plain));
            let full = full_incident(text);
            let before = insert(test, one, full.clone());
            assert_eq!(load(test, one, before.instance_id).as_ref(), Some(&before));
            let after = save(test, one, &plain, Incident { ..with_numbers(full, &plain) });
            assert_eq!(load(test, one, plain.instance_id), Some(after));
        }
    });
}

fn with_numbers(incident: Incident, of: &Incident) -> Incident {
    let (instance_id, organization_instance_id) = (of.instance_id, of.organization_instance_id);
    Incident { instance_id, organization_instance_id, version: of.version, ..incident }
}

#[test]
fn incidents_are_numbered_from_one_in_each_organization_and_increase_on_the_server() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let order = [one, one, other, one, other];
        let incidents = order.map(|organization| insert(test, organization, incident(1)));
        assert_eq!(incidents.each_ref().map(|incident| incident.organization_instance_id), [1, 2, 1, 3, 2]);
        assert!(incidents.windows(2).all(|pair| pair[0].instance_id < pair[1].instance_id));
        assert!(incidents.iter().all(|incident| incident.version == 1));
        let undone = test.store().write(|tx| {
            store::incident_insert(tx, one, &mut incident(1))?;
            Err::<(), _>(Error::Busy(String::new()))
        });
        assert!(undone.is_err());
        assert_eq!(insert(test, one, incident(1)).organization_instance_id, 4, "an undone one leaves no gap");
    });
}

#[test]
fn an_incident_of_no_organization_is_refused() {
    on_both(|test| {
        let result = test.store().write(|tx| store::incident_insert(tx, OrganizationId(9), &mut incident(1)));
        assert!(matches!(result, Err(Error::Corrupt(_))), "{result:?}");
    });
}

#[test]
fn a_save_over_a_stale_version_is_a_conflict_and_changes_nothing() {
    on_both(|test| {
        let one = organization(test, "one");
        let first = insert(test, one, Incident { tags: vec!["old".to_owned()], ..incident(1) });
        let second = save(test, one, &first, Incident { title: "second".to_owned(), ..first.clone() });
        assert_eq!(second.version, 2);
        let stale = Incident { title: "stale".to_owned(), tags: vec!["new".to_owned()], ..first.clone() };
        conflict(test, |tx| store::incident_save(tx, one, &first, &stale));
        assert_eq!(load(test, one, first.instance_id), Some(second));
        let tagged = |tag: &str| Filter { tags: vec![tag.to_owned()], ..Filter::default() };
        let found = |tag| read(test, |tx| store::incident_list(tx, one, &tagged(tag), 9)).len();
        assert_eq!((found("old"), found("new")), (1, 0));
    });
}

#[test]
fn another_organization_sees_and_changes_nothing() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let mine = insert(test, one, incident(1));
        let id = mine.instance_id;
        let keyed = Incident { dedup_key: Some("key".to_owned()), ..mine.clone() };
        write(test, |tx| {
            let alert = domain::alert::Alert { dedup_key: Some("key".to_owned()), ..alert("task", 1) };
            store::alert_insert(tx, one, id, &alert)
        });
        assert_eq!(load(test, other, id), None);
        assert_eq!(read(test, |tx| store::incident_by_key(tx, other, "key")), None);
        assert!(read(test, |tx| store::incident_unresolved(tx, other)).is_empty());
        assert!(read(test, |tx| store::incident_list(tx, other, &Filter::default(), 9)).is_empty());
        conflict(test, |tx| store::incident_save(tx, other, &mine, &keyed));
        write(test, |tx| store::incident_quarantine(tx, other, id, Instant::LATEST));
        assert_eq!(due(test, one, i64::MAX, 9), [(id, mine.next_alert_at)]);
        assert!(due(test, other, i64::MAX, 9).is_empty());
        assert_eq!(load(test, one, id), Some(mine));
    });
}

#[test]
fn an_incident_is_found_by_the_key_of_an_unresolved_alert_of_its() {
    on_both(|test| {
        let one = organization(test, "one");
        let incidents = HARD.map(|key| {
            let incident = insert(test, one, incident(1));
            let name = format!("task {}", incident.instance_id);
            let alert = domain::alert::Alert { dedup_key: Some(key.to_owned()), ..alert(&name, 1) };
            write(test, |tx| store::alert_insert(tx, one, incident.instance_id, &alert));
            incident
        });
        for (key, incident) in HARD.into_iter().zip(incidents) {
            let by_key = || read(test, |tx| store::incident_by_key(tx, one, key));
            assert_eq!(by_key().as_ref(), Some(&incident), "{key}");
            write(test, |tx| store::alert_resolve_all(tx, one, incident.instance_id, Instant(2)));
            assert_eq!(by_key(), None, "{key}");
        }
    });
}

#[test]
fn incidents_are_due_longest_first_then_by_number_and_never_once_resolved() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let late = insert(test, one, due_at(30));
        let first = insert(test, one, due_at(20));
        let tied = insert(test, one, due_at(20));
        let elsewhere = insert(test, other, due_at(10));
        insert(test, one, due_at(31));
        let resolved = Incident { status: Status::Resolved, resolved_at: Some(Instant(1)), ..due_at(1) };
        insert(test, one, resolved);
        let all = [(first.instance_id, Instant(20)), (tied.instance_id, Instant(20)), (late.instance_id, Instant(30))];
        assert_eq!(due(test, one, 30, 9), all);
        assert_eq!(due(test, one, 30, 2), all[..2]);
        assert!(due(test, one, 19, 9).is_empty());
        let whose = |now| read(test, |tx| store::incident_due_where(tx, Instant(now)));
        assert_eq!((whose(30), whose(10), whose(9)), (vec![other, one], vec![other], vec![]));
        save(test, other, &elsewhere, Incident { next_alert_at: Instant(50), ..elsewhere.clone() });
        let next = || read(test, |tx| store::incident_next_due(tx));
        assert_eq!(next(), Some(Instant(20)));
        save(test, one, &tied, Incident { next_alert_at: Instant(5), ..tied.clone() });
        assert_eq!(next(), Some(Instant(5)));
        write(test, |tx| store::incident_quarantine(tx, one, tied.instance_id, Instant(40)));
        assert_eq!(due(test, one, 30, 9), [all[0], all[2]]);
    });
}

#[test]
fn nothing_is_due_in_an_empty_store() {
    on_both(|test| {
        assert_eq!(read(test, |tx| store::incident_next_due(tx)), None);
        assert_eq!(read(test, |tx| store::incident_stranded(tx)), 0);
        let one = organization(test, "one");
        assert!(due(test, one, i64::MAX, 9).is_empty());
    });
}

#[test]
fn stranded_incidents_are_counted_and_unresolved_ones_found() {
    on_both(|test| {
        let one = organization(test, "one");
        let open = insert(test, one, Incident { stranded: true, ..incident(1) });
        let acknowledged = insert(test, one, Incident { status: Status::Acknowledged, ..incident(1) });
        let late = insert(test, one, incident(1));
        let resolved = Incident { status: Status::Resolved, resolved_at: Some(Instant(1)), ..incident(1) };
        insert(test, one, resolved);
        let stranded = || read(test, |tx| store::incident_stranded(tx));
        assert_eq!(stranded(), 1);
        assert_eq!(read(test, |tx| store::incident_unresolved(tx, one)), [open.clone(), acknowledged, late]);
        save(test, one, &open, Incident { stranded: false, ..open.clone() });
        assert_eq!(stranded(), 0);
    });
}

#[test]
fn a_state_that_breaks_its_invariants_is_corrupt_and_named() {
    on_both(|test| {
        let one = organization(test, "one");
        let id = insert(test, one, incident(1)).instance_id;
        let good = serde_json::to_string(&incident(1)).unwrap();
        let resolved = good.replace("\"OPEN\"", "\"RESOLVED\"");
        let no_level = good.replace("\"level\":1", "\"level\":0");
        for (body, expected) in [(resolved, "resolved, but"), (no_level, "level 0"), ("{".to_owned(), "EOF")] {
            let sql = "update incident set body = $1 where instance_id = $2";
            write(test, |tx| tx.run(sql, &[body.into(), id.0.into()]));
            let result = test.store().read(|tx| store::incident_load(tx, one, id));
            let Err(Error::Corrupt(text)) = result else { panic!("{result:?}") };
            assert!(text.contains(expected) && text.contains(&format!("incident {id}")), "{text}");
        }
    });
}

#[test]
fn of_two_nodes_that_save_at_the_same_time_one_meets_a_conflict() {
    let test = TestStore::new(Database::Postgresql);
    let one = organization(&test, "one");
    let before = insert(&test, one, incident(1));
    let results = std::thread::scope(|scope| {
        let threads = ["a", "b", "c", "d"].map(|title| {
            let (store, before) = (test.store(), &before);
            let after = Incident { title: title.to_owned(), ..before.clone() };
            scope.spawn(move || store.write(|tx| store::incident_save(tx, one, before, &after)))
        });
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    assert_eq!(load(&test, one, before.instance_id).unwrap().version, 2);
}
