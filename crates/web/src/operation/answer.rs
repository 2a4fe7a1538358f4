//! What a success of an operation says.

use domain::directory::ComponentKind;

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
    /// A component of the directory, or what a change of one would come to.
    Component(ComponentKind),
    /// An array of components of the directory.
    ComponentPage(ComponentKind),
    /// `"Success"`, or what a removal would come to.
    Removed,
    /// Intervals of a routine.
    Schedule,
    /// Times of a maintenance window.
    Occurrences,
    /// Intervals of each level, and gaps.
    Coverage,
    /// Intervals, and what changes.
    Preview,
    /// A layer or exception of a routine, or what a change of one would come to.
    Layer,
    /// An array of layers or exceptions of a routine.
    Layers,
    /// A swap.
    Swap,
    /// An array of swaps.
    Swaps,
    /// The URL of a feed.
    Feed,
    /// An array of contacts.
    Contacts,
    /// The notification rules of a person, and what they come to.
    Rules,
    /// A device.
    Device,
    /// An array of devices.
    Devices,
    /// An array of notifications.
    Notifications,
    /// The notices to a person.
    Notices,
    /// What became of one alert, and of later ones.
    Fate,
    /// An array of alerts and what became of them.
    Fates,
    /// What somebody changed.
    ChangeEvents,
    /// An array of bodies.
    Payloads,
    /// An array of bodies with what would be read in each.
    Tries,
    /// The new key of an integration.
    RenewedKey,
    /// Rules as they are judged for an alert, and what would come of it.
    RuleTrial,
    /// What a change of the directory came to.
    Changed,
    /// The organization's settings.
    Organization,
    /// The organization's settings, and what a change of them came to.
    OrganizationChanged,
    /// An array of versions.
    Versions,
    /// A version, and what the directory was then.
    Version,
    /// What is different.
    Diff,
    /// What applying a directory file comes to.
    FilePlan,
    /// An array of components and the fields that were changed.
    Drift,
    /// An array of keys.
    Keys,
    /// A new key.
    NewKey,
    /// An array of sign-in providers.
    Providers,
    /// A sign-in provider.
    Provider,
    /// What was found out about a sign-in provider.
    ProviderCheck,
    /// What became of a code.
    CodeSent,
    /// Who asks.
    Me,
    /// An array of sessions.
    Sessions,
    /// An array of shifts.
    Shifts,
    /// Swaps that were made, and shifts that nobody takes.
    Away,
    /// A request for cover.
    Cover,
    /// An array of requests for cover.
    Covers,
    /// An array of people who could take a shift.
    CoverCandidates,
    /// An array of tokens.
    Tokens,
    /// A new token.
    NewToken,
    /// An array of invitations.
    Invitations,
    /// A new invitation.
    Invited,
    /// All that is held about a person.
    PersonData,
    /// An array of rows of the audit log.
    Audit,
    /// Rows of the audit log, each in a line of its own.
    AuditExport,
}

impl Answer {
    /// In which form a success is written.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::AuditExport => "application/x-ndjson",
            _ => "application/json",
        }
    }
}
