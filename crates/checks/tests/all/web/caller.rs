//! Who calls: forms of the key, keys that are not valid any more, networks.

use checks::{Api, Call, Database, START, settings};
use directory::{KeyState, NewKey};
use domain::permission::Scope;
use engine::DeskLimits;
use serde_json::json;
use store::KeyRow;

/// Revokes the demo's newest key.
pub(super) fn revoke_last(api: &Api) {
    let key = demo_keys(api).into_iter().max_by_key(|key| key.id).expect("a key");
    let revoked = directory::key_revoke(api.test.store(), &api.clock, &api.ids, key.organization, key.id);
    assert!(revoked.expect("the store answers"));
}

fn demo_keys(api: &Api) -> Vec<KeyRow> {
    let list = |tx: &mut dyn store::Tx| {
        let demo = store::organization_by_name(tx, "demo")?.expect("the demo");
        store::key_list(tx, demo.id)
    };
    api.test.store().read(list).expect("the keys")
}

fn new_key(scope: Scope) -> NewKey {
    NewKey::of("k", scope)
}

#[test]
fn a_key_is_taken_in_every_form_that_clients_send() {
    let api = Api::new();
    let key = &api.key;
    let forms = [
        format!("token {key}"),
        format!("TOKEN {key}"),
        format!("Bearer {key}"),
        format!("bearer {key}"),
        format!("Token token={key}"),
        format!("token token=\"{key}\""),
    ];
    for form in forms {
        api.send(Call::get("/list/users").header("authorization", &form)).ok();
    }
    for form in ["", "token", "token ", "Basic abc", key] {
        let answer = api.send(Call::get("/list/users").header("authorization", form));
        answer.refused(401, "missing_key");
    }
    api.send(Call::get("/list/users").header("authorization", b"token \xff")).refused(401, "missing_key");
    for unknown in ["x", "reveille_", &key[..key.len() - 1], &key.to_uppercase(), &format!("{key}x")] {
        let answer = api.send(Call::get("/list/users").key(unknown));
        answer.refused(401, "unknown_key");
        assert!(!answer.text().contains(unknown) || unknown == "x", "a key is never said back");
    }
}

#[test]
fn a_key_ends_at_its_instant() {
    let api = Api::new();
    let expires_at = Some(START.plus_minutes(1));
    let key = api.key_as("demo", NewKey { expires_at, ..new_key(Scope::Incidents) });
    let create = || api.send(Call::post("/create").key(&key).json(&json!({"title": "x", "users": "ana"})));
    let list = || api.send(Call::get("/list/users").key(&key));
    list().ok();
    create().ok();
    api.clock.advance(59_999_999);
    list().ok();
    api.clock.advance(1);
    list().refused(401, "expired_key");
    create().refused(401, "expired_key");
}

#[test]
fn a_revoked_key_is_refused_at_once_although_it_was_used_a_moment_ago() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        let incident = api.incident("x");
        let asked = json!({"instance_id": incident});
        for path in ["/details", "/alerts", "/incidents/list", "/resolve", "/users/list"] {
            let key = api.key_as("demo", new_key(Scope::Admin));
            api.send(Call::post("/details").key(&key).json(&asked)).ok();
            revoke_last(&api);
            assert!(matches!(api.state_of(&key), KeyState::Valid(_)), "{path}: it is remembered");
            api.send(Call::post(path).key(&key).json(&asked)).refused(401, "revoked_key");
            assert!(matches!(api.state_of(&key), KeyState::Revoked(_)), "{path}: and now it is not");
        }
        assert_eq!(api.details(incident)["status"], "OPEN");
    }
}

#[test]
fn a_key_for_some_networks_is_refused_from_others_and_only_a_trusted_proxy_is_believed() {
    let proxies = vec!["10.0.0.0/8".parse().expect("a network")];
    let settings = web::Settings { trusted_proxies: proxies, ..settings() };
    let api = Api::with(Database::Sqlite, settings, DeskLimits { queue: 10, batch: 10, writers: 1 });
    let allow = vec!["198.51.100.0/24".to_owned(), "2001:db8::/32".to_owned()];
    let key = api.key_as("demo", NewKey { allow, ..new_key(Scope::Read) });
    let table = [
        ("198.51.100.7", "", 200),
        ("2001:db8::1", "", 200),
        ("192.0.2.1", "", 403),
        ("192.0.2.1", "198.51.100.7", 403),
        ("10.0.0.1", "198.51.100.7", 200),
        ("10.0.0.1", "198.51.100.7, 192.0.2.1", 403),
        ("10.0.0.1", "192.0.2.1, 198.51.100.7, 10.0.0.2", 200),
        ("::ffff:10.0.0.1", "2001:db8::5", 200),
        ("10.0.0.1", "", 403),
    ];
    for (peer, told, status) in table {
        let call = Call::get("/list/users").key(&key).from(peer);
        let call = if told.is_empty() { call } else { call.header("x-forwarded-for", told) };
        let answer = api.send(call);
        match status {
            200 => drop(answer.ok()),
            _ => drop(answer.refused(403, "address_not_allowed")),
        }
    }
}

#[test]
fn the_last_use_of_a_key_is_recorded_at_most_once_a_minute() {
    let api = Api::new();
    let used = || {
        api.beat();
        demo_keys(&api)[0].last_used_at
    };
    assert_eq!(used(), None);
    api.get("/list/users");
    assert_eq!(used(), Some(START));
    api.clock.advance(59_999_999);
    api.get("/list/users");
    assert_eq!(used(), Some(START));
    api.clock.advance(1);
    api.get("/list/users");
    assert_eq!(used(), Some(START.plus_minutes(1)));
}
