//! A night on call: one incident in the house, what is asked of it minute by minute, and a transcript of what comes.

use super::house::{house, minute, policy, service};
use crate::alert::Addressees;
use crate::directory::Directory;
use crate::ids::{InstanceId, RefId, Username};
use crate::incident::{
    Actor, By, Case, Change, Command, Event, EventType, Happening, Incident, Method, Order, Routing, Step, replay, step,
};
use crate::notification::{Channel, Content, Notification, Reason};
use crate::{Refusal, Urgency};
use serde_json::Value;

/// The incident's number in these tests.
pub(super) const NUMBER: InstanceId = InstanceId(1);

pub(super) struct Night {
    pub(super) house: Directory,
    pub(super) incident: Incident,
    pub(super) log: Vec<Event>,
}

/// An order for `policy`; see the fields for what it leaves open.
pub(super) fn order(policies: &[&str]) -> Order {
    let policies = policies.iter().map(|name| policy(name)).collect();
    Order {
        task_ref_id: RefId::from("alert-1"),
        title: "The disk is full".to_owned(),
        text: "All of it".to_owned(),
        urgency: Urgency::High,
        service: None,
        addressed_to: Addressees { policies, users: Vec::new() },
        notes: None,
        tags: Vec::new(),
        dedup_key: None,
        integration_name: None,
        source: None,
        payload: Value::Null.into(),
        routing: Routing::Apply,
        after_maintenance: None,
    }
}

/// An order that comes in on a service and names nobody beside.
pub(super) fn order_on(name: &str) -> Order {
    Order { service: Some(service(name)), ..order(&[]) }
}

/// Ana, as the log keeps her.
pub(super) fn by_ana() -> Option<By> {
    Some(By::person(&RefId::from("user-ana")))
}

pub(super) fn ana() -> Actor {
    Actor { method: Method::IncidentsApi, by: by_ana(), user: Some("ana".into()) }
}

/// A monitoring tool.
pub(super) fn probe() -> Actor {
    Actor { method: Method::IntegrationsApi, by: Some(By::Named("probe".to_owned())), user: None }
}

/// Performs a command of an incident in this house: the clock's own as the system, that of monitoring tools as one, all others
/// as Ana.
pub(super) fn ask(house: &Directory, case: Case, at: u32, command: Command) -> Result<Step, Refusal> {
    let actor = match command {
        Command::Elapse | Command::KeepBack | Command::ReportFault { .. } => Actor::SYSTEM,
        Command::Reopen(_) => probe(),
        _ => ana(),
    };
    step(case, command, &actor, house, minute(at))
}

/// What delivery says when a person's e-mail is refused for good and nobody else can be asked.
pub(super) fn fault(user: &str) -> Command {
    Command::ReportFault {
        user: user.into(),
        channel: Channel::Email,
        answer: "550 no such user".to_owned(),
        paused_until: None,
        next: None,
        instead: None,
    }
}

/// A page by text message, of a round that is long over.
pub(super) fn page(user: &str) -> Notification {
    let content = Content {
        reason: Reason::Page { level: 1 },
        title: "The disk is full".to_owned(),
        urgency: Urgency::High,
        created_at: minute(0),
        task_ref_id: RefId::from("alert-1"),
        skipped: Vec::new(),
    };
    Notification { user: user.into(), channel: Channel::Sms, due_at: minute(0), round: 99, content }
}

pub(super) fn trigger(house: &Directory, order: Order) -> Result<Step, Refusal> {
    ask(house, Case::default(), 0, Command::Trigger(Box::new(order)))
}

impl Night {
    /// A night that begins with this order at minute 0.
    pub(super) fn new(house: Directory, order: Order) -> Self {
        let change = trigger(&house, order).expect("it begins").changes.remove(0);
        let incident = Incident { instance_id: NUMBER, ..change.incident };
        Self { house, incident, log: change.events }
    }

    /// A night that begins with an incident on these policies.
    pub(super) fn on(policies: &[&str]) -> Self {
        Self::new(house(), order(policies))
    }

    pub(super) fn case(&self) -> Case {
        Case { incident: Some(self.incident.clone()), ..Case::default() }
    }

    /// Asks and keeps what came of it.
    pub(super) fn ask(&mut self, at: u32, command: Command) -> Change {
        let asked = format!("{command:?}");
        let mut step = ask(&self.house, self.case(), at, command).unwrap_or_else(|no| panic!("{asked}: {no:?}"));
        let change = step.changes.pop().expect("the incident itself is among the changes");
        self.incident = change.incident.clone();
        self.log.extend(change.events.clone());
        change
    }

    /// The monitoring tool says that it is over.
    pub(super) fn over(mut self, at: u32) -> Self {
        let step = step(self.case(), Command::Resolve, &probe(), &self.house, minute(at)).expect("it ends");
        self.incident = step.changes[0].incident.clone();
        self.log.extend(step.changes[0].events.clone());
        self
    }

    pub(super) fn asked(mut self, before: &[(u32, Command)]) -> Self {
        for (at, command) in before {
            self.ask(*at, command.clone());
        }
        self
    }

    pub(super) fn refusal(&self, at: u32, command: Command) -> Refusal {
        let asked = format!("{command:?}");
        ask(&self.house, self.case(), at, command).map(|_| ()).expect_err(&asked)
    }

    /// Asks, and compares the transcript with what is expected.
    pub(super) fn check(&mut self, at: u32, command: Command, expect: &str) {
        let asked = format!("minute {at}: {command:?}");
        let change = self.ask(at, command);
        assert_eq!(transcript(&change), expect, "{asked}");
        assert_eq!(replayed(&self.log, &self.incident), self.incident, "the log replays to the state after {asked}");
    }
}

/// What the log tells of `incident`, with what is not in the log taken from the incident itself: its numbers, its
/// suppressed alerts, and, if the last event that set the next alert left it stranded, the minutely retries since.
pub(super) fn replayed(log: &[Event], incident: &Incident) -> Incident {
    let mut told = replay(log).expect("the log begins with a TRIGGER");
    let last = log.iter().rposition(|event| sets_the_next_alert(&event.what)).expect("the TRIGGER does");
    if replay(&log[..=last]).is_some_and(|then| then.stranded) {
        told.next_alert_at = incident.next_alert_at;
    }
    let Incident { instance_id, organization_instance_id, version, .. } = *incident;
    let Incident { suppressed_count, last_suppressed_at, .. } = *incident;
    Incident { instance_id, organization_instance_id, version, suppressed_count, last_suppressed_at, ..told }
}

fn sets_the_next_alert(what: &Happening) -> bool {
    use EventType::{Acknowledge, Dispatch, Escalate, Reassign, Snooze, Trigger, UnAcknowledge};
    let sets = [Trigger, Dispatch, Acknowledge, UnAcknowledge, Escalate, Reassign, Snooze];
    !is_about_delivery(what) && sets.contains(&what.event_type())
}

fn is_about_delivery(what: &Happening) -> bool {
    matches!(what, Happening::DeliveryFailed { .. } | Happening::DeliveryPaused { .. } | Happening::Resent { .. })
}

/// Asks one thing of an incident on `policies` after what came `before`, and compares the transcript.
pub(super) fn check(policies: &[&str], before: &[(u32, Command)], (at, command): (u32, Command), expect: &str) {
    Night::on(policies).asked(before).check(at, command, expect);
}

/// `STATUS level [assignees] next | events | who is told | pending`, with minutes of the night for instants.
pub(super) fn transcript(change: &Change) -> String {
    let incident = &change.incident;
    let next = (incident.next_alert_at.0 - minute(0).0) / 60_000_000;
    let events: Vec<String> = change.events.iter().map(|event| spell(&event.what)).collect();
    let pending = change.pending;
    let (status, level, with) = (incident.status.word(), incident.level, spaced(&incident.assignees));
    format!("{status} {level} [{with}] {next} | {} | {} | {pending:?}", or_dash(events), or_dash(told(change)))
}

fn spell(what: &Happening) -> String {
    let word = what.event_type().word();
    match what {
        Happening::Escalate { passed_over, .. } if !passed_over.is_empty() => format!("{word} over {passed_over:?}"),
        Happening::Reassign { fallback: true, .. } => format!("{word} to fallback"),
        Happening::Dispatch { stranded: true, .. } => format!("{word} to nobody"),
        Happening::Dispatch { after_maintenance: Some(window), .. } => format!("{word} after {window}"),
        Happening::KeepBack { window, .. } => format!("{word} for {window}"),
        _ => word.to_owned(),
    }
}

/// Who is told what, each person once however many channels they have.
pub(super) fn told(change: &Change) -> Vec<String> {
    let mut told: Vec<(&str, Vec<Username>)> = Vec::new();
    for notification in &change.notifications {
        let why = match notification.content.reason {
            Reason::Page { level } => {
                let is_resent = matches!(change.events.as_slice(), [event] if is_about_delivery(&event.what));
                assert!(is_resent || level == change.incident.level, "a page names the level it is for");
                "page"
            }
            Reason::StatusUpdate { .. } => "update",
            Reason::Resolved => "resolved",
            Reason::Handover { .. } | Reason::Cover { .. } => panic!("a step hands nothing over"),
            Reason::Maintenance { .. } => panic!("a step begins no maintenance"),
        };
        match told.last_mut() {
            Some((last, users)) if *last == why && users.last() == Some(&notification.user) => {}
            Some((last, users)) if *last == why => users.push(notification.user.clone()),
            _ => told.push((why, vec![notification.user.clone()])),
        }
    }
    told.into_iter().map(|(why, users)| format!("{why} {}", spaced(&users))).collect()
}

fn spaced(users: &[Username]) -> String {
    users.iter().map(Username::as_str).collect::<Vec<_>>().join(" ")
}

fn or_dash(words: Vec<String>) -> String {
    if words.is_empty() { "-".to_owned() } else { words.join(", ") }
}
