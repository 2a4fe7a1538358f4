//! The watchdog: has the engine audited again and again, and tells an outside service for as long as all is well.

use crate::carrier::{HttpClient, HttpClientError, Outcome};
use crate::egress::{Egress, EgressRefusal};
use crate::metrics::HeartbeatLabels;
use crate::notifier::Notifier;
use engine::clock::Stopwatch;
use reqwest::Url;
use std::fmt;
use std::time::Duration;
use store::Authorities;
use tokio::task::JoinHandle;

/// Real time between two audits (the "each minute"), when no heartbeat asks for one sooner.
const AUDIT: Duration = Duration::from_secs(60);

/// Who is told that all is well. `Debug` hides the URL: whoever knows it can say so, too.
#[derive(Clone)]
pub struct WatchdogSettings {
    /// What is asked by GET, the operator's own choice, so private addresses are fine; `None` = nobody.
    pub heartbeat_url: Option<String>,
    /// Real time between two of these requests.
    pub heartbeat: Duration,
    /// Whose certificates are believed.
    pub authorities: Authorities,
}

impl fmt::Debug for WatchdogSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.heartbeat_url.as_ref().map(|_| "hidden");
        out.debug_struct("WatchdogSettings")
            .field("heartbeat_url", &url)
            .field("heartbeat", &self.heartbeat)
            .finish_non_exhaustive()
    }
}

/// Settings with which nobody can be told.
#[derive(Debug, thiserror::Error)]
pub enum WatchdogSettingsError {
    /// The URL cannot be called.
    #[error("the heartbeat's URL cannot be used: {0}")]
    Url(#[from] EgressRefusal),
    /// There is no client to ask by.
    #[error(transparent)]
    Client(#[from] HttpClientError),
}

/// It does nothing by itself: the loop that it watches over calls [`Watchdog::look`], so that a loop that stands still
/// is told of by silence.
#[derive(Debug)]
pub struct Watchdog {
    http: HttpClient,
    url: Option<Url>,
    heartbeat: Duration,
    audited: Option<Stopwatch>,
    beaten: Option<Stopwatch>,
    on_its_way: Option<JoinHandle<()>>,
}

/// What one look did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Whether an audit was made, and if so, whether all is well.
    pub is_well: Option<bool>,
    /// Whether a heartbeat was sent.
    pub has_told: bool,
}

impl Watchdog {
    /// A watchdog that has not looked yet.
    ///
    /// # Errors
    /// [`WatchdogSettingsError`] when the settings cannot work whatever the outside service says.
    pub fn new(settings: &WatchdogSettings) -> Result<Self, WatchdogSettingsError> {
        let egress = Egress::everywhere().trusting(&settings.authorities);
        let url = settings.heartbeat_url.as_deref().map(|url| egress.check_url(url)).transpose()?;
        let http = HttpClient::new(egress)?;
        Ok(Self { http, url, heartbeat: settings.heartbeat, audited: None, beaten: None, on_its_way: None })
    }

    /// Has the engine audited if a minute has passed or a heartbeat is due, and sends the heartbeat if all is well. To be
    /// called at every beat; it does not wait for the answer to a heartbeat.
    pub async fn look(&mut self, notifier: &Notifier) -> Look {
        let is_heartbeat_due = self.url.is_some() && has_passed(self.beaten.as_ref(), self.heartbeat);
        if !is_heartbeat_due && !has_passed(self.audited.as_ref(), AUDIT) {
            return Look::default();
        }
        self.audited = Some(notifier.engine().clock().stopwatch());
        let is_well = notifier.engine().audit().await.is_ok_and(|audit| audit.is_well());
        let mut look = Look { is_well: Some(is_well), has_told: false };
        if is_heartbeat_due {
            self.beaten = Some(notifier.engine().clock().stopwatch());
            look.has_told = is_well && self.tell(notifier);
        }
        look
    }

    /// Ends when no heartbeat is on its way.
    pub async fn all_told(&mut self) {
        if let Some(last) = self.on_its_way.take() {
            // A heartbeat that breaks is one that did not arrive.
            let _ = last.await;
        }
    }

    /// Sends a heartbeat, unless the last one is still on its way; whether it did.
    fn tell(&mut self, notifier: &Notifier) -> bool {
        let Some(url) = self.url.clone() else { return false };
        if self.on_its_way.as_ref().is_some_and(|last| !last.is_finished()) {
            return false;
        }
        let (http, notifier) = (self.http.clone(), notifier.clone());
        self.on_its_way = Some(tokio::spawn(async move {
            let verdict = http.get(url).await.map_or_else(|verdict| verdict, |answer| answer.verdict());
            let outcome = if verdict.outcome == Outcome::Delivered { "delivered" } else { "failed" };
            if verdict.outcome != Outcome::Delivered {
                tracing::warn!(answer = verdict.answer, "the heartbeat did not arrive");
            }
            notifier.0.metrics.heartbeats.get_or_create(&HeartbeatLabels { outcome }).inc();
        }));
        true
    }
}

fn has_passed(since: Option<&Stopwatch>, span: Duration) -> bool {
    since.is_none_or(|since| Duration::from_micros(since.micros()) >= span)
}
