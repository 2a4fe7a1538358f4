//! Holding: what may not go out yet waits for its pace or for the end of a pause, and its incident says so.

use super::claim::{Claim, HELD_AT_ONCE, Look, Seen};
use super::destination::PAUSED;
use super::fault::report_apart;
use domain::Instant;
use engine::Undo;
use store::{Closed, Destination, Due};

/// Pauses that are said on an incident while messages are claimed; the others are said when the desk has time.
const TOLD_AT_ONCE: usize = 20;

impl Claim {
    /// Holds all that is due to a person until their destination is tried again. One incident says so now, and another
    /// channel is asked for it meanwhile; the others do when the desk has time.
    pub(super) fn hold_paused(
        &self,
        look: &mut Look<'_, '_>,
        due: &Due,
        destination: &Destination,
        (until, answer): (Instant, &str),
    ) -> Result<(), Undo> {
        let reason = format!("{PAUSED}: {answer}");
        let mailbox = self.mailbox(&due.notification.user);
        if is_told_first(look, destination)? {
            store::mailbox_hold_told(look.batch.tx, &due.id, &reason)?;
            report_apart(look.batch, &due.id, &due.notification, answer, Some(until))?;
        }
        look.held += store::mailbox_hold_all(look.batch.tx, &mailbox, look.now, &reason, HELD_AT_ONCE)?;
        look.holds += 1;
        Ok(store::mailbox_close(look.batch.tx, &mailbox, until, Closed::Paused(&reason))?)
    }

    /// Lets a message wait until its destination is tried again; its incidents say so as those of what is held do.
    pub(super) fn pause_message(
        look: &mut Look<'_, '_>,
        due: &Due,
        destination: &Destination,
        (until, answer): (Instant, &str),
    ) -> Result<(), Undo> {
        let reason = format!("{PAUSED}: {answer}");
        let delivery_id = due.bundle.clone().unwrap_or_else(|| due.id.delivery_id());
        let is_told = is_told_first(look, destination)?;
        look.holds += 1;
        store::message_pause(look.batch.tx, &delivery_id, until, &reason, is_told.then_some(&due.id))?;
        if is_told {
            report_apart(look.batch, &due.id, &due.notification, answer, Some(until))?;
        }
        Ok(())
    }

    /// Whether the pace of the channel allows no message to this person yet. All that is due to them is held then.
    pub(super) fn hold_paced(&self, look: &mut Look<'_, '_>, due: &Due, seen: &mut Seen) -> Result<bool, Undo> {
        let Some(until) = self.paced_until(look.batch, due, look.now)? else { return Ok(false) };
        let mailbox = self.mailbox(&due.notification.user);
        look.held += store::mailbox_hold_fresh(look.batch.tx, &mailbox, look.now, HELD_AT_ONCE)?;
        look.holds += 1;
        store::mailbox_close(look.batch.tx, &mailbox, until, Closed::Paced)?;
        seen.fresh.insert(due.notification.user.clone());
        Ok(true)
    }
}

/// Whether this incident is the one that says at once that a destination is left alone: the first of each pause does, as long
/// as there are not too many at the same time.
fn is_told_first(look: &mut Look<'_, '_>, destination: &Destination) -> Result<bool, Undo> {
    let is_untold = look.breakers.of(look.batch, destination)?.is_some_and(|row| !row.is_told);
    if !is_untold || look.told >= TOLD_AT_ONCE {
        return Ok(false);
    }
    look.told += 1;
    look.breakers.change(look.batch, destination, |row| row.is_told = true)?;
    Ok(true)
}
