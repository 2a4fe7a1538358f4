//! Health: whether this node can do its work, and if not, why.

mod audit;
mod database;

pub use audit::Audit;
pub use database::follow_database;

use crate::engine::Engine;
use crate::failure::Failure;
use domain::notification::Channel;
use std::collections::BTreeSet;

/// Real seconds without a tick after which the node is not ready.
const TICK_AGE_MOST: f64 = 10.0;
/// Seconds by which an incident may be late before the node says so.
const LATE_MOST: f64 = 30.0;

/// Seconds by which the machine's clock may be off before the node says so.
const CLOCK_OFF_MOST: f64 = 2.0;

/// Seconds for which a notification may be undelivered before the node says so.
const UNDELIVERED_MOST: f64 = 60.0;

/// What `/readyz` tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Why requests should not be sent here; empty when they should.
    pub problems: Vec<String>,
    /// What somebody should look at, though requests are served.
    pub warnings: Vec<String>,
}

impl Engine {
    /// Whether the store answers and the clock loop runs.
    pub async fn readiness(&self) -> Readiness {
        let mut readiness = Readiness::default();
        let metrics = &self.0.shared.metrics;
        match self.stranded().await {
            Err(failure) => readiness.problems.push(format!("the database cannot be used: {failure}")),
            Ok(0) => {}
            Ok(count) => readiness.warnings.push(format!("nobody can be reached for {count} incidents")),
        }
        let ahead = metrics.clock_offset_seconds.get();
        if ahead.abs() > CLOCK_OFF_MOST {
            let word = if ahead > 0.0 { "behind" } else { "ahead of" };
            let seconds = ahead.abs();
            let warning =
                format!("this machine's clock is {seconds:.1} seconds {word} the database's, which is gone by");
            readiness.warnings.push(warning);
        }
        let age = self.tick_age_seconds();
        if age > TICK_AGE_MOST {
            readiness.problems.push(format!("due incidents were last looked for {age:.0} seconds ago"));
        }
        let late = metrics.overdue_incident_seconds.get();
        if late > LATE_MOST {
            readiness.warnings.push(format!("the longest overdue incident is {late:.0} seconds late"));
        }
        let late = metrics.overdue_notification_seconds.get();
        if late > UNDELIVERED_MOST {
            readiness.warnings.push(format!("a notification has been undelivered for {late:.0} seconds"));
        }
        readiness.warnings.extend(metrics.findings());
        for channel in self.missed_channels().await.unwrap_or_default() {
            let word = channel.word();
            readiness.warnings.push(format!("no carrier serves the channel {word}, so nobody is reached by it"));
        }
        readiness
    }

    /// Incidents that nobody can be found for, once the database is known to be there for us.
    async fn stranded(&self) -> Result<i64, Failure> {
        self.check_database().await?;
        self.read(|tx, _| Ok(store::incident_stranded(tx)?)).await
    }

    /// Channels that somebody has a contact for and this server no carrier.
    async fn missed_channels(&self) -> Result<Vec<Channel>, Failure> {
        let engine = self.clone();
        self.read(move |tx, shared| {
            let mut missed = BTreeSet::new();
            for organization in store::organization_list(tx)? {
                let Some(snapshot) = shared.directories.current(tx, organization.id)? else { continue };
                for user in snapshot.directory.users.iter() {
                    let is_missed = |channel: &Channel| {
                        user.component.has_contact(*channel) && !engine.0.channels.contains(channel)
                    };
                    missed.extend(Channel::ALL.into_iter().filter(is_missed));
                }
            }
            Ok(missed.into_iter().collect())
        })
        .await
    }
}
