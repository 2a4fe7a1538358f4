//! From what was read to what became of it.

use crate::mask::{masked, masked_form};
use crate::sample::Sample;
use directory::{Administration, KnownIntegration};
use domain::intake::{Delivery, MailOrigin, Unreadable};
use domain::template::Budget;
use domain::{RefId, limits};
use engine::{Engine, Failure, Incoming, Intake, Taken, short_digest};
use serde_json::Value;
use std::sync::Arc;

/// Takes in what came to integrations, whichever way.
#[derive(Clone, Debug)]
pub struct Reception {
    administration: Administration,
    /// Which bodies are kept.
    sample: Arc<Sample>,
}

/// Why nothing was taken in. Nothing is stored then, but for an unreadable body itself.
#[derive(Debug)]
pub enum NotTaken {
    /// Nothing could be made of the body; why.
    Unreadable(String),
    /// It holds more alerts than [`limits::INTAKE_ALERTS`].
    TooMany,
    /// The integration is gone.
    Gone,
    /// As the engine says.
    Failed(Failure),
}

/// Enriches alerts, by a thread of its own: it may take its time, which would be that of all others whom this one serves.
async fn enriched(known: &KnownIntegration, mut alerts: Vec<Incoming>) -> Result<Vec<Incoming>, NotTaken> {
    let (reading, integration) = (Arc::clone(&known.reading), Arc::clone(&known.integration));
    let enriched = tokio::task::spawn_blocking(move || {
        let mut budget = Budget::default();
        alerts.iter_mut().for_each(|alert| reading.enrich(&mut alert.received, &integration, &mut budget));
        alerts
    });
    enriched.await.map_err(|error| NotTaken::Failed(Failure::Broken(error.to_string())))
}

impl From<Failure> for NotTaken {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Reception {
    /// One for this server.
    #[must_use]
    pub fn new(administration: Administration) -> Self {
        Self { administration, sample: Arc::default() }
    }

    /// Takes in what was read of `bytes`. A remark is said of each of its alerts.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn take(
        &self,
        known: &KnownIntegration,
        read: Result<Delivery, Unreadable>,
        bytes: &[u8],
        remark: Option<String>,
    ) -> Result<Vec<Taken>, NotTaken> {
        match read {
            Ok(Delivery { event_id, received, origin }) => {
                let alerts = received.into_iter().map(|received| {
                    let id = RefId(self.engine().ids().timed_ref_id(self.engine().now()));
                    Incoming { id, problem: None, received }
                });
                let told = Told { event_id, origin, alerts: alerts.collect() };
                self.take_told(known, told, bytes, remark).await
            }
            Err(Unreadable(reason)) => {
                self.keep_unreadable(known, bytes, &reason).await?;
                Err(NotTaken::Unreadable(reason))
            }
        }
    }

    /// Keeps a body of which nothing could be made.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn keep_unreadable(&self, known: &KnownIntegration, bytes: &[u8], reason: &str) -> Result<(), Failure> {
        let (kept, integration) = (kept(bytes, None), known.ref_id.clone());
        self.engine().keep_unreadable(known.organization, integration, kept, reason.to_owned()).await
    }

    /// Takes in alerts that have their ids. A remark is said of each of them.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub async fn take_alerts(
        &self,
        known: &KnownIntegration,
        alerts: Vec<Incoming>,
        bytes: &[u8],
        remark: Option<String>,
    ) -> Result<Vec<Taken>, NotTaken> {
        self.take_told(known, Told { event_id: None, origin: None, alerts }, bytes, remark).await
    }

    async fn take_told(
        &self,
        known: &KnownIntegration,
        told: Told,
        bytes: &[u8],
        remark: Option<String>,
    ) -> Result<Vec<Taken>, NotTaken> {
        let Told { event_id, origin, mut alerts } = told;
        if alerts.len() > limits::INTAKE_ALERTS {
            return Err(NotTaken::TooMany);
        }
        let renewed = known.key_ends_at.map(|at| format!("the key counts until {}; a newer one was made", at.wire()));
        let remarks: Vec<_> = remark.into_iter().chain(renewed).collect();
        if !known.reading.enrichments.is_empty() {
            alerts = enriched(known, alerts).await?;
        }
        for alert in &mut alerts {
            alert.received.repairs.extend(remarks.iter().cloned());
        }
        let first = alerts.first().map(|alert| &alert.received.payload);
        let body = match (self.sample.keeps(&known.ref_id, self.engine().now()), &origin) {
            (false, _) => String::new(),
            // What was read of a mail says more than its encoding, and hides the key, which is its address.
            (true, Some(_)) => shown(first.cloned().unwrap_or_default()),
            (true, None) => kept(bytes, first),
        };
        let intake = Intake {
            organization: known.organization,
            integration: known.ref_id.clone(),
            event_id,
            origin,
            body_digest: short_digest(&String::from_utf8_lossy(bytes)),
            body,
            alerts,
        };
        let taken = self.engine().take_in(intake).await?.ok_or(NotTaken::Gone)?;
        let first = taken.first().map(|taken| taken.judged.fate.word());
        tracing::debug!(integration = known.integration.name, alerts = taken.len(), first, "alerts were taken in");
        Ok(taken)
    }

    fn engine(&self) -> &Engine {
        self.administration.engine()
    }

    /// What integrations and their keys are looked up in.
    #[must_use]
    pub fn administration(&self) -> &Administration {
        &self.administration
    }
}

/// All that one body says.
struct Told {
    event_id: Option<String>,
    origin: Option<MailOrigin>,
    alerts: Vec<Incoming>,
}

/// What is kept of a body for whoever sets up the sender. Of a long one, only its first alert is.
fn kept(bytes: &[u8], first: Option<&Value>) -> String {
    let is_long = bytes.len() > limits::PAYLOAD_BYTES;
    let read = || senders::json(bytes).ok().or_else(|| senders::multipart(bytes)).map(|(value, _)| value);
    let value = if is_long { first.cloned() } else { read() };
    match value {
        Some(value) => shown(value),
        None => {
            let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(limits::PAYLOAD_BYTES)]);
            cut(&masked_form(&beginning, is_long).replace('\0', "\u{fffd}"))
        }
    }
}

fn shown(mut value: Value) -> String {
    masked(&mut value);
    cut(&value.to_string())
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(limits::PAYLOAD_BYTES)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_kept_without_its_secrets_and_cut_where_it_is_long() {
        let table = [
            ("{\"token\": \"abc\", \"a\": 1}".to_owned(), "{\"token\":\"(hidden)\",\"a\":1}".to_owned()),
            ("Token=abc&Status=Down".to_owned(), "Token=(hidden)&Status=Down".to_owned()),
            ("disk is full".to_owned(), "disk is full".to_owned()),
            (
                "--b\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n{\"token\": \"abc\"}\r\n--b--".to_owned(),
                "{\"token\":\"(hidden)\"}".to_owned(),
            ),
            (
                format!("a=1&payload={{\"token\":\"{}\"}}", "x".repeat(limits::PAYLOAD_BYTES)),
                "a=1&payload=(hidden)".to_owned(),
            ),
        ];
        for (body, expect) in table {
            assert_eq!(kept(body.as_bytes(), None), expect, "{body:.40}");
        }
    }
}
