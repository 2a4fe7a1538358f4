//! What a change brings with it: warnings, and gaps of the next weeks.

use super::ahead::DAYS;
use super::warnings::sentence;
use domain::directory::{ComponentKind, Definition, Directory, Fault, Ladder};
use domain::lint::lint_both;
use domain::routine::{Gap, Swap, gaps};
use domain::{Instant, OrganizationId, Username};
use engine::{swaps_by_routine, verified};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashSet;
use store::{Error, Tx};

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// When nobody is on the first level of a policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Gaps {
    /// Name of the policy.
    escalation_policy: String,
    /// Before the change; `None` where the policy is new.
    before: Option<Vec<Gap>>,
    /// After it.
    after: Vec<Gap>,
}

/// What a change brings with it.
#[derive(Debug)]
pub(super) struct Outlook {
    /// Of what was edited, and what is new elsewhere.
    pub(super) warnings: Vec<String>,
    /// What would not be there without the change.
    pub(super) new_warnings: Vec<String>,
    /// Where they differ, or the policy was edited.
    pub(super) gaps: Vec<Gaps>,
}

/// Compares what stands with what is to be.
///
/// # Errors
/// As the store says.
pub(super) fn outlook(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    stands: &Definition,
    wanted: &Definition,
    edited: &HashSet<(ComponentKind, String)>,
    now: Instant,
) -> Result<Outlook, Error> {
    let before = directory(tx, organization, stands)?;
    let after = directory(tx, organization, wanted)?;
    let [known, found] = lint_both(&before, &after, now);
    let known: HashSet<String> = known.iter().map(sentence).collect();
    let is_new = |warning: &&Fault| !known.contains(&sentence(warning));
    let is_worse = |warning: &&Fault| is_new(warning) && !is_smaller_gap(&sentence(warning), &known);
    let is_edited = |warning: &Fault| warning.kind.is_some_and(|kind| edited.contains(&(kind, warning.name.clone())));
    let told = found.iter().filter(|warning| is_edited(warning) || is_new(warning));
    Ok(Outlook {
        warnings: told.map(sentence).collect(),
        new_warnings: found.iter().filter(is_worse).map(sentence).collect(),
        gaps: gaps_of((&before, &after), edited, (now, now.plus_micros(DAYS * DAY_MICROS))),
    })
}

/// Whether a warning says of hours without anybody what was known, and they are no more than they were.
fn is_smaller_gap(warning: &str, known: &HashSet<String>) -> bool {
    let Some((what, hours)) = hours_of(warning) else { return false };
    known.iter().filter_map(|known| hours_of(known)).any(|(known, most)| known == what && hours <= most)
}

/// What a warning says of how many hours in all.
fn hours_of(warning: &str) -> Option<(&str, u64)> {
    let (before, _) = warning.split_once(" h in all")?;
    let (what, hours) = before.rsplit_once(' ')?;
    Some((what, hours.parse().ok()?))
}

/// The directory that a definition comes to, with what the store knows beside it.
fn directory(tx: &mut dyn Tx, organization: OrganizationId, definition: &Definition) -> Result<Directory, Error> {
    let mut directory = definition.directory();
    directory.verified = verified(&directory, store::contact_list(tx, organization)?);
    let is_user = |user: &Username| directory.user(user.as_str()).is_some();
    directory.swaps = swaps_by_routine(&store::swap_list(tx, organization)?, is_user)?;
    Ok(directory)
}

/// When nobody is on the first level of a policy because of a swap: gaps that there would be and are not, of the policies that
/// whoever asks sees, with a sentence for each.
///
/// # Errors
/// When they cannot be written as JSON, which does not happen.
pub(crate) fn gaps_by_swap(
    before: &Directory,
    (routine, swap): (&str, &Swap),
    sees: impl Fn(Option<&str>) -> bool,
) -> Result<(Vec<String>, Value), Error> {
    let mut after = before.clone();
    after.swaps.entry(routine.to_owned()).or_default().push(swap.clone());
    let from = swap.from.get().unwrap_or(Instant::EARLIEST);
    let until = swap.until.get().unwrap_or(from).min(from.plus_micros(DAYS * DAY_MICROS));
    let edited = HashSet::from([(ComponentKind::Routine, routine.to_owned())]);
    let mut gaps = gaps_of((before, &after), &edited, (from, until));
    let team = |policy: &str| before.policies.named(policy).and_then(|entry| entry.component.team.clone());
    gaps.retain(|gaps| sees(team(&gaps.escalation_policy).as_deref()));
    let mut warnings = Vec::new();
    for Gaps { escalation_policy: policy, before, after } in &gaps {
        let known = before.as_deref().unwrap_or_default();
        for Gap { from, until } in after.iter().filter(|gap| !known.contains(gap)) {
            let (from, until) = (from.wire(), until.wire());
            warnings
                .push(format!("escalation policy `{policy}`: levels[0]: nobody is on call from {from} until {until}"));
        }
    }
    let gaps = serde_json::to_value(gaps).map_err(|error| Error::Statement(error.to_string()))?;
    Ok((warnings, gaps))
}

fn gaps_of(
    (before, after): (&Directory, &Directory),
    edited: &HashSet<(ComponentKind, String)>,
    (from, until): (Instant, Instant),
) -> Vec<Gaps> {
    let touches = |kind| edited.iter().any(|(edited, _)| *edited == kind);
    if ![ComponentKind::Routine, ComponentKind::EscalationPolicy].into_iter().any(touches) {
        return Vec::new();
    }
    let first_level = |directory: &Directory, policy: &str| {
        let entry = directory.policies.named(policy)?;
        let ladder = Ladder::Named(&entry.component, directory);
        Some(gaps(&ladder.schedule(1, from, until), from, until))
    };
    let mut all = Vec::new();
    for entry in after.policies.by_name() {
        let name = &entry.component.name;
        let concerns = edited.contains(&(ComponentKind::EscalationPolicy, name.clone()));
        let named = entry.component.levels.first().map(|level| level.routines.as_slice()).unwrap_or_default();
        if !concerns && !named.iter().any(|routine| edited.contains(&(ComponentKind::Routine, routine.clone()))) {
            continue;
        }
        let (was, is) = (first_level(before, name), first_level(after, name).unwrap_or_default());
        if concerns || was.as_ref() != Some(&is) {
            all.push(Gaps { escalation_policy: name.clone(), before: was, after: is });
        }
    }
    all
}
