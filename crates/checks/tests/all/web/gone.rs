//! Components and people that are gone: what is told of them, what comes into their place, and what can be gone back to.

use checks::{Answer, Api, Call, Database, number};
use serde_json::{Value, json};

fn change(api: &Api, method: &str, path: &str, body: &Value) -> Answer {
    api.send(Call::new(method, path).key(&api.key).header("if-match", "*").json(body))
}

fn policy(api: &Api, name: &str, levels: &[&[&str]]) {
    let levels: Vec<Value> = levels.iter().map(|users| json!({"minutes": 5, "users": users})).collect();
    change(api, "POST", "/v1/escalation-policies", &json!({"name": name, "levels": levels})).ok();
}

#[test]
fn what_is_gone_is_called_in_past_incidents_as_it_was_called_last() {
    Api::reached_on_both(|api| {
        policy(api, "nights", &[&["ana"]]);
        let service = change(api, "POST", "/v1/services", &json!({"name": "old", "escalation_policy": "nights"})).ok();
        let shop = change(api, "POST", "/v1/business-services", &json!({"name": "old shop"})).ok();
        let created = api.ok("create", &json!({"title": "Down", "service_ref_id": service["ref_id"]}));
        let id = number(&created);
        let impact = json!({"instance_id": id, "business_service_ref_id": shop["ref_id"]});
        api.ok("add-impact", &impact);
        api.ok("resolve", &json!({"instance_id": id}));
        change(api, "PATCH", "/v1/services/old", &json!({"name": "older"})).ok();
        change(api, "DELETE", "/v1/services/older", &json!({})).ok();
        change(api, "DELETE", "/v1/business-services/old%20shop", &json!({})).ok();
        let told = api.details(id);
        assert_eq!(told["task"]["services"], json!(["older", service["ref_id"]]), "{told}");
        assert_eq!(told["impacted_business_services"][0]["name"], "old shop");
    });
}

#[test]
fn a_dry_run_of_a_removal_is_refused_as_the_removal_is() {
    let api = Api::new();
    policy(&api, "nights", &[&["ana"]]);
    let service = change(&api, "POST", "/v1/services", &json!({"name": "old", "escalation_policy": "nights"})).ok();
    api.ok("create", &json!({"title": "Down", "service_ref_id": service["ref_id"]}));
    let refused = |query: &str| {
        let answer = change(&api, "DELETE", &format!("/v1/services/old{query}"), &json!({}));
        answer.first_error(409, "still_named")
    };
    assert_eq!(refused("?dry_run=true"), refused(""));
}

#[test]
fn who_leaves_gaps_leaves_no_level_that_asks_nobody() {
    Api::reached_on_both(|api| {
        for name in ["lou", "kim"] {
            change(api, "POST", "/v1/users", &json!({"username": name})).ok();
        }
        policy(api, "three", &[&["lou"], &["kim"], &["lou", "kim"]]);
        change(api, "DELETE", "/v1/users/lou?leave_gaps=true", &json!({})).ok();
        let levels = api.get("/v1/escalation-policies/three")["levels"].clone();
        let asked: Vec<_> = levels.as_array().expect("levels").iter().map(|level| level["users"].clone()).collect();
        assert_eq!(asked, [json!(["kim"]), json!(["kim"])]);
        let told =
            change(api, "DELETE", "/v1/users/kim?leave_gaps=true", &json!({})).first_error(400, "invalid_fields");
        let expected =
            "leave_gaps: kim alone is asked by escalation policy `three`: say by transfer_to who is asked instead";
        assert_eq!(told, expected);
        change(api, "DELETE", "/v1/users/kim?transfer_to=ana", &json!({})).ok();
    });
}

#[test]
fn whoever_takes_a_place_beside_themselves_stands_there_once_and_nothing_takes_its_own() {
    Api::reached_on_both(|api| {
        change(api, "POST", "/v1/users", &json!({"username": "lou"})).ok();
        policy(api, "both", &[&["lou", "ana"]]);
        change(api, "DELETE", "/v1/users/lou?transfer_to=ana", &json!({})).ok();
        assert_eq!(api.get("/v1/escalation-policies/both")["levels"][0]["users"], json!(["ana"]));
        change(api, "POST", "/v1/services", &json!({"name": "old", "escalation_policy": "both"})).ok();
        change(api, "DELETE", "/v1/escalation-policies/both?replace_with=both", &json!({}))
            .refused(404, "unknown_component");
    });
}

#[test]
fn the_fallback_policy_is_not_removed_unless_another_is_named_instead() {
    Api::reached_on_both(|api| {
        policy(api, "last", &[&["ana"]]);
        policy(api, "other", &[&["ben"]]);
        change(api, "PATCH", "/v1/organization", &json!({"fallback_policy": "last"})).ok();
        change(api, "DELETE", "/v1/escalation-policies/last", &json!({})).refused(409, "still_named");
        change(api, "DELETE", "/v1/escalation-policies/last?replace_with=other", &json!({})).ok();
        assert_eq!(api.get("/v1/organization")["fallback_policy"], "other");
    });
}

#[test]
fn a_version_that_asked_nobody_who_is_still_here_says_so_and_how_to_have_it_all_the_same() {
    Api::reached_on_both(|api| {
        for name in ["lou", "kim"] {
            change(api, "POST", "/v1/users", &json!({"username": name})).ok();
        }
        policy(api, "both", &[&["lou"], &["kim"]]);
        let versions = api.get("/v1/directory/versions");
        let version = versions[0]["version"].as_i64().expect("a number");
        change(api, "DELETE", "/v1/users/lou?leave_gaps=true", &json!({})).ok();
        let restore = || change(api, "POST", "/v1/directory/restore", &json!({"version": version}));
        restore().ok();
        assert_eq!(api.get("/v1/escalation-policies/both")["levels"].as_array().map(Vec::len), Some(1));
        change(api, "DELETE", "/v1/users/kim?transfer_to=ana", &json!({})).ok();
        let told = restore().first_error(400, "invalid_fields");
        assert!(told.starts_with("version: escalation policy `both` asked nobody then who is still here"), "{told}");
        assert!(told.contains("who left (kim, lou)") && told.contains("export that version"), "{told}");
    });
}

#[test]
fn a_file_does_not_leave_an_organization_without_an_owner() {
    let api = Api::on(Database::Sqlite);
    api.new_owner("olga");
    let owned = "[organization]\nname = \"other\"\n[[user]]\nusername = \"ana\"\nrole = \"owner\"\n";
    api.apply(owned).expect("an owner");
    for without in [
        "[organization]\nname = \"other\"\n[[user]]\nusername = \"ben\"\n",
        "[organization]\nname = \"other\"\n[[user]]\nusername = \"ana\"\nrole = \"observer\"\n",
        "[organization]\nname = \"other\"\n[[user]]\nusername = \"ana\"\nrole = \"owner\"\nlocked = true\n",
    ] {
        let reasons =
            api.apply(without).expect_err("nobody would be an owner").reasons().expect("no failure of the store");
        assert_eq!(reasons, ["user `ana`: is the last owner who can sign in; make somebody else an owner first"]);
    }
    api.apply("[organization]\nname = \"other\"\n[[user]]\nusername = \"ben\"\nrole = \"owner\"\n").expect("another");
    api.apply("[organization]\nname = \"third\"\n[[user]]\nusername = \"ben\"\n").expect("one that never had any");
}

#[test]
fn what_was_given_another_name_beside_a_file_is_not_made_anew_by_it() {
    Api::reached_on_both(|api| {
        change(api, "PATCH", "/v1/organization", &json!({"file_lock": "drift"})).ok();
        let service = api.get("/v1/services/checkout")["ref_id"].clone();
        change(api, "PATCH", "/v1/services/checkout", &json!({"name": "till"})).ok();
        let file = directory::file::read_text("demo.toml", include_str!("../../../../../examples/demo.toml"));
        let file = file.expect("a directory without mistakes");
        let apply = |drift| {
            let wanted = directory::Wanted { drift, ..directory::Wanted::of(&file) };
            directory::apply_file(api.test.store(), &api.ids, domain::Instant(0), &wanted)
        };
        let told = apply(directory::Drift::Stop).expect_err("it drifted").reasons().expect("no failure of the store");
        assert!(
            told[0].starts_with("service `checkout`: name was changed to `till`, last changed by batch"),
            "{told:?}"
        );
        apply(directory::Drift::Overwrite).expect("it is called as the file says");
        assert_eq!(api.get("/v1/services/checkout")["ref_id"], service, "it is the same one");
    });
}

#[test]
fn what_is_gone_back_to_is_what_was_there_with_its_ids_and_keys() {
    Api::reached_on_both(|api| {
        policy(api, "nights", &[&["ana"]]);
        change(api, "POST", "/v1/services", &json!({"name": "old", "escalation_policy": "nights"})).ok();
        change(api, "POST", "/v1/integrations", &json!({"name": "probe", "kind": "generic", "service": "old"})).ok();
        let read = |path: &str| {
            let found = api.get(path);
            json!([found["ref_id"], found["url"]])
        };
        let paths = ["/v1/escalation-policies/nights", "/v1/services/old", "/v1/integrations/probe"];
        let before = paths.map(read);
        assert!(before[2][1].is_string(), "{before:?}");
        let version = api.get("/v1/directory/versions")[0]["version"].clone();
        for path in paths.iter().rev() {
            change(api, "DELETE", path, &json!({})).ok();
        }
        change(api, "POST", "/v1/directory/restore", &json!({"version": version})).ok();
        assert_eq!(paths.map(read), before);
        api.deliver("probe", &json!({"title": "It is down"})).ok();
    });
}
