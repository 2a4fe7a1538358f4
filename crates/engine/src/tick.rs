//! The tick: incidents that are due are told that time has passed, by the same step as any command.

use crate::act::{LAPSES_AT_ONCE, Request, SILENT_AT_ONCE, act, count, lapse, silence, uncounted};
use crate::desk::Batch;
use crate::engine::Engine;
use crate::failure::{Failure, Undo};
use domain::incident::Command;
use domain::{InstanceId, Instant, OrganizationId};
use store::{Error, Tx};

/// Incidents of an organization told in one transaction.
const INCIDENTS_AT_ONCE: u32 = 200;
/// Minutes after which an incident that could not be read is tried again.
const QUARANTINE_MINUTES: u32 = 5;

/// What one tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TickReport {
    /// Incidents that were told.
    pub told: usize,
    /// Incidents that could not be read and were put aside.
    pub quarantined: usize,
    /// Microseconds by which the longest due incident was late.
    pub late_micros: i64,
}

/// The organizations in which something is due.
struct Due {
    incidents: Vec<OrganizationId>,
    problems: Vec<OrganizationId>,
    heartbeats: Vec<OrganizationId>,
}

fn due_where(tx: &mut dyn Tx, now: Instant) -> Result<Due, Error> {
    let (incidents, problems) = (store::incident_due_where(tx, now)?, store::problem_due_where(tx, now)?);
    Ok(Due { incidents, problems, heartbeats: store::heartbeat_due_where(tx, now)? })
}

impl Engine {
    /// Tells every incident that is due that it is now `now`. Idempotent: what is done is not due any more.
    ///
    /// # Errors
    /// As the store says; what was told stays told, and the failure of one organization does not stop the others.
    pub async fn tick(&self) -> Result<TickReport, Failure> {
        let mut whole = TickReport::default();
        let mut failure = None;
        let due = self.read(|tx, shared| Ok(due_where(tx, Instant(shared.clock.now()))?)).await?;
        for organization in due.incidents {
            if let Err(error) = self.tick_organization(organization, &mut whole).await {
                tracing::warn!(?error, organization = organization.0, "due incidents could not be told the time");
                failure = Some(error);
            }
        }
        for organization in due.problems {
            if let Err(error) = self.lapse_organization(organization).await {
                tracing::warn!(?error, organization = organization.0, "alerts that are due could not be looked at");
                failure = Some(error);
            }
        }
        for organization in due.heartbeats {
            if let Err(error) = self.silence_organization(organization).await {
                tracing::warn!(?error, organization = organization.0, "silent heartbeats could not be looked at");
                failure = Some(error);
            }
        }
        if let Some(failure) = failure {
            return Err(failure);
        }
        self.ticked();
        Ok(whole)
    }

    /// Looks at the problems that are due though nothing came.
    async fn lapse_organization(&self, organization: OrganizationId) -> Result<(), Failure> {
        loop {
            let ids = self.ids().clone();
            let looked = self.desk().submit_own(organization, move |batch| lapse(batch, organization, &ids)).await?;
            if looked < LAPSES_AT_ONCE as usize {
                return Ok(());
            }
        }
    }

    /// Looks at the heartbeats that are silent.
    async fn silence_organization(&self, organization: OrganizationId) -> Result<(), Failure> {
        loop {
            let (ids, began_at) = (self.ids().clone(), self.began_at());
            let work = move |batch: &mut Batch<'_>| silence(batch, organization, began_at, &ids);
            if self.desk().submit_own(organization, work).await? < SILENT_AT_ONCE as usize {
                return Ok(());
            }
        }
    }

    /// Has incidents say how many alerts came, of which nothing was said for a minute; to be called about once a minute.
    ///
    /// # Errors
    /// As the store says.
    pub async fn say_counts(&self, organization: OrganizationId) -> Result<(), Failure> {
        let unsaid = self.read(move |tx, shared| Ok(uncounted(tx, organization, Instant(shared.clock.now()))?));
        let digests = unsaid.await?;
        if digests.is_empty() {
            return Ok(());
        }
        self.desk().submit_own(organization, move |batch| count(batch, organization, &digests)).await
    }

    async fn tick_organization(&self, organization: OrganizationId, whole: &mut TickReport) -> Result<(), Failure> {
        loop {
            let told = self.desk().submit_own(organization, move |batch| tell_due(batch, organization)).await?;
            whole.told += told.told;
            whole.quarantined += told.quarantined;
            whole.late_micros = whole.late_micros.max(told.late_micros);
            if told.told + told.quarantined < INCIDENTS_AT_ONCE as usize {
                return Ok(());
            }
        }
    }
}

/// Runs while the organization is held, so that of two nodes that tick at the same time the second finds nothing due.
fn tell_due(batch: &mut Batch<'_>, organization: OrganizationId) -> Result<TickReport, Undo> {
    let now = batch.now();
    let due = store::incident_due(batch.tx, organization, now, INCIDENTS_AT_ONCE)?;
    let mut report = TickReport::default();
    if due.is_empty() {
        return Ok(report);
    }
    let incidents = store::incident_load_due(batch.tx, organization, now, INCIDENTS_AT_ONCE)?;
    batch.with_read_ahead(incidents, |batch| {
        due.iter().try_for_each(|(id, due_at)| {
            report.late_micros = report.late_micros.max(now.0 - due_at.0);
            match tell(batch, organization, *id)? {
                Told::Told => report.told += 1,
                Told::Quarantined => report.quarantined += 1,
            }
            Ok::<_, Undo>(())
        })
    })?;
    // Who was told is not due any more, or the next tick would tell them again, and so on for ever.
    for (id, _) in store::incident_due(batch.tx, organization, now, INCIDENTS_AT_ONCE)? {
        if due.iter().any(|(told, _)| *told == id) {
            put_aside(batch, organization, id, "its due time is not that of its state")?;
            report.told -= 1;
            report.quarantined += 1;
        }
    }
    Ok(report)
}

/// Lets an incident wait for a while, loudly.
fn put_aside(batch: &mut Batch<'_>, organization: OrganizationId, id: InstanceId, reason: &str) -> Result<(), Error> {
    tracing::error!(incident = id.0, reason, "an incident cannot be told the time and is put aside");
    batch.shared.metrics.quarantined.inc();
    let until: Instant = batch.now().plus_minutes(QUARANTINE_MINUTES);
    store::incident_quarantine(batch.tx, organization, id, until)
}

enum Told {
    Told,
    Quarantined,
}

/// Tells one incident; one that is broken must not hold up the rest.
fn tell(batch: &mut Batch<'_>, organization: OrganizationId, id: InstanceId) -> Result<Told, Undo> {
    let request = Request::by_system(organization, id, Command::Elapse);
    let reason = match batch.piece(|batch| act(batch, &request))? {
        Ok(_) => return Ok(Told::Told),
        Err(Undo::Store(error @ (Error::Conflict(_) | Error::Busy(_) | Error::Unavailable(_)))) => {
            return Err(error.into());
        }
        Err(Undo::Store(error)) => error.to_string(),
        Err(Undo::Refused(refusal)) => format!("refused: {refusal:?}"),
    };
    put_aside(batch, organization, id, &reason)?;
    Ok(Told::Quarantined)
}
