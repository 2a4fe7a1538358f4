//! What a private team owns is unknown to others, by whatever way they ask, and stays with whom it was (administration §4).

use checks::{Answer, Api, Call, number};
use domain::permission::Scope;
use serde_json::{Value, json};

fn change(api: &Api, key: &str, method: &str, path: &str, body: &Value) -> Answer {
    api.send(Call::new(method, path).key(key).header("if-match", "*").json(body))
}

fn made(api: &Api, plural: &str, body: &Value) -> String {
    let made = change(api, &api.key, "POST", &format!("/v1/{plural}"), body).ok();
    made["ref_id"].as_str().expect("an id").to_owned()
}

/// The private team has Cho in it, and one of each thing that an incident can be led to; Ben is a responder outside of it.
struct Private {
    policy: String,
    business_service: String,
    response_set: String,
    workflow: String,
}

fn private(api: &Api) -> Private {
    made(api, "teams", &json!({"name": "covert", "private": true, "members": ["cho"]}));
    let own = |mut body: Value| {
        body["team"] = json!("covert");
        body
    };
    let levels = json!([{"minutes": 5, "users": ["cho"]}]);
    let policy = made(api, "escalation-policies", &own(json!({"name": "guard", "levels": levels})));
    made(api, "services", &own(json!({"name": "vault", "escalation_policy": "guard"})));
    let layers = json!([{"valid_start": "2026-01-01", "rotations": [["cho"]]}]);
    made(api, "routines", &own(json!({"name": "watch", "timezone": "UTC", "routine_layers": layers})));
    Private {
        policy,
        business_service: made(api, "business-services", &own(json!({"name": "safe"}))),
        response_set: made(api, "response-sets", &own(json!({"name": "alarm", "users": ["cho"]}))),
        workflow: made(api, "workflows", &own(json!({"name": "lockdown", "add_note": "x"}))),
    }
}

#[test]
fn an_incident_is_led_to_nothing_that_whoever_asks_does_not_know() {
    Api::reached_on_both(|api| {
        let private = private(api);
        let ben = api.token_of("ben", Scope::Incidents);
        let id = number(&api.ok("create", &json!({"title": "Slow", "users": ["ben"]})));
        let unknown = "AAAAAAAAAAAAAAAAAAAAAA";
        for (operation, field, known) in [
            ("reassign", "reassign_to", &private.policy),
            ("add-responders", "assignees", &private.policy),
            ("add-impact", "business_service_ref_id", &private.business_service),
            ("run-response-set", "response_set_ref_id", &private.response_set),
            ("run-workflow", "workflow_ref_id", &private.workflow),
        ] {
            let told = |name: &str| {
                let value = if field == "reassign_to" || field == "assignees" { json!([name]) } else { json!(name) };
                let call = Call::post(&format!("/incidents/{operation}")).key(&ben);
                let answer = api.send(call.json(&json!({"instance_id": id, field: value})));
                answer.first_error(404, "unknown_component").replace(name, "it")
            };
            assert_eq!(told(known), told(unknown), "{operation}");
        }
        let create = json!({"title": "x", "users": ["ben"], "policy_ref_id": [private.policy]});
        api.send(Call::post("/incidents/create").key(&ben).json(&create)).refused(404, "unknown_component");
        api.send(Call::post("/incidents/acknowledge").key(&ben).json(&json!({"instance_id": id}))).ok();
    });
}

#[test]
fn an_incident_stays_with_those_whose_it_is_when_a_private_team_is_asked_for_help() {
    Api::reached_on_both(|api| {
        let private = private(api);
        let ben = api.token_of("ben", Scope::Incidents);
        let details = |id: i64| api.send(Call::post("/incidents/details").key(&ben).json(&json!({"instance_id": id})));
        let id = number(&api.ok("create", &json!({"title": "Slow", "users": ["ana"]})));
        api.ok("add-responders", &json!({"instance_id": id, "assignees": [private.policy]}));
        details(id).ok();
        api.ok("reassign", &json!({"instance_id": id, "reassign_to": [private.policy]}));
        details(id).ok();
        let theirs = number(&api.ok("create", &json!({"title": "Open", "policy_ref_id": [private.policy]})));
        details(theirs).refused(404, "unknown_incident");
        api.ok("reassign", &json!({"instance_id": theirs, "reassign_to": ["ana"]}));
        details(theirs).refused(404, "unknown_incident");
    });
}

#[test]
fn names_of_what_a_private_team_owns_are_neither_told_nor_confirmed() {
    let api = Api::new();
    let private = private(&api);
    let ben = api.token_of("ben", Scope::Admin);
    let told = |method: &str, path: &str, name: &str, body: &Value| {
        let answer = change(&api, &ben, method, path, body);
        (answer.status, answer.first_error(404, "unknown_component").replace(name, "it"))
    };
    let swap = json!({"out": "cho", "in": "ben", "from": "2026-06-02", "until": "2026-06-03"});
    for (method, before, known, after, body) in [
        ("GET", "/v1/routines/", "watch", "/schedule", &json!({})),
        ("GET", "/v1/routines/", "watch", "/swaps", &json!({})),
        ("POST", "/v1/routines/", "watch", "/swaps", &swap),
        ("POST", "/v1/routines/", "watch", "/feed", &json!({})),
        ("GET", "/v1/escalation-policies/", "guard", "/coverage", &json!({})),
        ("PATCH", "/v1/services/", "vault", "", &json!({"description": "x"})),
        ("DELETE", "/v1/services/", "vault", "", &json!({})),
    ] {
        let of = |name: &str| told(method, &format!("{before}{name}{after}"), name, body);
        assert_eq!(of(known), of("nosuch"), "{method} {before}{after}");
    }
    // Nobody names it in something of their own.
    change(&api, &api.key, "POST", "/v1/users", &json!({"username": "max", "role": "manager"})).ok();
    let max = api.token_of("max", Scope::Admin);
    let own = |path: &str, name: &str, mut body: Value| {
        body["name"] = json!("own");
        change(&api, &max, "POST", path, &body).first_error(400, "invalid_fields").replace(name, "it")
    };
    let service = |name: &str| own("/v1/services", name, json!({"escalation_policy": name}));
    assert_eq!(service("guard"), service("nosuch"));
    let owned = |name: &str| own("/v1/services", name, json!({"escalation_policy": "management", "team": name}));
    assert_eq!(owned("covert"), owned("nosuch"));
    // What names Cho, and the teams that they are in.
    let cho = api.send(Call::get("/v1/users/cho").key(&ben)).ok();
    let all = api.send(Call::get("/v1/users").key(&ben)).ok();
    for hidden in ["covert", "watch", "guard", "vault", "alarm"] {
        assert!(!cho["named_by"].to_string().contains(hidden), "{hidden}: {cho}");
        assert!(!cho["teams"].to_string().contains(hidden) && !all.to_string().contains(hidden), "{hidden}");
    }
    assert_eq!(api.send(Call::get("/v1/users?team=covert").key(&ben)).ok(), json!([]));
    assert!(api.get("/v1/users/cho")["named_by"].to_string().contains("guard"), "{}", private.policy);
}

#[test]
fn notices_of_others_do_not_name_the_routine_of_a_private_team() {
    Api::reached_on_both(|api| {
        private(api);
        let levels = json!([{"minutes": 5, "routines": ["watch"]}]);
        made(api, "escalation-policies", &json!({"name": "watched", "team": "covert", "levels": levels}));
        api.beat();
        let layers = json!([{"valid_start": "2021-05-06", "rotation_start": "09:00:00", "rotations": [["ben"]]}]);
        change(api, &api.key, "PATCH", "/v1/routines/watch", &json!({"routine_layers": layers})).ok();
        api.pass_minutes(24 * 60);
        api.beat();
        let titles = |key: &str| {
            let mut titles = super::column(&api.send(Call::get("/v1/users/ben/notices").key(key)).ok(), "title");
            titles.dedup();
            titles
        };
        let (ben, dee) = (api.token_of("ben", Scope::Incidents), api.token_of("dee", Scope::Incidents));
        let named = [json!("You are on call: watch")];
        assert_eq!(titles(&api.key), named);
        assert_eq!(titles(&ben), named);
        assert_eq!(titles(&dee), [json!("A handover in a routine of a private team")]);
    });
}
