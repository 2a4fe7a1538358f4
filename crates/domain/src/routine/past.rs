//! What a routine was: a change of it counts from its instant on, and who was on call before stays known (administration §2).

use super::{Layer, Routine, Swap, Written};
use crate::wall_clock::WallClock;
use crate::{Instant, limits};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// What a routine was until an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// Until when, exclusive.
    pub until: Written<Instant>,
    /// The zone in which its days and hours were meant.
    pub timezone: String,
    /// The layers that had begun.
    pub routine_layers: Vec<Layer>,
    /// The swaps that were part of it and had begun.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub swaps: Vec<Swap>,
}

/// What a routine is, or was, throughout a stretch of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage<'a> {
    pub(super) timezone: &'a str,
    pub(super) layers: &'a [Layer],
    pub(super) swaps: &'a [Swap],
    /// From when on it is so; from ever where there is nothing before it.
    pub(super) since: Instant,
    /// Exclusive.
    pub(super) until: Instant,
}

impl Routine {
    /// What it is, after all that it was: in order, without gaps.
    pub(super) fn stages(&self) -> impl Iterator<Item = Stage<'_>> {
        let mut since = Instant(i64::MIN);
        let formers = self.past.iter().filter_map(|former| Some((former.until.get()?, former)));
        let formers = formers.map(|(until, former)| (until, &former.timezone, &former.routine_layers, &former.swaps));
        let is = (Instant(i64::MAX), &self.timezone, &self.routine_layers, &self.swaps);
        formers.chain([is]).map(move |(until, timezone, layers, swaps)| {
            let stage = Stage { timezone, layers, swaps, since, until };
            since = since.max(until);
            stage
        })
    }

    /// What it becomes when another comes into its place at `now`: the other, with all that it was. Before `now` the same people
    /// were on call by it as by this one, whatever the other says, as far as that is kept: [`limits::SWAP_KEPT_DAYS`], at most
    /// [`limits::FORMERS`] changes, and no more than [`limits::FORMER_NAMES`] names beside the last one's.
    #[must_use]
    pub fn followed_by(&self, other: Self, now: Instant) -> Self {
        let mut past = self.past.clone();
        if !self.has_history_of(&other, now) {
            past.push(self.former(now));
        }
        let kept_since = now.plus_micros(-i64::from(limits::SWAP_KEPT_DAYS) * DAY_MICROS);
        past.retain(|former| former.until.get().is_some_and(|until| until > kept_since));
        let mut names = 0;
        let kept = past.iter().rev().take(limits::FORMERS).take_while(|former| {
            let is_last = names == 0;
            names += former.names().max(1);
            is_last || names <= limits::FORMER_NAMES
        });
        let dropped = past.len() - kept.count();
        past.drain(..dropped);
        Self { past, ..other }
    }

    /// The same without what it was: what it says counts for all that has been.
    #[must_use]
    pub fn without_past(self) -> Self {
        Self { past: Vec::new(), ..self }
    }

    /// From when on it is what its layers and swaps say; from ever where it was not changed.
    pub fn stands_since(&self) -> Instant {
        self.past.iter().filter_map(|former| former.until.get()).max().unwrap_or(Instant::EARLIEST)
    }

    fn former(&self, until: Instant) -> Former {
        let (routine_layers, swaps) = self.begun(until);
        Former {
            until: until.into(),
            timezone: self.timezone.clone(),
            routine_layers: routine_layers.cloned().collect(),
            swaps: swaps.cloned().collect(),
        }
    }

    /// Whether the other says the same of everything before `now`, by its form; what both were does not count.
    fn has_history_of(&self, other: &Self, now: Instant) -> bool {
        let (mine, others) = (self.history(now), other.history(now));
        let is_never = mine.0.is_empty() && others.0.is_empty();
        mine == others && (is_never || self.timezone == other.timezone)
    }

    /// The layers and swaps that had begun, as far as they tell of what has been.
    fn history(&self, now: Instant) -> (Vec<Layer>, Vec<Swap>) {
        let end = self.day_after(now);
        let over = |layer: &Layer| layer.valid_end.get().map(|valid_end| valid_end.min(end.saturating_add(1.days())));
        let (layers, swaps) = self.begun(now);
        let layers = layers.map(|layer| Layer {
            layer: 0,
            layer_name: String::new(),
            valid_end: over(layer).map_or_else(|| layer.valid_end.clone(), Written::Read),
            ..layer.clone()
        });
        let swaps = swaps.map(|swap| Swap {
            until: swap.until.get().map_or_else(|| swap.until.clone(), |until| until.min(now).into()),
            ..swap.clone()
        });
        (layers.collect(), swaps.collect())
    }

    fn begun(&self, now: Instant) -> (impl Iterator<Item = &Layer>, impl Iterator<Item = &Swap>) {
        let end = self.day_after(now);
        let layers =
            self.routine_layers.iter().filter(move |layer| layer.valid_start.get().is_some_and(|day| day <= end));
        let swaps = self.swaps.iter().filter(move |swap| swap.from.get().is_some_and(|from| from < now));
        (layers, swaps)
    }

    /// The last day of which a shift can have begun before `now`: the next one, where a clock was turned back over midnight.
    fn day_after(&self, now: Instant) -> Date {
        let zone = TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC);
        WallClock::of(zone).day_of(now).saturating_add(1.days())
    }
}

impl Former {
    fn names(&self) -> usize {
        self.routine_layers.iter().map(|layer| layer.rotations.iter().map(|group| group.len() + 1).sum::<usize>()).sum()
    }
}
