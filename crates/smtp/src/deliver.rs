//! Whose an address is, and what becomes of a mail: it is read, taken in and committed before the client is told.

use crate::address::{By, Named, named};
use crate::bounds::HOPS;
use crate::protocol::Mail;
use crate::reply::Reply;
use crate::settings::Settings;
use directory::{KnownIntegration, TurnedAwayFor};
use domain::directory::SenderKind;
use intake::{NotTaken, Reception};
use senders::mail::Envelope;
use std::net::IpAddr;
use std::sync::Arc;

/// A recipient that was accepted.
#[derive(Clone, Debug)]
pub(crate) struct Recipient {
    known: KnownIntegration,
    named: Named,
}

/// The integration that the part before the `@` names.
///
/// # Errors
/// The reply.
pub(crate) async fn recipient(reception: &Reception, local: &str, peer: IpAddr) -> Result<Recipient, Reply> {
    let named = named(local).ok_or_else(Reply::unknown)?;
    let administration = reception.administration();
    let known = match &named.by {
        By::Key(digits) => administration.integration(digits).await,
        By::Alias { alias, organization } => {
            administration.integration_by_alias(alias.clone(), organization.clone()).await
        }
    };
    match known {
        // No mail bears the signature that it wants; and one from elsewhere is told no more than a stranger.
        Ok(Some(known)) if known.integration.wants_signature() || !known.integration.admits(Some(peer)) => {
            let is_from_elsewhere = !known.integration.admits(Some(peer));
            let why = if is_from_elsewhere { TurnedAwayFor::Network } else { TurnedAwayFor::Signature };
            administration.turned_away((known.organization, &known.ref_id), why, Some(peer));
            tracing::info!(integration = known.integration.name, %peer, "mail for it is not taken from there");
            Err(Reply::unknown())
        }
        Ok(Some(known)) => Ok(Recipient { known, named }),
        Ok(None) => {
            if let By::Key(digits) = &named.by
                && let Err(failure) = administration.turned_away_by_key(digits, Some(peer)).await
            {
                tracing::warn!(?failure, "whose key it was could not be looked up");
            }
            Err(Reply::unknown())
        }
        Err(failure) => {
            tracing::warn!(?failure, "a recipient could not be looked up");
            Err(Reply::later())
        }
    }
}

/// Takes in a mail, for each recipient by itself. If that fails for one, the client sends it again to all; those who had it
/// by then know it again.
pub(crate) async fn mail(reception: &Reception, settings: &Settings, mail: Mail<Recipient>) -> Reply {
    let Mail { from, recipients, text } = mail;
    if senders::mail::hops(&text.bytes) > HOPS {
        return Reply::new(
            554,
            "5.4.6",
            format!("it has passed more than {HOPS} servers, as what goes round in circles"),
        );
    }
    let shared = Arc::new(Shared { from, bytes: text.bytes, has_bare_ends: text.has_bare_ends });
    let mut alerts = Vec::new();
    for recipient in recipients {
        match one(reception, settings, Arc::clone(&shared), recipient).await {
            Ok(mut taken) => alerts.append(&mut taken),
            Err(NotTaken::Gone) => {}
            Err(reason) => {
                tracing::warn!(?reason, "a mail could not be taken in");
                return Reply::later();
            }
        }
    }
    // Their integrations went between the envelope and the text.
    if alerts.is_empty() {
        Reply::unknown()
    } else {
        Reply::new(250, "2.0.0", format!("taken in as {}", alerts.join(" ")))
    }
}

/// A mail as all its recipients get it.
struct Shared {
    from: String,
    bytes: Vec<u8>,
    has_bare_ends: bool,
}

async fn one(
    reception: &Reception,
    settings: &Settings,
    shared: Arc<Shared>,
    recipient: Recipient,
) -> Result<Vec<String>, NotTaken> {
    let (Recipient { known, named }, own_address) = (recipient, settings.own_address.clone());
    let kind = known.integration.kind;
    let remark =
        (kind != SenderKind::Email).then(|| format!("kind_differs: a mail came, the integration is {}", kind.word()));
    let reading = (Arc::clone(&shared), Arc::clone(&known.reading));
    // A large mail would hold up all others that this thread serves.
    let read = tokio::task::spawn_blocking(move || {
        let (shared, reading) = reading;
        let key = match &named.by {
            By::Key(digits) => Some(digits.as_str()),
            By::Alias { .. } => None,
        };
        let envelope = Envelope {
            from: Some(&shared.from),
            identity: named.identity.as_deref(),
            settings: reading.mail.as_ref(),
            key,
            own_address: own_address.as_deref(),
        };
        senders::mail::read(&shared.bytes, &envelope)
    });
    let mut read = read.await.map_err(|error| NotTaken::Failed(engine::Failure::Broken(error.to_string())))?;
    if shared.has_bare_ends {
        let words = "lines of the mail ended by CR or LF alone";
        read.received.iter_mut().for_each(|received| received.repairs.push(words.to_owned()));
    }
    let taken = reception.take(&known, Ok(read), &shared.bytes, remark).await?;
    Ok(taken.into_iter().map(|taken| taken.alert_id.0).collect())
}
