//! The ledger: what became of every notification of an incident, and sending one once more (on-call §4).

use crate::act::{Request, act};
use crate::arrange::Asker;
use crate::breakers::PAUSED;
use crate::desk::Batch;
use crate::engine::{Engine, snapshot};
use crate::failure::Failure;
use crate::read::{Reader, incident};
use domain::InstanceId;
use domain::incident::{Command, Method};
use store::{AttemptRow, NotificationId, NotificationRow, PACED};

/// How a notification stands. Handed over and received are two things, and never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerFate {
    /// Its time has not come, or comes now.
    Waiting,
    /// It goes out together with what follows, once the channel's gap is over.
    Bundling,
    /// Its target keeps failing and is left alone for a while.
    Paused,
    /// It was tried, and is tried again.
    Retrying,
    /// It is on its way.
    Sending,
    /// A carrier took it.
    Sent,
    /// The person is known to have got it: the carrier reported it, or the person answered.
    Confirmed,
    /// It was given up, or the carrier reported that it did not arrive.
    Failed,
    /// Its incident did not call for it any more.
    Dropped,
}

impl LedgerFate {
    /// Every one of them.
    pub const ALL: [Self; 9] = [
        Self::Waiting,
        Self::Bundling,
        Self::Paused,
        Self::Retrying,
        Self::Sending,
        Self::Sent,
        Self::Confirmed,
        Self::Failed,
        Self::Dropped,
    ];

    /// Its word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Bundling => "bundling",
            Self::Paused => "paused",
            Self::Retrying => "retrying",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }

    fn of(row: &NotificationRow) -> Self {
        let waits_for = |reason: &str| row.fate.as_deref().is_some_and(|fate| fate.starts_with(reason));
        match row.state.as_str() {
            _ if row.confirmed_at.is_some() => Self::Confirmed,
            "sent" => Self::Sent,
            "failed" => Self::Failed,
            "dropped" => Self::Dropped,
            "sending" => Self::Sending,
            _ if waits_for(PAUSED) => Self::Paused,
            _ if waits_for(PACED) => Self::Bundling,
            _ if row.attempts > 0 => Self::Retrying,
            _ => Self::Waiting,
        }
    }
}

/// One notification in the ledger.
#[derive(Clone, Debug)]
pub struct LedgerEntry {
    /// What was queued, and what became of it.
    pub row: NotificationRow,
    /// How it stands; why, `row.fate` tells.
    pub fate: LedgerFate,
    /// The attempts at it, first to last.
    pub attempts: Vec<AttemptRow>,
}

impl Engine {
    /// The notifications of an incident with the attempts at each, in the order they were queued.
    ///
    /// # Errors
    /// `Refused(UnknownIncident)`, `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn ledger(&self, reader: Reader, id: InstanceId) -> Result<Vec<LedgerEntry>, Failure> {
        self.read(move |tx, shared| {
            snapshot(tx, shared, reader.organization, reader.key_id)?;
            incident(tx, reader.organization, id)?;
            let rows = store::notification_list(tx, reader.organization, id)?;
            let mut attempts = store::attempt_list(tx, reader.organization, id)?.into_iter().peekable();
            let mut entry = |row: NotificationRow| {
                let mut own = Vec::new();
                // Both are in the order of the notifications' numbers.
                while let Some((sequence, attempt)) = attempts.next_if(|(sequence, _)| *sequence <= row.id.sequence) {
                    own.extend((sequence == row.id.sequence).then_some(attempt));
                }
                LedgerEntry { fate: LedgerFate::of(&row), row, attempts: own }
            };
            Ok(rows.into_iter().map(&mut entry).collect())
        })
        .await
    }

    /// Queues the notification with this number once more, due now, to the same person by the same channel with the same
    /// words. The incident says who asked for it. `false` when there is no such notification, or no such incident.
    ///
    /// # Errors
    /// `Refused(AlreadyResolved)` for a page of a resolved incident; `Refused` with `UnknownComponent`,
    /// `IdempotencyKeyReused` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn resend(&self, asker: Asker, id: InstanceId, sequence: i64) -> Result<bool, Failure> {
        let Asker { organization, key_id, by, idempotency } = asker;
        let resend = move |batch: &mut Batch<'_>| {
            let key = NotificationId { organization, instance_id: id, sequence };
            let Some(row) = store::notification_load(batch.tx, &key)? else { return Ok(false) };
            let mut notification = Box::new(row.notification);
            notification.message.skipped.clear();
            let request = Request {
                organization,
                key_id: Some(key_id),
                method: Method::IncidentsApi,
                by: by.clone(),
                instance_id: Some(id),
                command: Command::Resend(notification),
                idempotency: idempotency.clone(),
            };
            act(batch, &request).map(|_| true)
        };
        self.arrange(organization, key_id, resend).await
    }
}
