//! The directory: an immutable snapshot of an organization's users, policies, services and rules.

mod check;
mod component;
mod definition;
mod register;

pub use check::Fault;
pub use component::{
    BusinessService, Component, ComponentKind, EscalationPolicy, Level, ResponseSet, Role, Service, Team, User,
    WebhookContact, WhenExhausted, Workflow,
};
pub use definition::Definition;
pub use register::{Entry, Register};

use crate::channel::Channel;
use crate::ids::{OrganizationId, RefId, Username};
use crate::limits;
use crate::routing::CompiledRule;
use std::collections::{BTreeSet, HashMap};

/// An organization as it stood at one version. Components point to each other by name.
#[derive(Clone, Debug)]
pub struct Directory {
    /// Whose directory this is.
    pub organization: OrganizationId,
    /// The organization's name.
    pub name: String,
    /// Counts the changes to it; each transaction compares it with the store.
    pub version: i64,
    /// Who is asked when nobody else can be found (contract §3).
    pub fallback_policy: Option<String>,
    /// Channels that this server has a carrier for.
    pub channels: BTreeSet<Channel>,
    /// People.
    pub users: Register<User>,
    /// Groups of people.
    pub teams: Register<Team>,
    /// Named policies, without the users' own.
    pub policies: Register<EscalationPolicy>,
    /// Services.
    pub services: Register<Service>,
    /// Business services.
    pub business_services: Register<BusinessService>,
    /// Response sets.
    pub response_sets: Register<ResponseSet>,
    /// Workflows.
    pub workflows: Register<Workflow>,
    /// Routing rules, in the order in which they are tried.
    pub rules: Vec<CompiledRule>,
    own_policies: HashMap<Username, RefId>,
    own_policy_users: HashMap<RefId, Username>,
}

/// An escalation policy as the engine climbs it: a named one, or a user's own (on-call §1).
#[derive(Clone, Copy, Debug)]
pub enum Ladder<'a> {
    /// A named policy.
    Named(&'a EscalationPolicy),
    /// The one-level policy of a user.
    Own(&'a User),
}

impl<'a> Ladder<'a> {
    /// How many levels it has.
    pub fn height(self) -> u32 {
        match self {
            Self::Named(policy) => u32::try_from(policy.levels.len()).unwrap_or(u32::MAX),
            Self::Own(_) => 1,
        }
    }

    /// Minutes of `level`, counted from 1; `None` above the last.
    pub fn minutes(self, level: u32) -> Option<u32> {
        match self {
            Self::Named(policy) => policy.levels.get(place(level)?).map(|level| level.minutes),
            Self::Own(_) => (level == 1).then_some(limits::OWN_POLICY_MINUTES),
        }
    }

    /// Who is on `level`, counted from 1.
    pub fn users(self, level: u32) -> Vec<&'a Username> {
        match self {
            Self::Named(policy) => place(level)
                .and_then(|place| policy.levels.get(place))
                .map(|level| level.users.iter().collect())
                .unwrap_or_default(),
            Self::Own(user) if level == 1 => vec![&user.username],
            Self::Own(_) => Vec::new(),
        }
    }

    /// What happens after its last level.
    pub fn when_exhausted(self) -> WhenExhausted {
        match self {
            Self::Named(policy) => policy.when_exhausted,
            Self::Own(_) => WhenExhausted::RepeatLast,
        }
    }
}

fn place(level: u32) -> Option<usize> {
    usize::try_from(level).ok()?.checked_sub(1)
}

impl Directory {
    /// A directory without components.
    pub fn empty(organization: OrganizationId, name: &str) -> Self {
        Self {
            organization,
            name: name.to_owned(),
            version: 0,
            fallback_policy: None,
            channels: Channel::ALL.into_iter().collect(),
            users: Register::default(),
            teams: Register::default(),
            policies: Register::default(),
            services: Register::default(),
            business_services: Register::default(),
            response_sets: Register::default(),
            workflows: Register::default(),
            rules: Vec::new(),
            own_policies: HashMap::new(),
            own_policy_users: HashMap::new(),
        }
    }

    /// Adds a user together with the id of the user's own one-level policy.
    pub fn add_user(&mut self, ref_id: RefId, own_policy: RefId, user: User) {
        self.own_policies.insert(user.username.clone(), own_policy.clone());
        self.own_policy_users.insert(own_policy, user.username.clone());
        self.users.add(ref_id, user);
    }

    /// Id of the user's own one-level policy (`policy_ref_id` of a user, contract §2).
    pub fn own_policy(&self, username: &str) -> Option<&RefId> {
        self.own_policies.get(username)
    }

    /// The policy with this id, named or a user's own.
    pub fn ladder(&self, policy: &RefId) -> Option<Ladder<'_>> {
        if let Some(entry) = self.policies.with_ref(policy.as_str()) {
            return Some(Ladder::Named(&entry.component));
        }
        let username = self.own_policy_users.get(policy)?;
        self.user(username.as_str()).map(Ladder::Own)
    }

    /// The user of this name.
    pub fn user(&self, username: &str) -> Option<&User> {
        self.users.named(username).map(|entry| &entry.component)
    }

    /// The name shown for a user; the username itself when there is no such user any more.
    pub fn shown_name<'a>(&'a self, username: &'a Username) -> &'a str {
        self.user(username.as_str()).map_or(username.as_str(), User::shown_name)
    }

    /// The channels by which a user can be reached on this server, in the order in which they are used.
    pub fn channels_of(&self, username: &Username) -> Vec<Channel> {
        let Some(user) = self.user(username.as_str()) else { return Vec::new() };
        let contacts = [(Channel::Email, user.email.is_some()), (Channel::Webhook, user.webhook.is_some())];
        contacts
            .into_iter()
            .filter(|(channel, has_contact)| *has_contact && self.channels.contains(channel))
            .map(|(channel, _)| channel)
            .collect()
    }
}

#[cfg(test)]
mod tests;
