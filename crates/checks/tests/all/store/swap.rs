//! Swaps are kept by routine and id, within their organization.

use super::sample::HARD;
use super::{conflict, organization, read, write};
use checks::{TestStore, on_both};
use domain::{Instant, OrganizationId};
use store::SwapRow;

fn row(routine: &str, swap_ref_id: &str, until: i64) -> SwapRow {
    SwapRow {
        routine: routine.to_owned(),
        swap_ref_id: swap_ref_id.to_owned(),
        until: Instant(until),
        body: "{}".to_owned(),
    }
}

fn list(test: &TestStore, organization: OrganizationId) -> Vec<SwapRow> {
    let mut rows = read(test, |tx| store::swap_list(tx, organization));
    rows.sort_by(|left, right| (&left.routine, &left.swap_ref_id).cmp(&(&right.routine, &right.swap_ref_id)));
    rows
}

#[test]
fn a_swap_survives_the_round_trip() {
    on_both(|test| {
        let one = organization(test, "one");
        let mut kept: Vec<_> =
            HARD.iter().map(|text| SwapRow { body: (*text).to_owned(), ..row(text, text, i64::MAX) }).collect();
        for row in &kept {
            write(test, |tx| store::swap_insert(tx, one, row));
        }
        kept.sort_by(|left, right| left.routine.cmp(&right.routine));
        assert_eq!(list(test, one), kept);
        conflict(test, |tx| store::swap_insert(tx, one, &kept[0]));
    });
}

#[test]
fn a_swap_is_removed_by_its_own_routine_and_organization_only() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        for organization in [one, other] {
            for routine in ["r", "s"] {
                write(test, |tx| store::swap_insert(tx, organization, &row(routine, "same", 5)));
            }
        }
        let delete = |routine, id| write(test, |tx| store::swap_delete(tx, one, routine, id));
        delete("r", "another");
        delete("t", "same");
        assert_eq!(list(test, one).len(), 2);
        delete("r", "same");
        assert_eq!(list(test, one), [row("s", "same", 5)]);
        write(test, |tx| store::swap_delete_all(tx, one, "s"));
        assert_eq!(list(test, one), []);
        assert_eq!(list(test, other).len(), 2);
    });
}

#[test]
fn swaps_that_were_over_are_forgotten_to_the_instant() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        for (organization, routine, id, until) in
            [(one, "r", "a", 9), (one, "r", "b", 10), (one, "r", "c", 11), (one, "s", "d", 9), (other, "r", "e", 9)]
        {
            write(test, |tx| store::swap_insert(tx, organization, &row(routine, id, until)));
        }
        write(test, |tx| store::swap_forget(tx, one, "r", Instant(10)));
        assert_eq!(list(test, one), [row("r", "c", 11), row("s", "d", 9)]);
        assert_eq!(list(test, other), [row("r", "e", 9)]);
    });
}
