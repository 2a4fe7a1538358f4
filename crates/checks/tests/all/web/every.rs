//! What holds for every operation of the table: its paths, its methods, its successes, its scope, its end.

use super::{Scene, call, call_at_home, commands, of_keys, request};
use checks::{Answer, Api, Call, Database};
use domain::permission::Scope;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use web::operation::{Answer as Promised, Does, Method, Operation, example_value, operations, routes};

/// A key that may do this.
fn key_for(api: &Api, operation: &Operation) -> String {
    match operation.scope {
        Scope::Read | Scope::Incidents => api.key.clone(),
        Scope::Admin => api.new_key("demo", "batch", Scope::Admin),
    }
}

/// Every operation once, each in a scene of its own, at its path of this number.
fn transcript(form: usize) -> Vec<(&'static str, u16, String)> {
    let api = Api::new();
    let play = |operation: &'static web::operation::Operation| {
        let body = request(&api, operation, &Scene::set(&api));
        let paths = operation.paths();
        let answer = api.send(call(operation, &paths[form % paths.len()], &body).key(&key_for(&api, operation)));
        (operation.name, answer.status, answer.text().to_owned())
    };
    of_keys().map(play).collect()
}

#[test]
fn every_form_of_a_path_answers_byte_for_byte_the_same() {
    let first = transcript(0);
    for form in 1..4 {
        assert_eq!(transcript(form), first, "form {form}");
    }
}

/// The first row of an export.
fn first_line(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_str(answer.text().lines().next().expect("a row")).expect("JSON")
}

/// The answer has the form that the table promises.
fn is_as_promised(operation: &Operation, answer: &Answer, result: &Value) {
    let name = operation.name;
    match operation.answer {
        Promised::Success | Promised::Removed => assert_eq!(answer.text(), "\"Success\"", "{name}"),
        // Nobody has gone on call yet, a key has no sessions, and nothing was changed.
        Promised::ChangeEvents
        | Promised::Notices
        | Promised::Drift
        | Promised::Sessions
        | Promised::Tokens
        | Promised::Invitations
        | Promised::Shifts
        | Promised::Covers => {
            assert_eq!(*result, json!([]), "{name}")
        }
        // Only people ask for these.
        Promised::Away | Promised::Cover | Promised::CoverCandidates | Promised::NewToken => panic!("{name}"),
        Promised::AuditExport => is_a_row(operation, result),
        Promised::PersonData => assert_eq!(super::keys(result), super::keys(&operation.example_answer()), "{name}"),
        Promised::NextAlert
        | Promised::Created
        | Promised::Unmerged
        | Promised::Details
        | Promised::User
        | Promised::Component(_)
        | Promised::Changed
        | Promised::Organization
        | Promised::OrganizationChanged
        | Promised::Version
        | Promised::Diff
        | Promised::FilePlan
        | Promised::NewKey
        | Promised::Invited
        | Promised::RenewedKey
        | Promised::Provider
        | Promised::ProviderCheck
        | Promised::Schedule
        | Promised::Coverage
        | Promised::Preview
        | Promised::CodeSent
        | Promised::Rules
        | Promised::Device
        | Promised::Feed
        | Promised::Fate
        | Promised::RuleTrial
        | Promised::Me
        | Promised::Layer
        | Promised::Swap => {
            assert!(is_like(operation.answer, result, &operation.example_answer()), "{name}: {result}");
        }
        Promised::ComponentPage(_) => assert!(are_components(result), "{name}: {result}"),
        Promised::Components
        | Promised::Versions
        | Promised::Keys
        | Promised::Providers
        | Promised::IncidentNames
        | Promised::Incidents
        | Promised::Alerts
        | Promised::Users
        | Promised::OnCall
        | Promised::Occurrences
        | Promised::Contacts
        | Promised::Devices
        | Promised::Notifications
        | Promised::Fates
        | Promised::Payloads
        | Promised::Tries
        | Promised::Audit
        | Promised::Layers
        | Promised::Swaps => {
            assert_eq!(super::keys(&result[0]), super::keys(&operation.example_answer()[0]), "{name}");
        }
    }
}

#[test]
fn every_success_is_exactly_200_with_json_on_both_databases() {
    for database in [Database::Sqlite, Database::Postgresql] {
        let api = Api::on(database);
        for operation in of_keys() {
            // The key first: what the request is made of is what the audit log tells last.
            let key = key_for(&api, operation);
            let body = request(&api, operation, &Scene::set(&api));
            let answer = api.send(call_at_home(operation, &body).key(&key));
            let result = match operation.answer {
                Promised::AuditExport => first_line(&answer),
                _ => answer.ok(),
            };
            assert_eq!(answer.header("content-type"), operation.answer.media_type());
            assert_eq!(answer.header("x-request-id").len(), 36);
            is_as_promised(operation, &answer, &result);
        }
    }
}

#[test]
fn a_known_path_with_another_method_says_which_one_it_takes() {
    let api = Api::new();
    let mut seen = 0;
    for (path, operations) in routes() {
        let example = |path: String, field: &web::operation::Field| {
            path.replace(&format!("{{{}}}", field.name), &super::plain(&example_value(field.example)))
        };
        let path = operations[0].parameters.iter().fold(path, example);
        let methods: Vec<_> = operations.iter().map(|operation| operation.method).collect();
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let is_taken = methods.iter().any(|known| known.takes(method));
            // A HEAD is answered without a body, which would say what is wrong.
            if is_taken || method == "HEAD" {
                continue;
            }
            // Also without a key: which methods there are is no secret.
            let answer = api.send(Call::new(method, &path));
            answer.refused(405, "method_not_allowed");
            assert_eq!(answer.header("allow"), Method::allow(&methods), "{method} {path}");
            seen += 1;
        }
    }
    let both = api.send(Call::new("PUT", "/v1/routines/x/swaps"));
    assert_eq!(both.first_error(405, "method_not_allowed"), "method: must be GET or POST");
    assert_eq!(both.header("allow"), "GET, HEAD, POST");
    assert!(seen > 500, "{seen}");
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs/app.css"] {
        let answer = api.send(Call::post(path));
        answer.refused(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "GET, HEAD", "{path}");
    }
}

#[test]
fn an_unknown_path_is_a_problem_and_nothing_is_ever_redirected() {
    let api = Api::new();
    let paths = [
        "/nothing",
        "/create/it",
        "//create",
        "/create//",
        "/incidents",
        "/incidents/",
        "/incidents/incidents/create",
        "/incidents/list/services",
        "/incidents/list/incidents",
        "/incidents/users",
        "/list",
        "/list/",
        "/list/services/more",
        "/list/tasks",
        "/list/Services",
        "/list/%73ervice",
        "/list/%ff",
        "/list/%00",
        "/users",
        "/api/v1/create",
        "/Create",
        "/docs/",
        "/healthz/",
        "/v1",
        "/v1/",
        "/v1/create",
        "/v1/nothing",
        "/v1/routines//schedule",
        "/v1/routines/%ff/schedule",
        "/v1/routines/x/swaps/y/z",
        "/incidents/v1/on-call",
        "/on-call",
    ];
    for path in paths {
        let get = api.send(Call::get(path).key(&api.key));
        assert_eq!(get.first_error(404, "unknown_path"), "path: there is nothing here; see /docs", "{path}");
        assert!(get.headers.get("location").is_none());
        // Where a part of the path is variable, the method is judged before the part.
        if !path.starts_with("/list/") && !path.ends_with("/schedule") {
            api.send(Call::post(path).key(&api.key)).refused(404, "unknown_path");
        }
    }
}

#[test]
fn a_head_of_a_list_has_the_headers_and_no_body() {
    let api = Api::new();
    let head = api.send(Call::new("HEAD", "/list/users").key(&api.key));
    assert_eq!((head.status, head.text()), (200, ""));
    assert_eq!(head.header("content-type"), "application/json");
    head.guarded();
    assert_eq!(api.send(Call::new("HEAD", "/healthz")).status, 200);
}

#[test]
fn nothing_is_done_to_a_resolved_incident_but_to_read_it_and_to_write_a_note() {
    let api = Api::new();
    for operation in commands().filter(|operation| operation.name != "notate") {
        let scene = Scene::set(&api);
        api.ok("resolve", &json!({"instance_id": scene.incident}));
        let before = api.details(scene.incident);
        let answer = api.ask(operation.path, &request(&api, operation, &scene));
        let expect = format!("instance_id: incident {} is already resolved", scene.incident);
        assert_eq!(answer.first_error(409, "already_resolved"), expect, "{}", operation.name);
        assert_eq!(api.details(scene.incident), before, "{}", operation.name);
    }
    let scene = Scene::set(&api);
    let asked = json!({"instance_id": scene.incident});
    api.ok("resolve", &asked);
    api.ok("notate", &json!({"instance_id": scene.incident, "notes": "It was the cable"}));
    assert_eq!(api.details(scene.incident)["notes"][0]["notes"], "It was the cable");
    assert_eq!(api.ok("alerts", &asked).as_array().map(Vec::len), Some(2));
    let listed = api.ok("list", &json!({"status": "RESOLVED"}));
    assert!(super::column(&listed, "instance_id").contains(&json!(scene.incident)));
    // Nobody can be merged into it either.
    let into = json!({"instance_id": scene.other, "related_instance_id": scene.incident});
    api.ask("merge", &into).refused(409, "already_resolved");
}

#[test]
fn a_key_may_do_what_its_scope_says_and_no_more() {
    let api = Api::new();
    let held: Vec<(Scope, String)> =
        Scope::ALL.iter().map(|scope| (*scope, api.new_key("demo", scope.word(), *scope))).collect();
    let mut scene = Scene::set(&api);
    for operation in of_keys() {
        for (scope, key) in &held {
            // Only a command that is allowed uses the scene up.
            let body = request(&api, operation, &scene);
            let answer = api.send(call_at_home(operation, &body).key(key));
            if !scope.allows(operation.scope) {
                let (held, needed) = (scope.word(), operation.scope.word());
                let expect =
                    format!("authorization: the operation needs a key of scope `{needed}`, and this one has `{held}`");
                assert_eq!(answer.first_error(403, "scope_too_small"), expect, "{}", operation.name);
            } else {
                assert_eq!(answer.status, 200, "{}: {}", operation.name, answer.text());
                if operation.scope == Scope::Incidents {
                    scene = Scene::set(&api);
                }
            }
        }
    }
}

#[test]
fn whatever_changes_something_needs_more_than_the_scope_to_read() {
    for operation in operations() {
        let reads = match operation.does {
            Does::Component(act, _) => act.only_reads(),
            other => matches!(other, Does::Read(_)),
        };
        assert!(reads || operation.scope != Scope::Read, "{}", operation.name);
        // What a browser may fetch by itself must change nothing.
        assert!(reads || operation.method != Method::Get, "{}", operation.name);
    }
}

#[test]
fn every_answer_carries_the_headers_of_all_and_an_id_of_its_own() {
    let api = Api::new();
    let mut ids = BTreeSet::new();
    let keyless = [
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/docs",
        "/docs/app.css",
        "/act.css",
        "/act/x",
        "/act/x/",
        "/cover/x",
        "/feeds/x.ics",
        "/oidc/x/logout",
        "/v1/carrier/twilio/sms",
        "/v1/carrier/twilio/voice/x",
        "/v1/carrier/twilio/status/x",
        "/nothing",
    ];
    let documented: Vec<String> = operations().map(web::operation::Operation::example_path).collect();
    for path in keyless.into_iter().chain(documented.iter().map(String::as_str)) {
        for method in ["GET", "HEAD", "POST", "DELETE", "OPTIONS"] {
            // `send` looks at the headers.
            let call = Call::new(method, path).header("x-request-id", "mine").header("origin", "https://evil.example");
            let answer = api.send(call);
            let id = answer.header("x-request-id");
            assert_ne!(id, "mine", "{method} {path}");
            assert!(id.is_empty() || ids.insert(id.to_owned()), "{method} {path}: {id} twice");
        }
    }
}

#[test]
fn an_operation_without_a_key_says_so_before_it_looks_at_anything_else() {
    let api = Api::new();
    for operation in operations() {
        for body in [json!({}), json!([1]), Value::Null] {
            let answer: Answer = api.send(call_at_home(operation, &body));
            answer.refused(401, "missing_key");
            assert!(answer.header("www-authenticate").starts_with("Token"), "{}", operation.name);
        }
    }
}

/// The names of an object's members, in the order of the alphabet: what a caller may see beside stands at the end.
fn sorted(object: &Value) -> Vec<&str> {
    let mut keys = super::keys(object);
    keys.sort_unstable();
    keys
}

/// Whether the answer is a row of the export, as its example.
fn is_a_row(operation: &Operation, result: &Value) {
    let lines = operation.example_answer();
    let example: Value = serde_json::from_str(lines.as_str().expect("lines")).expect("a row");
    assert_eq!(super::keys(result), super::keys(&example), "{}", operation.name);
}

/// Whether an answer has the keys of the example; what a component was given beside stands in it, too.
fn is_like(promised: Promised, answer: &Value, example: &Value) -> bool {
    let (answer, example) = (sorted(answer), sorted(example));
    match promised {
        Promised::Component(_) => example.iter().all(|key| answer.contains(key)),
        _ => answer == example,
    }
}

/// Whether it is a list of components. What is not there has its default, so that each has keys of its own.
fn are_components(list: &Value) -> bool {
    let whole = |one: &Value| ["ref_id", "version", "managed_by"].iter().all(|key| one.get(*key).is_some());
    list.as_array().is_some_and(|all| !all.is_empty() && all.iter().all(whole))
}
