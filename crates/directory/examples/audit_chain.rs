//! How long it takes to verify an audit log: `cargo run --release -p directory --example audit_chain [ROWS]` writes two of
//! 100,000 rows, or of so many, and verifies their exports and what the database has. What keys do has no personal values;
//! a person who changes their number leaves four in each row, so that five digests are verified and not one.

use directory::audit::{self, Actor, Changed, Entry, From, Object, Period, Value, Verifier, Way};
use domain::Instant;
use engine::{Clock, Ids};
use store::{Store, Url};

/// Rows that are written in one transaction.
const AT_ONCE: i64 = 1_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows: i64 = std::env::args().nth(1).map_or(Ok(100_000), |rows| rows.parse())?;
    measure("by keys", rows, by_key)?;
    measure("by people", rows, by_person)
}

#[expect(clippy::print_stdout, reason = "it is run to be read")]
fn measure(name: &str, rows: i64, entry: fn(i64) -> Entry) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let url: Url = format!("sqlite:{}", folder.path().join("audit.db").display()).parse()?;
    let (store, ids, clock) = (Store::open(&url)?, Ids::system(), Clock::system());
    store::migrate(&store, clock.now())?;
    let id = store.write(|tx| store::organization_insert(tx, "acme"))?;
    for first in (1..=rows).step_by(AT_ONCE as usize) {
        let entries: Vec<_> = (first..first + AT_ONCE).take_while(|number| *number <= rows).map(entry).collect();
        store.write(|tx| audit::record_all(tx, &ids, id, Instant(clock.now()), &entries))?;
    }
    let (mut export, mut after) = (String::new(), Some(0));
    while let Some(from) = after {
        let piece = store.read(|tx| audit::piece(tx, id, Period::default(), from))?;
        export.push_str(&piece.lines);
        after = piece.next;
    }
    let watch = clock.stopwatch();
    let mut verifier = Verifier::new(None);
    export.lines().try_for_each(|line| verifier.take_line(line)).map_err(|fault| fault.to_string())?;
    let verified = verifier.finish().map_err(|fault| fault.to_string())?.ok_or("no rows")?;
    let export_millis = watch.micros() / 1_000;
    let watch = clock.stopwatch();
    audit::verify(&store, id, Some(verified.head))?.map_err(|fault| fault.to_string())?;
    let (millis, bytes) = (watch.micros() / 1_000, export.len());
    println!("{rows} rows {name}: an export of {bytes} bytes in {export_millis} ms, the database in {millis} ms");
    Ok(())
}

/// A key changes a field of a service.
fn by_key(number: i64) -> Entry {
    let changes = vec![Changed {
        field: "escalation_policy".to_owned(),
        before: Value::text("primary"),
        after: Value::text("night"),
    }];
    let from = From {
        address: Some("192.0.2.7".to_owned()),
        user_agent: Some("terraform/1.14".to_owned()),
        ..From::default()
    };
    let object = Object::new("service", Some("Tq2vX9fkQhmYx0o8cGJb3A"), "payments");
    let entry = Entry::new(Actor::operator(), Way::Api, "service.update", object, changes);
    Entry { from, request_id: Some(number.to_string()), ..entry }
}

/// A person who is signed in changes three fields of a user, one of which is personal.
fn by_person(number: i64) -> Entry {
    let person = format!("person-{}", number % 500);
    let from = From {
        address: Some("2001:db8::7".to_owned()),
        user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned()),
        file_digest: None,
    };
    let number_of = |last: i64| Value::Personal { person: person.clone(), value: format!("+491555{last:07}") };
    let changes = vec![
        Changed { field: "sms".to_owned(), before: number_of(number), after: number_of(number + 1) },
        Changed { field: "timezone".to_owned(), before: Value::Unset, after: Value::text("Europe/Lisbon") },
        Changed { field: "handover_notices".to_owned(), before: Value::Unset, after: Value::Plain(false.into()) },
    ];
    let actor = Actor::person(&person, "ana", Some("session".to_owned()));
    let object = Object::new("user", Some("Tq2vX9fkQhmYx0o8cGJb3A"), "ana");
    Entry {
        from,
        request_id: Some(number.to_string()),
        ..Entry::new(actor, Way::Console, "user.update", object, changes)
    }
}
