//! To whom an incident is assigned: replacing its targets and adding to them.

use super::change::Pending;
use super::draft::Draft;
use super::event::Happening;
use super::seek::{Ladders, targets_from_level_1};
use crate::directory::{ComponentKind, Directory};
use crate::ids::{RefId, Username};
use crate::{Refusal, limits};
use std::collections::HashSet;

/// Replaces all targets; level 1, open.
pub(super) fn reassign(draft: &mut Draft<'_>, to: &[String]) -> Result<(), Refusal> {
    let policies = distinct(policies_named(draft.directory, "reassign_to", to)?);
    if policies.len() > limits::TARGETS {
        return Err(Refusal::TooMany { field: "reassign_to", limit: limits::TARGETS });
    }
    draft.call_off(Pending::DropAll);
    // The level is sought on the new targets, so they must stand before the event that tells of it.
    draft.incident.set_targets(targets_from_level_1(&policies));
    draft.alert(1, |alerting| Happening::Reassign { targets: policies, alerting, fallback: false });
    Ok(())
}

/// Adds targets, which are notified on their own level 1.
pub(super) fn add_responders(draft: &mut Draft<'_>, assignees: &[String]) -> Result<(), Refusal> {
    let policies = policies_named(draft.directory, "assignees", assignees)?;
    join(draft, "assignees", policies)
}

/// Adds those of `policies` that are not targets yet. Refused over the limit, which names `field`.
pub(super) fn join(draft: &mut Draft<'_>, field: &'static str, policies: Vec<RefId>) -> Result<(), Refusal> {
    let mut added = distinct(policies);
    added.retain(|policy| !draft.incident.targets.iter().any(|target| target.policy == *policy));
    if draft.incident.targets.len() + added.len() > limits::TARGETS {
        return Err(Refusal::TooMany { field, limit: limits::TARGETS });
    }
    if added.is_empty() {
        return Ok(());
    }
    let (notified, first_levels) = asked_first(draft, &added);
    if !notified.is_empty() {
        // Whoever was being paged already is paged anew, and not twice.
        draft.call_off(Pending::Supersede);
    }
    draft.record(Happening::AddResponders { first_levels, targets: added, notified: notified.clone() });
    draft.page(&notified);
    Ok(())
}

/// The people on the first level of each policy on which there is somebody: one that has nobody is passed over at once. Which
/// levels these are, unless all are the first.
fn asked_first(draft: &Draft<'_>, policies: &[RefId]) -> (Vec<Username>, Vec<u32>) {
    let (mut asked, mut levels) = (Vec::new(), Vec::new());
    for policy in policies {
        let targets = targets_from_level_1(std::slice::from_ref(policy));
        let ladders = Ladders::of_targets(&targets, draft.directory, draft.now);
        let level = ladders.first_with_people(1..=ladders.top()).map_or(1, |(level, _)| level);
        asked.extend(ladders.people(level));
        levels.push(level);
    }
    let mut seen = HashSet::new();
    asked.retain(|user| seen.insert(user.clone()));
    if levels.iter().all(|level| *level == 1) {
        levels.clear();
    }
    (asked, levels)
}

fn distinct(policies: Vec<RefId>) -> Vec<RefId> {
    targets_from_level_1(&policies).into_iter().map(|target| target.policy).collect()
}

/// The policies that these words name: policy ids, users' policy ids, or preferred usernames.
fn policies_named(directory: &Directory, field: &'static str, words: &[String]) -> Result<Vec<RefId>, Refusal> {
    let find = |word: &String| {
        let by_id = RefId(word.clone());
        if directory.ladder(&by_id).is_some() {
            return Ok(by_id);
        }
        let unknown = || Refusal::UnknownComponent { field, kind: ComponentKind::EscalationPolicy, name: word.clone() };
        directory.own_policy(word).cloned().ok_or_else(unknown)
    };
    words.iter().map(find).collect()
}
