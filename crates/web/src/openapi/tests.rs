//! The document against a reader that is not ours: examples fit schemas, and schemas agree with the gate.

use super::{document, request_schema};
use crate::gate::{read_body, read_path, read_query, read_query_of};
use crate::operation::{Code, Field, Method, Operation, Shape, operations};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).unwrap_or_else(|error| panic!("{error}: {schema}"))
}

/// A schema of the document together with what it refers to.
fn in_document(document: &Value, schema: &Value) -> Validator {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    validator(&whole)
}

const TIMESTAMPS: [&str; 37] = [
    "2021-05-05T17:20:14.343825",
    "2021-05-05 17:20:14",
    "2021-05-05T17:20:14Z",
    "2021-05-05T17:20:14.5+02:00",
    "2021-05-05T17:20:14-00:00",
    "2021-05-05T17:20:14+23:59",
    "2021-05-05",
    "2024-02-29",
    "2023-02-29",
    "2000-02-29",
    "1900-02-29",
    "2021-02-30",
    "2021-04-31",
    "2021-12-31T23:59:59.999999999",
    "1000-01-01",
    "2999-12-31T23:59:59-23:59",
    "0999-01-01",
    "3000-01-01",
    "2021-05-05T17:20:14+0100",
    "2021-05-05 17:20:14-01",
    "2021-05-05T17:20:14+01:0",
    "9999-12-31",
    "9999-12-31T23:59:59.999999999-23:59",
    "10000-01-01",
    "2021-05-05T24:00:00",
    "2021-05-05T17:20",
    "2021-05-05T17:20:60",
    "2021-05-05t17:20:14z",
    "20210505T172014",
    "2021-05-05T17:20:14 ",
    " 2021-05-05",
    "2021-05-05T17:20:14+24:00",
    "2021-05-05\n",
    "2021-05-05T17:20:14.1234567890",
    "2021-05-05T17:20:14[UTC]",
    "2021-13-01",
    "yesterday",
];

/// Values that find the edges of schemas and checks.
fn odd_values() -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!({}),
        json!([]),
        json!([[]]),
        json!([null]),
        json!(""),
        json!([""]),
        json!(" "),
        json!("a\0b"),
        json!("\0"),
        json!(["x\0"]),
        json!("x"),
        json!(["x"]),
        json!(["x", 1]),
        json!([{}]),
        json!("é\n"),
        json!(0),
        json!(1),
        json!(5),
        json!(6),
        json!(-1),
        json!(1.0),
        json!(1.5),
        json!(1e300),
        json!(43_200),
        json!(43_201),
        json!(5000),
        json!(5001),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(i64::MIN),
        json!("0"),
        json!("1"),
        json!("01"),
        json!("1\n"),
        json!("9".repeat(18)),
        json!("9".repeat(19)),
        json!("-1"),
        json!("1.0"),
        json!([["x"], [], ["y", "z"]]),
        json!([["x", 1]]),
        json!([["x"], "y"]),
        json!([[""]]),
        json!("00:00"),
        json!("00:01"),
        json!("24:00"),
        json!("24:01"),
        json!("23:59:59"),
        json!("23:59:60"),
        json!("9:00:00"),
        json!("9999-01-01"),
        json!("2100-02-29"),
        json!("2400-02-29"),
        json!("0999-12-31"),
        json!("OPEN"),
        json!("open"),
        json!(["OPEN", "RESOLVED"]),
        json!(["OPEN", "x"]),
        json!(vec!["OPEN"; 4]),
    ];
    values.extend(long_values());
    values.extend(TIMESTAMPS.map(Value::from));
    values
}

/// Values at the limits of texts and lists, and just over them.
fn long_values() -> Vec<Value> {
    let mut values = Vec::new();
    for length in [127, 128, 129, 255, 256, 512, 513, 8_192, 8_193, 32_768, 32_769, 131_072, 131_073] {
        values.push(json!("x".repeat(length)));
        values.push(json!(["x".repeat(length)]));
    }
    for count in [50, 51, 100, 101, 500, 501] {
        values.push(json!(vec!["x"; count]));
    }
    values
}

/// JSON pointers to all fields, those within objects and first items of lists included.
fn places(above: &str, fields: &[Field]) -> Vec<String> {
    let mut found = Vec::new();
    for field in fields {
        let place = format!("{above}/{}", field.name);
        match field.shape {
            Shape::Object(fields) => found.extend(places(&place, fields)),
            Shape::ListOf { item: Shape::Object(fields), .. } => found.extend(places(&format!("{place}/0"), fields)),
            _ => {}
        }
        found.extend(field.spellings().map(|spelling| format!("{above}/{spelling}")));
    }
    found
}

/// Bodies that differ from the example in one place, and, for groups, in every combination of several.
fn bodies(operation: &Operation) -> Vec<Map<String, Value>> {
    let example = operation.example_request();
    let mut bodies = vec![Map::new(), example.clone()];
    for place in places("", operation.fields) {
        let (above, name) = place.rsplit_once('/').expect("a pointer");
        let mut whole = Value::Object(example.clone());
        let Some(within) = whole.pointer_mut(above).and_then(Value::as_object_mut) else { continue };
        within.shift_remove(name);
        let without = whole.clone();
        bodies.extend(without.as_object().cloned());
        for value in odd_values() {
            let mut whole = without.clone();
            let within = whole.pointer_mut(above).and_then(Value::as_object_mut).expect("it is there");
            within.insert(name.to_owned(), value);
            bodies.extend(whole.as_object().cloned());
        }
    }
    for group in operation.alternatives() {
        let mut combinations = vec![example.clone()];
        for spelling in group {
            let some = [
                None,
                Some(json!(null)),
                Some(json!("")),
                Some(json!([])),
                Some(json!("x")),
                Some(json!(3)),
                Some(json!(["x"])),
            ];
            let put = |body: &Map<String, Value>, value: &Option<Value>| {
                let mut body = body.clone();
                body.shift_remove(spelling);
                body.extend(value.clone().map(|value| (spelling.to_owned(), value)));
                body
            };
            combinations = combinations.iter().flat_map(|body| some.iter().map(|value| put(body, value))).collect();
        }
        bodies.extend(combinations);
    }
    bodies
}

#[test]
fn a_body_fits_its_schema_exactly_when_the_gate_lets_it_through() {
    let mut disagreements = Vec::new();
    let mut passed = 0;
    let mut refused = 0;
    for operation in operations().filter(|operation| operation.method == Method::Post) {
        let schema = validator(&request_schema(operation));
        for body in bodies(operation) {
            let body = Value::Object(body);
            let passes = read_body(operation, body.to_string().as_bytes());
            *if passes.is_ok() { &mut passed } else { &mut refused } += 1;
            if schema.is_valid(&body) != passes.is_ok() {
                let errors = passes.err().map(|problem| problem.errors);
                let body: String = body.to_string().chars().take(300).collect();
                disagreements.push(format!("{}: {body}: {errors:?}", operation.name));
            }
        }
    }
    assert!(passed > 1000 && refused > 1000, "{passed} passed, {refused} refused");
    assert!(disagreements.is_empty(), "{} disagreements:\n{}", disagreements.len(), disagreements.join("\n"));
}

#[test]
fn a_parameter_fits_its_schema_exactly_when_the_gate_lets_it_through() {
    for operation in operations() {
        let described = super::parameters(operation);
        let in_query = if operation.method == Method::Get { operation.fields } else { operation.query };
        for field in operation.parameters.iter().chain(in_query) {
            let parameter =
                described.iter().find(|parameter| parameter["name"] == field.name).expect("it is described");
            let schema = validator(&parameter["schema"]);
            let list = parameter["schema"]["type"] == "array";
            for value in odd_values().into_iter().filter(|value| !value.is_array() && !value.is_null()) {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                // In a query and a path a number and its digits are the same.
                let read = serde_json::from_str(&text).ok().filter(Value::is_number).unwrap_or(json!(text));
                let truth = serde_json::from_str(&text).ok().filter(Value::is_boolean).unwrap_or(json!(text));
                let read = match parameter["schema"]["type"].as_str() {
                    Some("integer") => read,
                    Some("boolean") => truth,
                    _ => json!(text),
                };
                let read = if list { json!([read]) } else { read };
                let pairs = [(field.name.to_owned(), text.clone())];
                let is_mistake = |mistake: &String| mistake.split([':', '[']).next() == Some(field.name);
                let passes = match parameter["in"].as_str() {
                    // Of several variable parts only this one is given.
                    Some("path") => match read_path(operation, &pairs) {
                        Ok(_) => true,
                        Err(problem) => problem.code != Code::UnknownPath && !problem.errors.iter().any(is_mistake),
                    },
                    // Of several that must be given only this one is.
                    _ if operation.method == Method::Get => match read_query(operation, &pairs) {
                        Ok(_) => true,
                        Err(problem) => !problem.errors.iter().any(is_mistake),
                    },
                    _ => read_query_of(operation, &pairs).is_ok(),
                };
                assert_eq!(schema.is_valid(&read), passes, "{}.{}: {read}", operation.name, field.name);
            }
        }
    }
}

#[test]
fn every_example_of_the_document_fits_its_schema() {
    let document = document();
    let mut examples = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let answers = operation["responses"].as_object().expect("responses").values();
            for content in answers.chain([&operation["requestBody"]]).filter_map(|part| part["content"].as_object()) {
                for media in content.values() {
                    let schema = in_document(&document, &media["schema"]);
                    for (name, example) in media["examples"].as_object().into_iter().flatten() {
                        let reference = example["$ref"].as_str().map(|reference| reference.trim_start_matches('#'));
                        let example = reference.map_or(example, |at| document.pointer(at).expect("it leads somewhere"));
                        let errors: Vec<_> =
                            schema.iter_errors(&example["value"]).map(|error| error.to_string()).collect();
                        assert!(errors.is_empty(), "{method} {path} {name}: {errors:?}");
                        examples += 1;
                    }
                }
            }
        }
    }
    assert!(examples > 500, "{examples}");
}

#[test]
fn every_reference_leads_somewhere_and_every_link_names_an_operation() {
    let document = document();
    let mut waiting = vec![&document];
    let ids: Vec<_> = operations().map(|operation| operation.name).collect();
    while let Some(value) = waiting.pop() {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
        // A response has content; a schema may have a property of this name.
        let links = value.get("content").and(value.get("links"));
        for link in links.and_then(Value::as_object).into_iter().flat_map(Map::values) {
            assert!(ids.contains(&link["operationId"].as_str().expect("a name")), "{link}");
        }
        match value {
            Value::Array(values) => waiting.extend(values),
            Value::Object(object) => waiting.extend(object.values()),
            _ => {}
        }
    }
}

#[test]
fn the_document_says_which_edition_of_openapi_it_is() {
    assert_eq!(document()["openapi"], "3.1.0");
}
