//! Guessing: failed sign-ins are counted before the password is looked at, so that whoever asks many times at once gains
//! nothing, and the count ends with a success.

use super::visitor::{SignInError, Visitor};
use crate::administration::Administration;
use domain::sign_in::wait_seconds;
use domain::{Instant, OrganizationId, limits};
use engine::{Batch, EVERYBODY, Undo, digest};
use std::net::IpAddr;
use store::{Error, FailureRow, Tx};

/// Microseconds of quiet after which a count begins anew.
const FORGOTTEN_AFTER: i64 = 24 * 3_600_000_000;
/// Seconds that a network is told to wait that failed as often as it may in an hour.
pub(super) const NETWORK_WAIT_SECONDS: u32 = 900;

/// What one attempt is counted for.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    organization: OrganizationId,
    subject: String,
    /// The network, where it is counted over all accounts: not for a device that was here before, so that no stranger
    /// keeps it out.
    network: Option<String>,
}

/// The network that an address belongs to: what one subscriber has.
pub(super) fn network(address: Option<IpAddr>) -> String {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => {
            let [one, two, three, _] = address.octets();
            format!("{one}.{two}.{three}.0/24")
        }
        Some(IpAddr::V6(address)) => {
            let [one, two, three, four, ..] = address.segments();
            format!("{one:x}:{two:x}:{three:x}:{four:x}::/64")
        }
        None => "unknown".to_owned(),
    }
}

impl Counted {
    /// By account and network.
    pub(super) fn stranger(organization: OrganizationId, account: &str, visitor: &Visitor) -> Self {
        let network = network(visitor.address);
        let subject = digest(&format!("account\n{account}\n{network}"));
        Self { organization, subject, network: Some(network) }
    }

    /// By device.
    pub(super) fn device(organization: OrganizationId, account: &str, device: &str) -> Self {
        Self { organization, subject: digest(&format!("device\n{account}\n{device}")), network: None }
    }

    /// By account alone, whoever asks: for what nobody reaches without the password.
    pub(super) fn account(organization: OrganizationId, account: &str) -> Self {
        Self { organization, subject: digest(&format!("code\n{account}")), network: None }
    }

    /// Where it is counted.
    pub(super) fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// It succeeded.
    pub(super) fn clear(&self, tx: &mut dyn Tx) -> Result<(), Error> {
        store::sign_in_failure_clear(tx, self.organization, &self.subject)
    }

    fn of_network(&self) -> Option<String> {
        self.network.as_deref().map(of_network)
    }
}

impl Administration {
    /// Counts an attempt as failed, for now; or says how long nobody is listened to.
    pub(super) async fn count_attempt(&self, counted: &Counted) -> Result<u32, SignInError> {
        let looked = counted.clone();
        let now = self.engine().now();
        let waits = self.engine().read(move |tx, _| {
            let of_network = match looked.of_network() {
                Some(network) => store::hourly_count(tx, &network, now)?,
                None => 0,
            };
            let known = store::sign_in_failure_load(tx, looked.organization, &looked.subject)?;
            Ok((of_network >= limits::SIGN_INS_OF_NETWORK_AN_HOUR).then_some(NETWORK_WAIT_SECONDS).or(wait(known, now)))
        });
        if let Some(retry_after_seconds) = waits.await? {
            return Err(SignInError::TooMany { retry_after_seconds });
        }
        let counting = counted.clone();
        let count = move |batch: &mut Batch<'_>| Ok(count(batch.tx, &counting, batch.shared.clock.now())?);
        match self.engine().desk().submit(counted.organization, count).await? {
            Ok(times) => Ok(times),
            Err(retry_after_seconds) => Err(SignInError::TooMany { retry_after_seconds }),
        }
    }

    /// Says how long nobody is listened to whose network failed too often in an hour, whoever it tried to be.
    pub(crate) async fn admit_network(&self, visitor: &Visitor) -> Result<(), SignInError> {
        let (network, now) = (of_network(&network(visitor.address)), self.engine().now());
        let count = self.engine().read(move |tx, _| Ok(store::hourly_count(tx, &network, now)?)).await?;
        match count < limits::SIGN_INS_OF_NETWORK_AN_HOUR {
            true => Ok(()),
            false => Err(SignInError::TooMany { retry_after_seconds: NETWORK_WAIT_SECONDS }),
        }
    }

    /// Somebody from there failed, whoever they tried to be.
    pub(crate) async fn count_failed_network(&self, visitor: &Visitor) -> Result<(), SignInError> {
        self.add_failure(of_network(&network(visitor.address))).await
    }

    async fn add_failure(&self, network: String) -> Result<(), SignInError> {
        let add = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            Ok::<_, Undo>(store::hourly_add(batch.tx, &network, now)?)
        };
        Ok(self.engine().desk().submit(EVERYBODY, add).await?)
    }

    /// The attempt failed indeed.
    pub(super) async fn count_network(&self, counted: &Counted) -> Result<(), SignInError> {
        match counted.of_network() {
            Some(network) => self.add_failure(network).await,
            None => Ok(()),
        }
    }
}

/// What failed sign-ins of a network are counted for.
fn of_network(network: &str) -> String {
    format!("sign-in\n{network}")
}

/// Seconds until an attempt is looked at.
fn wait(known: Option<FailureRow>, now: Instant) -> Option<u32> {
    let left = known?.free_at.0 - now.0;
    (left > 0).then(|| u32::try_from((left + 999_999) / 1_000_000).unwrap_or(u32::MAX))
}

/// How often it failed in a row, this time included; or the seconds to wait.
fn count(tx: &mut dyn Tx, counted: &Counted, now: i64) -> Result<Result<u32, u32>, Error> {
    let now = Instant(now);
    let known = store::sign_in_failure_load(tx, counted.organization, &counted.subject)?;
    if let Some(seconds) = wait(known, now) {
        return Ok(Err(seconds));
    }
    let recent = known.filter(|known| now.0 - known.last_at.0 < FORGOTTEN_AFTER);
    let times = recent.map_or(0, |known| known.times).saturating_add(1);
    let free_at = now.plus_micros(i64::from(wait_seconds(times)) * 1_000_000);
    let row = FailureRow { times, last_at: now, free_at };
    store::sign_in_failure_save(tx, counted.organization, &counted.subject, row)?;
    Ok(Ok(times))
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_network_is_what_one_subscriber_has() {
        for (address, expect) in [
            ("192.0.2.77", "192.0.2.0/24"),
            ("::ffff:192.0.2.1", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(network(address.parse().ok()), expect);
        }
        assert_eq!(network(None), "unknown");
    }
}
