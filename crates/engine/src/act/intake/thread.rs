//! Mails: by which problem one is about that does not say it, and that one comes again.

use super::{Case, SAME_EVENT, Taking};
use crate::digest::{problem_digest, short_digest};
use crate::failure::Undo;
use domain::incident::Status;
use domain::intake::{Fate, Judged, MailOrigin, Received, State};
use domain::{RefId, limits};
use store::DeliveryRow;

/// What a mail is about, and whether it came before.
pub(super) struct Thread {
    /// Digest of its problem; `None` where nothing is known that would tell it.
    pub(super) problem: Option<String>,
    /// The alert that it was when it came before.
    pub(super) came_before: Option<RefId>,
}

impl Taking<'_, '_> {
    /// What a mail is about: what it says itself, else what an earlier mail of its thread is about that is not over, else
    /// itself.
    pub(super) fn thread(&mut self, origin: &MailOrigin, received: &mut Received) -> Result<Thread, Undo> {
        let integration = self.intake.integration.clone();
        let own = received.identity.as_deref().map(|identity| problem_digest(&integration, identity));
        let known = match &self.intake.event_id {
            Some(id) => self.earlier(id)?,
            None => None,
        };
        let is_recent = |row: &DeliveryRow| row.received_at.plus_micros(SAME_EVENT) > self.now;
        let is_same = |row: &DeliveryRow| own.as_ref().is_none_or(|own| *own == row.problem);
        if let Some(row) = known.filter(|row| is_recent(row) && is_same(row)) {
            return Ok(Thread { problem: Some(row.problem), came_before: Some(row.alert_id) });
        }
        if own.is_some() {
            return Ok(Thread { problem: own, came_before: None });
        }
        for id in origin.thread.iter().take(limits::MAIL_THREAD) {
            let Some(row) = self.earlier(id)? else { continue };
            if self.is_open(&row.problem)? {
                return Ok(Thread { problem: Some(row.problem), came_before: None });
            }
        }
        received.identity.clone_from(&self.intake.event_id);
        let problem = self.intake.event_id.as_deref().map(|id| problem_digest(&integration, id));
        Ok(Thread { problem, came_before: None })
    }

    /// Whether a problem has an unresolved incident, or waits for one.
    fn is_open(&mut self, problem: &str) -> Result<bool, Undo> {
        let organization = self.intake.organization;
        let known = store::problem_load(self.batch.tx, organization, problem)?;
        let Some(known) = known.filter(|known| !known.is_over) else { return Ok(false) };
        let Some(id) = known.instance_id else { return Ok(known.waiting.is_some()) };
        let incident = self.batch.incident(organization, id)?;
        Ok(known.waiting.is_some() || incident.is_some_and(|incident| incident.status != Status::Resolved))
    }

    fn earlier(&mut self, id: &str) -> Result<Option<DeliveryRow>, Undo> {
        let digest = self.delivery_digest(id);
        Ok(store::delivery_load(self.batch.tx, self.intake.organization, &digest)?)
    }

    fn delivery_digest(&self, id: &str) -> String {
        short_digest(&format!("mail\0{}\0{id}", self.intake.integration))
    }

    /// Remembers a mail, so that it is known when it comes again or is answered.
    pub(super) fn remember_mail(&mut self, case: &Case<'_>, judged: &Judged) -> Result<(), Undo> {
        let Some(id) = self.intake.event_id.as_deref().filter(|_| self.intake.origin.is_some()) else { return Ok(()) };
        // A mail that was not listened to may be a copy of one that will be: it must not make that a repetition.
        let is_refused = matches!(case.received.state, State::Ignored(_));
        if is_refused || [Fate::Repeated, Fate::Disabled].contains(&judged.fate) {
            return Ok(());
        }
        let digest = self.delivery_digest(id);
        let row = DeliveryRow { problem: case.digest.clone(), alert_id: case.id.clone(), received_at: self.now };
        Ok(store::delivery_save(self.batch.tx, self.intake.organization, &digest, &row)?)
    }
}
