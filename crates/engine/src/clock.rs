//! Time: the only file that reads a clock; everybody else is given `now` or asks here.
#![allow(clippy::disallowed_methods, reason = "the ban sends everybody to this file")]

use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A source of time that is cheap to clone; clones share what they read.
///
/// Instants are microseconds since the Unix epoch, UTC.
#[derive(Clone, Debug)]
pub struct Clock {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    source: Source,
    /// The latest instant handed out, so that `now` never goes backwards.
    latest: AtomicI64,
}

#[derive(Debug)]
enum Source {
    /// The last reading, and when it was taken.
    System {
        last: Mutex<(i64, Instant)>,
    },
    Scaled {
        origin: Instant,
        start_micros: i64,
        speed: u32,
    },
    Held,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        let now = system_micros();
        Self::from_source(Source::System { last: Mutex::new((now, Instant::now())) }, now)
    }

    /// A clock that starts at `start_micros` and runs `speed` times as fast as the machine's; speed 0 is taken as 1.
    #[must_use]
    pub fn scaled(speed: u32, start_micros: i64) -> Self {
        let source = Source::Scaled { origin: Instant::now(), start_micros, speed: speed.max(1) };
        Self::from_source(source, start_micros)
    }

    /// A clock that stands still at `start_micros` until it is moved by `advance` or `set`.
    #[must_use]
    pub fn held(start_micros: i64) -> Self {
        Self::from_source(Source::Held, start_micros)
    }

    fn from_source(source: Source, latest: i64) -> Self {
        let latest = AtomicI64::new(latest);
        Self { shared: Arc::new(Shared { source, latest }) }
    }

    /// Microseconds since the Unix epoch; never less than any value this clock or a clone of it gave before.
    #[must_use]
    pub fn now(&self) -> i64 {
        let read = match &self.shared.source {
            Source::System { last } => going_on(&mut last.lock().unwrap_or_else(PoisonError::into_inner)),
            Source::Scaled { origin, start_micros, speed } => {
                let ran = micros(origin.elapsed()).saturating_mul(i64::from(*speed));
                start_micros.saturating_add(ran)
            }
            Source::Held => return self.shared.latest.load(SeqCst),
        };
        self.shared.latest.fetch_max(read, SeqCst).max(read)
    }

    /// The time outside, in microseconds since the Unix epoch, also when this clock is scaled: for signatures that a
    /// receiver compares with its own clock. A held clock has no outside and gives `now`.
    #[must_use]
    pub fn real_now(&self) -> i64 {
        match self.shared.source {
            Source::System { .. } | Source::Scaled { .. } => system_micros(),
            Source::Held => self.now(),
        }
    }

    /// Moves a held clock forward by `micros`; a negative length moves nothing.
    ///
    /// Only a held clock can be moved: a running one ignores it, and a debug build stops.
    pub fn advance(&self, micros: i64) {
        debug_assert!(self.is_held(), "a running clock cannot be moved");
        if self.is_held() {
            let later = |latest: i64| Some(latest.saturating_add(micros.max(0)));
            // The closure never answers `None`, so there is no failure to look at.
            let _ = self.shared.latest.fetch_update(SeqCst, SeqCst, later);
        }
    }

    /// Moves a held clock to `now_micros`, unless that lies in its past; a running one is treated as by `advance`.
    pub fn set(&self, now_micros: i64) {
        debug_assert!(self.is_held(), "a running clock cannot be moved");
        if self.is_held() {
            self.shared.latest.fetch_max(now_micros, SeqCst);
        }
    }

    fn is_held(&self) -> bool {
        matches!(self.shared.source, Source::Held)
    }

    /// How long a real wait must be for `span_micros` of this clock to pass; rounded up, so that a waiter never wakes
    /// too early. Zero on a held clock, and for a span that is not positive.
    #[must_use]
    pub fn real_wait(&self, span_micros: i64) -> Duration {
        let span = u64::try_from(span_micros).unwrap_or(0);
        match self.shared.source {
            Source::System { .. } => Duration::from_micros(span),
            Source::Scaled { speed, .. } => Duration::from_micros(span.div_ceil(u64::from(speed))),
            Source::Held => Duration::ZERO,
        }
    }

    /// How much of this clock passes in `real_micros` of real time: for leases, which real work is held against.
    #[must_use]
    pub fn span_of_real(&self, real_micros: i64) -> i64 {
        match self.shared.source {
            Source::System { .. } | Source::Held => real_micros,
            Source::Scaled { speed, .. } => real_micros.saturating_mul(i64::from(speed)),
        }
    }

    /// Starts measuring a length of time for metrics.
    #[must_use]
    pub fn stopwatch(&self) -> Stopwatch {
        Stopwatch(match self.shared.source {
            Source::System { .. } | Source::Scaled { .. } => Start::Real(Instant::now()),
            Source::Held => Start::Held(self.clone(), self.now()),
        })
    }
}

/// A measurement that began when [`Clock::stopwatch`] was called: real, monotonic time, or the held clock's.
#[derive(Clone, Debug)]
pub struct Stopwatch(Start);

#[derive(Clone, Debug)]
enum Start {
    Real(Instant),
    Held(Clock, i64),
}

impl Stopwatch {
    /// Microseconds since the start.
    #[must_use]
    pub fn micros(&self) -> u64 {
        let passed = match &self.0 {
            Start::Real(start) => micros(start.elapsed()),
            Start::Held(clock, start) => clock.now().saturating_sub(*start),
        };
        u64::try_from(passed).unwrap_or(0)
    }
}

/// The machine's clock; when it was set back, the last reading and what has passed since, because a clock that waits
/// for the other to catch up would leave people asleep for that long.
fn going_on(last: &mut (i64, Instant)) -> i64 {
    let wall = system_micros();
    let (before, at) = *last;
    let now = if wall >= before { wall } else { before.saturating_add(micros(at.elapsed())) };
    *last = (now, Instant::now());
    now
}

fn system_micros() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => micros(since),
        Err(before) => -micros(before.duration()),
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_never_goes_backwards() {
        for clock in [Clock::system(), Clock::scaled(1_000, 7), Clock::held(1_000_000)] {
            let mut before = clock.now();
            for _ in 0..1_000 {
                let now = clock.clone().now();
                assert!(now >= before, "{clock:?}");
                before = now;
            }
        }
    }

    #[test]
    fn a_system_clock_set_back_goes_on_from_where_it_was() {
        let clock = Clock::system();
        let ahead = clock.now() + 3_600_000_000;
        let Source::System { last } = &clock.shared.source else { panic!("not the system's") };
        *last.lock().unwrap() = (ahead, Instant::now());
        assert!(clock.now() >= ahead);
        assert!((0..10_000_000).any(|_| clock.now() > ahead + 100), "it stands still");
    }

    #[test]
    fn a_held_clock_moves_only_when_told_and_only_forward() {
        let clock = Clock::held(100);
        let watch = clock.stopwatch();
        assert_eq!((clock.now(), clock.real_now()), (100, 100));
        clock.clone().advance(50);
        clock.advance(-20);
        assert_eq!(clock.now(), 150);
        clock.set(120);
        assert_eq!(clock.now(), 150);
        clock.set(400);
        assert_eq!((clock.now(), watch.micros()), (400, 300));
    }

    #[test]
    fn a_real_wait_is_the_span_divided_by_the_speed_and_never_too_short() {
        for (clock, span, expect) in [
            (Clock::system(), 90, 90),
            (Clock::scaled(60, 0), 120, 2),
            (Clock::scaled(60, 0), 121, 3),
            (Clock::scaled(0, 0), 5, 5),
            (Clock::held(0), 90, 0),
            (Clock::system(), -1, 0),
        ] {
            assert_eq!(clock.real_wait(span), Duration::from_micros(expect));
        }
    }

    #[test]
    fn a_scaled_clock_starts_where_it_is_told_and_knows_the_real_time() {
        let clock = Clock::scaled(10, 1_000);
        assert!((1_000..60_000_000_000).contains(&clock.now()));
        assert!(clock.real_now() > 1_700_000_000_000_000);
    }
}
