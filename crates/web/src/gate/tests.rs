//! What the gate lets through, what it refuses, and in which words.

use super::{BodyRead, Fields, Problem, read_body, read_query, request, status};
use crate::operation::{Code, Field, Limit, Method, Operation, Presence, Shape, operations};
use axum::http::{StatusCode, header};
use domain::cover::{Closed, CoverRefusal};
use domain::incident::Command;
use domain::notification::Channel;
use domain::{InstanceId, RefId, Refusal, Urgency, Username};
use serde_json::{Map, Value, json};

fn named(name: &str) -> &'static Operation {
    operations().find(|operation| operation.name == name).expect("an operation")
}

fn read(name: &str, body: &Value) -> Result<Fields, Vec<String>> {
    let read = read_body(named(name), body.to_string().as_bytes());
    read.map(|read| read.fields).map_err(|problem| problem.errors)
}

fn asked(operation: &Operation, body: Value) -> super::Request {
    let BodyRead { fields, raw, .. } = read_body(operation, body.to_string().as_bytes()).expect("a valid body");
    let crate::operation::Does::Command(verb) = operation.does else { panic!("not a command") };
    request(verb, &fields, raw, || RefId::from("drawn"))
}

#[test]
fn every_example_passes_its_own_check() {
    for operation in operations() {
        let body = Value::Object(operation.example_request()).to_string();
        assert!(read_body(operation, body.as_bytes()).is_ok(), "{}", operation.name);
    }
}

#[test]
fn an_empty_body_is_an_empty_object_and_the_missing_fields_are_named() {
    for body in ["", " \r\n", "{}"] {
        let problem = read_body(named("snooze"), body.as_bytes()).expect_err("nothing is given");
        assert_eq!(problem.errors, ["instance_id: is required", "snooze_for: is required"]);
        assert_eq!(problem.code, Code::InvalidFields);
    }
}

#[test]
fn a_body_that_is_not_json_is_told_where() {
    let problem = read_body(named("resolve"), b"{\n\"instance_id\": 1,}").expect_err("a trailing comma");
    assert_eq!(problem.code, Code::MalformedJson);
    assert!(problem.errors[0].contains("line 2 column 18"), "{:?}", problem.errors);
    let problem = read_body(named("resolve"), b"[1]").expect_err("a list");
    assert_eq!(problem.errors, ["body: must be a JSON object, not a list"]);
    assert!(read_body(named("resolve"), b"\xff").is_err());
}

#[test]
fn all_mistakes_are_told_at_once() {
    let body = json!({"title": 5, "tags": ["a", "", 7], "urgency_level": 9, "by": false});
    let expect = [
        "title: must be a text of at most 512 characters, not a number",
        "urgency_level: must be a whole number from 1 to 5, not 9",
        "tags[1]: must not be empty",
        "tags[2]: must be a text of at most 128 characters, not a number",
        "by: must be an id or name, a text of at most 255 characters, not a boolean",
        "service_ref_id: at least one of service_ref_id, policy_ref_id, users is required",
    ];
    assert_eq!(read("create", &body).expect_err("mistakes"), expect);
}

#[test]
fn an_instance_id_is_an_integer_or_a_string_of_digits() {
    let good = [json!(1), json!("1"), json!(i64::MAX), json!("999999999999999999"), json!(7.0)];
    for value in good {
        assert!(read("resolve", &json!({"instance_id": value})).is_ok(), "{value}");
    }
    let bad = [
        json!(0),
        json!(-1),
        json!(1.5),
        json!("0"),
        json!("1 "),
        json!("١"),
        json!(u64::MAX),
        json!(true),
        json!([1]),
    ];
    for value in bad {
        assert!(read("resolve", &json!({"instance_id": value})).is_err(), "{value}");
    }
}

#[test]
fn of_a_repeated_key_the_last_counts_and_unknown_fields_are_ignored() {
    let body = br#"{"instance_id": 0, "instance_id": 5, "new_in_2031": [1, {}]}"#;
    let BodyRead { fields, .. } = read_body(named("resolve"), body).expect("the last is valid");
    assert_eq!(fields.instance_id("instance_id"), Some(InstanceId(5)));
}

#[test]
fn a_name_counts_before_its_alias_and_both_are_checked() {
    let urgency = |body: Value| match asked(named("amend-urgency"), body).command {
        Command::AmendUrgency(urgency) => urgency,
        other => panic!("{other:?}"),
    };
    assert_eq!(urgency(json!({"instance_id": 1, "amend-urgency": 3})), Urgency::Medium);
    assert_eq!(urgency(json!({"instance_id": 1, "amend-urgency": 3, "urgency_level": 5})), Urgency::Critical);
    assert_eq!(urgency(json!({"instance_id": 1, "amend-urgency": 3, "urgency_level": null})), Urgency::Medium);
    let both = json!({"instance_id": 1, "amend-urgency": 30, "urgency_level": 5});
    assert_eq!(
        read("amend-urgency", &both).expect_err("one is wrong"),
        ["amend-urgency: must be a whole number from 1 to 5, not 30"]
    );
    assert_eq!(read("edit-title", &json!({"instance_id": 1})).expect_err("none is given"), ["title: is required"]);
}

#[test]
fn a_create_becomes_an_order_and_nothing_in_it_is_lost() {
    let body = json!({
        "title": "t", "service_ref_id": "s", "users": "ana", "policy_ref_id": ["p"], "description": "d", "notes": "",
        "tags": ["a", "a", "b"], "dedup_key": "", "urgency_level": null, "by": "ben", "x": {"y": 1},
    });
    let request = asked(named("create"), body.clone());
    assert_eq!(request.instance_id, None);
    assert_eq!(request.by, Some(Username::from("ben")));
    let Command::Trigger(order) = request.command else { panic!("not a trigger") };
    assert_eq!(order.task_ref_id, RefId::from("drawn"));
    assert_eq!((order.title.as_str(), order.text.as_str(), order.urgency), ("t", "d", Urgency::High));
    assert_eq!(order.service, Some(RefId::from("s")));
    assert_eq!(order.addressed_to.policies, [RefId::from("p")]);
    assert_eq!(order.addressed_to.users, [Username::from("ana")]);
    assert_eq!((order.notes, order.dedup_key), (None, None));
    assert_eq!(order.tags, ["a", "b"]);
    assert_eq!(*order.payload, body);
}

#[test]
fn every_verb_becomes_its_command() {
    for operation in operations() {
        let crate::operation::Does::Command(_) = operation.does else { continue };
        let request = asked(operation, Value::Object(operation.example_request()));
        let command = format!("{:?}", request.command).to_lowercase();
        let name = if operation.name == "create" { "trigger" } else { operation.name };
        assert!(command.starts_with(&name.replace('-', "")), "{name}: {command}");
        assert_eq!(request.instance_id.is_none(), operation.name == "create");
    }
}

#[test]
fn a_query_is_read_like_a_body_without_types() {
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    };
    let operation = named("list-incidents");
    let given = pairs(&[("limit", "7"), ("status", "OPEN"), ("status", "RESOLVED"), ("after", "12"), ("x", "y")]);
    let fields = read_query(operation, &given).expect("a valid query");
    assert_eq!((fields.number("limit"), fields.instance_id("after")), (Some(7), Some(InstanceId(12))));
    assert_eq!(fields.texts("status"), ["OPEN", "RESOLVED"]);
    for bad in [("limit", "0"), ("limit", ""), ("limit", "7x"), ("limit", "5001"), ("status", "open"), ("after", "x")] {
        assert!(read_query(operation, &pairs(&[bad])).is_err(), "{bad:?}");
    }
}

/// Values just within a limit, and just over it with the number that the refusal must name.
fn boundary(shape: &Shape) -> Vec<(Value, Value, String)> {
    let text = |limit: Limit| {
        let most = limit.most();
        let letter = if matches!(limit, Limit::Characters(_)) { "é" } else { "e" };
        (json!(letter.repeat(most)), json!(letter.repeat(most + 1)), most.to_string())
    };
    match shape {
        Shape::InstanceId => vec![
            (json!(1), json!(0), "1".to_owned()),
            (json!(i64::MAX), json!(i64::MAX as u64 + 1), i64::MAX.to_string()),
            (json!("9".repeat(18)), json!("9".repeat(19)), "18 digits".to_owned()),
        ],
        Shape::Integer { least, most } => {
            vec![(json!(least), json!(least - 1), least.to_string()), (json!(most), json!(most + 1), most.to_string())]
        }
        Shape::Text(limit) => vec![text(*limit)],
        Shape::Id => vec![text(Shape::ID_LIMIT)],
        Shape::Word(words) => vec![(json!(words[0]), json!("no such word"), words[0].to_owned())],
        Shape::Timestamp => vec![(json!("2024-02-29T23:59:59Z"), json!("2023-02-29T23:59:59Z"), String::new())],
        Shape::Date => vec![(json!("2024-02-29"), json!("2023-02-29"), String::new())],
        Shape::TimeOfDay => vec![(json!("23:59:59"), json!("24:00:00"), String::new())],
        Shape::ShiftLength => vec![
            (json!("24:00"), json!("24:01"), "24:00".to_owned()),
            (json!("00:01"), json!("00:00"), "00:01".to_owned()),
        ],
        Shape::Truth => vec![(json!(false), json!("false"), "false".to_owned())],
        // All fits.
        Shape::Json => Vec::new(),
        Shape::Groups { item, least, most, each } => {
            let (good, bad, limit) = boundary(item).remove(0);
            let full = |groups: usize, each: usize| json!(vec![vec![good.clone(); each]; groups]);
            vec![
                (full(*most, 1), full(most + 1, 1), most.to_string()),
                (full(1, *each), full(1, each + 1), each.to_string()),
                (full(*least, 0), full(least - 1, 0), least.to_string()),
                (json!([[good]]), json!([[bad]]), limit),
                (json!([[good]]), json!([good]), "a list".to_owned()),
            ]
        }
        Shape::Object(fields) => objects(fields),
        Shape::ListOf { item, least, most } => {
            let (good, bad, limit) = boundary(item).remove(0);
            let full = |count: usize| Value::Array(vec![good.clone(); count]);
            let mut cases = vec![(full(*most), full(most + 1), most.to_string()), (good.clone(), json!([bad]), limit)];
            if let Shape::Object(fields) = item {
                cases.extend(objects(fields).into_iter().map(|(good, bad, limit)| (json!([good]), bad, limit)));
            }
            if *least > 0 {
                cases.push((full(*least), full(least - 1), least.to_string()));
            }
            cases
        }
    }
}

/// The example of an object with one field at its limit, and over it.
fn objects(fields: &[Field]) -> Vec<(Value, Value, String)> {
    let example: Map<_, _> =
        fields.iter().map(|field| (field.name.to_owned(), crate::operation::example_value(field.example))).collect();
    let with = |name: &str, value: Value| {
        let mut object = example.clone();
        object.insert(name.to_owned(), value);
        Value::Object(object)
    };
    let of = |field: &Field| {
        let cases = boundary(&field.shape).into_iter();
        let whole = |(good, bad, limit)| (with(field.name, good), with(field.name, bad), limit);
        cases.map(whole).collect::<Vec<_>>()
    };
    fields.iter().flat_map(of).collect()
}

#[test]
fn every_limit_is_accepted_at_the_limit_and_refused_over_it_with_its_number() {
    let mut seen = 0;
    for operation in operations().filter(|operation| operation.method == Method::Post) {
        for field in operation.fields {
            for (good, bad, limit) in boundary(&field.shape) {
                seen += 1;
                let place = format!("{}.{}", operation.name, field.name);
                let with = |value: Value| {
                    let mut body: Map<_, _> = operation.example_request();
                    body.insert(field.name.to_owned(), value);
                    read(operation.name, &Value::Object(body))
                };
                assert!(with(good).is_ok(), "{place}");
                let errors = with(bad).expect_err(&place);
                assert!(errors[0].starts_with(field.name) && errors[0].contains(&limit), "{place}: {errors:?}");
            }
        }
    }
    assert!(seen > 80, "{seen}");
}

#[test]
fn null_is_missing_where_required_and_absent_where_optional() {
    for operation in operations().filter(|operation| operation.method == Method::Post) {
        for Field { name, presence, .. } in operation.fields {
            let mut body = operation.example_request();
            body.insert((*name).to_owned(), Value::Null);
            let expect = (*presence == Presence::Required).then(|| vec![format!("{name}: is required")]);
            assert_eq!(read(operation.name, &Value::Object(body)).err(), expect, "{}.{name}", operation.name);
        }
    }
}

#[test]
fn a_text_never_holds_the_character_that_postgresql_cannot_store() {
    let errors = read("notate", &json!({"instance_id": 1, "notes": "a\0b"})).expect_err("it is refused");
    assert_eq!(errors, ["notes: must not contain the character U+0000"]);
}

#[test]
fn a_problem_has_the_shape_of_rfc_9457_with_errors_first_to_last() {
    let problem = Problem::invalid(vec!["a: is required".to_owned(), "b: is required".to_owned()]);
    let expect = concat!(
        r#"{"type":"/docs#error-invalid_fields","title":"Some fields are missing or invalid","status":400,"#,
        r#""detail":"a: is required; b: is required","code":"invalid_fields","#,
        r#""errors":["a: is required","b: is required"],"request_id":"r1"}"#
    );
    assert_eq!(problem.json("r1"), expect);
    let response = Problem::busy(2, "many").respond("r1");
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(response.headers()[header::RETRY_AFTER], "2");
    assert_eq!(Problem::method_not_allowed(&[Method::Post]).respond("r1").headers()[header::ALLOW], "POST");
    assert!(Problem::unknown_key().respond("r1").headers().contains_key(header::WWW_AUTHENTICATE));
}

#[test]
fn a_limit_on_calls_says_when_to_come_back() {
    let bucket = super::Bucket { limit: 2000, remaining: 0, reset_seconds: 4 };
    let response = Problem::rate_limited(1, bucket).respond("r1");
    let header = |name: &str| response.headers()[name].to_str().expect("ASCII").to_owned();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    let expect = ["1", "2000", "0", "4"];
    assert_eq!(["retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(header), expect);
}

#[test]
fn every_refusal_has_the_status_of_the_contract_and_names_a_field() {
    let kind = domain::directory::ComponentKind::BusinessService;
    let table = [
        (Refusal::UnknownIncident { field: "instance_id", instance_id: InstanceId(5) }, 404, "unknown_incident"),
        (Refusal::UnknownAlert { field: "task_ref_id", task_ref_id: "x".to_owned() }, 404, "unknown_alert"),
        (Refusal::UnknownComponent { field: "f", kind, name: "x".to_owned() }, 404, "unknown_component"),
        (Refusal::AlreadyResolved { instance_id: InstanceId(5) }, 409, "already_resolved"),
        (Refusal::NotAcknowledged, 409, "not_acknowledged"),
        (Refusal::NoFurtherLevel, 409, "no_further_level"),
        (Refusal::OnlyAlert, 409, "only_alert"),
        (Refusal::MergedWithItself, 409, "merged_with_itself"),
        (Refusal::NobodyNamed, 400, "nobody_named"),
        (Refusal::TooMany { field: "subscribers", limit: 500 }, 400, "too_many"),
        (Refusal::NoContact { user: "ana".into(), channel: Channel::Sms }, 404, "unknown_contact"),
        (Refusal::NothingToVerify { channel: Channel::Email }, 409, "nothing_to_verify"),
        (Refusal::NoCode, 409, "no_code"),
        (Refusal::WrongCode { tries_left: 0 }, 400, "wrong_code"),
        (Refusal::WrongCode { tries_left: 4 }, 400, "wrong_code"),
        (Refusal::TooManyCodes { limit: 5, retry_after_seconds: 60 }, 429, "too_many_codes"),
        (Refusal::UnknownNotification { field: "after", delivery_id: "x".to_owned() }, 404, "unknown_notification"),
        (Refusal::TooManySwaps { limit: 1000 }, 400, "too_many"),
        (Refusal::UnknownLayer { number: 4 }, 404, "unknown_layer"),
        (Refusal::UnknownSwap { swap_ref_id: "x".to_owned() }, 404, "unknown_swap"),
        (Refusal::SwapIsOver, 400, "invalid_fields"),
        (Refusal::Cover(CoverRefusal::Unknown { cover_ref_id: "x".to_owned() }), 404, "unknown_cover"),
        (Refusal::Cover(CoverRefusal::Closed(Closed::Begun)), 409, "cover_closed"),
        (Refusal::Cover(CoverRefusal::NotYourShift), 400, "invalid_fields"),
        (Refusal::Cover(CoverRefusal::TooMany { limit: 20 }), 400, "too_many"),
        (Refusal::PeriodTooLong { days: 3660 }, 400, "invalid_fields"),
        (Refusal::IdempotencyKeyReused, 409, "idempotency_key_reused"),
        (Refusal::ToldOnce, 409, "told_once"),
        (Refusal::KeyRevoked, 401, "revoked_key"),
    ];
    for (refusal, status, word) in table {
        let problem = Problem::from(refusal);
        assert_eq!((problem.status().as_u16(), problem.code.word()), (status, word));
        assert!(problem.errors[0].contains(": "), "{word}");
    }
}

#[test]
fn every_code_has_an_error_status_and_a_word_of_its_own() {
    let mut words: Vec<_> = Code::ALL.iter().map(|code| code.word()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Code::ALL.len());
    for code in Code::ALL {
        assert!(status(*code).is_client_error() || status(*code).is_server_error());
        assert!(!code.title().is_empty() && code.explanation().ends_with('.'));
    }
}
