//! No statement reads a whole table where an index leads to the row: both databases are asked for their plans.

use std::collections::BTreeMap;

use super::listing::{both, single_filters};
use super::{organization, read, write};
use checks::{Database, TestStore, on_both};
use domain::incident::Status;
use domain::{InstanceId, Instant};
use store::{End, Filter, Value, listing_statement, statements};

/// Statements that look at every row of a table or an index, and why they may.
const WHOLE: [(&str, &str); 12] = [
    ("INCIDENT_COUNT_TO", "counts at most a thousand rows that an index gives"),
    ("WORD_COUNT", "counts at most a thousand rows that an index gives"),
    ("WORD_UNKNOWN_WHERE", "a counter for each organization"),
    ("MIGRATION_LIST", "a migration for each release"),
    ("ORGANIZATION_LIST", "all organizations are asked for"),
    ("EVENT_LATEST", "asked once, at the start"),
    ("INCIDENT_STRANDED", "through an index of the stranded ones alone"),
    ("INCIDENT_FORGOTTEN", "through an index of the forgotten ones alone, of which there are none"),
    ("INCIDENT_TAKEN_KEYS", "walks the keys it was given"),
    ("PROBLEM_KNOWN", "walks the digests it was given"),
    ("NUMBER_FRESH", "counts rows of its own, and looks up one row of SQLite's own short table of sequences"),
    ("COMPONENT_LIST", "all components are asked for"),
];

/// Steps that look at each of the values a statement was given, which are no table.
const GIVEN: [&str; 3] = ["SCAN CONSTANT ROW", "SCAN 5-ROW VALUES CLAUSE", "SCAN channels"];

/// The steps of SQLite's plan.
fn plan(test: &TestStore, sql: &str, values: &[Value]) -> Vec<String> {
    let rows = read(test, |tx| tx.all(&format!("explain query plan {sql}"), values));
    rows.iter().map(|row| row.text(3).unwrap().to_owned()).collect()
}

/// The steps that read a whole table or index.
fn scans(plan: &[String]) -> Vec<&str> {
    let scans = plan.iter().filter(|step| step.starts_with("SCAN ") && !GIVEN.contains(&step.as_str()));
    scans.map(String::as_str).collect()
}

/// As many nulls as the statement has placeholders.
fn nulls(sql: &str) -> Vec<Value> {
    let numbers = sql.split('$').skip(1).filter_map(|rest| {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        rest[..digits].parse::<usize>().ok()
    });
    vec![Value::Null; numbers.max().unwrap_or(0)]
}

/// Every shape of the statement of a list: each filter alone and all pairs, for one status and for all.
fn listings(test: &TestStore) -> Vec<(String, Vec<Value>)> {
    let one = organization(test, "one");
    let filters = single_filters(InstanceId(9));
    let pairs = filters.iter().flat_map(|first| filters.iter().map(move |second| both(first, second)));
    let whole = filters.iter().fold(Filter::default(), |all, filter| both(&all, filter));
    let all =
        pairs.chain([whole]).flat_map(|filter| [End::Newest, End::Oldest].map(|end| (filter.clone(), end))).flat_map(
            |(filter, end)| [None, Some(Status::Open)].map(|status| listing_statement(one, (&filter, end), status, 9)),
        );
    all.collect::<BTreeMap<_, _>>().into_iter().collect()
}

#[test]
fn every_statement_of_a_list_is_accepted() {
    on_both(|test| {
        for (sql, _) in listings(test) {
            let accepted = test.store().read(|tx| tx.prepare(&sql));
            assert!(accepted.is_ok(), "{sql}: {accepted:?}");
        }
    });
}

#[test]
fn every_fixed_statement_leads_through_an_index() {
    let test = TestStore::new(Database::Sqlite);
    for (name, sql) in statements() {
        let plan = plan(&test, sql, &nulls(sql));
        let may = WHOLE.iter().any(|(whole, _)| *whole == name);
        assert!(may || scans(&plan).is_empty(), "{name}: {plan:?}");
    }
}

/// Tables of which an organization has very many rows.
const LARGE: [&str; 9] = [
    "incident",
    "alert",
    "event",
    "notification",
    "attempt",
    "message",
    "message_attempt",
    "incident_label",
    "idempotency",
];

#[test]
fn no_fixed_statement_walks_all_that_an_organization_has() {
    let test = TestStore::new(Database::Sqlite);
    let walks = |step: &String| step.starts_with("SEARCH ") && step.ends_with(" (organization_id=?)");
    let mut found = Vec::new();
    for (name, sql) in statements() {
        let is_large = LARGE.iter().any(|table| sql.split_whitespace().any(|word| word == *table));
        let may = WHOLE.iter().any(|(whole, _)| *whole == name);
        found.extend(
            plan(&test, sql, &nulls(sql))
                .into_iter()
                .filter(|step| is_large && !may && walks(step))
                .map(|step| (name, step)),
        );
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Nobody gathered statistics yet, as after a restore; nor are the values known when a statement is planned once for all.
#[test]
fn every_fixed_statement_leads_postgresql_through_an_index_without_statistics() {
    let test = TestStore::new(Database::Postgresql);
    let walked = |name: &str, sql: &str| {
        let nulls = vec!["null"; nulls(sql).len()].join(", ");
        let given = if nulls.is_empty() { String::new() } else { format!("({nulls})") };
        let rows = write(&test, |tx| {
            tx.run("set local plan_cache_mode = force_generic_plan", &[])?;
            tx.run(&format!("prepare {name} as {sql}"), &[])?;
            let rows = tx.all(&format!("explain (costs off) execute {name} {given}"), &[])?;
            tx.run(&format!("deallocate {name}"), &[])?;
            Ok(rows)
        });
        let plan: Vec<String> = rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect();
        plan.iter().any(|step| step.contains("Seq Scan on ")).then(|| format!("{name}: {plan:#?}"))
    };
    let may = |name: &str| WHOLE.iter().any(|(whole, _)| *whole == name);
    let walked: Vec<_> =
        statements().filter(|(name, _)| !may(name)).filter_map(|(name, sql)| walked(name, sql)).collect();
    assert!(walked.is_empty(), "{}", walked.join("\n"));
}

#[test]
fn keys_are_looked_up_one_by_one() {
    let test = TestStore::new(Database::Sqlite);
    let (_, sql) = statements().find(|(known, _)| *known == "INCIDENT_TAKEN_KEYS").unwrap();
    let plan = plan(&test, sql, &nulls(sql));
    let wanted = "USING INDEX alert_open_key (organization_id=? AND dedup_key=?)";
    assert!(plan.iter().any(|step| step.ends_with(wanted)), "{plan:?}");
}

#[test]
fn what_is_due_is_found_in_order_without_sorting() {
    let test = TestStore::new(Database::Sqlite);
    let in_order = [
        "INCIDENT_DUE",
        "INCIDENT_BY_KEY",
        "NOTIFICATION_DUE",
        "EVENT_LIST",
        "NOTIFICATION_LIST",
        "MAILBOX_DUE",
        "MAILBOX_FIRST",
        "MAILBOX_HOLD_FRESH",
        "MAILBOX_HOLD_ALL",
        "MAILBOX_UNTOLD",
        "NOTIFICATION_FRESH",
        "NOTIFICATION_INTO_MESSAGE",
        "MESSAGE_DUE",
        "MESSAGE_FIRST",
        "MESSAGE_LIST",
        "MESSAGE_UNTOLD",
        "MESSAGE_UNTOLD_LIST",
        "PROBLEM_LIST",
        "PROBLEM_LIST_GOING_ON",
    ];
    for name in in_order {
        let (_, sql) = statements().find(|(known, _)| *known == name).unwrap();
        let plan = plan(&test, sql, &nulls(sql));
        let is_in_order = |step: &String| !step.contains("TEMP B-TREE") && !step.starts_with("SCAN ");
        assert!(plan.iter().all(is_in_order), "{name}: {plan:?}");
    }
}

#[test]
fn the_alerts_of_an_integration_are_found_by_it_however_many_others_there_are() {
    let test = TestStore::new(Database::Sqlite);
    for name in ["PROBLEM_LIST", "PROBLEM_LIST_GOING_ON"] {
        let (_, sql) = statements().find(|(known, _)| *known == name).unwrap();
        let plan = plan(&test, sql, &nulls(sql));
        let by_it = |step: &String| {
            step.contains("problem_integration (organization_id=? AND integration_ref_id=? AND instance_id<?)")
        };
        assert!(plan.iter().any(by_it), "{name}: {plan:?}");
    }
}

#[test]
fn a_list_looks_first_for_what_is_rare() {
    let label = "SEARCH l0 USING PRIMARY KEY (organization_id=? AND kind=? AND value=?";
    let status = "SEARCH i USING INDEX incident_status (organization_id=? AND status=?";
    let test = TestStore::new(Database::Sqlite);
    let one = organization(&test, "one");
    let ann = Filter { assignee: Some("ann".into()), ..Filter::default() };
    let tag = Filter { tags: vec!["a".to_owned(), "b".to_owned()], ..Filter::default() };
    let service = Filter { service: Some("web".into()), from: Some(Instant(1)), ..Filter::default() };
    let words = Filter { words: vec!["disk".to_owned(), "full".to_owned()], ..Filter::default() };
    let rare = Filter { words_lead: true, ..words.clone() };
    for (filter, of_status, expected) in [
        (&words, None, label),
        (&words, Some(Status::Resolved), status),
        (&words, Some(Status::Open), status),
        (&rare, Some(Status::Resolved), label),
        (&rare, Some(Status::Open), label),
        (&ann, Some(Status::Resolved), label),
        (&both(&ann, &tag), Some(Status::Open), label),
        (&tag, None, label),
        (&tag, Some(Status::Resolved), label),
        (&tag, Some(Status::Open), status),
        (&both(&service, &tag), Some(Status::Acknowledged), status),
        (&service, Some(Status::Open), status),
    ] {
        for before in [None, Some(InstanceId(9))] {
            let filter = Filter { before, ..filter.clone() };
            let (sql, values) = listing_statement(one, (&filter, End::Newest), of_status, 9);
            let plan = plan(&test, &sql, &values);
            assert!(plan[0].starts_with(expected), "{sql}: {plan:?}");
            assert!(plan[0].ends_with(if before.is_some() { " AND instance_id<?)" } else { "=?)" }), "{sql}: {plan:?}");
            assert!(plan.iter().all(|step| step.starts_with("SEARCH ")), "sorted: {sql}: {plan:?}");
        }
    }
}

#[test]
fn a_list_that_begins_with_the_oldest_is_not_sorted_either() {
    let test = TestStore::new(Database::Sqlite);
    let one = organization(&test, "one");
    let tag = Filter { tags: vec!["a".to_owned()], ..Filter::default() };
    let ann = Filter { assignee: Some("ann".into()), ..Filter::default() };
    for filter in [Filter::default(), tag, ann] {
        let filter = Filter { after: Some(InstanceId(9)), ..filter };
        for status in Status::ALL {
            let (sql, values) = listing_statement(one, (&filter, End::Oldest), Some(status), 9);
            let plan = plan(&test, &sql, &values);
            assert!(plan.iter().all(|step| step.starts_with("SEARCH ")), "sorted: {sql}: {plan:?}");
            assert!(plan[0].ends_with(" AND instance_id>?)"), "{sql}: {plan:?}");
        }
    }
}

#[test]
fn every_list_of_incidents_leads_through_an_index() {
    let test = TestStore::new(Database::Sqlite);
    for (sql, values) in listings(&test) {
        let plan = plan(&test, &sql, &values);
        assert!(scans(&plan).is_empty(), "{sql}: {plan:?}");
    }
}
