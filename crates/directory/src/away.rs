//! A person's own shifts, and being away: somebody stands in for all of them.

use crate::administration::Administration;
use crate::swap::{KnownSwap, add_recorded};
use domain::directory::Directory;
use domain::routine::{Swap, Written};
use domain::{Instant, OrganizationId, RefId, Username, limits};
use engine::{Asker, Batch, EVERYBODY, Failure, Reader, Undo, change_once};
use serde::{Deserialize, Serialize};

/// A time on call of a person by a routine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnShift {
    /// Id of the routine.
    pub routine_ref_id: RefId,
    /// Its name.
    pub routine: String,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
}

/// What being away comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Away {
    /// The swaps that were made, one for each routine.
    pub swaps: Vec<KnownSwap>,
    /// Shifts that nobody takes.
    pub uncovered: Vec<OwnShift>,
}

impl Administration {
    /// When a person is on call by each routine from `from` until `until`, ordered by when it begins.
    ///
    /// # Errors
    /// `Refused` with `PeriodTooLong` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn shifts(
        &self,
        reader: Reader,
        person: Username,
        (from, until): (Instant, Instant),
    ) -> Result<Vec<OwnShift>, Failure> {
        self.work_out(reader, move |snapshot| {
            let directory = &snapshot.directory;
            for entry in directory.routines.iter() {
                crate::on_call::bound(directory.schedule_days(&entry.component.name), from, until)?;
            }
            Ok(shifts(directory, &person, from, until))
        })
        .await
    }

    /// Somebody is away: another takes all their shifts of that time, by a swap in each routine. Where nobody is named, nothing is
    /// made, and the shifts are told that somebody is needed for.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `SwapIsOver`, `TooManySwaps`, `PeriodTooLong`; otherwise see [`Failure`].
    pub async fn be_away(
        &self,
        asker: Asker,
        person: Username,
        stand_in: Option<Username>,
        (from, until): (Instant, Instant),
    ) -> Result<Away, Failure> {
        let reader = Reader { organization: asker.organization, credential: asker.credential.clone() };
        let uncovered = self.shifts(reader, person.clone(), (from, until)).await?;
        let Some(stand_in) = stand_in else { return Ok(Away { swaps: Vec::new(), uncovered }) };
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let mut routines: Vec<RefId> = uncovered.iter().map(|shift| shift.routine_ref_id.clone()).collect();
        routines.sort_unstable();
        routines.dedup();
        let add = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let mut swaps = Vec::with_capacity(routines.len());
                for routine in &routines {
                    let swap = Swap {
                        out: person.clone(),
                        in_: Some(stand_in.clone()),
                        from: Written::Read(from),
                        until: Written::Read(until),
                    };
                    swaps.push(add_recorded(batch, (&asker, context), &ids, routine.as_str(), &swap)?);
                }
                Ok(Away { swaps, uncovered: Vec::new() })
            })
        };
        self.change(organization, add).await
    }
}

impl Administration {
    /// Counts a page that a person sends themselves; whether it is one of those that they may send in an hour.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn count_test_page(&self, organization: OrganizationId, person: &RefId) -> Result<bool, Failure> {
        let subject = format!("test page of\n{}\n{person}", organization.0);
        let count = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            let may = store::hourly_count(batch.tx, &subject, now)? < limits::TEST_PAGES_AN_HOUR;
            if may {
                store::hourly_add(batch.tx, &subject, now)?;
            }
            Ok::<_, Undo>(may)
        };
        self.engine().desk().submit(EVERYBODY, count).await
    }
}

fn shifts(directory: &Directory, person: &Username, from: Instant, until: Instant) -> Vec<OwnShift> {
    let mut own: Vec<OwnShift> = Vec::new();
    for entry in directory.routines.iter() {
        let schedule = directory.schedule(&entry.component.name, from, until);
        for interval in schedule.into_iter().filter(|interval| interval.on_call.contains(person)) {
            match own.last_mut() {
                // With whom else they are on call may change in between.
                Some(last) if last.routine_ref_id == entry.ref_id && last.until == interval.from => {
                    last.until = interval.until;
                }
                _ => own.push(OwnShift {
                    routine_ref_id: entry.ref_id.clone(),
                    routine: entry.component.name.clone(),
                    from: interval.from,
                    until: interval.until,
                }),
            }
        }
    }
    own.sort_by(|one, other| (one.from, &one.routine).cmp(&(other.from, &other.routine)));
    own
}
