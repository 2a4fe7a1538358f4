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

    /// The swaps that hold at `instant`.
    pub(super) fn at(&self, instant: Instant) -> StandIns<'a> {
        let holds = |(begins, ends, _): &&(Instant, Instant, &Swap)| *begins <= instant && instant < *ends;
        StandIns { swaps: self.swaps.iter().filter(holds).map(|(_, _, swap)| *swap).collect() }
    }
}

/// Who stands in for whom at one instant.
pub(super) struct StandIns<'a> {
    swaps: Vec<&'a Swap>,
}

impl<'a> StandIns<'a> {
    /// Who does the duty of `user`; `None` where nobody does.
    ///
    /// Duty that was taken over is handed on with one's own, so that nobody is asked while somebody stands in for
    /// them. People who stand in for each other in a ring have exchanged their duties, each with the next.
    /// Of two swaps that let the same person go, the later one holds.
    pub(super) fn duty_of(&self, user: &'a Username) -> Option<&'a Username> {
        let mut passed: Vec<&Username> = Vec::new();
        let mut current = user;
        while let Some(swap) = self.swap_of(current) {
            let next = swap.in_.as_ref()?;
            passed.push(current);
            if passed.contains(&next) {
                // A ring: the duty stays with whoever stands in for the person at its entrance.
                return self.swap_of(next).and_then(|swap| swap.in_.as_ref());
            }
            current = next;
        }
        Some(current)
    }

    fn swap_of(&self, user: &Username) -> Option<&'a Swap> {
        self.swaps.iter().rev().find(|swap| swap.out == *user).copied()
    }
}
