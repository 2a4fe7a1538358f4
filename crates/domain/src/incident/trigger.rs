//! How an incident begins: validation, deduplication, conditional routing, level 1.

use super::change::{AlertChange, Change, Outcome, Pending, Step};
use super::command::{Actor, Order, Routing};
use super::draft::Draft;
use super::event::{Alerting, Happening, Opening, Raise};
use super::seek::{Ladders, targets_from_level_1};
use super::{Incident, annotate, response};
use crate::alert::{Alert, Grouping};
use crate::directory::{ComponentKind, Directory, Service};
use crate::ids::RefId;
use crate::routing::{Actions, Rule, Signal};
use crate::{Instant, Refusal, Urgency, limits};

/// Validate, then deduplicate, then route, then make the incident (contract §2).
/// `same_key` is the unresolved incident with the order's dedup key.
pub(super) fn trigger(
    same_key: Option<Incident>,
    order: Order,
    actor: &Actor,
    directory: &Directory,
    now: Instant,
) -> Result<Step, Refusal> {
    let targets = targets_of(&order, directory, now)?;
    if let Some(incident) = same_key {
        return Ok(recur(incident, 1, now));
    }
    let rule = match order.routing {
        Routing::Apply => fitting(&order, directory, now),
        Routing::Skip | Routing::Test => None,
    };
    if let Some(rule) = rule.filter(|rule| rule.actions.suppress) {
        let outcome = Outcome::Suppressed { rule: rule.name.clone(), at: now };
        return Ok(Step { changes: Vec::new(), alerts: Vec::new(), outcome });
    }
    begin(order, targets, rule, actor, directory, now)
}

/// Counts more alerts on the incident, and notifies nobody.
pub(super) fn recur(mut incident: Incident, times: u32, now: Instant) -> Step {
    incident.suppressed_count = incident.suppressed_count.saturating_add(times);
    incident.last_suppressed_at = Some(now);
    let outcome = Outcome::Deduplicated { instance_id: incident.instance_id, at: incident.created_at };
    let change = Change { incident, events: Vec::new(), notifications: Vec::new(), pending: Pending::Keep };
    Step::of(change, outcome)
}

/// The policies that the order names; refused when one is unknown or there is none.
pub(super) fn targets_of(order: &Order, directory: &Directory, now: Instant) -> Result<Vec<RefId>, Refusal> {
    let mut policies = Vec::new();
    if let Some(id) = &order.service {
        let unknown =
            || Refusal::UnknownComponent { field: "service_ref_id", kind: ComponentKind::Service, name: id.0.clone() };
        let service = directory.services.with_ref(id.as_str()).ok_or_else(unknown)?;
        policies.extend(policy_of(&service.component, directory, now));
    }
    for policy in &order.addressed_to.policies {
        directory.ladder(policy).ok_or_else(|| Refusal::UnknownComponent {
            field: "policy_ref_id",
            kind: ComponentKind::EscalationPolicy,
            name: policy.0.clone(),
        })?;
        policies.push(policy.clone());
    }
    annotate::all_known(directory, "users", &order.addressed_to.users)?;
    policies.extend(order.addressed_to.users.iter().filter_map(|user| directory.own_policy(user.as_str()).cloned()));
    if order.service.is_none() && policies.is_empty() {
        return Err(Refusal::NobodyNamed);
    }
    if targets_from_level_1(&policies).len() > limits::TARGETS {
        return Err(Refusal::TooMany { field: "users", limit: limits::TARGETS });
    }
    Ok(policies)
}

/// The policy that is asked for a service now.
fn policy_of(service: &Service, directory: &Directory, now: Instant) -> Option<RefId> {
    let other = service.outside_hours(now).and_then(|hours| hours.escalation_policy.as_ref());
    directory.policies.named(other.unwrap_or(&service.escalation_policy)).map(|entry| entry.ref_id.clone())
}

/// An order as rules see it.
pub fn signal_of<'a>(order: &'a Order, directory: &'a Directory) -> Signal<'a> {
    let service = order.service.as_ref().and_then(|id| directory.services.with_ref(id.as_str()));
    Signal {
        title: &order.title,
        description: &order.text,
        urgency: order.urgency,
        service: service.map(|entry| entry.component.name.as_str()),
        integration: order.integration_name.as_deref(),
        tags: &order.tags,
        dedup_key: order.dedup_key.as_deref().or_else(|| order.source.as_ref()?.identity.as_deref()),
        payload: &order.payload,
    }
}

/// The rule that is applied to an order.
pub(super) fn fitting<'a>(order: &Order, directory: &'a Directory, now: Instant) -> Option<&'a Rule> {
    let signal = signal_of(order, directory);
    directory.rules.iter().find(|rule| rule.fits(&signal, now)).map(|compiled| &compiled.rule)
}

/// Where routing leads an order, before anything is made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Whether a rule wants no incident of it.
    pub is_suppressed: bool,
    /// The service that it comes in on.
    pub service: Option<RefId>,
}

/// Where routing leads an order.
pub fn route(order: &Order, directory: &Directory, now: Instant) -> Route {
    let nothing = Actions::default();
    let actions = fitting(order, directory, now).map_or(&nothing, |rule| &rule.actions);
    Route { is_suppressed: actions.suppress, service: routed(order, (Vec::new(), actions), directory, now).0 }
}

/// Makes the incident. A rule must never cost an alert: what it asks for over a limit is left out, and said.
fn begin(
    order: Order,
    policies: Vec<RefId>,
    rule: Option<&Rule>,
    actor: &Actor,
    directory: &Directory,
    now: Instant,
) -> Result<Step, Refusal> {
    let nothing = Actions::default();
    let actions = rule.map_or(&nothing, |rule| &rule.actions);
    let mut opening = opening_of(&order, policies, actions, directory, now);
    opening.rule = rule.map(|rule| rule.name.clone());
    let notes = order.notes.clone();
    let mut step = open(opening, actor, directory, now, |draft| {
        if let Some(notes) = notes {
            draft.record(Happening::Notate { notes });
        }
        if let Some(notes) = actions.add_note.clone() {
            draft.record_by_system(Happening::Notate { notes });
        }
        if let Some(name) = actions.run_response_set.as_deref()
            && response::run_named(draft, name).is_err()
        {
            let notes = format!("The routing rule's response set `{name}` was not run: it goes over a limit.");
            draft.record_by_system(Happening::Notate { notes });
        }
    })?;
    step.alerts.push(AlertChange::Add(Box::new(alert_of(order, Grouping::Triggered, now))));
    Ok(step)
}

/// The beginning of the incident, with what the rule changes about it.
fn opening_of(order: &Order, policies: Vec<RefId>, actions: &Actions, directory: &Directory, now: Instant) -> Opening {
    let (service, policies) = routed(order, (policies, actions), directory, now);
    let own = response::with_added(&[], &order.tags);
    let mut tags = response::with_added(&own, &actions.add_tags);
    tags.truncate(limits::TAGS);
    let entry = service.as_ref().and_then(|id| directory.services.with_ref(id.as_str()));
    let urgency = actions.set_urgency.unwrap_or(order.urgency);
    let loudness = Loudness::of(entry.map(|entry| &entry.component), urgency, now);
    let own_end = (order.routing == Routing::Test).then_some(limits::TEST_PAGE_MINUTES);
    let ends_after = actions.resolve_after_minutes.or(own_end);
    let mut targets = targets_from_level_1(&policies);
    targets.truncate(limits::TARGETS);
    let ladders = Ladders::of_targets(&targets, directory, now);
    let alerting =
        Alerting { level: 1, assignees: ladders.people(1), next_alert_at: now.plus_minutes(ladders.minutes(1)) };
    Opening {
        title: order.title.clone(),
        urgency: loudness.urgency,
        service,
        task_ref_id: order.task_ref_id.clone(),
        integration_name: order.integration_name.clone(),
        targets,
        tags,
        dedup_key: order.dedup_key.clone().or_else(|| order.source.as_ref()?.identity.clone()),
        resolve_at: ends_after.map(|minutes| now.plus_minutes(minutes)),
        rule: None,
        after_maintenance: order.after_maintenance.clone(),
        is_outside_support_hours: loudness.is_outside_support_hours,
        raise: loudness.raise,
        alerting,
    }
}

/// How loud an incident is on its service at one instant.
pub(super) struct Loudness {
    /// Its urgency.
    pub(super) urgency: Urgency,
    /// When it becomes as loud as it would be in the hours in which the service is supported.
    pub(super) raise: Option<Raise>,
    /// Whether it is not supported.
    pub(super) is_outside_support_hours: bool,
}

impl Loudness {
    /// Of what would be of this urgency.
    pub(super) fn of(service: Option<&Service>, urgency: Urgency, now: Instant) -> Self {
        let outside = service.and_then(|service| service.outside_hours(now));
        let lowered = outside.and_then(|hours| hours.urgency_at_most).map_or(urgency, |most| most.min(urgency));
        let raise_at =
            outside.filter(|hours| hours.raise_at_start && lowered < urgency).and_then(|hours| hours.next_start(now));
        let raise = raise_at.map(|at| Raise { at, urgency });
        Self { urgency: lowered, raise, is_outside_support_hours: outside.is_some() }
    }
}

/// Service and policies as the rule sets them, else as the order named them.
fn routed(
    order: &Order,
    (mut policies, actions): (Vec<RefId>, &Actions),
    directory: &Directory,
    now: Instant,
) -> (Option<RefId>, Vec<RefId>) {
    let mut service = order.service.clone();
    if let Some(entry) = actions.set_service.as_deref().and_then(|name| directory.services.named(name)) {
        // What the old service stood for is the new one's now; policies and users named beside it stay.
        let old = service.replace(entry.ref_id.clone());
        let old = old.and_then(|id| directory.services.with_ref(id.as_str()));
        let old_policy = old.and_then(|entry| policy_of(&entry.component, directory, now));
        policies.retain(|policy| Some(policy) != old_policy.as_ref() || order.addressed_to.policies.contains(policy));
        policies.splice(0..0, policy_of(&entry.component, directory, now));
    }
    if !actions.set_policies.is_empty() {
        let named = actions.set_policies.iter().filter_map(|name| directory.policies.named(name));
        policies = named.map(|entry| entry.ref_id.clone()).collect();
    }
    (service, policies)
}

/// Makes an incident of an opening: pages level 1, or passes it over; then does what else belongs to its beginning.
pub(super) fn open(
    opening: Opening,
    actor: &Actor,
    directory: &Directory,
    now: Instant,
    also: impl FnOnce(&mut Draft<'_>),
) -> Result<Step, Refusal> {
    let somebody = !opening.alerting.assignees.is_empty();
    let trigger = Happening::Trigger(Box::new(opening));
    let Some(mut draft) = Draft::opening(trigger, directory, actor, now) else { return Err(Refusal::NobodyNamed) };
    if somebody {
        draft.page_assignees();
    } else {
        draft.pass_over(1);
    }
    also(&mut draft);
    let change = draft.done();
    let outcome = Outcome::Created { instance_id: change.incident.instance_id, at: now };
    Ok(Step::of(change, outcome))
}

/// The alert of an order, for the incident that begins with it or that it is grouped into.
pub fn alert_of(order: Order, grouping: Grouping, now: Instant) -> Alert {
    let Order { task_ref_id, title, text, urgency, service, addressed_to, dedup_key, integration_name, source, .. } =
        order;
    Alert {
        ref_id: task_ref_id,
        created_at: now,
        title,
        text,
        urgency,
        service,
        addressed_to,
        integration_name,
        dedup_key,
        grouping,
        resolved_at: None,
        source,
    }
}
