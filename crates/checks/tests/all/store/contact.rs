//! Contacts are kept for a person and a channel within their organization, and forgotten with the person.

use super::sample::HARD;
use super::{organization, read, write};
use checks::{TestStore, on_both};
use domain::notification::Channel;
use domain::{Instant, OrganizationId, Username};
use store::ContactRow;

fn row(user: &str, channel: Channel) -> ContactRow {
    ContactRow {
        user: user.into(),
        channel,
        address_digest: "a".to_owned(),
        code_digest: None,
        code_expires_at: None,
        codes_from: Instant(3),
        codes_sent: 0,
        tries: 0,
        verified_at: None,
    }
}

fn save(test: &TestStore, organization: OrganizationId, row: &ContactRow) {
    write(test, |tx| store::contact_save(tx, organization, row));
}

fn load(test: &TestStore, organization: OrganizationId, user: &str, channel: Channel) -> Option<ContactRow> {
    read(test, |tx| store::contact_load(tx, organization, &Username::from(user), channel))
}

#[test]
fn a_contact_survives_the_round_trip_and_is_replaced_whole() {
    on_both(|test| {
        let one = organization(test, "one");
        // PostgreSQL's text cannot hold the character 0, and no name has it.
        for (number, user) in (1..).zip(HARD) {
            let full = ContactRow {
                code_digest: Some("c".to_owned()),
                code_expires_at: Some(Instant(i64::from(number))),
                codes_sent: number,
                tries: number + 1,
                verified_at: Some(Instant(9)),
                ..row(user, Channel::Voice)
            };
            for contact in [row(user, Channel::Voice), full, row(user, Channel::Voice)] {
                save(test, one, &contact);
                assert_eq!(load(test, one, user, Channel::Voice), Some(contact));
            }
        }
        assert_eq!(read(test, |tx| store::contact_list(tx, one)).len(), HARD.len());
    });
}

#[test]
fn a_contact_is_one_persons_by_one_channel_in_one_organization() {
    on_both(|test| {
        let (one, two) = (organization(test, "one"), organization(test, "two"));
        for (organization, user, channel) in [
            (one, "eve", Channel::Sms),
            (one, "eve", Channel::Push),
            (one, "ana", Channel::Sms),
            (two, "eve", Channel::Sms),
        ] {
            save(test, organization, &row(user, channel));
        }
        assert_eq!(load(test, one, "eve", Channel::Voice), None);
        assert_eq!(load(test, two, "ana", Channel::Sms), None);
        write(test, |tx| store::contact_forget(tx, one, "eve"));
        let left = |organization| {
            let rows = read(test, |tx| store::contact_list(tx, organization));
            rows.into_iter().map(|row| (row.user.to_string(), row.channel)).collect::<Vec<_>>()
        };
        assert_eq!(left(one), [("ana".to_owned(), Channel::Sms)]);
        assert_eq!(left(two), [("eve".to_owned(), Channel::Sms)]);
    });
}
