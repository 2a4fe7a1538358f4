//! A made-up directory for the tests of these pages.

use crate::console::time::Clock;
use domain::directory::{Directory, EscalationPolicy, User};
use domain::notification::Channel;
use domain::routine::{Routine, Swap};
use domain::{Instant, OrganizationId, RefId, Username};
use serde_json::{Value, json};

/// Sunday, 29 November 2026, noon.
pub(super) fn now() -> Instant {
    at("2026-11-29T12:00:00")
}

/// An instant of UTC.
pub(super) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// The clock of somebody in Berlin.
pub(super) fn clock() -> Clock {
    Clock::of([Some("Europe/Berlin")], now())
}

/// Ana and Ben have a verified telephone, Cho has nothing.
pub(super) fn directory() -> Directory {
    let mut directory = Directory::empty(OrganizationId(1), "acme");
    for (username, name, sms) in [
        ("ana", "Ana Alves", Some("+447700900101")),
        ("ben", "Ben Bauer", Some("+447700900102")),
        ("cho", "Cho Min-seo", None),
    ] {
        add_user(&mut directory, &json!({"username": username, "display_name": name, "sms": sms}));
        directory.verified.insert((Username::from(username), Channel::Sms));
    }
    directory
}

/// Adds a user.
pub(super) fn add_user(directory: &mut Directory, user: &Value) {
    let user: User = serde_json::from_value(user.clone()).unwrap();
    let (id, own) = (format!("u-{}", user.username), format!("own-{}", user.username));
    directory.add_user(RefId::from(id.as_str()), RefId::from(own.as_str()), user);
}

/// Adds a routine of this zone with these layers.
pub(super) fn add_routine(directory: &mut Directory, name: &str, zone: &str, layers: &Value) {
    let routine: Routine =
        serde_json::from_value(json!({"name": name, "timezone": zone, "routine_layers": layers})).unwrap();
    directory.routines.add(RefId::from(format!("r-{name}").as_str()), routine);
}

/// Adds a swap to a routine.
pub(super) fn add_swap(directory: &mut Directory, routine: &str, swap: &Value) {
    let swap: Swap = serde_json::from_value(swap.clone()).unwrap();
    directory.swaps.entry(routine.to_owned()).or_default().push(swap);
}

/// Adds a policy of these levels.
pub(super) fn add_policy(directory: &mut Directory, name: &str, levels: &Value) {
    let policy: EscalationPolicy = serde_json::from_value(json!({"name": name, "levels": levels})).unwrap();
    directory.policies.add(RefId::from(format!("p-{name}").as_str()), policy);
}

/// Nights from 18:00 to 09:00 of Ana and Ben, a week each from Monday on; Cho by day from Monday to Friday. On Saturday and
/// Sunday nobody is on call by day.
pub(super) fn add_payments(directory: &mut Directory) {
    let layers = json!([
        {"layer_name": "night", "valid_start": "2026-11-23", "rotation_start": "18:00:00", "shift_length": "15:00",
         "rotation_frequency": 7, "rotations": [["ana"], ["ben"]]},
        {"layer_name": "day", "valid_start": "2026-11-23", "rotation_start": "09:00:00", "shift_length": "09:00",
         "skip_days": [5, 6], "rotations": [["cho"]]},
    ]);
    add_routine(directory, "payments", "Europe/Berlin", &layers);
}
