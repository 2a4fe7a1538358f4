//! Devices by a key: only one that may change all else of a person says where they are pushed to.

use checks::{Api, Call};
use domain::permission::Scope;
use serde_json::{Value, json};

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
