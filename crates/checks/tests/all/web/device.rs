//! Devices by a key: only one that may change all else of a person says where they are pushed to.

use checks::{Api, Call, Database};
use domain::permission::Scope;
use notify::carrier::HttpClient;
use notify::egress::Egress;
use serde_json::{Value, json};
use std::sync::Arc;

const PATH: &str = "/v1/users/pia/devices";

fn subscription(endpoint: &str) -> Value {
    json!({
        "name": "Fairphone",
        "endpoint": endpoint,
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    })
}

#[test]
fn a_key_of_scope_admin_makes_and_removes_a_device_and_no_other_key_does() {
    let api = Api::new();
    let body = subscription("https://push.example.net/a");
    for scope in [Scope::Read, Scope::Incidents] {
        let key = api.new_key("demo", scope.word(), scope);
        api.send(Call::post(PATH).key(&key).json(&body)).refused(403, "scope_too_small");
    }
    let key = api.new_key("demo", "boss", Scope::Admin);
    let made = api.send(Call::post(PATH).key(&key).header("idempotency-key", "k").json(&body)).ok();
    assert_eq!((&made["name"], &made["last_success_at"]), (&json!("Fairphone"), &Value::Null));
    assert_eq!(api.send(Call::post(PATH).key(&key).header("idempotency-key", "k").json(&body)).ok(), made);
    assert_eq!(api.get(PATH), json!([made]));
    let gone = format!("{PATH}/{}", made["device_id"].as_str().expect("an id"));
    assert_eq!(api.send(Call::new("DELETE", &gone).key(&key)).ok(), "Success");
    let again = api.send(Call::new("DELETE", &gone).key(&key));
    assert!(again.first_error(404, "unknown_contact").starts_with("device_id: the person has no device"));
}

#[test]
fn whoever_is_gone_is_pushed_to_no_more() {
    let api = Api::new();
    let key = api.new_key("demo", "boss", Scope::Admin);
    let send = |call: Call| api.send(call.key(&key).header("if-match", "*"));
    send(Call::post("/v1/users").json(&json!({"username": "lou"}))).ok();
    send(Call::post("/v1/users/lou/devices").json(&subscription("https://push.example.net/a"))).ok();
    send(Call::new("DELETE", "/v1/users/lou")).ok();
    send(Call::get("/v1/users/lou/devices")).refused(404, "unknown_component");
    let left = api.test.store().read(|tx| store::push_device_list(tx, domain::OrganizationId(1))).expect("rows");
    assert_eq!(left, []);
}

#[test]
fn an_address_that_would_not_be_called_is_refused_when_it_is_written() {
    let egress = Egress::new(vec!["10.1.0.0/16".parse().expect("a network")]);
    let api = Api::fetching(Database::Sqlite, Arc::new(HttpClient::new(egress).expect("a client")));
    let send = |method: &str, path: &str, body: &Value| {
        api.send(Call::new(method, path).key(&api.key).header("if-match", "*").json(body))
    };
    let why = "refused: 169.254.169.254 is not a public address, and is not in the allowed networks";
    let metadata = "http://169.254.169.254/latest";
    let webhook = |url: &str| json!({"webhook": {"url": url, "secrets": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}});
    let lou = |url: &str| {
        let mut lou = webhook(url);
        lou["username"] = json!("lou");
        lou
    };
    let refused = send("POST", "/v1/users", &lou(metadata)).first_error(400, "invalid_fields");
    assert_eq!(refused, format!("webhook.url: {why}"));
    send("POST", "/v1/users", &lou("https://hooks.example.com/a")).ok();
    let many = json!({"changes": [
        {"do": "patch", "kind": "user", "ref": "lou", "if_match": "*", "body": {"push": {"url": metadata}}},
    ]});
    let refused = send("POST", "/v1/directory/changes?dry_run=true", &many).first_error(400, "invalid_fields");
    assert_eq!(refused, format!("changes[0].body.push.url: {why}"));
    let chat = json!({"address": {"kind": "slack", "url": "http://localhost:8080/hook"}});
    let refused = send("PUT", "/v1/users/lou/contacts/chat", &chat).first_error(400, "invalid_fields");
    assert!(refused.contains("127.0.0.1 is not a public address"), "{refused}");
    let refused = send("POST", "/v1/users/lou/devices", &subscription("https://10.2.0.1/a"));
    assert!(refused.first_error(400, "invalid_fields").starts_with("endpoint: refused: 10.2.0.1"));
    let issuer = json!({"name": "acme", "issuer": "https://192.168.1.1", "client_id": "x"});
    let refused = send("POST", "/v1/sign-in-providers", &issuer);
    assert!(refused.first_error(400, "invalid_fields").starts_with("issuer: refused: 192.168.1.1"));
    // What the operator allows may be written.
    send("PATCH", "/v1/users/lou", &webhook("http://10.1.2.3/hook")).ok();
    assert_eq!(api.get("/v1/users/lou")["webhook"]["url"], "http://10.1.2.3/hook");
}
