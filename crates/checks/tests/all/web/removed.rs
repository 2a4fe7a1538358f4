//! What a file manages and somebody removed beside it: told as drift, made anew only if that is said, left out if that is.

use checks::{Answer, Api, Call};
use directory::{Drift, Wanted, apply_file, file};
use serde_json::{Value, json};

const DEMO: &str = include_str!("../../../../../examples/demo.toml");
const NIGHT: &str = "[[team]]\nname = \"night\"\nmembers = [\"ana\"]\n";

fn change(api: &Api, method: &str, path: &str, body: &Value) -> Answer {
    api.send(Call::new(method, path).key(&api.key).header("if-match", "*").json(body))
}

/// The plan of applying the demo with these lines more, or why nothing was applied.
fn apply(api: &Api, more: &str, drift: Drift) -> Result<String, Vec<String>> {
    let text = [DEMO, more].concat();
    let (definition, texts) =
        file::read_text_beside("demo.toml", text, |_| domain::directory::Definition::default()).expect("no mistakes");
    let wanted = Wanted { drift, ..Wanted::of_file(&definition, &texts) };
    let applied = apply_file(api.test.store(), &api.ids, api.administration.engine().now(), &wanted);
    applied.map(|applied| applied.plan.to_string()).map_err(|error| error.reasons().expect("no failure of the store"))
}

/// An organization with the team `night`, which a file manages and anybody may change beside it.
fn on_both(body: impl Fn(&Api)) {
    Api::reached_on_both(|api| {
        apply(api, NIGHT, Drift::Stop).expect("it is applied");
        change(api, "PATCH", "/v1/organization", &json!({"file_lock": "drift"})).ok();
        body(api);
    });
}

fn remove(api: &Api, path: &str) {
    change(api, "DELETE", path, &json!({})).ok();
}

fn is_there(api: &Api, path: &str) -> bool {
    api.send(Call::get(path).key(&api.key)).status == 200
}

/// Name of each component that is told to be removed beside its file.
fn told(api: &Api) -> Vec<Value> {
    let drift = api.get("/v1/directory/drift");
    let removed = drift.as_array().expect("a list").iter().filter(|one| one["removed"] == true);
    removed.map(|one| one["name"].clone()).collect()
}

/// What the metric counts.
fn counted(api: &Api) -> u32 {
    api.pass_minutes(2);
    api.beat();
    let text = api.send(Call::get("/metrics")).text().to_owned();
    let lines = text.lines().filter(|line| line.starts_with("reveille_directory_drift{"));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u32>().ok()).sum()
}

#[test]
fn what_is_removed_beside_its_file_is_told_as_drift_with_by_whom_and_when() {
    on_both(|api| {
        assert_eq!((counted(api), told(api)), (0, vec![]));
        let at = api.administration.engine().now().wire();
        remove(api, "/v1/teams/night");
        let drift = api.get("/v1/directory/drift");
        let source = drift[0]["source"].as_str().expect("a place").to_owned();
        let expect = json!([{"kind": "team", "name": "night", "fields": [], "removed": true, "source": source,
            "changed_by": "batch", "changed_at": at}]);
        assert_eq!(drift, expect);
        assert!(source.starts_with("demo.toml:"), "{source}");
        assert_eq!(counted(api), 1);
        let sentence = format!("team `night` was removed by batch at {at}");
        assert_eq!(apply(api, NIGHT, Drift::Stop), Err(vec![sentence.clone()]));
        let plan = |drift: &str| {
            let file = [DEMO, NIGHT].concat();
            let body = json!({"file": file, "drift": drift});
            change(api, "POST", "/v1/directory/plan", &body).ok()
        };
        assert_eq!(plan("stop")["refused"], json!([sentence]));
        assert_eq!(plan("overwrite")["changes"], json!([{"do": "create", "kind": "team", "name": "night"}]));
        let kept = plan("keep");
        assert_eq!((&kept["plan"], &kept["refused"]), (&json!("nothing to change"), &json!([])));
        assert_eq!(told(api), ["night"], "to ask changes nothing");
    });
}

#[test]
fn it_is_made_anew_as_what_it_was_or_left_removed_as_whoever_applies_the_file_says() {
    on_both(|api| {
        let id = || api.get("/v1/teams/night")["ref_id"].clone();
        let before = id();
        remove(api, "/v1/teams/night");
        assert_eq!(apply(api, NIGHT, Drift::Keep), Ok("nothing to change".to_owned()));
        assert!(!is_there(api, "/v1/teams/night"));
        assert_eq!((counted(api), told(api)), (1, vec![json!("night")]), "as what was changed and kept is");
        apply(api, NIGHT, Drift::Overwrite).expect("it is applied");
        assert_eq!((id(), counted(api), told(api)), (before.clone(), 0, vec![]));
        assert_eq!(apply(api, NIGHT, Drift::Stop), Ok("nothing to change".to_owned()));
        // Whoever makes another of this name meanwhile does not keep it from being the one that it was.
        remove(api, "/v1/teams/night");
        change(api, "POST", "/v1/teams", &json!({"name": "night"})).ok();
        assert_eq!(told(api), Vec::<Value>::new(), "there is one");
        remove(api, "/v1/teams/night");
        assert_eq!(told(api), ["night"], "and now there is none");
        apply(api, NIGHT, Drift::Overwrite).expect("it is applied");
        assert_eq!(id(), before);
    });
}

#[test]
fn a_file_that_leaves_it_out_agrees_and_may_say_it_again() {
    on_both(|api| {
        remove(api, "/v1/teams/night");
        assert_eq!(counted(api), 1);
        assert_eq!(apply(api, "", Drift::Stop), Ok("nothing to change".to_owned()));
        assert_eq!((counted(api), told(api)), (0, vec![]));
        apply(api, NIGHT, Drift::Stop).expect("nobody removed it since");
        // What a file removes is nobody's doing beside it.
        apply(api, "", Drift::Stop).expect("it is applied");
        assert_eq!((counted(api), told(api)), (0, vec![]));
        apply(api, NIGHT, Drift::Stop).expect("it is applied");
        assert!(is_there(api, "/v1/teams/night"));
    });
}

#[test]
fn it_is_known_by_the_name_that_the_file_has_for_it() {
    let late = "[[team]]\nname = \"late\"\nmembers = [\"ana\"]\n";
    let renamed = format!("{late}renamed_from = \"night\"\n");
    on_both(|api| {
        let before = api.get("/v1/teams/night")["ref_id"].clone();
        change(api, "PATCH", "/v1/teams/night", &json!({"name": "nights"})).ok();
        remove(api, "/v1/teams/nights");
        assert_eq!(told(api), ["night"]);
        let refused = apply(api, &renamed, Drift::Stop).expect_err("it was removed");
        assert!(refused[0].starts_with("team `late` was removed by batch at "), "{refused:?}");
        apply(api, &renamed, Drift::Keep).expect("it is applied");
        assert_eq!(told(api), ["late"]);
        apply(api, late, Drift::Stop).expect_err("it is removed still");
        apply(api, late, Drift::Overwrite).expect("it is applied");
        assert_eq!(api.get("/v1/teams/late")["ref_id"], before);
    });
}

#[test]
fn what_needs_it_is_not_applied_without_it() {
    let policy = "[[escalation_policy]]\nname = \"nights\"\nteam = \"night\"\n";
    let owned = [NIGHT, policy, "levels = [{ minutes = 5, users = [\"ana\"] }]\n"].concat();
    on_both(|api| {
        remove(api, "/v1/teams/night");
        let refused = apply(api, &owned, Drift::Keep).expect_err("nobody owns it");
        assert!(refused[0].starts_with("escalation policy `nights`"), "{refused:?}");
        assert!(!is_there(api, "/v1/escalation-policies/nights"), "nothing is applied");
    });
}

#[test]
fn somebody_whom_a_file_knows_and_who_was_removed_beside_it_is_told_too() {
    let zoe = "[[user]]\nusername = \"zoe\"\nemail = \"zoe@example.org\"\n";
    on_both(|api| {
        let both = [NIGHT, zoe].concat();
        apply(api, &both, Drift::Stop).expect("it is applied");
        remove(api, "/v1/users/zoe");
        assert_eq!(told(api), ["zoe"]);
        let refused = apply(api, &both, Drift::Stop).expect_err("she was removed");
        assert!(refused[0].starts_with("user `zoe` was removed by batch at "), "{refused:?}");
        apply(api, &both, Drift::Keep).expect("it is applied");
        assert!(!is_there(api, "/v1/users/zoe"));
        apply(api, &both, Drift::Overwrite).expect("it is applied");
        assert!(is_there(api, "/v1/users/zoe"));
        assert_eq!(told(api), Vec::<Value>::new());
    });
}

#[test]
fn what_the_api_manages_is_removed_without_drift() {
    on_both(|api| {
        change(api, "POST", "/v1/teams", &json!({"name": "ours"})).ok();
        remove(api, "/v1/teams/ours");
        assert_eq!((counted(api), told(api)), (0, vec![]));
        let ours = format!("{NIGHT}[[team]]\nname = \"ours\"\n");
        apply(api, &ours, Drift::Stop).expect("no file knew it");
    });
}
