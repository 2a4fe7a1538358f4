//! Swaps: who stands in for whom at an instant.

use super::Swap;
use crate::{Instant, Username};

/// The swaps of a routine that can be read, the latest made last.
pub(super) struct Swaps<'a> {
    swaps: Vec<(Instant, Instant, &'a Swap)>,
}

impl<'a> Swaps<'a> {
    /// Those among `swaps` that hold at some instant of `from` to `until`, which is exclusive.
    pub(super) fn within(swaps: impl Iterator<Item = &'a Swap>, from: Instant, until: Instant) -> Self {
        let dated = swaps.filter_map(|swap| Some((swap.from.get()?, swap.until.get()?, swap)));
        Self { swaps: dated.filter(|(begins, ends, _)| *begins < until && *ends > from && begins < ends).collect() }
    }

    /// The instants at which a swap begins or ends.
    pub(super) fn edges(&self) -> impl Iterator<Item = Instant> {
        self.swaps.iter().flat_map(|(begins, ends, _)| [*begins, *ends])
    }

    /// Who does the duty of `user` at `instant`; `None` where nobody does.
    ///
    /// Duty that was taken over is handed on with one's own, so that nobody is asked while somebody stands in for
    /// them. People who stand in for each other in a ring have exchanged their duties, each with the next.
    /// Of two swaps that let the same person go, the later one holds.
    pub(super) fn stand_in(&self, user: &'a Username, instant: Instant) -> Option<&'a Username> {
        let mut passed: Vec<&Username> = Vec::new();
        let mut current = user;
        while let Some(swap) = self.holding(current, instant) {
            let next = swap.in_.as_ref()?;
            if passed.contains(&next) || next == current {
                // A ring: the duty stays with whoever the person at its entrance stands in for.
                return self.holding(next, instant).and_then(|swap| swap.in_.as_ref());
            }
            passed.push(current);
            current = next;
        }
        Some(current)
    }

    fn holding(&self, user: &Username, instant: Instant) -> Option<&'a Swap> {
        let holds = |(begins, ends, swap): &&(Instant, Instant, &'a Swap)| {
            *begins <= instant && instant < *ends && swap.out == *user
        };
        self.swaps.iter().rev().find(holds).map(|(_, _, swap)| *swap)
    }
}
