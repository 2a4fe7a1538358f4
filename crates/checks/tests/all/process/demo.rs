//! The demo as whoever tries it out meets it: what is there at the first start, at the next one, and with `--empty`.

use super::escalation::{client_of_demo, reference};
use checks::{Client, Database, Home, Peer};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn the_first_start_shows_incidents_in_each_state_and_a_second_start_adds_none() {
    let mut home = Home::new(Database::Sqlite);
    let mut server = home.demo(&[]);
    let mut client = client_of_demo(&mut server);
    let shown = server.printed(|line| line.contains("/incidents/details").then(|| line.to_owned()));
    let all = incidents(&mut client);
    assert!((8..=12).contains(&all.len()), "{}", all.len());
    let count = |status: &str| all.iter().filter(|one| one["status"] == status).count();
    assert_eq!((count("OPEN"), count("ACKNOWLEDGED"), count("RESOLVED")), (3, 3, 4), "a snoozed one is open");
    assert_eq!(all.iter().filter(|one| events(one, "SNOOZE").is_some()).count(), 2, "one is over, one lasts");
    let began: BTreeSet<_> = all.iter().map(|one| one["instance_timestamp"].as_str().expect("a time")).collect();
    let days: BTreeSet<_> = began.iter().map(|at| &at[..10]).collect();
    assert!(began.len() == all.len() && days.len() >= 2, "they did not happen all at once: {began:?}");
    let next = i64::try_from(all.len()).expect("few") + 1;
    assert!(shown.contains(&format!("{{\"instance_id\": {next}}}")), "the lines go on with what they create: {shown}");

    let service = reference(&mut client, "services", "checkout");
    let made = client.done("/incidents/create", &json!({"title": "Checkout is slow", "service_ref_id": service}));
    assert_eq!(made["instance_id"], next);
    let key = another_key(&mut home);
    assert!(server.terminate().success());
    let server = home.demo(&[]);
    assert_eq!(incidents(&mut server.client(&key)).len(), all.len() + 1, "nothing is added");
}

#[test]
fn the_demo_tells_of_its_incidents_as_they_would_have_happened() {
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&[]);
    let mut client = client_of_demo(&mut server);
    let all = incidents(&mut client);
    let titled = |words: &str| {
        let title = |one: &Value| one["task"]["task_title"].as_str().expect("a title").contains(words);
        all.iter().find(|one| title(one)).unwrap_or_else(|| panic!("none is titled {words}: {all:#?}"))
    };
    let down = titled("Nobody can pay");
    assert_eq!((&down["status"], &down["task"]["urgency_level"]), (&json!("ACKNOWLEDGED"), &json!(5)), "{down}");
    assert_eq!(down["conference_bridges"], json!(["https://meet.example.com/major-incident"]), "of the response set");
    assert_eq!(down["impacted_business_services"].as_array().map(Vec::len), Some(1), "{down}");
    assert!(down["status_update"].to_string().contains("within 20 minutes"), "{down}");
    assert_eq!(titled("Orders fell")["merged_into"], down["instance_id"]);
    let lag = titled("Replication");
    assert_eq!(lag["status"], "ACKNOWLEDGED");
    assert_eq!(events(lag, "ACKNOWLEDGE").expect("an event")["event_by"], "Ben Bauer");
    for words in ["requests to checkout fail", "backup of db-1", "card payments"] {
        let one = titled(words);
        assert_eq!(one["status"], "RESOLVED", "{one}");
        assert!(one["notes"].as_array().is_some_and(|notes| !notes.is_empty()), "{one}");
    }
    let cluster = titled("node-1");
    assert!(events(cluster, "ESCALATE").expect("an event").to_string().contains("passed_over"), "{cluster}");
    let grouped = client.done("/incidents/alerts", &json!({"instance_id": cluster["instance_id"]}));
    assert_eq!(grouped.as_array().map(Vec::len), Some(3), "{grouped}");

    for (tool, words) in [("datadog", "node-4"), ("prometheus", "CheckoutDown"), ("scripts", "backup-nightly")] {
        let integration = reference(&mut client, "integrations", tool);
        let kept = client.get(&format!("/v1/integrations/{integration}/payloads")).json().to_string();
        assert!(kept.contains(words), "{tool}: {kept}");
    }
}

#[test]
fn what_is_past_when_the_demo_starts_pages_nobody_any_more() {
    let mut mailbox = Peer::mailbox();
    let mut home = Home::new(Database::Sqlite);
    home.send_mail_to(&mailbox);
    let mut server = home.demo(&[]);
    let mut client = client_of_demo(&mut server);
    let (mut sent, mut due) = (0, 0);
    let now = client.done("/incidents/create", &json!({"title": "For Mo", "users": "mofab"}))["timestamp"].take();
    for one in incidents(&mut client) {
        let ledger = client.get(&format!("/v1/incidents/{}/notifications", one["instance_id"])).json();
        for row in ledger.as_array().expect("a list").iter().filter(|_| one["task"]["task_title"] != "For Mo") {
            sent += usize::from(row["state"] == "sent");
            due += usize::from(row["state"] == "waiting" && row["due"].as_str() <= now.as_str());
        }
    }
    assert!(sent >= 20 && due == 0, "what was due then was sent then: {sent} sent, {due} due");
    let mut mail = mailbox.wait_for_one();
    while mail["recipients"] != json!(["mofab@example.com"]) {
        assert!(!mail["subject"].as_str().expect("a subject").contains("[#"), "a page of then: {mail}");
        mail = mailbox.wait_for_one();
    }
}

#[test]
fn lint_warns_of_the_demos_gap_next_week_and_of_the_person_whom_nothing_reaches() {
    let home = Home::new(Database::Sqlite);
    home.write("demo.toml", include_str!("../../../../../examples/demo.toml"));
    let told = home.succeed(&["lint", "demo.toml"]);
    assert!(told.contains("gil") && told.contains("has no contact, so nobody can reach them"), "{told}");
    assert!(told.contains("level 1: in the next 28 days nobody is on call for 192 h in all"), "{told}");
}

#[test]
fn a_demo_without_incidents_counts_them_from_one() {
    let home = Home::new(Database::Sqlite);
    let mut server = home.demo(&["--without-incidents"]);
    let mut client = client_of_demo(&mut server);
    assert_eq!(incidents(&mut client), Vec::<Value>::new());
    let shown = server.printed(|line| line.contains("/incidents/details").then(|| line.to_owned()));
    assert!(shown.contains("{\"instance_id\": 1}"), "{shown}");
}

#[test]
fn an_empty_demo_has_its_owner_and_a_link_to_set_it_up_and_says_only_what_holds() {
    let mut home = Home::new(Database::Sqlite);
    for _ in 0..2 {
        let mut server = home.demo(&["--empty"]);
        let mut lines = Vec::new();
        while lines.last().is_none_or(|line: &String| !line.starts_with("What the API can do")) {
            lines.push(server.printed(|line| Some(line.to_owned())));
        }
        let printed = lines.join("\n");
        assert!(printed.contains("its owner, and nothing else yet"), "{printed}");
        assert!(printed.contains("\nset up: http://localhost:") && printed.contains("/app/setup/"), "{printed}");
        for words in
            ["api key:", "sign in:", "not shown again", "/incidents/", "/generic/", "on-call", "SERVICE_REF_ID"]
        {
            assert!(!printed.contains(words), "{words}: {printed}");
        }
        assert!(server.terminate().success());
    }
    let key = another_key(&mut home);
    let server = home.demo(&["--empty"]);
    let mut client = server.client(&key);
    assert_eq!(incidents(&mut client), Vec::<Value>::new());
    for kind in ["services", "integrations", "escalation-policies"] {
        assert_eq!(client.get(&format!("/list/{kind}")).json(), json!([]), "{kind}");
    }
    let users = client.get("/list/users").json();
    let people: Vec<_> = users.as_array().expect("a list").iter().map(|user| &user["preferred_username"]).collect();
    assert_eq!(people, [&json!("ana")]);
    assert_eq!(users[0]["user_role"], "owner");
    let both = home.run(&["demo", "--empty", "--without-incidents"]);
    assert_eq!(both.code, 2, "{both:?}");
}

/// Every incident of a demo that has no other organization, by its number.
fn incidents(client: &mut Client) -> Vec<Value> {
    let details = (1..).map(|number| client.post("/incidents/details", &json!({"instance_id": number})));
    details.take_while(|answer| answer.status == 200).map(|answer| answer.json()).collect()
}

/// The last event of this type.
fn events<'a>(incident: &'a Value, kind: &str) -> Option<&'a Value> {
    incident["events"].as_array().expect("a list").iter().rfind(|event| event["event_type"] == kind)
}

/// A further key of the demo in this home.
fn another_key(home: &mut Home) -> String {
    home.set("database.url", &format!("sqlite:{}", home.path("demo/demo.db").display()));
    home.succeed(&["key", "create", "--organization", "demo", "--name", "me", "--scope", "admin"]).trim().to_owned()
}
