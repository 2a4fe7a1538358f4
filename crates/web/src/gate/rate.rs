//! The rate limit: a token bucket for each key (contract §1).

use super::problem::{Bucket, Problem};
use crate::settings::Rate;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;

type Limiter =
    RateLimiter<i64, governor::state::keyed::DefaultKeyedStateStore<i64>, DefaultClock, StateInformationMiddleware>;

/// The buckets of all keys.
pub struct Limit {
    limiter: Limiter,
    clock: DefaultClock,
    rate: Rate,
}

impl Limit {
    /// Full buckets of this size.
    pub fn new(rate: Rate) -> Self {
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        let limiter = RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>();
        Self { limiter, clock: DefaultClock::default(), rate }
    }

    /// Takes a token from the key's bucket.
    ///
    /// # Errors
    /// A 429 that says when the next one comes.
    pub fn take(&self, key_id: i64) -> Result<Bucket, Problem> {
        match self.limiter.check_key(&key_id) {
            Ok(state) => Ok(self.bucket(state.remaining_burst_capacity())),
            Err(wait) => {
                let seconds = wait.wait_time_from(self.clock.now()).as_secs() + 1;
                Err(Problem::rate_limited(seconds, self.bucket(0)))
            }
        }
    }

    fn bucket(&self, remaining: u32) -> Bucket {
        let Rate { per_second, burst } = self.rate;
        let taken = u64::from(NonZeroU32::get(burst).saturating_sub(remaining));
        Bucket { limit: burst.get(), remaining, reset_seconds: taken.div_ceil(u64::from(per_second.get())) }
    }
}
