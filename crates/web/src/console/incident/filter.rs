//! What the address of the list asks for: the filters that the store knows, and what of a query means anything.

use super::order::ORDERS;
use crate::console::form::Form;
use crate::console::seen::Seen;
use domain::incident::Status;
use domain::{Urgency, Username};
use engine::Filter;

/// The incidents that the address asks for, on whichever page of the list.
pub(in crate::console) fn filter(query: &Form, seen: &Seen<'_>) -> Filter {
    let directory = &seen.snapshot.directory;
    let service = query.get("service").and_then(|known| directory.services.known(known));
    let assignee = match query.get("assignee") {
        Some("me") => Some(seen.session.person.username.clone()),
        other => other.map(Username::from),
    };
    Filter {
        statuses: statuses(query.text("state")),
        service: service.map(|entry| entry.ref_id.clone()),
        urgency: urgency(query.text("urgency")),
        assignee,
        tags: query.all("tag").into_iter().map(str::to_owned).collect(),
        from: hours(query.text("since")).map(|hours| seen.now.plus_micros(-hours * HOUR)),
        ..Filter::default()
    }
}

/// The filters and the order of a query that mean something to the list, as they stand in an address; not how far one has turned its pages.
pub(super) fn said(query: &Form) -> String {
    let means = |name: &str, value: &str| match name {
        "state" => STATES.contains(&value),
        "urgency" => urgency(value).is_some(),
        "since" => hours(value).is_some(),
        "order" => ORDERS.iter().any(|(order, _)| *order == value),
        "q" | "team" | "service" | "policy" | "assignee" | "tag" => !value.is_empty(),
        _ => false,
    };
    let pairs = query.pairs().iter().filter(|(name, value)| means(name, value));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn urgency(number: &str) -> Option<Urgency> {
    number.parse::<i64>().ok().and_then(|number| Urgency::try_from(number).ok())
}

const HOUR: i64 = 3_600_000_000;
/// How far back one may look, by hours, in words.
pub(super) const SINCE: [(&str, &str); 5] =
    [("1", "the last hour"), ("24", "24 hours"), ("168", "7 days"), ("720", "30 days"), ("8760", "a year")];

/// So many hours, if they may be chosen.
fn hours(since: &str) -> Option<i64> {
    SINCE.iter().find(|(hours, _)| *hours == since).and_then(|(hours, _)| hours.parse().ok())
}

/// The states that an address names; where it names none of them, what is unresolved is listed.
const STATES: [&str; 4] = ["open", "ack", "resolved", "all"];

fn statuses(state: &str) -> Vec<Status> {
    match state {
        "open" => vec![Status::Open],
        "ack" => vec![Status::Acknowledged],
        "resolved" => vec![Status::Resolved],
        "all" => Vec::new(),
        _ => vec![Status::Open, Status::Acknowledged],
    }
}
