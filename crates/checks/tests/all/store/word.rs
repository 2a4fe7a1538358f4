//! Words of titles are noted after incidents are there, once, and follow the title.

use super::sample::incident;
use super::{organization, read, write};
use checks::on_both;
use domain::incident::Incident;
use store::Filter;

fn titled(title: &str) -> Incident {
    Incident { title: title.to_owned(), ..incident(1) }
}

#[test]
fn words_are_found_once_they_are_noted_and_follow_a_title_that_is_changed() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let mut first = titled("Disk of db-1 is full");
        let mut second = titled("Fan of db-2");
        write(test, |tx| store::incident_insert(tx, one, &mut first));
        write(test, |tx| store::incident_insert(tx, one, &mut second));
        let found = |words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            let filter = Filter { words, ..Filter::default() };
            read(test, |tx| store::incident_list(tx, one, &filter, 9)).iter().map(|found| found.instance_id).collect()
        };
        let none: Vec<_> = found(&["db"]);
        assert!(none.is_empty(), "to create one notes nothing");
        assert_eq!(read(test, store::word_unknown_where), [one], "not {other:?}, which has none");
        assert_eq!(write(test, |tx| store::word_note(tx, one, 1)), 1);
        assert_eq!(found(&["db"]), [first.instance_id]);
        assert_eq!(read(test, store::word_unknown_where), [one]);
        assert_eq!(write(test, |tx| store::word_note(tx, one, 9)), 1);
        assert_eq!(found(&["db"]), [second.instance_id, first.instance_id]);
        assert_eq!(found(&["full", "disk"]), [first.instance_id]);
        assert_eq!(read(test, store::word_unknown_where), []);
        assert_eq!(write(test, |tx| store::word_note(tx, one, 9)), 0);
        let before = first.clone();
        first.title = "Checkout of db-1".to_owned();
        first.version = write(test, |tx| store::incident_save(tx, one, &before, &first));
        assert_eq!(found(&["checkout"]), [first.instance_id]);
        assert_eq!((found(&["disk"]), found(&["db"]).len()), (vec![], 2));
        let words = || ["db", "fan"].map(str::to_owned).to_vec();
        assert_eq!(read(test, |tx| store::word_rarest_first(tx, one, words())), ["fan", "db"]);
    });
}
