//! What an operation does.

use domain::directory::ComponentKind;

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
    /// What a list of changes means by this word.
    pub fn of_word(word: Option<&str>) -> Self {
        match word {
            Some("create") => Self::Add,
            Some("replace") => Self::Replace,
            Some("delete") => Self::Remove,
            _ => Self::Patch,
        }
    }

    /// Whether it only reads.
    pub fn only_reads(self) -> bool {
        matches!(self, Self::Page | Self::One)
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
    /// When a maintenance window is.
    Occurrences,
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
    /// The notification rules of a person, and what they come to.
    Rules,
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
    /// What somebody changed.
    ChangeEvents,
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
    /// What applying a directory file would come to.
    FilePlan,
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
    /// Requests for cover of who asks, and by which they are asked.
    Covers,
    /// Who could take a shift of who asks.
    CoverCandidates,
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
    /// Changes of a layer of a routine what the body names.
    ChangeLayer,
    /// Ends a layer of a routine.
    RemoveLayer,
    /// Makes an exception of a routine.
    AddException,
    /// Makes an exception of a routine what the body says.
    ReplaceException,
    /// Changes of an exception of a routine what the body names.
    ChangeException,
    /// Ends an exception of a routine.
    RemoveException,
    /// Ends one alert of an incident.
    EndAlert,
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
    /// Takes an administrator's word as proof.
    TrustContact,
    /// Gives a person a contact.
    SetContact,
    /// Takes a contact of a person away.
    RemoveContact,
    /// Gives a person notification rules.
    SetRules,
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
    /// Sends a test to an integration.
    TestIntegration,
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
    /// Asks others to take a shift of who asks.
    AskForCover,
    /// Says whether who asks takes a shift of another.
    AnswerCover,
    /// Takes a request for cover back.
    WithdrawCover,
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
    /// Sends a link to somebody who lost their second factor.
    SendEnrolment,
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
        use Reading::{CoverCandidates, Covers, Me, Sessions, Shifts, Tokens};
        matches!(self, Self::Read(Me | Sessions | Tokens | Shifts | Covers | CoverCandidates))
    }

    /// Whether it is about sessions of a person who may be another.
    pub fn is_of_sessions(self) -> bool {
        matches!(self, Self::Read(Reading::SessionsOf) | Self::Change(Change::EndSessionsOf | Change::EndSessionOf))
    }

    /// Whether a session of the console asks for it, too: it is about who asks, or wants that they signed in just now.
    pub fn takes_session(self) -> bool {
        use Change::{AddToken, Away, EndSession, EndSessions, OwnFeed, RevokeToken, SendEnrolment, TestPage};
        use Change::{AnswerCover, AskForCover, TrustContact, WithdrawCover};
        // Whoever else may read it may do so by a session, too: it changes nothing, and tells the page of no other site.
        let reads = matches!(self, Self::Read(Reading::PersonData));
        let changes = matches!(self, Self::Change(EndSessions | EndSession | AddToken | RevokeToken));
        self.tells_of_oneself()
            || reads
            || changes
            || matches!(self, Self::Change(AskForCover | AnswerCover | WithdrawCover))
            || matches!(self, Self::Change(Away | TestPage | OwnFeed | SendEnrolment | TrustContact))
    }
}
