//! Chance of a world: streams of numbers that follow from the seed and a name, so that none disturbs another.

use engine::Ids;

/// One stream.
#[derive(Clone, Debug)]
pub(super) struct Chance(Ids);

impl Chance {
    /// The stream of this name.
    pub(super) fn of(seed: u64, name: &str) -> Self {
        Self(ids_of(seed, name))
    }

    /// A number below `end`, which is at least 1.
    pub(super) fn below(&self, end: i64) -> i64 {
        let most = u64::try_from(end - 1).expect("at least one number to choose from");
        i64::try_from(self.0.jitter(most)).expect("a small number")
    }

    /// A number from `first` to `last`, both included.
    pub(super) fn between(&self, first: i64, last: i64) -> i64 {
        first + self.below(last - first + 1)
    }

    /// True in so many of a thousand cases.
    pub(super) fn of_thousand(&self, cases: i64) -> bool {
        self.below(1000) < cases
    }

    /// One of these; there is at least one.
    pub(super) fn pick<'a, T>(&self, among: &'a [T]) -> &'a T {
        &among[self.place(among.len())]
    }

    /// A place in a list of this length, which is not empty.
    pub(super) fn place(&self, length: usize) -> usize {
        usize::try_from(self.below(i64::try_from(length).expect("a short list"))).expect("not negative")
    }

    /// One of these, each as often as its weight says.
    pub(super) fn weighted<T: Copy>(&self, among: &[(i64, T)]) -> T {
        let mut left = self.below(among.iter().map(|(weight, _)| weight).sum());
        for (weight, one) in among {
            if left < *weight {
                return *one;
            }
            left -= weight;
        }
        unreachable!("the weights were summed up before")
    }
}

/// A source of ids that follows from the seed and a name.
pub(super) fn ids_of(seed: u64, name: &str) -> Ids {
    // FNV-1a: the streams of neighbouring seeds and names have nothing to do with each other.
    let bytes = seed.to_le_bytes().into_iter().chain(name.bytes());
    let digest = bytes
        .fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    Ids::seeded(digest)
}
