//! The components of an organization as they are written in its directory file and kept in the store.
//! Components refer to each other by name; ids exist on the wire only.

use super::contact::{ChatContact, NotificationRule, PushContact, WebhookContact};
use super::heartbeat::Heartbeat;
use super::integration::Integration;
use super::maintenance::MaintenanceWindow;
use super::role::Role;
use super::service::Service;
use super::team::Team;
use crate::channel::Channel;
use crate::ids::Username;
use crate::routine::Routine;
use crate::routing::Rule;
use serde::{Deserialize, Serialize};

/// The kinds of component, in the order in which they are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ComponentKind {
    /// A person.
    User,
    /// A group of people, used to filter lists.
    Team,
    /// An on-call schedule.
    Routine,
    /// A ladder of levels.
    EscalationPolicy,
    /// What alerts come in on.
    Service,
    /// What customers see.
    BusinessService,
    /// Responders, subscribers, bridges and a status update, ready to be added at once.
    ResponseSet,
    /// A named sequence of things to do to an incident.
    Workflow,
    /// A conditional routing rule.
    RoutingRule,
    /// A source of alerts.
    Integration,
    /// What must be heard of again and again.
    Heartbeat,
    /// A time in which what is worked on pages nobody.
    MaintenanceWindow,
}

impl ComponentKind {
    /// The words of all kinds, in the order of application.
    pub const WORDS: [&'static str; Self::ALL.len()] = {
        let mut words = [""; Self::ALL.len()];
        let mut place = 0;
        while place < words.len() {
            words[place] = Self::ALL[place].word();
            place += 1;
        }
        words
    };

    /// Every kind, in the order of application.
    pub const ALL: [Self; 12] = [
        Self::User,
        Self::Team,
        Self::Routine,
        Self::EscalationPolicy,
        Self::Service,
        Self::BusinessService,
        Self::ResponseSet,
        Self::Workflow,
        Self::RoutingRule,
        Self::Integration,
        Self::Heartbeat,
        Self::MaintenanceWindow,
    ];

    /// Its word in the directory file, the store and messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Team => "team",
            Self::EscalationPolicy => "escalation_policy",
            Self::Service => "service",
            Self::BusinessService => "business_service",
            Self::ResponseSet => "response_set",
            Self::Workflow => "workflow",
            Self::RoutingRule => "routing_rule",
            Self::Routine => "routine",
            Self::Integration => "integration",
            Self::Heartbeat => "heartbeat",
            Self::MaintenanceWindow => "maintenance_window",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A component that is known by a name.
pub trait Component: Clone + PartialEq + Serialize + for<'a> Deserialize<'a> {
    /// Its kind.
    const KIND: ComponentKind;

    /// Its name, unique among its kind within the organization.
    fn name(&self) -> &str;

    /// Name of the team that owns it.
    fn team(&self) -> Option<&str>;
}

macro_rules! component {
    ($type:ident, $field:ident, $owner:expr) => {
        impl Component for $type {
            const KIND: ComponentKind = ComponentKind::$type;

            fn name(&self) -> &str {
                self.$field.as_ref()
            }

            fn team(&self) -> Option<&str> {
                let owner: fn(&Self) -> Option<&str> = $owner;
                owner(self)
            }
        }
    };
    ($($type:ident,)*) => {
        $(component!($type, name, |component| component.team.as_deref());)*
    };
}

impl AsRef<str> for Username {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// A person. Without a contact nobody can reach them, and their levels are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Preferred username.
    pub username: Username,
    /// Name shown to people; the username where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Where e-mail goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where signed webhooks go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookContact>,
    /// Telephone that reads text messages, in the form of E.164: `+4915112345678`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<String>,
    /// Telephone that rings, in the form of E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
    /// Room of a chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat: Option<ChatContact>,
    /// Topic of an ntfy server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<PushContact>,
    /// When which channel is used; the defaults of on-call §3 for an urgency that none of them names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notification_rules: Vec<NotificationRule>,
    /// Whether the person is told when they go on call and off call.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub handover_notices: bool,
    /// Whether the person is told that it is over when somebody else, the sender or the clock resolves what they were
    /// paged for.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub resolution_notices: bool,
    /// What the person may do. It never decides whether they are paged.
    #[serde(default, skip_serializing_if = "Role::is_default")]
    pub role: Role,
    /// Job title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Telephone number without the country's prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Country of the telephone number, such as `DE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iso_country_code: Option<String>,
    /// Telephone prefix of that country, such as `+49`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// IANA name of the zone the person lives in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Language of the person, such as `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_picture: Option<String>,
    /// Free words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// May not sign in. Never decides whether a person is paged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
}

fn yes() -> bool {
    true
}

impl User {
    /// Whether there is a contact for this channel, verified or not.
    pub fn has_contact(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.email.is_some(),
            Channel::Webhook => self.webhook.is_some(),
            Channel::Sms => self.sms.is_some(),
            Channel::Voice => self.voice.is_some(),
            Channel::Chat => self.chat.is_some(),
            Channel::Push => self.push.is_some(),
        }
    }

    /// The name shown to people.
    pub fn shown_name(&self) -> &str {
        self.display_name.as_deref().unwrap_or(self.username.as_str())
    }
}

/// A ladder of levels (on-call §1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationPolicy {
    /// Its name.
    pub name: String,
    /// Name of the team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// What happens after the last level.
    #[serde(default, skip_serializing_if = "WhenExhausted::is_default")]
    pub when_exhausted: WhenExhausted,
    /// From level 1, at least one.
    pub levels: Vec<Level>,
}

/// What happens when the last level has not answered either (contract §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenExhausted {
    /// The last level is notified again.
    #[default]
    RepeatLast,
    /// From level 1 again.
    Restart,
}

impl WhenExhausted {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// One rung of a ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Minutes until the next level is notified, 1 to 10080.
    pub minutes: u32,
    /// Who is notified.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<Username>,
    /// Names of routines; whoever is on call by them at that moment is notified.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routines: Vec<String>,
}

/// What customers see; its subscribers hear of the incidents that impact it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessService {
    /// Its name.
    pub name: String,
    /// Name of the team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who hears of status updates of incidents that impact it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscribers: Vec<Username>,
}

/// A response made ready: run in one step (contract §2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponseSet {
    /// Its name.
    pub name: String,
    /// Name of the team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Names of policies that are added as targets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalation_policies: Vec<String>,
    /// Users that are added as targets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<Username>,
    /// Users that are added as subscribers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscribers: Vec<Username>,
    /// Where to meet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conference_bridges: Vec<String>,
    /// What is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_update: Option<String>,
}

/// A named sequence of things to do to an incident; each part that is given is done, in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workflow {
    /// Its name.
    pub name: String,
    /// Name of the team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Urgency to set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_urgency: Option<crate::Urgency>,
    /// Tags to add.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add_tags: Vec<String>,
    /// Note to add.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_note: Option<String>,
    /// Names of business services to mark as impacted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add_impacts: Vec<String>,
    /// Name of the response set to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_response_set: Option<String>,
}

type RoutingRule = Rule;
component!(User, username, |_| None);
// What a team says of itself is for its own managers to change.
component!(Team, name, |team| Some(&team.name));
component! {
    EscalationPolicy, Service, BusinessService, ResponseSet, Workflow, Routine, RoutingRule, Integration, Heartbeat,
    MaintenanceWindow,
}
