//! What a team owns: its roles count for that, protected teams change it alone, and private ones hide it.

use checks::{Answer, Api, Call, Database};
use directory::NewKey;
use domain::permission::Scope;
use serde_json::{Value, json};

/// Ben manages the team and Cho is in it, and Rex, who is restricted; Max, who is a responder too, is not.
fn with_team(api: &Api, more: &Value) {
    for (name, role) in [("rex", "restricted"), ("max", "responder")] {
        change(
            api,
            &api.key,
            "POST",
            "/v1/users",
            &json!({"username": name, "role": role, "email": format!("{name}@example.org")}),
        )
        .ok();
    }
    let mut team = json!({"name": "payments", "members": [{"username": "ben", "team_role": "manager"}, "cho", "rex"]});
    team.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    change(api, &api.key, "POST", "/v1/teams", &team).ok();
    let policy = json!({"name": "payers", "team": "payments", "levels": [{"minutes": 5, "users": ["ben"]}]});
    change(api, &api.key, "POST", "/v1/escalation-policies", &policy).ok();
    let service = json!({"name": "till", "team": "payments", "escalation_policy": "payers"});
    change(api, &api.key, "POST", "/v1/services", &service).ok();
}

fn change(api: &Api, key: &str, method: &str, path: &str, body: &Value) -> Answer {
    api.send(Call::new(method, path).key(key).header("if-match", "*").json(body))
}

fn describe(api: &Api, key: &str, service: &str) -> Answer {
    change(api, key, "PATCH", &format!("/v1/services/{service}"), &json!({"description": "where one pays"}))
}

#[test]
fn a_manager_of_a_team_changes_what_it_owns_and_nothing_else() {
    Api::reached_on_both(|api| {
        with_team(api, &json!({}));
        let (ben, cho) = (api.token_of("ben", Scope::Admin), api.token_of("cho", Scope::Admin));
        describe(api, &ben, "till").ok();
        let refused = describe(api, &cho, "till").refused(403, "not_allowed");
        assert_eq!(refused["errors"], json!(["authorization: needs manager in team payments"]));
        change(api, &api.key, "POST", "/v1/services", &json!({"name": "free", "escalation_policy": "payers"})).ok();
        describe(api, &ben, "free").refused(403, "not_allowed");
        // Nobody gives things away to a team that is not theirs, nor takes them.
        let given = |key: &str, service: &str, team: &Value| {
            change(api, key, "PATCH", &format!("/v1/services/{service}"), &json!({"team": team}))
        };
        given(&ben, "free", &json!("payments")).refused(403, "not_allowed");
        change(api, &api.key, "POST", "/v1/teams", &json!({"name": "core"})).ok();
        given(&ben, "till", &json!("core")).refused(403, "not_allowed");
        change(
            api,
            &ben,
            "POST",
            "/v1/services",
            &json!({"name": "shelf", "team": "payments", "escalation_policy": "payers"}),
        )
        .ok();
        change(api, &ben, "POST", "/v1/services", &json!({"name": "open", "escalation_policy": "payers"}))
            .refused(403, "not_allowed");
        let many = |body: Value| {
            let changes =
                json!({"changes": [{"do": "patch", "kind": "service", "ref": "shelf", "if_match": "*", "body": body}]});
            change(api, &ben, "POST", "/v1/directory/changes", &changes)
        };
        many(json!({"description": "x"})).ok();
        many(json!({"team": "core"})).refused(403, "not_allowed");
        assert_eq!(api.get("/v1/services/shelf")["team"], "payments");
        change(api, &ben, "PATCH", "/v1/teams/payments", &json!({"description": "who pays"})).ok();
        change(api, &cho, "PATCH", "/v1/teams/payments", &json!({"description": "x"})).refused(403, "not_allowed");
        change(api, &ben, "PATCH", "/v1/teams/core", &json!({"description": "x"})).refused(403, "not_allowed");
    });
}

#[test]
fn a_responder_of_a_team_begins_maintenance_of_what_it_owns() {
    let api = Api::reachable(Database::Sqlite);
    with_team(&api, &json!({}));
    let window = |service: &str| {
        json!({"name": format!("work on {service}"), "services": [service], "starts": "2026-06-01T10:00:00",
            "duration_minutes": 30, "timezone": "UTC"})
    };
    let cho = api.token_of("cho", Scope::Admin);
    change(&api, &cho, "POST", "/v1/maintenance-windows", &window("till")).ok();
    change(&api, &cho, "POST", "/v1/maintenance-windows", &window("checkout")).refused(403, "not_allowed");
}

#[test]
fn what_a_protected_team_owns_is_changed_by_its_managers_and_admins_alone() {
    let api = Api::reachable(Database::Sqlite);
    with_team(&api, &json!({"protected": true}));
    change(&api, &api.key, "PATCH", "/v1/users/max", &json!({"role": "manager"})).ok();
    let max = api.token_of("max", Scope::Admin);
    describe(&api, &max, "till").refused(403, "not_allowed");
    change(&api, &api.key, "POST", "/v1/services", &json!({"name": "free", "escalation_policy": "payers"})).ok();
    describe(&api, &max, "free").ok();
    describe(&api, &api.token_of("ben", Scope::Admin), "till").ok();
    describe(&api, &api.token_of("ana", Scope::Admin), "till").ok();
}

#[test]
fn what_a_protected_team_owns_is_not_led_elsewhere_by_who_removes_what_it_names() {
    Api::reached_on_both(|api| {
        with_team(api, &json!({"protected": true}));
        change(api, &api.key, "PATCH", "/v1/users/max", &json!({"role": "manager"})).ok();
        let max = api.token_of("max", Scope::Admin);
        for name in ["old", "new"] {
            let policy = json!({"name": name, "levels": [{"minutes": 5, "users": ["max"]}]});
            change(api, &max, "POST", "/v1/escalation-policies", &policy).ok();
        }
        let service = json!({"name": "free", "escalation_policy": "old"});
        change(api, &max, "POST", "/v1/services", &service).ok();
        change(api, &api.key, "PATCH", "/v1/services/till", &json!({"escalation_policy": "old"})).ok();
        let alone = "/v1/escalation-policies/old?replace_with=new";
        let refused = change(api, &max, "DELETE", alone, &json!({})).refused(403, "not_allowed");
        assert_eq!(refused["errors"], json!(["service `till`: needs manager in team payments"]));
        let many = json!({"changes": [
            {"do": "delete", "kind": "escalation_policy", "ref": "old", "if_match": "*", "replace_with": "new"}]});
        change(api, &max, "POST", "/v1/directory/changes", &many).refused(403, "not_allowed");
        assert_eq!(api.get("/v1/services/till")["escalation_policy"], "old");
        // Another name of the same policy changes nothing of what they mean.
        change(api, &max, "PATCH", "/v1/escalation-policies/old", &json!({"name": "older"})).ok();
        change(api, &api.key, "PATCH", "/v1/services/till", &json!({"escalation_policy": "payers"})).ok();
        change(api, &max, "DELETE", "/v1/escalation-policies/older?replace_with=new", &json!({})).ok();
        assert_eq!(api.get("/v1/services/free")["escalation_policy"], "new");

        // Nor is what the organization as a whole has set.
        change(api, &api.key, "PATCH", "/v1/organization", &json!({"fallback_policy": "new"})).ok();
        let last = json!({"name": "last", "levels": [{"minutes": 5, "users": ["max"]}]});
        change(api, &max, "POST", "/v1/escalation-policies", &last).ok();
        let instead = "/v1/escalation-policies/new?replace_with=last";
        let refused = change(api, &max, "DELETE", instead, &json!({})).refused(403, "not_allowed");
        assert_eq!(refused["errors"], json!(["fallback_policy: needs admin"]));
        change(api, &api.key, "DELETE", instead, &json!({})).ok();
        assert_eq!(api.get("/v1/organization")["fallback_policy"], "last");
    });
}

#[test]
fn whoever_leads_what_is_hidden_elsewhere_is_not_told_its_name() {
    let api = Api::reachable(Database::Sqlite);
    with_team(&api, &json!({"private": true}));
    change(&api, &api.key, "PATCH", "/v1/users/max", &json!({"role": "manager"})).ok();
    let max = api.token_of("max", Scope::Admin);
    for name in ["old", "new"] {
        let policy = json!({"name": name, "levels": [{"minutes": 5, "users": ["max"]}]});
        change(&api, &max, "POST", "/v1/escalation-policies", &policy).ok();
    }
    change(&api, &api.key, "PATCH", "/v1/services/till", &json!({"escalation_policy": "old"})).ok();
    let refused = change(&api, &max, "DELETE", "/v1/escalation-policies/old?replace_with=new", &json!({}));
    let expect = json!(["something that a private team owns: needs admin"]);
    assert_eq!(refused.refused(403, "not_allowed")["errors"], expect);
}

#[test]
fn what_a_private_team_owns_is_not_there_for_others_but_for_whom_an_incident_of_it_is_with() {
    Api::reached_on_both(|api| {
        with_team(api, &json!({"private": true}));
        let body = json!({"title": "Till jammed", "service_ref_id": api.ref_id("services", "till")});
        let incident = checks::number(&api.send(Call::post("/create").key(&api.key).json(&body)).ok());
        let [cho, max] = ["cho", "max"].map(|name| api.token_of(name, Scope::Admin));
        let sees = |key: &str| -> Vec<bool> {
            let has = |answer: &Answer, text: &str| answer.text().contains(text);
            let get = |path: &str| api.send(Call::get(path).key(key));
            let listed = api.send(Call::post("/incidents/list").key(key).json(&json!({})));
            let details = api.send(Call::post("/details").key(key).json(&json!({"instance_id": incident})));
            vec![
                has(&get("/v1/services"), "till"),
                get("/v1/services/till").status == 200,
                has(&get("/list/escalation-policies"), "payers"),
                has(&get("/v1/on-call"), "payers"),
                get("/v1/escalation-policies/payers/coverage").status == 200,
                has(&listed, "Till jammed"),
                has(&get("/list/incidents"), "Till jammed"),
                details.status == 200,
                get(&format!("/v1/incidents/{incident}/notifications")).status == 200,
            ]
        };
        assert_eq!(sees(&cho), [true; 9]);
        assert_eq!(sees(&api.key), [true; 9]);
        assert_eq!(sees(&max), [false; 9]);
        let act = |key: &str, verb: &str, more: Value| {
            let mut body = json!({"instance_id": incident});
            body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
            api.send(Call::post(&format!("/{verb}")).key(key).json(&body))
        };
        act(&max, "acknowledge", json!({})).refused(404, "unknown_incident");
        let open = api.incident("Something of everybody's");
        let merge = json!({"instance_id": open, "related_instance_id": incident});
        api.send(Call::post("/merge").key(&max).json(&merge)).refused(404, "unknown_incident");
        describe(api, &max, "till").refused(404, "unknown_component");
        let made = api.send(Call::post("/create").key(&max).json(&body)).refused(404, "unknown_component");
        assert!(made["errors"].to_string().contains("service_ref_id"), "{made}");
        let policy = json!({"title": "x", "policy_ref_id": [api.ref_id("escalation-policies", "payers")]});
        let made = api.send(Call::post("/create").key(&max).json(&policy)).refused(404, "unknown_component");
        assert!(made["errors"].to_string().contains("policy_ref_id"), "{made}");
        // What tells of everything that is written is for those from whom nothing is hidden.
        for path in ["versions", "diff?from=1&until=1", "drift"] {
            let told = |key: &str| api.send(Call::get(&format!("/v1/directory/{path}")).key(key));
            told(&api.token_of("ana", Scope::Read)).ok();
            let refused = told(&max).refused(403, "not_allowed");
            assert_eq!(refused["errors"], json!(["authorization: needs admin"]), "{path}");
        }
        act(&api.key, "reassign", json!({"reassign_to": ["max"]})).ok();
        act(&max, "acknowledge", json!({})).ok();
        assert!(sees(&max)[5] && sees(&max)[7] && !sees(&max)[0], "who is asked sees the incident, and nothing else");
    });
}

#[test]
fn whoever_is_restricted_sees_and_works_on_what_their_team_owns() {
    let api = Api::reachable(Database::Sqlite);
    with_team(&api, &json!({}));
    let rex = api.token_of("rex", Scope::Incidents);
    let body = json!({"title": "Till jammed", "service_ref_id": api.ref_id("services", "till")});
    let own = checks::number(&api.send(Call::post("/create").key(&api.key).json(&body)).ok());
    let other = api.incident("Disk full");
    let acknowledge = |id: i64| api.send(Call::post("/acknowledge").key(&rex).json(&json!({"instance_id": id})));
    acknowledge(own).ok();
    acknowledge(other).refused(404, "unknown_incident");
    let listed = api.send(Call::post("/incidents/list").key(&rex).json(&json!({}))).ok();
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    let services = api.send(Call::get("/v1/services").key(&rex)).ok();
    assert_eq!(services.as_array().map(Vec::len), Some(1), "{services}");
    api.send(Call::get("/v1/users").key(&rex)).refused(403, "not_allowed");
}

#[test]
fn a_key_that_is_limited_to_teams_does_nothing_to_what_others_own() {
    Api::reached_on_both(|api| {
        with_team(api, &json!({}));
        change(api, &api.key, "POST", "/v1/teams", &json!({"name": "core"})).ok();
        change(api, &api.key, "POST", "/v1/services", &json!({"name": "free", "escalation_policy": "payers"})).ok();
        let made = json!({"name": "deploy", "scope": "admin", "teams": ["core"]});
        let made = api.send(Call::post("/v1/keys").key(&api.key).json(&made)).ok();
        assert_eq!(made["teams"], json!(["core"]));
        let key = made["key"].as_str().expect("a text");
        let refused = describe(api, key, "till").refused(403, "not_allowed");
        assert_eq!(refused["errors"], json!(["authorization: needs a key for what team payments owns"]));
        describe(api, key, "free").ok();
        assert!(!api.send(Call::get("/v1/services").key(key)).text().contains("till"));
        let body = json!({"title": "x", "service_ref_id": api.ref_id("services", "till")});
        api.send(Call::post("/create").key(key).json(&body)).refused(403, "not_allowed");
        let more = json!({"name": "more", "scope": "admin"});
        let refused = change(api, key, "POST", "/v1/keys", &more).refused(403, "not_allowed");
        assert_eq!(refused["errors"], json!(["authorization: needs a key that is limited to no team"]));
        change(api, key, "POST", "/v1/users", &json!({"username": "zoe"})).refused(403, "not_allowed");
        change(api, key, "PATCH", "/v1/users/ana", &json!({"email": "x@example.org"})).refused(403, "not_allowed");
        change(api, key, "PATCH", "/v1/organization", &json!({"observers_note": true})).refused(403, "not_allowed");
        for path in ["/v1/audit", "/v1/directory/versions", "/v1/directory/diff?from=1&until=1"] {
            api.send(Call::get(path).key(key)).refused(403, "not_allowed");
        }
        api.send(Call::get("/v1/me").key(key)).ok();
        let unknown = json!({"name": "x", "scope": "read", "teams": ["nobody"]});
        api.send(Call::post("/v1/keys").key(&api.key).json(&unknown)).refused(404, "unknown_component");
        let gone = api.key_as("demo", NewKey { teams: Some(Vec::new()), ..NewKey::of("none", Scope::Admin) });
        describe(api, &gone, "till").refused(403, "not_allowed");
    });
}

/// The rows that a person sees of the log, as action and name of what it was done to.
fn seen_of_log(api: &Api, key: &str, query: &str) -> Vec<String> {
    let rows = api.send(Call::get(&format!("/v1/audit?{query}")).key(key)).ok();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| format!("{} {}", text(&row["action"]), text(&row["object"]["name"]))).collect()
}

#[test]
fn a_manager_reads_of_the_log_what_their_teams_own_and_their_own_sign_ins_and_nothing_else() {
    Api::reached_on_both(|api| {
        with_team(api, &json!({}));
        for (name, teams) in [("man", json!(["payments"])), ("out", json!([]))] {
            let person = json!({"username": name, "role": "manager", "email": format!("{name}@example.org")});
            change(api, &api.key, "POST", "/v1/users", &person).ok();
            if teams != json!([]) {
                let members = json!([{"username": "ben", "team_role": "manager"}, "cho", "rex", name]);
                change(api, &api.key, "PATCH", "/v1/teams/payments", &json!({"members": members})).ok();
            }
        }
        change(api, &api.key, "POST", "/v1/services", &json!({"name": "free", "escalation_policy": "payers"})).ok();
        drop(super::console::welcomed(api, "max", "192.0.2.7"));
        drop(super::console::welcomed(api, "man", "192.0.2.8"));
        let man = api.token_of("man", Scope::Admin);
        let expected = [
            "user.sign_in man",
            "team.update payments",
            "service.create till",
            "escalation_policy.create payers",
            "team.create payments",
        ];
        assert_eq!(seen_of_log(api, &man, "limit=1000"), expected);
        assert_eq!(seen_of_log(api, &man, "object=service"), ["service.create till"]);
        assert_eq!(seen_of_log(api, &man, "object=free"), Vec::<String>::new());
        let page = api.send(Call::get("/v1/audit?limit=2").key(&man));
        assert_eq!(page.ok().as_array().map(Vec::len), Some(2));
        let next = page.header("link").trim_start_matches('<').split('>').next().expect("a path").to_owned();
        assert_eq!(seen_of_log(api, &man, next.split_once('?').expect("a query").1), expected[2..4]);
        assert_eq!(seen_of_log(api, &api.token_of("out", Scope::Admin), "limit=1000"), Vec::<String>::new());
        // What goes to another team goes with its history.
        change(api, &api.key, "POST", "/v1/teams", &json!({"name": "core"})).ok();
        change(api, &api.key, "PATCH", "/v1/services/till", &json!({"team": "core"})).ok();
        assert!(!seen_of_log(api, &man, "limit=1000").iter().any(|row| row.contains("till")));
        api.send(Call::get("/v1/audit/export").key(&man)).refused(403, "not_allowed");
    });
}

#[test]
fn a_responder_reads_of_the_log_their_own_sign_ins_and_who_only_looks_reads_nothing() {
    let api = Api::reachable(Database::Sqlite);
    with_team(&api, &json!({}));
    change(&api, &api.key, "POST", "/v1/users", &json!({"username": "obs", "role": "observer"})).ok();
    let max = super::console::welcomed(&api, "max", "192.0.2.7");
    drop(super::console::welcomed(&api, "cho", "192.0.2.8"));
    let token = api.token_of("max", Scope::Admin);
    assert_eq!(seen_of_log(&api, &token, "limit=1000"), ["user.sign_in max"]);
    assert_eq!(seen_of_log(&api, &token, "object=cho"), Vec::<String>::new());
    assert_eq!(seen_of_log(&api, &token, "action=service.create"), Vec::<String>::new());
    let page = max.get("/app/audit");
    super::console::says(&page, 200, "user.sign_in");
    assert!(!page.text().contains("service.create") && !page.text().contains("cho"), "{}", page.text());
    for username in ["obs", "rex"] {
        let refused = api.send(Call::get("/v1/audit").key(&api.token_of(username, Scope::Admin)));
        assert_eq!(refused.first_error(403, "not_allowed"), "authorization: needs responder", "{username}");
    }
    // Ben manages the team, and is no manager of the organization.
    let ben = seen_of_log(&api, &api.token_of("ben", Scope::Admin), "limit=1000");
    assert!(!ben.iter().any(|row| row.contains("till")), "{ben:?}");
}
