//! What an operation does, and what a success of it says.

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Asks something of an incident.
    Command(Verb),
    /// Only reads.
    Read(Reading),
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
}
