//! What the document says of the paths by which alerts come in is what the router serves.

use checks::{Api, Call};
use serde_json::Value;

/// The documented paths by which alerts come in, each with its methods.
fn documented() -> Vec<(String, Vec<(String, Value)>)> {
    let tags = ["senders", "events", "alerts", "heartbeats"];
    let of_senders =
        |item: &Value| item["tags"].as_array().is_some_and(|found| tags.iter().any(|tag| found[0] == *tag));
    let document = web::openapi::document();
    let paths = document["paths"].as_object().expect("paths").clone();
    let kept = paths.into_iter().filter_map(|(path, item)| {
        let methods = item.as_object().expect("methods").clone();
        let methods: Vec<_> = methods.into_iter().filter(|(_, described)| of_senders(described)).collect();
        (!methods.is_empty()).then_some((path, methods))
    });
    kept.collect()
}

/// A path with something in the place of each variable part.
fn filled(path: &str, described: &Value, key: &str) -> String {
    let parameters = described["parameters"].as_array().cloned().unwrap_or_default();
    parameters.iter().filter(|parameter| parameter["in"] == "path").fold(path.to_owned(), |path, parameter| {
        let name = parameter["name"].as_str().expect("a name");
        let value = match (name, parameter["schema"]["enum"][0].as_str()) {
            (_, Some(word)) => word,
            ("key", None) => key,
            ("what", None) => "start",
            _ => "x",
        };
        path.replace(&format!("{{{name}}}"), value)
    })
}

#[test]
fn every_documented_path_of_senders_is_served_and_answers_as_it_is_documented() {
    let api = Api::new();
    let path = api.intake_path("anything with Opsgenie's API");
    let key = path.rsplit('/').next().expect("a key");
    api.extend("\n[[heartbeat]]\nname = \"x\"\nservice = \"payments\"\nevery_seconds = 600\n");
    let url = api.get("/list/heartbeats")[0]["url"].as_str().expect("a URL").to_owned();
    let ping = url.rsplit('/').next().expect("a key");
    let all = documented();
    assert!(all.len() > 20, "{}", all.len());
    for (path, methods) in all {
        let mut path_of_all = String::new();
        for (method, described) in &methods {
            path_of_all = filled(&path, described, if path.starts_with("/heartbeats") { ping } else { key });
            for slash in ["", "/"] {
                let call = Call::new(&method.to_uppercase(), &format!("{path_of_all}{slash}"));
                let answer = api.send(call.header("authorization", format!("GenieKey {key}")).body("{}"));
                let is_told = described["responses"].get(answer.status.to_string()).is_some();
                let is_served = answer.status != 405 && !answer.text().contains("there is nothing here");
                assert!(is_told && is_served, "{method} {path_of_all}: {} {}", answer.status, answer.text());
            }
        }
        let answer = api.send(Call::new("BREW", &path_of_all));
        let allowed: Vec<_> = answer.header("allow").split(", ").filter(|word| *word != "HEAD").collect();
        let mut expected: Vec<_> = methods.iter().map(|(method, _)| method.to_uppercase()).collect();
        let mut told = allowed.clone();
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!((answer.status, told), (405, expected.iter().map(String::as_str).collect()), "{path_of_all}");
    }
}
