//! Requests of every operation, spoiled: answered as the table says, never with 500; a refusal names a field and changes
//! nothing.

use super::{damage, hold, spoiled, text};
use crate::web::{Scene, request};
use checks::{Answer, Api, Call, Database};
use domain::permission::Scope;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{Index, select};
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};
use serde_json::{Map, Value, json};
use std::cell::Cell;
use web::operation::{Answer as Promised, Change as Asked, Does, Method, Operation, Served, operations};

/// Sums that grow with whatever a request changes; the tries at a code are counted by a refusal, too, and left out.
const CHANGES: &str = "select (select cast(coalesce(sum(version), 0) as bigint) from incident),
    (select count(*) from event), (select count(*) from alert), (select count(*) from notification),
    (select count(*) from idempotency), (select count(*) from swap), (select count(*) from incident_label),
    (select cast(coalesce(sum(version), 0) as bigint) from component)";

/// What breaks things in the middle of a text.
const ODD: [&str; 6] = ["\0", "\u{ffff}", "\u{202e}", "'\"\\", "$1{key}", "👍"];

/// What is done to a sound request.
#[derive(Clone, Debug)]
enum Change {
    /// A field of it has another value.
    Field(Index, Value),
    /// A field is left out.
    Without(Index),
    /// There is one more.
    More(String, Value),
    /// Another field's value stands in it.
    Swapped(Index, Index),
}

fn values() -> impl Strategy<Value = Value> {
    let times =
        vec!["2021-05-05T17:20:14.343825", "9999-12-31T23:59:59", "0001-01-01", "2026-06-08", "24:00", "09:00:00"];
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => (-3..400_i64).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => select(times).prop_map(Value::from),
        1 => select(vec!["ana", "ben", "checkout", "management", "sms", "RESOLVED"]).prop_map(Value::from),
        3 => text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((text(), inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        5 => (any::<Index>(), values()).prop_map(|(field, value)| Change::Field(field, value)),
        1 => any::<Index>().prop_map(Change::Without),
        1 => (text(), values()).prop_map(|(name, value)| Change::More(name, value)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Change::Swapped(one, other)),
    ];
    vec(change, 0..4)
}

fn changed(sound: &Map<String, Value>, changes: &[Change]) -> Map<String, Value> {
    let mut fields = sound.clone();
    for change in changes {
        let names: Vec<String> = fields.keys().cloned().collect();
        let name = |index: &Index| (!names.is_empty()).then(|| index.get(&names).clone());
        match change {
            Change::Field(index, value) => drop(name(index).map(|name| fields.insert(name, value.clone()))),
            Change::Without(index) => drop(name(index).map(|name| fields.shift_remove(&name))),
            Change::More(name, value) => drop(fields.insert(name.clone(), value.clone())),
            Change::Swapped(one, other) => {
                let value = name(other).and_then(|other| fields.get(&other).cloned());
                drop(name(one).zip(value).map(|(name, value)| fields.insert(name, value)));
            }
        }
    }
    fields
}

/// Every byte that means something in a URL, percent-encoded.
fn encoded(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let byte = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    // More than the 64 KiB that a URL may have could not even be sent.
    text.bytes().take(4_000).map(byte).collect()
}

/// The request with each field where it belongs, and some damage to the body.
fn call(operation: &Operation, fields: &Map<String, Value>, damages: &[super::Damage]) -> Call {
    let none = Value::from("");
    let path = operation.parameters.iter().fold(operation.documented_path(), |path, field| {
        path.replace(&format!("{{{}}}", field.name), &encoded(fields.get(field.name).unwrap_or(&none)))
    });
    let rest = fields.iter().filter(|(name, _)| operation.parameter(name).is_none());
    match operation.method {
        Method::Post | Method::Put | Method::Patch => {
            let body: Map<String, Value> = rest.map(|(name, value)| (name.clone(), value.clone())).collect();
            Call::new(operation.method.word(), &path)
                .header("if-match", "*")
                .body(spoiled(Value::Object(body).to_string().as_bytes(), damages))
        }
        method => {
            let pairs: Vec<_> =
                rest.map(|(name, value)| format!("{}={}", encoded(&json!(name)), encoded(value))).collect();
            Call::new(method.word(), &format!("{path}?{}", pairs.join("&")))
        }
    }
}

fn changes_of(api: &Api) -> Vec<i64> {
    let row = api.test.store().read(|tx| tx.one(CHANGES, &[])).expect("it is read").expect("a row");
    (0..8).map(|column| row.integer(column).expect("a number")).collect()
}

/// The answer is a success, or one of the operation's errors, which names what it is about.
fn is_in_form(operation: &Operation, answer: &Answer) -> Result<(), TestCaseError> {
    prop_assert!(answer.status < 500, "{}: {}", operation.name, answer.text());
    if answer.status == 200 {
        if operation.answer != Promised::AuditExport {
            answer.ok();
        }
        return Ok(());
    }
    let body = answer.json();
    let code = body["code"].as_str().unwrap_or_default();
    answer.refused(answer.status, code);
    // An empty part of a path, or one that is no text, is another path.
    let known = operation.codes().iter().any(|known| known.word() == code);
    prop_assert!(known || code == "unknown_path", "{}: {body}", operation.name);
    if code == "invalid_fields" {
        for error in body["errors"].as_array().expect("a list") {
            let named = error.as_str().and_then(|error| error.split([':', '[', '.']).next()).unwrap_or_default();
            let is_field = operation.field(named).is_some() || operation.parameter(named).is_some();
            // A query that is not known is refused where something is changed.
            let is_strict = changes_components(operation)
                || operation.path.starts_with("sign-in-providers")
                || (operation.served == Served::V1 && matches!(operation.does, Does::Change(_)))
                || (operation.method == Method::Delete && operation.served == Served::V1);
            prop_assert!(is_field || named == "body" || is_strict, "{}: {error}", operation.name);
        }
    }
    Ok(())
}

/// Whether its body has components, or parts of them, whose keys stand in no row of the table; or changes others with what it
/// says, which are named in words.
fn changes_components(operation: &Operation) -> bool {
    let of_directory = [Asked::Components, Asked::RuleOrder, Asked::Organization, Asked::Restore];
    let of_layers = [Asked::AddLayer, Asked::ReplaceLayer, Asked::ChangeLayer];
    let of_exceptions = [Asked::AddException, Asked::ReplaceException, Asked::ChangeException];
    let of_people = [Asked::SetContact, Asked::SetRules];
    match operation.does {
        Does::Component(..) => true,
        Does::Change(change) => {
            [&of_directory[..], &of_layers, &of_exceptions, &of_people].iter().any(|some| some.contains(&change))
        }
        _ => false,
    }
}

/// Operations, each with the fields of a request of it that is sound.
type Sound = Vec<(&'static Operation, Map<String, Value>)>;

/// A server on which much can be asked, and how.
fn set(database: Database) -> (Api, Sound) {
    let mut api = Api::reachable(database);
    api.key = api.new_key("demo", "fuzz", Scope::Admin);
    let scene = Scene::set(&api);
    let sound = |operation: &'static Operation| {
        let fields = match operation.name {
            // Its code can be sent a few times an hour only.
            "verify-contact" => json!({"preferred_username": "pia", "channel": "sms", "code": "123456"}),
            _ => request(&api, operation, &scene),
        };
        (operation, fields.as_object().expect("an object").clone())
    };
    let sound = operations().map(sound).collect();
    (api, sound)
}

/// Sends it. Where the incident is resolved by now, there is a new one for the next request.
fn send(
    api: &Api,
    operation: &Operation,
    present: &Cell<i64>,
    call: impl Fn(i64) -> Call,
) -> Result<(), TestCaseError> {
    let before = changes_of(api);
    let answer = api.send(call(present.get()));
    is_in_form(operation, &answer)?;
    if answer.status != 200 {
        prop_assert_eq!(changes_of(api), before, "{}: {}", operation.name, answer.text());
    }
    if answer.status == 409 {
        present.set(api.incident("another one"));
    }
    Ok(())
}

/// The fields of a sound request about the incident `present`, where it is about one.
fn about(fields: &Map<String, Value>, present: i64) -> Map<String, Value> {
    let mut fields = fields.clone();
    if let Some(id) = fields.get_mut("instance_id") {
        *id = json!(present);
    }
    fields
}

#[test]
fn whatever_is_asked_is_answered_as_the_table_says_and_a_refusal_changes_nothing() {
    for database in [Database::Sqlite, Database::Postgresql] {
        eprintln!("on {database:?}:");
        let (api, sound) = set(database);
        let damages = prop_oneof![3 => Just(Vec::new()), 1 => vec(damage(), 1..4)];
        let present = Cell::new(api.incident("Disk full"));
        hold(900, &(any::<Index>(), changes(), damages), |(index, changes, damages)| {
            let (operation, fields) = index.get(&sound);
            send(&api, operation, &present, |present| {
                call(operation, &changed(&about(fields, present), &changes), &damages).key(&api.key)
            })
        });
        // Whatever was accepted, the engine can work with.
        api.pass_minutes(600);
        api.beat();
    }
}

#[test]
fn every_text_of_every_request_takes_any_character_or_names_itself() {
    // PostgreSQL is the stricter of the two about what a text may be.
    let (api, sound) = set(Database::Postgresql);
    let present = Cell::new(api.incident("Disk full"));
    for (operation, fields) in &sound {
        for (name, odd) in fields.keys().flat_map(|name| ODD.iter().map(move |odd| (name, odd))) {
            let with = |text: &str| Value::from(format!("{text}{odd}"));
            let value = match &fields[name] {
                Value::String(text) => with(text),
                Value::Array(list) if list.iter().any(Value::is_string) => {
                    list.iter().map(|item| item.as_str().map_or(item.clone(), with)).collect()
                }
                _ => continue,
            };
            let asked = |present| {
                let mut fields = about(fields, present);
                fields.insert(name.clone(), value.clone());
                call(operation, &fields, &[]).key(&api.key)
            };
            send(&api, operation, &present, asked).unwrap_or_else(|error| panic!("{name} {odd:?}: {error}"));
        }
    }
    api.pass_minutes(600);
    api.beat();
}

#[test]
fn a_body_of_any_bytes_is_refused_or_answered() {
    let (api, sound) = set(Database::Sqlite);
    let bodies = prop_oneof![
        vec(any::<u8>(), 0..64),
        values().prop_map(|value| value.to_string().into_bytes()),
        (values(), vec(damage(), 1..6)).prop_map(|(value, damages)| spoiled(value.to_string().as_bytes(), &damages)),
        (select(vec!["[", "{\"a\":", "\"", "1"]), 1..5000_usize)
            .prop_map(|(what, times)| what.repeat(times).into_bytes()),
    ];
    hold(400, &(any::<Index>(), bodies), |(index, body)| {
        let (operation, fields) = index.get(&sound);
        let before = changes_of(&api);
        let answer = api.send(call(operation, fields, &[]).body(body).key(&api.key));
        if operation.method.has_body() {
            is_in_form(operation, &answer)?;
            prop_assert!(answer.status == 200 || changes_of(&api) == before, "{}", answer.text());
        }
        Ok(())
    });
}

#[test]
fn any_path_and_method_is_answered() {
    let (api, _) = set(Database::Sqlite);
    let pieces = prop_oneof![
        3 => select(vec!["v1", "incidents", "list", "routines", "users", "act", "app", "feeds", "carrier", "docs"]),
        1 => select(vec!["sms", "voice", "status", "..", ".", "%2e%2e", "%2F", "%00", "%ff", "create", "healthz", ""]),
    ];
    let pieces = prop_oneof![3 => pieces.prop_map(str::to_owned), 1 => text().prop_map(|text| encoded(&json!(text)))];
    let methods = select(vec!["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "X"]);
    let query = prop_oneof![Just(String::new()), text().prop_map(|text| format!("?{}", encoded(&json!(text))))];
    hold(400, &(methods, vec(pieces, 1..6), query), |(method, pieces, query)| {
        let before = changes_of(&api);
        // Which looks at the headers, of the console's pages, too.
        let answer = api.browse(Call::new(method, &format!("/{}{query}", pieces.join("/"))).key(&api.key));
        prop_assert!(answer.status < 500, "{}", answer.text());
        prop_assert!(answer.status == 200 || changes_of(&api) == before, "{}", answer.text());
        Ok(())
    });
}
