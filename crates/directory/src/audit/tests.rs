//! The chain over a real store: what is written verifies, and each way of tampering is named.

use super::canonical::canonical;
use super::chain::{line, salted};
use super::*;
use domain::OrganizationId;
use engine::Ids;
use serde_json::json;
use store::{AuditRow, Store, Url};

/// An organization in a database of its own.
pub(super) struct Log {
    _folder: tempfile::TempDir,
    pub(super) store: Store,
    pub(super) ids: Ids,
    pub(super) organization: OrganizationId,
}

const EVER: (Instant, Instant) = (Instant(i64::MIN), Instant(i64::MAX));

impl Log {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url: Url = format!("sqlite:{}", folder.path().join("log.db").display()).parse().unwrap();
        let store = Store::open(&url).unwrap();
        store::migrate(&store, 0).unwrap();
        let organization = store.write(|tx| store::organization_insert(tx, "acme")).unwrap();
        Self { _folder: folder, store, ids: Ids::seeded(7), organization }
    }

    pub(super) fn record(&self, at: i64, entry: &Entry) -> i64 {
        self.store.write(|tx| record(tx, &self.ids, self.organization, Instant(at), entry)).unwrap()
    }

    pub(super) fn rows(&self) -> Vec<AuditRow> {
        self.store.read(|tx| store::audit_after(tx, self.organization, 0, EVER, 10_000)).unwrap()
    }

    /// The export, a text for each row.
    pub(super) fn lines(&self) -> Vec<String> {
        let personal = self.store.read(|tx| store::audit_personal_list(tx, self.organization, 0, i64::MAX)).unwrap();
        let of = |row: &AuditRow| personal.iter().filter(|one| one.number == row.number).cloned().collect::<Vec<_>>();
        self.rows().iter().map(|row| line(row, &of(row))).collect()
    }

    /// A log of so many rows, each a second after the one before.
    pub(super) fn of(rows: i64) -> Self {
        let log = Self::new();
        for number in 1..=rows {
            log.record(number * 1_000_000, &change(&format!("service-{number}")));
        }
        log
    }
}

/// A key changes a field of a service.
pub(super) fn change(service: &str) -> Entry {
    Entry {
        actor: Actor::operator(),
        on_behalf_of: None,
        way: Way::Api,
        from: From { address: Some("192.0.2.7".to_owned()), ..From::default() },
        request_id: Some("request".to_owned()),
        action: "service.update".to_owned(),
        object: Object::new("service", Some("id"), service),
        outcome: Outcome::Done,
        count: None,
        changes: vec![Changed {
            field: "policy".to_owned(),
            before: Value::text("Zürich \u{1}\"\n"),
            after: Value::text("b"),
        }],
    }
}

/// A way to tamper with an export.
type Edit<'a> = &'a dyn Fn(&mut Vec<String>);

fn verified(lines: &[String], known: Option<Head>) -> Result<Option<Verified>, Fault> {
    let mut verifier = Verifier::new(known);
    lines.iter().try_for_each(|line| verifier.take_line(line))?;
    verifier.finish()
}

/// The row with another text in the place of one, and a digest that fits it.
fn forged(line: &str, from: &str, to: &str) -> String {
    let mut row: serde_json::Value = serde_json::from_str(&line.replace(from, to)).unwrap();
    row.as_object_mut().unwrap().remove("digest");
    let digest = engine::digest(&canonical(&row).unwrap());
    row["digest"] = json!(digest);
    row.to_string()
}

#[test]
fn what_was_recorded_verifies_from_the_first_row_to_the_head() {
    let log = Log::of(5);
    let verified = verified(&log.lines(), None).unwrap().unwrap();
    let head = log.store.read(|tx| store::audit_head(tx, log.organization)).unwrap().unwrap();
    assert_eq!(verified.head, Head { number: 5, digest: head.digest });
    assert_eq!((verified.first, verified.beginning), (1, Beginning::First));
    let numbers: Vec<i64> = log.rows().iter().map(|row| row.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
}

#[test]
fn a_row_holds_every_field_in_the_canonical_form_of_rfc_8785() {
    let log = Log::of(1);
    let expected = r#"{"action":"service.update","actor":{"kind":"operator","name":"operator"},"at":"1970-01-01T00:00:01.000000","changes":[{"after":"b","before":"Zürich \u0001\"\n","field":"policy"}],"from":{"address":"192.0.2.7"},"number":1,"object":{"kind":"service","name":"service-1","ref_id":"id"},"outcome":"done","previous":"","request_id":"request","way":"api"}"#;
    assert_eq!(log.rows()[0].body, expected);
    assert_eq!(log.rows()[0].digest, engine::digest(expected));
}

#[test]
fn every_kind_of_tampering_is_named_with_the_row() {
    let lines = Log::of(6).lines();
    let with = |edit: &dyn Fn(&mut Vec<String>)| {
        let mut edited = lines.clone();
        edit(&mut edited);
        verified(&edited, None).unwrap_err()
    };
    let table: [(Fault, Edit<'_>); 11] = [
        (Fault::Changed(3), &|rows| rows[2] = rows[2].replace("192.0.2.7", "192.0.2.8")),
        (Fault::Changed(3), &|rows| rows[2] = rows[2].replace("\"outcome\":\"done\",", "")),
        (Fault::Unchained(4), &|rows| rows[2] = forged(&rows[2], "192.0.2.7", "192.0.2.8")),
        (Fault::Removed(3, 3), &|rows| drop(rows.remove(2))),
        (Fault::Removed(2, 5), &|rows| drop(rows.drain(1..5))),
        (Fault::Inserted(3), &|rows| rows.insert(3, forged(&rows[2], "192.0.2.7", "192.0.2.8"))),
        (Fault::OutOfOrder(3), &|rows| rows.swap(2, 3)),
        (Fault::OutOfOrder(2), &|rows| {
            let row = rows.remove(1);
            rows.push(row);
        }),
        (Fault::OutOfOrder(1), &|rows| rows.swap(0, 1)),
        (Fault::NoRow(4), &|rows| rows[3] = "{}".to_owned()),
        (Fault::NoRow(4), &|rows| rows[3].truncate(40)),
    ];
    for (place, (fault, edit)) in table.into_iter().enumerate() {
        assert_eq!(with(edit), fault, "case {place}");
    }
}

#[test]
fn a_row_may_be_written_anew_in_another_order_but_nothing_may_be_added_to_it() {
    let log = Log::of(2);
    let lines = log.lines();
    let spaced = |line: &String| {
        let row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        format!("{:#}", serde_json::Value::Object(row.into_iter().rev().collect()))
    };
    assert!(verified(&[spaced(&lines[0]), spaced(&lines[1])], None).is_ok());
    let with = |more: &str| lines[0].strip_suffix('}').unwrap().to_owned() + more + "}";
    assert_eq!(
        verified(&[with(",\"outcome\":\"refused(x)\"")], None),
        Err(Fault::Changed(1)),
        "read twice, the last counts"
    );
    assert_eq!(verified(&[with(",\"remark\":1")], None), Err(Fault::Changed(1)));
    assert_eq!(verified(&[with(",\"personal\":[],\"remark\":1")], None), Err(Fault::Changed(1)));
}

#[test]
fn a_cut_tail_shows_once_the_head_is_known() {
    let log = Log::of(6);
    let lines = log.lines();
    let head = |row: usize| Head { number: log.rows()[row].number, digest: log.rows()[row].digest.clone() };
    assert!(verified(&lines[..4], None).is_ok(), "nothing in the rows themselves tells");
    assert_eq!(verified(&lines[..4], Some(head(5))), Err(Fault::TailCut(Some(4), 6)));
    assert_eq!(verified(&[], Some(head(5))), Err(Fault::TailCut(None, 6)));
    assert!(verified(&lines, Some(head(3))).is_ok(), "a log may have grown since");
    let other = Head { digest: "0".repeat(64), ..head(3) };
    assert_eq!(verified(&lines, Some(other)), Err(Fault::OtherHead(4)));
}

#[test]
fn a_head_is_read_as_it_is_written() {
    let head = Head { number: 12, digest: "0a".repeat(32) };
    assert_eq!(Head::parse(&head.to_string()), Some(head));
    for wrong in ["", "12", "12:abc", "0:", &format!("0:{}", "0".repeat(64)), &format!("x:{}", "0".repeat(64))] {
        assert_eq!(Head::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn the_database_is_held_to_what_rows_are_found_by() {
    let log = Log::of(3);
    let verify = |edit: &dyn Fn(&mut AuditRow)| {
        let mut rows = log.rows();
        edit(&mut rows[1]);
        let mut verifier = Verifier::new(None);
        rows.iter().try_for_each(|row| verifier.take_row(row, &[]))?;
        verifier.finish()
    };
    assert!(verify(&|_| ()).is_ok());
    let edits: [&dyn Fn(&mut AuditRow); 6] = [
        &|row| row.at = Instant(row.at.0 + 1),
        &|row| row.actor.push('x'),
        &|row| row.object_name.push('x'),
        &|row| row.action.push('x'),
        &|row| row.way = "console".to_owned(),
        &|row| row.digest = "0".repeat(64),
    ];
    for (place, edit) in edits.into_iter().enumerate() {
        assert_eq!(verify(edit), Err(Fault::Changed(2)), "case {place}");
    }
}

/// Ana, signed in, changes her number.
fn number_of_ana() -> Entry {
    let personal = |value: &str| Value::Personal { person: "ana-id".to_owned(), value: value.to_owned() };
    let changed = Changed { field: "sms".to_owned(), before: personal("+4915550"), after: personal("+4915551") };
    Entry {
        actor: Actor::person("ana-id", "ana", None),
        action: "contact.update".to_owned(),
        changes: vec![changed],
        ..change("ana sms")
    }
}

#[test]
fn personal_values_stand_beside_the_chain_which_verifies_when_they_are_erased() {
    let log = Log::of(1);
    log.record(2_000_000, &number_of_ana());
    log.record(3_000_000, &change("after"));
    let whole = log.lines();
    assert!(!log.rows()[1].body.contains("+491555") && !log.rows()[1].body.contains("192.0.2.7"));
    assert!(whole[1].contains("+4915550") && whole[1].contains("+4915551") && whole[1].contains("192.0.2.7"));
    let head = verified(&whole, None).unwrap().unwrap().head;
    assert_eq!(
        verified(&[whole[0].clone(), whole[1].replace("+4915551", "+4915552")], None),
        Err(Fault::OtherValue(2)),
        "what is beside the chain cannot be changed unseen either"
    );
    let erased = log.store.write(|tx| erase(tx, log.organization, "ana-id")).unwrap();
    assert_eq!(erased, 3, "both numbers, and the address that ana came from");
    let without = log.lines();
    assert!(without.iter().all(|line| !line.contains("+491555") && !line.contains("\"personal\"")));
    assert_eq!(verified(&without, Some(head.clone())).unwrap().unwrap().head, head);
}

#[test]
fn a_personal_value_is_salted_by_256_bits_of_its_own() {
    let log = Log::new();
    log.record(0, &number_of_ana());
    log.record(0, &number_of_ana());
    let kept = log.store.read(|tx| store::audit_personal_list(tx, log.organization, 1, 2)).unwrap();
    let salts: std::collections::HashSet<_> = kept.iter().map(|one| one.salt.clone()).collect();
    assert_eq!((kept.len(), salts.len()), (6, 6));
    assert!(kept.iter().all(|one| one.salt.len() == 43 && salted(&one.salt, &one.value) == one.digest));
}

#[test]
fn secrets_are_hidden_and_what_is_too_long_is_only_known_by_its_digest() {
    let log = Log::new();
    let long = "x".repeat(domain::limits::AUDIT_VALUE_BYTES);
    let changes = vec![
        Changed { field: "secret".to_owned(), before: Value::Unset, after: Value::Hidden },
        Changed { field: "long".to_owned(), before: Value::text(&long), after: Value::text(&long[3..]) },
    ];
    let from = From { user_agent: Some("ü".repeat(500)), ..From::default() };
    log.record(0, &Entry { changes, from, ..change("web") });
    let row: serde_json::Value = serde_json::from_str(&log.rows()[0].body).unwrap();
    assert_eq!(row["changes"][0], json!({"field": "secret", "before": null, "after": "(hidden)"}));
    let quoted = format!("\"{long}\"");
    assert_eq!(row["changes"][1]["before"], json!({"bytes": quoted.len(), "sha256": engine::digest(&quoted)}));
    assert_eq!(row["changes"][1]["after"], json!(&long[3..]));
    assert_eq!(row["from"]["user_agent"], "ü".repeat(200));
}

#[test]
fn a_clock_that_is_behind_does_not_put_rows_out_of_order() {
    let log = Log::new();
    for at in [5, 3, 4] {
        log.record(at * 1_000_000, &change("web"));
    }
    let times: Vec<i64> = log.rows().iter().map(|row| row.at.0 / 1_000_000).collect();
    assert_eq!(times, [5, 5, 5]);
    assert!(verified(&log.lines(), None).is_ok());
}

#[test]
fn a_change_that_is_undone_leaves_no_row_and_no_hole() {
    let log = Log::of(1);
    let undone: Result<(), Error> = log.store.write(|tx| {
        record(tx, &log.ids, log.organization, Instant(0), &change("undone"))?;
        Err(Error::Busy("for this test".to_owned()))
    });
    assert!(undone.is_err());
    assert_eq!(log.record(2_000_000, &change("web")), 2);
    assert!(verified(&log.lines(), None).is_ok());
}

#[test]
fn a_cut_leaves_a_row_from_which_the_rest_verifies() {
    let log = Log::of(6);
    let cut = |before: i64, most: u32| {
        let now = Instant(7_000_000);
        log.store.write(|tx| cut::cut(tx, &log.ids, log.organization, now, Instant(before), most)).unwrap()
    };
    assert_eq!(cut(1_000_000, 10), 0, "what is not older stays");
    assert_eq!(cut(5_000_000, 3), 3, "a piece at a time");
    assert_eq!(cut(5_000_000, 3), 1);
    assert_eq!(cut(5_000_000, 3), 0);
    let numbers: Vec<i64> = log.rows().iter().map(|row| row.number).collect();
    assert_eq!(numbers, [5, 6, 7, 8], "two of them tell of the two cuts");
    let verified = verify(&log.store, log.organization, None).unwrap().unwrap().unwrap();
    assert_eq!((verified.first, verified.head.number, verified.beginning), (5, 8, Beginning::Cut));
    // Somebody takes one more than was cut.
    log.store.write(|tx| store::audit_delete(tx, log.organization, 5)).unwrap();
    assert_eq!(verify(&log.store, log.organization, None).unwrap(), Err(Fault::Removed(1, 5)));
}

#[test]
fn a_log_of_which_all_is_cut_goes_on_with_the_next_number() {
    let log = Log::of(3);
    let cut = |tx: &mut dyn Tx| cut::cut(tx, &log.ids, log.organization, Instant(9), Instant(i64::MAX), 10);
    assert_eq!(log.store.write(cut).unwrap(), 3);
    assert_eq!(log.record(9_000_000, &change("web")), 5);
    let verified = verify(&log.store, log.organization, None).unwrap().unwrap().unwrap();
    assert_eq!((verified.first, verified.beginning), (4, Beginning::Cut));
}

#[test]
fn an_export_comes_in_pieces_that_verify_together() {
    let log = Log::of(1_203);
    log.record(2_000_000_000, &number_of_ana());
    let piece = |after| log.store.read(|tx| piece(tx, log.organization, Period::default(), after)).unwrap();
    let whole = piece(0);
    assert_eq!((whole.lines.lines().count(), whole.next), (1_204, None));
    assert!(whole.lines == log.lines().join("\n") + "\n", "in order, each with its own values");
    let second = Period { since: Some(Instant(1_200_000_000)), until: Some(Instant(1_201_000_000)) };
    let some = log.store.read(|tx| super::piece(tx, log.organization, second, 0)).unwrap();
    let lines: Vec<String> = some.lines.lines().map(str::to_owned).collect();
    let verified = verified(&lines, None).unwrap().unwrap();
    assert_eq!((verified.first, verified.head.number, verified.beginning), (1_200, 1_201, Beginning::Unknown));
}

#[test]
fn a_whole_database_is_verified_with_the_values_beside_it() {
    let log = Log::of(2);
    assert_eq!(verify(&log.store, OrganizationId(99), None).unwrap(), Ok(None));
    log.record(3_000_000, &number_of_ana());
    assert!(verify(&log.store, log.organization, None).unwrap().is_ok());
    let other = AuditPersonalRow {
        number: 3,
        place: 9,
        person: "ana-id".to_owned(),
        digest: "d".to_owned(),
        salt: "s".to_owned(),
        value: "v".to_owned(),
    };
    log.store.write(|tx| store::audit_personal_insert(tx, log.organization, &other)).unwrap();
    assert_eq!(verify(&log.store, log.organization, None).unwrap(), Err(Fault::OtherValue(3)));
}
