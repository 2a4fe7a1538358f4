//! What is asked of alerts.

use super::{Client, GENIE};
use checks::{Api, Call};
use serde_json::{Value, json};

fn done(status: &str) -> (bool, String) {
    (true, status.to_owned())
}

fn failed(status: &str) -> (bool, String) {
    (false, status.to_owned())
}

#[test]
fn what_is_asked_of_an_alert_is_done_to_its_incident() {
    Api::reached_on_both(|api| {
        let client = Client::of(api);
        let id = client.create("disk", &json!({"tags": ["db"], "details": {"host": "db-1", "region": "Oslo"}}));
        let alert = || client.get("/v2/alerts/disk?identifierType=alias")["data"].clone();
        let by =
            |action: &str, body: &Value| client.post(&format!("/v2/alerts/disk/{action}?identifierType=alias"), body);
        let incident = || api.details(id);
        let last = || incident()["events"].as_array().expect("events").last().expect("one").clone();

        assert_eq!(by("acknowledge", &json!({"user": "ben@example.com", "note": "on it"})), done("Acknowledged alert"));
        assert_eq!(last()["event_by"], "Ben Bauer");
        assert_eq!(by("acknowledge", &json!({"user": "x"})), done("Alert is already acknowledged"));
        assert_eq!(by("unacknowledge", &json!({})), done("Unacknowledged alert"));
        assert_eq!(by("unacknowledge", &json!({})), done("Alert is already unacknowledged"));

        assert_eq!(by("tags", &json!({"tags": "hot,db"})), done("Added tags"));
        assert_eq!(alert()["tags"], json!(["db", "hot"]));
        let remove = Call::new("DELETE", "/v2/alerts/disk/tags?identifierType=alias&tags=db,never");
        assert_eq!(client.done(remove), done("Removed tags"));
        assert_eq!(alert()["tags"], json!(["hot"]));

        assert_eq!(by("details", &json!({"details": {"host": "db-2", "rack": 7}})), done("Added details"));
        assert_eq!(alert()["details"], json!({"host": "db-2", "rack": "7", "region": "Oslo"}));
        let remove = Call::new("DELETE", "/opsgenie/v2/alerts/disk/details/?identifierType=alias&keys=rack,region");
        assert_eq!(client.done(remove), done("Removed details"));
        assert_eq!(alert()["details"], json!({"host": "db-2"}));

        assert_eq!(by("escalate", &json!({"escalation": {"name": "payments"}})), done("Escalated alert"));
        assert_eq!(alert()["responders"][1]["name"], "payments");
        assert_eq!(by("escalate", &json!({})), done("Escalated alert"));
        assert_eq!(last()["event_type"], "ESCALATE");
        assert_eq!(by("assign", &json!({"owner": {"username": "cho@example.com"}})), done("Assigned alert"));
        assert_eq!(alert()["owner"], "cho");
        assert_eq!(
            by("responders", &json!({"responder": {"type": "user", "username": "dee"}})),
            done("Added responder")
        );
        assert_eq!(by("teams", &json!({"team": {"name": "platform"}})), done("Added team"));
        let named: Vec<_> = alert()["responders"].as_array().expect("a list").clone();
        let named: Vec<_> = named.iter().map(|one| one["username"].as_str().expect("a user")).collect();
        assert_eq!(named, ["cho", "dee", "ana", "ben"]);

        let until = "2021-05-05T20:20:14Z";
        assert_eq!(by("snooze", &json!({"endTime": until})), done("Snoozed alert"));
        assert_eq!((&last()["event_type"], &alert()["snoozed"]), (&json!("SNOOZE"), &json!(true)));
        let snoozed_until = alert()["snoozedUntil"].as_str().expect("a time").to_owned();
        assert!(snoozed_until.as_str() >= &until[..19], "nobody is asked before the time: {snoozed_until}");

        let priority =
            Call::new("PUT", "/v2/alerts/disk/priority?identifierType=alias").json(&json!({"priority": "P4"}));
        assert_eq!(client.done(priority), done("Updated priority"));
        assert_eq!((&alert()["priority"], &incident()["task"]["urgency_level"]), (&json!("P4"), &json!(2)));
        let message = Call::new("PUT", "/v2/alerts/disk/message?identifierType=alias").json(&json!({}));
        assert_eq!(client.done(message), done("Updated alert"));

        let (success, status) = by("actions/restart", &json!({"user": "x", "note": "please"}));
        assert!(success && status.contains("not known here"), "{status}");
        assert!(last()["event_log"].as_str().is_some_and(|log| log.contains("action restart")), "{}", last());
        let tiny = alert()["tinyId"].as_str().expect("a number").to_owned();
        assert_eq!(client.get(&format!("/v2/alerts/{tiny}?identifierType=tiny"))["data"]["alias"], "disk");
        let delete = Call::new("DELETE", &format!("/v2/alerts/{tiny}?identifierType=tiny"));
        assert_eq!(client.done(delete), done("Closed alert"));
        assert_eq!((&alert()["status"], &incident()["status"]), (&json!("closed"), &json!("RESOLVED")));
        assert_eq!(alert()["snoozed"], false);
        let log = incident()["events"].to_string();
        assert!(
            log.contains("ben@example.com: on it") && log.contains("x: please") && log.contains("deleted the alert"),
            "{log}"
        );
    });
}

#[test]
fn what_cannot_be_done_is_taken_and_told_by_the_status_of_its_request() {
    let api = Api::new();
    let client = Client::of(&api);
    let body = json!({"tags": ["x"], "owner": {"username": "nobody"}, "endTime": "2021-05-05T20:20:14Z", "note": "n",
        "details": {"a": "b"}, "responder": {"name": "ben"}, "team": {"name": "platform"}});
    let actions = [
        "acknowledge",
        "unacknowledge",
        "notes",
        "tags",
        "details",
        "snooze",
        "escalate",
        "assign",
        "responders",
        "teams",
    ];
    for action in actions.into_iter().chain(["actions/restart", "close"]) {
        let told = client.post(&format!("/v2/alerts/never/{action}"), &body);
        assert_eq!(told, failed("There is no open alert"), "{action}");
    }
    let id = client.create("disk", &json!({}));
    let by = |action: &str, body: &Value| client.post(&format!("/v2/alerts/disk/{action}?identifierType=alias"), body);
    assert_eq!(by("assign", &body), failed("Alert was not changed: owner: nobody here is called nobody"));
    let stranger = json!({"responder": {"type": "team", "name": "strangers"}});
    assert_eq!(
        by("responders", &stranger),
        failed("Alert was not changed: responders: nobody here is called strangers")
    );
    for _ in 0..2 {
        assert!(
            by("escalate", &json!({"escalation": {"name": "strangers"}})).0,
            "the next level is asked all the same"
        );
    }
    let (success, status) = by("escalate", &json!({}));
    assert!(!success && status.contains("no further level"), "{status}");
    let many: Vec<_> = (0..50).map(|number| format!("tag {number}")).collect();
    assert!(by("tags", &json!({"tags": many})).0);
    assert_eq!(
        by("tags", &json!({"tags": ["one more"]})),
        failed("Alert was not changed: tags: at most 50 on an incident")
    );
    by("close", &json!({}));
    let events = api.details(id)["events"].clone();
    for action in actions {
        assert_eq!(by(action, &body), failed("There is no open alert"), "{action}");
    }
    assert_eq!(by("close", &body).1, "Alert is already closed");
    assert_eq!(api.details(id)["events"], events, "what is over stays as it is");
}

#[test]
fn a_body_that_lacks_what_an_action_needs_is_refused_and_changes_nothing() {
    let api = Api::new();
    let client = Client::of(&api);
    let id = client.create("disk", &json!({}));
    let before = api.details(id);
    let table = [
        ("tags", json!({}), "tags"),
        ("details", json!({"details": {}}), "details"),
        ("snooze", json!({}), "endTime"),
        ("snooze", json!({"endTime": "2021-05-05T17:20:13Z"}), "endTime"),
        ("snooze", json!({"endTime": "2021-06-05T17:20:13Z"}), "endTime"),
        ("assign", json!({"owner": {}}), "owner"),
        ("responders", json!({"responder": {"type": "user"}}), "responder"),
        ("teams", json!({}), "team"),
    ];
    for (action, body, field) in table {
        let errors =
            client.unprocessable(Call::post(&format!("/v2/alerts/disk/{action}?identifierType=alias")).json(&body));
        assert!(errors[field].is_string(), "{action}: {errors}");
    }
    for path in ["/v2/alerts/disk/tags?identifierType=alias", "/v2/alerts/disk/details?identifierType=alias&keys=,"] {
        client.unprocessable(Call::new("DELETE", path));
    }
    let errors = client.unprocessable(Call::get("/v2/alerts/disk?identifierType=name"));
    assert_eq!(errors["identifierType"], "must be id, tiny or alias");
    assert_eq!(api.details(id), before);
    let payloads = api.get(&format!("/v1/integrations/{}/payloads", api.ref_id("integrations", GENIE)));
    assert_eq!(payloads[0]["is_read"], false, "whoever sets up the sender can look at what was wrong");
}

#[test]
fn responders_of_an_alert_are_asked_beside_those_of_its_integration() {
    Api::reached_on_both(|api| {
        let client = Client::of(api);
        let responders = json!([
            {"type": "escalation", "name": "payments"},
            {"type": "user", "username": "dee@example.com"},
            {"type": "team", "name": "management"},
            {"type": "schedule", "name": "payments"},
            {"type": "team", "name": "strangers"},
            {"type": "user"},
        ]);
        let id = client.create("disk", &json!({"responders": responders}));
        let shown = client.get("/v2/alerts/disk?identifierType=alias")["data"]["responders"].clone();
        let named = |one: &Value| one.get("name").or(one.get("username")).expect("a name").clone();
        let named: Vec<_> = shown.as_array().expect("a list").iter().map(named).collect();
        assert_eq!(named[..4], ["primary", "payments", "management", "dee"], "{named:?}");
        assert_eq!(named.len(), 5, "and who is on call: {named:?}");
        let fate = &api.get(&format!("/v1/alerts?instance_id={id}"))[0];
        assert_eq!(fate["repairs"], json!(["responders: nobody here is called strangers"]));
    });
}

#[test]
fn an_id_names_its_own_alert_though_another_of_the_same_problem_has_followed() {
    let api = Api::new();
    let client = Client::of(&api);
    client.create("disk", &json!({}));
    let id = |client: &Client| {
        client.get("/v2/alerts/disk?identifierType=alias")["data"]["id"].as_str().expect("an id").to_owned()
    };
    let first = id(&client);
    client.post(&format!("/v2/alerts/{first}/close"), &json!({}));
    client.post("/v2/alerts", &json!({"message": "again", "alias": "disk"}));
    let second = id(&client);
    assert_ne!(first, second);
    assert_eq!(client.get(&format!("/v2/alerts/{first}"))["data"]["status"], "closed");
    assert_eq!(client.post(&format!("/v2/alerts/{first}/close"), &json!({"note": "late"})).1, "There is no open alert");
    assert_eq!(client.get(&format!("/v2/alerts/{second}"))["data"]["status"], "open");
    let events = api.deliver("scripts", &json!({"id": "other", "title": "Nobody else's"})).ok();
    let other = events["alerts"][0]["alert_id"].as_str().expect("an id");
    assert_eq!(client.post(&format!("/v2/alerts/{other}/close"), &json!({})).1, "There is no open alert");
    assert_eq!(client.send(Call::get(&format!("/v2/alerts/{other}"))).status, 404);
}

#[test]
fn the_id_of_a_request_names_the_alert_that_it_was_about() {
    Api::reached_on_both(|api| {
        let client = Client::of(api);
        let asked = |alias: &str| {
            api.clock.advance(1);
            let alert = json!({"message": format!("{alias} is down"), "alias": alias, "description": api.clock.now().to_string()});
            let answer = client.send(Call::post("/v2/alerts").json(&alert));
            answer.json()["requestId"].as_str().expect("an id").to_owned()
        };
        let (first, again, other) = (asked("disk"), asked("disk"), asked("load"));
        for id in [&first, &again] {
            assert_eq!(client.get(&format!("/v2/alerts/{id}?identifierType=id"))["data"]["alias"], "disk");
        }
        let close = |id: &str| client.post(&format!("/v2/alerts/{id}/close?identifierType=id"), &json!({"note": id}));
        assert_eq!(close(&again), done("Closed alert"));
        assert_eq!((close(&first), close(&other)), (done("Alert is already closed"), done("Closed alert")));
        // It may be somebody's alias as well.
        let alias = "8025f64a-0f47-4830-b181-85ce474442a8";
        asked(alias);
        assert_eq!(close(alias), done("Closed alert"));
        assert_eq!(api.get("/list/incidents"), json!([]));
    });
}

#[test]
fn a_sender_names_so_many_people_and_no_more() {
    let api = Api::new();
    let names: Vec<_> = (0..51).map(|number| format!("person-{number}")).collect();
    let users: Vec<_> =
        names.iter().map(|name| format!("[[user]]\nusername = \"{name}\"\nemail = \"{name}@example.com\"\n")).collect();
    let teams = format!(
        "[[team]]\nname = \"crowd\"\nmembers = {names:?}\n[[team]]\nname = \"half\"\nmembers = {:?}\n",
        &names[1..]
    );
    api.extend(&format!("\n{}{teams}", users.concat()));
    let client = Client::of(&api);
    let responders =
        json!([{"type": "team", "name": "crowd"}, {"type": "team", "name": "half"}, {"type": "user", "name": "ben"}]);
    let id = client.create("disk", &json!({"responders": responders}));
    let shown = client.get("/v2/alerts/disk?identifierType=alias")["data"]["responders"].clone();
    assert_eq!(shown.as_array().map(Vec::len), Some(51), "the policy of the service, and fifty");
    let fate = &api.get(&format!("/v1/alerts?instance_id={id}"))[0];
    let said = ["responders: crowd was left out: at most 50", "responders: ben was left out: at most 50"];
    assert_eq!(fate["repairs"], json!(said));
}

#[test]
fn an_alias_names_what_the_enrichments_made_of_it() {
    let api = Api::new();
    api.extend(
        "[[integration]]\nname = \"enriched\"\nkind = \"opsgenie\"\nservice = \"checkout\"\n\
         enrichments = [{ name = \"place\", set_identity = \"oslo/{{ identity }}\" }]\n",
    );
    let path = api.intake_path("enriched");
    let client = Client { api: &api, key: format!("GenieKey {}", path.rsplit('/').next().expect("a key")) };
    let alert = json!({"message": "disk is full", "alias": "disk"});
    for kind in ["", "?identifierType=alias"] {
        client.post("/v2/alerts", &alert);
        let status = || client.get(&format!("/v2/alerts/disk{kind}"))["data"]["status"].clone();
        assert_eq!(status(), "open");
        assert_eq!(client.post(&format!("/v2/alerts/disk/close{kind}"), &json!({})), done("Closed alert"));
        assert_eq!(status(), "closed");
        api.pass_minutes(11);
    }
}

#[test]
fn an_integration_that_is_off_refuses_its_clients_only_where_it_is_told_to() {
    Api::reached_on_both(|api| {
        let lines = |name: &str, key: u8, more: &str| {
            format!(
                "\n[[integration]]\nname = \"{name}\"\nkind = \"opsgenie\"\nservice = \"checkout\"\nenabled = false\n\
                 key = \"00000000-0000-4000-8000-0000000000{key:02}\"\n{more}"
            )
        };
        api.extend(&[lines("quiet", 1, ""), lines("loud", 2, "disabled_answers_401 = true\n")].concat());
        let send = |key: u8, path: &str| {
            let key = format!("GenieKey 00000000-0000-4000-8000-0000000000{key:02}");
            api.send(Call::post(path).header("authorization", &key).json(&json!({"message": "Disk full"})))
        };
        assert_eq!(send(1, "/v2/alerts").status, 202);
        for path in ["/v2/alerts", "/v2/alerts/disk/close?identifierType=alias"] {
            let refused = send(2, path);
            assert_eq!(
                (refused.status, &refused.json()["message"]),
                (401, &json!("The integration of this key is switched off."))
            );
        }
        let fates = api.get("/v1/alerts");
        assert_eq!((fates[0]["fate"].as_str(), fates.as_array().map(Vec::len)), (Some("disabled"), Some(1)), "{fates}");
    });
}
