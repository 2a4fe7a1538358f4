//! What the writer does for deliveries and commands costs the same however many pages wait (decisions 0014 and 0032): each
//! statement is run on stores in which 20,000 and 200,000 wait for one person, and SQLite counts its steps.

use checks::{Database, TestStore};
use rusqlite::types::Value::{self, Integer, Text};
use rusqlite::{Connection, StatementStatus, params_from_iter};
use store::statements;

const FEW: i64 = 20_000;
const MANY: i64 = 200_000;

/// What is due is due since then; what is held is held after it.
const NOW: i64 = 1_000_000;

/// A store in which `waiting` incidents have a page to Ana by mail, in five equal parts: due, held for her pace, held because her
/// destination is left alone and told, held and not told yet, and on its way in two messages; and one to come by text message.
fn filled(waiting: i64) -> (TestStore, Connection) {
    let test = TestStore::new(Database::Sqlite);
    let connection = Connection::open(test.path("test.db")).unwrap();
    let script = format!(
        "pragma synchronous = off;
        begin;
        insert into organization (organization_id, name, version) values (1, 'one', 1);
        create temp table n as with recursive n(i) as (select 1 union all select i + 1 from n where i < {waiting})
            select i from n;
        insert into incident (organization_id, instance_id, organization_instance_id, version, status, urgency, created_at,
            is_stranded, body) select 1, i, i, 1, 'OPEN', 4, {NOW}, false, '{{\"round\":0}}' from n;
        insert into notification (organization_id, instance_id, sequence, username, channel, state, is_page, round, due_at,
            next_at, attempts, body, bundle)
            select 1, i, 1, 'ana', 'email', case when i % 5 = 4 then 'in message' else 'waiting' end, true, 0, {NOW},
                case i % 5 when 0 then {NOW} when 1 then 9000000000000000003 when 2 then 9000000000000000001
                    when 3 then 9000000000000000002 end, 0, '{{}}',
                case when i % 5 = 4 then 'm' || (i % 2) end from n;
        insert into notification (organization_id, instance_id, sequence, username, channel, state, is_page, round, due_at,
            next_at, attempts, body) select 1, i, 2, 'ana', 'sms', 'waiting', true, 0, {NOW} * 2, {NOW} * 2, 0, '{{}}' from n;
        insert into message (delivery_id, organization_id, channel, username, state, attempts, due_at, next_at, size)
            select bundle, 1, 'email', 'ana', 'sending', 1, {NOW}, {NOW} * 3, count(*) from notification
            where bundle is not null group by bundle;
        insert into mailbox (organization_id, channel, username, next_at, reason) values (1, 'email', 'ana', {NOW}, 'paused');
        commit;"
    );
    connection.execute_batch(&script).unwrap();
    (test, connection)
}

/// Steps of SQLite's machine for a statement, of which nothing stays.
fn steps(connection: &Connection, name: &str, values: &[Value]) -> i32 {
    let (_, sql) = statements().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no statement {name}"));
    let sql = sql.replace('$', "?").replace("{skip_locked}", "");
    connection.execute_batch("begin immediate").unwrap();
    let mut statement = connection.prepare(&sql).unwrap();
    let mut rows = statement.query(params_from_iter(values)).unwrap();
    while rows.next().unwrap().is_some() {}
    drop(rows);
    let steps = statement.get_status(StatementStatus::VmStep);
    drop(statement);
    connection.execute_batch("rollback").unwrap();
    steps
}

/// Every statement that the writer runs for what waits, with what it is given: at most so many at once as the program asks for.
fn table() -> Vec<(&'static str, Vec<Value>)> {
    let text = |text: &str| Text(text.to_owned());
    let (one, ana, mail, now) = (Integer(1), text("ana"), text("email"), Integer(NOW));
    let person = || vec![one.clone(), ana.clone(), mail.clone()];
    let mailbox = || vec![one.clone(), mail.clone(), ana.clone()];
    let incident = || vec![one.clone(), Integer(10)];
    let with = |mut first: Vec<Value>, rest: &[Value]| {
        first.extend_from_slice(rest);
        first
    };
    let channels = ["email", "sms", "voice", "chat", "push", "webhook"].map(text).to_vec();
    vec![
        ("NOTIFICATION_NEXT", channels),
        ("NOTIFICATION_OLDEST", vec![mail.clone()]),
        ("MESSAGE_OLDEST", vec![mail.clone()]),
        ("MAILBOX_OLDEST", vec![mail.clone()]),
        ("NOTIFICATION_DUE_WHERE", vec![mail.clone(), now.clone()]),
        ("MAILBOX_DUE_WHERE", vec![mail.clone(), now.clone()]),
        ("MESSAGE_DUE_WHERE", vec![mail.clone(), Integer(NOW * 9)]),
        ("NOTIFICATION_DUE", vec![one.clone(), mail.clone(), now.clone(), Integer(100)]),
        ("MAILBOX_DUE", vec![one.clone(), mail.clone(), now.clone(), Integer(100)]),
        ("MESSAGE_DUE", vec![one.clone(), mail.clone(), Integer(NOW * 9), Integer(2)]),
        ("MESSAGE_FIRST", vec![text("m1")]),
        ("MAILBOX_FIRST", with(person(), &[Integer(9_000_000_000_000_000_000)])),
        ("MAILBOX_UNTOLD", vec![one.clone(), mail.clone(), Integer(16)]),
        ("MAILBOX_HOLD_FRESH", with(person(), &[now.clone(), Integer(i64::MAX), text("paced"), Integer(1_000)])),
        ("MAILBOX_HOLD_ALL", with(person(), &[now.clone(), Integer(i64::MAX), text("paused"), Integer(1_000)])),
        ("MAILBOX_SET", with(mailbox(), &[now.clone(), text("paced")])),
        ("NOTIFICATION_FRESH", with(person(), &[Integer(0), now.clone()])),
        ("NOTIFICATION_INTO_MESSAGE", with(person(), &[Integer(0), now.clone(), text("ntf"), Integer(1_000)])),
        ("NOTIFICATION_CLAIM", with(incident(), &[Integer(1), now.clone()])),
        ("NOTIFICATION_SENT", with(incident(), &[Integer(1), Integer(0), now.clone()])),
        ("MESSAGE_CLAIM", vec![text("m1"), now.clone()]),
        ("MESSAGE_END", vec![text("m1"), Integer(1), text("sent"), now.clone(), Value::Null]),
        ("MESSAGE_RETRY", vec![text("m1"), Integer(1), now.clone()]),
        ("MESSAGE_PAUSE", vec![text("m1"), now.clone(), text("paused"), Integer(0), Integer(-1)]),
        ("MESSAGE_UNTOLD", vec![mail.clone(), one.clone()]),
        ("MESSAGE_UNTOLD_LIST", vec![text("m1"), Integer(0), Integer(-1), Integer(16)]),
        ("MESSAGE_LIST", vec![text("m1"), Integer(1), Integer(0), Integer(-1), Integer(20)]),
        ("MESSAGE_CONFIRM", vec![text("m1"), one.clone(), now.clone()]),
        ("MESSAGE_CODE", vec![text("m1"), text("12345")]),
        ("NOTIFICATION_DROP_ALL", with(incident(), &[now.clone(), Integer(1)])),
        ("NOTIFICATION_DROP_NOT_YET_DUE", with(incident(), &[now.clone(), Integer(1)])),
        ("NOTIFICATION_SUPERSEDE", with(incident(), &[now.clone(), Integer(1), ana.clone()])),
        ("NOTIFICATION_WAITING", with(incident(), &[Integer(1)])),
        ("NOTIFICATION_OF_PERSON", with(incident(), &[ana.clone(), Integer(0)])),
        ("NOTIFICATION_REACHED", incident()),
        ("NOTIFICATION_LIST", with(incident(), &[Integer(-1), Integer(100)])),
        ("ATTEMPT_LIST", with(incident(), &[Integer(0), Integer(9)])),
        ("NOTIFICATION_HURRY", with(incident(), &[Integer(2), now])),
    ]
}

#[test]
fn what_the_writer_does_costs_the_same_when_two_hundred_thousand_pages_wait() {
    let stores = [filled(FEW), filled(MANY)];
    let mut grown = Vec::new();
    for (name, values) in table() {
        let [few, many] = [0, 1].map(|place| steps(&stores[place].1, name, &values));
        assert!(few > 0, "{name} did nothing");
        if many > few + few / 10 {
            grown.push(format!("{name}: {few} and {many} steps"));
        }
    }
    assert!(grown.is_empty(), "{grown:#?}");
}
