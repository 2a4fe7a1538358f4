//! Claiming: which messages go out now. What must keep a distance is held in its mailbox and goes out as one; so is what
//! leads to a destination that keeps failing, which is said.

use super::code::code;
use super::destination::{Breakers, PAUSED, destination};
use crate::message::Envelope;
use crate::message::link::Replies;
use crate::notifier::Notifier;
use domain::notification::{Channel, Gate, Notification, Pace, Pacing};
use domain::{Instant, OrganizationId, Username, limits};
use engine::{Batch, Ids, Undo};
use std::collections::HashSet;
use store::{Closed, Destination, Due, Mailbox, NotificationId, Place, Try};

/// Notifications held by one statement, and about as many in one transaction.
pub(super) const HELD_AT_ONCE: u32 = 1_000;
/// Statements that hold notifications in one transaction.
const HOLDS_AT_ONCE: usize = 50;
/// Notifications that are claimed in one transaction, about. A longer message grows before it is written.
pub(super) const CLAIMED_AT_ONCE: u32 = 1_000;

/// What a claim looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// What is due by itself.
    Due,
    /// Mailboxes that are due.
    Mailboxes,
}

/// What is to be claimed, and by which rules.
pub(super) struct Claim {
    organization: OrganizationId,
    channel: Channel,
    lease_micros: i64,
    pacing: Option<Pacing>,
    replies: Replies,
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
    /// What it is known by, where it is not by its notification.
    pub(super) bundle: Option<String>,
    /// Whether it lists several notifications, and is recorded as a message.
    pub(super) is_message: bool,
    /// How many notifications it was claimed with.
    pub(super) count: u64,
    /// Until when a claim holds that is made now, in microseconds from now.
    pub(super) lease_micros: i64,
    /// Whether it may have more notifications than could be claimed at once.
    pub(super) may_grow: bool,
    /// What a reply names it by.
    pub(super) code: Option<String>,
    /// The destination that it is to find out about.
    pub(super) probe: Option<Destination>,
    /// The destination, once it has answered, be it that it refuses.
    pub(super) answered: Option<Destination>,
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

    /// This try, if it is one of a message that lists several notifications.
    pub(super) fn as_message(&self) -> Option<Try> {
        let delivery_id = self.bundle.clone().filter(|_| self.is_message)?;
        Some(Try { delivery_id, attempt: self.attempt })
    }
}

/// What one claim came to.
#[derive(Default)]
pub(super) struct Harvest {
    pub(super) messages: Vec<Claimed>,
    /// Whether it stopped before everything that is due was looked at, though there are places left.
    pub(super) has_more: bool,
}

/// What was decided of a person's notifications in one look at those that are due.
#[derive(Default)]
pub(super) struct Seen {
    /// Those of a person that had never been tried: claimed, or waiting for the pace.
    pub(super) fresh: HashSet<Username>,
    /// Those of a person that are all held.
    held: HashSet<Username>,
}

/// Where the looking stands.
pub(super) struct Look<'a, 'b> {
    pub(super) batch: &'a mut Batch<'b>,
    pub(super) now: Instant,
    /// How many messages may be sent at once.
    places: usize,
    harvest: Harvest,
    pub(super) breakers: Breakers,
    /// Pauses that incidents say now.
    pub(super) told: usize,
    /// How many statements held something.
    pub(super) holds: usize,
    /// How many notifications these held.
    pub(super) held: u64,
    /// Notifications of the messages that were claimed.
    claimed: u64,
}

impl Look<'_, '_> {
    /// Whether one more message may be claimed.
    fn may_claim(&self) -> bool {
        self.harvest.messages.len() < self.places && !self.harvest.has_more
    }

    fn most(&self) -> u32 {
        u32::try_from(self.places).unwrap_or(u32::MAX)
    }
}

impl Claim {
    pub(super) fn new(notifier: &Notifier, organization: OrganizationId, channel: Channel) -> Self {
        let lease = i64::from(limits::LEASE_SECONDS) * 1_000_000;
        let (inner, engine) = (&notifier.0, notifier.engine());
        Self {
            organization,
            channel,
            lease_micros: engine.clock().span_of_real(lease),
            pacing: inner.pacing.get(&channel).copied(),
            replies: notifier.replies(),
            ids: engine.ids().clone(),
        }
    }

    /// Claims at most as many messages as there are places. It runs while the organization is held, so that of two nodes the
    /// second finds what the first has left.
    pub(super) fn run(&self, batch: &mut Batch<'_>, what: What, places: usize) -> Result<Harvest, Undo> {
        let now = batch.now();
        let mut look = Look {
            batch,
            now,
            places,
            harvest: Harvest::default(),
            breakers: Breakers::default(),
            told: 0,
            holds: 0,
            held: 0,
            claimed: 0,
        };
        match what {
            What::Due => self.claim_due(&mut look)?,
            What::Mailboxes => self.open_mailboxes(&mut look)?,
        }
        Ok(look.harvest)
    }

    fn claim_due(&self, look: &mut Look<'_, '_>) -> Result<(), Undo> {
        let (organization, channel, now, most) = (self.organization, self.channel, look.now, look.most());
        while look.may_claim() {
            let mut due = store::message_due(look.batch.tx, organization, channel, now, most)?;
            due.extend(store::notification_due(look.batch.tx, organization, channel, now, most)?);
            if due.is_empty() {
                break;
            }
            self.take_due(look, due)?;
        }
        Ok(())
    }

    pub(super) fn mailbox<'u>(&self, user: &'u Username) -> Mailbox<'u> {
        Mailbox { organization: self.organization, user, channel: self.channel }
    }

    /// Lets go what is held in the mailboxes that are due, as far as pace, pauses and places allow.
    fn open_mailboxes(&self, look: &mut Look<'_, '_>) -> Result<(), Undo> {
        let most = look.most();
        let users = store::mailbox_due(look.batch.tx, self.organization, self.channel, look.now, most)?;
        let was_all = users.len() == look.places;
        for user in users {
            if !look.may_claim() {
                return Ok(());
            }
            self.open(look, &user)?;
        }
        look.harvest.has_more |= was_all && look.harvest.messages.len() < look.places;
        Ok(())
    }

    /// Lets go what is held in one mailbox, and closes it again until more may go.
    fn open(&self, look: &mut Look<'_, '_>, user: &Username) -> Result<(), Undo> {
        let (mailbox, now) = (self.mailbox(user), look.now);
        let mut seen = Seen::default();
        while let Some(first) = store::mailbox_first(look.batch.tx, &mailbox, now)? {
            let destination = self.destination(look.batch, &first)?;
            let (gate, answer) = self.gate_of(look, destination.as_ref())?;
            if let Gate::Shut(until) = gate {
                let reason = format!("{PAUSED}: {answer}");
                return Ok(store::mailbox_set(look.batch.tx, &mailbox, Some((until, Closed::Paused(&reason))))?);
            }
            let until = self.paced_until(look.batch, &first, now)?;
            if until.is_some() || !look.may_claim() {
                let until = until.unwrap_or(now);
                return Ok(store::mailbox_set(look.batch.tx, &mailbox, Some((until, Closed::Paced)))?);
            }
            self.take(look, first, &mut seen, (destination, gate))?;
        }
        Ok(store::mailbox_set(look.batch.tx, &mailbox, None)?)
    }

    /// Claims or holds what is due by itself.
    fn take_due(&self, look: &mut Look<'_, '_>, due: Vec<Due>) -> Result<(), Undo> {
        let mut seen = Seen::default();
        for due in due {
            // What goes out or is held with another one is not looked at again.
            if self.is_settled(&due, &seen) {
                continue;
            }
            let destination = self.destination(look.batch, &due)?;
            let (gate, answer) = self.gate_of(look, destination.as_ref())?;
            let is_shut = match (gate, &destination) {
                (Gate::Shut(until), Some(destination)) if due.place == Place::Message => {
                    Self::pause_message(look, &due, destination, (until, &answer))?;
                    true
                }
                (Gate::Shut(until), Some(destination)) => {
                    self.hold_paused(look, &due, destination, (until, &answer))?;
                    seen.held.insert(due.notification.user.clone());
                    true
                }
                _ => self.hold_paced(look, &due, &mut seen)?,
            };
            if look.holds >= HOLDS_AT_ONCE || look.held >= u64::from(HELD_AT_ONCE) {
                look.harvest.has_more = true;
                return Ok(());
            }
            if is_shut {
                continue;
            }
            if !look.may_claim() {
                return Ok(());
            }
            self.take(look, due, &mut seen, (destination, gate))?;
        }
        Ok(())
    }

    /// Claims the message that this notification goes out in. As long as its destination fails, a message is short: should
    /// it be given up, each of its incidents says so.
    fn take(
        &self,
        look: &mut Look<'_, '_>,
        due: Due,
        seen: &mut Seen,
        (destination, gate): (Option<Destination>, Gate),
    ) -> Result<(), Undo> {
        let fails = match &destination {
            Some(destination) => look.breakers.of(look.batch, destination)?.is_some(),
            None => false,
        };
        let most = if fails { limits::BUNDLE_DOUBTED } else { limits::BUNDLE_NOTIFICATIONS };
        let now = look.now;
        let probe = destination.filter(|_| gate == Gate::Probe);
        if let Some(destination) = &probe {
            look.breakers.change(look.batch, destination, |row| row.breaker = row.breaker.probing(now))?;
        }
        let claimed = self.claim(look.batch, due, seen, most)?;
        look.claimed += claimed.count;
        look.harvest.has_more |= look.claimed >= u64::from(CLAIMED_AT_ONCE);
        look.harvest.messages.push(Claimed { probe, ..claimed });
        Ok(())
    }

    /// Whether the message that this notification belongs to was decided on in this look.
    fn is_settled(&self, due: &Due, seen: &Seen) -> bool {
        let user = &due.notification.user;
        due.place != Place::Message
            && (seen.held.contains(user) || (self.goes_with_others(due) && seen.fresh.contains(user)))
    }

    /// Whether a notification goes out with whatever is due to its reader. What is about no incident goes out by
    /// itself, and keeps no page waiting.
    fn goes_with_others(&self, due: &Due) -> bool {
        self.pacing.is_some() && due.attempts == 0 && due.id.is_about_incident()
    }

    fn destination(&self, batch: &mut Batch<'_>, due: &Due) -> Result<Option<Destination>, Undo> {
        let snapshot = batch.snapshot(self.organization)?;
        Ok(destination(self.organization, self.channel, due.notification.user.as_str(), &snapshot.directory))
    }

    /// Whether a destination may be sent to, and what came back from it last. One message finds out whether it works
    /// again: the others wait for what it finds.
    fn gate_of(&self, look: &mut Look<'_, '_>, destination: Option<&Destination>) -> Result<(Gate, String), Undo> {
        let Some(destination) = destination else { return Ok((Gate::Open, String::new())) };
        let known = look.breakers.of(look.batch, destination)?;
        Ok(known.map_or((Gate::Open, String::new()), |row| (row.breaker.gate(look.now), row.answer)))
    }

    /// Until when the pace of the channel keeps back a message that begins with this notification.
    pub(super) fn paced_until(&self, batch: &mut Batch<'_>, due: &Due, now: Instant) -> Result<Option<Instant>, Undo> {
        let Some(pacing) = self.pacing.filter(|_| self.goes_with_others(due)) else { return Ok(None) };
        let pace = store::pace_load(batch.tx, self.organization, &due.notification.user, self.channel)?;
        Ok(pace.map(|pace| pace.free_at(pacing)).filter(|until| *until > now))
    }

    /// Claims the message that this notification goes out in, with `most` notifications unless it was tried before.
    fn claim(&self, batch: &mut Batch<'_>, due: Due, seen: &mut Seen, most: u32) -> Result<Claimed, Undo> {
        let now = batch.now();
        let lease_until = now.plus_micros(self.lease_micros);
        let (due, bundle, count) = match &due.bundle {
            Some(bundle) => {
                self.keep_pace(batch, &due, now)?;
                let count = if due.place == Place::Message {
                    store::message_claim(batch.tx, bundle, lease_until)?
                } else {
                    store::notification_claim(batch.tx, &due.id, lease_until)?;
                    1
                };
                let bundle = Some(bundle.clone());
                (due, bundle, count)
            }
            None if self.goes_with_others(&due) => {
                seen.fresh.insert(due.notification.user.clone());
                self.count_message(batch, &due, now)?;
                let first = self.first_held(batch, due, now)?;
                let at_once = most.min(CLAIMED_AT_ONCE);
                let count = store::notification_claim_new(batch.tx, &first, now, lease_until, at_once)?;
                let bundle = Some(first.id.delivery_id());
                (first, bundle, count)
            }
            None => {
                store::notification_claim(batch.tx, &due.id, lease_until)?;
                (due, None, 1)
            }
        };
        let is_message = due.place == Place::Message || count > 1;
        let may_grow = due.place != Place::Message && count == u64::from(CLAIMED_AT_ONCE) && most > CLAIMED_AT_ONCE;
        let attempt = due.attempts + 1;
        let code = code(batch, (self.channel, self.replies), &self.ids, &due, bundle.as_deref())?;
        Ok(Claimed {
            id: due.id,
            notification: due.notification,
            attempt,
            bundle,
            is_message,
            count,
            lease_micros: self.lease_micros,
            may_grow,
            code,
            probe: None,
            answered: None,
        })
    }

    /// What is held for the person of `due` goes out first, so that a message is named after it.
    fn first_held(&self, batch: &mut Batch<'_>, due: Due, now: Instant) -> Result<Due, Undo> {
        let held = store::mailbox_first(batch.tx, &self.mailbox(&due.notification.user), now)?;
        Ok(held.filter(|held| held.bundle.is_none() && self.goes_with_others(held)).unwrap_or(due))
    }

    /// A new message to this person goes out now.
    fn count_message(&self, batch: &mut Batch<'_>, due: &Due, now: Instant) -> Result<(), Undo> {
        let user = &due.notification.user;
        let pace = store::pace_load(batch.tx, self.organization, user, self.channel)?;
        let pace = Pace::with_message(pace, now);
        Ok(store::pace_save(batch.tx, self.organization, user, self.channel, &pace)?)
    }

    /// A message that is tried again keeps the next one at its distance, too.
    fn keep_pace(&self, batch: &mut Batch<'_>, due: &Due, now: Instant) -> Result<(), Undo> {
        let user = &due.notification.user;
        if let Some(pace) = store::pace_load(batch.tx, self.organization, user, self.channel)? {
            store::pace_save(batch.tx, self.organization, user, self.channel, &pace.with_retry(now))?;
        }
        Ok(())
    }
}
