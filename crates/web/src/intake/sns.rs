//! Messages of Amazon SNS (intake §3.6): whether one is signed by it and of a topic that the integration takes, and the
//! answer to its question whether the integration is to be subscribed.

use crate::api::App;
use crate::gate::{Problem, failed};
use crate::operation::Code;
use directory::KnownIntegration;
use domain::directory::CloudWatch;
use engine::TopicRow;
use senders::Unsigned;
use senders::sns::{Envelope, Purpose};

/// Seconds after which SNS may try again when what it names cannot be had.
const RETRY_AFTER_SECONDS: u64 = 20;

impl From<Unsigned> for Problem {
    fn from(Unsigned(reason): Unsigned) -> Self {
        Self::invalid_signature(reason)
    }
}

/// Whether a body is a message of SNS that the integration takes. A subscription that it asks to confirm is confirmed.
///
/// # Errors
/// The problem to answer with; nothing is kept then. SNS tries again where the status is 5xx.
pub(super) async fn admitted(
    app: &App,
    known: &KnownIntegration,
    sns: &CloudWatch,
    body: &[u8],
) -> Result<(), Problem> {
    let value = senders::json(body).map(|(value, _)| value).unwrap_or_default();
    let Some(envelope) = Envelope::of(&value) else {
        let unsigned = "body: is no message of Amazon SNS; others are taken where `cloudwatch.raw_delivery` allows it";
        return if sns.raw_delivery { Ok(()) } else { Err(Problem::invalid_signature(unsigned)) };
    };
    let (least, now) = (sns.signature_version, app.engine.now());
    envelope.presentable(least, now)?;
    let topics = app.engine.topics(known.organization, known.ref_id.clone()).await.map_err(failed)?;
    of_a_topic(&envelope, sns, &topics)?;
    let url = envelope.certificate_url()?;
    // A body that is not believed must not keep a certificate that is none.
    let certificate = app.notifier.fetch_daily(url, |pem| envelope.verify(pem, least, now).is_ok()).await;
    let certificate = certificate.map_err(|reason| missing("SigningCertURL", &reason))?;
    envelope.verify(&certificate, least, now)?;
    let was_confirmed = topics.iter().any(|topic| topic.message_id == envelope.message_id);
    if envelope.purpose == Purpose::SubscriptionConfirmation && !was_confirmed {
        let is_new = topics.iter().all(|topic| topic.arn != envelope.topic);
        confirm(app, known, sns, (&envelope, is_new)).await?;
    }
    Ok(())
}

/// Anybody can have a topic, and SNS signs for all of them.
fn of_a_topic(envelope: &Envelope<'_>, sns: &CloudWatch, topics: &[TopicRow]) -> Result<(), Problem> {
    let is_listed = sns.topics.iter().any(|topic| topic == envelope.topic);
    let is_known = topics.iter().any(|topic| topic.arn == envelope.topic);
    let is_first = topics.is_empty() && envelope.purpose == Purpose::SubscriptionConfirmation;
    if is_listed || sns.topics.is_empty() && (is_known || is_first) {
        return Ok(());
    }
    let why = if sns.topics.is_empty() {
        "is not the topic that was confirmed first"
    } else {
        "is not in `cloudwatch.topics`"
    };
    Err(Problem::invalid_signature(format!("TopicArn: {why}")))
}

/// Confirms a subscription. A new topic is kept before, without the message: of two that come at once the second must not be
/// confirmed to be refused ever after, and one of which nothing came can be confirmed by the same message again.
async fn confirm(
    app: &App,
    known: &KnownIntegration,
    sns: &CloudWatch,
    (envelope, is_new): (&Envelope<'_>, bool),
) -> Result<(), Problem> {
    let url = envelope.subscribe_url()?;
    if is_new {
        keep(app, known, sns, (envelope, "")).await?;
    }
    if let Err(reason) = app.notifier.fetch(url).await {
        let forgotten = app.engine.forget_topic(known.organization, known.ref_id.clone(), envelope.topic.to_owned());
        forgotten.await.map_err(failed)?;
        return Err(missing("SubscribeURL", &reason));
    }
    keep(app, known, sns, (envelope, envelope.message_id)).await?;
    tracing::info!(integration = known.integration.name, topic = envelope.topic, "a subscription was confirmed");
    Ok(())
}

async fn keep(
    app: &App,
    known: &KnownIntegration,
    sns: &CloudWatch,
    (envelope, message_id): (&Envelope<'_>, &str),
) -> Result<(), Problem> {
    let (arn, message_id) = (envelope.topic.to_owned(), message_id.to_owned());
    let row = TopicRow { arn, message_id, confirmed_at: app.engine.now() };
    let kept = app.engine.keep_topic(known.organization, known.ref_id.clone(), row, !sns.topics.is_empty());
    match kept.await.map_err(failed)? {
        true => Ok(()),
        false => Err(Problem::invalid_signature("TopicArn: another topic was confirmed first")),
    }
}

/// 503, so that SNS tries again.
fn missing(field: &str, reason: &str) -> Problem {
    tracing::warn!(field, reason, "what Amazon SNS names cannot be had");
    Problem::try_again(Code::Busy, format!("{field}: cannot be had now"), RETRY_AFTER_SECONDS)
}
