//! Keeping what became of the alerts of a body, and the body itself.

use super::{Case, Taken, Taking};
use crate::failure::Undo;
use domain::incident::{Command, Status};
use domain::intake::{AlertFate, Judged, Received, shown_identity};
use domain::{Instant, Urgency};
use serde::Serialize;
use serde_json::json;
use store::{Error, PayloadRow};

/// Alerts of a body whose fates stand beside the body that is kept.
const OUTCOMES_KEPT: usize = 20;

/// What an alert said, as it stands beside its fate.
#[derive(Serialize)]
struct Body<'a> {
    state: &'static str,
    title: &'a str,
    identity: Option<String>,
    urgency_level: Urgency,
    occurred_at: Option<String>,
    repairs: &'a [String],
}

impl Taking<'_, '_> {
    pub(super) fn keep_fate(&mut self, case: &Case<'_>, judged: &Judged) -> Result<(), Undo> {
        let Received { state, identity, title, occurred_at, repairs, .. } = &case.received;
        let body = Body {
            state: state.word(),
            title,
            identity: identity.as_deref().map(shown_identity),
            urgency_level: case.urgency,
            occurred_at: occurred_at.map(Instant::wire),
            repairs,
        };
        let body = serde_json::to_string(&body).map_err(|error| Error::Statement(error.to_string()))?;
        let fate = AlertFate {
            alert_id: case.id.clone(),
            judged: judged.clone(),
            integration: self.intake.integration.clone(),
            problem: case.digest.clone(),
            received_at: self.now,
            fate_at: self.now,
            body,
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
