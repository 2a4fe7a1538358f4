//! What narrows a list of incidents where no index leads to them: words of their titles and tags, and a team. So many of the
//! newest that the other filters let through are looked at, and the page says so.

use crate::console::form::Form;
use crate::console::seen::Seen;
use domain::Username;
use domain::directory::Team;
use domain::incident::Incident;
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
        }
    }

    /// Whether anything is asked for.
    pub(super) fn is_any(&self) -> bool {
        !self.words.is_empty() || self.members.is_some()
    }

    /// Whether it lets an incident through.
    pub(in crate::console) fn lets_through(&self, incident: &Incident) -> bool {
        let (title, tags) = (incident.title.to_lowercase(), || incident.tags.iter().map(|tag| tag.to_lowercase()));
        let has = |word: &String| title.contains(word) || tags().any(|tag| tag.contains(word));
        let is_theirs =
            |members: &BTreeSet<Username>| incident.assignees.iter().any(|assignee| members.contains(assignee));
        self.words.iter().all(has) && self.members.as_ref().is_none_or(is_theirs)
    }
}
