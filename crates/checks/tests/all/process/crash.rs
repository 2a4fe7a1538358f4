//! The server killed in the middle of load, again and again: what it answered is true, and who is to be paged is paged.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, channel};

use checks::{Client, Database, Home, Peer, Server, numbers_in_mail};
use serde_json::{Value, json};

use super::ACME;

const ROUNDS: usize = 3;
const CALLERS: usize = 8;
/// Creates that are answered before the kill; as many as there are callers are under way when it comes.
const ANSWERED: usize = 120;

#[test]
fn what_was_answered_survives_kill_9_and_is_paged_on_sqlite() {
    what_was_answered_survives(Database::Sqlite);
}

#[test]
fn what_was_answered_survives_kill_9_and_is_paged_on_postgresql() {
    what_was_answered_survives(Database::Postgresql);
}

fn what_was_answered_survives(database: Database) {
    let mut mailbox = Peer::mailbox();
    let mut home = Home::with(database, ACME);
    home.send_mail_to(&mailbox);
    home.set("limits.rate_per_second", "0");
    home.set("storm.gap_seconds", "1");
    let key = home.key(&[]);
    let mut titles: BTreeMap<String, i64> = BTreeMap::new();
    let mut numbers = BTreeMap::new();
    let mut server = home.serve();
    for round in 0..ROUNDS {
        let (answered, unanswered) = load_and_kill(server, &key, round);
        assert!(answered.len() >= ANSWERED);
        end_the_leases_of_the_dead(&home, database);
        server = home.serve();
        let mut client = server.client(&key);
        for (title, id) in &answered {
            assert_eq!(client.details(*id)["task"]["task_title"], **title, "incident {id} was answered");
            let again = client.done("/incidents/create", &body(title));
            assert_eq!((&again["instance_id"], &again["deduplicated"]), (&json!(id), &json!(true)), "{title}");
        }
        titles.extend(answered);
        for title in unanswered {
            let again = client.done("/incidents/create", &body(&title));
            titles.insert(title, again["instance_id"].as_i64().unwrap());
        }
        numbers = everything_is_there_once(&mut client, &titles);
    }
    everyone_is_paged(&mut mailbox, server, &numbers);
}

/// Creates from many connections, and kills the server when enough are answered. The titles with the ids that were
/// answered, and the titles of those that were not.
fn load_and_kill(server: Server, key: &str, round: usize) -> (HashMap<String, i64>, Vec<String>) {
    let address = server.address;
    let (sender, answers) = channel();
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                let sender = sender.clone();
                scope.spawn(move || {
                    create_until_killed(address, key, &format!("{round}.{caller}"), |answer| {
                        sender.send(answer).expect("the test listens");
                    })
                })
            })
            .collect();
        drop(sender);
        let mut answered: HashMap<_, _> = answers.iter().take(ANSWERED).collect();
        server.kill_9();
        let unanswered = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
        answered.extend(rest(&answers));
        (answered, unanswered)
    })
}

fn rest(answers: &Receiver<(String, i64)>) -> Vec<(String, i64)> {
    answers.iter().collect()
}

/// The title of the create that was not answered.
fn create_until_killed(address: SocketAddr, key: &str, name: &str, answered: impl Fn((String, i64))) -> String {
    let mut client = Client::new(address, key);
    for number in 0.. {
        let title = format!("disk {name}.{number} is full");
        match client.try_post("/incidents/create", &body(&title)) {
            Ok(answer) => {
                assert_eq!(answer.status, 200, "{}", answer.body);
                answered((title, answer.json()["instance_id"].as_i64().expect("an incident")));
            }
            Err(_) => return title,
        }
    }
    unreachable!("the server is killed")
}

fn body(title: &str) -> Value {
    json!({"title": title, "users": "ana", "dedup_key": title})
}

/// On PostgreSQL another node may be sending, so that a dead one's leases must run out: this stands for the minutes
/// that a test cannot wait. On SQLite the next server takes them over by itself.
fn end_the_leases_of_the_dead(home: &Home, database: Database) {
    if database == Database::Postgresql {
        let mut client = postgres::Client::connect(home.url(), postgres::NoTls).unwrap();
        // The database may still be committing what the dead asked for last; the lock waits for that.
        let end = "begin; lock table notification, message in exclusive mode;
            update notification set next_at = due_at where state = 'sending';
        update message set next_at = due_at where state = 'sending'; commit";
        client.batch_execute(end).unwrap();
    }
}

/// One incident for each title, open and with a time at which the engine acts next. Their titles by their numbers.
fn everything_is_there_once(client: &mut Client, titles: &BTreeMap<String, i64>) -> BTreeMap<i64, String> {
    let listed = client.done("/incidents/list", &json!({"status": ["OPEN", "ACKNOWLEDGED"], "limit": 5000}));
    let listed = listed.as_array().unwrap();
    assert!(listed.iter().all(|incident| incident["next_alert_timestamp"].is_string()));
    let title = |incident: &Value| incident["task"]["task_title"].as_str().unwrap().to_owned();
    let found: BTreeMap<String, i64> =
        listed.iter().map(|incident| (title(incident), incident["instance_id"].as_i64().unwrap())).collect();
    assert_eq!(found, *titles);
    assert_eq!(listed.len(), titles.len(), "no create made two incidents");
    listed.iter().map(|incident| (incident["organization_instance_id"].as_i64().unwrap(), title(incident))).collect()
}

/// Waits for a page of every incident, alone or together with others; one that comes twice is recognizable by its id.
fn everyone_is_paged(mailbox: &mut Peer, server: Server, numbers: &BTreeMap<i64, String>) {
    let mut ids: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    let mut hear = |mail: &Value| {
        assert_eq!(mail["recipients"], json!(["ana@example.com"]));
        let id = mail["message_id"].as_str().unwrap();
        let subject = mail["subject"].as_str().unwrap();
        for number in numbers_in_mail(mail) {
            assert!(subject.ends_with(&numbers[&number]) || subject.contains(" incidents: "), "{mail}");
            ids.entry(number).or_default().insert(id.to_owned());
        }
        ids.len()
    };
    while hear(&mailbox.wait_for_one()) < numbers.len() {}
    assert!(server.terminate().success());
    for mail in mailbox.waiting() {
        hear(&mail);
    }
    assert!(ids.keys().eq(numbers.keys()), "pages of these incidents and no others");
    let renamed: Vec<_> = ids.iter().filter(|(_, ids)| ids.len() > 1).collect();
    assert!(renamed.is_empty(), "a page that is sent again keeps its Message-ID: {renamed:?}");
}
