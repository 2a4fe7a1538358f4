//! Nobody comes by more than they have: roles, owners, keys and the address to which a link to a new password goes, by whatever
//! words, list of changes, version or credential they are asked for.

use super::console::{says, welcomed};
use checks::{Answer, Api, Call, Database};
use domain::permission::Scope;
use serde_json::{Value, json};

const PEOPLE: &[(&str, &str)] = &[("adm", "admin"), ("man", "manager"), ("res", "responder")];

/// The demo's organization with an owner and people whom the API manages.
fn peopled(database: Database) -> Api {
    let api = Api::reachable(database);
    api.new_owner("own");
    for (username, role) in PEOPLE {
        send(&api, &api.key, "POST", "/v1/users", &json!({"username": username, "role": role})).ok();
    }
    api
}

fn send(api: &Api, key: &str, method: &str, path: &str, body: &Value) -> Answer {
    api.send(Call::new(method, path).key(key).header("if-match", "*").json(body))
}

fn role(api: &Api, username: &str) -> Value {
    api.get(&format!("/v1/users/{username}"))["role"].clone()
}

#[test]
fn a_role_is_given_by_nobody_who_may_not_whatever_key_and_spelling_it_stands_under() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = peopled(database);
        let before = super::everything(&api);
        let (adm, man) = (welcomed(&api, "adm", "192.0.2.1"), api.token_of("man", Scope::Admin));
        for (key, word) in [("role", "owner"), ("user_role", "owner"), ("user_role", "Account_Owner")] {
            let changes = |change: Value| json!({"changes": [change]});
            let own = json!({"do": "patch", "kind": "user", "ref": "adm", "if_match": "*", "body": {(key): word}});
            let made = json!({"do": "create", "kind": "user", "body": {"username": "new", (key): word}});
            for credential in [&api.key, &api.token_of("adm", Scope::Admin), &man] {
                let told = format!("{key}: {word}");
                for (method, path, body) in [
                    ("PATCH", "/v1/users/adm", json!({(key): word})),
                    ("PATCH", "/v1/users/man", json!({(key): word})),
                    ("PUT", "/v1/users/man", json!({"username": "man", (key): word})),
                    ("POST", "/v1/users", json!({"username": "new", (key): word})),
                    ("POST", "/v1/directory/changes", changes(own.clone())),
                    ("POST", "/v1/directory/changes", changes(made.clone())),
                ] {
                    let refused = send(&api, credential, method, path, &body);
                    assert_eq!(refused.status, 403, "{told} {method} {path}: {}", refused.text());
                }
            }
        }
        let admin = json!({"username": "new", "user_role": "admin"});
        send(&api, &man, "POST", "/v1/users", &admin).refused(403, "not_allowed");
        says(
            &adm.post("/app/edit/users/adm", &[("username", "adm"), ("role", "owner"), ("do", "save")]),
            403,
            "needs owner",
        );
        assert_eq!(["own", "adm", "man"].map(|name| role(&api, name)), ["owner", "admin", "manager"].map(Value::from));
        assert_eq!(api.send(Call::get("/v1/users/new").key(&api.key)).status, 404);
        assert_eq!(super::everything(&api), before);
    }
}

#[test]
fn an_owner_is_changed_and_removed_by_no_key_and_by_nobody_below() {
    let api = peopled(Database::Sqlite);
    for credential in [api.key.clone(), api.token_of("adm", Scope::Admin)] {
        for (method, path, body) in [
            ("PATCH", "/v1/users/own", json!({"display_name": "x"})),
            ("PATCH", "/v1/users/own", json!({"user_role": "admin"})),
            ("PATCH", "/v1/users/own", json!({"locked": true})),
            ("PUT", "/v1/users/own", json!({"username": "own"})),
            ("PUT", "/v1/users/own/contacts/email", json!({"address": "thief@example.com"})),
            ("PUT", "/v1/users/own/notification-rules", json!({"notification_rules": []})),
            ("DELETE", "/v1/users/own", json!({})),
            ("DELETE", "/v1/users/own?erase=true", json!({})),
        ] {
            send(&api, &credential, method, path, &body).refused(403, "not_allowed");
        }
    }
    assert_eq!(role(&api, "own"), "owner");
}

#[test]
fn a_version_gone_back_to_gives_nobody_the_role_that_they_lost() {
    Api::reached_on_both(|api| {
        api.new_owner("own");
        api.new_owner("was");
        let version = api.get("/v1/directory/versions?limit=1")[0]["version"].clone();
        let own = welcomed(api, "own", "192.0.2.1");
        let lowered = own.post("/app/edit/users/was", &[("username", "was"), ("role", "admin"), ("do", "save")]);
        says(&lowered, 200, "saved");
        let was = welcomed(api, "was", "192.0.2.2");
        let back =
            |dry| send(api, &api.key, "POST", &format!("/v1/directory/restore{dry}"), &json!({"version": version}));
        for dry in ["", "?dry_run=true"] {
            assert_eq!(back(dry).first_error(403, "not_allowed"), "user `was`: needs an owner who is signed in");
        }
        let path = format!("/app/history/{version}");
        says(&was.post(&path, &[("do", "restore")]), 403, "needs owner");
        assert_eq!(role(api, "was"), "admin");
        says(&own.post(&path, &[("do", "restore")]), 200, "The directory is what it was");
        assert_eq!(role(api, "was"), "owner");
    });
}

#[test]
fn whoever_left_stays_away_when_a_version_is_gone_back_to_in_which_they_were() {
    Api::reached_on_both(|api| {
        let key = api.key.clone();
        send(api, &key, "POST", "/v1/users", &json!({"username": "lou"})).ok();
        let levels = json!([{"minutes": 5, "users": ["lou", "ana"]}]);
        send(api, &key, "POST", "/v1/escalation-policies", &json!({"name": "pair", "levels": levels})).ok();
        let version = api.get("/v1/directory/versions?limit=1")[0]["version"].clone();
        send(api, &key, "DELETE", "/v1/users/lou?leave_gaps=true", &json!({})).ok();
        let longer = json!([{"minutes": 7, "users": ["ana"]}]);
        send(api, &key, "PATCH", "/v1/escalation-policies/pair", &json!({"levels": longer})).ok();
        send(api, &key, "POST", "/v1/directory/restore", &json!({"version": version})).ok();
        let pair = api.get("/v1/escalation-policies/pair");
        assert_eq!(pair["levels"], json!([{"minutes": 5, "users": ["ana"]}]));
        api.send(Call::get("/v1/users/lou").key(&key)).refused(404, "unknown_component");
    });
}

#[test]
fn a_token_comes_by_no_more_than_it_has_what_wants_a_fresh_sign_in_it_cannot_do() {
    let api = peopled(Database::Sqlite);
    let (adm, res) = (api.token_of("adm", Scope::Admin), api.token_of("res", Scope::Incidents));
    let version = api.get("/v1/directory/versions?limit=1")[0]["version"].clone();
    let mail = json!({"email": "thief@example.com"});
    let many = json!({"changes": [{"do": "patch", "kind": "user", "ref": "res", "if_match": "*", "body": mail}]});
    for (token, method, path, body) in [
        (&res, "PATCH", "/v1/users/res", mail.clone()),
        (&res, "PUT", "/v1/users/res/contacts/email", json!({"address": "thief@example.com"})),
        (&adm, "PATCH", "/v1/users/res", mail.clone()),
        (&adm, "POST", "/v1/directory/changes", many),
        (&adm, "PATCH", "/v1/users/res", json!({"role": "admin"})),
        (&adm, "DELETE", "/v1/users/res", json!({})),
        (&adm, "POST", "/v1/keys", json!({"name": "more", "scope": "admin"})),
        (&adm, "PATCH", "/v1/organization", json!({"token_days": 365})),
        (&adm, "POST", "/v1/directory/restore", json!({"version": version})),
    ] {
        send(&api, token, method, path, &body).refused(403, "fresh_sign_in_needed");
    }
    let set = json!({"sms": "+4915112300001", "email": null});
    send(&api, &res, "PATCH", "/v1/users/res", &set).ok();
    assert_eq!(api.get("/v1/keys").as_array().map(Vec::len), Some(1));
}

#[test]
fn another_address_is_told_where_the_person_was_reached_and_is_nobody_elses() {
    Api::reached_on_both(|api| {
        let key = api.key.clone();
        let lou = json!({"username": "lou", "email": "lou@example.org"});
        send(api, &key, "POST", "/v1/users", &lou).ok();
        let set = |email: &str| send(api, &key, "PATCH", "/v1/users/lou", &json!({"email": email}));
        let taken = set("ANA@example.com").first_error(400, "invalid_fields");
        assert_eq!(taken, "email: is the address of `ana`, who signs in by it");
        set("lou@example.net").ok();
        api.beat();
        let sent = api.sent.lock().expect("no panic");
        let told: Vec<_> = sent.iter().filter(|mail| mail.subject == "Your e-mail address was changed").collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].address, notify::carrier::Address::Email("lou@example.org".to_owned()));
    });
}

#[test]
fn what_an_operation_does_not_know_in_its_query_is_refused_and_nothing_is_done() {
    let api = Api::reachable(Database::Sqlite);
    for (method, path, body) in [
        ("POST", "/v1/keys?dry_run=true", json!({"name": "more", "scope": "read"})),
        ("POST", "/v1/invitations?dry_run=true", json!({"email": "zoe@example.org"})),
        ("POST", "/v1/users?dryrun=true", json!({"username": "zoe"})),
    ] {
        let refused = send(&api, &api.key, method, path, &body).first_error(400, "invalid_fields");
        assert!(refused.contains(": is not known"), "{refused}");
    }
    assert_eq!(api.get("/v1/keys").as_array().map(Vec::len), Some(1));
    assert_eq!(api.send(Call::get("/v1/users/zoe").key(&api.key)).status, 404);
}

#[test]
fn a_manager_keeps_the_keys_of_their_teams_and_no_others() {
    Api::reached_on_both(|api| {
        let key = api.key.clone();
        for (username, role) in PEOPLE {
            send(api, &key, "POST", "/v1/users", &json!({"username": username, "role": role})).ok();
        }
        for (team, members) in [("till", ["man"]), ("depot", ["res"])] {
            send(api, &key, "POST", "/v1/teams", &json!({"name": team, "members": members})).ok();
        }
        let of_depot = json!({"name": "stranger", "scope": "read", "teams": ["depot"]});
        let id = send(api, &key, "POST", "/v1/keys", &of_depot).ok()["key_id"].clone();
        let man = welcomed(api, "man", "192.0.2.1");
        let make =
            |scope: &str, team: &str| man.post("/app/keys", &[("name", "own"), ("scope", scope), ("teams", team)]);
        says(&make("admin", "till"), 403, "needs admin");
        says(&make("read", "depot"), 403, "needs admin");
        says(&man.post("/app/keys", &[("name", "own"), ("scope", "read")]), 403, "needs admin");
        says(&make("incidents", "till"), 200, "<pre>reveille_");
        let page = man.get("/app/keys");
        assert!(page.text().contains("<bdi>own</bdi>") && page.text().contains("<bdi>till</bdi>"), "{}", page.text());
        for others in ["batch", "stranger", "depot"] {
            assert!(!page.text().contains(others), "{others}: {}", page.text());
        }
        says(&man.post("/app/keys", &[("revoke", &id.to_string())]), 403, "needs admin");
        let listed = api.get("/v1/keys");
        let own = listed.as_array().expect("a list").iter().find(|kept| kept["name"] == "own").expect("theirs");
        assert_eq!((&own["scope"], &own["teams"]), (&json!("incidents"), &json!(["till"])));
        says(&man.post("/app/keys", &[("revoke", &own["key_id"].to_string())]), 200, "The key is revoked");
    });
}

#[test]
fn whoever_is_off_duty_by_a_swap_takes_it_back_and_nobody_else_below() {
    let api = Api::reachable(Database::Sqlite);
    let [ben, cho] = ["ben", "cho"].map(|name| api.token_of(name, Scope::Incidents));
    let swap = json!({"out": "ben", "in": "cho", "from": "2021-05-10T00:00:00", "until": "2021-05-11T00:00:00"});
    let made = send(&api, &ben, "POST", "/v1/routines/test%20turns/swaps", &swap).ok();
    let path = format!("/v1/routines/test%20turns/swaps/{}", made["swap_ref_id"].as_str().expect("an id"));
    send(&api, &cho, "DELETE", &path, &json!({})).refused(403, "not_allowed");
    send(&api, &ben, "DELETE", &path, &json!({})).ok();
}
