//! What is due though nothing came: alerts that waited, alerts that were to be heard of again, and flapping that has become
//! quiet.

use super::carry_out::judged;
use super::{Case, Intake, Taking, integration_of};
use crate::desk::Batch;
use crate::failure::Undo;
use crate::ids::Ids;
use domain::alert::Addressees;
use domain::directory::OnResolve;
use domain::intake::{Fate, Flaps, Judged, Problem, Received, State};
use domain::{OrganizationId, RefId};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Error;

/// Problems of an organization that are looked at in one transaction.
pub(crate) const LAPSES_AT_ONCE: u32 = 200;
/// Minutes after which one that cannot be looked at is tried again.
const PUT_OFF_MINUTES: u32 = 5;

/// Looks at the problems of an organization that are due; how many. One that is broken does not hold up the rest.
pub(crate) fn lapse(batch: &mut Batch<'_>, organization: OrganizationId, ids: &Ids) -> Result<usize, Undo> {
    let now = batch.now();
    let due = store::problem_due(batch.tx, organization, now, LAPSES_AT_ONCE)?;
    for digest in &due {
        let reason = match batch.piece(|batch| lapse_one(batch, organization, digest, ids))? {
            Ok(()) => continue,
            Err(Undo::Store(error @ (Error::Conflict(_) | Error::Busy(_) | Error::Unavailable(_)))) => {
                return Err(error.into());
            }
            Err(Undo::Store(error)) => error.to_string(),
            Err(Undo::Refused(refusal)) => format!("refused: {refusal:?}"),
        };
        tracing::error!(reason, "what is known of an alert cannot be looked at and is put aside");
        store::problem_put_off(batch.tx, organization, digest, now.plus_minutes(PUT_OFF_MINUTES))?;
    }
    Ok(due.len())
}

fn lapse_one(batch: &mut Batch<'_>, organization: OrganizationId, digest: &str, ids: &Ids) -> Result<(), Undo> {
    let Some(known) = store::problem_load(batch.tx, organization, digest)? else { return Ok(()) };
    let (now, snapshot) = (batch.now(), batch.snapshot(organization)?);
    let Some(integration) = integration_of(&snapshot.directory, &known.integration) else {
        // Nobody would say what is to become of it.
        let known = Problem { due_at: None, ..known };
        return Ok(store::problem_save(batch.tx, organization, digest, &known, false)?);
    };
    let intake = Intake::of_nothing(organization, known.integration.clone());
    let (intake, payloads, recurred, storms) = (&intake, &[], BTreeMap::new(), BTreeMap::new());
    let (snapshot, conditions) = (Arc::clone(&snapshot), BTreeMap::new());
    let integration = &integration;
    let mut taking = Taking { now, batch, intake, payloads, integration, snapshot, recurred, storms, conditions };
    taking.lapse(digest, known, &RefId(ids.timed_ref_id(now)))?;
    taking.keep_storms()
}

impl Taking<'_, '_> {
    fn lapse(&mut self, digest: &str, known: Problem, id: &RefId) -> Result<(), Undo> {
        if let Some(waiting) = known.waiting.clone() {
            return self.release(digest, known, *waiting);
        }
        let was_flapping = known.flaps.is_flapping;
        let rises_to = known.flaps.rises_to.filter(|_| !known.is_over);
        // What is quiet and goes on may end by not being heard of any more.
        let due_at = known.flaps.expires_at.filter(|_| was_flapping && !known.is_over);
        let known = Problem { flaps: if was_flapping { Flaps::default() } else { known.flaps }, due_at, ..known };
        let incident = match known.instance_id {
            Some(id) => self.batch.incident(self.intake.organization, id)?,
            None => None,
        };
        let Some(incident) = incident else {
            // A rule suppressed it: there is nothing that could end, and it is not to be looked at again and again.
            let known = Problem { due_at: None, ..known };
            return Ok(store::problem_save(self.batch.tx, self.intake.organization, digest, &known, false)?);
        };
        if was_flapping {
            self.say_quiet(&incident, rises_to)?;
        }
        let goes_on = (was_flapping && !known.is_over) || self.integration.on_resolve == OnResolve::Ignore;
        let title = incident.title.clone();
        let (urgency, delivery) = (known.urgency, known.delivery.clone());
        let received = Received { title, ..Received::of(State::Resolved) };
        let (digest, named, payload) = (digest.to_owned(), Addressees::default(), Arc::default());
        let (before, incident) = (Some(known.clone()), Some(incident));
        let case = Case { id, received, payload, urgency, named, digest, known: before, incident };
        if goes_on {
            self.save(&case, &known)?;
            return if was_flapping { self.keep_fate(&case, &because(Fate::Noted, "quiet", &case)) } else { Ok(()) };
        }
        let ended = self.end(&case, delivery)?;
        let why = if was_flapping { "quiet" } else { "not_heard_of" };
        let judged = Judged { because: Some([why, ended.because.as_deref().unwrap_or_default()].join(", ")), ..ended };
        self.keep_fate(&case, &judged)
    }
}

fn because(fate: Fate, why: &str, case: &Case<'_>) -> Judged {
    judged(fate, Some(why.to_owned()), case.incident.as_ref().map(|incident| incident.instance_id))
}
