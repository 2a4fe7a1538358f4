//! What narrows a list of incidents where no index leads to them: words of their titles and tags, a team, and an escalation
//! policy. So many of the first that the other filters let through are looked at, and the page says so.

use crate::console::form::Form;
use crate::console::seen::Seen;
use domain::directory::Team;
use domain::incident::Incident;
use domain::{RefId, Username};
use std::collections::BTreeSet;

/// Incidents that are looked at for one page.
pub(super) const LOOKED_AT: u32 = 500;
/// What stands for all teams that one is a member of.
const MINE: &str = "mine";

/// What is asked for beside what the store filters by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::console) struct Narrow {
    /// In lower case; each stands in the title or in a tag.
    words: Vec<String>,
    /// With one of these people.
    members: Option<BTreeSet<Username>>,
    /// Assigned to this escalation policy.
    policy: Option<RefId>,
}

impl Narrow {
    /// What the query asks for.
    pub(in crate::console) fn of(query: &Form, seen: &Seen<'_>) -> Self {
        let me = &seen.session.person.username;
        let team = query.get("team");
        let is_asked = |of: &Team| match team {
            Some(MINE) => of.members.iter().any(|member| member.username == *me),
            Some(name) => of.name == name,
            None => false,
        };
        let teams = seen.snapshot.directory.teams.iter().map(|entry| &entry.component).filter(|of| is_asked(of));
        let members = teams.flat_map(|of| &of.members).map(|member| member.username.clone()).collect();
        Self {
            words: query.text("q").to_lowercase().split_whitespace().map(str::to_owned).collect(),
            members: team.map(|_| members),
            policy: query.get("policy").map(|name| {
                // One that is not there any more lets nothing through.
                let known = seen.snapshot.directory.policies.known(name);
                known.map_or_else(|| name.into(), |entry| entry.ref_id.clone())
            }),
        }
    }

    /// Whether anything is asked for.
    pub(super) fn is_any(&self) -> bool {
        !self.words.is_empty() || self.members.is_some() || self.policy.is_some()
    }

    /// Whether it lets an incident through.
    pub(in crate::console) fn lets_through(&self, incident: &Incident) -> bool {
        let (title, tags) = (incident.title.to_lowercase(), || incident.tags.iter().map(|tag| tag.to_lowercase()));
        let has = |word: &String| title.contains(word) || tags().any(|tag| tag.contains(word));
        let is_theirs =
            |members: &BTreeSet<Username>| incident.assignees.iter().any(|assignee| members.contains(assignee));
        let is_for = |policy: &RefId| incident.targets.iter().any(|target| target.policy == *policy);
        self.words.iter().all(has)
            && self.members.as_ref().is_none_or(is_theirs)
            && self.policy.as_ref().is_none_or(is_for)
    }
}
