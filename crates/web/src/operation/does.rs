//! What an operation does, and which action that is.

use domain::permission::{Action, Scope};

use domain::directory::{ComponentKind, Role};

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Asks something of an incident.
    Command(Verb),
    /// Only reads.
    Read(Reading),
    /// Changes something beside the state of an incident.
    Change(Change),
    /// Reads or changes components of the directory.
    Component(ComponentAct, ComponentKind),
}

/// What is done with components of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComponentAct {
    /// Reads a page of them.
    Page,
    /// Reads one.
    One,
    /// Makes one.
    Add,
    /// Makes one what the body says.
    Replace,
    /// Changes what the body names.
    Patch,
    /// Removes one.
    Remove,
}

impl ComponentAct {
    /// Whether it only reads.
    pub fn only_reads(self) -> bool {
        matches!(self, Self::Page | Self::One)
    }
}

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
            Self::Me | Self::Sessions | Self::Tokens | Self::Shifts => Action::Read,
            // The file of a version has everybody's addresses.
            Self::Version | Self::PersonData => Action::ReadAddresses,
            Self::Components
            | Self::IncidentNames
            | Self::Incidents
            | Self::Details
            | Self::Alerts
            | Self::Users
            | Self::User
            | Self::OnCall
            | Self::Schedule
            | Self::Coverage
            | Self::Preview
            | Self::Layers
            | Self::Layer
            | Self::Exceptions
            | Self::Exception
            | Self::Swaps
            | Self::Contacts
            | Self::Devices
            | Self::Notifications
            | Self::Notices
            | Self::Fate
            | Self::Fates
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
            Self::AddException | Self::ReplaceException | Self::RemoveException => Action::SwapOthers,
            Self::AddLayer | Self::ReplaceLayer | Self::RemoveLayer => Action::ChangeComponents,
            Self::UserFeed | Self::SendCode | Self::VerifyContact => Action::ChangeOwn,
            Self::Resend => Action::ActOnIncident,
            Self::Components | Self::RuleOrder | Self::RotateKey => Action::ChangeComponents,
            Self::EndSessions | Self::EndSession | Self::AddToken | Self::RevokeToken => Action::ChangeOwn,
            Self::Away | Self::TestPage | Self::OwnFeed => Action::ChangeOwn,
            // To where somebody is pushed, a key says only if it may change all else of them.
            Self::AddDevice | Self::RemoveDevice => Action::ChangeOthers,
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

/// The operations that become a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the operation of its name, which the table describes")]
pub enum Verb {
    Create,
    Acknowledge,
    Resolve,
    Escalate,
    Reassign,
    Snooze,
    Unacknowledge,
    AmendUrgency,
    AddResponders,
    Notate,
    Merge,
    Unmerge,
    AddSubscribers,
    RemoveSubscribers,
    UpdateStatus,
    AddImpact,
    RemoveImpact,
    RunResponseSet,
    RunWorkflow,
    EditTitle,
    UpdateTags,
}

/// The operations that only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// `GET /list/{type}` of one kind of component.
    Components,
    /// `GET /list/incidents`.
    IncidentNames,
    /// `POST /incidents/list`.
    Incidents,
    /// One incident.
    Details,
    /// The alerts of one incident.
    Alerts,
    /// `POST /users/list`.
    Users,
    /// `POST /users/details`.
    User,
    /// Who is on call by every policy.
    OnCall,
    /// Who is on call by a routine over a period.
    Schedule,
    /// Who is on the levels of a policy over a period.
    Coverage,
    /// What a routine would come to.
    Preview,
    /// The layers of a routine in which people take turns.
    Layers,
    /// One of them.
    Layer,
    /// The exceptions of a routine.
    Exceptions,
    /// One of them.
    Exception,
    /// The swaps of a routine.
    Swaps,
    /// The contacts of a person.
    Contacts,
    /// The devices of a person.
    Devices,
    /// The notifications of an incident.
    Notifications,
    /// The notices to a person.
    Notices,
    /// What became of one alert.
    Fate,
    /// What became of alerts.
    Fates,
    /// The last bodies that came to an integration.
    Payloads,
    /// What an integration makes, or would make, of a body.
    TryIntegration,
    /// Which routing rule an alert would meet.
    TryRules,
    /// The organization's settings.
    Organization,
    /// The versions of the directory.
    Versions,
    /// One version of the directory.
    Version,
    /// What is different between two versions.
    Diff,
    /// What was changed beside the directory file.
    Drift,
    /// The keys of the organization.
    Keys,
    /// The sign-in providers of the organization.
    Providers,
    /// One sign-in provider.
    Provider,
    /// Who changed what.
    Audit,
    /// The same whole, as it can be verified.
    AuditExport,
    /// Who asks.
    Me,
    /// The sessions of who asks.
    Sessions,
    /// The sessions of a person.
    SessionsOf,
    /// The tokens of who asks.
    Tokens,
    /// When who asks is on call.
    Shifts,
    /// Who was asked in.
    Invitations,
    /// All that is held about a person.
    PersonData,
}

/// The operations that change something beside the state of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Makes a layer of a routine.
    AddLayer,
    /// Makes a layer of a routine what the body says.
    ReplaceLayer,
    /// Ends a layer of a routine.
    RemoveLayer,
    /// Makes an exception of a routine.
    AddException,
    /// Makes an exception of a routine what the body says.
    ReplaceException,
    /// Ends an exception of a routine.
    RemoveException,
    /// Makes a swap.
    AddSwap,
    /// Takes a swap back.
    RemoveSwap,
    /// Gives the URL of a routine's feed.
    RoutineFeed,
    /// Gives the URL of a person's feed.
    UserFeed,
    /// Gives the URL of the page for a screen in a room.
    Wall,
    /// Sends a code to a contact.
    SendCode,
    /// Takes a code back as proof.
    VerifyContact,
    /// Makes a device.
    AddDevice,
    /// Removes a device.
    RemoveDevice,
    /// Sends a notification again.
    Resend,
    /// Changes many components at once.
    Components,
    /// Puts the routing rules in another order.
    RuleOrder,
    /// Changes the organization's settings.
    Organization,
    /// Goes back to a version of the directory.
    Restore,
    /// Makes a key.
    AddKey,
    /// Revokes a key.
    RevokeKey,
    /// Gives an integration another key.
    RotateKey,
    /// Ends the sessions of who asks, but the one that asks.
    EndSessions,
    /// Ends one session of who asks.
    EndSession,
    /// Ends the sessions of a person.
    EndSessionsOf,
    /// Ends one session of a person.
    EndSessionOf,
    /// Makes a token of who asks.
    AddToken,
    /// Revokes a token of who asks.
    RevokeToken,
    /// Has somebody else take the shifts of who asks.
    Away,
    /// Pages who asks, to see that it reaches them.
    TestPage,
    /// Gives the URL of the feed of who asks.
    OwnFeed,
    /// Asks somebody in.
    Invite,
    /// Sends another link to somebody who was asked in.
    InviteAgain,
    /// Takes an invitation back.
    TakeInvitationBack,
    /// Makes a sign-in provider.
    AddProvider,
    /// Makes a sign-in provider what the body says.
    ReplaceProvider,
    /// Changes of a sign-in provider what the body names.
    ChangeProvider,
    /// Removes a sign-in provider.
    RemoveProvider,
    /// Asks a sign-in provider what it says of itself.
    CheckProvider,
}

impl Does {
    /// Whether it tells who asks of nobody but themselves, which they may ask whatever their role.
    pub fn tells_of_oneself(self) -> bool {
        matches!(self, Self::Read(Reading::Me | Reading::Sessions | Reading::Tokens | Reading::Shifts))
    }

    /// Whether it is about sessions of a person who may be another.
    pub fn is_of_sessions(self) -> bool {
        matches!(self, Self::Read(Reading::SessionsOf) | Self::Change(Change::EndSessionsOf | Change::EndSessionOf))
    }

    /// Whether it is about who asks, so that a session of the console asks for it, too.
    pub fn takes_session(self) -> bool {
        use Change::{AddToken, Away, EndSession, EndSessions, OwnFeed, RevokeToken, TestPage};
        // Whoever else may read it may do so by a session, too: it changes nothing, and tells the page of no other site.
        let reads = matches!(self, Self::Read(Reading::PersonData));
        let changes = matches!(self, Self::Change(EndSessions | EndSession | AddToken | RevokeToken));
        self.tells_of_oneself() || reads || changes || matches!(self, Self::Change(Away | TestPage | OwnFeed))
    }
}
