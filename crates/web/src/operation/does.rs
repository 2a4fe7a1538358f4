//! What an operation does, and what a success of it says.

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Asks something of an incident.
    Command(Verb),
    /// Only reads.
    Read(Reading),
    /// Changes something beside the state of an incident.
    Change(Change),
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
    /// One routine.
    Routine,
    /// Who is on call by a routine over a period.
    Schedule,
    /// Who is on the levels of a policy over a period.
    Coverage,
    /// What a routine would come to.
    Preview,
    /// The swaps of a routine.
    Swaps,
    /// The contacts of a person.
    Contacts,
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
    /// Who asks.
    Me,
    /// The sessions of who asks.
    Sessions,
}

/// The operations that change something beside the state of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Makes a swap.
    AddSwap,
    /// Takes a swap back.
    RemoveSwap,
    /// Gives the URL of a routine's feed.
    RoutineFeed,
    /// Gives the URL of a person's feed.
    UserFeed,
    /// Sends a code to a contact.
    SendCode,
    /// Takes a code back as proof.
    VerifyContact,
    /// Sends a notification again.
    Resend,
    /// Ends the sessions of who asks, but the one that asks.
    EndSessions,
}

impl Does {
    /// Whether it is about who asks, so that a session of the console asks for it, too.
    pub fn takes_session(self) -> bool {
        matches!(self, Self::Read(Reading::Me | Reading::Sessions) | Self::Change(Change::EndSessions))
    }
}

/// What a success says; its schema stands in `openapi`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The JSON string `"Success"`.
    Success,
    /// When the engine acts next.
    NextAlert,
    /// The incident that a create made, or why it made none.
    Created,
    /// The incident that an un-merge made.
    Unmerged,
    /// An array of components.
    Components,
    /// An array of incidents by name.
    IncidentNames,
    /// An array of incidents.
    Incidents,
    /// An incident with its events.
    Details,
    /// An array of alerts.
    Alerts,
    /// An array of users.
    Users,
    /// A user.
    User,
    /// Who is on call by every policy.
    OnCall,
    /// A routine.
    Routine,
    /// Intervals of a routine.
    Schedule,
    /// Intervals of each level, and gaps.
    Coverage,
    /// Intervals, and what changes.
    Preview,
    /// A swap.
    Swap,
    /// An array of swaps.
    Swaps,
    /// The URL of a feed.
    Feed,
    /// An array of contacts.
    Contacts,
    /// An array of notifications.
    Notifications,
    /// The notices to a person.
    Notices,
    /// What became of one alert, and of later ones.
    Fate,
    /// An array of alerts and what became of them.
    Fates,
    /// An array of bodies.
    Payloads,
    /// An array of bodies with what would be read in each.
    Tries,
    /// What became of a code.
    CodeSent,
    /// Who asks.
    Me,
    /// An array of sessions.
    Sessions,
}
