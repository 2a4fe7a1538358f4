//! Components by name: the items of `GET /list/{type}` (contract §2), and how the list is divided into pages.

use domain::directory::{
    Component, ComponentKind, Directory, Entry, Heartbeat, Integration, MaintenanceWindow, Register, dashed_key,
};
use domain::ids::RefId;
use domain::intake::SenderKind;
use serde_json::{Map, Value, json};

/// One page of a list.
#[derive(Debug, PartialEq)]
pub struct Page {
    /// The items, ordered by name.
    pub items: Vec<Value>,
    /// `after` of the next page, where there is one.
    pub next: Option<String>,
}

/// The kind that a word of `GET /list/{type}` means; `None` for `incidents`, which are no components, and for others.
pub fn kind(word: &str) -> Option<ComponentKind> {
    match word {
        "users" => Some(ComponentKind::User),
        "escalation-policies" => Some(ComponentKind::EscalationPolicy),
        "services" => Some(ComponentKind::Service),
        "business-services" => Some(ComponentKind::BusinessService),
        "response-sets" => Some(ComponentKind::ResponseSet),
        "workflows" => Some(ComponentKind::Workflow),
        "routines" => Some(ComponentKind::Routine),
        "integrations" => Some(ComponentKind::Integration),
        "heartbeats" => Some(ComponentKind::Heartbeat),
        "maintenance-windows" => Some(ComponentKind::MaintenanceWindow),
        _ => None,
    }
}

/// At most `limit` components of a kind after the one with the id `after`. `None` when there is none with that id:
/// it was deleted since, and any page would repeat or leave out something in silence. Senders reach the server
/// at `base`, and by mail at the domain.
pub fn page(
    directory: &Directory,
    reached_at: (&str, Option<&str>),
    kind: ComponentKind,
    after: Option<&str>,
    limit: usize,
) -> Option<Page> {
    match kind {
        ComponentKind::User => {
            let shown = |entry: &Entry<_>| user(directory, entry);
            let mut entries = directory.users.by_name();
            // People are listed by the name that is shown; the username, by which they came, breaks ties.
            entries.sort_by(|a, b| a.component.shown_name().cmp(b.component.shown_name()));
            cut(&entries, after, limit, shown)
        }
        ComponentKind::EscalationPolicy => cut_named(&directory.policies, after, limit, |entry| {
            let levels = entry.component.levels.len();
            item(entry, "policy_ref_id", json!({"levels": levels}))
        }),
        ComponentKind::Service => cut_named(&directory.services, after, limit, |entry| {
            let policy = directory.policies.named(&entry.component.escalation_policy);
            let policy = policy.map(|policy| policy.ref_id.as_str());
            let more = json!({"description": entry.component.description, "policy_ref_id": policy});
            item(entry, "service_ref_id", more)
        }),
        ComponentKind::BusinessService => cut_named(&directory.business_services, after, limit, |entry| {
            item(entry, "business_service_ref_id", json!({"description": entry.component.description}))
        }),
        ComponentKind::ResponseSet => {
            cut_named(&directory.response_sets, after, limit, |entry| item(entry, "response_set_ref_id", json!({})))
        }
        ComponentKind::Workflow => {
            cut_named(&directory.workflows, after, limit, |entry| item(entry, "workflow_ref_id", json!({})))
        }
        ComponentKind::Routine => cut_named(&directory.routines, after, limit, |entry| {
            item(entry, "routine_ref_id", json!({"timezone": entry.component.timezone}))
        }),
        ComponentKind::Integration => {
            cut_named(&directory.integrations, after, limit, |entry| integration(directory, reached_at, entry))
        }
        ComponentKind::Heartbeat => cut_named(&directory.heartbeats, after, limit, |entry| {
            let key = directory.integration_keys.get(&entry.ref_id).map(|digits| dashed_key(digits));
            let base = reached_at.0;
            let url = key.as_ref().map(|key| format!("{base}/heartbeats/{key}"));
            let Heartbeat { every_seconds, cron, timezone, grace_seconds, enabled, .. } = &entry.component;
            let more = json!({
                "url": url,
                "every_seconds": every_seconds,
                "cron": cron,
                "timezone": timezone,
                "grace_seconds": grace_seconds,
                "enabled": enabled,
            });
            item(entry, "heartbeat_ref_id", more)
        }),
        ComponentKind::MaintenanceWindow => cut_named(&directory.maintenance_windows, after, limit, |entry| {
            let MaintenanceWindow { services, integrations, timezone, duration_minutes, rrule, .. } = &entry.component;
            let more = json!({
                "services": services,
                "integrations": integrations,
                "timezone": timezone,
                "duration_minutes": duration_minutes,
                "rrule": rrule,
            });
            item(entry, "maintenance_window_ref_id", more)
        }),
        // Teams and rules are not listed.
        ComponentKind::Team | ComponentKind::RoutingRule => {
            after.is_none().then(|| Page { items: Vec::new(), next: None })
        }
    }
}

fn cut_named<T: Component>(
    register: &Register<T>,
    after: Option<&str>,
    limit: usize,
    shown: impl Fn(&Entry<T>) -> Value,
) -> Option<Page> {
    cut(&register.by_name(), after, limit, shown)
}

fn cut<T>(
    entries: &[&Entry<T>],
    after: Option<&str>,
    limit: usize,
    shown: impl Fn(&Entry<T>) -> Value,
) -> Option<Page> {
    let begin = match after {
        Some(id) => 1 + entries.iter().position(|entry| entry.ref_id.as_str() == id)?,
        None => 0,
    };
    let end = entries.len().min(begin.saturating_add(limit));
    let next = if end < entries.len() { entries[..end].last().map(|entry| entry.ref_id.0.clone()) } else { None };
    Some(Page { items: entries[begin..end].iter().map(|entry| shown(entry)).collect(), next })
}

/// `name`, `ref_id`, the same id as requests call it, and what else is useful.
fn item<T: Component>(entry: &Entry<T>, called: &str, more: Value) -> Value {
    named(entry.component.name(), &entry.ref_id, called, more)
}

fn named(name: &str, ref_id: &RefId, called: &str, more: Value) -> Value {
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(name));
    object.insert("ref_id".to_owned(), json!(ref_id));
    object.insert(called.to_owned(), json!(ref_id));
    if let Value::Object(more) = more {
        object.extend(more);
    }
    Value::Object(object)
}

/// The whole URL that a sender of this kind is pointed at, and the address that it sends mail to, below where this server is
/// reached.
pub(crate) fn reached(
    kind: SenderKind,
    digits: &str,
    (base, mail_domain): (&str, Option<&str>),
) -> (String, Option<String>) {
    let key = dashed_key(digits);
    let mail_domain = mail_domain.filter(|_| kind == SenderKind::Email);
    (format!("{base}/{}/{key}", kind.word()), mail_domain.map(|domain| format!("{key}@{domain}")))
}

/// An integration with the key that counts, the whole URL that a sender is pointed at, and the address that it sends mail to.
fn integration(directory: &Directory, reached_at: (&str, Option<&str>), entry: &Entry<Integration>) -> Value {
    let Integration { kind, service, enabled, .. } = &entry.component;
    let digits = directory.integration_keys.get(&entry.ref_id);
    let (url, address) = digits.map(|digits| reached(*kind, digits, reached_at)).unzip();
    let service = service.as_deref().and_then(|name| directory.services.named(name));
    let more = json!({
        "kind": kind.word(),
        "integration_key": digits.map(|digits| dashed_key(digits)),
        "url": url,
        "address": address.flatten(),
        "service_ref_id": service.map(|service| &service.ref_id),
        "enabled": enabled,
    });
    item(entry, "integration_ref_id", more)
}

fn user(directory: &Directory, entry: &Entry<domain::directory::User>) -> Value {
    let user = &entry.component;
    let more = json!({
        "display_name": user.shown_name(),
        "preferred_username": user.username,
        "email": user.email,
        "user_role": user.role.word(),
        "policy_ref_id": directory.own_policy(user.username.as_str()),
    });
    named(user.shown_name(), &entry.ref_id, "user_ref_id", more)
}
