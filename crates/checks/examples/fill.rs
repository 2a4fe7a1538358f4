//! Fills a database with incidents of a year for `scripts/bench.sh`: copies of the incident that is there already, 95 of a
//! hundred resolved, each with its alert, events and notifications. `fill URL COUNT`.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a program to measure with, not one to run")]

use domain::incident::{Event, Happening, Incident, Method, Pending, Status};
use domain::{InstanceId, Instant, OrganizationId, RefId, Urgency};
use store::{Store, Tx};

const ORGANIZATION: OrganizationId = OrganizationId(1);
const IN_ONE_TRANSACTION: i64 = 1_000;
/// Thirty seconds: a million incidents in a year.
const BETWEEN_MICROS: i64 = 31_000_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("the URL of a database").parse().expect("a usable URL");
    let count: i64 = arguments.next().expect("how many").parse().expect("a number");
    let store = Store::open(&url).expect("the store opens");
    let model = store.read(|tx| model(tx)).expect("a model");
    for from in (0..count).step_by(usize::try_from(IN_ONE_TRANSACTION).expect("small")) {
        let numbers = from..count.min(from + IN_ONE_TRANSACTION);
        let filled = store.write(|tx| {
            let fresh = store::number_fresh(tx, usize::try_from(numbers.end - numbers.start).expect("small"))?;
            let last = store::number_last(tx, ORGANIZATION)?;
            for (place, (number, id)) in numbers.clone().zip(fresh).enumerate() {
                let within = last + 1 + i64::try_from(place).expect("small");
                copy(tx, &model, (count - number, number), id, within)?;
            }
            store::number_save(tx, ORGANIZATION, last + numbers.end - numbers.start)
        });
        filled.expect("a transaction");
    }
    println!("filled {count}");
}

/// What is copied.
struct Model {
    incident: Incident,
    alert: domain::alert::Alert,
    events: Vec<Event>,
    notifications: Vec<domain::notification::Notification>,
}

fn model(tx: &mut dyn Tx) -> Result<Model, store::Error> {
    let unresolved = store::incident_unresolved(tx, ORGANIZATION)?;
    let incident = unresolved.into_iter().next().expect("an incident to copy");
    let alert = store::alert_list(tx, ORGANIZATION, incident.instance_id)?.remove(0);
    let events = store::event_list(tx, ORGANIZATION, incident.instance_id)?;
    let rows = store::notification_list(tx, ORGANIZATION, incident.instance_id, -1, 10)?;
    let notifications = rows.into_iter().map(|row| row.notification).collect();
    Ok(Model { incident, alert, events, notifications })
}

/// `age` steps before the model; the copy's status, urgency and tags follow from its number.
fn copy(
    tx: &mut dyn Tx,
    model: &Model,
    (age, number): (i64, i64),
    id: InstanceId,
    within: i64,
) -> Result<(), store::Error> {
    let at = Instant(model.incident.created_at.0 - age * BETWEEN_MICROS);
    let status = match number % 100 {
        0 | 1 => Status::Open,
        2..5 => Status::Acknowledged,
        _ => Status::Resolved,
    };
    let ref_id = RefId(format!("filled-{number}"));
    let is_over = status == Status::Resolved;
    let mut incident = Incident {
        instance_id: id,
        organization_instance_id: within,
        status,
        urgency: Urgency::try_from(number % 5 + 1).expect("an urgency"),
        task_ref_id: ref_id.clone(),
        created_at: at,
        last_alert_at: at,
        resolved_at: is_over.then(|| at.plus_minutes(9)),
        tags: vec![format!("host-{}", number % 1_000)],
        dedup_key: Some(format!("filled-{number}")),
        ..model.incident.clone()
    };
    store::incident_insert(tx, ORGANIZATION, &mut incident)?;
    let alert = domain::alert::Alert {
        ref_id,
        created_at: at,
        dedup_key: incident.dedup_key.clone(),
        resolved_at: incident.resolved_at,
        ..model.alert.clone()
    };
    store::alert_insert(tx, ORGANIZATION, id, &alert)?;
    let mut events = model.events.clone();
    if is_over {
        events.push(Event { at: at.plus_minutes(9), method: Method::Web, by: None, what: Happening::Resolve });
    }
    store::event_append(tx, ORGANIZATION, id, 1, &events)?;
    store::notification_append(tx, ORGANIZATION, id, 1, &model.notifications, at)?;
    store::notification_call_off(tx, ORGANIZATION, id, Pending::DropAll, Vec::new(), at.plus_minutes(9)).map(drop)
}
