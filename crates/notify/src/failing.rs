//! Which channels fail at present: those whose destinations are left alone since they failed again and again.

use crate::notifier::Notifier;
use domain::Instant;
use domain::notification::{Breaker, Channel};
use engine::{Failure, Reader, snapshot};

/// Destinations that are looked at.
const LOOKED_AT: u32 = 500;

/// A channel by which some cannot be reached at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// The channel.
    pub channel: Channel,
    /// How many destinations are left alone.
    pub destinations: usize,
    /// What came back from one of them; it may name the address.
    pub answer: String,
}

impl Notifier {
    /// The channels by which some cannot be reached at `now`.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)` or `Refused(SignedOut)`; otherwise see [`Failure`].
    pub async fn failing(&self, reader: Reader, now: Instant) -> Result<Vec<Failing>, Failure> {
        let rows = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            Ok(store::breaker_list(tx, reader.organization, LOOKED_AT)?)
        });
        let mut failing: Vec<Failing> = Vec::new();
        for (channel, row) in rows.await? {
            // What was forgotten since nothing was sent there is no failure of now.
            let is_left_alone = match row.breaker {
                Breaker::Closed { .. } => false,
                Breaker::Paused { until, seconds } => now < until.plus_micros(i64::from(seconds) * 1_000_000),
                Breaker::Probing { .. } => true,
            };
            match failing.iter_mut().find(|known| known.channel == channel) {
                _ if !is_left_alone => {}
                Some(known) => known.destinations += 1,
                None => failing.push(Failing { channel, destinations: 1, answer: row.answer }),
            }
        }
        Ok(failing)
    }
}
