//! The auditor: looks from outside at what the engine should have done, and says what it finds undone.

use crate::engine::Engine;
use crate::failure::Failure;
use domain::{InstanceId, Instant, limits};

/// Real seconds after which a tick must have looked at every due incident.
const TICK_AGE_MOST: f64 = limits::AUDIT_LATE_SECONDS as f64;
/// Forgotten incidents that are named; one is too many already.
const NAMED_MOST: u32 = 10;

/// What an audit found. Seconds are those of the engine's clock, and are there only when they exceed
/// [`limits::AUDIT_LATE_SECONDS`] of real time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Audit {
    /// By how much the longest due incident is late.
    pub late_incident_seconds: Option<i64>,
    /// By how much the notification is late that should have been sent, or tried again, longest ago.
    pub late_notification_seconds: Option<i64>,
    /// Unresolved incidents without a due time, by number, the first ten.
    pub forgotten: Vec<InstanceId>,
    /// Real seconds since the last whole tick.
    pub tick_age_seconds: Option<f64>,
}

impl Audit {
    /// Whether nothing is late and nothing forgotten.
    pub fn is_well(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong, in words that name no organization and no incident; empty when all is well.
    pub fn findings(&self) -> Vec<String> {
        let mut findings = Vec::new();
        if let Some(seconds) = self.late_incident_seconds {
            findings.push(format!("audit: an incident has been due for {seconds} seconds and nothing was done"));
        }
        if let Some(seconds) = self.late_notification_seconds {
            findings.push(format!("audit: a notification has been due for {seconds} seconds and was not tried"));
        }
        if !self.forgotten.is_empty() {
            let count = self.forgotten.len();
            findings.push(format!("audit: {count} unresolved incidents or more have no due time"));
        }
        if let Some(seconds) = self.tick_age_seconds {
            findings.push(format!("audit: due incidents were last looked for {seconds:.0} seconds ago"));
        }
        findings
    }
}

impl Engine {
    /// Looks for what is late and what is forgotten, on every channel, also those that this node has no carrier for. What
    /// is found is logged, counted, and told by [`Engine::readiness`] until the next audit.
    ///
    /// # Errors
    /// As the store says; that the audit could not be made is told in the same ways.
    pub async fn audit(&self) -> Result<Audit, Failure> {
        let audit = self.read(|tx, shared| {
            let now = shared.clock.now();
            let bound = shared.clock.span_of_real(i64::from(limits::AUDIT_LATE_SECONDS) * 1_000_000);
            let late = |at: Option<Instant>| at.map(|at| now - at.0).filter(|late| *late > bound);
            let next = store::notification_next(tx)?.iter().filter_map(store::Waiting::next_at).min();
            let incident = store::incident_next_due(tx)?;
            Ok(Audit {
                late_incident_seconds: late(incident).map(|micros| micros / 1_000_000),
                late_notification_seconds: late(next).map(|micros| micros / 1_000_000),
                forgotten: store::incident_forgotten(tx, NAMED_MOST)?,
                tick_age_seconds: None,
            })
        });
        let audit = audit.await.map(|audit| {
            let age = self.tick_age_seconds();
            Audit { tick_age_seconds: (age > TICK_AGE_MOST).then_some(age), ..audit }
        });
        let findings = match &audit {
            Ok(audit) => audit.findings(),
            Err(failure) => vec![format!("audit: the database does not answer: {failure:?}")],
        };
        if !findings.is_empty() {
            let forgotten = audit.as_ref().map_or(&[][..], |audit| &audit.forgotten);
            tracing::error!(?findings, ?forgotten, "the audit found what should not be");
        }
        self.0.shared.metrics.audited(findings);
        audit
    }
}
