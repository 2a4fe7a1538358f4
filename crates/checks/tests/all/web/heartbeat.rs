//! Heartbeats: what is heard of them, and their silence.

use super::console::{says, welcomed};
use checks::{Api, Call};
use domain::OrganizationId;
use serde_json::{Value, json};
use store::Tx;

const MINUTE: i64 = 60_000_000;

const LINES: &str = r#"
[[heartbeat]]
name = "backup"
service = "payments"
every_seconds = 600
grace_seconds = 120
urgency = 5
"#;

fn path(api: &Api) -> String {
    let listed = api.get("/list/heartbeats");
    listed[0]["url"].as_str().expect("a URL").trim_start_matches(checks::PUBLIC_URL).to_owned()
}

fn say(api: &Api, call: Call) {
    let answer = api.send(call);
    assert_eq!((answer.status, answer.text()), (200, "OK"));
}

/// Titles of what is unresolved.
fn open(api: &Api) -> Vec<Value> {
    api.get("/list/incidents").as_array().expect("a list").iter().map(|item| item["name"].clone()).collect()
}

fn pass(api: &Api, minutes: i64) {
    api.clock.advance(minutes * MINUTE);
    api.beat();
}

#[test]
fn reading_it_tells_how_it_stands_and_what_it_said() {
    let api = Api::new();
    let backup = json!({"name": "backup", "service": "payments", "every_seconds": 600, "grace_seconds": 120});
    api.send(Call::post("/v1/heartbeats").key(&api.key).json(&backup)).ok();
    let path = path(&api);
    let heard = || api.get("/v1/heartbeats/backup")["heard"].clone();
    assert_eq!(heard(), json!({"state": "new", "at": null, "alarms_at": null, "said": null}));
    say(&api, Call::post(&path).body("all 7 files"));
    let up = json!({"state": "up", "at": "2021-05-05T17:20:14.343825", "alarms_at": "2021-05-05T17:32:14.343825",
        "said": "all 7 files"});
    assert_eq!(heard(), up);
    let mut whole = api.get("/v1/heartbeats/backup");
    api.send(Call::new("PUT", "/v1/heartbeats/backup").key(&api.key).header("if-match", "*").json(&whole)).ok();
    whole["enabled"] = json!(false);
    for (minutes, state) in [(10, "late"), (2, "down")] {
        pass(&api, minutes);
        assert_eq!(heard()["state"], state);
    }
    say(&api, Call::get(&format!("{path}/start")));
    assert_eq!(heard()["state"], "started");
    api.send(Call::new("PUT", "/v1/heartbeats/backup").key(&api.key).header("if-match", "*").json(&whole)).ok();
    assert_eq!((&heard()["state"], &heard()["alarms_at"]), (&json!("paused"), &Value::Null));
}

#[test]
fn silence_opens_an_incident_that_the_next_word_ends() {
    Api::reached_on_both(|api| {
        api.extend(LINES);
        let path = path(api);
        pass(api, 600);
        assert_eq!(open(api), Vec::<Value>::new(), "one that was never heard of alarms nobody");
        say(api, Call::get(&path));
        for call in [Call::post(&path).body("all 7 files"), Call::new("PUT", &path), Call::get(&format!("{path}/0"))] {
            pass(api, 11);
            say(api, call);
        }
        pass(api, 11);
        assert_eq!(open(api), Vec::<Value>::new(), "late, and within its grace");
        pass(api, 1);
        assert_eq!(open(api), ["Heartbeat backup is silent"]);
        let id = api.get("/list/incidents")[0]["instance_id"].clone();
        let details = api.details(id.as_i64().expect("a number"));
        assert_eq!(
            (&details["task"]["urgency_level"], &details["task"]["integration_name"]),
            (&json!(5), &json!("backup"))
        );
        let text = details["task"]["text_msg"].as_str().expect("a text");
        assert!(text.starts_with("It was heard of last at 2021-05-06T"), "{text}");
        pass(api, 60);
        assert_eq!(open(api).len(), 1, "its silence is told once");
        say(api, Call::post(&path));
        assert_eq!(open(api), Vec::<Value>::new());
        assert_eq!(api.details(id.as_i64().expect("a number"))["status"], "RESOLVED");
    });
}

#[test]
fn a_job_that_runs_by_cron_is_missed_at_the_time_of_its_zone() {
    let api = Api::new();
    let by_cron = "every_seconds = 600\n";
    api.extend(&LINES.replace(by_cron, "cron = \"30 20 * * *\"\ntimezone = \"Europe/Berlin\"\n"));
    let path = path(&api);
    // 19:20 in Berlin: the run of 20:30 is next.
    say(&api, Call::get(&path));
    pass(&api, 71);
    assert_eq!(open(&api), Vec::<Value>::new(), "20:31 and its grace");
    say(&api, Call::get(&path));
    pass(&api, 24 * 60);
    assert_eq!(open(&api), Vec::<Value>::new(), "20:31 on the next day");
    pass(&api, 1);
    assert_eq!(open(&api), ["Heartbeat backup is silent"]);
}

#[test]
fn a_run_that_fails_or_does_not_end_is_told() {
    let api = Api::new();
    api.extend(LINES);
    let path = path(&api);
    say(&api, Call::post(&format!("{path}/fail")).body("disk full"));
    assert_eq!(open(&api), ["Heartbeat backup failed"]);
    say(&api, Call::get(&path));
    assert_eq!(open(&api), Vec::<Value>::new());
    api.clock.advance(1);
    say(&api, Call::get(&format!("{path}/start")));
    pass(&api, 1);
    say(&api, Call::post(&format!("{path}/log")).body("half way"));
    assert_eq!(open(&api), Vec::<Value>::new());
    pass(&api, 1);
    assert_eq!(open(&api), ["Heartbeat backup is silent"], "it began and did not end in time");
    say(&api, Call::get(&format!("{path}/137")));
    assert_eq!(open(&api).len(), 1, "a failure is the same matter");
    say(&api, Call::get(&path));
    assert_eq!(open(&api), Vec::<Value>::new());
}

#[test]
fn of_runs_that_go_on_at_the_same_time_each_must_end() {
    Api::reached_on_both(|api| {
        api.extend(LINES);
        let path = path(api);
        let run = |what: &str, number: u32| {
            let id = format!("00000000-0000-4000-8000-{number:012}");
            say(api, Call::get(&format!("{path}{what}?rid={id}")));
            api.clock.advance(1);
        };
        run("/start", 1);
        pass(api, 1);
        run("/start", 2);
        run("", 2);
        pass(api, 1);
        assert_eq!(open(api), ["Heartbeat backup is silent"], "the second has ended, but not the first");
        let id = api.get("/list/incidents")[0]["instance_id"].as_i64().expect("a number");
        let text = api.details(id)["task"]["text_msg"].to_string();
        assert!(text.contains("A run that began at 2021-05-05T17:20:14") && text.contains("has not ended"), "{text}");
        run("", 1);
        assert_eq!(open(api), Vec::<Value>::new());
        // Both end, in the order in which they began, and the next is expected after the last.
        run("/start", 1);
        run("/start", 2);
        run("", 1);
        pass(api, 1);
        run("/0", 2);
        pass(api, 11);
        assert_eq!(open(api), Vec::<Value>::new());
        pass(api, 1);
        assert_eq!(open(api), ["Heartbeat backup is silent"]);
        let wrong = api.send(Call::get(&format!("{path}/start?rid=7")));
        assert_eq!(wrong.first_error(400, "invalid_fields"), "rid: must be a UUID");
    });
}

#[test]
fn a_run_that_begins_while_it_is_down_and_ends_well_ends_its_incident() {
    Api::reached_on_both(|api| {
        api.extend(LINES);
        let path = path(api);
        say(api, Call::post(&format!("{path}/fail")).body("disk full"));
        api.clock.advance(MINUTE);
        say(api, Call::get(&format!("{path}/start")));
        assert_eq!(open(api), ["Heartbeat backup failed"], "that it began says nothing of how it ends");
        api.clock.advance(MINUTE);
        say(api, Call::get(&path));
        assert_eq!(open(api), Vec::<Value>::new());
        // The same, when it was silent, and the run does not end.
        pass(api, 13);
        say(api, Call::get(&format!("{path}/start")));
        pass(api, 3);
        assert_eq!(open(api), ["Heartbeat backup is silent"]);
        say(api, Call::get(&path));
        assert_eq!(open(api), Vec::<Value>::new());
    });
}

#[test]
fn a_word_of_one_that_was_never_heard_of_alarms_nobody_and_is_no_sign_that_it_is_well() {
    let api = Api::new();
    api.extend(LINES);
    let path = path(&api);
    say(&api, Call::post(&format!("{path}/log")).body("installed"));
    let listed = |tx: &mut dyn Tx| store::heartbeat_list(tx, OrganizationId(1));
    let row = api.test.store().read(listed).expect("rows").remove(0);
    assert_eq!((row.state.as_str(), row.due_at, row.body.as_str()), ("new", None, "installed"));
    pass(&api, 600);
    assert_eq!(open(&api), Vec::<Value>::new());
}

#[test]
fn one_that_is_switched_off_alarms_nobody_and_is_listened_for_again_once_it_is_switched_on() {
    let off = LINES.replace("urgency = 5", "urgency = 5\nenabled = false");
    Api::reached_on_both(|api| {
        api.extend(LINES);
        let path = path(api);
        say(api, Call::get(&path));
        api.extend(&off);
        pass(api, 60);
        say(api, Call::post(&format!("{path}/fail")));
        pass(api, 60);
        assert_eq!(open(api), Vec::<Value>::new());
        api.extend(LINES);
        pass(api, 0);
        assert_eq!(open(api), Vec::<Value>::new(), "it is given until its next time");
        pass(api, 12);
        assert_eq!(open(api), ["Heartbeat backup is silent"]);
        say(api, Call::get(&path));
        assert_eq!(open(api), Vec::<Value>::new());
    });
}

#[test]
fn one_that_is_renamed_while_it_is_down_ends_what_was_told_by_its_name_before() {
    Api::reached_on_both(|api| {
        let made = json!({"name": "backup", "users": ["ana"], "every_seconds": 600, "grace_seconds": 120});
        api.send(Call::post("/v1/heartbeats").key(&api.key).json(&made)).ok();
        let path = path(api);
        say(api, Call::get(&path));
        pass(api, 12);
        assert_eq!(open(api), ["Heartbeat backup is silent"]);
        let renamed = Call::new("PATCH", "/v1/heartbeats/backup").key(&api.key).header("if-match", "*");
        api.send(renamed.json(&json!({"name": "nightly"}))).ok();
        say(api, Call::get(&path));
        assert_eq!(open(api), Vec::<Value>::new());
    });
}

#[test]
fn an_alert_that_always_fires_is_the_word_of_the_heartbeat_with_its_name() {
    let lines = LINES.replace("\"backup\"", "\"Watchdog\"");
    Api::reached_on_both(|api| {
        api.extend(&lines);
        let alert = |name: &str, status: &str| {
            let labels = json!({"alertname": name, "severity": "none"});
            let alert = json!({"labels": labels, "status": status, "fingerprint": name});
            let body = json!({"version": "4", "status": status, "groupKey": "{}", "alerts": [alert]});
            let taken = api.send(Call::post(&api.intake_path("prometheus")).json(&body)).ok()["alerts"][0].clone();
            (taken["fate"].clone(), taken["because"].clone())
        };
        let heard = (json!("noted"), json!("heartbeat:Watchdog"));
        let unheard = (json!("ignored"), json!("informational"));
        assert_eq!(alert("Watchdog", "firing"), heard);
        assert_eq!(alert("InfoInhibitor", "firing"), unheard, "no heartbeat is called so");
        pass(api, 11);
        assert_eq!(alert("Watchdog", "firing"), heard, "it goes on");
        assert_eq!(alert("Watchdog", "resolved"), unheard, "that it is over is no sign that all is well");
        pass(api, 11);
        assert_eq!(open(api), Vec::<Value>::new());
        pass(api, 1);
        assert_eq!(open(api), ["Heartbeat Watchdog is silent"]);
        api.clock.advance(MINUTE);
        assert_eq!(alert("Watchdog", "firing"), heard);
        assert_eq!(open(api), Vec::<Value>::new());
    });
}

#[test]
fn a_server_that_was_away_gives_heartbeats_some_minutes() {
    let api = Api::new();
    api.extend(LINES);
    say(&api, Call::get(&path(&api)));
    // Nobody is there for an hour, and another server begins.
    api.clock.advance(60 * MINUTE);
    let api = api.another();
    pass(&api, 0);
    pass(&api, 4);
    assert_eq!(open(&api), Vec::<Value>::new(), "nobody could be heard");
    pass(&api, 1);
    assert_eq!(open(&api), ["Heartbeat backup is silent"]);
}

#[test]
fn what_is_no_heartbeat_is_not_found_and_opsgenies_path_leads_to_one_by_its_name() {
    let api = Api::new();
    api.extend(LINES);
    let path = path(&api);
    let wrong = [
        "/heartbeats/x".to_owned(),
        api.intake_path("scripts").replace("generic", "heartbeats"),
        format!("{path}/256"),
    ];
    for wrong in wrong {
        api.send(Call::get(&wrong)).refused(404, "unknown_path");
    }
    api.send(Call::new("DELETE", &path)).refused(405, "method_not_allowed");
    let genie = api.intake_path("anything with Opsgenie's API");
    let key = format!("GenieKey {}", genie.rsplit('/').next().expect("a key"));
    let ping = |name: &str| {
        let answer = api.send(Call::post(&format!("/v2/heartbeats/{name}/ping")).header("authorization", &key));
        (answer.status, answer.json()["result"].clone())
    };
    assert_eq!(ping("backup"), (202, json!("PONG - Heartbeat received")));
    assert_eq!(ping("bakcup").0, 404);
    pass(&api, 12);
    assert_eq!(open(&api), ["Heartbeat backup is silent"]);
}

#[test]
fn the_list_of_heartbeats_says_which_is_late_runs_or_is_silent() {
    let api = Api::reachable(checks::Database::Sqlite);
    api.extend(LINES);
    let path = path(&api);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let told = |words: &str| says(&ana.get("/app/heartbeats"), 200, words);
    told("never heard of");
    say(&api, Call::get(&path));
    told("heard of");
    pass(&api, 10);
    told("late, heard of");
    say(&api, Call::get(&format!("{path}/start")));
    told("runs since");
    pass(&api, 2);
    told("SILENT since");
}
