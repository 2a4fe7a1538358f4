//! Keeping what became of the alerts of a body, and the body itself.

use super::{Case, Taken, Taking};
use crate::failure::Undo;
use domain::Instant;
use domain::incident::{Command, Status};
use domain::intake::{AlertFate, Judged, Received, State, shown_identity};
use serde_json::json;
use store::PayloadRow;

/// Alerts of a body whose fates stand beside the body that is kept.
const OUTCOMES_KEPT: usize = 20;

impl Taking<'_, '_> {
    pub(super) fn keep_fate(&mut self, case: &Case<'_>, judged: &Judged) -> Result<(), Undo> {
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
    pub(super) fn count_recurred(&mut self) -> Result<(), Undo> {
        for (id, times) in std::mem::take(&mut self.recurred) {
            // It may have ended by a later alert of the same body.
            let is_there = self.batch.incident(self.intake.organization, id)?;
            if is_there.is_some_and(|incident| incident.status != Status::Resolved) {
                self.ask(Some(id), Command::Recur(times), None)?;
            }
        }
        Ok(())
    }

    pub(super) fn keep_body(&mut self, taken: &[Taken]) -> Result<(), Undo> {
        if self.intake.body.is_empty() {
            return Ok(());
        }
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

/// A state in a word.
pub(super) fn word(state: &State) -> &'static str {
    match state {
        State::Firing => "firing",
        State::Resolved => "resolved",
        State::Acknowledged { .. } => "acknowledged",
        State::Noted => "noted",
        State::Asked(_) => "asked",
        State::Ignored(_) => "ignored",
        State::Unknown(_) => "unknown",
    }
}
