//! The audit log's rows are kept in order, found by what they say, and go with their personal values.

use super::sample::HARD;
use super::{conflict, organization, read, write};
use checks::{TestStore, on_both};
use domain::{Instant, OrganizationId};
use store::{AuditFilter, AuditPersonalRow, AuditRow};

fn row(number: i64, text: &str) -> AuditRow {
    AuditRow {
        number,
        at: Instant(number * 10),
        actor: text.to_owned(),
        actor_ref: format!("actor {number}"),
        action: "service.update".to_owned(),
        object_kind: "service".to_owned(),
        object_ref: format!("object {number}"),
        object_name: text.to_owned(),
        way: "api".to_owned(),
        body: text.to_owned(),
        digest: format!("digest {number}"),
    }
}

fn personal(number: i64, place: i64, person: &str) -> AuditPersonalRow {
    AuditPersonalRow {
        number,
        place,
        person: person.to_owned(),
        digest: "d".to_owned(),
        salt: "s".to_owned(),
        value: "v".to_owned(),
    }
}

fn all() -> AuditFilter {
    AuditFilter {
        since: Instant(i64::MIN),
        until: Instant(i64::MAX),
        actor: String::new(),
        action: String::new(),
        object: String::new(),
        way: String::new(),
        before: None,
    }
}

fn fill(test: &TestStore, organization: OrganizationId) -> Vec<AuditRow> {
    let rows: Vec<_> = (1..).zip(HARD).map(|(number, text)| row(number, text)).collect();
    for row in &rows {
        write(test, |tx| store::audit_insert(tx, organization, row));
    }
    rows
}

#[test]
fn rows_survive_the_round_trip_and_a_number_is_given_once() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let rows = fill(test, one);
        let ever = (Instant(i64::MIN), Instant(i64::MAX));
        assert_eq!(read(test, |tx| store::audit_after(tx, one, 0, ever, 1_000)), rows);
        assert_eq!(read(test, |tx| store::audit_after(tx, one, 2, ever, 2)), rows[2..4]);
        let reversed: Vec<_> = rows.iter().rev().cloned().collect();
        assert_eq!(read(test, |tx| store::audit_list(tx, one, &all(), 1_000)), reversed);
        assert_eq!(read(test, |tx| store::audit_list(tx, other, &all(), 1_000)), []);
        let head = read(test, |tx| store::audit_head(tx, one)).unwrap();
        assert_eq!((head.number, head.digest), (rows.len() as i64, format!("digest {}", rows.len())));
        assert_eq!(read(test, |tx| store::audit_head(tx, other)), None);
        conflict(test, |tx| {
            store::audit_insert(tx, one, &rows[0])?;
            tx.settle()
        });
    });
}

#[test]
fn rows_are_found_by_each_of_what_they_say() {
    on_both(|test| {
        let one = organization(test, "one");
        let rows = fill(test, one);
        let found = |filter: AuditFilter| -> Vec<i64> {
            read(test, |tx| store::audit_list(tx, one, &filter, 1_000)).iter().map(|row| row.number).collect()
        };
        let last = rows.len() as i64;
        assert_eq!(found(AuditFilter { since: Instant(20), until: Instant(30), ..all() }), [3, 2]);
        assert_eq!(found(AuditFilter { actor: "actor 2".to_owned(), ..all() }), [2]);
        assert_eq!(found(AuditFilter { object: "object 3".to_owned(), ..all() }), [3]);
        assert_eq!(found(AuditFilter { before: Some(3), ..all() }), [2, 1]);
        for (filter, count) in [
            (AuditFilter { object: "service".to_owned(), ..all() }, last),
            (AuditFilter { action: "service.update".to_owned(), ..all() }, last),
            (AuditFilter { way: "api".to_owned(), ..all() }, last),
            (AuditFilter { action: "service".to_owned(), ..all() }, 0),
            (AuditFilter { way: "console".to_owned(), ..all() }, 0),
            (AuditFilter { object: "nothing".to_owned(), ..all() }, 0),
        ] {
            assert_eq!(found(filter).len() as i64, count);
        }
    });
}

#[test]
fn personal_values_go_with_their_person_and_with_their_row() {
    on_both(|test| {
        let one = organization(test, "one");
        fill(test, one);
        let values = [personal(1, 0, "ana"), personal(1, 1, "ben"), personal(2, 0, "ana"), personal(3, 0, "ben")];
        for value in &values {
            write(test, |tx| store::audit_personal_insert(tx, one, value));
        }
        let left = || read(test, |tx| store::audit_personal_list(tx, one, 0, i64::MAX));
        assert_eq!(left(), values);
        assert_eq!(write(test, |tx| store::audit_erase(tx, one, "ana")), 2);
        assert_eq!(left(), [values[1].clone(), values[3].clone()]);
        assert_eq!(write(test, |tx| store::audit_delete(tx, one, 2)), 2);
        assert_eq!(left(), [values[3].clone()]);
        assert_eq!(read(test, |tx| store::audit_first(tx, one)).unwrap().number, 3);
        assert_eq!(read(test, |tx| store::audit_last_before(tx, one, 4, Instant(40))).unwrap().number, 3);
        assert_eq!(read(test, |tx| store::audit_last_before(tx, one, 4, Instant(30))), None);
    });
}
