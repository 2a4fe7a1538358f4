//! API keys are found by digest, and revoked and used only within their organization.

use super::sample::HARD;
use super::{conflict, organization, read, write};
use checks::{TestStore, on_both};
use domain::permission::Scope;
use domain::{Instant, OrganizationId, RefId};
use store::KeyRow;

fn row(organization: OrganizationId, digest: &str) -> KeyRow {
    KeyRow {
        organization,
        id: 0,
        name: "key".to_owned(),
        digest: digest.to_owned(),
        tail: "abcde".to_owned(),
        scope: Scope::Incidents,
        allow: Vec::new(),
        created_at: Instant(5),
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        person: None,
        teams: None,
    }
}

fn insert(test: &TestStore, row: &KeyRow) -> i64 {
    write(test, |tx| store::key_insert(tx, row))
}

fn by_digest(test: &TestStore, digest: &str) -> Option<KeyRow> {
    read(test, |tx| store::key_by_digest(tx, digest))
}

#[test]
fn a_key_survives_the_round_trip() {
    on_both(|test| {
        let one = organization(test, "one");
        let mut inserted = Vec::new();
        for (number, (name, scope)) in HARD.iter().zip(Scope::ALL.iter().cycle()).enumerate() {
            let row = KeyRow {
                name: (*name).to_owned(),
                scope: *scope,
                allow: ["10.0.0.0/8", "2001:db8::/32"].iter().take(number % 3).map(|&cidr| cidr.to_owned()).collect(),
                expires_at: (number % 2 == 0).then_some(Instant::LATEST),
                person: (number % 3 == 0).then(|| RefId::from("ana")),
                teams: (number % 4 > 0).then(|| (1..number % 4).map(|team| RefId(format!("team{team}"))).collect()),
                ..row(one, &format!("digest {number}"))
            };
            let row = KeyRow { id: insert(test, &row), ..row };
            assert_eq!(by_digest(test, &row.digest).as_ref(), Some(&row));
            inserted.push(row);
        }
        assert_eq!(read(test, |tx| store::key_list(tx, one)), inserted);
        assert_eq!(by_digest(test, "digest"), None);
    });
}

#[test]
fn a_digest_stands_for_one_key() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        insert(test, &row(one, "digest"));
        conflict(test, |tx| store::key_insert(tx, &row(other, "digest")));
    });
}

#[test]
fn a_key_is_revoked_once_and_only_by_its_organization() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let id = insert(test, &row(one, "digest"));
        let revoke = |organization, id, at| write(test, |tx| store::key_revoke(tx, organization, id, Instant(at)));
        assert!(!revoke(other, id, 10));
        assert!(!revoke(one, id + 1, 10));
        assert_eq!(by_digest(test, "digest").unwrap().revoked_at, None);
        assert!(revoke(one, id, 11));
        assert!(!revoke(one, id, 12));
        assert_eq!(by_digest(test, "digest").unwrap().revoked_at, Some(Instant(11)));
        assert!(read(test, |tx| store::key_list(tx, other)).is_empty());
    });
}

#[test]
fn the_last_use_of_a_key_never_goes_back() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let id = insert(test, &row(one, "digest"));
        for (organization, at, expected) in
            [(other, 1, None), (one, 20, Some(20)), (one, 10, Some(20)), (one, 30, Some(30))]
        {
            write(test, |tx| store::key_used(tx, organization, id, Instant(at)));
            assert_eq!(by_digest(test, "digest").unwrap().last_used_at, expected.map(Instant));
        }
    });
}
