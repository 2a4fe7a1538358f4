//! Carrying out what was decided of an alert, by the commands that exist.

use super::{Case, Taking};
use crate::act::{Terms, act_on};
use crate::failure::Undo;
use domain::alert::AlertSource;
use domain::directory::{Directory, OnResolve};
use domain::incident::{Command, Incident, Method, Outcome, Status};
use domain::intake::{Fate, Judged, Problem, Received, State, Verdict, shown_identity};
use domain::{InstanceId, Urgency, Username, limits};

/// Open problems of an incident that are counted, when one of them is over.
const COUNTED: u32 = 100;

impl Taking<'_, '_> {
    pub(super) fn carry_out(&mut self, case: &Case<'_>, verdict: Verdict, delivery: String) -> Result<Judged, Undo> {
        self.write_down(case, &verdict)?;
        match verdict {
            Verdict::Open { after: _ } => self.open_at_last(case, delivery),
            Verdict::Join { rise } => self.join(case, rise, delivery),
            Verdict::Cease => self.cease(case, delivery, None),
            Verdict::End => self.end(case, delivery),
            Verdict::Flap => self.flap(case, delivery),
            Verdict::Acknowledge => self.acknowledge(case),
            Verdict::Ask => match &case.received.state {
                State::Asked(asked) => self.perform(case, asked),
                _ => Ok(judged(Fate::Unmappable, None, None)),
            },
            Verdict::Hear(name) => self.hear(case, &name),
            Verdict::Keep(judged) => {
                if case.received.state == State::Resolved && judged.fate == Fate::Ignored {
                    self.remember_over(case, delivery)?;
                }
                Ok(judged)
            }
        }
    }

    /// Remembers word that a problem is over of which none was open: it may have overtaken word that it began, be it again.
    fn remember_over(&mut self, case: &Case<'_>, delivery: String) -> Result<(), Undo> {
        let Some(known) = &case.known else {
            let remembered = Problem { is_over: true, ..self.problem(case, delivery) };
            return self.save(case, &remembered);
        };
        let said_at = case.received.occurred_at;
        let is_newer = said_at.is_some_and(|new| known.said_at.is_none_or(|old| old < new));
        match known.is_over && known.waiting.is_none() && is_newer {
            true => self.save(case, &Problem { said_at, heard_at: self.now, ..known.clone() }),
            false => Ok(()),
        }
    }

    /// Writes down what the sender adds, before the incident may end.
    fn write_down(&mut self, case: &Case<'_>, verdict: &Verdict) -> Result<(), Undo> {
        let Received { state, text, note, .. } = &case.received;
        let note = if *state == State::Noted && note.is_empty() { text } else { note };
        let is_heeded = match verdict {
            Verdict::End | Verdict::Flap | Verdict::Acknowledge | Verdict::Ask => true,
            Verdict::Keep(judged) => judged.fate == Fate::Noted && *state == State::Noted,
            Verdict::Open { .. } | Verdict::Join { .. } | Verdict::Cease | Verdict::Hear(_) => false,
        };
        let incident = case.incident.as_ref().filter(|incident| incident.status != Status::Resolved);
        if let Some(incident) = incident.filter(|_| is_heeded && !note.is_empty()) {
            self.ask(Some(incident.instance_id), Command::Notate(cut(note)), None)?;
        }
        Ok(())
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

    pub(super) fn end(&mut self, case: &Case<'_>, delivery: String) -> Result<Judged, Undo> {
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
        match store::problem_count_open(self.batch.tx, organization, id, COUNTED)? {
            0 => {}
            COUNTED => return Ok(judged(Fate::Resolved, Some(format!("{COUNTED} or more remain")), Some(id))),
            remain => return Ok(judged(Fate::Resolved, Some(format!("{remain} remain")), Some(id))),
        }
        // What came by the API or a person merged has nobody who would say that it is over.
        let keeps_open = created_keep_open(&self.snapshot.directory, incident);
        if keeps_open && store::alert_still_open(self.batch.tx, organization, id)? {
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
        let was_open = incident.status == Status::Open;
        if was_open {
            let by = match &case.received.state {
                State::Acknowledged { by: Some(by) } => person(&self.snapshot.directory, by),
                _ => None,
            };
            self.ask(Some(id), Command::Acknowledge, by)?;
        }
        Ok(judged(Fate::Acknowledged, (!was_open).then(|| "acknowledged_before".to_owned()), Some(id)))
    }

    /// Asks something of an incident in the integration's name, or in that of a person whom the sender names.
    pub(super) fn ask(
        &mut self,
        id: Option<InstanceId>,
        command: Command,
        by: Option<Username>,
    ) -> Result<Outcome, Undo> {
        let terms = Terms {
            organization: self.intake.organization,
            credential: None,
            method: Method::IntegrationsApi,
            by: by.as_ref().map(Username::as_str),
            integration: Some(&self.integration.name),
            instance_id: id,
            idempotency: None,
        };
        act_on(self.batch, &terms, command)
    }
}

/// Whether alerts that came by `create` keep an incident open when all its others are over, as its service says.
pub(super) fn created_keep_open(directory: &Directory, incident: &Incident) -> bool {
    let service = incident.service.as_ref().and_then(|id| directory.services.with_ref(id.as_str()));
    service.and_then(|entry| entry.component.created_keep_open).unwrap_or(true)
}

pub(super) fn judged(fate: Fate, because: Option<String>, instance_id: Option<InstanceId>) -> Judged {
    Judged { fate, because, instance_id }
}

pub(super) fn source_of(received: &Received) -> AlertSource {
    AlertSource {
        identity: received.identity.as_deref().map(shown_identity),
        labels: received.labels.clone(),
        links: received.links.clone(),
        images: received.images.clone(),
    }
}

/// The user whom a sender names by username, e-mail address or id.
pub(super) fn person(directory: &Directory, name: &str) -> Option<Username> {
    let by_email = || {
        // An alert names many, and there can be many users: they are gone through, but not put in order.
        let users = directory.users.iter().map(|entry| &entry.component);
        let called = users.filter(|user| user.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(name)));
        called.min_by(|one, other| one.username.cmp(&other.username))
    };
    let by_id = || directory.users.with_ref(name).map(|entry| &entry.component);
    directory.user(name).or_else(by_email).or_else(by_id).map(|user| user.username.clone())
}

/// As long as a note may be.
pub(super) fn cut(notes: &str) -> String {
    notes[..notes.floor_char_boundary(limits::NOTES_BYTES)].to_owned()
}
