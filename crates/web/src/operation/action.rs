//! Which action an operation is, which says who may.

use super::does::{Change, ComponentAct, Does, Reading, Verb};
use domain::directory::{ComponentKind, Role};
use domain::permission::{Action, Scope};

impl Does {
    /// The action, which says who may.
    pub fn action(self) -> Action {
        match self {
            Self::Command(verb) => verb.action(),
            Self::Read(reading) => reading.action(),
            Self::Change(change) => change.action(),
            Self::Component(act, kind) => act.action(kind),
        }
    }
}

impl ComponentAct {
    /// The action, which says who may do it with components of this kind.
    pub fn action(self, kind: ComponentKind) -> Action {
        match (self, kind) {
            (Self::Page | Self::One, ComponentKind::BusinessService) => Action::ReadStatus,
            (Self::Page | Self::One, _) => Action::Read,
            (Self::Add, ComponentKind::Team) => Action::MakeTeam,
            (_, ComponentKind::Team) => Action::ChangeMembers,
            (_, ComponentKind::MaintenanceWindow) => Action::Maintain,
            (Self::Remove, ComponentKind::User) => Action::ManagePeople,
            (_, ComponentKind::User) => Action::ChangeOthers,
            _ => Action::ChangeComponents,
        }
    }
}

impl Verb {
    fn action(self) -> Action {
        match self {
            Self::Notate => Action::Note,
            Self::UpdateStatus | Self::AddImpact | Self::RemoveImpact => Action::UpdateStatus,
            Self::Create
            | Self::Acknowledge
            | Self::Resolve
            | Self::Escalate
            | Self::Reassign
            | Self::Snooze
            | Self::Unacknowledge
            | Self::AmendUrgency
            | Self::AddResponders
            | Self::Merge
            | Self::Unmerge
            | Self::AddSubscribers
            | Self::RemoveSubscribers
            | Self::RunResponseSet
            | Self::RunWorkflow
            | Self::EditTitle
            | Self::UpdateTags => Action::ActOnIncident,
        }
    }
}

impl Reading {
    fn action(self) -> Action {
        match self {
            Self::Audit | Self::AuditExport => Action::Audit,
            Self::Keys => Action::ManageKeys(Scope::Read),
            Self::Providers | Self::Provider => Action::ChangeSettings,
            Self::Invitations => Action::Invite(Role::Responder),
            Self::SessionsOf => Action::ManagePeople,
            Self::Me | Self::Sessions | Self::Tokens | Self::Shifts | Self::Covers | Self::CoverCandidates => {
                Action::Read
            }
            // The file of a version, and what another file would change, have everybody's addresses.
            Self::Version | Self::FilePlan | Self::PersonData => Action::ReadAddresses,
            Self::Components
            | Self::IncidentNames
            | Self::Incidents
            | Self::Details
            | Self::Alerts
            | Self::Users
            | Self::User
            | Self::OnCall
            | Self::Schedule
            | Self::Occurrences
            | Self::Coverage
            | Self::Preview
            | Self::Layers
            | Self::Layer
            | Self::Exceptions
            | Self::Exception
            | Self::Swaps
            | Self::Contacts
            | Self::Rules
            | Self::Devices
            | Self::Notifications
            | Self::Notices
            | Self::Fate
            | Self::Fates
            | Self::ChangeEvents
            | Self::Payloads
            | Self::Organization
            | Self::Versions
            | Self::Diff
            | Self::Drift
            | Self::TryIntegration
            | Self::TryRules => Action::Read,
        }
    }
}

impl Change {
    /// Of what is somebody's own: the action where it is theirs. To do it for another is `ChangeOthers`.
    fn action(self) -> Action {
        match self {
            // A routine's feed that is renewed is lost to all who read it.
            Self::AddSwap | Self::RemoveSwap | Self::RoutineFeed => Action::SwapOthers,
            Self::AddException | Self::ReplaceException | Self::ChangeException | Self::RemoveException => {
                Action::SwapOthers
            }
            Self::AddLayer | Self::ReplaceLayer | Self::ChangeLayer | Self::RemoveLayer => Action::ChangeComponents,
            Self::UserFeed | Self::SendCode | Self::VerifyContact => Action::ChangeOwn,
            Self::Resend | Self::EndAlert | Self::TestIntegration => Action::ActOnIncident,
            Self::Components | Self::RuleOrder | Self::RotateKey => Action::ChangeComponents,
            Self::EndSessions | Self::EndSession | Self::AddToken | Self::RevokeToken => Action::ChangeOwn,
            Self::Away | Self::TestPage | Self::OwnFeed => Action::ChangeOwn,
            Self::AskForCover | Self::AnswerCover | Self::WithdrawCover => Action::ChangeOwn,
            // To where somebody is pushed, a key says only if it may change all else of them.
            Self::AddDevice | Self::RemoveDevice => Action::ChangeOthers,
            Self::SetContact | Self::RemoveContact | Self::SetRules => Action::ChangeOthers,
            Self::SendEnrolment | Self::TrustContact => Action::ChangeOthers,
            Self::Organization
            | Self::Wall
            | Self::Restore
            | Self::AddProvider
            | Self::ReplaceProvider
            | Self::ChangeProvider
            | Self::RemoveProvider
            | Self::CheckProvider => Action::ChangeSettings,
            Self::AddKey | Self::RevokeKey => Action::ManageKeys(Scope::Admin),
            Self::EndSessionsOf | Self::EndSessionOf => Action::ManagePeople,
            // As whom, the request says.
            Self::Invite | Self::InviteAgain | Self::TakeInvitationBack => Action::Invite(Role::Responder),
        }
    }
}
