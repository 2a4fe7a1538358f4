//! Organizations are found again, and their version counts.

use super::sample::HARD;
use super::{conflict, organization, read, write};
use checks::{Database, on_both};
use domain::OrganizationId;
use store::OrganizationRow;

const NOBODY: OrganizationId = OrganizationId(4711);

#[test]
fn an_organization_is_found_by_name_and_by_number() {
    on_both(|test| {
        for name in HARD {
            let id = organization(test, name);
            let expected = OrganizationRow {
                id,
                name: name.to_owned(),
                version: 1,
                fallback_policy: None,
                settings: "{}".to_owned(),
            };
            assert_eq!(read(test, |tx| store::organization_by_name(tx, name)).as_ref(), Some(&expected));
            assert_eq!(read(test, |tx| store::organization_load(tx, id)), Some(expected));
        }
        assert_eq!(read(test, |tx| store::organization_by_name(tx, "nobody")), None);
        assert_eq!(read(test, |tx| store::organization_load(tx, NOBODY)), None);
        assert_eq!(read(test, |tx| store::organization_version(tx, NOBODY)), None);
    });
}

#[test]
fn the_name_of_an_organization_is_taken_once() {
    on_both(|test| {
        organization(test, "one");
        conflict(test, |tx| store::organization_insert(tx, "one"));
        organization(test, "One");
    });
}

#[test]
fn organizations_are_listed_by_name_alike_whatever_the_language_of_the_database() {
    on_both(|test| {
        if test.database == Database::Postgresql {
            let sql = "alter table organization alter column name type text collate \"en-US-x-icu\"";
            write(test, |tx| tx.run(sql, &[]));
        }
        for name in ["ä", "b", "a-b", "B", "ab", "Z", "a"] {
            organization(test, name);
        }
        let rows = read(test, |tx| store::organization_list(tx));
        let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["B", "Z", "a", "a-b", "ab", "b", "ä"]);
    });
}

#[test]
fn every_change_of_a_directory_or_key_is_counted_for_its_organization_alone() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        write(test, |tx| store::organization_changed(tx, one, Some("It's \"theirs\"")));
        write(test, |tx| store::organization_touch(tx, one));
        let row = read(test, |tx| store::organization_load(tx, one)).unwrap();
        assert_eq!((row.version, row.fallback_policy.as_deref()), (3, Some("It's \"theirs\"")));
        assert_eq!(read(test, |tx| store::organization_version(tx, one)), Some(3));
        assert_eq!(read(test, |tx| store::organization_version(tx, other)), Some(1));
        write(test, |tx| store::organization_changed(tx, one, None));
        assert_eq!(read(test, |tx| store::organization_load(tx, one)).unwrap().fallback_policy, None);
    });
}

#[test]
fn a_name_that_an_organization_had_leads_to_it_and_to_no_other() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let known = |name: &str| read(test, |tx| store::organization_known_as(tx, name)).map(|row| (row.id, row.name));
        write(test, |tx| store::organization_rename(tx, one, "one", "two"));
        assert_eq!(known("one"), Some((one, "two".to_owned())));
        assert_eq!(known("two"), known("one"));
        assert_eq!(read(test, |tx| store::organization_by_name(tx, "one")), None);
        conflict(test, |tx| store::organization_rename(tx, one, "two", "other"));
        assert_eq!(known("other"), Some((other, "other".to_owned())));
        write(test, |tx| store::organization_rename(tx, one, "two", "one"));
        assert_eq!(known("two"), Some((one, "one".to_owned())));
        assert_eq!(known("nobody"), None);
    });
}
