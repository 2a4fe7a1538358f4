//! Claiming: which messages go out now. What must keep a distance waits and goes out as one; what leads to a
//! destination that keeps failing is put off, and said.

use crate::breakers::{Breakers, Destination, PAUSED, destination};
use crate::desk::Batch;
use crate::engine::Engine;
use crate::failure::Undo;
use crate::ids::Ids;
use crate::letter::Envelope;
use crate::links::Replies;
use crate::trouble::report_apart;
use domain::notification::{Channel, Gate, Notification, Pace, Pacing};
use domain::{InstanceId, Instant, OrganizationId, Username, limits};
use std::collections::HashSet;
use std::sync::Arc;
use store::{Due, NotificationId};

/// Notifications put off in one transaction because their destination keeps failing: each is said on its incident.
const PUT_OFF_AT_ONCE: usize = 200;
/// Codes that are drawn before a longer one is.
const DRAWS: u32 = 20;

/// What is to be claimed, and by which rules.
pub(super) struct Claim {
    organization: OrganizationId,
    channel: Channel,
    /// How many messages may be sent at once.
    places: usize,
    lease_micros: i64,
    pacing: Option<Pacing>,
    replies: Replies,
    breakers: Arc<Breakers>,
    ids: Ids,
}

/// A message that this node may send until its lease is over.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    /// Its first notification.
    pub(super) id: NotificationId,
    /// What that one says.
    pub(super) notification: Notification,
    /// Number of this attempt, from 1.
    pub(super) attempt: u32,
    /// What it is known by, where its notifications keep together.
    pub(super) bundle: Option<String>,
    /// How many notifications it consists of.
    pub(super) count: u64,
    /// What a reply names it by.
    pub(super) code: Option<String>,
    /// The destination that it is to find out about.
    pub(super) probe: Option<Destination>,
}

impl Claimed {
    /// What is known of the message before it is written.
    pub(super) fn envelope(&self) -> Envelope {
        Envelope {
            organization: self.id.organization,
            delivery_id: self.bundle.clone().unwrap_or_else(|| self.id.delivery_id()),
            attempt: self.attempt,
            channel: self.notification.channel,
            due_at: self.notification.due_at,
            code: self.code.clone(),
        }
    }

    /// The bundle, if the message lists several notifications.
    pub(super) fn listed(&self) -> Option<&str> {
        self.bundle.as_deref().filter(|_| self.count > 1)
    }
}

/// What one claim came to.
#[derive(Default)]
pub(super) struct Harvest {
    pub(super) messages: Vec<Claimed>,
    /// Incidents that say now that a destination is left alone.
    pub(super) told: HashSet<(Destination, InstanceId)>,
    /// Whether it stopped before everything that is due was looked at, though there are places left.
    pub(super) has_more: bool,
}

/// What was decided of a person's notifications in one look at those that are due.
#[derive(Default)]
struct Seen {
    /// Those of a person that had never been tried: claimed, or waiting for the pace.
    fresh: HashSet<Username>,
    bundles: HashSet<String>,
}

impl Claim {
    pub(super) fn new(engine: &Engine, organization: OrganizationId, channel: Channel, places: usize) -> Self {
        let lease = i64::from(limits::LEASE_SECONDS) * 1_000_000;
        let inner = &engine.0;
        Self {
            organization,
            channel,
            places,
            lease_micros: inner.shared.clock.span_of_real(lease),
            pacing: inner.pacing.get(&channel).copied(),
            replies: engine.replies(),
            breakers: Arc::clone(&inner.breakers),
            ids: inner.ids.clone(),
        }
    }

    /// Runs while the organization is held, so that of two nodes the second finds what the first has left.
    pub(super) fn run(&self, batch: &mut Batch<'_>) -> Result<Harvest, Undo> {
        let now = batch.now();
        let mut harvest = Harvest::default();
        let mut put_off = 0;
        let mut probed = HashSet::new();
        while harvest.messages.len() < self.places {
            let limit = u32::try_from(self.places).unwrap_or(u32::MAX);
            let due = store::notification_due(batch.tx, self.organization, self.channel, now, limit)?;
            if due.is_empty() {
                return Ok(harvest);
            }
            let mut seen = Seen::default();
            for due in due {
                // What goes out with another one is not put off any more, nor looked at again.
                if self.is_settled(&due, &seen) {
                    continue;
                }
                let destination = self.destination(batch, &due)?;
                let gate = destination.as_ref().map(|destination| self.gate(destination, &probed, now));
                let (gate, answer) = gate.unwrap_or((Gate::Open, String::new()));
                if let (Gate::Shut(until), Some(destination)) = (gate, &destination) {
                    if put_off == PUT_OFF_AT_ONCE {
                        return Ok(Harvest { has_more: true, ..harvest });
                    }
                    put_off += 1;
                    let told = &mut harvest.told;
                    self.put_off(batch, &due, destination, (until, &answer), told)?;
                    continue;
                }
                if harvest.messages.len() == self.places {
                    return Ok(harvest);
                }
                let probe = destination.filter(|_| gate == Gate::Probe);
                if let Some(claimed) = self.claim(batch, due, &mut seen, probe.clone(), now)? {
                    probed.extend(probe);
                    harvest.messages.push(claimed);
                }
            }
        }
        Ok(harvest)
    }

    /// Whether the message that this notification belongs to was decided on in this look.
    fn is_settled(&self, due: &Due, seen: &Seen) -> bool {
        match &due.bundle {
            Some(bundle) => seen.bundles.contains(bundle),
            None => self.goes_with_others(due) && seen.fresh.contains(&due.notification.user),
        }
    }

    /// Whether a notification goes out with whatever is due to its reader. What is about no incident goes out by
    /// itself, and keeps no page waiting.
    fn goes_with_others(&self, due: &Due) -> bool {
        self.pacing.is_some() && due.attempts == 0 && due.id.is_about_incident()
    }

    fn destination(&self, batch: &mut Batch<'_>, due: &Due) -> Result<Option<Destination>, Undo> {
        let snapshot = batch.snapshot(self.organization)?;
        Ok(destination(self.channel, due.notification.user.as_str(), &snapshot.directory))
    }

    /// One message finds out whether a destination works again: the others wait for what it finds.
    fn gate(&self, destination: &Destination, probed: &HashSet<Destination>, now: Instant) -> (Gate, String) {
        let (gate, answer) = self.breakers.gate(destination, now);
        if gate == Gate::Probe && probed.contains(destination) {
            let until = now.plus_micros(i64::from(limits::PROBE_SECONDS) * 1_000_000);
            return (Gate::Shut(until), answer);
        }
        (gate, answer)
    }

    /// Lets a notification wait until its destination is tried again; its incident says so once in a pause, and another
    /// channel is asked meanwhile.
    fn put_off(
        &self,
        batch: &mut Batch<'_>,
        due: &Due,
        destination: &Destination,
        (until, answer): (Instant, &str),
        told: &mut HashSet<(Destination, InstanceId)>,
    ) -> Result<(), Undo> {
        let reason = format!("{PAUSED}: {answer}");
        store::notification_put_off(batch.tx, &due.id, until, &reason)?;
        let id = due.id.instance_id;
        if self.breakers.is_untold(destination, id) && told.insert((destination.clone(), id)) {
            report_apart(batch, &due.id, &due.notification, answer, Some(until))?;
        }
        Ok(())
    }

    /// Claims the message that this notification goes out in; `None` when it does not go out now.
    fn claim(
        &self,
        batch: &mut Batch<'_>,
        due: Due,
        seen: &mut Seen,
        probe: Option<Destination>,
        now: Instant,
    ) -> Result<Option<Claimed>, Undo> {
        let lease_until = now.plus_micros(self.lease_micros);
        let (bundle, count) = match (&due.bundle, self.pacing) {
            (Some(bundle), _) => {
                seen.bundles.insert(bundle.clone());
                self.keep_pace(batch, &due, now)?;
                let count = store::notification_claim_bundle(batch.tx, self.organization, bundle, lease_until)?;
                (Some(bundle.clone()), count)
            }
            (None, Some(pacing)) if self.goes_with_others(&due) => {
                seen.fresh.insert(due.notification.user.clone());
                if !self.may_send(batch, &due, pacing, now)? {
                    return Ok(None);
                }
                let most = limits::BUNDLE_NOTIFICATIONS;
                let count = store::notification_claim_new(batch.tx, &due, now, lease_until, most)?;
                (Some(due.id.delivery_id()), count)
            }
            (None, _) => {
                store::notification_claim(batch.tx, &due.id, lease_until)?;
                (None, 1)
            }
        };
        let attempt = due.attempts + 1;
        let code = self.code(batch, &due, bundle.as_deref(), now)?;
        Ok(Some(Claimed { id: due.id, notification: due.notification, attempt, bundle, count, code, probe }))
    }

    /// Whether the pace of the channel lets a new message go out to this person now, which is then counted. If not, all
    /// that is due to them waits together.
    fn may_send(&self, batch: &mut Batch<'_>, due: &Due, pacing: Pacing, now: Instant) -> Result<bool, Undo> {
        let user = &due.notification.user;
        let pace = store::pace_load(batch.tx, self.organization, user, self.channel)?;
        if let Some(until) = pace.map(|pace| pace.free_at(pacing)).filter(|until| *until > now) {
            store::notification_pace(batch.tx, self.organization, user, self.channel, now, until)?;
            return Ok(false);
        }
        let pace = Pace::with_message(pace, now);
        store::pace_save(batch.tx, self.organization, user, self.channel, &pace)?;
        Ok(true)
    }

    /// A message that is tried again keeps the next one at its distance, too.
    fn keep_pace(&self, batch: &mut Batch<'_>, due: &Due, now: Instant) -> Result<(), Undo> {
        let user = &due.notification.user;
        if let Some(pace) = store::pace_load(batch.tx, self.organization, user, self.channel)? {
            store::pace_save(batch.tx, self.organization, user, self.channel, &pace.with_retry(now))?;
        }
        Ok(())
    }

    /// The code by which a reply to a text message names it. One that is tried again keeps its code.
    fn code(
        &self,
        batch: &mut Batch<'_>,
        due: &Due,
        bundle: Option<&str>,
        now: Instant,
    ) -> Result<Option<String>, Undo> {
        let can_reply = self.channel == Channel::Sms && self.replies == Replies::Taken;
        if !can_reply || due.code.is_some() {
            return Ok(due.code.clone());
        }
        let since = now.plus_micros(-i64::from(limits::LINK_HOURS) * 3_600_000_000);
        let mut code = String::new();
        for draw in 0..=DRAWS {
            // So many messages in a day that nearly all short codes are taken: twice as many digits.
            let digits = if draw < DRAWS { limits::REPLY_DIGITS } else { 2 * limits::REPLY_DIGITS };
            code = self.ids.digits(digits);
            if !store::notification_code_taken(batch.tx, self.organization, &due.notification.user, &code, since)? {
                break;
            }
        }
        store::notification_give_code(batch.tx, &due.id, bundle, &code)?;
        Ok(Some(code))
    }
}
