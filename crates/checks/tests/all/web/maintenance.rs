//! Maintenance windows: what comes in them, and what becomes of it at their end. Tests begin on Wednesday, 2021-05-05, at
//! 17:20:14 UTC.

use checks::{Api, Call};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000_000;

fn lines(more: &str) -> String {
    format!(
        r#"
[[service]]
name = "shop"
escalation_policy = "primary"

[[integration]]
name = "tools"
kind = "generic"
service = "shop"

[[integration]]
name = "grouped"
kind = "generic"
service = "shop"
group_by = {{ fields = ["label:team"] }}
{more}"#
    )
}

fn window(more: &str) -> String {
    let window = "[[maintenance_window]]\nname = \"move\"\nservices = [\"shop\"]\nstarts = \"2021-05-05T19:00\"\n\
        duration_minutes = 60\ntimezone = \"Europe/Berlin\"\n";
    lines(&format!("\n{window}{more}\n"))
}

fn say(api: &Api, integration: &str, id: &str, more: &Value) -> (Value, Value) {
    let mut body = json!({"id": id, "title": format!("{id} is down"), "labels": {"team": "db"}});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let alert = api.deliver(integration, &body).ok()["alerts"][0].clone();
    (alert["fate"].clone(), alert["because"].clone())
}

fn open(api: &Api) -> Option<usize> {
    api.get("/list/incidents").as_array().map(Vec::len)
}

fn pass(api: &Api, minutes: i64) {
    api.clock.advance(minutes * MINUTE);
    api.beat();
}

fn on_both(lines: &str, body: impl Fn(&Api)) {
    Api::reached_on_both(|api| {
        api.extend(lines);
        body(api);
    });
}

#[test]
fn what_still_fires_at_the_end_opens_one_incident_for_each_group() {
    on_both(&window(""), |api| {
        let quiet = (json!("maintenance"), json!("move"));
        assert_eq!(say(api, "tools", "a", &json!({})), quiet);
        assert_eq!(say(api, "tools", "b", &json!({})), quiet);
        assert_eq!(say(api, "grouped", "c", &json!({})), quiet);
        assert_eq!(say(api, "grouped", "d", &json!({})), quiet);
        pass(api, 10);
        assert_eq!(
            say(api, "tools", "a", &json!({"status": "ok"})).0,
            "transient",
            "it is over and nobody heard of it"
        );
        assert_eq!(say(api, "tools", "b", &json!({})), quiet, "a repeat is no other matter");
        pass(api, 28);
        assert_eq!(open(api), Some(0));
        pass(api, 2);
        assert_eq!(open(api), Some(2), "b, and the group of c and d");
        for incident in api.get("/list/incidents").as_array().expect("a list") {
            let (first, log) = events(api, incident["instance_id"].as_i64().expect("a number")).remove(0);
            assert_eq!((first, &log["after_maintenance"]), (json!("TRIGGER"), &json!("move")), "{log}");
        }
        let fates = api.get("/v1/alerts");
        let told: Vec<_> = fates.as_array().expect("a list").iter().map(|alert| alert["fate"].clone()).collect();
        assert_eq!(told.iter().filter(|fate| *fate == "opened").count(), 2, "{told:?}");
        assert!(told.contains(&json!("grouped")), "{told:?}");
        assert_eq!(say(api, "tools", "b", &json!({"status": "ok"})), (json!("resolved"), json!("ended")));
        assert_eq!(say(api, "tools", "e", &json!({})).0, "opened", "afterwards all is as ever");
    });
}

#[test]
fn what_is_loud_enough_or_on_another_service_passes() {
    let api = Api::new();
    api.extend(&window("except_urgency = 5"));
    assert_eq!(say(&api, "tools", "a", &json!({"severity": "high"})).0, "maintenance");
    assert_eq!(say(&api, "tools", "a", &json!({"severity": "critical"})).0, "opened", "it got louder");
    let incident = api.get("/list/incidents")[0]["instance_id"].as_i64().expect("a number");
    assert_eq!(events(&api, incident)[0].1.get("after_maintenance"), None, "the window goes on");
    assert_eq!(say(&api, "scripts", "a", &json!({})).0, "opened");
}

#[test]
fn a_window_keeps_those_alerts_back_of_which_its_conditions_hold() {
    let of_host =
        "conditions = [{ field = \"/labels/host\", matches = \"^db-\" }, { field = \"tags\", contains = \"prod\" }]";
    let on = |host: &str, tag: &str| json!({"labels": {"host": host}, "tags": [tag]});
    on_both(&window(of_host), |api| {
        assert_eq!(say(api, "tools", "a", &on("db-1", "prod")), (json!("maintenance"), json!("move")));
        assert_eq!(say(api, "tools", "b", &on("web-1", "prod")).0, "opened");
        assert_eq!(say(api, "tools", "c", &on("db-1", "test")).0, "opened");
        pass(api, 40);
        assert_eq!(open(api), Some(3), "what still fires at its end");
    });
    // Without any name, all alerts are meant of which they hold.
    on_both(&window(of_host).replace("services = [\"shop\"]\n", ""), |api| {
        assert_eq!(say(api, "tools", "a", &on("db-1", "prod")).0, "maintenance");
        assert_eq!(say(api, "tools", "b", &on("web-1", "prod")).0, "opened");
        let wrong = json!({"name": "w", "starts": "2021-05-05T19:00:00", "duration_minutes": 5, "timezone": "UTC",
            "conditions": [{"field": "/a", "matches": "("}]});
        let refused = api.send(Call::post("/v1/maintenance-windows").key(&api.key).json(&wrong));
        assert!(refused.first_error(400, "invalid_fields").starts_with("conditions[0]"), "{}", refused.text());
    });
}

#[test]
fn what_is_discarded_is_quiet_until_it_is_over_and_comes_back() {
    on_both(&window("during = \"discard\""), |api| {
        assert_eq!(say(api, "tools", "a", &json!({})).0, "maintenance");
        pass(api, 45);
        assert_eq!(open(api), Some(0));
        assert_eq!(say(api, "tools", "a", &json!({})), (json!("maintenance"), json!("discarded")));
        assert_eq!(say(api, "tools", "a", &json!({"status": "ok"})).0, "transient");
        pass(api, 1);
        assert_eq!(say(api, "tools", "a", &json!({})).0, "opened");
    });
}

#[test]
fn what_waits_stays_as_loud_as_it_was_ever_called() {
    let patient = "[[service]]\nname = \"patient\"\nescalation_policy = \"primary\"\nhold_seconds = 120\n\
        [[integration]]\nname = \"held\"\nkind = \"generic\"\nservice = \"patient\"\n";
    on_both(&window(patient), |api| {
        for (integration, fate) in [("tools", "maintenance"), ("held", "held")] {
            for (minute, severity) in ["warning", "high", "info"].iter().enumerate() {
                let more = json!({"severity": severity, "text": format!("word {minute}")});
                assert_eq!(say(api, integration, "a", &more).0, fate);
            }
        }
        pass(api, 40);
        let opened = api.get("/list/incidents");
        let loudness = |incident: &Value| {
            let details = api.details(incident["instance_id"].as_i64().expect("a number"));
            (details["task"]["urgency_level"].clone(), details["task"]["text_msg"].clone())
        };
        let told: Vec<_> = opened.as_array().expect("a list").iter().map(loudness).collect();
        assert_eq!(told, vec![(json!(4), json!("word 2")); 2], "with what was said last");
    });
}

#[test]
fn what_was_not_heard_of_for_long_enough_in_a_window_is_over_at_its_end() {
    for during in ["hold", "discard"] {
        let forgetful =
            "resolve_after_minutes = 10\n[[integration]]\nname = \"lasting\"\nkind = \"generic\"\nservice = \"shop\"\n";
        let lines = window(&format!("during = \"{during}\"")).replace(
            "name = \"tools\"\nkind = \"generic\"\nservice = \"shop\"\n",
            &format!("name = \"tools\"\nkind = \"generic\"\nservice = \"shop\"\n{forgetful}"),
        );
        on_both(&lines, |api| {
            let alert = api.deliver("tools", &json!({"id": "a", "title": "a is down"})).ok();
            let alert = alert["alerts"][0]["alert_id"].as_str().expect("an id").to_owned();
            let fate = || api.get(&format!("/v1/alerts/{alert}"));
            for _ in 0..2 {
                pass(api, 9);
                assert_eq!(say(api, "tools", "a", &json!({})).0, "maintenance");
            }
            assert_eq!(fate()["fate"], "maintenance", "it goes on: it is heard of again and again");
            pass(api, 11);
            assert_eq!(
                (&fate()["fate"], &fate()["because"]),
                (&json!("transient"), &json!("not_heard_of")),
                "{during}"
            );
            say(api, "lasting", "b", &json!({}));
            pass(api, 11);
            assert_eq!(open(api), Some(usize::from(during == "hold")), "only what lasts until it is called over");
            assert_eq!(say(api, "tools", "a", &json!({})).0, "opened", "afterwards it is another matter");
        });
    }
}

#[test]
fn a_window_that_is_taken_back_has_ended_and_one_that_is_prolonged_goes_on() {
    let api = Api::new();
    api.extend(&window(""));
    say(&api, "tools", "a", &json!({}));
    api.extend(&window("").replace("duration_minutes = 60", "duration_minutes = 120"));
    pass(&api, 90);
    assert_eq!(open(&api), Some(0));
    api.extend(&lines(""));
    pass(&api, 0);
    assert_eq!(open(&api), Some(1));
}

#[test]
fn what_its_service_holds_is_held_as_long_though_a_window_is_changed_meanwhile() {
    let api = Api::new();
    let patient = "[[service]]\nname = \"patient\"\nescalation_policy = \"primary\"\nhold_seconds = 120\n\
        [[integration]]\nname = \"held\"\nkind = \"generic\"\nservice = \"patient\"\n";
    api.extend(&lines(patient));
    assert_eq!(say(&api, "held", "a", &json!({})).0, "held");
    pass(&api, 1);
    api.extend(&window(patient));
    pass(&api, 0);
    assert_eq!(open(&api), Some(0));
    let fate = api.get("/v1/alerts")[0].clone();
    assert_eq!((&fate["fate"], &fate["fate_at"]), (&json!("held"), &fate["received_at"]));
    pass(&api, 1);
    assert_eq!(open(&api), Some(1));
}

#[test]
fn a_window_comes_again_by_its_rule() {
    let api = Api::new();
    api.extend(&window("rrule = \"FREQ=WEEKLY;BYDAY=WE\"\nexdates = [\"2021-05-12\"]"));
    assert_eq!(say(&api, "tools", "a", &json!({})).0, "maintenance");
    say(&api, "tools", "a", &json!({"status": "ok"}));
    for (week, fate) in [(1, "opened"), (2, "maintenance")] {
        pass(&api, 7 * 24 * 60);
        assert_eq!(say(&api, "tools", &format!("in week {week}"), &json!({})).0, fate, "{week}");
    }
}

#[test]
fn the_times_of_a_window_are_told() {
    let api = Api::new();
    api.extend(&window("rrule = \"FREQ=WEEKLY;BYDAY=WE\"\nexdates = [\"2021-05-12\"]"));
    let told = |query: &str| {
        let list = api.get(&format!("/v1/maintenance-windows/move/occurrences{query}"));
        let list = list.as_array().expect("a list").iter();
        list.map(|one| (one["from"].clone(), one["until"].clone())).collect::<Vec<_>>()
    };
    let times = |day: &str| (json!(format!("{day}T17:00:00.000000")), json!(format!("{day}T18:00:00.000000")));
    assert_eq!(
        told(""),
        ["2021-05-05", "2021-05-19", "2021-05-26", "2021-06-02"].map(times),
        "four weeks, with those at both ends"
    );
    assert_eq!(told("?from=2021-05-05T18:00:00&until=2021-05-19T17:00:00"), []);
    assert_eq!(told("?from=2021-05-19T17:59:00&until=2021-05-19T19:00:00"), [times("2021-05-19")]);
    let path = "/v1/maintenance-windows/none/occurrences";
    api.send(Call::get(path).key(&api.key)).refused(404, "unknown_component");
}

/// What was changed, the first first: when, what, of which service and by which integration, and by which window.
fn changes(api: &Api, query: &str) -> Vec<[Value; 5]> {
    let listed = api.get(&format!("/v1/change-events{query}"));
    let fields = |event: &Value| {
        let [service, window] = ["service", "maintenance_window"].map(|name| event[name][0].clone());
        [event["occurred_at"].clone(), event["summary"].clone(), service, event["integration"].clone(), window]
    };
    listed.as_array().expect("a list").iter().rev().map(fields).collect()
}

#[test]
fn a_window_begins_and_ends_once_among_what_was_changed_on_its_service() {
    // It begins three minutes after the test does, for 20 minutes.
    let later = window("").replace("19:00", "19:23").replace("= 60", "= 20");
    on_both(&later, |api| {
        let incident = api.deliver("tools", &json!({"id": "a", "title": "a is down"})).ok();
        let incident = incident["alerts"][0]["instance_id"].as_i64().expect("a number");
        pass(api, 0);
        assert_eq!(changes(api, ""), Vec::<[Value; 5]>::new());
        for _ in 0..30 {
            pass(api, 1);
        }
        let said = |minute: &str, what: &str| {
            let (at, summary) = (format!("2021-05-05T17:{minute}"), format!("Maintenance {what}: move"));
            [json!(at), json!(summary), json!("shop"), Value::Null, json!("move")]
        };
        let told = changes(api, "?service=shop");
        assert_eq!(told, [said("23:14.343825", "began"), said("43:00.000000", "ended")]);
        assert_eq!(changes(api, &format!("?instance_id={incident}")), told, "beside what it kept back");
        assert_eq!(changes(api, "?integration=tools"), Vec::<[Value; 5]>::new());
        let events = api.get("/v1/change-events");
        assert_eq!(
            events[1]["text"],
            "Alerts open no incident until 2021-05-05 17:43 UTC; what still fires then opens one."
        );
        assert_eq!((&events[0]["integration_ref_id"], &events[0]["source"]), (&Value::Null, &Value::Null));
    });
}

#[test]
fn a_window_that_is_made_or_taken_back_in_its_middle_begins_and_ends_then_and_keeps_its_name() {
    let api = Api::new();
    api.extend(&lines(""));
    pass(&api, 1);
    api.extend(&window("").replace("services = [\"shop\"]", "integrations = [\"tools\"]"));
    pass(&api, 1);
    pass(&api, 5);
    api.extend(&lines(""));
    pass(&api, 1);
    let said = |minute: &str, what: &str| {
        let (at, summary) = (format!("2021-05-05T17:{minute}:14.343825"), format!("Maintenance {what}: move"));
        [json!(at), json!(summary), json!("shop"), json!("tools"), json!("move")]
    };
    assert_eq!(changes(&api, ""), [said("22", "began"), said("28", "ended")]);
}

#[test]
fn metrics_tell_which_windows_are_on_and_how_much_they_keep_back() {
    let api = Api::new();
    api.extend(&window(""));
    pass(&api, 0);
    let id = api.ref_id("maintenance-windows", "move");
    let told = |name: &str| {
        let text = api.send(Call::get("/metrics")).text().to_owned();
        let line = text.lines().find(|line| line.starts_with(name) && line.contains(&format!("window=\"{id}\"")));
        line.and_then(|line| line.rsplit_once(' ')).map(|(_, value)| value.to_owned())
    };
    let (kept, on) = ("reveille_maintenance_alerts_total{", "reveille_maintenance_windows{");
    assert_eq!((told(on).as_deref(), told(kept)), (Some("1"), None));
    for (alert, text) in [("a", "hot"), ("b", "hot"), ("a", "hotter")] {
        say(&api, "tools", alert, &json!({"text": text}));
    }
    assert_eq!(told(kept).as_deref(), Some("3"));
    pass(&api, 40);
    assert_eq!((told(on), told(kept).as_deref()), (None, Some("3")), "it is over, and what was counted stays");
}

/// Who was paged since the last look.
fn paged(api: &Api) -> usize {
    let sent = std::mem::take(&mut *api.sent.lock().expect("no panic"));
    sent.iter().filter(|message| message.payload["type"] == "incident.page").count()
}

fn events(api: &Api, incident: i64) -> Vec<(Value, Value)> {
    let details = api.details(incident);
    let events = details["events"].as_array().expect("events").iter();
    let log = |event: &Value| serde_json::from_str(event["event_log"].as_str().expect("a text")).expect("JSON");
    events.map(|event| (event["event_type"].clone(), log(event))).collect()
}

#[test]
fn what_was_open_before_pages_nobody_while_it_lasts_and_asks_the_same_level_at_its_end() {
    // It begins three minutes after the test does, for 20 minutes.
    let later = window("").replace("19:00", "19:23").replace("= 60", "= 20");
    on_both(&later, |api| {
        let made = api.deliver("tools", &json!({"id": "a", "title": "a is down"})).ok();
        let incident = made["alerts"][0]["instance_id"].as_i64().expect("a number");
        api.beat();
        assert!(paged(api) >= 1);
        pass(api, 4);
        pass(api, 10);
        assert_eq!(paged(api), 0, "{:?}", events(api, incident));
        let (last, log) = events(api, incident).pop().expect("one");
        assert_eq!((&last, &log["maintenance"]), (&json!("SNOOZE"), &json!("move")), "{log}");
        assert_eq!(log["next_alert_timestamp"], "2021-05-05T17:43:00.000000");
        let level = api.details(incident)["assignee_level"].clone();
        // Taken back, it has ended.
        api.extend(&lines(""));
        pass(api, 0);
        assert!(paged(api) >= 1, "{:?}", events(api, incident));
        let (last, log) = events(api, incident).pop().expect("one");
        assert_eq!((&last, &log["after_maintenance"]), (&json!("DISPATCH"), &json!("move")), "{log}");
        assert_eq!(api.details(incident)["assignee_level"], level, "the level that was asked before");
    });
}

#[test]
fn what_was_open_when_a_window_was_made_pages_nobody_though_the_window_says_that_it_began_earlier() {
    on_both(&lines(""), |api| {
        api.deliver("tools", &json!({"id": "a", "title": "a is down"})).ok();
        pass(api, 2);
        assert!(paged(api) >= 1);
        let late = json!({"name": "late", "services": ["shop"], "starts": "2021-05-05T17:00:00", "duration_minutes": 60, "timezone": "UTC"});
        api.send(Call::post("/v1/maintenance-windows").key(&api.key).json(&late)).ok();
        pass(api, 34);
        assert_eq!(paged(api), 0);
        pass(api, 4);
        assert!(paged(api) >= 1);
    });
}

#[test]
fn a_page_that_was_to_be_sent_in_a_window_is_kept_back_at_the_moment_of_sending() {
    let later = window("").replace("19:00", "19:21").replace("= 60", "= 20");
    on_both(&later, |api| {
        let made = api.deliver("tools", &json!({"id": "a", "title": "a is down"})).ok();
        let incident = made["alerts"][0]["instance_id"].as_i64().expect("a number");
        // Nobody looked since: what is due is sent only now.
        api.clock.advance(MINUTE);
        api.beat();
        assert_eq!(paged(api), 0, "{:?}", events(api, incident));
        assert_eq!(events(api, incident).pop().expect("one").0, "SNOOZE");
        pass(api, 20);
        assert!(paged(api) >= 1, "{:?}", events(api, incident));
    });
}
