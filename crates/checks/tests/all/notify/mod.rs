//! What the way of a notification to a person and back promises, kept over the real stores.

mod breaker;
mod deliver;
mod device;
mod handover;
mod ledger;
mod maintenance;
mod rules;
mod storm;
mod telephone;
mod token;
mod watchdog;

use checks::House;
use domain::InstanceId;
use store::{NotificationRow, PACED};

/// How a notification stands, in a word.
fn standing(row: &NotificationRow) -> &'static str {
    let waits_for = |reason: &str| row.fate.as_deref().is_some_and(|fate| fate.starts_with(reason));
    match row.state.as_str() {
        _ if row.confirmed_at.is_some() => "confirmed",
        "sent" => "sent",
        "failed" => "failed",
        "dropped" => "dropped",
        "sending" => "sending",
        _ if waits_for("the destination keeps failing") => "paused",
        _ if waits_for(PACED) => "bundling",
        _ if row.attempts > 0 => "retrying",
        _ => "waiting",
    }
}

/// How each notification of an incident stands.
fn standings(house: &House, id: InstanceId) -> Vec<&'static str> {
    house.notifications(id).iter().map(|(row, _)| standing(row)).collect()
}
