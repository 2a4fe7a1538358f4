//! Two servers on one PostgreSQL: what is promised of them as one house, and a backup of what they keep.

use std::process::{Command, Stdio};

use checks::{Cluster, Database, Home, Peer, programs};
use serde_json::{Value, json};

use super::ACME;

#[test]
fn what_one_node_remembers_the_other_honours() {
    let mut mailbox = Peer::mailbox();
    let mut home = Home::with(Database::Postgresql, ACME);
    home.send_mail_to(&mailbox);
    home.set("server.public_url", "https://reveille.example.org");
    let key = home.key(&[]);
    let [one, two] = [home.serve(), home.serve()];
    let [mut first, mut second] = [one.client(&key), two.client(&key)];
    let body = json!({"title": "Disk full", "users": "ana"});
    let headers = [("idempotency-key", "a-retry")];
    let created = first.post_with("/incidents/create", &body, &headers).json();
    assert_eq!(second.post_with("/incidents/create", &body, &headers).json(), created, "done once");
    let id = created["instance_id"].as_i64().unwrap();
    let text = mailbox.wait_for_one()["body"].as_str().unwrap().to_owned();
    let link = text.split_whitespace().find_map(|word| word.strip_prefix("https://reveille.example.org/act/")).unwrap();
    // Whichever sent it, each takes the answer.
    for client in [&mut first, &mut second] {
        assert_eq!(client.get(&format!("/act/{link}")).status, 200);
    }
    assert_eq!(second.post(&format!("/act/{link}"), &Value::Null).status, 200);
    assert_ne!(first.details(id)["status"], "OPEN");
    home.apply(&format!("{ACME}\n[[user]]\nusername = \"zoe\"\nemail = \"zoe@example.com\"\n"));
    let people: Vec<_> = [&mut first, &mut second].map(|client| client.get("/list/users").json()).into();
    assert!(people[0].to_string().contains("zoe") && people[0] == people[1], "{people:?}");
    one.kill_9();
    second.done("/incidents/create", &json!({"title": "Fan broken", "users": "zoe"}));
    assert_eq!(mailbox.wait_for_one()["recipients"], json!(["zoe@example.com"]), "the other goes on");
}

#[test]
fn a_dump_of_postgresql_taken_while_two_servers_run_can_be_served_from() {
    let home = Home::with(Database::Postgresql, ACME);
    let key = home.key(&[]);
    let servers = [home.serve(), home.serve()];
    let mut clients = servers.each_ref().map(|server| server.client(&key));
    let mut create = |number: usize| {
        clients[number % 2].done("/incidents/create", &json!({"title": format!("disk {number}"), "users": "ana"}))
    };
    let kept: Vec<_> = (0..10).map(|number| create(number)["instance_id"].clone()).collect();
    let dump = home.path("reveille.dump");
    let mut back_up = Command::new(programs().join("pg_dump"));
    back_up.args(["--format=custom", "--file"]).arg(&dump).arg(home.url());
    assert!(back_up.stdin(Stdio::null()).status().unwrap().success());
    create(10);

    let cluster = Cluster::new();
    let restored = Home::on(&cluster);
    let mut restore = Command::new(programs().join("pg_restore"));
    restore.args(["--exit-on-error", "--no-owner", "--dbname", &cluster.url()]).arg(&dump);
    assert!(restore.stdin(Stdio::null()).status().unwrap().success());
    let server = restored.serve();
    let mut client = server.client(&key);
    let listed = client.done("/incidents/list", &json!({}));
    assert_eq!(listed.as_array().unwrap().len(), kept.len(), "what came after the dump is not there");
    for id in &kept {
        client.done("/incidents/resolve", &json!({"instance_id": id}));
    }
    client.done("/incidents/create", &json!({"title": "goes on", "users": "ana"}));
}
