//! Small directories and long nights by chance, for the properties: what may be, not what should come of it.

use super::house::{add_policy, add_reopening_service, business, own, policy, service, set, workflow};
use super::night::{fault, order};
use crate::Urgency;
use crate::alert::Addressees;
use crate::directory::{BusinessService, Directory, ResponseSet, User, WhenExhausted, Workflow};
use crate::ids::{InstanceId, OrganizationId, RefId, Username};
use crate::incident::{Command, Order};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use serde_json::json;

/// Users, policies and services of a directory by chance; one further name of each kind leads nowhere.
const EACH: usize = 4;

/// One thing that happens in a night.
#[derive(Clone, Debug)]
pub(super) enum Move {
    /// Something is asked.
    Ask(Command),
    /// A monitoring tool says that it is over.
    Over,
    /// The directory is edited: from now on this one counts.
    Edit(Box<Plan>),
}

/// Minutes of a level, and the numbers of its users.
type Rung = (u32, Vec<usize>);

/// A directory as it is drawn; [`Plan::directory`] builds it.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    reachable: Vec<bool>,
    policies: Vec<(bool, Vec<Rung>)>,
    services: Vec<(usize, Option<u32>)>,
    fallback: Option<usize>,
}

pub(super) fn plans() -> impl Strategy<Value = Plan> {
    let level = (1..20_u32, vec(0..EACH, 0..3));
    let policy = (any::<bool>(), vec(level, 1..4));
    let service = (0..=EACH, option::of(1..40_u32));
    let parts = (vec(any::<bool>(), EACH), vec(policy, EACH), vec(service, EACH), option::of(0..EACH));
    parts.prop_map(|(reachable, policies, services, fallback)| Plan { reachable, policies, services, fallback })
}

impl Plan {
    pub(super) fn directory(&self) -> Directory {
        let mut house = Directory::empty(OrganizationId(1), "by chance");
        for (number, reachable) in self.reachable.iter().enumerate() {
            let name = name(number);
            let email = reachable.then(|| format!("{name}@house.example"));
            let user: User = serde_json::from_value(json!({"username": name, "email": email})).unwrap();
            house.add_user(RefId(format!("user-{name}")), own(&name), user);
        }
        for (number, (restarts, levels)) in self.policies.iter().enumerate() {
            let when = if *restarts { WhenExhausted::Restart } else { WhenExhausted::RepeatLast };
            let who: Vec<Vec<String>> =
                levels.iter().map(|(_, users)| users.iter().map(|at| name(*at)).collect()).collect();
            let who: Vec<Vec<&str>> = who.iter().map(|users| users.iter().map(String::as_str).collect()).collect();
            let levels: Vec<(u32, &[&str])> =
                levels.iter().zip(&who).map(|((minutes, _), users)| (*minutes, users.as_slice())).collect();
            add_policy(&mut house, &name(number), when, &levels);
        }
        for (number, (policy, minutes)) in self.services.iter().enumerate() {
            add_reopening_service(&mut house, &name(number), &name(*policy), (*minutes, minutes.map(|of| of * 3)));
        }
        self.add_responses(&mut house);
        house.fallback_policy = self.fallback.map(name);
        house
    }

    fn add_responses(&self, house: &mut Directory) {
        let users: Vec<Username> =
            self.policies[0].1.iter().flat_map(|level| &level.1).map(|at| Username(name(*at))).collect();
        for number in 0..EACH {
            let name = name(number);
            let component =
                BusinessService { team: None, name: name.clone(), description: None, subscribers: users.clone() };
            house.business_services.add(business(&name), component);
            let component = ResponseSet {
                team: None,
                name: name.clone(),
                escalation_policies: vec![name.clone()],
                users: users.clone(),
                subscribers: users.clone(),
                conference_bridges: vec![name.clone()],
                status_update: Some(name.clone()),
            };
            house.response_sets.add(set(&name), component);
            let component = Workflow {
                team: None,
                name: name.clone(),
                set_urgency: Some(Urgency::Critical),
                add_tags: vec![name.clone()],
                add_note: None,
                add_impacts: vec![name.clone()],
                run_response_set: Some(name.clone()),
            };
            house.workflows.add(workflow(&name), component);
        }
    }
}

fn name(number: usize) -> String {
    format!("n{number}")
}

/// Something named by chance; one name in five leads nowhere.
fn names() -> impl Strategy<Value = String> {
    (0..=EACH).prop_map(name)
}

/// An order that names somebody known.
pub(super) fn orders() -> impl Strategy<Value = Order> {
    let known = || (0..EACH).prop_map(name);
    let parts = (option::of(known()), vec(known(), 0..3), vec(known(), 1..3), option::of(Just("key".to_owned())));
    parts.prop_map(|(on, policies, users, dedup_key)| Order {
        service: on.as_deref().map(service),
        addressed_to: Addressees {
            policies: policies.iter().map(|name| policy(name)).collect(),
            users: users.into_iter().map(Username).collect(),
        },
        dedup_key,
        ..order(&[])
    })
}

/// A night: minutes since the last move, and the move. The clock asks often.
pub(super) fn nights() -> impl Strategy<Value = Vec<(u32, Move)>> {
    let moves = prop_oneof![
        10 => Just(Move::Ask(Command::Elapse)),
        1 => Just(Move::Ask(Command::KeepBack)),
        20 => commands().prop_map(Move::Ask),
        2 => Just(Move::Over),
        1 => plans().prop_map(|plan| Move::Edit(Box::new(plan))),
    ];
    vec((0..12_u32, moves), 1..60)
}

fn commands() -> impl Strategy<Value = Command> {
    prop_oneof![3 => responses(), 2 => annotations(), 1 => endings()]
}

fn responses() -> impl Strategy<Value = Command> {
    let targets = || vec(prop_oneof![names(), names().prop_map(|name| policy(&name).0)], 1..3);
    prop_oneof![
        Just(Command::Acknowledge),
        Just(Command::Unacknowledge),
        Just(Command::Escalate),
        (1..60_u32).prop_map(Command::Snooze),
        targets().prop_map(Command::Reassign),
        targets().prop_map(Command::AddResponders),
        (1..=5_i64).prop_map(|number| Command::AmendUrgency(Urgency::try_from(number).unwrap())),
    ]
}

fn annotations() -> impl Strategy<Value = Command> {
    let users = || vec(names().prop_map(Username), 0..3);
    prop_oneof![
        names().prop_map(Command::Notate),
        users().prop_map(Command::AddSubscribers),
        users().prop_map(Command::RemoveSubscribers),
        names().prop_map(Command::UpdateStatus),
        names().prop_map(|name| Command::AddImpact(business(&name))),
        names().prop_map(|name| Command::RemoveImpact(business(&name))),
        names().prop_map(|name| Command::RunResponseSet(set(&name))),
        names().prop_map(|name| Command::RunWorkflow(workflow(&name))),
        names().prop_map(Command::EditTitle),
        vec(names(), 0..4).prop_map(Command::UpdateTags),
        names().prop_map(|name| fault(&name)),
        orders().prop_map(|order| Command::Trigger(Box::new(order))),
        (0..4_u32).prop_map(|number| Command::Unmerge { task_ref_id: RefId(format!("alert-{number}")) }),
    ]
}

fn endings() -> impl Strategy<Value = Command> {
    prop_oneof![
        2 => Just(Command::Resolve),
        2 => (1..4_i64).prop_map(|number| Command::Merge(InstanceId(number))),
        3 => orders().prop_map(|order| Command::Reopen(Box::new(order))),
    ]
}
