//! Swaps that are made while a routine runs: added, listed, removed.

use crate::arrange::{Asker, Scene, arrange};
use crate::desk::Batch;
use crate::engine::{Engine, snapshot};
use crate::failure::{Failure, Undo};
use crate::kept_swap::KeptSwap;
use crate::on_call::routine_of;
use crate::read::Reader;
use domain::directory::ComponentKind;
use domain::routine::Swap;
use domain::{Instant, RefId, Refusal, limits};
use serde::{Deserialize, Serialize};
use store::{Error, SwapRow};

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// A swap as it is kept, or as it stands in the directory file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownSwap {
    /// Its id; none for one of the directory file.
    pub swap_ref_id: Option<String>,
    /// Id of its routine.
    pub routine_ref_id: RefId,
    /// The swap.
    pub swap: Swap,
    /// Who made it; nobody is known for one of the directory file.
    pub made_by: Option<String>,
    /// When it was made.
    pub made_at: Option<Instant>,
}

impl Engine {
    /// Makes a swap in the routine of this id or name. Its form was found to be without faults.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, which names the field, `SwapIsOver`, `TooManySwaps`; otherwise see [`Failure`].
    pub async fn add_swap(&self, asker: Asker, routine: String, swap: Swap) -> Result<KnownSwap, Failure> {
        let (organization, key_id) = (asker.organization, asker.key_id);
        let swap_ref_id = self.ids().ref_id();
        let add = move |batch: &mut Batch<'_>| {
            arrange(batch, &asker, |batch, scene| add(batch, scene, &asker, &routine, &swap, &swap_ref_id))
        };
        self.arrange(organization, key_id, add).await
    }

    /// Removes a swap.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent` or `UnknownSwap`; otherwise see [`Failure`].
    pub async fn remove_swap(&self, asker: Asker, routine: String, swap_ref_id: String) -> Result<(), Failure> {
        let (organization, key_id) = (asker.organization, asker.key_id);
        let remove = move |batch: &mut Batch<'_>| {
            arrange(batch, &asker, |batch, scene| {
                let name = &routine_of(&scene.snapshot.directory, &routine)?.component.name;
                if !store::swap_delete(batch.tx, organization, name, &swap_ref_id)? {
                    return Err(Refusal::UnknownSwap { swap_ref_id: swap_ref_id.clone() }.into());
                }
                Ok(batch.directory_changed(organization)?)
            })
        };
        self.arrange(organization, key_id, remove).await
    }

    /// The swaps of a routine, also those of its directory file, ordered by when they begin.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn swaps(&self, reader: Reader, routine: String) -> Result<Vec<KnownSwap>, Failure> {
        self.read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, reader.organization, reader.key_id)?;
            let entry = routine_of(&snapshot.directory, &routine)?;
            let written = entry.component.swaps.iter().map(|swap| KnownSwap {
                swap_ref_id: None,
                routine_ref_id: entry.ref_id.clone(),
                swap: swap.clone(),
                made_by: None,
                made_at: None,
            });
            let mut swaps: Vec<_> = written.collect();
            for row in store::swap_list(tx, reader.organization)? {
                if row.routine == entry.component.name {
                    swaps.push(known(&row, &entry.ref_id)?);
                }
            }
            swaps.sort_by_key(|known| (known.swap.from.get(), known.made_at));
            Ok(swaps)
        })
        .await
    }
}

fn known(row: &SwapRow, routine_ref_id: &RefId) -> Result<KnownSwap, Error> {
    let KeptSwap { swap, made_by, made_at } = KeptSwap::of(row)?;
    Ok(KnownSwap {
        swap_ref_id: Some(row.swap_ref_id.clone()),
        routine_ref_id: routine_ref_id.clone(),
        swap,
        made_by,
        made_at: Some(made_at),
    })
}

fn add(
    batch: &mut Batch<'_>,
    scene: &Scene,
    asker: &Asker,
    routine: &str,
    swap: &Swap,
    swap_ref_id: &str,
) -> Result<KnownSwap, Undo> {
    let directory = &scene.snapshot.directory;
    let entry = routine_of(directory, routine)?;
    for (field, user) in [("out", Some(&swap.out)), ("in", swap.in_.as_ref())] {
        if let Some(user) = user.filter(|user| directory.user(user.as_str()).is_none()) {
            let name = user.as_str().to_owned();
            return Err(Refusal::UnknownComponent { field, kind: ComponentKind::User, name }.into());
        }
    }
    let until = swap.until.get().unwrap_or(Instant::EARLIEST);
    if until <= scene.now {
        return Err(Refusal::SwapIsOver.into());
    }
    let (name, organization) = (&entry.component.name, asker.organization);
    let kept_since = scene.now.plus_micros(-i64::from(limits::SWAP_KEPT_DAYS) * DAY_MICROS);
    store::swap_forget(batch.tx, organization, name, kept_since)?;
    let to_come = |row: &&SwapRow| row.routine == *name && row.until > scene.now;
    if store::swap_list(batch.tx, organization)?.iter().filter(to_come).count() >= limits::SWAPS {
        return Err(Refusal::TooManySwaps { limit: limits::SWAPS }.into());
    }
    let kept = KeptSwap { swap: swap.clone(), made_by: scene.by.clone(), made_at: scene.now };
    let body = kept.body()?;
    let row = SwapRow { routine: name.clone(), swap_ref_id: swap_ref_id.to_owned(), until, body };
    store::swap_insert(batch.tx, organization, &row)?;
    batch.directory_changed(organization)?;
    Ok(known(&row, &entry.ref_id)?)
}
