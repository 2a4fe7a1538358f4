//! Very many incidents that are due at the same moment: how long it takes until all have escalated, and whether any did
//! so twice.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use engine::Clock;
use serde_json::{Value, json};

use super::findings::Findings;
use super::lateness::due as due_of;
use super::organization::Organization;
use super::round::pass;
use super::table::told;
use crate::{Client, Database, PATIENCE};

/// Connections that create.
const CALLERS: u64 = 32;
/// The bar: all have escalated by then.
const FIRED_MILLIS: u64 = 3_000;
/// How long before the first is due the server is held up.
const BEFORE_MICROS: i64 = 500_000;

/// Creates so many incidents, holds the server up over the time at which they come due, and lets it go on when all of
/// them are: tells in a table how long it took. `false` when it was too long, or one escalated twice or never.
pub fn due(database: Database, count: u64) -> (String, bool) {
    let (organization, findings, clock) = (Organization::new(database), Findings::default(), Clock::system());
    let server = organization.home.serve();
    let watch = clock.stopwatch();
    create(&organization, server.address, count);
    let created = watch.micros() / 1000;
    let mut client = organization.client(server.address);
    let ids = ids(&mut client, count);
    let (first, last) = (due_at(&mut client, ids[0]), due_at(&mut client, ids[ids.len() - 1]));
    let wait = first - BEFORE_MICROS - clock.now();
    assert!(wait > 0, "they came due before all were created");
    pass(wait.unsigned_abs());
    // Pages of the first level that are still on their way then would be counted in.
    let paged_before = organization.hook.count();
    server.hold_up();
    pass(u64::try_from(last - clock.now()).unwrap_or(0));
    // The one before was idle for so long that the server may have closed it.
    let mut client = organization.client(server.address);
    let watch = clock.stopwatch();
    server.go_on();
    // The longest due is told first, so that the last one is the last.
    while details(&mut client, ids[ids.len() - 1])["assignee_level"] != 2 {
        assert!(watch.micros() < PATIENCE.as_micros() as u64, "they do not escalate");
    }
    let fired = watch.micros() / 1000;
    let pages = usize::try_from(2 * count).expect("few enough");
    assert!(
        organization.hook.wait_for(pages, PATIENCE),
        "no page came any more after {} of {pages}",
        organization.hook.count()
    );
    let paged = watch.micros() / 1000;
    count_escalations(&organization, server.address, &ids, &findings);
    if fired > FIRED_MILLIS {
        findings.say(format!("{count} due incidents took {fired} ms"));
    }
    assert!(server.terminate().success());
    let rows = [
        ("incidents", count),
        ("created within, ms", created),
        ("pages of level 1 that came before", paged_before as u64),
        ("all escalated after, ms", fired),
        ("all paged after, ms", paged),
        ("broken promises", findings.len() as u64),
    ];
    let title = format!("incidents due at once over {}", database.name());
    (told(&title, &rows, &findings.told()), findings.len() == 0)
}

fn create(organization: &Organization, address: SocketAddr, count: u64) {
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                let mut client = organization.client(address);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    let policy = organization.policies.id(super::book::Way::Climb);
                    let body = json!({"title": format!("disk {number} is full"), "policy_ref_id": [policy]});
                    client.done("/incidents/create", &body);
                }
            });
        }
    });
}

/// Of all incidents, in the order in which they are due.
fn ids(client: &mut Client, count: u64) -> Vec<i64> {
    let mut ids: Vec<i64> = Vec::new();
    while (ids.len() as u64) < count {
        let mut body = json!({"limit": 5000});
        if let Some(last) = ids.last() {
            body["before_instance_id"] = json!(last);
        }
        let listed = client.done("/incidents/list", &body);
        let listed = listed.as_array().expect("a list");
        assert!(!listed.is_empty(), "{count} were created and {} are there", ids.len());
        ids.extend(listed.iter().filter_map(|incident| incident["instance_id"].as_i64()));
    }
    ids.reverse();
    ids
}

fn details(client: &mut Client, id: i64) -> Value {
    client.done("/incidents/details", &json!({"instance_id": id}))
}

fn due_at(client: &mut Client, id: i64) -> i64 {
    due_of(&details(client, id)["events"][0])
}

fn count_escalations(organization: &Organization, address: SocketAddr, ids: &[i64], findings: &Findings) {
    let rest = Mutex::new(ids.iter());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut client = organization.client(address);
                loop {
                    let next = rest.lock().expect("nobody panicked").next();
                    let Some(id) = next else { return };
                    let details = details(&mut client, *id);
                    let events = details["events"].as_array().expect("a list");
                    let count = events.iter().filter(|event| event["event_type"] == "ESCALATE").count();
                    if count != 1 {
                        findings.say(format!("incident {id} escalated {count} times"));
                    }
                }
            });
        }
    });
    let twice = organization.hook.receipts().values().filter(|receipts| receipts.len() > 1).count();
    if twice > 0 {
        findings.say(format!("{twice} pages came twice"));
    }
}
