//! Waiting: an alert that may be over by itself opens an incident only after a while.

use super::asked::addressees;
use super::carry_out::judged;
use super::{Case, Taking};
use crate::failure::Undo;
use domain::directory::{During, MaintenanceWindow, Service};
use domain::incident::{Order, signal_of};
use domain::intake::{Fate, Judged, Problem, Received, State, Waiting};
use domain::routing::{CompiledConditions, Signal};
use domain::{Instant, Urgency};
use std::sync::Arc;

/// Whether alerts of this urgency wait on a service, and how many seconds.
fn hold_seconds(service: &Service, urgency: Urgency) -> Option<u32> {
    let loudest = service.hold_max_urgency.unwrap_or(Urgency::High);
    service.hold_seconds.filter(|seconds| *seconds > 0 && urgency <= loudest)
}

/// The window that kept an alert back.
fn window_of<'a>(case: &'a Case<'_>) -> Option<&'a String> {
    case.known.as_ref()?.waiting.as_ref()?.window.as_ref()
}

impl Taking<'_, '_> {
    /// The window that kept the alert back until now; `None` while it goes on, since the alert passes it then.
    pub(super) fn ended_window(&self, case: &Case<'_>) -> Option<String> {
        let name = window_of(case)?;
        let window = self.snapshot.directory.maintenance_windows.named(name);
        let goes_on = window.is_some_and(|entry| entry.component.recurring().covers(self.now).is_some());
        (!goes_on).then(|| name.clone())
    }

    /// Lets the alert wait if its service says so; one that waited long enough does not wait again.
    pub(super) fn hold(
        &mut self,
        case: &Case<'_>,
        service: Option<&Service>,
        delivery: &str,
    ) -> Result<Option<Judged>, Undo> {
        let Some(seconds) = service.and_then(|service| hold_seconds(service, case.urgency)) else { return Ok(None) };
        let known = case.known.as_ref().filter(|known| known.waiting.is_some());
        // It may be looked at before it is due, because a maintenance window is another than it was.
        let held_until =
            known.and_then(|known| known.waiting.as_ref()?.held_until).or(known.and_then(|known| known.due_at));
        let held_until = held_until.unwrap_or_else(|| self.now.plus_micros(i64::from(seconds) * 1_000_000));
        if held_until <= self.now {
            return Ok(None);
        }
        self.wait(case, (Fate::Held, None), (Some(held_until), false), delivery).map(Some)
    }

    /// Keeps the alert back while a maintenance window says so.
    pub(super) fn maintain(
        &mut self,
        case: &Case<'_>,
        order: &Order,
        service: Option<&Service>,
        delivery: &str,
    ) -> Result<Option<Judged>, Undo> {
        let waiting = case.known.as_ref().and_then(|known| known.waiting.as_ref());
        let service = service.map(|service| service.name.as_str());
        let (integration, urgency, now) = (self.integration.name.as_str(), case.urgency, self.now);
        let snapshot = Arc::clone(&self.snapshot);
        let signal = Signal { service, ..signal_of(order, &snapshot.directory) };
        let windows = snapshot.directory.maintenance_windows.by_name();
        let covering = windows.into_iter().filter_map(|entry| {
            let window = &entry.component;
            let until = window.covers(now, service, integration, urgency)?;
            let is_meant = window.conditions.is_empty() || self.is_meant(window, &signal);
            is_meant.then(|| (until, window.name.clone(), window.during))
        });
        // Of several, it is the last that counts.
        match covering.max_by_key(|(until, ..)| *until) {
            Some((until, window, during)) => {
                let is_discarded = during == During::Discard;
                let due_at = Some(until).filter(|_| !is_discarded);
                let fate = (Fate::Maintenance, Some(window));
                self.wait(case, fate, (due_at, is_discarded), delivery).map(Some)
            }
            None if waiting.is_some_and(|waiting| waiting.is_discarded) => {
                let fate = (Fate::Maintenance, Some("discarded".to_owned()));
                self.wait(case, fate, (None, true), delivery).map(Some)
            }
            None => Ok(None),
        }
    }

    /// Whether the conditions of a window hold of an alert; compiled once for a body.
    fn is_meant(&mut self, window: &MaintenanceWindow, signal: &Signal<'_>) -> bool {
        let compiled = || CompiledConditions::new(&window.conditions, None).ok();
        let conditions = self.conditions.entry(window.name.clone()).or_insert_with(compiled);
        conditions.as_ref().is_some_and(|conditions| conditions.hold(signal))
    }

    /// Keeps the alert until `due_at`, with what is known of it now.
    fn wait(
        &mut self,
        case: &Case<'_>,
        (fate, because): (Fate, Option<String>),
        (due_at, is_discarded): (Option<Instant>, bool),
        delivery: &str,
    ) -> Result<Judged, Undo> {
        let first = case.known.as_ref().and_then(|known| Some((known.waiting.as_ref()?.alert.clone(), known.heard_at)));
        // What is looked at anew was not heard again.
        let heard_at = first.as_ref().filter(|(alert, _)| alert == case.id).map_or(self.now, |(_, heard_at)| *heard_at);
        let alert = first.map_or_else(|| case.id.clone(), |(alert, _)| alert);
        let window = because.clone().filter(|_| fate == Fate::Maintenance).or_else(|| window_of(case).cloned());
        let held_until = due_at.filter(|_| fate == Fate::Held);
        let expires_at = self.expires_at(&case.received, heard_at).filter(|_| fate == Fate::Maintenance);
        let due_at = due_at.into_iter().chain(expires_at).min();
        let fate_word = fate.word().to_owned();
        let waiting = Waiting { alert, fate: fate_word, window, held_until, is_discarded, received: case.whole() };
        let instance_id = case.known.as_ref().and_then(|known| known.instance_id);
        let problem = self.problem(case, delivery.to_owned());
        let problem = Problem { instance_id, heard_at, waiting: Some(Box::new(waiting)), due_at, ..problem };
        self.save(case, &problem)?;
        Ok(judged(fate, because, None))
    }

    /// Opens what may have waited until now; the alert that waited has the same fate then.
    pub(super) fn open_at_last(&mut self, case: &Case<'_>, delivery: String) -> Result<Judged, Undo> {
        let judged = self.open(case, delivery)?;
        let waiting = case.known.as_ref().and_then(|known| known.waiting.as_ref());
        let waits = [Fate::Held, Fate::Maintenance].contains(&judged.fate);
        if let Some(waiting) = waiting.filter(|_| !waits) {
            store::fate_change(self.batch.tx, self.intake.organization, &waiting.alert, (&judged, self.now))?;
        }
        Ok(judged)
    }

    /// What waited is over before it opened anything.
    pub(super) fn cease(&mut self, case: &Case<'_>, delivery: String, because: Option<String>) -> Result<Judged, Undo> {
        let instance_id = case.known.as_ref().and_then(|known| known.instance_id);
        let over = Problem { instance_id, is_over: true, ..self.problem(case, delivery) };
        self.save(case, &over)?;
        let transient = judged(Fate::Transient, because, None);
        if let Some(waiting) = case.known.as_ref().and_then(|known| known.waiting.as_ref()) {
            store::fate_change(self.batch.tx, self.intake.organization, &waiting.alert, (&transient, self.now))?;
        }
        Ok(transient)
    }

    /// Whether what a window keeps back was not heard of for so long that it counts as over. What its service holds waits for
    /// minutes only, and opens then: an alert too many is better than one too few.
    fn is_not_heard_of(&self, known: &Problem, waiting: &Waiting) -> bool {
        let expires_at = self.expires_at(&waiting.received, known.heard_at);
        waiting.fate == Fate::Maintenance.word() && expires_at.is_some_and(|at| at <= self.now)
    }

    /// What waited long enough opens an incident, or joins others that did; unless it is over.
    pub(super) fn release(&mut self, digest: &str, known: Problem, waiting: Waiting) -> Result<(), Undo> {
        let incident = match known.instance_id {
            Some(id) => self.batch.incident(self.intake.organization, id)?,
            None => None,
        };
        let is_over = self.is_not_heard_of(&known, &waiting);
        let Waiting { alert, mut received, fate, .. } = waiting;
        let payload = Arc::new(std::mem::take(&mut received.payload));
        let urgency = known.urgency;
        let delivery = known.delivery.clone();
        let named = addressees(&self.snapshot.directory, &received.responders, self.now).0;
        let case = Case {
            id: &alert,
            received,
            payload,
            urgency,
            named,
            digest: digest.to_owned(),
            known: Some(known),
            incident,
        };
        if is_over {
            let received = Received::of(State::Resolved);
            let why = Some("not_heard_of".to_owned());
            return self.cease(&Case { received, ..case }, delivery, why).map(drop);
        }
        let judged = self.open(&case, delivery)?;
        if judged.fate == Fate::Held && fate == Fate::Held.word() {
            return Ok(());
        }
        Ok(store::fate_change(self.batch.tx, self.intake.organization, &alert, (&judged, self.now))?)
    }
}
