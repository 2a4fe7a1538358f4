//! Many alerts at once, alerts that belong together, alerts that come and go, and alerts that are not heard of again.

use checks::{Api, Call};
use serde_json::{Value, json};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;

/// An organization whose integrations group, or give up what they do not hear of.
const LINES: &str = r#"
[[service]]
name = "shop"
escalation_policy = "primary"

[[integration]]
name = "grouped"
kind = "generic"
service = "shop"
group_by = { fields = ["label:team"], minutes = 10 }

[[integration]]
name = "silent"
kind = "generic"
service = "shop"
resolve_after_minutes = 30

[[service]]
name = "patient"
escalation_policy = "primary"
hold_seconds = 60

[[integration]]
name = "held"
kind = "generic"
service = "patient"

[[integration]]
name = "flood"
kind = "alertmanager"
service = "shop"
"#;

fn api() -> Api {
    let api = Api::new();
    api.extend(LINES);
    api
}

fn on_both(body: impl Fn(&Api)) {
    Api::reached_on_both(|api| {
        api.extend(LINES);
        body(api);
    });
}

fn taken(api: &Api, integration: &str, body: &Value) -> (String, Value, Value) {
    let answer = api.deliver(integration, body).ok();
    let alert = &answer["alerts"][0];
    (alert["fate"].as_str().expect("a fate").to_owned(), alert["because"].clone(), alert["instance_id"].clone())
}

fn of_team(id: &str, team: &str, severity: &str) -> Value {
    json!({"id": id, "title": format!("{id} is down"), "severity": severity, "labels": {"team": team}})
}

fn events(api: &Api, id: &Value, kind: &str) -> usize {
    let details = api.details(id.as_i64().expect("a number"));
    let events = details["events"].as_array().expect("events").clone();
    events.iter().filter(|event| event["event_type"] == kind).count()
}

#[test]
fn alerts_that_belong_together_are_one_incident_that_ends_with_the_last() {
    on_both(|api| {
        let (opened, _, id) = taken(api, "grouped", &of_team("a", "db", "low"));
        assert_eq!(opened, "opened", "the first is never delayed");
        let grouped = ("grouped".to_owned(), json!("group_by"), id.clone());
        api.clock.advance(9 * MINUTE);
        assert_eq!(taken(api, "grouped", &of_team("b", "db", "low")), grouped);
        assert_eq!(taken(api, "grouped", &of_team("x", "web", "low")).0, "opened", "another team is another matter");
        api.clock.advance(9 * MINUTE);
        assert_eq!(taken(api, "grouped", &of_team("c", "db", "critical")), grouped, "from the last one on");
        let details = api.details(id.as_i64().expect("a number"));
        assert_eq!(details["task"]["urgency_level"], 5, "it is as loud as its loudest");
        assert_eq!(events(api, &id, "NOTATE"), 2, "how many came is said, a minute apart");
        let alerts = api.ok("alerts", &json!({"instance_id": id}));
        let how: Vec<_> = alerts.as_array().expect("a list").iter().map(|alert| alert["status"].clone()).collect();
        assert_eq!(how, ["GROUPED", "GROUPED", "TRIGGERED"]);
        for (member, remain) in [("a", "2 remain"), ("c", "1 remain"), ("b", "ended")] {
            let over = json!({"id": member, "status": "ok"});
            assert_eq!(taken(api, "grouped", &over), ("resolved".to_owned(), json!(remain), id.clone()));
        }
        api.clock.advance(SECOND);
        let (opened, _, other) = taken(api, "grouped", &of_team("a", "db", "low"));
        assert!(opened == "opened" && other != id, "a group whose incident is over takes no more");
        api.clock.advance(10 * MINUTE);
        assert_eq!(taken(api, "grouped", &of_team("b", "db", "low")).0, "opened", "nor does one after its minutes");
    });
}

#[test]
fn alerts_are_listed_by_the_service_of_their_incident_or_else_of_their_integration() {
    on_both(|api| {
        let (_, _, id) = taken(api, "silent", &json!({"id": "a", "title": "a is down"}));
        taken(api, "silent", &json!({"id": "b", "status": "ok"}));
        taken(api, "held", &json!({"id": "c", "title": "c is down", "severity": "critical"}));
        api.clock.advance(SECOND);
        taken(api, "silent", &json!({"id": "a", "status": "ok"}));
        let told = |query: &str| {
            let list = api.get(&format!("/v1/alerts?{query}"));
            let list = list.as_array().expect("a list").iter();
            list.map(|alert| alert["fate"].as_str().expect("a fate").to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told("service=shop").split(' ').count(), 3, "{}", told("service=shop"));
        assert!(told("service=shop").starts_with("resolved "), "the newest first: {}", told("service=shop"));
        assert_eq!(told("service=patient"), "opened");
        assert_eq!(told(&format!("service={}", api.ref_id("services", "patient"))), "opened");
        assert_eq!(told("service=shop&fate=ignored"), "ignored");
        assert_eq!(told("service=shop&integration=held"), "");
        assert_eq!(told(&format!("service=shop&instance_id={id}")), "resolved opened");
        assert_eq!(told(&format!("service=patient&instance_id={id}")), "");
        assert_eq!(told("service=patient&identity=c"), "opened");
        let page = api.send(Call::get("/v1/alerts?service=shop&limit=1").key(&api.key));
        let next = page.header("link").split(['<', '>']).nth(1).expect("a link").to_owned();
        assert_eq!(api.get(&next).as_array().map(Vec::len), Some(1), "{next}");
        assert!(next.contains("service=shop"), "{next}");
        let asked = api.send(Call::post("/v1/alerts/list").key(&api.key).json(&json!({"service": "patient"}))).ok();
        assert_eq!(asked.as_array().map(Vec::len), Some(1));
        api.send(Call::get("/v1/alerts?service=none").key(&api.key)).refused(404, "unknown_component");
    });
}

#[test]
fn one_sender_of_a_group_is_found_though_the_pages_before_it_are_of_others() {
    on_both(|api| {
        let (_, _, id) = taken(api, "grouped", &of_team("a", "db", "low"));
        for member in ["b", "c", "d", "e"] {
            api.clock.advance(SECOND);
            assert_eq!(taken(api, "grouped", &of_team(member, "db", "low")).0, "grouped");
        }
        let found = api.get(&format!("/v1/alerts?instance_id={id}&identity=a&limit=1"));
        assert_eq!((found[0]["fate"].as_str(), found[1].is_null()), (Some("opened"), true), "{found}");
        assert_eq!(api.get(&format!("/v1/alerts?instance_id={id}&integration=flood&limit=1")), json!([]));
    });
}

#[test]
fn two_thousand_alerts_in_a_minute_are_sixty_incidents_and_one_storm() {
    let api = api();
    let alert = |state: &str, number: usize| {
        let labels = json!({"alertname": "Down", "instance": format!("host-{number}")});
        json!({"status": state, "labels": labels, "fingerprint": format!("{number:016x}")})
    };
    let body = |state: &str, from: usize| {
        let alerts: Vec<_> = (from..from + 200).map(|number| alert(state, number)).collect();
        json!({"version": "4", "status": state, "groupKey": "{}", "alerts": alerts})
    };
    for from in (0..2_000).step_by(200) {
        api.deliver("flood", &body("firing", from)).ok();
        api.clock.advance(6 * SECOND);
    }
    let count = |fate: &str| {
        let mut path = Some(format!("/v1/alerts?limit=5000&fate={fate}"));
        let mut count = 0;
        while let Some(next) = path {
            let page = api.send(Call::get(&next).key(&api.key));
            count += page.ok().as_array().expect("a list").len();
            path = page.header("link").split(['<', '>']).nth(1).map(str::to_owned);
        }
        count
    };
    assert_eq!((count("opened"), count("grouped")), (61, 1_939), "each has its fate");
    let open = api.get("/list/incidents?limit=5000");
    assert_eq!(open.as_array().map(Vec::len), Some(61));
    let storm = open.as_array().expect("a list").iter().find(|item| item["name"].to_string().contains("Storm"));
    let storm = storm.expect("a storm")["instance_id"].clone();
    api.clock.advance(MINUTE);
    api.beat();
    let title = api.details(storm.as_i64().expect("a number"))["task"]["task_title"].to_string();
    assert!(title.starts_with("\"Storm of 1940 alerts on shop"), "{title}, though nothing more came");
    api.deliver("flood", &body("firing", 2_000)).ok();
    for from in (0..2_200).step_by(200) {
        api.clock.advance(SECOND);
        api.deliver("flood", &body("resolved", from)).ok();
    }
    assert_eq!(api.get("/list/incidents"), json!([]), "all is over when each is");
}

#[test]
fn more_in_a_minute_than_an_integration_says_is_one_storm_though_its_service_takes_more() {
    let api = Api::new();
    let limited = "[[integration]]\nname = \"chatty\"\nkind = \"generic\"\nservice = \"shop\"\nalerts_per_minute = 3\n";
    api.extend(&[LINES, limited].concat());
    let fate = |integration: &str, id: usize| {
        taken(&api, integration, &json!({"id": id.to_string(), "title": format!("{id} is down")}))
    };
    let told: Vec<_> = (0..6).map(|id| fate("chatty", id)).map(|(fate, because, _)| (fate, because)).collect();
    let (opened, storm) = (("opened".to_owned(), Value::Null), ("grouped".to_owned(), json!("storm")));
    assert_eq!(told, [&opened, &opened, &opened, &opened, &storm, &storm].map(Clone::clone));
    assert_eq!(fate("silent", 9).0, "opened", "others on the service are not meant");
    let titles = api.get("/list/incidents");
    let is_storm = |item: &&Value| item["name"].as_str().is_some_and(|name| name.starts_with("Storm on chatty"));
    assert_eq!(titles.as_array().expect("a list").iter().filter(is_storm).count(), 1, "{titles}");
}

#[test]
fn what_comes_and_goes_too_often_stays_open_until_it_is_quiet() {
    on_both(|api| {
        let (down, up) = (json!({"id": "a", "title": "a is down"}), json!({"id": "a", "status": "ok"}));
        let mut told = Vec::new();
        for _ in 0..4 {
            told.push(taken(api, "silent", &down).0);
            api.clock.advance(MINUTE);
            told.push(taken(api, "silent", &up).0);
            api.clock.advance(MINUTE);
        }
        let calm = ["opened", "resolved", "opened", "resolved", "opened", "resolved", "opened", "flapping"];
        assert_eq!(told, calm);
        let id = api.get("/list/incidents")[0]["instance_id"].clone();
        let title = || api.details(id.as_i64().expect("a number"))["task"]["task_title"].clone();
        assert_eq!(title(), "Flapping: a is down");
        api.clock.advance(10 * MINUTE);
        api.beat();
        assert_eq!(taken(api, "silent", &down).0, "flapping");
        assert_eq!(taken(api, "silent", &up).0, "flapping");
        api.clock.advance(14 * MINUTE);
        api.beat();
        assert_eq!(api.get("/list/incidents").as_array().map(Vec::len), Some(1));
        api.clock.advance(MINUTE);
        api.beat();
        let details = api.details(id.as_i64().expect("a number"));
        assert_eq!(
            (&details["status"], title()),
            (&json!("RESOLVED"), json!("a is down")),
            "it was over when it got quiet"
        );
        assert_eq!(api.get("/v1/alerts")[0]["because"], "quiet, ended");
    });
}

#[test]
fn what_flapped_and_was_left_firing_is_over_when_it_is_not_heard_of_again() {
    on_both(|api| {
        let (down, up) = (json!({"id": "a", "title": "a is down"}), json!({"id": "a", "status": "ok"}));
        for body in [&down, &up, &down, &up, &down, &up, &down] {
            taken(api, "silent", body);
            api.clock.advance(MINUTE);
        }
        let id = api.get("/list/incidents")[0]["instance_id"].clone();
        let stand = || {
            let details = api.details(id.as_i64().expect("a number"));
            (details["task"]["task_title"].clone(), details["status"].clone())
        };
        assert_eq!(stand(), (json!("Flapping: a is down"), json!("OPEN")));
        for (minutes, title, status) in
            [(14, "a is down", "OPEN"), (14, "a is down", "OPEN"), (1, "a is down", "RESOLVED")]
        {
            api.clock.advance(minutes * MINUTE);
            api.beat();
            assert_eq!(stand(), (json!(title), json!(status)));
        }
        let fate = &api.get("/v1/alerts")[0];
        assert_eq!((&fate["fate"], &fate["because"]), (&json!("resolved"), &json!("not_heard_of, ended")));
    });
}

#[test]
fn what_came_back_louder_while_it_flapped_is_as_loud_once_it_is_quiet() {
    on_both(|api| {
        let say = |status: &str, severity: &str| {
            api.clock.advance(MINUTE);
            let body = json!({"id": "a", "title": "a is down", "status": status, "severity": severity});
            let (fate, _, id) = taken(api, "silent", &body);
            (fate, id.as_i64().map_or(Value::Null, |id| api.details(id)["task"]["urgency_level"].clone()))
        };
        ["firing", "ok"].repeat(4).iter().for_each(|status| drop(say(status, "warning")));
        assert_eq!(say("firing", "critical"), ("flapping".to_owned(), json!(3)));
        api.clock.advance(15 * MINUTE);
        api.beat();
        assert_eq!(say("firing", "critical"), ("joined".to_owned(), json!(5)));
    });
}

#[test]
fn a_service_says_itself_how_often_is_too_often() {
    let api = Api::new();
    let own = "flap_changes = 2\nflap_quiet_minutes = 5\n";
    api.extend(&LINES.replace("name = \"shop\"\n", &format!("name = \"shop\"\n{own}")));
    let (down, up) = (json!({"id": "a", "title": "a is down"}), json!({"id": "a", "status": "ok"}));
    let told = [&down, &up, &down, &up].map(|body| {
        api.clock.advance(MINUTE);
        taken(&api, "silent", body).0
    });
    assert_eq!(told, ["opened", "resolved", "opened", "flapping"]);
    for (minutes, open) in [(4, 1), (1, 0)] {
        api.clock.advance(minutes * MINUTE);
        api.beat();
        assert_eq!(api.get("/list/incidents").as_array().map(Vec::len), Some(open));
    }
    let wrong = json!({"name": "other", "escalation_policy": "primary", "flap_minutes": 1_441});
    api.send(Call::post("/v1/services").key(&api.key).json(&wrong)).refused(400, "invalid_fields");
}

#[test]
fn an_alert_that_may_be_over_by_itself_waits_and_opens_with_all_that_was_said() {
    on_both(|api| {
        let down = |severity: &str| json!({"id": "a", "title": "a is down", "severity": severity});
        let open = || api.get("/list/incidents").as_array().map(Vec::len);
        let first = api.deliver("held", &down("warning")).ok()["alerts"][0].clone();
        assert_eq!((&first["fate"], &first["instance_id"]), (&json!("held"), &Value::Null));
        api.clock.advance(30 * SECOND);
        assert_eq!(taken(api, "held", &json!({"id": "a", "status": "ok"})).0, "transient");
        let fate = |id: &Value| api.get(&format!("/v1/alerts/{}", id.as_str().expect("an id")));
        assert_eq!(fate(&first["alert_id"])["fate"], "transient");
        api.clock.advance(MINUTE);
        api.beat();
        assert_eq!(open(), Some(0), "nobody hears of it");

        let first = api.deliver("held", &down("warning")).ok()["alerts"][0].clone();
        api.clock.advance(59 * SECOND);
        assert_eq!(taken(api, "held", &down("high")).0, "held", "no repeat puts it off");
        api.beat();
        assert_eq!(open(), Some(0));
        api.clock.advance(SECOND);
        api.beat();
        assert_eq!(open(), Some(1));
        let told = fate(&first["alert_id"]);
        let details = api.details(told["instance_id"].as_i64().expect("an incident"));
        assert_eq!((&told["fate"], &details["task"]["urgency_level"]), (&json!("opened"), &json!(4)));
        let times = ["received_at", "fate_at"].map(|name| told[name].as_str().expect("a time").to_owned());
        assert_eq!(times.each_ref().map(|at| &at[11..19]), ["17:21:44", "17:22:44"], "since when it is so is told");
        assert_eq!(taken(api, "held", &json!({"id": "a", "status": "ok"})).1, "ended");

        api.clock.advance(SECOND);
        assert_eq!(taken(api, "held", &json!({"id": "b", "title": "b", "severity": "critical"})).0, "opened");
        let c = |severity: &str| json!({"id": "c", "title": "c", "severity": severity});
        let first = api.deliver("held", &c("low")).ok()["alerts"][0].clone();
        assert_eq!(first["fate"], "held");
        assert_eq!(taken(api, "held", &c("critical")).0, "opened");
        assert_eq!(fate(&first["alert_id"])["fate"], "opened");
    });
}

#[test]
fn what_is_not_heard_of_again_is_over() {
    on_both(|api| {
        let down = json!({"id": "a", "title": "a is down"});
        let (_, _, id) = taken(api, "silent", &down);
        api.clock.advance(29 * MINUTE);
        api.beat();
        assert_eq!(taken(api, "silent", &down).0, "joined", "it counts from the last word");
        api.clock.advance(29 * MINUTE);
        api.beat();
        assert_eq!(api.details(id.as_i64().expect("a number"))["status"], "OPEN");
        api.clock.advance(MINUTE);
        api.beat();
        assert_eq!(api.details(id.as_i64().expect("a number"))["status"], "RESOLVED");
        let fate = &api.get("/v1/alerts")[0];
        assert_eq!((&fate["fate"], &fate["because"]), (&json!("resolved"), &json!("not_heard_of, ended")));
    });
}

#[test]
fn an_alert_by_hand_that_does_not_say_until_when_counts_for_five_minutes() {
    let api = api();
    let path = format!("{}/api/v2/alerts", api.intake_path("flood"));
    let say = || api.send(Call::post(&path).json(&json!([{"labels": {"alertname": "ByHand"}}]))).ok();
    let open = || api.get("/list/incidents").as_array().map(Vec::len);
    say();
    api.clock.advance(4 * MINUTE);
    say();
    api.clock.advance(5 * MINUTE - 1);
    api.beat();
    assert_eq!(open(), Some(1));
    api.clock.advance(1);
    api.beat();
    assert_eq!(open(), Some(0));
}

#[test]
fn prometheus_says_itself_until_when_an_alert_counts() {
    let api = api();
    let path = format!("{}/api/v2/alerts", api.intake_path("flood"));
    let alert = |ends_at: &str| json!([{"labels": {"alertname": "Down"}, "annotations": {}, "startsAt": "2021-05-05T17:20:00Z", "endsAt": ends_at}]);
    for ends_at in ["2021-05-05T17:24:00Z", "2021-05-05T17:25:00Z"] {
        assert_eq!(api.send(Call::post(&path).json(&alert(ends_at))).ok(), json!({}));
        api.clock.advance(MINUTE);
    }
    let open = || api.get("/list/incidents").as_array().map(Vec::len);
    assert_eq!(open(), Some(1));
    api.clock.advance(3 * MINUTE);
    api.beat();
    assert_eq!(open(), Some(1), "17:25:14, and half a minute is given");
    api.clock.advance(16 * SECOND);
    api.beat();
    assert_eq!(open(), Some(0));
    api.send(Call::get(&path.replace("alerts", "status"))).ok();
}
