//! Who is on call: now, over a period, and if something were changed. All of it reads one snapshot of the directory.

use crate::administration::Administration;
use domain::directory::{ComponentKind, Directory, Entry, Ladder, Level};
use domain::routine::{self, Change, Gap, Interval, OnCall, Routine, Swap};
use domain::{Instant, RefId, Refusal, Username};
use engine::{Failure, Reader, Snapshot};
use std::collections::HashMap;
use std::sync::Arc;

/// Who is on call by a policy.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyOnCall {
    /// Its id.
    pub ref_id: RefId,
    /// Its name.
    pub name: String,
    /// Its levels, from 1.
    pub levels: Vec<LevelOnCall>,
}

/// Who is on call on a level.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelOnCall {
    /// Minutes until the next level is asked.
    pub minutes: u32,
    /// Who, and until when.
    pub on_call: OnCall,
}

/// Who is on each level of a policy over a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// The schedule of each level, from 1.
    pub levels: Vec<Vec<Interval>>,
    /// When nobody is on level 1.
    pub gaps: Vec<Gap>,
}

/// A change that is weighed. Its form was found to be without faults.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    /// The routine as it would be; as it stands where none is given.
    pub routine: Option<Routine>,
    /// Id or name of the routine as it stands; where none is given, there is nothing to compare with.
    pub stands: Option<String>,
    /// Swaps beside those that there are.
    pub swaps: Vec<Swap>,
}

/// What a proposal would come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// The schedule as it would be.
    pub intervals: Vec<Interval>,
    /// Where that differs from the schedule as it stands; `None` where there is none to compare with.
    pub changes: Option<Vec<Change>>,
    /// People whom the proposal names and the directory does not know.
    pub unknown_users: Vec<Username>,
}

impl Administration {
    /// Who is on each level of every named policy at `at`, ordered by the policies' names.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn on_call(&self, reader: Reader, at: Instant) -> Result<(Vec<PolicyOnCall>, Arc<Snapshot>), Failure> {
        self.work_out(reader, move |snapshot| {
            let directory = &snapshot.directory;
            let mut known = HashMap::new();
            let mut policies = Vec::new();
            for entry in directory.policies.by_name() {
                let ladder = Ladder::Named(&entry.component, directory);
                let level = |(number, level): (u32, &Level)| LevelOnCall {
                    minutes: level.minutes,
                    on_call: ladder.on_call_knowing(number, at, &mut known),
                };
                policies.push(PolicyOnCall {
                    ref_id: entry.ref_id.clone(),
                    name: entry.component.name.clone(),
                    levels: (1..).zip(&entry.component.levels).map(level).collect(),
                });
            }
            Ok((policies, Arc::clone(snapshot)))
        })
        .await
    }

    /// Who is on call by the routine of this id or name from `from` until `until`, with all swaps.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `PeriodTooLong`, `KeyRevoked`; otherwise see [`Failure`].
    pub async fn schedule(
        &self,
        reader: Reader,
        routine: String,
        from: Instant,
        until: Instant,
    ) -> Result<Vec<Interval>, Failure> {
        self.work_out(reader, move |snapshot| {
            let directory = &snapshot.directory;
            let name = &routine_of(directory, &routine)?.component.name;
            bound(directory.schedule_days(name), from, until)?;
            Ok(directory.schedule(name, from, until))
        })
        .await
    }

    /// Who is on each level of the policy of this id or name from `from` until `until`. The id may be that of a user's
    /// own policy.
    ///
    /// # Errors
    /// As [`Engine::schedule`].
    pub async fn coverage(
        &self,
        reader: Reader,
        policy: String,
        from: Instant,
        until: Instant,
    ) -> Result<Coverage, Failure> {
        self.work_out(reader, move |snapshot| {
            let ladder = ladder_of(&snapshot.directory, &policy)?;
            bound(ladder.schedule_days(), from, until)?;
            let levels: Vec<_> = (1..=ladder.height()).map(|level| ladder.schedule(level, from, until)).collect();
            let first = levels.first().map_or(&[][..], Vec::as_slice);
            Ok(Coverage { gaps: routine::gaps(first, from, until), levels })
        })
        .await
    }

    /// Who would be on call from `from` until `until`, and what would be different. Nothing is changed.
    ///
    /// # Errors
    /// As [`Engine::schedule`].
    pub async fn preview(
        &self,
        reader: Reader,
        proposal: Proposal,
        from: Instant,
        until: Instant,
    ) -> Result<Preview, Failure> {
        self.work_out(reader, move |snapshot| weigh(&snapshot.directory, &proposal, from, until)).await
    }

    /// Lets `work` look at the directory, on a thread that may take its time.
    pub(crate) async fn work_out<T, W>(&self, reader: Reader, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnOnce(&Arc<Snapshot>) -> Result<T, Refusal> + Send + 'static,
    {
        let snapshot = self.engine().directory(reader.clone()).await?;
        let worked = tokio::task::spawn_blocking(move || work(&snapshot).map_err(Failure::Refused));
        worked.await.unwrap_or_else(|error| Err(Failure::Broken(format!("a working thread failed: {error}"))))
    }
}

fn weigh(directory: &Directory, proposal: &Proposal, from: Instant, until: Instant) -> Result<Preview, Refusal> {
    let stands = proposal.stands.as_deref().map(|name| routine_of(directory, name)).transpose()?;
    let stands = stands.map(|entry| &entry.component);
    let mut swaps = Vec::new();
    if let Some(routine) = stands {
        swaps.extend(directory.swaps_of(&routine.name).iter().cloned());
        if proposal.routine.is_some() {
            // A routine that is replaced keeps the swaps that stand in it.
            swaps.splice(0..0, routine.swaps.iter().cloned());
        }
    }
    swaps.extend(proposal.swaps.iter().cloned());
    let Some(proposed) = proposal.routine.as_ref().or(stands) else {
        return Ok(Preview { intervals: Vec::new(), changes: None, unknown_users: Vec::new() });
    };
    bound(proposed.schedule_days(&swaps), from, until)?;
    let intervals = routine::schedule(proposed, &swaps, from, until);
    let changes = match stands {
        Some(routine) => {
            bound(directory.schedule_days(&routine.name), from, until)?;
            Some(routine::changes(directory.schedule(&routine.name, from, until), intervals.clone()))
        }
        None => None,
    };
    Ok(Preview { intervals, changes, unknown_users: unknown_users(directory, proposal) })
}

fn unknown_users(directory: &Directory, proposal: &Proposal) -> Vec<Username> {
    let layers = proposal.routine.iter().flat_map(|routine| &routine.routine_layers);
    let on_duty = layers.flat_map(|layer| layer.rotations.iter().flatten());
    let swapped = proposal.swaps.iter().flat_map(|swap| std::iter::once(&swap.out).chain(&swap.in_));
    let unknown = on_duty.chain(swapped).filter(|user| directory.user(user.as_str()).is_none());
    let mut unknown: Vec<_> = unknown.cloned().collect();
    unknown.sort_unstable();
    unknown.dedup();
    unknown
}

/// Refuses a period that is longer than so many days.
pub(crate) fn bound(days: i64, from: Instant, until: Instant) -> Result<(), Refusal> {
    const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;
    if until.0 - from.0 > days * DAY_MICROS { Err(Refusal::PeriodTooLong { days }) } else { Ok(()) }
}

/// The routine of this id or name.
pub(crate) fn routine_of<'a>(directory: &'a Directory, id_or_name: &str) -> Result<&'a Entry<Routine>, Refusal> {
    directory.routines.known(id_or_name).ok_or_else(|| unknown_routine(id_or_name))
}

/// That there is no routine of this id or name.
pub(crate) fn unknown_routine(id_or_name: &str) -> Refusal {
    let name = id_or_name.to_owned();
    Refusal::UnknownComponent { field: "routine_ref_id", kind: ComponentKind::Routine, name }
}

fn ladder_of<'a>(directory: &'a Directory, id_or_name: &str) -> Result<Ladder<'a>, Refusal> {
    let named = || directory.policies.named(id_or_name).map(|entry| Ladder::Named(&entry.component, directory));
    directory.ladder(&RefId::from(id_or_name)).or_else(named).ok_or_else(|| Refusal::UnknownComponent {
        field: "policy_ref_id",
        kind: ComponentKind::EscalationPolicy,
        name: id_or_name.to_owned(),
    })
}
