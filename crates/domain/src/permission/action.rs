//! What can be asked, as far as it takes different rights, and which role may ask it: the table of administration §4.

use super::Scope;
use crate::directory::{Role, TeamRole};

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read incidents, alerts, ledgers, who is on call, schedules, components.
    Read,
    /// Read impacts, the status and published updates; subscribe oneself.
    ReadStatus,
    /// Acknowledge, resolve, escalate, and all else that is done to an incident.
    ActOnIncident,
    /// Write a note.
    Note,
    /// Publish a status update, or change an impact.
    UpdateStatus,
    /// Change one's own contacts, rules, factors, sessions, tokens, feed, or swap one's own shift.
    ChangeOwn,
    /// Take over somebody's shift.
    TakeShift,
    /// Swap shifts of others, or make an exception.
    SwapOthers,
    /// Read whole addresses of others.
    ReadAddresses,
    /// Change contacts or rules of others, vouch for a contact, reset a factor.
    ChangeOthers,
    /// Make, change or remove components.
    ChangeComponents,
    /// Make or end maintenance.
    Maintain,
    /// Publish to a status page.
    Publish,
    /// Make a team.
    MakeTeam,
    /// Change who is in a team, and as what.
    ChangeMembers,
    /// Invite a person, who will have this role.
    Invite(Role),
    /// Lock, end sessions of, or remove a person.
    ManagePeople,
    /// Change a person's role to this one.
    ChangeRole(Role),
    /// Make or revoke a key of the organization of this scope.
    ManageKeys(Scope),
    /// Read figures of everybody.
    ReadFigures,
    /// Read figures of oneself.
    ReadOwnFigures,
    /// Read, export or verify the audit log.
    Audit,
    /// Read one's own sign-ins.
    ReadOwnSignIns,
    /// Change sign-in, providers, retention, the lock of files; restore.
    ChangeSettings,
    /// Hand ownership over; rename or delete the organization.
    Own,
}

/// What a cell of the table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Yes.
    Yes,
    /// No.
    No,
    /// For what a team owns in which one has at least this role.
    Team(TeamRole),
    /// Where the organization lets observers write notes.
    ObserversNote,
}

use Cell::{No, ObserversNote, Yes};
const T: Cell = Cell::Team(TeamRole::Observer);
const T_RESPONDER: Cell = Cell::Team(TeamRole::Responder);
const T_MANAGER: Cell = Cell::Team(TeamRole::Manager);

impl Action {
    /// The row of the table: owner, admin, manager, responder, observer, restricted, stakeholder.
    fn row(self) -> [Cell; 7] {
        match self {
            Self::Read => [Yes, Yes, Yes, Yes, Yes, T, No],
            Self::ReadStatus => [Yes, Yes, Yes, Yes, Yes, T, Yes],
            Self::ActOnIncident | Self::UpdateStatus => [Yes, Yes, Yes, Yes, No, T_RESPONDER, No],
            Self::Note => [Yes, Yes, Yes, Yes, ObserversNote, T_RESPONDER, No],
            Self::ChangeOwn => [Yes; 7],
            Self::TakeShift => [Yes, Yes, Yes, Yes, No, T_RESPONDER, No],
            Self::SwapOthers | Self::Publish => [Yes, Yes, Yes, T_RESPONDER, No, T_RESPONDER, No],
            Self::ReadAddresses | Self::ChangeOthers | Self::ManagePeople | Self::ChangeSettings => {
                [Yes, Yes, No, No, No, No, No]
            }
            Self::ChangeComponents | Self::ChangeMembers => [Yes, Yes, Yes, T_MANAGER, No, T_MANAGER, No],
            Self::Maintain => [Yes, Yes, Yes, T_RESPONDER, No, T_MANAGER, No],
            Self::MakeTeam => [Yes, Yes, Yes, No, No, No, No],
            Self::Invite(role) => match role {
                Role::Owner => [Yes, No, No, No, No, No, No],
                Role::Admin | Role::Manager => [Yes, Yes, No, No, No, No, No],
                Role::Responder | Role::Observer | Role::Restricted | Role::Stakeholder => {
                    [Yes, Yes, Yes, No, No, No, No]
                }
            },
            Self::ChangeRole(role) => match role {
                Role::Owner => [Yes, No, No, No, No, No, No],
                Role::Admin
                | Role::Manager
                | Role::Responder
                | Role::Observer
                | Role::Restricted
                | Role::Stakeholder => [Yes, Yes, No, No, No, No, No],
            },
            Self::ManageKeys(scope) => match scope {
                Scope::Admin => [Yes, Yes, No, No, No, No, No],
                Scope::Read | Scope::Incidents => [Yes, Yes, T, No, No, No, No],
            },
            Self::ReadFigures => [Yes, Yes, Yes, T, T, No, No],
            Self::ReadOwnFigures => [Yes, Yes, Yes, Yes, No, Yes, No],
            Self::Audit => [Yes, Yes, T, No, No, No, No],
            Self::ReadOwnSignIns => [Yes, Yes, Yes, Yes, No, No, No],
            Self::Own => [Yes, No, No, No, No, No, No],
        }
    }

    /// What the table says for a role.
    pub(super) fn cell(self, role: Role) -> Cell {
        let [owner, admin, manager, responder, observer, restricted, stakeholder] = self.row();
        match role {
            Role::Owner => owner,
            Role::Admin => admin,
            Role::Manager => manager,
            Role::Responder => responder,
            Role::Observer => observer,
            Role::Restricted => restricted,
            Role::Stakeholder => stakeholder,
        }
    }

    /// Whether it is done to what a team can own, so that a role in the team counts as one in the organization does.
    pub(super) fn is_of_teams(self) -> bool {
        match self {
            Self::Read
            | Self::ReadStatus
            | Self::ActOnIncident
            | Self::Note
            | Self::UpdateStatus
            | Self::TakeShift
            | Self::SwapOthers
            | Self::ChangeComponents
            | Self::Maintain
            | Self::Publish
            | Self::ChangeMembers => true,
            Self::ChangeOwn
            | Self::ReadAddresses
            | Self::ChangeOthers
            | Self::MakeTeam
            | Self::Invite(_)
            | Self::ManagePeople
            | Self::ChangeRole(_)
            | Self::ManageKeys(_)
            | Self::ReadFigures
            | Self::ReadOwnFigures
            | Self::Audit
            | Self::ReadOwnSignIns
            | Self::ChangeSettings
            | Self::Own => false,
        }
    }

    /// Whether it may be done to an incident by whoever is assigned to it, whatever their role.
    pub(super) fn is_of_assignees(self) -> bool {
        matches!(self, Self::Read | Self::ReadStatus | Self::ActOnIncident | Self::Note | Self::UpdateStatus)
    }

    /// Whether only a protected team's own managers do it, and admins.
    pub(super) fn is_protected(self) -> bool {
        matches!(self, Self::ChangeComponents | Self::ChangeMembers)
    }

    /// Whether it is about oneself alone.
    pub(super) fn is_of_oneself(self) -> bool {
        matches!(self, Self::ChangeOwn | Self::ReadOwnFigures | Self::ReadOwnSignIns)
    }

    /// The scope that a key must have; none is enough for what only an owner does.
    pub fn key_scope(self) -> Option<Scope> {
        Some(match self {
            Self::Read | Self::ReadStatus | Self::ReadFigures | Self::ReadOwnFigures => Scope::Read,
            Self::ActOnIncident
            | Self::Note
            | Self::UpdateStatus
            | Self::ChangeOwn
            | Self::TakeShift
            | Self::SwapOthers
            | Self::Publish => Scope::Incidents,
            Self::ReadAddresses
            | Self::ChangeOthers
            | Self::ChangeComponents
            | Self::Maintain
            | Self::MakeTeam
            | Self::ChangeMembers
            | Self::ManagePeople
            | Self::ManageKeys(_)
            | Self::Audit
            | Self::ReadOwnSignIns
            | Self::ChangeSettings => Scope::Admin,
            Self::Invite(role) | Self::ChangeRole(role) if role != Role::Owner => Scope::Admin,
            Self::Invite(_) | Self::ChangeRole(_) | Self::Own => return None,
        })
    }
}
