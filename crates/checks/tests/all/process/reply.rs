//! A night in the demo, faster than real: the first level is silent, and the second answers its text message.

use checks::{Client, Database, Dialled, Home, Kind, Line, NUMBER, PUBLIC_URL, Peer, Server, TOKEN, Telephone};
use notify::carrier::twilio_signature;
use serde_json::{Value, json};

/// Level 2 waits so long that nothing else happens while ben answers. What is critical would call everyone by a rule of the
/// demo.
const DEMO: &str = r#"
[organization]
name = "demo"

[[user]]
username = "ana"
email = "ana@example.com"
handover_notices = false

[[user]]
username = "ben"
display_name = "Ben Bauer"
email = "ben@example.com"
handover_notices = false
sms = "+4915112300002"
voice = "+4915112300002"
notification_rules = [{ urgencies = [4], steps = [
  { after_minutes = 0, channel = "email" },
  { after_minutes = 1, channel = "sms" },
  { after_minutes = 300, channel = "voice" },
] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana"] }, { minutes = 600, users = ["ben"] }]

[[service]]
name = "checkout"
escalation_policy = "primary"
"#;

const BEN: &str = "+4915112300002";

#[test]
fn the_second_level_gets_mail_and_text_by_its_rules_and_acknowledges_by_replying_with_the_code() {
    let (mut mailbox, telephone) = (Peer::mailbox(), Telephone::new());
    let mut home = Home::new(Database::Sqlite);
    home.send_mail_to(&mailbox);
    telephone.serve(&mut home);
    home.set("server.public_url", PUBLIC_URL);
    // Five minutes of a level pass in five seconds.
    let mut server = home.demo(&["--speed", "60", "--without-incidents"]);
    home.set("database.url", &format!("sqlite:{}", home.path("demo/demo.db").display()));
    home.write("demo.toml", DEMO);
    // What the demo brings along is the API's.
    home.succeed(&["apply", "--adopt-all", "demo.toml"]);
    let key = server.printed(|line| line.strip_prefix("api key: ").map(str::to_owned));
    let mut client = server.client(&key);
    prove(&mut client, &telephone, "sms", "");
    prove(&mut client, &telephone, "voice", "Your code is: ");

    telephone.expect(BEN, Line::Takes);
    let checkout = client.get("/list/services").json()[0]["ref_id"].take();
    let order = json!({"title": "Checkout is down", "service_ref_id": checkout, "urgency_level": 4});
    let id = client.done("/incidents/create", &order)["instance_id"].as_i64().unwrap();
    let mails = [mailbox.wait_for_one(), mailbox.wait_for_one()];
    assert_eq!(
        mails.each_ref().map(|mail| mail["recipients"][0].as_str().unwrap()),
        ["ana@example.com", "ben@example.com"]
    );
    let text = telephone.wait_for_one();
    assert_eq!((text.kind, text.to.as_str(), text.from.as_str()), (Kind::Text, BEN, NUMBER));
    assert!(text.said.contains("High: Checkout is down"), "{text:?}");

    let (_, rest) = text.said.split_once("Reply A").expect("a code");
    let code: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let answered = reply(&telephone, &server, &format!("A{code}"));
    assert!(answered.contains("<Message>Incident #1 is acknowledged."), "{answered}");

    let details = client.details(id);
    assert_eq!(details["status"], "ACKNOWLEDGED", "{details}");
    let events = details["events"].as_array().unwrap();
    let types: Vec<_> = events.iter().map(|event| event["event_type"].as_str().unwrap()).collect();
    assert_eq!(types, ["TRIGGER", "ESCALATE", "ACKNOWLEDGE"]);
    assert_eq!((&events[2]["event_method"], &events[2]["event_by"]), (&json!("SMS"), &json!("Ben Bauer")));
    let ledger = client.get(&format!("/v1/incidents/{id}/notifications")).json();
    assert_eq!(fates(&ledger), [("email", "sent"), ("email", "sent"), ("sms", "sent"), ("voice", "dropped")]);
    assert!(ledger[2]["confirmed_at"].is_string(), "who answers has got it: {ledger}");
    assert!(server.terminate().success());
    assert!(telephone.waiting().is_empty() && mailbox.waiting().is_empty(), "nothing more was sent");
}

/// Lets ben prove that the telephone is his; `before` is what stands before the code.
fn prove(client: &mut Client, telephone: &Telephone, channel: &str, before: &str) {
    telephone.expect(BEN, Line::Takes);
    client.done(&format!("/v1/users/ben/contacts/{channel}/code"), &json!({}));
    let Dialled { said, .. } = telephone.wait_for_one();
    let (_, said) = said.split_once(before).expect("a code");
    let code: String = said.chars().filter(char::is_ascii_digit).take(6).collect();
    client.done(&format!("/v1/users/ben/contacts/{channel}/verify"), &json!({"code": code}));
}

/// Brings ben's text as the carrier does that knows the server by its public address; what it is to text back.
fn reply(telephone: &Telephone, server: &Server, said: &str) -> String {
    const PATH: &str = "/v1/carrier/twilio/sms";
    let form = [("MessageSid", "SM0000000000000000000000000000beef"), ("From", BEN), ("To", NUMBER), ("Body", said)];
    let owned = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let signature = twilio_signature::sign(TOKEN, &format!("{PUBLIC_URL}{PATH}"), &owned);
    let answer = telephone.ask_signed(&format!("http://{}{PATH}", server.address), &form, &signature);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

fn fates(ledger: &Value) -> Vec<(&str, &str)> {
    let rows = ledger.as_array().expect("a list").iter();
    rows.map(|row| (row["channel"].as_str().unwrap(), row["state"].as_str().unwrap())).collect()
}
