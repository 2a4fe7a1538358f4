//! Mail that monitoring tools send, taken in by the real program from real clients.

use checks::{
    Authority, Client, Cluster, Database, Deed, Home, Nullmailer, Posted, Server, post_mail, post_mail_by_tls, swaks,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

const KEY: &str = "00000000000040008000000000000001";
const DEFINITION: &str = r#"
[organization]
name = "acme"

[[user]]
username = "ana"
email = "ana@example.org"

[[integration]]
name = "nagios by mail"
kind = "email"
users = ["ana"]
key = "00000000-0000-4000-8000-000000000001"

[integration.mail]
alias = "nagios"
rules = [
  { conditions = [{ field = "subject", matches = "^RECOVERY" }], do = "resolve", identity = "^RECOVERY:? (.*)$" },
  { conditions = [{ field = "subject", matches = "^PROBLEM" }], identity = "^PROBLEM:? (.*)$", urgency = 5 },
]

[[integration]]
name = "webhook"
kind = "generic"
users = ["ana"]
key = "00000000-0000-4000-8000-000000000002"
"#;

fn listening(home: &mut Home) -> (Server, u16) {
    home.set("intake.smtp.listen", "127.0.0.1:0");
    home.set("intake.smtp.domains", "alerts.example.org");
    let mut server = home.serve();
    let port = port(&mut server);
    (server, port)
}

fn port(server: &mut Server) -> u16 {
    let told = server.logged("listening for mail")["listen"].take();
    told.as_str().and_then(|listen| listen.rsplit_once(':')?.1.parse().ok()).expect("an address")
}

fn mail(id: &str, headers: &str, text: &str) -> String {
    format!(
        "From: Nagios <nagios@mon.example.org>\r\nTo: alerts@alerts.example.org\r\nMessage-ID: <{id}@mon.example.org>\r\n\
         {headers}\r\n\r\n{text}\r\n"
    )
}

fn send(port: u16, to: &str, mail: &str) -> Posted {
    post_mail(port, "nagios@mon.example.org", &[to], mail)
}

fn taken() -> Posted {
    Posted { code: Some(250), refused: BTreeMap::new(), tls: None }
}

/// What became of all mails, the first one first: fate, reason, and incident.
fn fates(client: &mut Client) -> Vec<(String, Option<String>, Option<i64>)> {
    let listed = client.get("/v1/alerts").json();
    let fate = |alert: &Value| {
        let text = |name: &str| alert[name].as_str().map(str::to_owned);
        (text("fate").expect("a fate"), text("because"), alert["instance_id"].as_i64())
    };
    listed.as_array().expect("a list").iter().rev().map(fate).collect()
}

fn said(fates: &[(String, Option<String>, Option<i64>)]) -> Vec<(&str, Option<i64>)> {
    fates.iter().map(|(fate, _, id)| (fate.as_str(), *id)).collect()
}

#[test]
fn a_problem_opens_is_known_again_and_is_resolved_by_its_recovery() {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    let (server, port) = listening(&mut home);
    let mut client = server.client(&home.key(&[]));
    let to = &format!("{KEY}@alerts.example.org");
    let problem = mail("1", "Subject: PROBLEM: disk of db-1", "/var is full");
    assert_eq!(send(port, to, &problem), taken());
    let open = client.get("/list/incidents").json();
    assert_eq!((&open[0]["name"], &open[0]["urgency_level"]), (&json!("PROBLEM: disk of db-1"), &json!(5)), "{open}");
    assert_eq!(send(port, to, &problem), taken(), "a client that did not see the answer sends it again");
    assert_eq!(send(port, to, &mail("2", "Subject: PROBLEM: disk of db-1", "still")), taken());
    let answer = mail("3", "Subject: Re: your alert\r\nIn-Reply-To: <1@mon.example.org>", "On it");
    assert_eq!(send(port, to, &answer), taken());
    assert_eq!(send(port, to, &mail("4", "Subject: RECOVERY: disk of db-1", "12 GB left")), taken());
    assert_eq!(client.get("/list/incidents").json(), json!([]));
    assert_eq!(send(port, to, &problem), taken(), "a relay sends what it kept, though it is over");
    let fates = fates(&mut client);
    let expected = ["opened", "repeated", "joined", "joined", "resolved", "repeated"];
    assert_eq!(said(&fates), expected.map(|fate| (fate, Some(1))));
    assert!(server.terminate().success());
}

#[test]
fn an_identity_in_the_address_and_the_mail_itself_say_what_it_is_about() {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    let (server, port) = listening(&mut home);
    let mut client = server.client(&home.key(&[]));
    let to = "nagios+00000000-0000-4000-8000-000000000001+db-1@Alerts.Example.org";
    assert_eq!(send(port, to, &mail("1", "Subject: hello", "")), taken());
    assert_eq!(send(port, to, &mail("2", "Subject: hello again", "")), taken());
    let plain = format!("{KEY}@alerts.example.org");
    for id in ["3", "4"] {
        assert_eq!(send(port, &plain, &mail(id, "Subject: hello", "")), taken());
    }
    let report = post_mail(port, "", &[&plain], &mail("5", "Subject: hello", ""));
    assert_eq!(report, taken(), "a delivery report is taken, and heeded by nobody");
    // Another kind's key is taken, too.
    assert_eq!(
        send(port, "00000000000040008000000000000002@alerts.example.org", &mail("6", "Subject: x", "")),
        taken()
    );
    assert_eq!(send(port, "nagios.acme+db-1@alerts.example.org", &mail("7", "Subject: x", "")), taken());
    let fates = fates(&mut client);
    let expected = [
        ("opened", Some(1)),
        ("joined", Some(1)),
        ("opened", Some(2)),
        ("opened", Some(3)),
        ("ignored", None),
        ("opened", Some(4)),
        ("joined", Some(1)),
    ];
    assert_eq!(said(&fates), expected);
    let listed = client.get("/list/integrations").json();
    let address = json!("00000000-0000-4000-8000-000000000001@alerts.example.org");
    assert_eq!((&listed[0]["address"], &listed[1]["address"]), (&address, &Value::Null), "{listed}");
    let repairs = client.get("/v1/alerts?limit=2").json()[1]["repairs"].to_string();
    assert!(repairs.contains("kind_differs"), "{repairs}");
    let payloads = client.get("/v1/integrations/nagios by mail/payloads".replace(' ', "%20").as_str()).body;
    assert!(payloads.contains("hello again") && !payloads.contains(KEY), "{payloads}");
    assert!(server.terminate().success());
}

#[test]
fn nothing_is_passed_on_and_nobody_else_is_known() {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    let (server, port) = listening(&mut home);
    let (known, unknown) = (format!("{KEY}@alerts.example.org"), "ana@alerts.example.org");
    let foreign = format!("{KEY}@example.org");
    let other_key = "ffffffffffff40008000000000000001@alerts.example.org";
    let posted = post_mail(port, "a@b.example", &[unknown, &foreign, other_key], &mail("1", "Subject: x", ""));
    let refused: BTreeMap<_, _> = [unknown, &foreign, other_key].map(|to| (to.to_owned(), 550)).into();
    assert_eq!(posted, Posted { code: None, refused, tls: None });
    let posted = post_mail(port, "a@b.example", &[unknown, &known], &mail("2", "Subject: x", ""));
    assert_eq!(posted, Posted { code: Some(250), refused: [(unknown.to_owned(), 550)].into(), tls: None });
    let circle = "Received: from x by y\r\n".repeat(51);
    assert_eq!(send(port, &known, &mail("3", &format!("{circle}Subject: x"), "")).code, Some(554));
    let told = swaks(port, &["--to", &foreign, "--from", "a@b.example", "--quit-after", "RCPT"]);
    assert!(told.contains("550 5.7.1"), "{told}");
    assert_eq!(fates(&mut server.client(&home.key(&[]))).len(), 1);
    assert!(server.terminate().success());
}

#[test]
fn swaks_pipelines_and_is_told_the_alert() {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    let (server, port) = listening(&mut home);
    let mut client = server.client(&home.key(&[]));
    let to = format!("{KEY}@alerts.example.org");
    let subject = "Subject: PROBLEM: \u{dc}berlast";
    let told = swaks(
        port,
        &["--to", &to, "--from", "a@b.example", "--header", subject, "--body", ".\n..dots\n", "--pipeline"],
    );
    assert!(told.contains("250-PIPELINING") && told.contains("250 2.0.0 taken in as "), "{told}");
    let alert = client.get("/v1/alerts").json()[0].take();
    let id = alert["alert_id"].as_str().expect("an id");
    assert!(told.contains(id), "{told}");
    let details = client.details(1);
    assert_eq!(details["task"]["task_title"], "PROBLEM: \u{dc}berlast", "{details}");
    assert!(details["task"]["text_msg"].as_str().expect("a text").contains(".\n..dots"), "{details}");
    assert!(server.terminate().success());
}

#[test]
fn a_session_is_encrypted_when_the_client_asks_for_it_and_the_certificate_may_be_renewed() {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    let authority = Authority::new();
    for (key, file) in [("certificate_file", "server.crt"), ("key_file", "server.key")] {
        std::fs::copy(authority.folder().join(file), home.path(file)).expect("a copy");
        home.set(&format!("intake.smtp.{key}"), file);
    }
    let (server, port) = listening(&mut home);
    let to = format!("{KEY}@alerts.example.org");
    let by_tls = |authority: &Authority, id: &str| {
        let mail = mail(id, "Subject: PROBLEM: x", "");
        post_mail_by_tls(port, "a@b.example", &[&to], &mail, &authority.certificate())
    };
    assert_eq!(by_tls(&authority, "1"), Posted { tls: Some("TLSv1.3".to_owned()), ..taken() });
    assert_eq!(send(port, &to, &mail("2", "Subject: PROBLEM: x", "")), taken(), "in the clear as well");
    let renewed = Authority::new();
    for file in ["server.key", "server.crt"] {
        std::fs::copy(renewed.folder().join(file), home.path(file)).expect("a copy");
    }
    assert_eq!(by_tls(&renewed, "3").tls.as_deref(), Some("TLSv1.3"));
    let told = swaks(port, &["--to", &to, "--from", "a@b.example", "--tls"]);
    assert!(told.contains("TLS started") && told.contains("taken in as"), "{told}");
    assert_eq!(fates(&mut server.client(&home.key(&[]))).len(), 4);
    assert!(server.terminate().success());
}

#[test]
fn while_the_database_is_away_the_sender_keeps_its_mail() {
    let mut cluster = Cluster::new();
    let mut home = Home::on(&cluster);
    home.apply(DEFINITION);
    let key = home.key(&[]);
    let (server, port) = listening(&mut home);
    let to = format!("{KEY}@alerts.example.org");
    let problem = mail("1", "Subject: PROBLEM: x", "");
    cluster.suffer(Deed::Stop);
    let away = send(port, &to, &problem);
    assert!(away.code == Some(451) || away.refused.values().eq([&451]), "{away:?}");
    cluster.suffer(Deed::Start);
    // What the server knows of it, it learns at its next look.
    let mut posted = send(port, &to, &problem);
    while posted.code != Some(250) {
        posted = send(port, &to, &problem);
    }
    assert_eq!(said(&fates(&mut server.client(&key))), [("opened", Some(1))]);
    assert!(server.terminate().success());
}

/// Waits until a mail server has delivered the one mail that it keeps, which it was refused for this reason until then.
fn delivered(relay: &mut Nullmailer, reason: &str) {
    let mut attempt = relay.next_attempt();
    while let Err(refusal) = &attempt.told {
        assert!(refusal.starts_with(reason) && attempt.kept == 1, "{attempt:?}");
        attempt = relay.next_attempt();
    }
    let told = attempt.told.expect("it was delivered");
    assert!(told.starts_with("250 2.0.0 taken in as ") && attempt.kept == 0, "{told}");
}

/// What a mail server kept has arrived once, and so does the recovery.
fn arrived_once(relay: &mut Nullmailer, client: &mut Client, to: &str) {
    assert_eq!(said(&fates(client)), [("opened", Some(1))]);
    relay.post(to, "RECOVERY: disk of db-1");
    delivered(relay, "nothing is refused any more");
    assert_eq!(said(&fates(client)), [("opened", Some(1)), ("resolved", Some(1))]);
    assert_eq!(client.get("/list/incidents").json(), json!([]));
}

#[test]
fn what_a_mail_server_queued_while_we_were_away_arrives_once_when_we_are_back() {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    let key = home.key(&[]);
    let (server, port) = listening(&mut home);
    let to = format!("{KEY}@alerts.example.org");
    let mut relay = Nullmailer::towards(port);
    server.kill_9();
    relay.post(&to, "PROBLEM: disk of db-1");
    let attempt = relay.next_attempt();
    assert_eq!((attempt.told, attempt.kept), (Err("Connect failed".to_owned()), 1));
    home.set("intake.smtp.listen", &format!("127.0.0.1:{port}"));
    let server = home.serve();
    delivered(&mut relay, "Connect failed");
    arrived_once(&mut relay, &mut server.client(&key), &to);
    assert!(server.terminate().success());
}

#[test]
fn what_a_mail_server_queued_while_nothing_could_be_stored_arrives_once() {
    let mut cluster = Cluster::new();
    let mut home = Home::on(&cluster);
    home.apply(DEFINITION);
    let key = home.key(&[]);
    let (mut server, port) = listening(&mut home);
    let to = format!("{KEY}@alerts.example.org");
    let mut relay = Nullmailer::towards(port);
    // Recipients are still known.
    cluster.suffer(Deed::Demote);
    relay.post(&to, "PROBLEM: disk of db-1");
    for _ in 0..2 {
        let attempt = relay.next_attempt();
        let refusal = attempt.told.expect_err("there is nowhere to keep it");
        assert!(refusal.starts_with("451 4.") && attempt.kept == 1, "{refusal}");
    }
    server.logged("a mail could not be taken in");
    cluster.suffer(Deed::Promote);
    delivered(&mut relay, "451 4.");
    arrived_once(&mut relay, &mut server.client(&key), &to);
    assert!(server.terminate().success());
}

/// A client that says these lines and then nothing more, once it was answered this.
fn silent(port: u16, lines: &[&str], answer: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    let mut replies = BufReader::new(stream.try_clone().expect("a socket")).lines();
    for line in lines {
        stream.write_all(format!("{line}\r\n").as_bytes()).expect("it is taken");
    }
    let said = replies.find(|reply| reply.as_ref().is_ok_and(|reply| reply.starts_with(answer)));
    assert!(said.is_some(), "the server said no {answer}");
    stream
}

#[test]
fn who_holds_connections_holds_up_nobody_else() {
    let mut home = Home::with(Database::Sqlite, DEFINITION);
    let (server, port) = listening(&mut home);
    let to = format!("{KEY}@alerts.example.org");
    let recipient = format!("RCPT TO:<{to}>");
    let mut held: Vec<_> = (0..5).map(|_| silent(port, &[], "220")).collect();
    let within = ["EHLO slow.example", "MAIL FROM:<a@b.example>", &recipient, "DATA"];
    held.extend((0..4).map(|_| silent(port, &within, "354")));
    held[8].write_all(b"Subject: never ends\r\n").expect("it is taken");
    assert_eq!(send(port, &to, &mail("1", "Subject: PROBLEM: x", "")), taken());
    // A place is free again as soon as the server sees that the client is gone.
    let admitted = || {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        let mut reply = String::new();
        BufReader::new(&stream).read_line(&mut reply).expect("a reply");
        reply.starts_with("220").then_some(stream)
    };
    held.push(std::iter::repeat_with(admitted).flatten().next().expect("it goes on for ever"));
    drop(silent(port, &[], "421"));
    held.pop();
    drop(std::iter::repeat_with(admitted).flatten().next());
    assert_eq!(fates(&mut server.client(&home.key(&[]))).len(), 1);
    // Those in the middle of a mail are given until the end of the patience; those who say nothing are sent away.
    drop(held);
    assert!(server.terminate().success());
}

#[test]
fn our_own_mail_that_comes_back_opens_nothing() {
    let to_itself = DEFINITION.replace("ana@example.org", &format!("{KEY}@alerts.example.org"));
    let mut home = Home::with(Database::Sqlite, &to_itself);
    let (server, port) = listening(&mut home);
    assert!(server.terminate().success());
    home.set("intake.smtp.listen", &format!("127.0.0.1:{port}"));
    home.set("smtp.host", "127.0.0.1");
    home.set("smtp.port", &port.to_string());
    home.set("smtp.security", "none");
    home.set("smtp.from", "Reveille <reveille@example.org>");
    home.set("log.level", "debug");
    let mut server = home.serve();
    let taken_in = |server: &mut Server| server.logged("alerts were taken in")["first"].take();
    assert_eq!(send(port, &format!("{KEY}@alerts.example.org"), &mail("1", "Subject: PROBLEM: x", "")), taken());
    assert_eq!(taken_in(&mut server), "opened");
    assert_eq!(taken_in(&mut server), "ignored", "the page to ana");
    let fates = fates(&mut server.client(&home.key(&[])));
    let ignored = ("ignored".to_owned(), Some("auto_reply".to_owned()), None);
    assert_eq!((fates.len(), &fates[1]), (2, &ignored), "{fates:?}");
    assert!(server.terminate().success());
}
