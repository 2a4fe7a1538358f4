//! Keys through the API: made, used, revoked.

use checks::{Api, Call, Database, START};
use domain::permission::Scope;
use serde_json::{Value, json};

#[test]
fn a_key_that_is_made_counts_until_it_is_revoked_and_is_told_once() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let new = json!({"name": "deploy", "scope": "read", "networks": ["192.0.2.7", "10.1.2.3/8"]});
        let made = api.send(Call::post("/v1/keys").key(&api.key).json(&new)).ok();
        let key = made["key"].as_str().expect("a text").to_owned();
        assert_eq!(made["networks"], json!(["192.0.2.7/32", "10.0.0.0/8"]));
        api.send(Call::get("/list/users").key(&key).from("10.9.9.9")).ok();
        api.send(Call::get("/list/users").key(&key).from("198.51.100.7")).refused(403, "address_not_allowed");
        let listed = api.get("/v1/keys");
        assert!(!listed.to_string().contains(&key));
        let last = listed.as_array().expect("a list").last().expect("one").clone();
        assert_eq!((&last["name"], last["tail"].as_str()), (&json!("deploy"), Some(&key[key.len() - 5..])));
        let path = format!("/v1/keys/{}", made["key_id"]);
        api.send(Call::new("DELETE", &path).key(&api.key)).ok();
        api.send(Call::get("/list/users").key(&key).from("10.9.9.9")).refused(401, "revoked_key");
        api.send(Call::new("DELETE", &path).key(&api.key)).refused(404, "unknown_api_key");
        let stranger = api.new_key("other", "admin", Scope::Admin);
        let other = api.send(Call::post("/v1/keys").key(&api.key).json(&json!({"name": "x", "scope": "read"}))).ok();
        api.send(Call::new("DELETE", &format!("/v1/keys/{}", other["key_id"])).key(&stranger))
            .refused(404, "unknown_api_key");
    }
}

#[test]
fn a_key_says_what_is_wrong_with_it_before_it_is_made() {
    let api = Api::new();
    let wrong = json!({"name": "x\ny", "scope": "read", "networks": ["10.0.0.0/40"], "expires_at": "2020-01-01"});
    let refused = api.send(Call::post("/v1/keys").key(&api.key).json(&wrong)).refused(400, "invalid_fields");
    let expect = json!([
        "networks[0]: must be a network such as 10.0.0.0/8, or an address",
        "expires_at: must be in the future",
        "name: must not contain control characters",
    ]);
    assert_eq!(refused["errors"], expect);
    assert_eq!(api.get("/v1/keys").as_array().map(Vec::len), Some(1));
}

#[test]
fn a_key_that_is_asked_for_again_under_its_idempotency_key_is_not_made_twice_and_its_secret_is_not_kept() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let make = |name: &str| {
            let call = Call::post("/v1/keys").key(&api.key).header("idempotency-key", "k");
            api.send(call.json(&json!({"name": name, "scope": "read"})))
        };
        make("deploy").ok();
        let expect = "idempotency-key: the request was done before, and its answer has a secret, which is told once";
        assert_eq!(make("deploy").first_error(409, "told_once"), expect);
        make("other").refused(409, "idempotency_key_reused");
        assert_eq!(super::column(&api.get("/v1/keys"), "name"), [json!("batch"), json!("deploy")]);
        let kept = api.test.store().read(|tx| {
            let demo = store::organization_by_name(tx, "demo")?.expect("the demo");
            store::idempotency_load(tx, demo.id, "k", START)
        });
        assert_eq!(kept.expect("a store").expect("it is remembered").outcome, "null");
    }
}

/// What all pages of a list say under a key, each page with two items at most.
fn in_pages(api: &Api, path: &str, key: &str) -> Vec<Value> {
    let (mut all, mut next) = (Vec::new(), format!("{path}?limit=2"));
    loop {
        let page = api.send(Call::get(&next).key(&api.key));
        let items = super::column(&page.ok(), key);
        assert!(items.len() <= 2, "{items:?}");
        all.extend(items);
        let link = page.header("link").to_owned();
        match link.strip_prefix('<').and_then(|link| link.split_once(">; rel=\"next\"")) {
            Some((path, _)) => path.clone_into(&mut next),
            None => return all,
        }
    }
}

#[test]
fn keys_invitations_and_versions_are_told_in_pages_that_follow_each_other() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        for number in 0..4 {
            let key = json!({"name": format!("key {number}"), "scope": "read"});
            api.send(Call::post("/v1/keys").key(&api.key).json(&key)).ok();
            let person = json!({"email": format!("person{number}@example.org")});
            api.send(Call::post("/v1/invitations").key(&api.key).json(&person)).ok();
            api.pass_minutes(number % 2);
        }
        for (path, key) in
            [("/v1/keys", "key_id"), ("/v1/invitations", "preferred_username"), ("/v1/directory/versions", "version")]
        {
            let whole = api.get(path);
            let expect = super::column(&whole, key);
            assert!(expect.len() >= 4, "{whole}");
            assert_eq!(in_pages(&api, path, key), expect, "{path}");
        }
        assert_eq!(api.get("/v1/directory/versions?before=3&limit=1")[0]["version"], 2);
        api.send(Call::get("/v1/keys?limit=1001").key(&api.key)).refused(400, "invalid_fields");
    }
}
