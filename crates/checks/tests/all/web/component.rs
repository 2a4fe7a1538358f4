//! Components of the directory through the API: made, read, changed, removed, by one caller and by several (administration
//! §1, §3).

use super::plain;
use checks::{Answer, Api, Call, Database};
use domain::permission::Scope;
use serde_json::{Value, json};

const POLICY: &str = r#"{"name": "night shift", "levels": [{"minutes": 5, "users": ["ana"]}]}"#;

fn on_both(body: impl Fn(&Api)) {
    for database in [Database::Sqlite, Database::Postgresql] {
        body(&Api::on(database));
    }
}

fn write(api: &Api, method: &str, path: &str, only_if: &str, body: &Value) -> Answer {
    api.send(Call::new(method, path).key(&api.key).header("if-match", only_if).json(body))
}

fn made(api: &Api, plural: &str, body: &Value) -> Value {
    api.send(Call::post(&format!("/v1/{plural}")).key(&api.key).json(body)).ok()
}

fn policy() -> Value {
    serde_json::from_str(POLICY).expect("JSON")
}

/// A service with the policy that it needs.
fn service(api: &Api) -> Value {
    made(api, "escalation-policies", &policy());
    made(api, "services", &json!({"name": "search", "escalation_policy": "night shift"}))
}

#[test]
fn what_is_made_counts_from_the_next_command_on_and_is_read_as_it_was_answered() {
    on_both(|api| {
        let service = service(api);
        assert_eq!((&service["managed_by"], &service["version"]), (&json!("api"), &json!(1)));
        assert_eq!(service["updated_by"], service["updated_by"].as_str().map_or(json!("?"), |name| json!(name)));
        let read = api.get("/v1/services/search");
        for key in ["name", "escalation_policy", "ref_id", "version", "managed_by", "created_at", "updated_at"] {
            assert_eq!(read[key], service[key], "{key}");
        }
        let by_id = api.get(&format!("/v1/services/{}", plain(&service["ref_id"])));
        assert_eq!(by_id, read);
        let created = api.ok("create", &json!({"title": "It is slow", "service_ref_id": service["ref_id"]}));
        let details = api.details(created["instance_id"].as_i64().expect("a number"));
        assert_eq!(details["assignees"][0][1], "ana");
    });
}

#[test]
fn of_two_who_change_the_same_version_one_is_told_what_the_other_did() {
    on_both(|api| {
        service(api);
        let read = api.send(Call::get("/v1/services/search").key(&api.key));
        let tag = read.header("etag").to_owned();
        assert_eq!(tag, "\"1\"");
        let same = api.send(Call::get("/v1/services/search").key(&api.key).header("if-none-match", &tag));
        assert_eq!((same.status, same.text()), (304, ""));
        let first = write(api, "PATCH", "/v1/services/search", &tag, &json!({"description": "what finds"}));
        assert_eq!((first.ok()["version"].clone(), first.header("etag")), (json!(2), "\"2\""));
        let second = write(api, "PATCH", "/v1/services/search", &tag, &json!({"description": "what seeks"}));
        let refused = second.refused(412, "changed_meanwhile");
        assert_eq!(refused["current"]["description"], "what finds");
        assert_eq!(refused["fields"], json!(["description"]));
        assert_eq!(refused["changed_by"], api.get("/v1/services/search")["updated_by"]);
        let unsaid = api.send(Call::new("PATCH", "/v1/services/search").key(&api.key).json(&json!({})));
        unsaid.refused(428, "if_match_missing");
        for wrong in ["3", "\"x\"", "", "\"1\", \"2\""] {
            let answer = write(api, "PATCH", "/v1/services/search", wrong, &json!({}));
            assert!(answer.first_error(400, "invalid_fields").starts_with("if-match: "), "{wrong}");
        }
        assert_eq!(api.get("/v1/services/search")["description"], "what finds");
    });
}

#[test]
fn all_mistakes_are_told_at_once_each_by_its_path_and_nothing_is_changed() {
    let api = Api::new();
    let before = api.get("/v1/directory/versions");
    let body = json!({"name": "wrong", "levls": [], "when_exhausted": "never",
        "levels": [{"minutes": -1, "users": ["ana", 3]}, {"minutes": 5, "people": []}, "x"]});
    let answer = api.send(Call::post("/v1/escalation-policies").key(&api.key).json(&body));
    let told: Vec<_> =
        answer.refused(400, "invalid_fields")["errors"].as_array().expect("errors").iter().map(plain).collect();
    let expect = [
        "levls: is not known; did you mean `levels`?",
        "when_exhausted: must be one of repeat_last, restart",
        "levels[0].minutes: must be a whole number from 0 to 4294967295",
        "levels[0].users[1]: must be a string",
        "levels[1].people: is not known",
        "levels[2]: must be a table",
    ];
    assert_eq!(told, expect);
    let body = json!({"name": "wrong", "levels": [{"minutes": 0, "users": ["nobody"]}, {"minutes": 5}]});
    let answer = api.send(Call::post("/v1/escalation-policies").key(&api.key).json(&body));
    let told: Vec<_> =
        answer.refused(400, "invalid_fields")["errors"].as_array().expect("errors").iter().map(plain).collect();
    let expect = [
        "levels[0].minutes: level 1: minutes must be from 1 to 10080",
        "levels[0].users: level 1: no user is named `nobody`",
        "levels[1].users: level 2 has no targets, so it would never notify anybody",
    ];
    assert_eq!(told, expect);
    assert_eq!(api.get("/v1/directory/versions"), before);
    api.send(Call::get("/v1/escalation-policies/wrong").key(&api.key)).refused(404, "unknown_component");
}

#[test]
fn another_name_keeps_the_id_and_is_followed_by_whatever_refers_to_it() {
    on_both(|api| {
        service(api);
        made(
            api,
            "routing-rules",
            &json!({"name": "of search", "conditions": [{"field": "service", "equals": "search"}],
            "actions": {"set_service": "search"}}),
        );
        let old = api.get("/v1/services/search");
        let renamed = write(api, "PATCH", "/v1/services/search", "*", &json!({"name": "finder"})).ok();
        assert_eq!(
            (&renamed["ref_id"], &renamed["name"], &renamed["version"]),
            (&old["ref_id"], &json!("finder"), &json!(2))
        );
        let rule = api.get("/v1/routing-rules/of%20search");
        assert_eq!(rule["actions"]["set_service"], "finder");
        assert_eq!(rule["conditions"][0]["equals"], "finder");
        write(api, "PATCH", "/v1/escalation-policies/night%20shift", "*", &json!({"name": "late shift"})).ok();
        assert_eq!(api.get("/v1/services/finder")["escalation_policy"], "late shift");
        api.send(Call::get("/v1/services/search").key(&api.key)).refused(404, "unknown_component");
        let taken = write(api, "PATCH", "/v1/services/finder", "*", &json!({"name": "checkout"}));
        assert_eq!(taken.first_error(409, "name_taken"), "name: another service is named `checkout`");
        made(api, "users", &json!({"username": "lou"}));
        let person = write(api, "PATCH", "/v1/users/lou", "*", &json!({"username": "lu"}));
        assert!(person.first_error(400, "invalid_fields").starts_with("username: cannot be changed"));
        let same = api.send(Call::post("/v1/users").key(&api.key).json(&json!({"username": "LOU"})));
        same.refused(409, "name_taken");
    });
}

#[test]
fn a_routine_with_another_name_keeps_its_swaps_and_tells_nobody_that_they_go_on_call() {
    on_both(|api| {
        made(
            api,
            "routines",
            &json!({"name": "days", "timezone": "UTC", "routine_layers": [
            {"valid_start": "2020-01-01", "rotations": [["ana"]]}]}),
        );
        let swap = json!({"out": "ana", "in": "ben", "from": "2027-06-08", "until": "2027-06-09"});
        api.send(Call::post("/v1/routines/days/swaps").key(&api.key).json(&swap)).ok();
        write(api, "PATCH", "/v1/routines/days", "*", &json!({"name": "daylight"})).ok();
        let swaps = api.get("/v1/routines/daylight/swaps");
        assert_eq!(swaps[0]["in"], "ben");
    });
}

#[test]
fn what_is_named_cannot_be_removed_unless_something_else_is_named_instead() {
    on_both(|api| {
        service(api);
        let held = write(api, "DELETE", "/v1/escalation-policies/night%20shift", "*", &json!({}));
        let expect = "service `search`: escalation_policy: names the escalation policy `night shift`";
        assert_eq!(held.first_error(409, "still_named"), expect);
        let named = api.get("/v1/escalation-policies/night%20shift")["named_by"].clone();
        assert_eq!(named, json!([{"kind": "service", "name": "search", "field": "escalation_policy"}]));
        let path = "/v1/escalation-policies/night%20shift?replace_with=management";
        assert_eq!(write(api, "DELETE", path, "*", &json!({})).text(), "\"Success\"");
        assert_eq!(api.get("/v1/services/search")["escalation_policy"], "management");
        let created =
            api.ok("create", &json!({"title": "It is slow", "service_ref_id": api.ref_id("services", "search")}));
        let open = write(api, "DELETE", "/v1/services/search", "*", &json!({}));
        let expect = "service `search` cannot be removed: incident";
        assert!(open.first_error(409, "still_named").starts_with(expect), "{}", open.text());
        api.ok("resolve", &json!({"instance_id": created["instance_id"]}));
        write(api, "DELETE", "/v1/services/search", "*", &json!({})).ok();
        api.send(Call::get("/v1/services/search").key(&api.key)).refused(404, "unknown_component");
    });
}

#[test]
fn what_a_file_manages_is_changed_there_but_for_what_is_a_persons_own() {
    on_both(|api| {
        let refused = write(api, "PATCH", "/v1/services/checkout", "*", &json!({"description": "other"}));
        let told = refused.first_error(409, "managed_by_file");
        assert!(
            told.starts_with("service checkout is managed by ") && told.ends_with("reveille release checkout"),
            "{told}"
        );
        write(api, "DELETE", "/v1/services/checkout", "*", &json!({})).refused(409, "managed_by_file");
        write(api, "PATCH", "/v1/users/ben", "*", &json!({"role": "admin"})).refused(409, "managed_by_file");
        let patched = write(api, "PATCH", "/v1/users/ben", "*", &json!({"sms": "+4915199999999"})).ok();
        assert_eq!((&patched["sms"], &patched["managed_by"]), (&json!("+4915199999999"), &json!("file")));
        // Nobody who must be kept out waits for a file.
        write(api, "PATCH", "/v1/users/ben", "*", &json!({"locked": true})).ok();
        // The file is applied again and says otherwise.
        api.extend("");
        assert_eq!(api.get("/v1/users/ben")["sms"], "+4915199999999");
        assert_eq!(api.get("/v1/users/ben")["locked"], true);
        let by_hand = api.get("/v1/users/ben/data")["profile"]["changed_by_hand"].clone();
        let told: Vec<_> =
            by_hand.as_array().expect("a list").iter().map(|one| json!([one["field"], one["by"]])).collect();
        assert_eq!(told, [json!(["sms", "batch"]), json!(["locked", "batch"])]);
        write(api, "PATCH", "/v1/users/ben", "*", &json!({"locked": false})).ok();
        let read = api.get("/v1/services/checkout");
        assert_eq!(
            write(api, "PUT", "/v1/services/checkout", "*", &read).ok()["version"],
            read["version"],
            "nothing differs"
        );
    });
}

#[test]
fn a_dry_run_tells_what_would_be_and_stores_nothing() {
    let api = Api::new();
    let before = api.get("/v1/directory/versions");
    let asked = Call::post("/v1/escalation-policies?dry_run=true").key(&api.key).json(&policy());
    let told = api.send(asked).ok();
    assert_eq!(told["plan"], "+ escalation_policy `night shift`\n1 to create, 0 to update, 0 to remove");
    assert_eq!(api.get("/v1/directory/versions"), before);
    api.send(Call::get("/v1/escalation-policies/night%20shift").key(&api.key)).refused(404, "unknown_component");
}

#[test]
fn a_change_tells_the_gaps_and_warnings_that_it_brings_and_can_be_refused_for_them() {
    let api = Api::new();
    let weekdays = json!({"name": "office", "timezone": "UTC", "routine_layers": [
        {"valid_start": "2020-01-01", "rotation_start": "09:00", "shift_length": "08:00", "rotations": [["ana"]]}]});
    made(&api, "routines", &weekdays);
    let policy = json!({"name": "office hours", "levels": [{"minutes": 5, "routines": ["office"]}]});
    let made = made(&api, "escalation-policies", &policy);
    let gaps = &made["gaps"][0];
    assert_eq!((&gaps["escalation_policy"], &gaps["before"]), (&json!("office hours"), &Value::Null));
    assert!(gaps["after"].as_array().is_some_and(|gaps| gaps.len() >= 28), "{gaps}");
    let whole = json!({"routine_layers": [{"valid_start": "2020-01-01", "rotations": [["ana"]]}]});
    let filled = write(&api, "PATCH", "/v1/routines/office", "*", &whole).ok();
    assert_eq!(filled["gaps"][0]["after"], json!([]));
    assert!(filled["gaps"][0]["before"].as_array().is_some_and(|gaps| gaps.len() >= 28));
    let never = json!({"routine_layers": [{"valid_start": "2020-01-01", "rotations": [[]]}]});
    let refused = write(&api, "PATCH", "/v1/routines/office?fail_on=warning", "*", &never);
    assert!(refused.first_error(409, "lint_failed").contains("office"), "{}", refused.text());
    assert_eq!(api.get("/v1/routines/office")["version"], 2);
    let warned = write(&api, "PATCH", "/v1/routines/office", "*", &never).ok();
    assert_ne!(warned["warnings"], json!([]));
    let hours = |query: &str, length: &str| {
        let layer = json!({"valid_start": "2020-01-01", "rotation_start": "09:00", "shift_length": length, "rotations": [["ana"]]});
        write(&api, "PATCH", &format!("/v1/routines/office{query}"), "*", &json!({"routine_layers": [layer]}))
    };
    hours("", "08:00").ok();
    let mended = hours("?fail_on=warning", "12:00").ok();
    assert!(mended["gaps"][0]["after"].as_array().is_some_and(|gaps| !gaps.is_empty()), "{mended}");
    hours("?fail_on=warning", "08:00").refused(409, "lint_failed");
}

#[test]
fn what_was_answered_can_be_sent_back_and_changes_nothing() {
    on_both(|api| {
        let plurals = [
            "users",
            "teams",
            "routines",
            "escalation-policies",
            "services",
            "business-services",
            "response-sets",
            "workflows",
            "routing-rules",
            "integrations",
            "heartbeats",
            "maintenance-windows",
        ];
        made(api, "heartbeats", &json!({"name": "backup", "users": ["ana"], "every_seconds": 3600}));
        made(
            api,
            "users",
            &json!({"username": "lou", "webhook": {"url": "https://example.org/x", "secrets": ["whsec_c2VjcmV0c2VjcmV0"]}}),
        );
        service(api);
        let mut sent_back = 0;
        for plural in plurals {
            for one in api.get(&format!("/v1/{plural}")).as_array().expect("a list") {
                if one["managed_by"] == "file" {
                    continue;
                }
                let path = format!("/v1/{plural}/{}", plain(&one["ref_id"]));
                let version = format!("\"{}\"", one["version"]);
                let back = write(api, "PUT", &path, &version, &api.get(&path)).ok();
                assert_eq!(back["version"], one["version"], "{path}");
                sent_back += 1;
            }
        }
        assert!(sent_back >= 4, "{sent_back}");
        let versions = api.get("/v1/directory/versions");
        assert_eq!(versions.as_array().map(Vec::len), Some(5), "{versions}");
    });
}

#[test]
fn secrets_are_never_told_and_kept_where_what_stands_for_them_is_sent_back() {
    let api = Api::new();
    let webhook = json!({"url": "https://example.org/x", "secrets": ["whsec_c2VjcmV0c2VjcmV0"]});
    let told = made(&api, "users", &json!({"username": "lou", "webhook": webhook, "email": "lou@example.org"}));
    assert_eq!(told["webhook"]["secrets"], json!(["(hidden)"]));
    let other = json!({"webhook": {"url": "https://example.org/y", "secrets": ["(hidden)"]}});
    write(&api, "PATCH", "/v1/users/lou", "*", &other).ok();
    let definition = directory::export(api.test.store(), "demo", &directory::Part::default())
        .expect("it is read")
        .expect("it is there");
    let lou = definition.users.iter().find(|user| user.username.as_str() == "lou").expect("she is there");
    let webhook = lou.webhook.as_ref().expect("she has one");
    assert_eq!(
        (webhook.url.as_str(), webhook.secrets.as_slice()),
        ("https://example.org/y", &["whsec_c2VjcmV0c2VjcmV0".to_owned()][..])
    );
    let nothing = json!({"username": "lu", "webhook": {"url": "https://example.org/x", "secrets": ["(hidden)"]}});
    let refused = api.send(Call::post("/v1/users").key(&api.key).json(&nothing));
    let expect = "webhook.secrets: (hidden) stands for a secret that is kept, and none is";
    assert_eq!(refused.first_error(400, "invalid_fields"), expect);
    // Who may not change it sees of an address what one recognizes one's own by.
    let reader = api.new_key("demo", "reader", Scope::Read);
    let masked = api.send(Call::get("/v1/users/lou").key(&reader)).ok();
    assert_eq!((&masked["email"], &masked["webhook"]["url"]), (&json!("l…@example.org"), &json!("(hidden)")));
}

#[test]
fn a_request_that_comes_twice_with_its_key_is_answered_twice_and_done_once() {
    on_both(|api| {
        made(api, "escalation-policies", &policy());
        let put = |body: &Value| {
            let call =
                Call::new("PUT", "/v1/escalation-policies/night%20shift").key(&api.key).header("if-match", "\"1\"");
            api.send(call.header("idempotency-key", "once").json(body))
        };
        let body = json!({"name": "night shift", "levels": [{"minutes": 9, "users": ["ben"]}]});
        let first = put(&body).ok();
        assert_eq!(put(&body).ok(), first);
        put(&policy()).refused(409, "idempotency_key_reused");
        assert_eq!(api.get("/v1/escalation-policies/night%20shift")["version"], 2);
        let remove = || {
            let call = Call::new("DELETE", "/v1/escalation-policies/night%20shift").key(&api.key);
            api.send(call.header("if-match", "*").header("idempotency-key", "gone"))
        };
        assert_eq!(
            (remove().text().to_owned(), remove().text().to_owned()),
            ("\"Success\"".to_owned(), "\"Success\"".to_owned())
        );
    });
}

#[test]
fn a_put_makes_what_is_not_there_only_when_it_says_so() {
    let api = Api::new();
    let path = "/v1/escalation-policies/night%20shift";
    let body = json!({"levels": [{"minutes": 5, "users": ["ana"]}]});
    write(&api, "PUT", path, "*", &body).refused(404, "unknown_component");
    let make = || api.send(Call::new("PUT", path).key(&api.key).header("if-none-match", "*").json(&body));
    assert_eq!(make().ok()["name"], "night shift");
    assert_eq!(make().first_error(412, "changed_meanwhile"), "if-none-match: there is one of this name");
    let other = json!({"name": "other", "levels": [{"minutes": 5, "users": ["ana"]}]});
    let other =
        Call::new("PUT", "/v1/escalation-policies/day%20shift").key(&api.key).header("if-none-match", "*").json(&other);
    let told = api.send(other).first_error(400, "invalid_fields");
    assert_eq!(told, "name: must be `day shift`, as the path says, or left out");
    let twice = json!({"name": "night shift", "policy_name": "nights"});
    let told = write(&api, "PATCH", path, "*", &twice).first_error(400, "invalid_fields");
    assert_eq!(told, "policy_name: is the same as name, which says otherwise");
}

#[test]
fn a_list_goes_on_after_its_last_name_whatever_is_made_before_it() {
    let api = Api::new();
    for name in ["b", "d", "f", "h"] {
        made(&api, "teams", &json!({"name": name, "members": ["ana"]}));
    }
    let first = api.send(Call::get("/v1/teams?limit=2&managed_by=api").key(&api.key));
    assert_eq!(super::column(&first.ok(), "name"), [json!("b"), json!("d")]);
    let link = first.header("link").to_owned();
    assert_eq!(link, "</v1/teams?limit=2&after=d&managed_by=api>; rel=\"next\"");
    made(&api, "teams", &json!({"name": "a"}));
    let next = link.trim_start_matches('<').split('>').next().expect("a path").to_owned();
    assert_eq!(super::column(&api.get(&next), "name"), [json!("f"), json!("h")]);
    assert_eq!(super::column(&api.get("/v1/users?q=an%20al"), "username"), [json!("ana")]);
}

#[test]
fn what_another_organization_has_is_unknown() {
    let api = Api::new();
    service(&api);
    let stranger = api.new_key("other", "admin", Scope::Admin);
    for method in ["GET", "PUT", "PATCH", "DELETE"] {
        let call = Call::new(method, "/v1/services/search").key(&stranger).header("if-match", "*");
        let body = json!({"name": "search", "escalation_policy": "night shift"});
        let call = if method == "GET" || method == "DELETE" { call } else { call.json(&body) };
        api.send(call).refused(404, "unknown_component");
    }
    assert_eq!(api.get("/v1/services/search")["version"], 1);
}
