//! Taking in what monitoring tools say: each alert of a body is judged, acted on, and has a fate, all in one transaction.

mod asked;
mod carry_out;
mod change_event;
mod count;
mod flap;
mod hand;
mod heartbeat;
mod keep;
mod lapse;
mod maintenance;
mod open;
mod order;
mod reopen;
mod thread;
mod topic;
mod wait;

use crate::desk::{Batch, Foreseen};
use crate::digest::{problem_digest, short_digest};
use crate::failure::Undo;
use crate::snapshot::Snapshot;
use asked::addressees;
pub(crate) use count::{count, uncounted};
use domain::alert::Addressees;
use domain::directory::{Directory, Integration};
use domain::incident::Incident;
use domain::intake::{Fate, Judged, MailOrigin, Problem, Question, Received, Standing, State, Storm};
use domain::routing::CompiledConditions;
use domain::{InstanceId, Instant, OrganizationId, RefId, Urgency, limits};
pub use hand::{AlertPlace, AlertToEnd};
pub(crate) use hand::{all_is_over, end_by_hand, place_of};
pub use heartbeat::Ping;
pub(crate) use heartbeat::{SILENT_AT_ONCE, ping, silence};
pub(crate) use lapse::{LAPSES_AT_ONCE, lapse};
pub use maintenance::turn_windows;
pub use order::order_of;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use thread::Thread;
pub(crate) use topic::keep_topic;

/// Microseconds within which the same body is one that the sender repeats.
const SAME_BODY: i64 = 60_000_000;
/// Microseconds within which a delivery with the same id is.
const SAME_EVENT: i64 = 86_400_000_000;

/// One body, as its sender's form was read.
#[derive(Clone, Debug)]
pub struct Intake {
    /// Whose integration it came to.
    pub organization: OrganizationId,
    /// The integration.
    pub integration: RefId,
    /// The alerts, in the order of the body.
    pub alerts: Vec<Incoming>,
    /// The sender's own id of the delivery.
    pub event_id: Option<String>,
    /// What more is known of it if it came by e-mail.
    pub origin: Option<MailOrigin>,
    /// Digest of the body as it came.
    pub body_digest: String,
    /// The body, as it is kept for whoever sets up the sender: within [`limits::PAYLOAD_BYTES`], with secrets hidden.
    pub body: String,
}

impl Intake {
    /// Takes the payloads out of what was read, so that they are not copied each time that it is tried.
    pub(crate) fn take_payloads(&mut self) -> Vec<Arc<Value>> {
        self.alerts.iter_mut().map(|alert| Arc::new(std::mem::take(&mut alert.received.payload))).collect()
    }

    /// No body: for what is due though nothing came.
    fn of_nothing(organization: OrganizationId, integration: RefId) -> Self {
        let (alerts, event_id, origin) = (Vec::new(), None, None);
        Self { organization, integration, alerts, event_id, origin, body_digest: String::new(), body: String::new() }
    }

    /// What tells a problem from all others: the integration and what the sender calls it. A problem without a name is
    /// known by its place in the body, so that only the same body again speaks of it.
    fn problem_digest(&self, place: usize, identity: Option<&str>) -> String {
        match identity {
            Some(identity) => problem_digest(&self.integration, identity),
            None => short_digest(&format!("{}\0\0{place}\0{}", self.integration, self.body_digest)),
        }
    }
}

/// What a batch can ask for ahead of a body. What a mail is about may be found out on the way only.
pub(crate) fn foreseen_of(intake: &Intake) -> Foreseen {
    let digest = |(place, incoming): (usize, &Incoming)| {
        let own = || intake.problem_digest(place, incoming.received.identity.as_deref());
        incoming.problem.clone().unwrap_or_else(own)
    };
    let firing = (intake.alerts.iter().enumerate()).filter(|(_, incoming)| incoming.received.state == State::Firing);
    let problems = match intake.origin {
        Some(_) => Vec::new(),
        None => firing.map(digest).collect(),
    };
    Foreseen { problems, ..Foreseen::default() }
}

/// One alert of a body.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The id that it is given.
    pub id: RefId,
    /// The digest of its problem, where the sender named an earlier alert of it and not the problem.
    pub problem: Option<String>,
    /// What the sender says.
    pub received: Received,
}

/// What became of one alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its id; that of the first where it was repeated.
    pub alert_id: RefId,
    /// Its fate.
    pub judged: Judged,
    /// The maintenance window that keeps it back.
    pub window: Option<RefId>,
}

/// Takes in a body. `None` when the integration is gone; nothing is changed then. `payloads` are those of its alerts, where
/// they do not stand in what was read of them.
///
/// # Errors
/// As the store says; nothing of the body is taken in then.
pub fn take_in(batch: &mut Batch<'_>, intake: &Intake, payloads: &[Arc<Value>]) -> Result<Option<Vec<Taken>>, Undo> {
    let snapshot = batch.snapshot(intake.organization)?;
    let Some(integration) = integration_of(&snapshot.directory, &intake.integration) else { return Ok(None) };
    let mut taking = Taking {
        now: batch.now(),
        batch,
        intake,
        payloads,
        integration: &integration,
        snapshot,
        recurred: BTreeMap::new(),
        storms: BTreeMap::new(),
        conditions: BTreeMap::new(),
    };
    let taken = (intake.alerts.iter().enumerate())
        .map(|(place, incoming)| taking.take(place, incoming))
        .collect::<Result<Vec<_>, _>>()?;
    taking.count_recurred()?;
    taking.keep_storms()?;
    taking.keep_body(&taken)?;
    Ok(Some(taken))
}

/// The integration with this id, be it what a heartbeat speaks through.
fn integration_of(directory: &Directory, ref_id: &RefId) -> Option<Integration> {
    let own = directory.integrations.with_ref(ref_id.as_str()).map(|entry| entry.component.clone());
    own.or_else(|| Some(directory.heartbeats.with_ref(ref_id.as_str())?.component.as_integration()))
}

/// One body on its way.
struct Taking<'a, 'b> {
    batch: &'a mut Batch<'b>,
    intake: &'a Intake,
    /// The payloads of its alerts, which are not copied for each try.
    payloads: &'a [Arc<Value>],
    integration: &'a Integration,
    snapshot: Arc<Snapshot>,
    now: Instant,
    /// How often the problems of each incident were reported again.
    recurred: BTreeMap<InstanceId, u32>,
    /// How many alerts come for each service, once it was asked for.
    storms: BTreeMap<RefId, Storm>,
    /// The conditions of maintenance windows by their names, once they were judged.
    conditions: BTreeMap<String, Option<CompiledConditions>>,
}

/// One alert of it, with what is known of its problem.
struct Case<'a> {
    id: &'a RefId,
    /// Without its payload.
    received: Received,
    payload: Arc<Value>,
    urgency: Urgency,
    /// Whom the sender names beside those of its integration.
    named: Addressees,
    digest: String,
    known: Option<Problem>,
    incident: Option<Incident>,
}

impl Case<'_> {
    /// What was received, with its payload.
    fn whole(&self) -> Received {
        Received { payload: (*self.payload).clone(), ..self.received.clone() }
    }
}

impl Taking<'_, '_> {
    fn take(&mut self, place: usize, Incoming { id, problem, received }: &Incoming) -> Result<Taken, Undo> {
        let organization = self.intake.organization;
        let mut received = received.clone().within_limits(&self.integration.name, self.now);
        let (named_people, unknown) = addressees(&self.snapshot.directory, &received.responders, self.now);
        received.repairs.extend(unknown);
        let thread = match &self.intake.origin {
            Some(origin) => self.thread(origin, &mut received)?,
            None => Thread { problem: None, came_before: None },
        };
        let named = problem.clone().or(thread.problem);
        let is_named = named.is_some() || received.identity.is_some();
        let digest = named.unwrap_or_else(|| self.intake.problem_digest(place, received.identity.as_deref()));
        let known = match self.batch.take_unknown_problem(organization, &digest) {
            true => None,
            false => store::problem_load(self.batch.tx, organization, &digest)?,
        };
        let came_before = match thread.came_before {
            None => self.same_change(&received, &digest)?,
            some => some,
        };
        let incident = match known.as_ref().and_then(|known| known.instance_id) {
            Some(id) => self.batch.incident(organization, id)?,
            None => None,
        };
        // What waits stays as loud as it was ever called.
        let waits = known.as_ref().filter(|known| known.waiting.is_some());
        let urgency = received.urgency_for(self.integration);
        let urgency = waits.map_or(urgency, |known| known.urgency.max(urgency));
        let (delivery, repeated_within) = self.delivery(&received.state);
        let standing =
            |incident: &Incident| Standing { resolved_at: incident.resolved_at, urgency: incident.own_urgency() };
        let question = Question {
            known: known.as_ref(),
            is_named,
            standing: incident.as_ref().map(standing),
            state: &received.state,
            urgency,
            occurred_at: received.occurred_at,
            tells_beginning: self.intake.origin.is_none() && !received.says_no_beginning,
            delivery: &delivery,
            came_before: came_before.as_ref(),
            repeated_within,
            flapping: self.flapping(incident.as_ref()),
            integration: self.integration,
            now: self.now,
        };
        let verdict = question.verdict();
        let payload = self.payloads.get(place).map(Arc::clone).unwrap_or_default();
        let case = Case { id, received, payload, urgency, named: named_people, digest, known, incident };
        let judged = self.carry_out(&case, verdict, delivery)?;
        self.keep_fate(&case, &judged)?;
        self.remember_mail(&case, &judged)?;
        if case.received.state == State::Changed && judged.fate == Fate::Ignored {
            self.keep_change(id, &case.received, &case.digest)?;
        }
        let came_before = came_before.filter(|_| judged.fate == Fate::Repeated);
        let first = case.known.filter(|_| judged.fate == Fate::Repeated).map(|known| known.last_alert);
        let window = judged.because.as_deref().filter(|_| judged.fate == Fate::Maintenance);
        let window = window.and_then(|name| self.snapshot.directory.maintenance_windows.named(name));
        let window = window.map(|entry| entry.ref_id.clone());
        Ok(Taken { alert_id: came_before.or(first).unwrap_or_else(|| id.clone()), judged, window })
    }

    /// By what a repetition of this delivery is known, and for how long.
    fn delivery(&self, state: &State) -> (String, i64) {
        match &self.intake.event_id {
            // One delivery may say that something began and that it is over.
            Some(id) => (short_digest(&format!("event\0{}\0{id}", state.word())), SAME_EVENT),
            // Some bodies are as good as empty: what they say stands in the path.
            None => (short_digest(&format!("{}\0{}", state.word(), self.intake.body_digest)), SAME_BODY),
        }
    }

    /// What is known of the problem after this alert, without its incident.
    fn problem(&self, case: &Case<'_>, delivery: String) -> Problem {
        let is_over = case.received.state == State::Resolved;
        let mut flaps = case.known.as_ref().map(|known| known.flaps.clone()).unwrap_or_default();
        if case.known.as_ref().is_some_and(|known| known.is_over != is_over) {
            flaps = flaps.with_change(self.now, self.flapping(case.incident.as_ref()));
        }
        let expires_at = self.expires_at(&case.received, self.now);
        let flaps = flaps.until(expires_at);
        Problem {
            due_at: flaps.quiet_at(self.flapping(case.incident.as_ref())).or(expires_at),
            integration: self.intake.integration.clone(),
            flaps,
            waiting: None,
            instance_id: None,
            alert: None,
            is_over: false,
            ended_here_at: None,
            urgency: case.urgency,
            said_at: case.received.occurred_at,
            heard_at: self.now,
            delivery,
            last_alert: case.id.clone(),
        }
    }

    /// When a problem counts as over of which this was heard last, at `heard_at`.
    fn expires_at(&self, received: &Received, heard_at: Instant) -> Option<Instant> {
        if received.state != State::Firing {
            return None;
        }
        let grace = i64::from(limits::EXPIRY_SECONDS) * 1_000_000;
        let expires = received.expires_at.map(|at| at.plus_micros(grace));
        let minutes = [received.lasts_minutes, self.integration.resolve_after_minutes];
        let after = minutes.into_iter().flatten().map(|minutes| heard_at.plus_minutes(minutes));
        after.chain(expires).min()
    }

    fn save(&mut self, case: &Case<'_>, problem: &Problem) -> Result<(), Undo> {
        let is_new = case.known.is_none();
        Ok(store::problem_save(self.batch.tx, self.intake.organization, &case.digest, problem, is_new)?)
    }
}
