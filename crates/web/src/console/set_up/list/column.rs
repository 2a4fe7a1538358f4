//! The columns of a list: what matters for the kind.

use super::person;
use crate::console::seen::Seen;
use crate::console::set_up::cell::Cell;
use crate::console::set_up::kind::{Kind, name_of};
use domain::directory::{ComponentKind, Directory};
use domain::incident::Status;
use domain::{Instant, RefId};
use engine::{Failure, Filter, HeartbeatRow};
use serde_json::Value;
use std::collections::HashMap;

/// Unresolved incidents that are counted at most.
const COUNTED: u32 = 500;

/// What is known beside the components themselves.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Unresolved incidents by service.
    unresolved: HashMap<RefId, u32>,
    /// Whether there are more than were counted.
    has_more: bool,
    /// When heartbeats were heard of, by name.
    heard: HashMap<String, Option<HeartbeatRow>>,
}

impl Known {
    /// What the list of this kind tells beside its components.
    pub(super) async fn of(seen: &Seen<'_>, kind: Kind) -> Result<Self, Failure> {
        let mut known = Self::default();
        match kind.kind {
            ComponentKind::Service => {
                let statuses = vec![Status::Open, Status::Acknowledged];
                let filter = Filter { statuses, ..Filter::default() };
                let listed = seen.visit.app.engine.incidents(seen.reader(), filter, COUNTED + 1).await?;
                known.has_more = listed.incidents.len() > COUNTED as usize;
                for (incident, _) in listed.incidents {
                    incident.service.into_iter().for_each(|service| *known.unresolved.entry(service).or_default() += 1);
                }
            }
            ComponentKind::Heartbeat => {
                let organization = seen.session.person.organization;
                let all = seen.visit.app.engine.heartbeats_for_sender(organization).await?;
                known.heard = all.into_iter().map(|(heartbeat, row)| (heartbeat.name, row)).collect();
            }
            _ => {}
        }
        Ok(known)
    }
}

/// The columns that are no field of the component itself.
pub(super) const GLANCE: &[(ComponentKind, &str)] = &[
    (ComponentKind::Service, "Open incidents"),
    (ComponentKind::Heartbeat, "State"),
    (ComponentKind::MaintenanceWindow, "When"),
    (ComponentKind::RoutingRule, "Order"),
    (ComponentKind::User, "Role"),
    (ComponentKind::User, "Teams"),
    (ComponentKind::User, "Reached by"),
];

/// What stands above the columns after the name.
pub(super) fn titles(kind: ComponentKind) -> &'static [&'static str] {
    match kind {
        ComponentKind::Service => &["Policy", "Open incidents"],
        ComponentKind::Integration => &["Kind", "For", "State"],
        ComponentKind::RoutingRule => &["Order", "When", "Then", "State"],
        ComponentKind::BusinessService => &["Subscribers"],
        ComponentKind::ResponseSet => &["Responders", "Subscribers", "Bridges"],
        ComponentKind::Workflow => &["Does"],
        ComponentKind::Heartbeat => &["Expected", "For", "State"],
        ComponentKind::MaintenanceWindow => &["What", "When"],
        ComponentKind::Team => &["Members", "Who sees it"],
        ComponentKind::User => &["Role", "Teams", "Reached by", "Last message"],
        ComponentKind::EscalationPolicy => &["Levels"],
        ComponentKind::Routine => &["Zone", "Layers"],
    }
}

/// What stands below them for one component.
pub(super) fn cells(seen: &Seen<'_>, kind: ComponentKind, component: &Value, known: &Known) -> Vec<Cell> {
    let text = |key: &str| Cell::Text(text(component, key));
    let count = |key: &str| Cell::Text(items(component, key).len().to_string());
    match kind {
        ComponentKind::Service => {
            vec![named(ComponentKind::EscalationPolicy, component, "escalation_policy"), unresolved(component, known)]
        }
        ComponentKind::Integration => vec![text("kind"), meant(component), enabled(component)],
        ComponentKind::RoutingRule => rule(component),
        ComponentKind::BusinessService => vec![people(component, "subscribers")],
        ComponentKind::ResponseSet => {
            let policies = names(ComponentKind::EscalationPolicy, component, "escalation_policies");
            let users = names(ComponentKind::User, component, "users");
            let responders = Cell::Links(policies.into_iter().chain(users).collect());
            vec![responders, people(component, "subscribers"), count("conference_bridges")]
        }
        ComponentKind::Workflow => vec![Cell::Lines(steps(component))],
        ComponentKind::Heartbeat => {
            vec![Cell::Text(expected(component)), meant(component), heard(seen, component, known)]
        }
        ComponentKind::MaintenanceWindow => window(seen, component),
        ComponentKind::Team => {
            let sees = if is_true(component, "private") { "its members and admins" } else { "everybody" };
            vec![count("members"), Cell::Text(sees.to_owned())]
        }
        ComponentKind::User => somebody(&seen.snapshot.directory, component),
        ComponentKind::EscalationPolicy => vec![count("levels")],
        ComponentKind::Routine => vec![text("timezone"), count("routine_layers")],
    }
}

fn text(component: &Value, key: &str) -> String {
    component.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn is_true(component: &Value, key: &str) -> bool {
    component.get(key).and_then(Value::as_bool) == Some(true)
}

fn items<'a>(component: &'a Value, key: &str) -> &'a [Value] {
    component.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The components of a kind that a list names, as links.
fn names(kind: ComponentKind, component: &Value, key: &str) -> Vec<(String, String)> {
    let names = items(component, key).iter().filter_map(Value::as_str);
    names.map(|name| (Kind::of(kind).page(name), name.to_owned())).collect()
}

fn people(component: &Value, key: &str) -> Cell {
    Cell::Links(names(ComponentKind::User, component, key))
}

fn named(kind: ComponentKind, component: &Value, key: &str) -> Cell {
    match text(component, key) {
        name if name.is_empty() => Cell::none(),
        name => Cell::link(Kind::of(kind).page(&name), name),
    }
}

/// Whom alerts of an integration or a heartbeat are for.
fn meant(component: &Value) -> Cell {
    let service = text(component, "service");
    let service = (!service.is_empty()).then(|| (Kind::of(ComponentKind::Service).page(&service), service));
    let policies = names(ComponentKind::EscalationPolicy, component, "escalation_policies");
    Cell::Links(service.into_iter().chain(policies).chain(names(ComponentKind::User, component, "users")).collect())
}

fn enabled(component: &Value) -> Cell {
    match component.get("enabled").and_then(Value::as_bool) {
        Some(false) => Cell::state("over", "off"),
        _ => Cell::state("good", "on"),
    }
}

fn unresolved(service: &Value, known: &Known) -> Cell {
    let id = RefId::from(text(service, "ref_id").as_str());
    match (known.unresolved.get(&id), known.has_more) {
        (None, false) => Cell::Text("none".to_owned()),
        (None, true) => Cell::Text(format!("none of the newest {COUNTED}")),
        (Some(count), has_more) => {
            let more = if has_more { " or more" } else { "" };
            let query = super::query(&[("service", &text(service, "name"))]);
            Cell::link(format!("/app/incidents{query}"), format!("{count}{more} open"))
        }
    }
}

fn rule(rule: &Value) -> Vec<Cell> {
    let conditions = items(rule, "conditions").len();
    let when = match conditions {
        0 => "always".to_owned(),
        1 => "1 condition".to_owned(),
        many => format!("{many} conditions"),
    };
    let hours = Some((text(rule, "from"), text(rule, "until"))).filter(|(from, _)| !from.is_empty());
    let when = hours.map_or_else(|| when.clone(), |(from, until)| format!("{when}, {from}–{until}"));
    let position = rule.get("position").map(Value::to_string).unwrap_or_default();
    let actions = rule.get("actions").and_then(Value::as_object);
    let then = actions.into_iter().flatten().map(|(key, value)| said(key, value)).collect();
    vec![Cell::Text(position), Cell::Text(when), Cell::Lines(then), enabled(rule)]
}

/// The things that a workflow does.
fn steps(workflow: &Value) -> Vec<String> {
    let own = ["set_urgency", "add_tags", "add_note", "add_impacts", "run_response_set"];
    own.into_iter().filter_map(|key| workflow.get(key).map(|value| said(key, value))).collect()
}

/// `set urgency 5`.
pub(in crate::console::set_up) fn said(key: &str, value: &Value) -> String {
    let words = key.replace('_', " ");
    match value {
        Value::Bool(true) => words,
        Value::String(text) => format!("{words} {text}"),
        Value::Array(items) => {
            let items: Vec<_> =
                items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect();
            format!("{words} {}", items.join(", "))
        }
        other => format!("{words} {other}"),
    }
}

fn expected(heartbeat: &Value) -> String {
    match heartbeat.get("every_seconds").and_then(Value::as_i64) {
        Some(seconds) => format!("every {}", crate::console::time::duration(seconds)),
        None => text(heartbeat, "cron"),
    }
}

fn heard(seen: &Seen<'_>, heartbeat: &Value, known: &Known) -> Cell {
    if heartbeat.get("enabled").and_then(Value::as_bool) == Some(false) {
        return Cell::state("over", "off");
    }
    match known.heard.get(name_of(heartbeat)).and_then(Option::as_ref) {
        None => Cell::state("warn", "never heard of"),
        Some(row) => {
            let grace = heartbeat.get("grace_seconds").and_then(Value::as_i64).unwrap_or(60) * 1_000_000;
            let is_late = row.due_at.is_some_and(|due_at| due_at.plus_micros(-grace) <= seen.now);
            let word = match row.state.as_str() {
                "down" => "SILENT since",
                "started" => "runs since",
                _ if is_late => "late, heard of",
                _ => "heard of",
            };
            Cell::Time(word.to_owned(), seen.visit.clock.moment(row.heard_at))
        }
    }
}

fn window(seen: &Seen<'_>, component: &Value) -> Vec<Cell> {
    let services = names(ComponentKind::Service, component, "services");
    let integrations = names(ComponentKind::Integration, component, "integrations");
    let what = Cell::Links(services.into_iter().chain(integrations).collect());
    let name = name_of(component);
    let found = seen.snapshot.directory.maintenance_windows.named(name);
    let when = found.map_or_else(Cell::none, |entry| {
        let recurring = entry.component.recurring();
        match (recurring.covers(seen.now), recurring.next_start(seen.now)) {
            (Some(until), _) => time(seen, "open until", until),
            (None, Some(next)) => time(seen, "begins", next),
            (None, None) => Cell::state("over", "over"),
        }
    });
    vec![what, when]
}

fn time(seen: &Seen<'_>, word: &str, at: Instant) -> Cell {
    Cell::Time(word.to_owned(), seen.visit.clock.moment(at))
}

fn somebody(directory: &Directory, user: &Value) -> Vec<Cell> {
    let name = name_of(user);
    let role = directory.user(name).map(|user| user.role.word()).unwrap_or_default();
    let role = if is_true(user, "locked") {
        Cell::state("warn", format!("{role}, locked"))
    } else {
        Cell::Text(role.to_owned())
    };
    let teams = person::teams(directory, name).into_iter();
    let teams = teams.map(|team| (Kind::of(ComponentKind::Team).page(&team), team)).collect();
    let channels: Vec<_> = person::channels(directory, name).iter().map(|channel| channel.word()).collect();
    let reached = match channels.is_empty() {
        true => Cell::state("bad", "nothing reaches them"),
        false => Cell::Text(channels.join(", ")),
    };
    vec![role, Cell::Links(teams), reached]
}
