//! Taking in what monitoring tools say: each alert of a body is judged, acted on, and has a fate, all in one transaction.

use super::{Request, act};
use crate::desk::Batch;
use crate::digest::digest;
use crate::failure::Undo;
use crate::snapshot::Snapshot;
use domain::alert::{Addressees, AlertSource};
use domain::directory::{Directory, Integration, OnResolve};
use domain::incident::{Command, Incident, Method, Order, Outcome, Routing, Status};
use domain::intake::{AlertFate, Fate, Judged, Problem, Question, Received, Standing, State, Verdict, shown_identity};
use domain::{InstanceId, Instant, OrganizationId, RefId, Urgency, Username, limits};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::PayloadRow;

/// Microseconds within which the same body is one that the sender repeats.
const SAME_BODY: i64 = 60_000_000;
/// Microseconds within which a delivery with the same id is.
const SAME_EVENT: i64 = 86_400_000_000;
/// Alerts of a body whose fates stand beside the body that is kept.
const OUTCOMES_KEPT: usize = 20;

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
    /// Digest of the body as it came.
    pub body_digest: String,
    /// The body, as it is kept for whoever sets up the sender: within [`limits::PAYLOAD_BYTES`], with secrets hidden.
    pub body: String,
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
}

/// Takes in a body. `None` when the integration is gone; nothing is changed then.
///
/// # Errors
/// As the store says; nothing of the body is taken in then.
pub fn take_in(batch: &mut Batch<'_>, intake: &Intake) -> Result<Option<Vec<Taken>>, Undo> {
    let snapshot = batch.snapshot(intake.organization)?;
    let Some(entry) = snapshot.directory.integrations.with_ref(intake.integration.as_str()) else { return Ok(None) };
    let integration = entry.component.clone();
    let mut taking =
        Taking { now: batch.now(), batch, intake, integration: &integration, snapshot, recurred: BTreeMap::new() };
    let taken = (intake.alerts.iter().enumerate())
        .map(|(place, incoming)| taking.take(place, incoming))
        .collect::<Result<Vec<_>, _>>()?;
    taking.count_recurred()?;
    taking.keep_body(&taken)?;
    Ok(Some(taken))
}

/// One body on its way.
struct Taking<'a, 'b> {
    batch: &'a mut Batch<'b>,
    intake: &'a Intake,
    integration: &'a Integration,
    snapshot: Arc<Snapshot>,
    now: Instant,
    /// How often the problems of each incident were reported again.
    recurred: BTreeMap<InstanceId, u32>,
}

/// One alert of it, with what is known of its problem.
struct Case<'a> {
    id: &'a RefId,
    received: Received,
    urgency: Urgency,
    digest: String,
    known: Option<Problem>,
    incident: Option<Incident>,
}

impl Taking<'_, '_> {
    fn take(&mut self, place: usize, Incoming { id, problem, received }: &Incoming) -> Result<Taken, Undo> {
        let organization = self.intake.organization;
        let received = received.clone().within_limits(&self.integration.name, self.now);
        let digest = problem.clone().unwrap_or_else(|| self.problem_digest(place, received.identity.as_deref()));
        let known = store::problem_load(self.batch.tx, organization, &digest)?;
        let incident = match known.as_ref().and_then(|known| known.instance_id) {
            Some(id) => self.batch.incident(organization, id)?,
            None => None,
        };
        let urgency = self.integration.urgency_of(received.severity.as_deref(), received.urgency);
        let (delivery, repeated_within) = self.delivery();
        let standing = |incident: &Incident| Standing { resolved_at: incident.resolved_at, urgency: incident.urgency };
        let question = Question {
            known: known.as_ref(),
            is_named: problem.is_some() || received.identity.is_some(),
            standing: incident.as_ref().map(standing),
            state: &received.state,
            urgency,
            occurred_at: received.occurred_at,
            delivery: &delivery,
            repeated_within,
            integration: self.integration,
            now: self.now,
        };
        let verdict = question.verdict();
        let case = Case { id, received, urgency, digest, known, incident };
        let judged = self.carry_out(&case, verdict, delivery)?;
        self.keep_fate(&case, &judged)?;
        let first = case.known.filter(|_| judged.fate == Fate::Repeated).map(|known| known.last_alert);
        Ok(Taken { alert_id: first.unwrap_or_else(|| id.clone()), judged })
    }

    /// What tells a problem from all others: the integration and what the sender calls it. A problem without a name is
    /// known by its place in the body, so that only the same body again speaks of it.
    fn problem_digest(&self, place: usize, identity: Option<&str>) -> String {
        let integration = self.intake.integration.as_str();
        match identity {
            Some(identity) => digest(&format!("{integration}\0{identity}")),
            None => digest(&format!("{integration}\0\0{place}\0{}", self.intake.body_digest)),
        }
    }

    /// By what a repetition of this delivery is known, and for how long.
    fn delivery(&self) -> (String, i64) {
        match &self.intake.event_id {
            Some(id) => (digest(&format!("event\0{id}")), SAME_EVENT),
            None => (self.intake.body_digest.clone(), SAME_BODY),
        }
    }

    fn carry_out(&mut self, case: &Case<'_>, verdict: Verdict, delivery: String) -> Result<Judged, Undo> {
        match verdict {
            Verdict::Open { after: _ } => self.open(case, delivery),
            Verdict::Join { rise } => self.join(case, rise, delivery),
            Verdict::End => self.end(case, delivery),
            Verdict::Acknowledge => self.acknowledge(case),
            Verdict::Keep(judged) => {
                if case.known.is_none() && case.received.state == State::Resolved && judged.fate == Fate::Ignored {
                    // It may have overtaken word that the problem began.
                    let remembered = Problem { is_over: true, ..self.problem(case, delivery) };
                    self.save(case, &remembered)?;
                }
                let noted = judged.instance_id.filter(|_| case.received.state == State::Noted);
                if let Some(id) = noted.filter(|_| !case.received.text.is_empty()) {
                    let notes = case.received.text.chars().take(limits::NOTES_BYTES / 4).collect();
                    self.ask(Some(id), Command::Notate(notes), None)?;
                }
                Ok(judged)
            }
        }
    }

    fn open(&mut self, case: &Case<'_>, delivery: String) -> Result<Judged, Undo> {
        let order = self.order(case);
        let outcome = self.ask(None, Command::Trigger(Box::new(order)), None)?;
        let (judged, instance_id) = match outcome {
            Outcome::Suppressed { rule, .. } => (judged(Fate::Suppressed, Some(rule), None), None),
            Outcome::Created { instance_id, .. } => (judged(Fate::Opened, None, Some(instance_id)), Some(instance_id)),
            // A trigger without a dedup key ends in no other way.
            _ => (judged(Fate::Opened, None, None), None),
        };
        let alert = instance_id.map(|_| case.id.clone());
        let problem = Problem { instance_id, alert, ..self.problem(case, delivery) };
        self.save(case, &problem)?;
        Ok(judged)
    }

    fn join(&mut self, case: &Case<'_>, rise: Option<Urgency>, delivery: String) -> Result<Judged, Undo> {
        let (Some(known), Some(incident)) = (&case.known, &case.incident) else { return self.open(case, delivery) };
        let id = incident.instance_id;
        if let Some(alert) = &known.alert {
            let (text, source) = (case.received.text.as_str(), source_of(&case.received));
            store::alert_refresh(self.batch.tx, self.intake.organization, id, alert, (text, &source))?;
        }
        let fresh = case.received.tags.iter().filter(|tag| !incident.tags.contains(tag));
        let room = limits::TAGS.saturating_sub(incident.tags.len());
        let fresh: Vec<_> = fresh.take(room).cloned().collect();
        if !fresh.is_empty() {
            let tags = incident.tags.iter().cloned().chain(fresh).collect();
            self.ask(Some(id), Command::UpdateTags(tags), None)?;
        }
        if let Some(urgency) = rise {
            self.ask(Some(id), Command::AmendUrgency(urgency), None)?;
        }
        *self.recurred.entry(id).or_default() += 1;
        let said_at = case.received.occurred_at.or(known.said_at);
        let (instance_id, alert) = (known.instance_id, known.alert.clone());
        let problem = Problem { instance_id, alert, said_at, ..self.problem(case, delivery) };
        self.save(case, &problem)?;
        Ok(judged(Fate::Joined, None, Some(id)))
    }

    fn end(&mut self, case: &Case<'_>, delivery: String) -> Result<Judged, Undo> {
        let (Some(known), Some(incident)) = (&case.known, &case.incident) else {
            return Ok(judged(Fate::Ignored, Some("nothing_open".to_owned()), None));
        };
        let (organization, id) = (self.intake.organization, incident.instance_id);
        let over = Problem {
            instance_id: known.instance_id,
            alert: known.alert.clone(),
            is_over: true,
            urgency: known.urgency,
            ..self.problem(case, delivery)
        };
        self.save(case, &over)?;
        if let Some(alert) = &known.alert {
            store::alert_resolve(self.batch.tx, organization, id, alert, self.now)?;
        }
        if incident.status == Status::Resolved {
            return Ok(judged(Fate::Resolved, Some("resolved_before".to_owned()), Some(id)));
        }
        if self.integration.on_resolve == OnResolve::Note {
            let notes = format!("{} says that it is over: {}", self.integration.name, case.received.title);
            self.ask(Some(id), Command::Notate(notes), None)?;
            return Ok(judged(Fate::Noted, Some("over".to_owned()), Some(id)));
        }
        let remain = store::problem_count_open(self.batch.tx, organization, id)?;
        if remain > 0 {
            return Ok(judged(Fate::Resolved, Some(format!("{remain} remain")), Some(id)));
        }
        // What came by the API or a person merged has nobody who would say that it is over.
        if store::alert_still_open(self.batch.tx, organization, id)? {
            return Ok(judged(Fate::Resolved, Some("others remain".to_owned()), Some(id)));
        }
        self.ask(Some(id), Command::Resolve, None)?;
        Ok(judged(Fate::Resolved, Some("ended".to_owned()), Some(id)))
    }

    fn acknowledge(&mut self, case: &Case<'_>) -> Result<Judged, Undo> {
        let Some(incident) = &case.incident else {
            return Ok(judged(Fate::Ignored, Some("nothing_open".to_owned()), None));
        };
        let id = incident.instance_id;
        if incident.status == Status::Open {
            let by = match &case.received.state {
                State::Acknowledged { by: Some(by) } => person(&self.snapshot.directory, by),
                _ => None,
            };
            self.ask(Some(id), Command::Acknowledge, by)?;
        }
        Ok(judged(Fate::Acknowledged, None, Some(id)))
    }

    /// Asks something of an incident in the integration's name, or in that of a person whom the sender names.
    fn ask(&mut self, id: Option<InstanceId>, command: Command, by: Option<Username>) -> Result<Outcome, Undo> {
        let request = Request {
            organization: self.intake.organization,
            key_id: None,
            method: Method::IntegrationsApi,
            by: by.map(|user| user.0),
            integration: Some(self.integration.name.clone()),
            instance_id: id,
            command,
            idempotency: None,
        };
        act(self.batch, &request)
    }

    fn order(&self, case: &Case<'_>) -> Order {
        let directory = &self.snapshot.directory;
        let service = self.integration.service.as_deref().and_then(|name| directory.services.named(name));
        let names = self.integration.escalation_policies.iter();
        let mut policies: Vec<_> =
            names.filter_map(|name| directory.policies.named(name)).map(|entry| entry.ref_id.clone()).collect();
        let users: Vec<_> =
            self.integration.users.iter().filter(|user| directory.user(user.as_str()).is_some()).cloned().collect();
        if service.is_none() && policies.is_empty() && users.is_empty() {
            // A file that was applied by an older program can have left nobody.
            let fallback = directory.fallback_policy.as_deref().and_then(|name| directory.policies.named(name));
            policies.extend(fallback.map(|entry| entry.ref_id.clone()));
        }
        let Received { title, text, tags, payload, .. } = &case.received;
        let before = case.incident.as_ref().map(|incident| incident.organization_instance_id);
        let text = match before {
            Some(number) if text.len() + 100 <= limits::DESCRIPTION_BYTES => {
                format!("{text}\n\nThe same problem was incident #{number}.").trim_start().to_owned()
            }
            _ => text.clone(),
        };
        Order {
            task_ref_id: case.id.clone(),
            title: title.clone(),
            text,
            urgency: case.urgency,
            service: service.map(|entry| entry.ref_id.clone()),
            addressed_to: Addressees { policies, users },
            notes: None,
            tags: tags.clone(),
            dedup_key: None,
            integration_name: Some(self.integration.name.clone()),
            source: Some(Box::new(source_of(&case.received))),
            payload: payload.clone(),
            routing: Routing::Apply,
        }
    }

    /// What is known of the problem after this alert, without its incident.
    fn problem(&self, case: &Case<'_>, delivery: String) -> Problem {
        Problem {
            instance_id: None,
            alert: None,
            is_over: false,
            urgency: case.urgency,
            said_at: case.received.occurred_at,
            heard_at: self.now,
            delivery,
            last_alert: case.id.clone(),
        }
    }

    fn save(&mut self, case: &Case<'_>, problem: &Problem) -> Result<(), Undo> {
        let is_new = case.known.is_none();
        Ok(store::problem_save(self.batch.tx, self.intake.organization, &case.digest, problem, is_new)?)
    }

    fn keep_fate(&mut self, case: &Case<'_>, judged: &Judged) -> Result<(), Undo> {
        let Received { state, identity, title, occurred_at, repairs, .. } = &case.received;
        let body = json!({
            "state": word(state),
            "title": title,
            "identity": identity.as_deref().map(shown_identity),
            "urgency_level": case.urgency,
            "occurred_at": occurred_at.map(Instant::wire),
            "repairs": repairs,
        });
        let fate = AlertFate {
            alert_id: case.id.clone(),
            judged: judged.clone(),
            integration: self.intake.integration.clone(),
            problem: case.digest.clone(),
            received_at: self.now,
            body: body.to_string(),
        };
        Ok(store::fate_insert(self.batch.tx, self.intake.organization, &fate)?)
    }

    /// An incident is changed once, however often a body speaks of it.
    fn count_recurred(&mut self) -> Result<(), Undo> {
        for (id, times) in std::mem::take(&mut self.recurred) {
            // It may have ended by a later alert of the same body.
            let is_there = self.batch.incident(self.intake.organization, id)?;
            if is_there.is_some_and(|incident| incident.status != Status::Resolved) {
                self.ask(Some(id), Command::Recur(times), None)?;
            }
        }
        Ok(())
    }

    fn keep_body(&mut self, taken: &[Taken]) -> Result<(), Undo> {
        let outcome = |taken: &Taken| {
            let Judged { fate, because, instance_id } = &taken.judged;
            json!({"alert_id": taken.alert_id, "fate": fate.word(), "because": because, "instance_id": instance_id})
        };
        let kept: Vec<_> = taken.iter().take(OUTCOMES_KEPT).map(outcome).collect();
        let outcome = json!({"alerts": kept, "more": taken.len().saturating_sub(OUTCOMES_KEPT)}).to_string();
        let row = PayloadRow { is_read: true, received_at: self.now, body: self.intake.body.clone(), outcome };
        Ok(store::payload_add(self.batch.tx, self.intake.organization, &self.intake.integration, &row)?)
    }
}

fn judged(fate: Fate, because: Option<String>, instance_id: Option<InstanceId>) -> Judged {
    Judged { fate, because, instance_id }
}

fn source_of(received: &Received) -> AlertSource {
    AlertSource {
        identity: received.identity.as_deref().map(shown_identity),
        labels: received.labels.clone(),
        links: received.links.clone(),
        images: received.images.clone(),
    }
}

/// The user whom a sender names by username or e-mail address.
fn person(directory: &Directory, name: &str) -> Option<Username> {
    let by_email = || {
        let mut users = directory.users.by_name().into_iter().map(|entry| &entry.component);
        users.find(|user| user.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(name)))
    };
    directory.user(name).or_else(by_email).map(|user| user.username.clone())
}

fn word(state: &State) -> &'static str {
    match state {
        State::Firing => "firing",
        State::Resolved => "resolved",
        State::Acknowledged { .. } => "acknowledged",
        State::Noted => "noted",
        State::Ignored(_) => "ignored",
        State::Unknown(_) => "unknown",
    }
}
