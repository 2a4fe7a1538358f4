//! Swaps that are made while a routine runs: added, listed, removed.

use crate::administration::Administration;
use crate::audit::{self, Changed, Entry, Object, Value, record_asked};
use crate::change::gaps_by_swap;
use crate::on_call::routine_of;
use domain::directory::ComponentKind;
use domain::routine::Swap;
use domain::{Instant, OrganizationId, RefId, Refusal, limits};
use engine::{Asker, Batch, ChangeContext, Failure, Ids, KeptSwap, Reader, Rights, Undo, change_once, snapshot};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
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

/// A swap that was made just now, and what it brings with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MadeSwap {
    /// The swap.
    #[serde(flatten)]
    pub swap: KnownSwap,
    /// What somebody should look at: when nobody is on call because of it.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// When nobody is on the first level of a policy in the time of the swap, where that is different because of it: each with
    /// `escalation_policy`, `before` and `after`.
    #[serde(default)]
    pub gaps: Json,
}

impl Administration {
    /// Makes a swap in the routine of this id or name. Its form was found to be without faults.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, which names the field, `SwapIsOver`, `TooManySwaps`; otherwise see [`Failure`].
    pub async fn add_swap(&self, asker: Asker, routine: String, swap: Swap) -> Result<MadeSwap, Failure> {
        let organization = asker.organization;
        let ids = self.engine().ids().clone();
        let add = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let made = add_recorded(batch, (&asker, context), &ids, &routine, &swap)?;
                let directory = &context.snapshot.directory;
                let name = routine_of(directory, &routine)?.component.name.as_str();
                let rights = Rights::of(&asker.credential, &context.snapshot);
                let (warnings, gaps) = gaps_by_swap(directory, (name, &made.swap), |team| rights.sees(team))?;
                Ok(MadeSwap { swap: made, warnings, gaps })
            })
        };
        self.change(organization, add).await
    }

    /// Takes a swap back: one that is to come is gone, one that runs ends now, so that who was on call by it stays known. One that
    /// is over stays as it is.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent` or `UnknownSwap`; otherwise see [`Failure`].
    pub async fn remove_swap(&self, asker: Asker, routine: String, swap_ref_id: String) -> Result<(), Failure> {
        let organization = asker.organization;
        let ids = self.engine().ids().clone();
        let remove = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let name = &routine_of(&context.snapshot.directory, &routine)?.component.name;
                let is_it = |row: &SwapRow| row.routine == *name && row.swap_ref_id == swap_ref_id;
                let row = store::swap_list(batch.tx, organization)?.into_iter().find(is_it);
                let row = row.ok_or_else(|| Refusal::UnknownSwap { swap_ref_id: swap_ref_id.clone() })?;
                if row.until <= context.now {
                    return Ok(());
                }
                let before = KeptSwap::of(&row)?;
                let after = ended(&before, context.now);
                match &after {
                    Some(kept) => {
                        let row = SwapRow { until: context.now, body: kept.body()?, ..row };
                        store::swap_change(batch.tx, organization, &row)?;
                    }
                    None => store::swap_delete(batch.tx, organization, name, &swap_ref_id)?,
                }
                let object = object(context, &routine, &swap_ref_id)?;
                let changes = swap_changes(Some(&before.swap), after.as_ref().map(|kept| &kept.swap));
                record_asked(batch, &ids, (&asker, context), "swap.remove", object, changes)?;
                Ok(batch.directory_changed(organization)?)
            })
        };
        self.change(organization, remove).await
    }

    /// The swaps of a routine, also those of its directory file, ordered by when they begin.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn swaps(&self, reader: Reader, routine: String) -> Result<Vec<KnownSwap>, Failure> {
        self.engine()
            .read(move |tx, shared| {
                let snapshot = snapshot(tx, shared, &reader)?;
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

/// Makes a swap in the routine of this id or name, and writes down who did.
///
/// # Errors
/// As [`Administration::add_swap`].
pub(crate) fn add_recorded(
    batch: &mut Batch<'_>,
    (asker, context): (&Asker, &ChangeContext),
    ids: &Ids,
    routine: &str,
    swap: &Swap,
) -> Result<KnownSwap, Undo> {
    let entry = |action: &str, object, changes| Entry::of_asker(asker, context, action, object, changes);
    add_by(batch, (context, asker.organization, ids), (routine, swap), &entry)
}

/// The same for whoever `entry` tells of.
///
/// # Errors
/// As [`Administration::add_swap`].
pub(crate) fn add_by(
    batch: &mut Batch<'_>,
    (context, organization, ids): (&ChangeContext, OrganizationId, &Ids),
    (routine, swap): (&str, &Swap),
    entry: &dyn Fn(&str, Object, Vec<Changed>) -> Entry,
) -> Result<KnownSwap, Undo> {
    let swap_ref_id = ids.ref_id();
    let made = add(batch, context, organization, (routine, swap), &swap_ref_id)?;
    let object = object(context, routine, &swap_ref_id)?;
    let changes = swap_changes(None, Some(&made.swap));
    audit::record(batch.tx, ids, organization, context.now, &entry("swap.create", object, changes))?;
    Ok(made)
}

/// The swap, named after its routine, for the audit log.
fn object(context: &ChangeContext, routine: &str, swap_ref_id: &str) -> Result<Object, Refusal> {
    let name = &routine_of(&context.snapshot.directory, routine)?.component.name;
    Ok(Object::new("swap", Some(swap_ref_id), name))
}

/// What is left of a swap that is taken back: what it was until `now`, unless it has not begun.
fn ended(kept: &KeptSwap, now: Instant) -> Option<KeptSwap> {
    let has_begun = kept.swap.from.get().is_some_and(|from| from < now);
    has_begun.then(|| KeptSwap { swap: Swap { until: now.into(), ..kept.swap.clone() }, ..kept.clone() })
}

fn swap_changes(before: Option<&Swap>, after: Option<&Swap>) -> Vec<Changed> {
    let fields = |swap: Option<&Swap>| -> serde_json::Map<String, Json> {
        swap.and_then(|swap| serde_json::to_value(swap).ok()?.as_object().cloned()).unwrap_or_default()
    };
    let (before, after) = (fields(before), fields(after));
    let value = |value: Option<&Json>| value.cloned().map_or(Value::Unset, Value::Plain);
    let keys = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)));
    keys.map(|key| Changed { field: key.clone(), before: value(before.get(key)), after: value(after.get(key)) })
        .collect()
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
    context: &ChangeContext,
    organization: OrganizationId,
    (routine, swap): (&str, &Swap),
    swap_ref_id: &str,
) -> Result<KnownSwap, Undo> {
    let directory = &context.snapshot.directory;
    let entry = routine_of(directory, routine)?;
    for (field, user) in [("out", Some(&swap.out)), ("in", swap.in_.as_ref())] {
        if let Some(user) = user.filter(|user| directory.user(user.as_str()).is_none()) {
            let name = user.as_str().to_owned();
            return Err(Refusal::UnknownComponent { field, kind: ComponentKind::User, name }.into());
        }
    }
    let until = swap.until.get().unwrap_or(Instant::EARLIEST);
    if until <= context.now {
        return Err(Refusal::SwapIsOver.into());
    }
    let name = &entry.component.name;
    let kept_since = context.now.plus_micros(-i64::from(limits::SWAP_KEPT_DAYS) * DAY_MICROS);
    store::swap_forget(batch.tx, organization, name, kept_since)?;
    let to_come = |row: &&SwapRow| row.routine == *name && row.until > context.now;
    if store::swap_list(batch.tx, organization)?.iter().filter(to_come).count() >= limits::SWAPS {
        return Err(Refusal::TooManySwaps { limit: limits::SWAPS }.into());
    }
    // Who was on call before stays told.
    let from = swap.from.get().map_or(context.now, |from| from.max(context.now));
    let swap = Swap { from: from.into(), ..swap.clone() };
    let kept = KeptSwap { swap, made_by: context.by.clone(), made_at: context.now };
    let body = kept.body()?;
    let row = SwapRow { routine: name.clone(), swap_ref_id: swap_ref_id.to_owned(), until, body };
    store::swap_insert(batch.tx, organization, &row)?;
    batch.directory_changed(organization)?;
    Ok(known(&row, &entry.ref_id)?)
}
