//! Spreading: a message to several places of one person at a time. One that takes it is enough.

use crate::carrier::{ANSWER_MAX_CHARS, Address, Message, Outcome, Report, VapidKey};
use crate::notifier::Notifier;
use domain::directory::PushDevice;
use domain::notification::Channel;
use domain::{OrganizationId, limits};
use engine::{Batch, Failure};
use std::sync::Arc;

/// What one place answered.
struct Told {
    /// What the place is called.
    name: String,
    /// Its id, where it is a browser.
    device: Option<String>,
    report: Report,
}

impl Notifier {
    /// Sends a message to its place, or to each of several, and notes which browsers took it and which are gone.
    pub(super) async fn send(&self, organization: OrganizationId, channel: Channel, message: &Message) -> Report {
        let Address::Each { topic, devices } = &message.address else { return self.send_to(channel, message).await };
        let key = match self.vapid_key().await {
            Ok(key) => key,
            Err(failure) => return not_now(&failure),
        };
        let mut under_way = Vec::new();
        for (name, device, address) in places(topic.as_deref(), devices, &key) {
            let (notifier, message) = (self.clone(), Message { address, ..message.clone() });
            let sending = tokio::spawn(async move { notifier.send_to(channel, &message).await });
            under_way.push((name, device, sending));
        }
        let mut told = Vec::new();
        for (name, device, sending) in under_way {
            let report = sending.await.unwrap_or_else(|error| not_now(&error));
            told.push(Told { name, device, report });
        }
        if let Err(failure) = self.note_devices(organization, &told).await {
            // What is gone answers so at the next message, too.
            tracing::warn!(?failure, "what browsers answered to a push could not be noted");
        }
        together(&told)
    }

    async fn send_to(&self, channel: Channel, message: &Message) -> Report {
        match self.0.lanes.get(&channel) {
            Some(lane) => lane.carrier.send(message).await,
            None => {
                let answer = "no carrier serves this channel".to_owned();
                Report { outcome: Outcome::PermanentFailure, answer, elapsed_micros: 0 }
            }
        }
    }

    /// Notes when a browser took a message last, and forgets those that are gone.
    async fn note_devices(&self, organization: OrganizationId, told: &[Told]) -> Result<(), Failure> {
        let ids_of = |outcome: Outcome| -> Vec<String> {
            told.iter().filter(|told| told.report.outcome == outcome).filter_map(|told| told.device.clone()).collect()
        };
        let (took, gone) = (ids_of(Outcome::Delivered), ids_of(Outcome::Gone));
        if took.is_empty() && gone.is_empty() {
            return Ok(());
        }
        let note = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            for id in &took {
                store::push_device_succeeded(batch.tx, organization, id, now)?;
            }
            for id in &gone {
                store::push_device_gone(batch.tx, organization, id)?;
            }
            if gone.is_empty() { Ok(()) } else { Ok(batch.directory_changed(organization)?) }
        };
        self.engine().desk().submit_behind((organization, limits::DEVICES as u64), note).await?;
        for told in told.iter().filter(|told| told.report.outcome == Outcome::Gone) {
            tracing::info!(device = told.name, "a browser takes no pushes any more and was removed");
        }
        Ok(())
    }
}

fn not_now(cause: &impl std::fmt::Debug) -> Report {
    let outcome = Outcome::TemporaryFailure { retry_after_seconds: None };
    Report { outcome, answer: format!("{cause:?}"), elapsed_micros: 0 }
}

fn places(
    topic: Option<&Address>,
    devices: &[PushDevice],
    key: &Arc<VapidKey>,
) -> Vec<(String, Option<String>, Address)> {
    let topic = topic.map(|address| ("ntfy".to_owned(), None, address.clone()));
    let browser = |device: &PushDevice| {
        let address = Address::Device { device: device.clone(), key: Arc::clone(key) };
        (device.name.clone(), Some(device.id.clone()), address)
    };
    topic.into_iter().chain(devices.iter().map(browser)).collect()
}

/// The report of all: handed over if one place took it, later if one may yet, else never. Its answer names each.
fn together(told: &[Told]) -> Report {
    let rank = |outcome: Outcome| match outcome {
        Outcome::Delivered => 0,
        Outcome::TemporaryFailure { .. } => 1,
        Outcome::PermanentFailure | Outcome::Gone => 2,
    };
    let words = |told: &Told| {
        let removed = if told.report.outcome == Outcome::Gone { ", removed" } else { "" };
        format!("{}: {}{removed}", told.name, told.report.answer)
    };
    let answer = told.iter().map(words).collect::<Vec<_>>().join("; ");
    let best = told.iter().map(|told| told.report.outcome).min_by_key(|outcome| rank(*outcome));
    Report {
        outcome: best.unwrap_or(Outcome::PermanentFailure),
        answer: answer.chars().take(ANSWER_MAX_CHARS).collect(),
        elapsed_micros: told.iter().map(|told| told.report.elapsed_micros).max().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: Outcome = Outcome::TemporaryFailure { retry_after_seconds: Some(9) };

    #[test]
    fn one_place_that_takes_a_message_is_enough_and_each_is_named() {
        use Outcome::{Delivered, Gone, PermanentFailure};
        for (outcomes, expected) in [
            (vec![PermanentFailure, Delivered, LATER], Delivered),
            (vec![Gone, LATER], LATER),
            (vec![Gone, PermanentFailure], Gone),
            (vec![], PermanentFailure),
        ] {
            let told = outcomes.into_iter().zip(1..).map(|(outcome, number)| Told {
                name: format!("place {number}"),
                device: None,
                report: Report { outcome, answer: "said".to_owned(), elapsed_micros: number },
            });
            assert_eq!(together(&told.collect::<Vec<_>>()).outcome, expected);
        }
        let report = Report { outcome: Gone, answer: "HTTP 410".to_owned(), elapsed_micros: 3 };
        let told = [
            Told { name: "ntfy".to_owned(), device: None, report: Report { outcome: Delivered, ..report.clone() } },
            Told { name: "Fairphone".to_owned(), device: Some("d".to_owned()), report },
        ];
        assert_eq!(together(&told).answer, "ntfy: HTTP 410; Fairphone: HTTP 410, removed");
    }
}
