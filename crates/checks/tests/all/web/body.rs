//! Bodies: what is read, whatever is said of it, and what is refused.

use checks::{Api, Call};
use serde_json::json;
use web::operation::{Code, Method, Presence};

#[test]
fn an_empty_body_is_an_empty_object_and_the_missing_fields_are_named() {
    let api = Api::new();
    let scene = super::Scene::set(&api);
    for operation in super::of_keys().filter(|operation| operation.method == Method::Post) {
        let needed = operation.fields.iter().find(|field| field.presence == Presence::Required);
        let asked = super::request(&api, operation, &scene);
        let path = super::filled(operation, &operation.documented_path(), &asked);
        for body in ["", " \r\n\t", "{}"] {
            let answer = api.send(Call::post(&path).key(&api.key).body(body));
            match needed {
                None if operation.body.is_some() => {
                    let error = answer.first_error(400, "invalid_fields");
                    assert!(error.ends_with("name: is required"), "{error}");
                }
                None if !operation.at_least_one.is_empty() => {
                    let error = answer.first_error(400, "invalid_fields");
                    assert!(error.contains("at least one of"), "{error}");
                }
                Some(field) => {
                    let expect = format!("{}: is required", field.name);
                    assert_eq!(answer.first_error(400, "invalid_fields"), expect, "{}", operation.name);
                }
                // Which of its fields it needs hangs on which others are there.
                None if operation.name == "try-routing-rules" => {
                    assert!(answer.first_error(400, "invalid_fields").starts_with("title: is needed"));
                }
                None => drop(answer.ok()),
            }
        }
    }
    let answer = api.ask("create", &json!({"title": "x"}));
    let expect = "service_ref_id: at least one of service_ref_id, policy_ref_id, users is required";
    assert_eq!(answer.first_error(400, "invalid_fields"), expect);
}

#[test]
fn json_is_read_whatever_its_content_type_says() {
    let api = Api::new();
    let body = json!({"title": "x", "users": "ana"});
    for kind in ["", "application/json", "application/x-www-form-urlencoded", "text/plain; charset=latin1", "nonsense"]
    {
        api.send(Call::post("/create").key(&api.key).header("content-type", kind).json(&body)).ok();
    }
}

#[test]
fn a_body_that_is_nearly_json_is_taken_and_it_is_said_what_was_repaired() {
    let api = Api::new();
    let table: [(&[u8], &str, &str); 3] = [
        (
            b"\xef\xbb\xbf{\"title\": \"Disk\tfull\", \"users\": \"ana\"}",
            "Disk\tfull",
            "a byte-order mark was skipped, control characters inside a text were taken",
        ),
        (b"{\"title\": \"Hot \\ud83d\", \"users\": \"ana\"}", "Hot \u{fffd}", "half a surrogate pair was replaced"),
        (b"{\"title\": \"caf\xe9\", \"users\": \"ana\"}", "caf\u{fffd}", "bytes that are no characters were replaced"),
    ];
    for (body, title, repairs) in table {
        let answer = api.send(Call::post("/create").key(&api.key).body(body));
        assert_eq!(answer.header("reveille-repairs"), repairs);
        let id = answer.ok()["instance_id"].clone();
        assert_eq!(api.ok("details", &json!({ "instance_id": id }))["task"]["task_title"], title);
    }
    let intact = api.send(Call::post("/create").key(&api.key).json(&json!({"title": "x", "users": "ana"})));
    assert_eq!(intact.header("reveille-repairs"), "");
}

#[test]
fn a_body_may_have_one_mebibyte_and_not_a_byte_more() {
    let api = Api::new();
    let users = api.send(Call::post("/users/list").key(&api.key).body(" ".repeat(1024 * 1024)));
    users.ok();
    for path in ["/users/list", "/create"] {
        let answer = api.send(Call::post(path).key(&api.key).body(" ".repeat(1024 * 1024 + 1)));
        assert_eq!(answer.first_error(413, "body_too_large"), "body: must have at most 1048576 bytes");
    }
    assert_eq!(api.ok("list", &json!({})), json!([]));
}

#[test]
fn what_is_not_a_json_object_is_refused_in_words() {
    let api = Api::new();
    let table: [(&[u8], &str, &str); 7] = [
        (b"{\n\"title\" \"x\"}", "malformed_json", "line 2 column 9"),
        (b"title=x&users=ana", "malformed_json", "line 1"),
        (b"\xff", "malformed_json", "line 1"),
        (b"{} {}", "malformed_json", "line 1"),
        (b"[{\"title\": \"x\"}]", "invalid_fields", "must be a JSON object, not a list"),
        (b"\"Success\"", "invalid_fields", "must be a JSON object, not a text"),
        (b"null", "invalid_fields", "must be a JSON object, not null"),
    ];
    for (body, code, said) in table {
        for operation in ["create", "details"] {
            let answer = api.send(Call::post(&format!("/{operation}")).key(&api.key).body(body));
            let error = answer.first_error(400, code);
            assert!(error.starts_with("body: ") && error.contains(said), "{error}");
        }
    }
    let deep = "[".repeat(100_000);
    let answer = api.send(Call::post("/create").key(&api.key).body(deep));
    assert!(answer.first_error(400, Code::MalformedJson.word()).contains("recursion"));
}

#[test]
fn a_hostile_body_is_not_answered_at_many_times_its_length() {
    let api = Api::new();
    let send = |path: &str, body: &serde_json::Value| api.send(Call::post(path).key(&api.key).json(body));
    // Wrong in as many places as a body has room for.
    let groups = vec![vec![1; 100]; 40];
    let layers: Vec<_> = (0..100).map(|_| json!({"valid_start": "2026-06-01", "rotations": groups})).collect();
    let preview = json!({"routine": {"routine_name": "x", "timezone": "UTC", "routine_layers": layers}});
    assert!(preview.to_string().len() > 800_000);
    let users = json!({"title": "x", "users": vec![1; 300_000]});
    let unknown: serde_json::Map<_, _> = (0..60_000).map(|number| (format!("k{number}"), json!(1))).collect();
    for (path, body) in
        [("/v1/routines/preview", &preview), ("/create", &users), ("/create", &serde_json::Value::Object(unknown))]
    {
        let answer = send(path, body);
        let errors = answer.refused(400, "invalid_fields")["errors"].as_array().map(Vec::len).unwrap_or_default();
        assert!((1..=2 * domain::limits::MISTAKES).contains(&errors), "{path}: {errors}");
        assert!(answer.body.len() < 64 * 1024, "{path}: {} bytes", answer.body.len());
    }
}

#[test]
fn all_mistakes_are_told_at_once_and_the_detail_repeats_them() {
    let api = Api::new();
    let body = json!({"title": "x".repeat(513), "users": ["ana"], "urgency_level": 6, "tags": [1]});
    let problem = api.ask("create", &body).refused(400, "invalid_fields");
    let expect = json!([
        "title: must have at most 512 characters, and has 513",
        "urgency_level: must be a whole number from 1 to 5, not 6",
        "tags[0]: must be a text of at most 128 characters, not a number",
    ]);
    assert_eq!(problem["errors"], expect);
    assert_eq!(problem["detail"].as_str().map(|detail| detail.split("; ").count()), Some(3));
}
