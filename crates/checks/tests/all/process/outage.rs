//! A PostgreSQL that goes away, stands still, becomes a standby or loses its connections under a running server: requests
//! are answered 503, nothing is half done, and all goes on without a restart.

use std::sync::mpsc::channel;

use checks::{Client, Cluster, Deed, Home, HttpAnswer, Peer, Server};
use postgres::NoTls;
use serde_json::{Value, json};

use super::ACME;

const LOST: &str = "the database cannot be used";
const BACK: &str = "the database can be used again";

fn create(title: &str) -> Value {
    json!({"title": title, "users": "ana", "dedup_key": title})
}

fn is_turned_away(answer: &HttpAnswer) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()), "{answer:?}");
}

/// What `/readyz` complains of.
fn problem(client: &mut Client) -> String {
    let answer = client.get("/readyz");
    assert_eq!(answer.status, 503, "{}", answer.body);
    answer.json()["problems"][0].as_str().unwrap().to_owned()
}

fn titles(client: &mut Client) -> Vec<String> {
    let listed = client.done("/incidents/list", &json!({"limit": 5000}));
    let title = |incident: &Value| incident["task"]["task_title"].as_str().unwrap().to_owned();
    let mut titles: Vec<_> = listed.as_array().unwrap().iter().map(title).collect();
    titles.sort_unstable();
    titles
}

/// A server that works, over a database that does not.
fn is_of_no_use(server: &mut Server, key: &str, expected: &str) {
    let mut clients = [(); 3].map(|()| server.client(key));
    std::thread::scope(|scope| {
        let [create_client, ready_client, health_client] = &mut clients;
        scope.spawn(|| is_turned_away(&create_client.post("/incidents/create", &create("while it is lost"))));
        scope.spawn(|| {
            let problem = problem(ready_client);
            // What the server reads by itself can have taken every connection by then, each of which waits for its answer.
            let is_told = problem.contains(expected) || problem.ends_with("every connection for reading is in use");
            assert!(problem.starts_with("the database cannot be used: ") && is_told, "{problem}");
        });
        assert_eq!(health_client.get("/healthz").status, 200);
    });
    server.logged(LOST);
}

#[test]
fn a_database_that_stops_stands_still_or_is_demoted_costs_503_and_no_restart() {
    let (mut cluster, mut mailbox) = (Cluster::new(), Peer::mailbox());
    let mut home = Home::on(&cluster);
    home.send_mail_to(&mailbox);
    home.set("storm.gap_seconds", "0");
    home.apply(ACME);
    let key = home.key(&[]);
    let mut server = home.serve();
    let mut expected = Vec::new();
    let table = [
        (Deed::Stop, Deed::Start, ""),
        (Deed::Freeze, Deed::Thaw, "did not answer"),
        (Deed::Demote, Deed::Promote, "during recovery"),
    ];
    for (deed, cure, told) in table {
        let title = format!("before {deed:?}");
        server.client(&key).done("/incidents/create", &create(&title));
        expected.push(title);
        mailbox.wait_for_one();
        cluster.suffer(deed);
        is_of_no_use(&mut server, &key, told);
        cluster.suffer(cure);
        server.logged(BACK);
        let mut client = server.client(&key);
        let title = format!("after {cure:?}");
        client.done("/incidents/create", &create(&title));
        expected.push(title);
        mailbox.wait_for_one();
        assert_eq!(client.get("/readyz").status, 200);
    }
    expected.sort_unstable();
    assert_eq!(titles(&mut server.client(&key)), expected, "nothing that was turned away was stored");
    assert!(server.terminate().success());
}

#[test]
fn what_is_read_while_the_database_is_gone_is_503_too() {
    let mut cluster = Cluster::new();
    let home = Home::on(&cluster);
    home.apply(ACME);
    let server = home.serve();
    let mut client = server.client(&home.key(&[]));
    let id = client.done("/incidents/create", &create("x"))["instance_id"].clone();
    cluster.suffer(Deed::Stop);
    for (path, body) in [("/incidents/details", json!({"instance_id": id})), ("/incidents/list", json!({}))] {
        is_turned_away(&client.post(path, &body));
    }
    is_turned_away(&client.get("/list/services"));
}

const CALLERS: usize = 6;
const CUTS: usize = 12;
/// Creates that are answered between two cuts.
const BETWEEN: usize = 15;

/// How a create ended.
type Ended = (String, u16);

#[test]
fn connections_that_are_cut_under_load_leave_nothing_half_done() {
    let (cluster, mailbox) = (Cluster::new(), Peer::mailbox());
    let mut home = Home::on(&cluster);
    home.send_mail_to(&mailbox);
    home.set("limits.rate_per_second", "0");
    home.apply(ACME);
    let (server, key) = (home.serve(), home.key(&[]));
    let ended = load_while_cutting(&server, &key, &cluster.url());
    let mut client = server.client(&key);
    let stored = titles(&mut client);
    for (title, status) in &ended {
        let is_stored = stored.binary_search(title).is_ok();
        match status {
            200 => assert!(is_stored, "{title} was answered and is lost"),
            503 => assert!(!is_stored, "{title} was turned away and is stored"),
            // It is not known whether the commit took effect.
            500 => {}
            _ => panic!("{title}: {status}"),
        }
    }
    assert!(ended.iter().any(|(_, status)| *status != 200), "the cuts were met");
    let mut database = postgres::Client::connect(&cluster.url(), NoTls).unwrap();
    let whole = "select count(*), count(*) filter (where exists (select 1 from event
            where event.organization_id = incident.organization_id and event.instance_id = incident.instance_id)
        and exists (select 1 from alert
            where alert.organization_id = incident.organization_id and alert.instance_id = incident.instance_id)
        and exists (select 1 from notification
            where notification.organization_id = incident.organization_id
                and notification.instance_id = incident.instance_id)) from incident";
    let row = database.query_one(whole, &[]).unwrap();
    let (all, whole): (i64, i64) = (row.get(0), row.get(1));
    assert_eq!((all, whole), (i64::try_from(stored.len()).unwrap(), all), "every incident is there whole");
}

/// Creates from many connections, while those of the server to the database are cut again and again.
fn load_while_cutting(server: &Server, key: &str, url: &str) -> Vec<Ended> {
    let (sender, answers) = channel();
    let mut database = postgres::Client::connect(url, NoTls).unwrap();
    std::thread::scope(|scope| {
        let mut ends = Vec::new();
        for caller in 0..CALLERS {
            let (sender, mut client) = (sender.clone(), server.client(key));
            let (end, stop) = channel::<()>();
            ends.push(end);
            scope.spawn(move || {
                for number in 0.. {
                    if stop.try_recv().is_err_and(|error| error == std::sync::mpsc::TryRecvError::Disconnected) {
                        break;
                    }
                    let title = format!("disk {caller}.{number} is full");
                    let status = client.post("/incidents/create", &create(&title)).status;
                    sender.send((title, status)).expect("the test listens");
                }
            });
        }
        drop(sender);
        let mut ended = Vec::new();
        for _ in 0..CUTS {
            ended.extend(answers.iter().take(BETWEEN));
            let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                where application_name = 'reveille' and pid <> pg_backend_pid()";
            database.execute(cut, &[]).unwrap();
        }
        drop(ends);
        ended.extend(answers.iter());
        ended
    })
}
