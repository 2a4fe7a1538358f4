//! Nodes whose machines have the wrong time: all of them go by the database's, so that who is on call and what is due is
//! right, and they say so.

use checks::{Client, Database, Home, Peer};
use engine::Clock;
use jiff::{SignedDuration, Timestamp, ToSpan, civil::DateTime, tz::TimeZone};
use serde_json::{Value, json};

/// The clock of the test, which is that of the throw-away database.
fn now() -> Timestamp {
    Timestamp::from_microsecond(Clock::system().now()).unwrap()
}

/// A routine on which ana is on call until `handover`, and ben after it.
fn routine(name: &str, handover: Timestamp) -> String {
    let at = TimeZone::UTC.to_datetime(handover);
    let (first, time) = (at.date() - 1.day(), at.time().strftime("%H:%M:%S"));
    format!(
        r#"
        [[routine]]
        name = "{name}"
        timezone = "UTC"
        routine_layers = [{{ valid_start = "{first}", rotation_start = "{time}", rotations = [["ana"], ["ben"]] }}]

        [[escalation_policy]]
        name = "{name}"
        levels = [{{ minutes = 5, routines = ["{name}"] }}, {{ minutes = 5, users = ["cho"] }}]

        [[service]]
        name = "{name}"
        escalation_policy = "{name}"
        "#
    )
}

fn definition() -> String {
    let people = r#"
        [organization]
        name = "acme"
        [[user]]
        username = "ana"
        email = "ana@example.com"
        [[user]]
        username = "ben"
        email = "ben@example.com"
        [[user]]
        username = "cho"
        email = "cho@example.com"
    "#;
    let (before, after) = (now() - 3.minutes(), now() + 3.minutes());
    [people.to_owned(), routine("just", before), routine("soon", after)].concat()
}

fn create(client: &mut Client, service: &str) -> Value {
    let services = client.get("/list/services").json();
    let services = services.as_array().unwrap();
    let of = services.iter().find(|known| known["name"] == service).unwrap_or_else(|| panic!("{services:?}"));
    client.done("/incidents/create", &json!({"title": service, "service_ref_id": of["ref_id"]}))["instance_id"].clone()
}

/// Not that somebody goes on call, which is told to people as well.
fn is_page(mail: &Value) -> bool {
    mail["subject"].as_str().unwrap().starts_with("[#")
}

#[test]
fn nodes_whose_clocks_are_minutes_off_go_by_the_database_and_say_so() {
    let mut mailbox = Peer::mailbox();
    let mut home = Home::with(Database::Postgresql, &definition());
    home.send_mail_to(&mailbox);
    home.set("storm.gap_seconds", "0");
    let key = home.key(&[]);
    for (off, told, offset) in [("+7m", "seconds ahead of the database's", -420.0), ("-7m", "seconds behind", 420.0)] {
        home.set_clock_off_by(off);
        let server = home.serve();
        let mut client = server.client(&key);
        for (service, who) in [("just", "ben"), ("soon", "ana")] {
            let asked = now();
            let id = create(&mut client, service);
            let mail = std::iter::repeat_with(|| mailbox.wait_for_one()).find(is_page).unwrap();
            assert_eq!(mail["recipients"], json!([format!("{who}@example.com")]), "{off} {service}: {mail}");
            let incident = client.details(id.as_i64().unwrap());
            assert_eq!(
                (&incident["assignee_level"], &incident["assignees"]),
                (&json!(1), &json!([[who, who, null]])),
                "{off}"
            );
            let due: DateTime = incident["next_alert_timestamp"].as_str().unwrap().parse().unwrap();
            let wait = TimeZone::UTC.to_timestamp(due).unwrap().duration_since(asked);
            let (least, most) = (SignedDuration::from_secs(299), SignedDuration::from_secs(330));
            assert!((least..most).contains(&wait), "{off}: {wait}");
        }
        let ready = client.get("/readyz");
        assert_eq!(ready.status, 200, "{}", ready.body);
        let warnings = ready.json()["warnings"].to_string();
        assert!(warnings.contains("this machine's clock is 4") && warnings.contains(told), "{warnings}");
        let metrics = client.get("/metrics").body;
        let line = metrics.lines().find_map(|line| line.strip_prefix("reveille_clock_offset_seconds ")).unwrap();
        assert!((line.parse::<f64>().unwrap() - offset).abs() < 2.0, "{line}");
        assert!(server.terminate().success());
    }
    assert!(!mailbox.waiting().iter().any(is_page), "nobody was paged before the time");
}
