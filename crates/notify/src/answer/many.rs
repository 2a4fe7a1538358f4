//! One answer to a message that lists many incidents: it counts for each that still calls for it, some at a time.

use super::{About, Answered, Asked, Message, about, confirm, is_answered};
use crate::notifier::Notifier;
use domain::incident::{Action, Outcome, Status};
use domain::{InstanceId, OrganizationId};
use engine::{Batch, Failure, Undo, act, remember};
use store::Error;

/// Incidents answered in one transaction.
const AT_ONCE: usize = 50;

/// What came of some of them.
#[derive(Default)]
struct Part {
    first: Option<About>,
    done: usize,
    confirmed: u64,
    is_repetition: bool,
}

impl Notifier {
    /// After a crash between two transactions, the same answer goes on with those that still call for it.
    pub(super) async fn answer_many(&self, asked: Asked, message: Message) -> Result<(Answered, u64), Failure> {
        let (organization, action, all) = (asked.organization, asked.action, message.incidents.len());
        let chunks: Vec<Vec<InstanceId>> = message.incidents.chunks(AT_ONCE).map(<[InstanceId]>::to_vec).collect();
        let last = chunks.len().saturating_sub(1);
        let mut whole = Part::default();
        for (place, chunk) in chunks.into_iter().enumerate() {
            let (asked, message) = (asked.clone(), message.clone());
            let some = move |batch: &mut Batch<'_>| {
                if is_answered(batch, &asked)? {
                    return Ok(Part { is_repetition: true, ..Part::default() });
                }
                let mut some = answer_some(batch, &asked, &message, &chunk)?;
                if place == last {
                    some.confirmed = confirm(batch, &asked)?;
                    let (once, now) = (asked.idempotency(), batch.now());
                    remember(batch.tx, organization, once.as_ref(), &Outcome::Done, now)?;
                }
                Ok(some)
            };
            let some = self.engine().desk().submit_own(organization, some).await?;
            if some.is_repetition {
                return Ok((Answered::Already(action), 0));
            }
            whole.done += some.done;
            whole.confirmed += some.confirmed;
            whole.first = whole.first.or(some.first);
        }
        let Part { first, done, confirmed, .. } = whole;
        let answered = Answered::Done { action, first, count: done, untouched: all - done };
        Ok((answered, confirmed))
    }
}

fn answer_some(batch: &mut Batch<'_>, asked: &Asked, message: &Message, ids: &[InstanceId]) -> Result<Part, Undo> {
    let mut some = Part::default();
    for id in ids {
        if !calls_for(batch, asked.organization, *id, asked.action)? {
            continue;
        }
        match batch.apart(|batch| act(batch, &asked.request(message, *id)))? {
            Ok(_) => {
                some.done += 1;
                if some.first.is_none() {
                    some.first = about(batch, asked.organization, *id)?;
                }
            }
            Err(Undo::Refused(_)) => {}
            Err(undo) => return Err(undo),
        }
    }
    Ok(some)
}

/// Whether an incident among many is touched: not what somebody else is at work on, and not what is over.
fn calls_for(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    id: InstanceId,
    action: Action,
) -> Result<bool, Error> {
    let incident = store::incident_load(batch.tx, organization, id)?;
    Ok(incident.is_some_and(|incident| match action {
        Action::Acknowledge | Action::Escalate => incident.status == Status::Open,
        Action::Resolve => incident.status != Status::Resolved,
    }))
}
