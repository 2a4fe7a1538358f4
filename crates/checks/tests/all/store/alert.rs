//! Alerts stay with their incident, move whole, and hold their dedup key until they are resolved.

use super::sample::{HARD, alert, full_alert, incident, long_text};
use super::{conflict, organization, read, write};
use checks::{Database, TestStore, on_both};
use domain::alert::{Alert, Grouping};
use domain::{InstanceId, Instant, OrganizationId};
use store::Error;

const ONE: InstanceId = InstanceId(1);
const TWO: InstanceId = InstanceId(2);

fn insert(test: &TestStore, organization: OrganizationId, id: InstanceId, alert: &Alert) {
    write(test, |tx| store::alert_insert(tx, organization, id, alert));
}

fn list(test: &TestStore, organization: OrganizationId, id: InstanceId) -> Vec<Alert> {
    read(test, |tx| store::alert_list(tx, organization, id))
}

fn keyed(ref_id: &str, key: &str) -> Alert {
    Alert { dedup_key: Some(key.to_owned()), ..alert(ref_id, 1) }
}

#[test]
fn an_alert_survives_the_round_trip() {
    on_both(|test| {
        let one = organization(test, "one");
        let texts = HARD.map(str::to_owned).into_iter().chain([long_text()]);
        let mut expected: Vec<Alert> = (10..).zip(texts).map(|(n, text)| full_alert(&format!("{n}"), &text)).collect();
        expected.push(Alert { resolved_at: Some(Instant(7)), ..alert("plain", 6) });
        for alert in &expected {
            insert(test, one, ONE, alert);
            let text = read(test, |tx| store::alert_text(tx, one, ONE, &alert.ref_id));
            assert_eq!(text.as_ref(), Some(&alert.text));
        }
        assert_eq!(list(test, one, ONE), expected);
        assert_eq!(read(test, |tx| store::alert_text(tx, one, TWO, &"plain".into())), None);
    });
}

#[test]
fn alerts_are_listed_oldest_first_then_by_id_whatever_the_language_of_the_database() {
    on_both(|test| {
        if test.database == Database::Postgresql {
            let sql = "alter table alert alter column ref_id type text collate \"en-US-x-icu\"";
            write(test, |tx| tx.run(sql, &[]));
        }
        let one = organization(test, "one");
        for (ref_id, at) in [("b", 2), ("B", 2), ("-a", 2), ("_", 2), ("z", 1)] {
            insert(test, one, ONE, &alert(ref_id, at));
        }
        let ids: Vec<_> = list(test, one, ONE).into_iter().map(|alert| alert.ref_id.0).collect();
        assert_eq!(ids, ["z", "-a", "B", "_", "b"]);
    });
}

#[test]
fn a_dedup_key_is_held_by_one_unresolved_alert_of_an_organization() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        insert(test, one, ONE, &keyed("a", "key"));
        conflict(test, |tx| store::alert_insert(tx, one, TWO, &keyed("b", "key")));
        insert(test, one, TWO, &keyed("b", "Key"));
        insert(test, other, ONE, &keyed("a", "key"));
        for ref_id in ["c", "d"] {
            insert(test, one, TWO, &alert(ref_id, 1));
        }
        write(test, |tx| store::alert_resolve_all(tx, one, ONE, Instant(5)));
        insert(test, one, TWO, &keyed("e", "key"));
        conflict(test, |tx| store::alert_insert(tx, other, TWO, &keyed("b", "key")));
    });
}

#[test]
fn all_alerts_of_an_incident_are_resolved_and_no_others() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let (first, second, third) = (alert("a", 1), alert("b", 2), alert("c", 3));
        for (organization, id, alert) in
            [(one, ONE, &first), (one, ONE, &second), (one, TWO, &third), (other, ONE, &first)]
        {
            insert(test, organization, id, alert);
        }
        write(test, |tx| store::alert_resolve_all(tx, one, ONE, Instant(5)));
        let resolved = [&first, &second].map(|alert| Alert { resolved_at: Some(Instant(5)), ..alert.clone() });
        assert_eq!(list(test, one, ONE), resolved);
        assert_eq!(list(test, one, TWO), [third]);
        assert_eq!(list(test, other, ONE), [first]);
    });
}

#[test]
fn a_moved_alert_keeps_all_but_its_grouping() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let alerts = [full_alert("a", HARD[5]), full_alert("b", HARD[6])];
        for alert in &alerts {
            insert(test, one, ONE, alert);
            insert(test, other, ONE, alert);
        }
        let grouped = |grouping| alerts.clone().map(|alert| Alert { grouping, ..alert });
        let [first, second] = grouped(Grouping::Triggered);
        write(test, |tx| store::alert_move(tx, one, ONE, &"a".into(), TWO));
        assert_eq!(list(test, one, TWO), std::slice::from_ref(&first));
        assert_eq!(list(test, one, ONE), alerts[1..]);
        write(test, |tx| store::alert_regroup(tx, one, ONE, &"b".into(), Grouping::Triggered));
        assert_eq!(list(test, one, ONE), [second]);
        write(test, |tx| store::alert_move_all(tx, one, ONE, TWO));
        assert!(list(test, one, ONE).is_empty());
        let [_, second] = grouped(Grouping::Grouped);
        assert_eq!(list(test, one, TWO), [first, second]);
        assert_eq!(list(test, other, ONE), alerts, "another organization's stay");
    });
}

#[test]
fn a_moved_alert_takes_its_key_to_the_incident_it_goes_to() {
    on_both(|test| {
        let one = organization(test, "one");
        let [from, to] = [(), ()].map(|()| {
            let mut incident = incident(1);
            write(test, |tx| store::incident_insert(tx, one, &mut incident));
            incident.instance_id
        });
        insert(test, one, from, &keyed("a", "key"));
        write(test, |tx| store::alert_move_all(tx, one, from, to));
        let found = read(test, |tx| store::incident_by_key(tx, one, "key"));
        assert_eq!(found.map(|incident| incident.instance_id), Some(to));
    });
}

#[test]
fn another_organization_sees_no_alert() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let alert = full_alert("a", "secret");
        insert(test, one, ONE, &alert);
        assert!(list(test, other, ONE).is_empty());
        assert_eq!(read(test, |tx| store::alert_text(tx, other, ONE, &"a".into())), None);
        write(test, |tx| {
            store::alert_move(tx, other, ONE, &"a".into(), TWO)?;
            store::alert_move_all(tx, other, ONE, TWO)?;
            store::alert_regroup(tx, other, ONE, &"a".into(), Grouping::Triggered)?;
            store::alert_resolve_all(tx, other, ONE, Instant(9))
        });
        assert_eq!(list(test, one, ONE), [alert]);
    });
}

#[test]
fn of_two_alerts_with_one_key_on_two_nodes_one_is_a_conflict() {
    let test = TestStore::new(Database::Postgresql);
    let one = organization(&test, "one");
    let results = std::thread::scope(|scope| {
        let threads = ["a", "b", "c", "d"].map(|ref_id| {
            let store = test.store();
            scope.spawn(move || store.write(|tx| store::alert_insert(tx, one, ONE, &keyed(ref_id, "key"))))
        });
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(Error::Conflict(_)))), "{results:?}");
}
