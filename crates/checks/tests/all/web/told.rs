//! What is told to some and not to others: addresses of people, and keys by which alerts come in (administration §4).

use checks::{Api, Call};
use domain::permission::Scope;
use serde_json::{Value, json};

fn get(api: &Api, key: &str, path: &str) -> Value {
    api.send(Call::get(path).key(key)).ok()
}

/// What is told of the one of this name in a list.
fn listed(api: &Api, key: &str, kind: &str, name: &str) -> Value {
    let all = get(api, key, &format!("/list/{kind}"));
    let is_it = |one: &&Value| one["preferred_username"] == name || one["name"] == name;
    all.as_array().expect("a list").iter().find(is_it).cloned().unwrap_or_else(|| panic!("no {name}: {all}"))
}

#[test]
fn addresses_of_others_are_told_whole_to_administrators_alone_by_whatever_way_people_are_read() {
    Api::reached_on_both(|api| {
        let read = |key: &str, username: &str| {
            let named = json!({"preferred_username": username});
            let details = api.send(Call::post("/users/details").key(key).json(&named)).ok();
            let found = api.send(Call::post("/users/list").key(key).json(&json!({"keywords": username}))).ok();
            let found = found.as_array().expect("a list").iter().find(|one| one["preferred_username"] == username);
            json!([
                listed(api, key, "users", username)["email"],
                details["email"],
                found.expect("they are found")["email"]
            ])
        };
        let whole = "ana@example.com";
        for key in [api.key.clone(), api.token_of("ana", Scope::Admin)] {
            assert_eq!(read(&key, "ana"), json!([whole, whole, whole]));
        }
        let reader = api.new_key("demo", "reader", Scope::Read);
        for key in [reader, api.token_of("ben", Scope::Admin)] {
            assert_eq!(read(&key, "ana"), json!(["a…@example.com", "a…@example.com", "a…@example.com"]));
        }
        let own = api.token_of("ben", Scope::Read);
        assert_eq!(read(&own, "ben")[0], "ben@example.com", "their own");
        assert_eq!(get(api, &own, "/v1/users/ben")["email"], "ben@example.com");
    });
}

#[test]
fn the_key_of_an_integration_is_told_to_who_may_change_it() {
    let api = Api::new();
    api.send(Call::post("/v1/users").key(&api.key).json(&json!({"username": "max", "role": "manager"}))).ok();
    for (key, is_told) in [
        (api.key.clone(), true),
        (api.token_of("max", Scope::Admin), true),
        (api.token_of("ben", Scope::Admin), false),
        (api.new_key("demo", "reader", Scope::Read), false),
    ] {
        let of_list = listed(&api, &key, "integrations", "prometheus");
        assert_eq!(
            (of_list["url"].is_string(), of_list["integration_key"].is_string()),
            (is_told, is_told),
            "{of_list}"
        );
        let one = get(&api, &key, "/v1/integrations/prometheus");
        assert_eq!(one.get("url").is_some_and(Value::is_string), is_told, "{one}");
    }
}

#[test]
fn a_stakeholder_reads_business_services_and_nobody_who_is_restricted_reads_people() {
    let api = Api::new();
    api.send(Call::post("/v1/users").key(&api.key).json(&json!({"username": "rex", "role": "restricted"}))).ok();
    let team = json!({"name": "till", "members": [{"username": "rex", "team_role": "manager"}]});
    api.send(Call::post("/v1/teams").key(&api.key).json(&team)).ok();
    let (eva, rex) = (api.token_of("eva", Scope::Admin), api.token_of("rex", Scope::Admin));
    for path in ["/v1/business-services", "/list/business-services", "/v1/business-services/web%20shop"] {
        assert!(get(&api, &eva, path).to_string().contains("web shop"), "{path}");
    }
    api.send(Call::get("/list/services").key(&eva)).refused(403, "not_allowed");
    for path in ["/list/users", "/v1/users"] {
        api.send(Call::get(path).key(&rex)).refused(403, "not_allowed");
    }
}

#[test]
fn whoever_may_read_how_an_incident_stands_subscribes_and_leaves_by_themselves_and_nobody_else() {
    Api::reached_on_both(|api| {
        api.send(Call::post("/v1/users").key(&api.key).json(&json!({"username": "obs", "role": "observer"}))).ok();
        let id = api.incident("Down");
        for username in ["obs", "eva"] {
            let token = api.token_of(username, Scope::Incidents);
            let ask = |operation: &str, who: Value| {
                let body = json!({"instance_id": id, "subscribers": who});
                api.send(Call::post(&format!("/incidents/{operation}")).key(&token).json(&body))
            };
            ask("add-subscribers", json!([username])).ok();
            assert_eq!(api.details(id)["subscribers"][0][1], username);
            ask("remove-subscribers", json!([username])).ok();
            assert_eq!(api.details(id)["subscribers"], Value::Null);
            for others in [json!(["ben"]), json!([username, "ben"])] {
                assert!([403, 404].contains(&ask("add-subscribers", others).status), "{username}");
            }
        }
        assert_eq!(api.details(id)["subscribers"], Value::Null);
    });
}
