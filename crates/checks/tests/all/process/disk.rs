//! The file of the database cannot be written: what is asked is refused, nothing is half done, and once the cause is gone
//! the server goes on by itself.

use std::collections::BTreeSet;

use checks::{Client, Database, Home, HttpAnswer, Peer, SmallDisk};
use serde_json::{Value, json};

use super::ACME;

/// Room for the database of a test, and for little more.
const DISK_BYTES: u64 = 4 * 1024 * 1024;
/// Requests after which the disk must be full.
const MOST_CREATES: usize = 500;

fn on(disk: &SmallDisk) -> Home {
    let mut home = Home::new(Database::Sqlite);
    home.set("database.url", &format!("sqlite:{}", disk.path("reveille.db").display()));
    home.set("storm.gap_seconds", "0");
    home.apply(ACME);
    home
}

fn create(client: &mut Client, number: usize) -> HttpAnswer {
    client.post("/incidents/create", &json!({"title": format!("disk {number} is full"), "users": "ana"}))
}

fn titles(client: &mut Client) -> Vec<String> {
    let listed = client.done("/incidents/list", &json!({"limit": 5000}));
    let title = |incident: &Value| incident["task"]["task_title"].as_str().unwrap().to_owned();
    listed.as_array().unwrap().iter().rev().map(title).collect()
}

/// A 503 that may be tried again (contract §1).
fn is_turned_away(answer: &HttpAnswer) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
}

#[test]
fn a_full_disk_turns_commands_away_until_there_is_room_and_loses_no_page() {
    let disk = SmallDisk::of(DISK_BYTES);
    let mut mailbox = Peer::mailbox();
    let mut home = on(&disk);
    let key = home.key(&[]);
    home.send_mail_to(&mailbox);
    let server = home.serve();
    let mut client = server.client(&key);
    assert_eq!(create(&mut client, 0).status, 200);
    disk.fill("filler");
    let mut answered = vec!["disk 0 is full".to_owned()];
    let turned_away = (1..MOST_CREATES)
        .find(|number| {
            let answer = create(&mut client, *number);
            if answer.status != 200 {
                is_turned_away(&answer);
                return true;
            }
            answered.push(format!("disk {number} is full"));
            false
        })
        .expect("the disk is full at some time");
    let id = client.done("/incidents/list", &json!({"limit": 1}))[0]["instance_id"].clone();
    is_turned_away(&client.post("/incidents/acknowledge", &json!({"instance_id": id})));
    is_turned_away(&create(&mut client, turned_away));
    assert_eq!(titles(&mut client), answered, "what was answered is read, and nothing else is there");
    assert_eq!(client.details(id.as_i64().unwrap())["status"], "OPEN");

    std::fs::remove_file(disk.path("filler")).unwrap();
    assert_eq!(create(&mut client, turned_away).status, 200, "the same server goes on");
    answered.push(format!("disk {turned_away} is full"));
    assert_eq!(titles(&mut client), answered);
    // One that was being sent when the disk became full may come twice.
    let mut paged = BTreeSet::new();
    while paged.len() < answered.len() {
        paged.insert(title_of(&mailbox.wait_for_one()));
    }
    assert!(paged.iter().eq(&answered.into_iter().collect::<BTreeSet<_>>()));
    assert!(server.terminate().success());
}

fn title_of(mail: &Value) -> String {
    mail["subject"].as_str().unwrap().split_once(": ").unwrap().1.to_owned()
}

#[test]
fn a_disk_that_fills_up_before_the_start_is_told_with_the_path() {
    let disk = SmallDisk::of(DISK_BYTES);
    disk.fill("filler");
    let mut home = Home::new(Database::Sqlite);
    let path = disk.path("reveille.db").display().to_string();
    home.set("database.url", &format!("sqlite:{path}"));
    let finished = home.run(&["serve"]);
    assert_eq!(finished.code, 1, "{finished:?}");
    assert!(finished.stderr.contains(&path) && finished.stderr.contains("full"), "{finished:?}");
}

#[test]
fn a_database_that_can_only_be_read_is_told_at_the_start_with_its_path() {
    let disk = SmallDisk::of(DISK_BYTES);
    let home = on(&disk);
    disk.remount("ro");
    let finished = home.run(&["serve"]);
    disk.remount("rw");
    assert_eq!(finished.code, 1, "{finished:?}");
    let path = disk.path("reveille.db").display().to_string();
    assert!(finished.stderr.contains(&path) && finished.stderr.contains("Read-only file system"), "{finished:?}");
    assert!(home.serve().terminate().success(), "it starts once it can be written");
}
