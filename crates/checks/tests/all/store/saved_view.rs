//! Saved views are kept by name for a person, or for everybody of an organization, and those of a person go with the person.

use super::sample::HARD;
use super::{conflict, organization, read, write};
use checks::{TestStore, on_both};
use domain::{Instant, OrganizationId, RefId};
use store::SavedViewRow;

fn row(person: Option<&str>, name: &str) -> SavedViewRow {
    let (person, made_by) = (person.map(RefId::from), RefId::from("ana"));
    SavedViewRow { person, name: name.to_owned(), query: "state=open".to_owned(), made_by, made_at: Instant(3) }
}

fn names(test: &TestStore, organization: OrganizationId, person: Option<&str>) -> Vec<String> {
    let person = person.map(RefId::from);
    let rows = read(test, |tx| store::saved_view_list(tx, organization, person.as_ref()));
    assert!(rows.iter().all(|row| row.person == person), "{rows:?}");
    rows.into_iter().map(|row| row.name).collect()
}

#[test]
fn a_view_survives_the_round_trip_and_views_are_listed_by_name() {
    on_both(|test| {
        let one = organization(test, "one");
        for text in HARD {
            let view = SavedViewRow { query: text.to_owned(), ..row(Some("ben"), text) };
            write(test, |tx| store::saved_view_insert(tx, one, &view));
            let rows = read(test, |tx| store::saved_view_list(tx, one, Some(&"ben".into())));
            assert!(rows.contains(&view), "{text}");
        }
        let listed = names(test, one, Some("ben"));
        assert!(listed.is_sorted() && listed.len() == HARD.len(), "{listed:?}");
    });
}

#[test]
fn a_name_is_one_views_for_each_person_and_among_those_that_are_shared() {
    on_both(|test| {
        let (one, two) = (organization(test, "one"), organization(test, "two"));
        for (organization, person) in [(one, Some("ana")), (one, Some("ben")), (one, None), (two, Some("ana"))] {
            write(test, |tx| store::saved_view_insert(tx, organization, &row(person, "night")));
            conflict(test, |tx| store::saved_view_insert(tx, organization, &row(person, "night")));
        }
        assert_eq!(names(test, one, Some("ana")), ["night"]);
        let of_ana = read(test, |tx| store::saved_view_of_author(tx, one, &"ana".into()));
        assert_eq!(of_ana.len(), 3, "whosever they are, she made them");
    });
}

#[test]
fn a_view_is_removed_by_its_name_and_all_of_a_person_at_once() {
    on_both(|test| {
        let (one, two) = (organization(test, "one"), organization(test, "two"));
        for (organization, person) in [(one, Some("ana")), (one, Some("ben")), (one, None), (two, Some("ana"))] {
            for name in ["day", "night"] {
                write(test, |tx| store::saved_view_insert(tx, organization, &row(person, name)));
            }
        }
        let ana = RefId::from("ana");
        let remove = |person| write(test, |tx| store::saved_view_delete(tx, one, (person, "day")));
        assert!(remove(None) && remove(Some(&ana)));
        assert!(!remove(None) && !remove(Some(&ana)), "there is none any more");
        assert_eq!(
            (names(test, one, None), names(test, one, Some("ana"))),
            (vec!["night".into()], vec!["night".into()])
        );
        write(test, |tx| store::saved_view_delete_all(tx, one, &ana));
        assert_eq!(names(test, one, Some("ana")), [""; 0]);
        assert_eq!((names(test, one, None).len(), names(test, one, Some("ben")).len()), (1, 2));
        assert_eq!(names(test, two, Some("ana")).len(), 2);
    });
}
