//! The audit log as nodes share it: one chain without holes, whoever writes, and a row for each change that there is.

use checks::{Database, House, TestStore, in_both};
use directory::audit::{self, Beginning, Entry, Object};
use directory::{FeedOf, FeedUrl, NewKey, key_create, key_revoke};
use domain::directory::EscalationPolicy;
use domain::notification::Channel;
use domain::permission::Scope;
use domain::routine::{Routine, Swap};
use domain::{Instant, OrganizationId};
use engine::{Asker, Ids, Origin};
use serde_json::{Value, json};
use store::Store;

fn rows(store: &Store, organization: OrganizationId) -> Vec<Value> {
    let piece = store.read(|tx| audit::piece(tx, organization, audit::Period::default(), 0)).unwrap();
    piece.lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn verifies(store: &Store, organization: OrganizationId) -> Beginning {
    let verified = audit::verify(store, organization, None).unwrap();
    verified.unwrap_or_else(|fault| panic!("{fault}")).expect("rows").beginning
}

#[test]
fn two_writers_at_once_leave_one_chain_without_holes() {
    let test = TestStore::new(Database::Postgresql);
    let id = test.store().write(|tx| store::organization_insert(tx, "one")).unwrap();
    let write = |writer: &'static str| {
        let (store, ids) = (Store::open(&test.url).unwrap(), Ids::system());
        move || {
            for number in 0..100_i64 {
                let entry = Entry::of_command("service.update", Object::new("service", None, writer), Vec::new());
                let written: Result<i64, store::Error> = store.write(|tx| {
                    let written = audit::record(tx, &ids, id, Instant(number), &entry)?;
                    // Each third change fails after it wrote its row.
                    if number % 3 == 0 { Err(store::Error::Unsupported("undone".to_owned())) } else { Ok(written) }
                });
                assert_eq!(written.is_err(), number % 3 == 0, "{written:?}");
            }
        }
    };
    std::thread::scope(|scope| {
        let writers = [scope.spawn(write("left")), scope.spawn(write("right"))];
        for writer in writers {
            writer.join().unwrap();
        }
    });
    let numbers: Vec<i64> = rows(test.store(), id).iter().map(|row| row["number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (1..=132).collect::<Vec<_>>());
    assert_eq!(verifies(test.store(), id), Beginning::First);
}

/// Puts a routine by which ana is always on call on the only level of the house's policy.
fn ana_is_always_on_call(house: &mut House) {
    let layer = json!({"valid_start": "2026-01-01", "rotations": [["ana"]]});
    let routine = json!({"name": "turns", "timezone": "UTC", "routine_layers": [layer]});
    house.put(&serde_json::from_value::<Routine>(routine).unwrap());
    let policy = json!({"name": "ladder", "levels": [{"minutes": 5, "routines": ["turns"]}]});
    house.put(&serde_json::from_value::<EscalationPolicy>(policy).unwrap());
}

#[test]
fn keys_swaps_and_feeds_write_a_row_for_each_change_and_none_for_incidents() {
    in_both(|house| {
        ana_is_always_on_call(house);
        let organization = house.organization.id;
        let origin = Origin {
            request_id: Some("r1".to_owned()),
            address: Some("192.0.2.7".to_owned()),
            user_agent: Some("curl".to_owned()),
        };
        let asker = || Asker {
            organization,
            credential: engine::Credential::Key(house.key_id),
            by: Some("ben".to_owned()),
            idempotency: None,
            origin: origin.clone(),
        };
        let now = house.engine().now();
        let swap =
            Swap { out: "ana".into(), in_: Some("ben".into()), from: now.into(), until: now.plus_minutes(120).into() };
        let made = house.run(house.administration().add_swap(asker(), "turns".to_owned(), swap)).unwrap();
        let id = made.swap.swap_ref_id.unwrap();
        house.run(house.administration().remove_swap(asker(), "turns".to_owned(), id.clone())).unwrap();
        let refused = house.run(house.administration().remove_swap(asker(), "turns".to_owned(), id.clone()));
        assert!(refused.is_err(), "what is refused changes nothing and writes nothing");
        for url in [FeedUrl::Same, FeedUrl::Renewed] {
            let feed = FeedOf::Routine("turns".to_owned());
            house.run(house.administration().feed_url(asker(), feed, url)).unwrap();
        }
        let new = NewKey::of("second", Scope::Read);
        let key = key_create(house.outside(), &house.clock, &house.ids, "house", &new).unwrap().unwrap();
        let key_id = house.outside().read(|tx| store::key_list(tx, organization)).unwrap()[1].id;
        assert!(key_revoke(house.outside(), &house.clock, &house.ids, organization, key_id).unwrap());
        assert!(!key_revoke(house.outside(), &house.clock, &house.ids, organization, key_id).unwrap());
        house.trigger("Disk full");
        house.settle();
        house.told();
        let rows = rows(house.outside(), organization);
        let actions: Vec<&str> = rows.iter().map(|row| row["action"].as_str().unwrap()).collect();
        let expected = ["key.create", "swap.create", "swap.remove", "feed.renew", "key.create", "key.revoke"];
        assert_eq!(actions, expected);
        assert_eq!(rows[1]["actor"]["name"], "robot");
        assert_eq!((&rows[1]["on_behalf_of"], &rows[1]["request_id"]), (&json!("ben"), &json!("r1")));
        assert_eq!(rows[1]["from"], json!({"address": "192.0.2.7", "user_agent": "curl"}));
        assert_eq!(rows[1]["object"], json!({"kind": "swap", "ref_id": id, "name": "turns"}));
        assert_eq!(rows[1]["changes"][0], json!({"field": "out", "before": null, "after": "ana"}));
        assert_eq!(rows[2]["changes"][0], json!({"field": "out", "before": "ana", "after": null}));
        assert_eq!(rows[3]["changes"], json!([{"field": "url", "before": "(hidden)", "after": "(hidden)"}]));
        assert!(rows.iter().all(|row| !row.to_string().contains(&key)), "no key stands in the log");
        assert_eq!(verifies(house.outside(), organization), Beginning::First);
    });
}

#[test]
fn a_contact_that_is_vouched_for_is_written_down_without_its_address() {
    in_both(|house| {
        house.verify("eve", Channel::Sms);
        let rows = rows(house.outside(), house.organization.id);
        let last = rows.last().unwrap();
        assert_eq!(
            (&last["action"], &last["object"]["name"], &last["way"]),
            (&json!("contact.trust"), &json!("eve sms"), &json!("command"))
        );
        assert!(!last.to_string().contains('+'), "{last}");
    });
}

#[test]
fn what_was_kept_long_enough_is_cut_by_whole_days_and_the_rest_verifies() {
    in_both(|house| {
        const DAY: u32 = 24 * 60;
        let organization = house.organization.id;
        for _ in 0..3 {
            house.advance(10 * DAY);
            let entry = Entry::of_command("service.update", Object::new("service", None, "web"), Vec::new());
            let now = house.engine().now();
            house.outside().write(|tx| audit::record(tx, &house.ids, organization, now, &entry)).unwrap();
        }
        let numbers =
            || rows(house.outside(), organization).iter().map(|row| row["number"].clone()).collect::<Vec<_>>();
        house.run(house.administration().cut_audit(30)).unwrap();
        assert_eq!(numbers(), [1, 2, 3, 4], "row 1 is 30 days old, and not more");
        house.run(house.administration().cut_audit(20)).unwrap();
        assert_eq!(numbers(), [2, 3, 4, 5]);
        house.run(house.administration().cut_audit(20)).unwrap();
        assert_eq!(numbers(), [2, 3, 4, 5], "once a day");
        assert_eq!(verifies(house.outside(), organization), Beginning::Cut);
        house.told();
    });
}
