//! Time: the only file that reads a clock; everybody else is given `now` or asks here.
#![allow(clippy::disallowed_methods, reason = "the ban sends everybody to this file")]

use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// An answer that took longer leaves open by more than a quarter of a second what the time was.
const LONG_ASKING: Duration = Duration::from_millis(500);

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
    System {
        /// By how much the machine's clock is made wrong, for tests.
        error_micros: i64,
        going: Mutex<Going>,
    },
    Scaled {
        origin: Instant,
        start_micros: i64,
        speed: u32,
    },
    Held,
}

impl Clock {
    /// The machine's clock, until it is told to follow another.
    #[must_use]
    pub fn system() -> Self {
        Self::system_off_by(0)
    }

    /// The clock of a machine that is ahead by `error_micros`, or behind if that is negative: for tests.
    #[must_use]
    pub fn system_off_by(error_micros: i64) -> Self {
        // Nothing was handed out yet, so that the clock may still begin anywhere.
        let going = Going { last: i64::MIN, at: Instant::now(), followed: None };
        Self::from_source(Source::System { error_micros, going: Mutex::new(going) }, i64::MIN)
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
            Source::System { going, .. } => {
                let mut going = going.lock().unwrap_or_else(PoisonError::into_inner);
                let machine = self.machine_micros();
                going.read_at(machine, Instant::now())
            }
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
        match &self.shared.source {
            Source::System { going, .. } => {
                going.lock().unwrap_or_else(PoisonError::into_inner).outside(self.machine_micros(), Instant::now())
            }
            Source::Scaled { .. } => system_micros(),
            Source::Held => self.now(),
        }
    }

    /// Asks another clock for its time and goes by it from now on; by how much it is ahead of the machine's, in
    /// microseconds. None on a scaled or held clock, which follow nobody.
    ///
    /// What it says is taken for the middle of the asking. An answer that took long says too little and is left out,
    /// unless there was never a better one.
    ///
    /// # Errors
    /// As `ask` says.
    pub fn follow<E>(&self, ask: impl FnOnce() -> Result<i64, E>) -> Result<Option<i64>, E> {
        let Source::System { going, .. } = &self.shared.source else { return Ok(None) };
        let (machine, asked) = (self.machine_micros(), Instant::now());
        let told = ask()?;
        let took = asked.elapsed();
        let half = micros(took / 2);
        let new = Followed { told: told - half, asked, took, ahead_micros: told - half - machine };
        let mut going = going.lock().unwrap_or_else(PoisonError::into_inner);
        let followed = match going.followed {
            Some(better) if took > LONG_ASKING && took > better.took => better,
            _ => *going.followed.insert(new),
        };
        Ok(Some(followed.ahead_micros))
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

    fn machine_micros(&self) -> i64 {
        match self.shared.source {
            Source::System { error_micros, .. } => system_micros().saturating_add(error_micros),
            _ => system_micros(),
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

/// A running clock: it goes by the machine's, or by another that it follows, and never backwards.
#[derive(Debug)]
struct Going {
    /// A reading, and when it was taken.
    last: i64,
    at: Instant,
    followed: Option<Followed>,
}

/// What another clock said.
#[derive(Clone, Copy, Debug)]
struct Followed {
    /// Its time when it was asked.
    told: i64,
    asked: Instant,
    took: Duration,
    /// By how much it was ahead of the machine's.
    ahead_micros: i64,
}

impl Going {
    /// The time outside: the machine's, or that of the clock that is followed, carried on without asking the machine's
    /// again, so that nothing happens when somebody sets that.
    fn outside(&self, machine: i64, at: Instant) -> i64 {
        self.followed.map_or(machine, |followed| followed.told.saturating_add(micros(at - followed.asked)))
    }

    /// The time. When the clock outside was set back it goes on, a tenth slower, until that has caught up: if it waited,
    /// people would be left asleep for that long, and if it ran on, two nodes would never agree again.
    fn read_at(&mut self, machine: i64, at: Instant) -> i64 {
        let outside = self.outside(machine, at);
        let slowest = self.last.saturating_add(micros((at - self.at) * 9 / 10));
        if outside >= slowest {
            (self.last, self.at) = (outside, at);
        }
        outside.max(slowest)
    }
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
    fn a_clock_that_is_set_back_goes_on_a_tenth_slower_until_the_other_has_caught_up() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut going = Going { last: 1_000_000_000, at: start, followed: None };
        let mut read = |machine: i64, at: Instant| going.read_at(machine * 1_000_000, at) / 1_000_000;
        let table =
            [(1_010, 10, 1_010), (980, 10, 1_010), (1_000, 30, 1_028), (1_170, 200, 1_181), (1_280, 310, 1_280)];
        for (machine, seconds, expect) in table {
            assert_eq!(read(machine, after(seconds)), expect, "after {seconds}");
        }
    }

    #[test]
    fn a_clock_goes_by_the_one_that_it_follows_whatever_the_machines_is_set_to() {
        const MINUTES: i64 = 60_000_000;
        for error in [7 * MINUTES, -7 * MINUTES] {
            let clock = Clock::system_off_by(error);
            let before = clock.now();
            assert!((system_micros() + error - before).abs() < MINUTES);
            let told = || Ok::<_, ()>(system_micros());
            let ahead = clock.follow(told).unwrap().unwrap();
            assert!((ahead + error).abs() < MINUTES, "{ahead}");
            assert!((clock.real_now() - system_micros()).abs() < MINUTES, "what is signed has the right time at once");
            assert!(clock.now() >= before, "never backwards");
            if error < 0 {
                assert!((clock.now() - system_micros()).abs() < MINUTES);
            }
        }
        assert_eq!(Clock::held(5).follow(|| Ok::<_, ()>(9)), Ok(None));
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
