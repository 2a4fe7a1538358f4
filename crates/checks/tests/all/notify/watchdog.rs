//! The auditor finds what is late and what is forgotten, and the heartbeat stops when it does.

use checks::{House, in_both};
use domain::incident::Command;
use domain::{InstanceId, limits};
use engine::Audit;
use notify::{Look, Watchdog, WatchdogSettings};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use store::Authorities;

const SECOND: i64 = 1_000_000;
const BOUND: i64 = limits::AUDIT_LATE_SECONDS as i64 * SECOND;

fn change(house: &House, sql: &str) {
    assert_eq!(house.outside().write(|tx| tx.run(sql, &[])).unwrap(), 1, "{sql}");
}

fn audit(house: &House) -> Audit {
    house.run(house.engine().audit()).unwrap()
}

fn warnings(house: &House) -> Vec<String> {
    let readiness = house.run(house.engine().readiness());
    readiness.warnings.into_iter().filter(|warning| warning.starts_with("audit: ")).collect()
}

fn counted(house: &House) -> bool {
    !house.engine().metrics_text().contains("reveille_audit_findings 0\n")
}

#[test]
fn an_audit_of_a_house_that_works_finds_nothing() {
    in_both(|house| {
        let ids = [house.trigger("One"), house.trigger("Two"), house.trigger("Three")];
        house.act(ids[0], Command::Acknowledge).unwrap();
        house.act(ids[1], Command::Resolve).unwrap();
        for _ in 0..30 {
            house.advance(1);
            assert_eq!(audit(house), Audit::default());
        }
        assert!(!house.messages().is_empty());
        assert_eq!((warnings(house), counted(house)), (Vec::new(), false));
    });
}

#[test]
fn an_unresolved_incident_without_a_due_time_is_found_and_said_until_it_is_mended() {
    in_both(|house| {
        let ids = [house.trigger("One"), house.trigger("Two"), house.trigger("Three")];
        house.act(ids[2], Command::Resolve).unwrap();
        house.messages();
        let due = "select due_at from incident where instance_id = $1";
        let row = house.outside().read(|tx| tx.one(due, &[ids[1].0.into()])).unwrap().unwrap();
        change(house, &format!("update incident set due_at = null where instance_id = {}", ids[1]));
        let found = audit(house);
        assert_eq!(found, Audit { forgotten: vec![ids[1]], ..Audit::default() });
        assert!(!found.is_well());
        assert_eq!(warnings(house), ["audit: 1 unresolved incidents or more have no due time"]);
        assert!(counted(house));

        let at = row.integer(0).unwrap();
        change(house, &format!("update incident set due_at = {at} where instance_id = {}", ids[1]));
        assert!(audit(house).is_well());
        assert_eq!((warnings(house), counted(house)), (Vec::new(), false));
    });
}

#[test]
fn what_is_forgotten_in_great_number_is_named_in_part() {
    in_both(|house| {
        let ids: Vec<InstanceId> = (0..12).map(|number| house.trigger(&format!("Disk {number} full"))).collect();
        house.messages();
        let due = "select due_at from incident where instance_id = $1";
        let rows = house.outside().read(|tx| tx.one(due, &[ids[0].0.into()])).unwrap().unwrap();
        let all = |sql: &str| house.outside().write(|tx| tx.run(sql, &[])).unwrap();
        all("update incident set due_at = null");
        assert_eq!(audit(house).forgotten, ids[..10]);
        all(&format!("update incident set due_at = {}", rows.integer(0).unwrap()));
    });
}

#[test]
fn an_incident_that_is_late_by_more_than_the_bound_is_found() {
    in_both(|house| {
        house.trigger("Disk full");
        house.settle();
        let due_at = house.outside().read(store::incident_next_due).unwrap().unwrap();
        for (late, expect) in [(0, None), (BOUND, None), (BOUND + SECOND, Some(61)), (600 * SECOND, Some(600))] {
            house.clock.set(due_at.0 + late);
            assert_eq!(audit(house).late_incident_seconds, expect, "{late}");
        }
        let said = "audit: an incident has been due for 600 seconds and nothing was done";
        assert!(warnings(house).contains(&said.to_owned()), "{:?}", warnings(house));
        house.settle();
        assert!(audit(house).is_well());
        assert_eq!(house.messages().len(), 2);
    });
}

#[test]
fn a_notification_that_nobody_tries_is_found_and_one_that_is_tried_in_vain_is_not() {
    use checks::Reply::Temporary;
    use domain::notification::Channel::Email;
    in_both(|house| {
        house.post.script("ana", Email, &[Temporary; 40]);
        let id = house.trigger("Disk full");
        house.advance(4);
        assert!(house.messages().len() > 4);
        assert_eq!(audit(house).late_notification_seconds, None, "it is tried again and again");

        let lost = house.clock.now() - 90 * SECOND;
        change(house, &format!("update notification set next_at = {lost}"));
        assert_eq!(audit(house).late_notification_seconds, Some(90));
        assert_eq!(warnings(house), ["audit: a notification has been due for 90 seconds and was not tried"]);
        house.settle();
        assert!(audit(house).is_well());
        house.act(id, Command::Resolve).unwrap();
        house.messages();
    });
}

#[test]
fn a_clock_loop_that_stands_still_is_found() {
    in_both(|house| {
        house.settle();
        house.clock.advance(BOUND);
        assert!(audit(house).is_well());
        house.clock.advance(SECOND);
        assert_eq!(audit(house).tick_age_seconds, Some(61.0));
        house.settle();
        assert!(audit(house).is_well());
    });
}

/// An outside service that hears heartbeats and answers each with `status`.
fn service(status: u16) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/ping/secret", listener.local_addr().unwrap());
    let (told, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = BufReader::new(stream);
            let (mut head, mut line) = (String::new(), String::new());
            while stream.read_line(&mut line).unwrap() > 2 {
                head.push_str(&std::mem::take(&mut line));
            }
            // The test may have ended.
            let _ = told.send(head.lines().next().unwrap_or_default().to_owned());
            let answer = format!("HTTP/1.1 {status} Said\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
            let _ = stream.get_mut().write_all(answer.as_bytes());
        }
    });
    (url, heard)
}

fn watchdog(url: Option<String>) -> Watchdog {
    Watchdog::new(&WatchdogSettings {
        heartbeat_url: url,
        heartbeat: Duration::from_secs(20),
        authorities: Authorities::default(),
    })
    .unwrap()
}

/// Looks, and waits until a heartbeat that was sent has been answered.
fn look(house: &House, watchdog: &mut Watchdog) -> Look {
    house.run(async {
        let look = watchdog.look(house.notifier()).await;
        watchdog.all_told().await;
        look
    })
}

const TOLD: Look = Look { is_well: Some(true), has_told: true };
const SILENT: Look = Look { is_well: Some(false), has_told: false };

#[test]
fn the_heartbeat_goes_on_while_all_is_well_and_stops_when_it_is_not() {
    in_both(|house| {
        let (url, heard) = service(200);
        let mut watchdog = watchdog(Some(url));
        let id = house.trigger("Disk full");
        house.messages();
        for _ in 0..3 {
            assert_eq!(look(house, &mut watchdog), TOLD);
            assert_eq!(look(house, &mut watchdog), Look::default(), "not before its time");
            house.advance_micros(20 * SECOND);
        }
        let heartbeats: Vec<String> = heard.try_iter().collect();
        assert_eq!(heartbeats, ["GET /ping/secret HTTP/1.1"; 3]);
        assert!(house.engine().metrics_text().contains("reveille_heartbeats_total{outcome=\"delivered\"} 3"));

        let due = house.outside().read(store::incident_next_due).unwrap().unwrap();
        change(house, "update incident set due_at = null");
        for _ in 0..3 {
            assert_eq!(look(house, &mut watchdog), SILENT);
            assert_eq!(look(house, &mut watchdog), Look::default());
            house.advance_micros(20 * SECOND);
        }
        assert_eq!(heard.try_iter().count(), 0);

        change(house, &format!("update incident set due_at = {}", due.0));
        assert_eq!(look(house, &mut watchdog), TOLD);
        assert_eq!(heard.try_iter().count(), 1);
        house.act(id, Command::Resolve).unwrap();
        house.messages();
    });
}

#[test]
fn the_heartbeat_stops_when_the_loop_stands_still_and_when_the_database_does_not_answer() {
    in_both(|house| {
        let (url, heard) = service(200);
        let mut watchdog = watchdog(Some(url));
        house.settle();
        house.clock.advance(BOUND + SECOND);
        assert_eq!(look(house, &mut watchdog), SILENT);
        house.settle();
        house.outside().write(|tx| tx.run("alter table incident rename to elsewhere", &[])).unwrap();
        house.clock.advance(20 * SECOND);
        assert_eq!(look(house, &mut watchdog), SILENT);
        let said = house.run(house.engine().readiness()).warnings;
        assert!(said.iter().any(|line| line.starts_with("audit: the database does not answer")), "{said:?}");
        house.outside().write(|tx| tx.run("alter table elsewhere rename to incident", &[])).unwrap();
        house.clock.advance(20 * SECOND);
        assert_eq!(look(house, &mut watchdog), TOLD);
        assert_eq!(heard.try_iter().count(), 1);
    });
}

#[test]
fn without_a_url_it_audits_each_minute_and_tells_nobody() {
    in_both(|house| {
        let mut watchdog = watchdog(None);
        for _ in 0..3 {
            assert_eq!(look(house, &mut watchdog), Look { is_well: Some(true), has_told: false });
            house.advance_micros(59 * SECOND);
            assert_eq!(look(house, &mut watchdog), Look::default());
            house.advance_micros(SECOND);
        }
    });
}

#[test]
fn a_heartbeat_that_does_not_arrive_is_counted_and_tried_again_in_time() {
    in_both(|house| {
        let (url, heard) = service(503);
        let mut watchdog = watchdog(Some(url));
        for _ in 0..2 {
            assert_eq!(look(house, &mut watchdog), TOLD);
            house.advance_micros(20 * SECOND);
        }
        assert_eq!(heard.try_iter().count(), 2);
        assert!(house.engine().metrics_text().contains("reveille_heartbeats_total{outcome=\"failed\"} 2"));
    });
}

#[test]
fn a_heartbeat_url_that_cannot_be_called_is_refused_at_the_start() {
    for url in ["ftp://watch.example.org/", "watch.example.org", "https://me@watch.example.org/"] {
        let (heartbeat_url, heartbeat) = (Some(url.to_owned()), Duration::from_secs(1));
        let settings = WatchdogSettings { heartbeat_url, heartbeat, authorities: Authorities::default() };
        assert!(Watchdog::new(&settings).is_err(), "{url}");
        assert!(!format!("{settings:?}").contains("watch"));
    }
}
