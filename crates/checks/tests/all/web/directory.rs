//! The directory as a whole through the API: many changes at once, order of rules, settings, versions, drift.

use super::column;
use checks::{Answer, Api, Call, Database};
use serde_json::{Value, json};

fn on_both(body: impl Fn(&Api)) {
    for database in [Database::Sqlite, Database::Postgresql] {
        body(&Api::on(database));
    }
}

fn send(api: &Api, method: &str, path: &str, body: &Value) -> Answer {
    api.send(Call::new(method, path).key(&api.key).header("if-match", "*").json(body))
}

/// A policy and a service that names it, in the order in which they cannot be made one by one.
fn both() -> Value {
    json!({"changes": [
        {"do": "create", "kind": "service", "body": {"name": "search", "escalation_policy": "night shift"}},
        {"do": "create", "kind": "escalation_policy",
            "body": {"name": "night shift", "levels": [{"minutes": 5, "users": ["ana"]}]}},
    ]})
}

#[test]
fn many_changes_are_made_together_whatever_their_order_or_none_is() {
    on_both(|api| {
        let changed = send(api, "POST", "/v1/directory/changes", &both()).ok();
        assert_eq!(column(&changed["components"], "etag"), [json!("\"1\""), json!("\"1\"")]);
        assert_eq!(api.get("/v1/services/search")["escalation_policy"], "night shift");
        let versions = api.get("/v1/directory/versions");
        assert_eq!(column(&versions, "version"), [json!(2), json!(1)]);
        let mixed = json!({"changes": [
            {"do": "patch", "kind": "service", "ref": "search", "if_match": "*", "body": {"description": "x"}},
            {"do": "create", "kind": "escalation_policy", "body": {"name": "p", "levels": [{"minutes": 0, "users": ["x"]}]}},
            {"do": "create", "kind": "team", "body": {"nam": "t"}},
        ]});
        let refused = send(api, "POST", "/v1/directory/changes", &mixed).refused(400, "invalid_fields");
        let expect =
            json!(["changes[2].body.nam: is not known; did you mean `name`?", "changes[2].body.name: is required"]);
        assert_eq!(refused["errors"], expect);
        let mut mixed = mixed;
        mixed["changes"].as_array_mut().expect("a list").pop();
        let refused = send(api, "POST", "/v1/directory/changes", &mixed).refused(400, "invalid_fields");
        let expect = json!([
            "changes[1].body.levels[0].minutes: level 1: minutes must be from 1 to 10080",
            "changes[1].body.levels[0].users: level 1: no user is named `x`",
        ]);
        assert_eq!(refused["errors"], expect);
        assert_eq!(api.get("/v1/services/search")["version"], 1);
        let team = json!({"do": "create", "kind": "team", "body": {"name": "t"}});
        for (change, expect) in [
            (
                json!({"do": "patch", "kind": "service", "ref": "x", "if_match": "*", "body": {}}),
                "changes[1].ref: there is no service `x`",
            ),
            (
                json!({"do": "delete", "kind": "service", "ref": "search", "if_match": "*", "replace_with": "x"}),
                "changes[1].replace_with: there is no service `x`",
            ),
        ] {
            let refused = send(api, "POST", "/v1/directory/changes", &json!({"changes": [team, change]}));
            assert_eq!(refused.first_error(404, "unknown_component"), expect);
        }
        let gone = json!({"changes": [
            {"do": "delete", "kind": "escalation_policy", "ref": "night shift", "if_match": "\"1\""},
            {"do": "delete", "kind": "service", "ref": "search", "if_match": "\"1\""},
        ]});
        let changed = send(api, "POST", "/v1/directory/changes", &gone).ok();
        assert_eq!(changed["components"], json!([null, null]));
        let unsaid = json!({"changes": [{"do": "patch", "kind": "team", "ref": "platform", "body": {}}]});
        let refused = send(api, "POST", "/v1/directory/changes", &unsaid);
        assert!(refused.first_error(400, "invalid_fields").starts_with("changes[0].if_match: is required"));
    });
}

#[test]
fn rules_are_tried_in_the_order_that_they_are_put_in() {
    on_both(|api| {
        for (name, urgency) in [("first", 1), ("second", 2)] {
            let rule = json!({"name": name, "conditions": [{"field": "title", "contains": "it"}],
                "actions": {"set_urgency": urgency}});
            send(api, "POST", "/v1/routing-rules", &rule).ok();
        }
        let urgency = |title: &str| {
            let service = api.ref_id("services", "reports");
            let made = api.ok("create", &json!({"title": title, "service_ref_id": service}));
            api.details(made["instance_id"].as_i64().expect("a number"))["task"]["urgency_level"].clone()
        };
        assert_eq!(urgency("it is"), 1);
        let mut names = rules_in_order(api);
        names.retain(|name| name != "second");
        names.insert(0, json!("second"));
        let missing = json!({"names": &names[1..]});
        let refused = send(api, "PUT", "/v1/routing-rules/order", &missing);
        assert_eq!(refused.first_error(400, "invalid_fields"), "names: `second` is missing; name all of them");
        send(api, "PUT", "/v1/routing-rules/order", &json!({"names": names})).ok();
        assert_eq!(urgency("it was"), 2);
        assert_eq!(api.get("/v1/routing-rules/second")["position"], 1);
        // Of its own rules the file says the order.
        names.reverse();
        send(api, "PUT", "/v1/routing-rules/order", &json!({"names": names})).refused(409, "managed_by_file");
    });
}

#[test]
fn settings_are_patched_and_unknown_ones_refused() {
    on_both(|api| {
        let was = api.get("/v1/organization");
        assert_eq!((&was["name"], &was["file_lock"]), (&json!("demo"), &json!("strict")));
        let refused =
            send(api, "PATCH", "/v1/organization", &json!({"file_lok": "drift", "fallback_policy": "nobody"}));
        let expect = json!(["file_lok: is not known", "fallback_policy: no escalation policy is named `nobody`"]);
        assert_eq!(refused.refused(400, "invalid_fields")["errors"], expect);
        send(api, "PATCH", "/v1/organization", &json!({"fallback_policy": "management"})).ok();
        assert_eq!(api.get("/v1/organization")["fallback_policy"], "management");
        let back = api.get("/v1/organization");
        assert_eq!(send(api, "PATCH", "/v1/organization", &back).ok()["plan"], "nothing to change");
    });
}

#[test]
fn settings_and_the_order_of_rules_are_changed_by_who_says_which_version_they_saw() {
    on_both(|api| {
        let zone = json!({"timezone": "Europe/Berlin"});
        let patch = |tag: &str| {
            api.send(Call::new("PATCH", "/v1/organization").key(&api.key).header("if-match", tag).json(&zone))
        };
        let unsaid = |method: &str, path: &str, body: &Value| {
            api.send(Call::new(method, path).key(&api.key).json(body)).refused(428, "if_match_missing");
        };
        unsaid("PATCH", "/v1/organization", &zone);
        unsaid("PUT", "/v1/routing-rules/order", &json!({"names": rules_in_order(api)}));
        let seen = || api.send(Call::get("/v1/organization").key(&api.key)).header("etag").to_owned();
        let before = seen();
        let made = patch(&before);
        let told = made.ok();
        assert_eq!((&told["timezone"], &told["name"]), (&json!("Europe/Berlin"), &json!("demo")));
        assert!(told["plan"].is_string() && told["warnings"].is_array(), "{told}");
        assert_eq!(made.header("etag"), seen());
        assert_ne!(made.header("etag"), before);
        patch(&before).refused(412, "changed_meanwhile");
        // What is so already makes no version.
        assert_eq!(patch(made.header("etag")).header("etag"), made.header("etag"));
        let order = Call::new("PUT", "/v1/routing-rules/order").key(&api.key).header("if-match", made.header("etag"));
        let ordered = api.send(order.json(&json!({"names": rules_in_order(api)})));
        ordered.ok();
        assert_eq!(ordered.header("etag"), api.send(Call::get("/v1/routing-rules").key(&api.key)).header("etag"));
    });
}

#[test]
fn who_saw_an_older_order_or_older_settings_changes_neither() {
    on_both(|api| {
        for name in ["first", "second"] {
            let rule = json!({"name": name, "conditions": [{"field": "title", "contains": "it"}],
                "actions": {"set_urgency": 1}});
            send(api, "POST", "/v1/routing-rules", &rule).ok();
        }
        let seen = |path: &str| {
            let answer = api.send(Call::get(path).key(&api.key));
            answer.header("etag").to_owned()
        };
        let (rules, settings) = (seen("/v1/routing-rules"), seen("/v1/organization"));
        let names = rules_in_order(api);
        let with = |tag: &str, method: &str, path: &str, body: &Value| {
            api.send(Call::new(method, path).key(&api.key).header("if-match", tag).json(body))
        };
        let order = json!({"names": names});
        with(&rules, "PUT", "/v1/routing-rules/order", &order).ok();
        send(api, "PATCH", "/v1/routing-rules/second", &json!({"enabled": false})).ok();
        let refused = with(&rules, "PUT", "/v1/routing-rules/order", &order).refused(412, "changed_meanwhile");
        assert!(refused["current"]["version"].is_i64() && refused["changed_by"].is_string(), "{refused}");
        let zone = json!({"timezone": "Europe/Berlin"});
        with(&settings, "PATCH", "/v1/organization", &zone).refused(412, "changed_meanwhile");
        assert_eq!(api.get("/v1/organization")["timezone"], "UTC");
        with(&seen("/v1/organization"), "PATCH", "/v1/organization", &zone).ok();
        assert_eq!(api.get("/v1/organization")["timezone"], "Europe/Berlin");
        let wrong = with("7", "PATCH", "/v1/organization", &zone);
        assert!(wrong.first_error(400, "invalid_fields").starts_with("if-match: must be"), "not an ETag");
    });
}

#[test]
fn what_is_peoples_own_is_the_files_where_the_organization_says_so() {
    on_both(|api| {
        let rename = |name: &str| send(api, "PATCH", "/v1/users/ana", &json!({"display_name": name}));
        rename("Ana A.").ok();
        let store = api.test.store();
        let (ids, now) = (engine::ids::Ids::system(), api.administration.engine().now());
        let part = directory::Part { managed_by: Some(domain::directory::ManagedBy::File), team: None };
        let mut file = directory::export(store, "demo", &part).expect("it is read").expect("it is there");
        let ana = file.users.iter_mut().find(|user| user.username.as_str() == "ana").expect("she is there");
        ana.display_name = Some("Ana of the file".to_owned());
        let apply = || directory::apply_file(store, &ids, now, &directory::Wanted::of(&file)).expect("it is applied");
        assert_eq!(apply().kept[0].field, "display_name");
        assert_eq!(api.get("/v1/users/ana")["display_name"], "Ana A.");
        send(api, "PATCH", "/v1/organization", &json!({"personal": "file"})).ok();
        rename("Ana B.").refused(409, "managed_by_file");
        assert!(apply().kept.is_empty());
        assert_eq!(api.get("/v1/users/ana")["display_name"], "Ana of the file");
        // What may be changed beside the file is drift then, as of anything else.
        send(api, "PATCH", "/v1/organization", &json!({"file_lock": "drift"})).ok();
        rename("Ana B.").ok();
        assert_eq!(api.get("/v1/directory/drift")[0]["fields"], json!(["display_name"]));
        let stopped = directory::apply_file(store, &ids, now, &directory::Wanted::of(&file));
        assert!(matches!(stopped, Err(directory::ApplyError::Drifted(_))), "{stopped:?}");
        send(api, "PATCH", "/v1/organization", &json!({"personal": null})).ok();
        rename("Ana B.").ok();
    });
}

#[test]
fn what_is_changed_beside_a_file_is_told_and_not_taken_back_unseen() {
    on_both(|api| {
        send(api, "PATCH", "/v1/services/checkout", &json!({"description": "x"})).refused(409, "managed_by_file");
        send(api, "PATCH", "/v1/organization", &json!({"file_lock": "drift"})).ok();
        send(api, "PATCH", "/v1/services/checkout", &json!({"description": "x"})).ok();
        let counted = |count: u32| {
            api.pass_minutes(2);
            api.beat();
            let text = api.send(Call::get("/metrics")).text().to_owned();
            let told = text.lines().filter(|line| line.starts_with("reveille_directory_drift{"));
            let counts = told.filter_map(|line| line.rsplit(' ').next()?.parse::<u32>().ok());
            assert_eq!(counts.sum::<u32>(), count, "{text}");
        };
        counted(1);
        let drift = api.get("/v1/directory/drift");
        assert_eq!((&drift[0]["name"], &drift[0]["fields"]), (&json!("checkout"), &json!(["description"])));
        let store = api.test.store();
        let (ids, now) = (engine::ids::Ids::system(), api.administration.engine().now());
        let mut file =
            directory::export(store, "demo", &directory::Part::default()).expect("it is read").expect("it is there");
        let checkout = file.services.iter_mut().find(|service| service.name == "checkout").expect("it is there");
        checkout.description = None;
        let wanted = directory::Wanted::of(&file);
        let stopped = directory::apply_file(store, &ids, now, &wanted);
        assert!(
            matches!(stopped, Err(directory::ApplyError::Drifted(ref told)) if told[0].contains("description was changed by")),
            "{stopped:?}"
        );
        let kept = directory::Wanted { drift: directory::Drift::Keep, ..wanted.clone() };
        assert!(directory::apply_file(store, &ids, now, &kept).expect("it is applied").plan.is_empty());
        assert_eq!(api.get("/v1/services/checkout")["description"], "x");
        let over = directory::Wanted { drift: directory::Drift::Overwrite, ..wanted };
        directory::apply_file(store, &ids, now, &over).expect("it is applied");
        assert_eq!(api.get("/v1/services/checkout")["description"], Value::Null);
        assert_eq!(api.get("/v1/directory/drift"), json!([]));
        counted(0);
    });
}

#[test]
fn a_file_is_planned_as_it_would_be_applied_and_changes_nothing() {
    on_both(|api| {
        let plan = |body: &Value| send(api, "POST", "/v1/directory/plan", body);
        let store = api.test.store();
        let part = directory::Part { managed_by: Some(domain::directory::ManagedBy::File), team: None };
        let stands = directory::export(store, "demo", &part).expect("it is read").expect("it is there");
        let text = directory::file::write(&stands);
        let nothing = json!({"plan": "nothing to change", "changes": [], "kept": [], "refused": []});
        let mut told = plan(&json!({"file": text})).ok();
        told.as_object_mut().expect("an object").remove("warnings");
        assert_eq!(told, nothing);

        let mut other = stands.clone();
        other.services.iter_mut().find(|one| one.name == "checkout").expect("it is there").description = None;
        other.teams.push(domain::directory::Team { name: "network".to_owned(), ..other.teams[0].clone() });
        let text = directory::file::write(&other);
        let told = plan(&json!({"file": text, "name": "acme.toml"})).ok();
        assert!(told["plan"].as_str().is_some_and(|plan| plan.contains("+ team `network`")), "{told}");
        assert_eq!(told["changes"][0], json!({"do": "create", "kind": "team", "name": "network"}));
        let update = &told["changes"][1];
        assert_eq!((&update["do"], &update["name"]), (&json!("update"), &json!("checkout")), "{told}");
        assert_eq!(
            (&update["fields"][0]["field"], &update["fields"][0]["after"]),
            (&json!("description"), &json!("(not set)"))
        );
        assert!(told["warnings"][0].as_str().is_some_and(|told| told.starts_with("acme.toml:")), "{told}");
        assert_eq!(directory::export(store, "demo", &part).expect("it is read"), Some(stands.clone()));

        let refused = plan(&json!({"file": text.replace("network", ""), "name": "acme.toml"}));
        assert!(refused.first_error(400, "invalid_fields").starts_with("file: acme.toml:"), "with its line");
        // Who the file is about is whoever has its name, whatever it says was before.
        let named = |name: &str| {
            let said = format!("name = \"{name}\"\nrenamed_from = \"demo\"");
            json!({"file": text.replacen("name = \"demo\"", &said, 1), "adopt_all": true, "drift": "overwrite"})
        };
        plan(&named("other")).refused(400, "invalid_fields");
        plan(&named("demo two")).ok();
        let spy = api.new_key("other", "spy", domain::permission::Scope::Admin);
        let spied = api.send(Call::post("/v1/directory/plan").key(&spy).json(&named("demo two")));
        spied.refused(400, "invalid_fields");
        let misspelt = plan(&json!({"file": text, "adopt_al": true}));
        assert!(misspelt.first_error(400, "invalid_fields").starts_with("adopt_al: is not known"), "not dropped");
        let foreign = plan(&json!({"file": text.replacen("name = \"demo\"", "name = \"other\"", 1)}));
        assert_eq!(
            foreign.first_error(400, "invalid_fields"),
            "file: directory.toml: organization: name: must be \"demo\", which it is about"
        );

        send(api, "PATCH", "/v1/organization", &json!({"file_lock": "drift"})).ok();
        send(api, "PATCH", "/v1/services/checkout", &json!({"description": "x"})).ok();
        let told = plan(&json!({"file": text})).ok();
        assert_eq!((&told["plan"], &told["changes"]), (&json!(""), &json!([])));
        let why = told["refused"][0].as_str().expect("a sentence");
        assert!(why.starts_with("service `checkout`: description was changed by"), "{told}");
        assert_eq!(plan(&json!({"file": text, "drift": "overwrite"})).ok()["refused"], json!([]));
        let made = text.replace("[[team]]\nname = \"network\"", "[[team]]\nname = \"ours\"");
        send(api, "POST", "/v1/teams", &json!({"name": "ours"})).ok();
        let told = plan(&json!({"file": made, "drift": "keep"})).ok();
        assert!(
            told["refused"][0].as_str().is_some_and(|why| why.contains("team `ours` was made by the API")),
            "{told}"
        );
        let told = plan(&json!({"file": made, "drift": "keep", "adopt": ["ours"]})).ok();
        assert_eq!(told["refused"], json!([]), "{told}");
    });
}

#[test]
fn every_version_can_be_read_compared_and_gone_back_to() {
    on_both(|api| {
        send(api, "POST", "/v1/directory/changes", &both()).ok();
        let id = api.get("/v1/services/search")["ref_id"].clone();
        send(api, "PATCH", "/v1/services/search", &json!({"name": "finder", "description": "x"})).ok();
        send(api, "POST", "/v1/users", &json!({"username": "lou", "email": "lou@example.org"})).ok();
        let diff = api.get("/v1/directory/diff?from=2&until=4");
        assert!(diff["plan"].as_str().is_some_and(|plan| plan.contains("+ user `lou`")), "{diff}");
        let then = api.get("/v1/directory/versions/2");
        let file = then["file"].as_str().expect("a text");
        assert!(file.contains("name = \"search\"") && !file.contains("finder"), "{file}");
        assert!(!file.contains("whsec_"), "{file}");
        let dry = send(api, "POST", "/v1/directory/restore?dry_run=true", &json!({"version": 2})).ok();
        assert!(dry["plan"].as_str().is_some_and(|plan| plan.contains("- user `lou`")), "{dry}");
        assert_eq!(api.get("/v1/services/finder")["ref_id"], id);
        send(api, "POST", "/v1/directory/restore", &json!({"version": 2})).ok();
        let back = api.get("/v1/services/search");
        assert_eq!((&back["ref_id"], back.get("description")), (&id, None));
        api.send(Call::get("/v1/users/lou").key(&api.key)).refused(404, "unknown_component");
        let diff = api.get("/v1/directory/diff?from=2&until=5");
        assert_eq!(diff["plan"], "nothing to change");
        // A word that is not known here must not do in earnest what was to be tried.
        let tried = send(api, "POST", "/v1/directory/restore", &json!({"version": 2, "dry_run": true}));
        assert_eq!(tried.first_error(400, "invalid_fields"), "dry_run: is not known");
        let unknown = send(api, "POST", "/v1/directory/restore", &json!({"version": 99}));
        assert_eq!(unknown.first_error(404, "unknown_version"), "version: the directory has no version 99");
        let again = send(api, "POST", "/v1/directory/restore", &json!({"version": 5})).ok();
        assert_eq!(again["plan"], "nothing to change");
        assert_eq!(column(&api.get("/v1/directory/versions?limit=2"), "version"), [json!(5), json!(4)]);
    });
}

#[test]
fn each_change_is_in_the_audit_log_with_what_was_and_what_is() {
    on_both(|api| {
        send(api, "POST", "/v1/directory/changes", &both()).ok();
        send(api, "PATCH", "/v1/services/search", &json!({"name": "finder", "description": "x"})).ok();
        send(api, "POST", "/v1/users", &json!({"username": "lou", "email": "lou@example.org"})).ok();
        send(api, "PATCH", "/v1/organization", &json!({"fallback_policy": "management"})).ok();
        send(api, "DELETE", "/v1/users/lou", &json!({})).ok();
        let log = api.get("/v1/audit?limit=6");
        let told = column(&log, "action");
        let expect = [
            "user.remove",
            "organization.update",
            "user.create",
            "service.update",
            "escalation_policy.create",
            "service.create",
        ];
        assert_eq!(told, expect.map(|action| json!(action)));
        let renamed = &log[3];
        assert_eq!((&renamed["object"]["name"], &renamed["way"]), (&json!("finder"), &json!("api")));
        let name = renamed["changes"].as_array().expect("changes").iter().find(|change| change["field"] == "name");
        let name = name.expect("the name is another one");
        assert_eq!((&name["before"], &name["after"]), (&json!("search"), &json!("finder")));
        assert_eq!(renamed["actor"]["kind"], "key");
        // A dry run and a refusal are no change.
        send(api, "DELETE", "/v1/services/finder?dry_run=true", &json!({})).ok();
        send(api, "PATCH", "/v1/services/checkout", &json!({"description": "x"})).refused(409, "managed_by_file");
        assert_eq!(api.get("/v1/audit?limit=6"), log);
    });
}

/// The names of all routing rules, in the order in which they are tried.
pub(super) fn rules_in_order(api: &Api) -> Vec<Value> {
    let listed = api.get("/v1/routing-rules?limit=1000");
    let mut rules = listed.as_array().expect("a list").clone();
    rules.sort_by_key(|rule| rule["position"].as_i64());
    rules.into_iter().map(|mut rule| rule["name"].take()).collect()
}
