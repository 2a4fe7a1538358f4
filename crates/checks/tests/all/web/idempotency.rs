//! Retries with an `Idempotency-Key`: the first answer again, and nothing done twice (contract §1).

use checks::{Answer, Api, Call, Database, number};
use domain::permission::Scope;
use serde_json::{Value, json};

fn post(api: &Api, path: &str, key: &str, idempotency: &str, body: &Value) -> Answer {
    api.send(Call::post(path).key(key).header("idempotency-key", idempotency).json(body))
}

fn create_body(title: &str) -> Value {
    json!({"title": title, "users": ["ana"]})
}

fn count(api: &Api) -> usize {
    api.ok("list", &json!({})).as_array().expect("a list").len()
}

#[test]
fn the_same_request_again_gets_the_same_answer_and_makes_one_incident() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let first = post(&api, "/create", &api.key, "k1", &create_body("x"));
        let id = number(&first.ok());
        api.pass_minutes(7);
        // It is the same operation on any of its paths, also when the incident has gone on since.
        api.ok("resolve", &json!({"instance_id": id}));
        for path in ["/create", "/create/", "/incidents/create", "/incidents/create/"] {
            let again = post(&api, path, &api.key, "k1", &create_body("x"));
            assert_eq!((again.ok(), again.text()), (first.json(), first.text()));
        }
        assert_eq!(count(&api), 1);
        let next = post(&api, "/create", &api.key, "k2", &create_body("x")).ok();
        assert_eq!(api.details(number(&next))["organization_instance_id"], 2);
    }
}

#[test]
fn every_answer_of_a_command_is_given_again() {
    let api = Api::new();
    let id = api.incident("x");
    let asked = json!({"instance_id": id});
    let first = post(&api, "/acknowledge", &api.key, "a", &asked);
    api.pass_minutes(3);
    assert_eq!(post(&api, "/acknowledge", &api.key, "a", &asked).text(), first.text());
    for _ in 0..2 {
        let noted = post(&api, "/notate", &api.key, "n", &json!({"instance_id": id, "notes": "once"}));
        assert_eq!(noted.text(), "\"Success\"");
        assert_eq!(post(&api, "/resolve", &api.key, "r", &asked).text(), "\"Success\"");
    }
    assert_eq!(api.details(id)["notes"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_same_key_for_anything_else_is_refused() {
    let api = Api::new();
    let id = api.incident("x");
    let asked = json!({"instance_id": id});
    post(&api, "/acknowledge", &api.key, "k", &asked).ok();
    let expect = "idempotency-key: the key was used for a request with another path or body";
    for (path, body) in [
        ("/acknowledge", json!({"instance_id": id, "by": "ana"})),
        ("/acknowledge", json!({"instance_id": id.to_string()})),
        ("/resolve", asked.clone()),
        ("/create", create_body("x")),
    ] {
        let answer = post(&api, path, &api.key, "k", &body);
        assert_eq!(answer.first_error(409, "idempotency_key_reused"), expect);
    }
    assert_eq!((count(&api), &api.details(id)["status"]), (1, &json!("ACKNOWLEDGED")));
}

#[test]
fn a_key_is_remembered_for_a_day_and_then_means_nothing() {
    let api = Api::new();
    let first = post(&api, "/create", &api.key, "k", &create_body("x"));
    api.clock.advance(24 * 3_600_000_000 - 1);
    assert_eq!(post(&api, "/create", &api.key, "k", &create_body("x")).text(), first.text());
    api.clock.advance(1);
    let anew = post(&api, "/create", &api.key, "k", &create_body("y"));
    assert_ne!(number(&anew.ok()), number(&first.ok()));
    assert_eq!(count(&api), 2);
    // Its day begins again.
    assert_eq!(post(&api, "/create", &api.key, "k", &create_body("y")).text(), anew.text());
}

#[test]
fn of_a_refused_request_nothing_is_remembered() {
    let api = Api::new();
    let id = api.incident("x");
    let asked = json!({"instance_id": id});
    post(&api, "/unacknowledge", &api.key, "k", &asked).refused(409, "not_acknowledged");
    post(&api, "/create", &api.key, "k", &json!({"title": "x", "users": ["nobody"]})).refused(404, "unknown_component");
    post(&api, "/create", &api.key, "k", &json!({})).refused(400, "invalid_fields");
    api.ok("acknowledge", &asked);
    assert_eq!(post(&api, "/unacknowledge", &api.key, "k", &asked).text(), "\"Success\"");
}

#[test]
fn two_organizations_may_use_the_same_key_and_two_keys_of_one_share_it() {
    let api = Api::new();
    let theirs = api.new_key("other", "bell", Scope::Incidents);
    let second = api.new_key("demo", "second", Scope::Incidents);
    let ours = post(&api, "/create", &api.key, "k", &create_body("x"));
    let other = post(&api, "/create", &theirs, "k", &create_body("y"));
    assert_ne!(number(&ours.ok()), number(&other.ok()));
    // A retry may come with another key of the same organization, after the first was renewed.
    assert_eq!(post(&api, "/create", &second, "k", &create_body("x")).text(), ours.text());
}

#[test]
fn a_key_is_1_to_255_visible_characters() {
    let api = Api::new();
    let long = "k".repeat(256);
    for bad in [b"".as_slice(), long.as_bytes(), "ключ".as_bytes(), b"\xff"] {
        let call = Call::post("/create").key(&api.key).header("idempotency-key", bad).json(&create_body("x"));
        let expect = "idempotency-key: must have 1 to 255 visible ASCII characters";
        assert_eq!(api.send(call).first_error(400, "invalid_idempotency_key"), expect);
    }
    assert_eq!(count(&api), 0);
    for good in ["k", &long[..255], "~!@#$%^&*()_+ a"] {
        post(&api, "/create", &api.key, good, &create_body("x")).ok();
    }
    assert_eq!(count(&api), 3);
}
