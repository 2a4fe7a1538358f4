//! Chance: the only source of identifiers, secrets and jitter, so that a seed can replay them.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Instant;
use uuid::Uuid;

/// Added to the state for each number; the odd constant of SplitMix64 that makes the sequence visit every state.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A source of identifiers, secrets and jitter: cheap to clone, safe to share; clones of a seeded one share its sequence.
#[derive(Clone, Debug)]
pub struct Ids {
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    System,
    Seeded(Arc<AtomicU64>),
}

impl Ids {
    /// Randomness of the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self { source: Source::System }
    }

    /// The same sequence for the same seed: for simulation only, since its secrets can be foretold.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { source: Source::Seeded(Arc::new(AtomicU64::new(seed))) }
    }

    /// A new reference id: a version 4 UUID in unpadded URL-safe base64, 22 characters.
    #[must_use]
    pub fn ref_id(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.version_4().as_bytes())
    }

    /// A new id of the same form that begins with the time, so that what is made at about the same time is kept close
    /// together: 48 bits of milliseconds, then chance.
    #[must_use]
    pub fn timed_ref_id(&self, now: Instant) -> String {
        let mut bytes: [u8; 16] = self.bytes();
        bytes[..6].copy_from_slice(&(now.0 / 1_000).to_be_bytes()[2..]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A new version 4 UUID, lower case with dashes.
    #[must_use]
    pub fn uuid(&self) -> String {
        self.version_4().hyphenated().to_string()
    }

    /// A new secret: `prefix`, then 32 random bytes in unpadded URL-safe base64.
    #[must_use]
    pub fn secret(&self, prefix: &str) -> String {
        let bytes: [u8; 32] = self.chance();
        format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// So many bytes of chance: salts, and secrets that are not written as text. They come from the operating system
    /// when they are asked for, and are kept nowhere else.
    #[must_use]
    pub fn chance<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        match &self.source {
            Source::System => fill(&mut bytes),
            Source::Seeded(state) => replay(state, &mut bytes),
        }
        bytes
    }

    /// So many digits, each as likely as the others.
    #[must_use]
    pub fn digits(&self, count: usize) -> String {
        (0..count).map(|_| self.jitter(9).to_string()).collect()
    }

    /// A number from 0 to `max`, both included.
    #[must_use]
    pub fn jitter(&self, max: u64) -> u64 {
        let number = u128::from(u64::from_le_bytes(self.bytes()));
        // The high half of the product spreads the numbers evenly, without a division and its bias.
        u64::try_from((number * (u128::from(max) + 1)) >> 64).unwrap_or(max)
    }

    fn version_4(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// As [`Ids::chance`], for what need not be kept secret: the operating system is asked for many at once.
    fn bytes<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        match &self.source {
            Source::System => AHEAD.with_borrow_mut(|ahead| ahead.take(&mut bytes)),
            Source::Seeded(state) => replay(state, &mut bytes),
        }
        bytes
    }
}

/// Bytes that a thread asked the operating system for at once: a call for each id is a hundredth of what a create costs.
const AHEAD_BYTES: usize = 1_024;

thread_local! {
    static AHEAD: RefCell<Ahead> = const { RefCell::new(Ahead { bytes: [0; AHEAD_BYTES], left: 0 }) };
}

/// Bytes of chance that nobody has had yet: the first `left`.
struct Ahead {
    bytes: [u8; AHEAD_BYTES],
    left: usize,
}

impl Ahead {
    fn take(&mut self, bytes: &mut [u8]) {
        if self.left < bytes.len() {
            fill(&mut self.bytes);
            self.left = AHEAD_BYTES;
        }
        self.left -= bytes.len();
        let given = &mut self.bytes[self.left..self.left + bytes.len()];
        bytes.copy_from_slice(given);
        given.fill(0);
    }
}

#[expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a machine without randomness must stop: the alternative is a secret that can be guessed"
)]
fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}

fn replay(state: &AtomicU64, bytes: &mut [u8]) {
    for chunk in bytes.chunks_mut(8) {
        let word = next(state).to_le_bytes();
        chunk.copy_from_slice(&word[..chunk.len()]);
    }
}

/// The next number of SplitMix64: its whole state is one counter, so one atomic addition makes it safe to share.
fn next(state: &AtomicU64) -> u64 {
    let mut word = state.fetch_add(STEP, Relaxed).wrapping_add(STEP);
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_seed_replays_and_another_seed_differs() {
        let draw = |seed| {
            let ids = Ids::seeded(seed);
            (ids.ref_id(), ids.uuid(), ids.secret("k_"), ids.jitter(9_999))
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn the_generator_gives_the_published_first_numbers_for_seed_zero() {
        let state = AtomicU64::new(0);
        assert_eq!(next(&state), 0xE220_A839_7B1D_CDAF);
        assert_eq!(next(&state), 0x6E78_9E6A_A1B9_65F4);
    }

    #[test]
    fn ids_have_their_shape_and_do_not_repeat() {
        for ids in [Ids::system(), Ids::seeded(1)] {
            let mut seen = HashSet::new();
            for _ in 0..1_000 {
                let ref_id = ids.ref_id();
                assert_eq!(ref_id.len(), 22);
                let bytes = URL_SAFE_NO_PAD.decode(&ref_id).unwrap();
                let uuid = Uuid::from_slice(&bytes).unwrap();
                assert_eq!(uuid.get_version_num(), 4);
                assert!(seen.insert(ref_id));
            }
            assert_eq!(Uuid::parse_str(&ids.uuid()).unwrap().get_version_num(), 4);
            assert_eq!(ids.uuid().len(), 36);
            assert_eq!(ids.secret("rk_").len(), 3 + 43);
        }
    }

    #[test]
    fn digits_are_as_many_as_asked_for_and_all_of_them_come() {
        let drawn: Vec<String> = (0..50).map(|_| Ids::seeded(5).digits(6)).collect();
        assert!(drawn.iter().all(|code| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())));
        let ids = Ids::seeded(5);
        let digits: HashSet<char> = (0..50).flat_map(|_| ids.digits(6).chars().collect::<Vec<_>>()).collect();
        assert_eq!(digits.len(), 10);
    }

    #[test]
    fn jitter_stays_within_its_bound_and_reaches_both_ends() {
        let ids = Ids::seeded(3);
        let drawn: HashSet<u64> = (0..200).map(|_| ids.jitter(3)).collect();
        assert_eq!(drawn, HashSet::from([0, 1, 2, 3]));
        assert_eq!(ids.jitter(0), 0);
        assert_ne!(ids.jitter(u64::MAX), ids.jitter(u64::MAX));
    }
}
