//! How an incident that ended by itself is opened again, because what it was about came back (intake §2.1).

use super::change::{Outcome, Step};
use super::command::Order;
use super::draft::Draft;
use super::event::{Alerting, Happening, Reopening};
use super::seek::{Ladders, targets_from_level_1};
use super::trigger::{Loudness, fitting, recur, targets_of};
use super::{Incident, Status, Target, response};
use crate::directory::Directory;
use crate::ids::RefId;
use crate::notification::Reason;
use crate::routing::Actions;
use crate::{Instant, Refusal, limits};

/// What is told to those who are kept informed, and were told that it is over.
const CAME_BACK: &str = "It came back: the incident is open again.";

impl Incident {
    /// Until when it is opened again if what it was about comes back: for the minutes of its service after it ended by
    /// itself. `None` where it is not over, or is over for good.
    pub fn reopens_until(&self, directory: &Directory) -> Option<Instant> {
        let ended_at = self.resolved_at.filter(|_| self.ended_by_itself && self.merged_into.is_none())?;
        let service = directory.services.with_ref(self.service.as_ref()?.as_str())?;
        let minutes = service.component.reopen_minutes.filter(|minutes| *minutes > 0)?;
        Some(ended_at.plus_minutes(minutes))
    }
}

/// Opens it again on level 1, with the targets that it had. Of the rule that fits the alert, tags, note, urgency and the time
/// after which it ends count; its people were chosen already.
pub(super) fn reopen(mut draft: Draft<'_>, order: Order) -> Result<Step, Refusal> {
    let (directory, now) = (draft.directory, draft.now);
    if draft.incident.status != Status::Resolved {
        return Ok(recur(draft.incident, 1, now));
    }
    if draft.incident.reopens_until(directory).is_none_or(|until| until <= now) {
        return Err(Refusal::AlreadyResolved { instance_id: draft.incident.instance_id });
    }
    let nothing = Actions::default();
    let rule = fitting(&order, directory, now);
    let actions = rule.map_or(&nothing, |rule| &rule.actions);
    let service = draft.incident.service.as_ref().and_then(|id| directory.services.with_ref(id.as_str()));
    let urgency = actions.set_urgency.unwrap_or(order.urgency).max(draft.incident.own_urgency());
    let loudness = Loudness::of(service.map(|entry| &entry.component), urgency, now);
    let mut tags = response::with_added(&draft.incident.tags, &order.tags);
    tags = response::with_added(&tags, &actions.add_tags);
    tags.truncate(limits::TAGS);
    let targets = targets(&draft.incident, &order, directory, now);
    let ladders = Ladders::of_targets(&targets, directory, now);
    let alerting =
        Alerting { level: 1, assignees: ladders.people(1), next_alert_at: now.plus_minutes(ladders.minutes(1)) };
    let somebody = !alerting.assignees.is_empty();
    draft.record(Happening::Reopen(Box::new(Reopening {
        urgency: loudness.urgency,
        targets,
        tags,
        resolve_at: actions.resolve_after_minutes.map(|minutes| now.plus_minutes(minutes)),
        rule: rule.map(|rule| rule.name.clone()),
        after_maintenance: order.after_maintenance.clone(),
        is_outside_support_hours: loudness.is_outside_support_hours,
        raise: loudness.raise,
        alerting,
    })));
    if somebody {
        draft.page_assignees();
    } else {
        draft.pass_over(1);
    }
    draft.tell_subscribers(Reason::StatusUpdate { text: CAME_BACK.to_owned() });
    if let Some(notes) = actions.add_note.clone() {
        draft.record_by_system(Happening::Notate { notes });
    }
    Ok(Step::of(draft.done(), Outcome::Done))
}

/// The targets that it had, from their level 1; those of the alert where all of them are gone.
fn targets(incident: &Incident, order: &Order, directory: &Directory, now: Instant) -> Vec<Target> {
    let policies = incident.targets.iter().map(|target| target.policy.clone());
    let known: Vec<RefId> = policies.filter(|policy| directory.ladder(policy).is_some()).collect();
    let mut targets = match known.is_empty() {
        true => targets_from_level_1(&targets_of(order, directory, now).unwrap_or_default()),
        false => targets_from_level_1(&known),
    };
    targets.truncate(limits::TARGETS);
    targets
}
