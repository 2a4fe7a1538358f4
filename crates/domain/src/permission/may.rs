//! The one function that says who may do what, for the API, the pages and whatever else asks.

use super::action::Cell;
use super::{Action, Actor, Object, Relation, Scope};
use crate::directory::{Directory, Role, Team, TeamRole};
use crate::ids::Username;
use std::fmt;

/// What is said to somebody who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They may.
    Allowed,
    /// There is no such thing, as far as they can know (404).
    Hidden,
    /// They may not; what would be needed (403).
    Refused(Needs),
}

/// What would be needed. Displayed as the end of a sentence: `needs manager in team payments`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needs {
    /// At least this role, or another that may.
    Role(Role),
    /// At least this role in the team that owns it.
    InTeam(TeamRole, String),
    /// A key of this scope.
    Scope(Scope),
    /// To be of this team: a key is limited to what others own.
    Team(String),
    /// A key that is limited to no team, for what is nobody's to own.
    NoLimit,
    /// To be the person whom it is about.
    Oneself,
    /// What no key can be given.
    APerson,
}

impl fmt::Display for Needs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(role) => write!(out, "needs {}", role.word()),
            Self::InTeam(role, team) => write!(out, "needs {} in team {team}", role.word()),
            Self::Scope(scope) => write!(out, "needs a key of scope {}", scope.word()),
            Self::Team(team) => write!(out, "needs a key for what team {team} owns"),
            Self::NoLimit => write!(out, "needs a key that is limited to no team"),
            Self::Oneself => write!(out, "needs to be about yourself"),
            Self::APerson => write!(out, "needs an owner who is signed in"),
        }
    }
}

/// Whether an actor may do this to that, as the directory stands.
pub fn may(actor: Actor<'_>, action: Action, object: Object<'_>, directory: &Directory) -> Answer {
    match actor {
        // A key is nobody, and only an owner stands beside owners.
        Actor::Key { .. } if object.person == Some(Role::Owner) => Answer::Refused(Needs::APerson),
        Actor::Key { scope, teams } => key_may(scope, teams, action, object.team),
        Actor::Person { username, role, token } => {
            let answer = person_may(username, role, action, object, directory);
            match (answer, token, action.key_scope()) {
                // A token has the rights of its person, as far as its scope goes.
                (Answer::Allowed, Some(held), Some(needed)) if !held.allows(needed) => {
                    Answer::Refused(Needs::Scope(needed))
                }
                (Answer::Allowed, Some(_), None) => Answer::Refused(Needs::APerson),
                (answer, _, _) => answer,
            }
        }
    }
}

/// Whether a key may do this to what a team owns, or nobody: within its scope and its teams. `admin` is the column of
/// admins. A key that is limited to teams does nothing that is not about what a team can own: it makes no keys, invites
/// nobody, and changes no settings.
pub fn key_may(scope: Scope, teams: Option<&[&str]>, action: Action, team: Option<&str>) -> Answer {
    match action.key_scope() {
        None => return Answer::Refused(Needs::APerson),
        Some(needed) if !scope.allows(needed) => return Answer::Refused(Needs::Scope(needed)),
        Some(_) => {}
    }
    match (teams, team) {
        (Some(_), _) if !action.is_of_teams() => Answer::Refused(Needs::NoLimit),
        (Some(teams), Some(team)) if !teams.contains(&team) => Answer::Refused(Needs::Team(team.to_owned())),
        _ => Answer::Allowed,
    }
}

fn person_may(username: &Username, role: Role, action: Action, object: Object<'_>, directory: &Directory) -> Answer {
    let team = object.team.and_then(|name| directory.teams.named(name)).map(|entry| &entry.component);
    let team_role = team.and_then(|team| team.role_of(username));
    let is_there = object.relation != Relation::None;
    if team.is_some_and(|team| team.private) && role < Role::Admin && team_role.is_none() && !is_there {
        return Answer::Hidden;
    }
    if object.relation == Relation::Assignee && action.is_of_assignees() {
        return Answer::Allowed;
    }
    if object.relation == Relation::Subscriber && action == Action::ReadStatus {
        return Answer::Allowed;
    }
    if action.is_of_oneself() && object.relation != Relation::Own {
        return Answer::Refused(Needs::Oneself);
    }
    // Nobody changes who stands above them.
    if object.person == Some(Role::Owner) && role != Role::Owner && object.relation != Relation::Own {
        return Answer::Refused(Needs::Role(Role::Owner));
    }
    let is_allowed = match team.filter(|team| team.protected && action.is_protected()) {
        Some(_) => role >= Role::Admin || (role != Role::Stakeholder && team_role == Some(TeamRole::Manager)),
        None => {
            let standing = standing(role, team_role, action);
            is_in(action.cell(standing), team_role, directory) || is_in(action.cell(role), team_role, directory)
        }
    };
    if is_allowed { Answer::Allowed } else { Answer::Refused(needs(action, team)) }
}

/// The larger of both roles, for what is done to what a team owns. Stakeholders see no technical detail, whatever a team says.
fn standing(role: Role, team_role: Option<TeamRole>, action: Action) -> Role {
    match team_role {
        Some(team_role) if action.is_of_teams() && role != Role::Stakeholder => role.max(team_role.role()),
        _ => role,
    }
}

/// Whether somebody of this role ever may do this to something that they are not assigned to: to what nobody owns, or to
/// what a team owns in which they have at most this role. What this denies, pages do not draw.
pub fn may_anywhere(role: Role, in_a_team: Option<TeamRole>, action: Action) -> bool {
    let is_in = |role| match action.cell(role) {
        Cell::Yes | Cell::ObserversNote => true,
        Cell::No => false,
        Cell::Team(needed) => in_a_team.is_some_and(|held| held >= needed),
    };
    is_in(standing(role, in_a_team, action)) || is_in(role)
}

fn is_in(cell: Cell, team_role: Option<TeamRole>, directory: &Directory) -> bool {
    match cell {
        Cell::Yes => true,
        Cell::No => false,
        Cell::Team(needed) => team_role.is_some_and(|held| held >= needed),
        Cell::ObserversNote => directory.settings.observers_note,
    }
}

/// The least that would do: a role in the team that owns it where that is enough, else one in the organization.
fn needs(action: Action, team: Option<&Team>) -> Needs {
    if let Some(team) = team.filter(|_| action.is_of_teams()) {
        let is_enough = |role: &TeamRole| match team.protected && action.is_protected() {
            true => *role == TeamRole::Manager,
            false => action.cell(role.role()) == Cell::Yes || action.cell(role.role()) == Cell::Team(*role),
        };
        if let Some(least) = TeamRole::ALL.into_iter().rev().find(is_enough) {
            return Needs::InTeam(least, team.name.clone());
        }
    }
    let is_enough = |role: &Role| action.cell(*role) == Cell::Yes;
    let least = Role::ALL.into_iter().rev().filter(|role| *role > Role::Restricted).find(is_enough);
    Needs::Role(least.unwrap_or(Role::Owner))
}

/// A person said that another acts (403 `not_in_your_name`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotInYourName {
    /// Who said so.
    pub username: Username,
}

/// In whose name a request acts that says `by`: a key in that of anybody, a person in their own alone.
///
/// # Errors
/// When a person names another.
pub fn in_whose_name<'a>(actor: Actor<'a>, by: Option<&'a Username>) -> Result<Option<&'a Username>, NotInYourName> {
    match (actor, by) {
        (Actor::Key { .. }, by) => Ok(by),
        (Actor::Person { username, .. }, None) => Ok(Some(username)),
        (Actor::Person { username, .. }, Some(by)) if by == username => Ok(Some(username)),
        (Actor::Person { username, .. }, Some(_)) => Err(NotInYourName { username: username.clone() }),
    }
}
