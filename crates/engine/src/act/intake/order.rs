//! The order that an alert of an integration comes to, before anything is made of it.

use super::asked::addressees;
use super::carry_out::source_of;
use domain::alert::Addressees;
use domain::directory::{Directory, Integration};
use domain::incident::{Order, Routing};
use domain::intake::Received;
use domain::{Instant, RefId, limits};
use serde_json::Value;
use std::sync::Arc;

/// What an alert of this integration asks for, under this id.
pub fn order_of(
    directory: &Directory,
    integration: &Integration,
    received: Received,
    task_ref_id: RefId,
    now: Instant,
) -> Order {
    let named = addressees(directory, &received.responders, now).0;
    let payload = Arc::new(received.payload.clone());
    order_to(directory, integration, (&received, payload), named, task_ref_id)
}

/// The same, where it is known already whom the alert names; the payload stands beside what was read of it.
pub(super) fn order_to(
    directory: &Directory,
    integration: &Integration,
    (received, payload): (&Received, Arc<Value>),
    named: Addressees,
    task_ref_id: RefId,
) -> Order {
    let service = integration.service.as_deref().and_then(|name| directory.services.named(name));
    let names = integration.escalation_policies.iter();
    let mut policies: Vec<_> =
        names.filter_map(|name| directory.policies.named(name)).map(|entry| entry.ref_id.clone()).collect();
    let mut users: Vec<_> =
        integration.users.iter().filter(|user| directory.user(user.as_str()).is_some()).cloned().collect();
    if service.is_none() && policies.is_empty() && users.is_empty() {
        // A file that was applied by an older program can have left nobody.
        let fallback = directory.fallback_policy.as_deref().and_then(|name| directory.policies.named(name));
        policies.extend(fallback.map(|entry| entry.ref_id.clone()));
    }
    let room = limits::TARGETS.saturating_sub(policies.len() + users.len() + 1);
    policies.extend(named.policies.into_iter().take(room));
    let room = limits::TARGETS.saturating_sub(policies.len() + users.len() + 1);
    users.extend(named.users.into_iter().take(room));
    Order {
        task_ref_id,
        urgency: received.urgency_for(integration),
        service: service.map(|entry| entry.ref_id.clone()),
        addressed_to: Addressees { policies, users },
        notes: None,
        dedup_key: None,
        integration_name: Some(integration.name.clone()),
        source: Some(Box::new(source_of(received))),
        title: received.title.clone(),
        text: received.text.clone(),
        tags: received.tags.clone(),
        payload,
        routing: Routing::Apply,
        after_maintenance: None,
    }
}
