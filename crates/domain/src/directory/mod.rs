//! The directory: an immutable snapshot of an organization's users, policies, services and rules.

mod admission;
mod check;
mod cloudwatch;
mod component;
mod contact;
mod coverage;
mod definition;
mod enrichment;
mod former;
mod group_by;
mod heartbeat;
mod integration;
mod ladder;
mod mail;
mod maintenance;
mod management;
mod mapping;
mod owner;
mod person;
mod reach;
mod reading;
mod refusal;
mod register;
mod role;
mod sender_kind;
mod service;
mod support_hours;
mod team;

pub use admission::SigningSecret;
pub use check::Fault;
pub use cloudwatch::CloudWatch;
pub use component::{
    BusinessService, Component, ComponentKind, EscalationPolicy, Level, ResponseSet, User, WhenExhausted, Workflow,
};
pub use contact::{ChatContact, ChatKind, NotificationRule, PushContact, PushDevice, RuleStep, WebhookContact};
pub use definition::Definition;
pub use enrichment::{CompiledEnrichment, Enrichment, Extract, LinkTemplate, Lookup};
pub use former::FormerPeople;
pub use group_by::{GroupBy, Reping, Window};
pub use heartbeat::Heartbeat;
pub use integration::{Integration, OnResolve, SeverityUrgency, dashed_key, key_digits};
pub use ladder::Ladder;
pub use mail::{CompiledMail, CompiledMailRule, Mail, MailAction, MailAuthentication, MailDemand, MailRule, MailView};
pub use maintenance::{During, MaintenanceWindow};
pub use management::{FileLock, ManagedBy, PersonalOf, Settings};
pub use mapping::{CompiledMapping, Mapping, Source};
pub use reading::Reading;
pub use refusal::ChangeRefusal;
pub use register::{Entry, Register};
pub use role::{Role, TeamRole};
pub use sender_kind::SenderKind;
pub use service::Service;
pub use support_hours::{Hours, SupportHours};
pub use team::{Member, Team};

use crate::Instant;
use crate::channel::Channel;
use crate::ids::{OrganizationId, RefId, Username};
use crate::limits;
use crate::routine::{self, Interval, OnCall, Routine, Swap};
use crate::routing::CompiledRule;
use std::collections::{BTreeSet, HashMap, HashSet};

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
    /// What the organization has set.
    pub settings: Settings,
    /// Channels that this server has a carrier for.
    pub channels: BTreeSet<Channel>,
    /// People.
    pub users: Register<User>,
    /// Groups of people.
    pub teams: Register<Team>,
    /// Who is on call.
    pub routines: Register<Routine>,
    /// Swaps beside those that stand in the routines themselves, by the routine's name.
    pub swaps: HashMap<String, Vec<Swap>>,
    /// Contacts that a person has proved to be theirs; the others that need it are not used.
    pub verified: HashSet<(Username, Channel)>,
    /// Browsers that are pushed to; each has proved itself, since only its owner could make it.
    pub devices: HashMap<Username, Vec<PushDevice>>,
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
    /// Sources of alerts.
    pub integrations: Register<Integration>,
    /// What must be heard of again and again.
    pub heartbeats: Register<Heartbeat>,
    /// Times in which what is worked on pages nobody.
    pub maintenance_windows: Register<MaintenanceWindow>,
    /// When each of them was made, by its id, where that is known: it may say that it began before.
    pub windows_made_at: HashMap<RefId, Instant>,
    /// The newest key of each integration and heartbeat, by its id: 32 digits.
    pub integration_keys: HashMap<RefId, String>,
    /// Routing rules, in the order in which they are tried.
    pub rules: Vec<CompiledRule>,
    /// People who left.
    pub former: FormerPeople,
    /// Components that are gone, by id, with the names that they had last.
    pub former_components: HashMap<RefId, String>,
    own_policies: HashMap<Username, RefId>,
    own_policy_users: HashMap<RefId, Username>,
}

impl Directory {
    /// A directory without components.
    pub fn empty(organization: OrganizationId, name: &str) -> Self {
        Self {
            organization,
            name: name.to_owned(),
            version: 0,
            fallback_policy: None,
            settings: Settings::default(),
            channels: Channel::ALL.into_iter().collect(),
            users: Register::default(),
            teams: Register::default(),
            routines: Register::default(),
            swaps: HashMap::new(),
            verified: HashSet::new(),
            devices: HashMap::new(),
            policies: Register::default(),
            services: Register::default(),
            business_services: Register::default(),
            response_sets: Register::default(),
            workflows: Register::default(),
            integrations: Register::default(),
            heartbeats: Register::default(),
            maintenance_windows: Register::default(),
            windows_made_at: HashMap::new(),
            integration_keys: HashMap::new(),
            rules: Vec::new(),
            former: FormerPeople::default(),
            former_components: HashMap::new(),
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
            return Some(Ladder::Named(&entry.component, self));
        }
        let username = self.own_policy_users.get(policy)?;
        self.user(username.as_str()).map(Ladder::Own)
    }

    /// The user of this name.
    pub fn user(&self, username: &str) -> Option<&User> {
        self.users.named(username).map(|entry| &entry.component)
    }

    /// The name shown for a user, also for one who left; the username itself where there never was one.
    pub fn shown_name<'a>(&'a self, username: &'a Username) -> &'a str {
        let left = || self.former.id(username).and_then(|id| self.former.name(id));
        self.user(username.as_str()).map(User::shown_name).or_else(left).unwrap_or(username.as_str())
    }

    /// The name shown for the person with this id, also for one who left; none where there never was one.
    pub fn person_name(&self, ref_id: &RefId) -> Option<&str> {
        let user = self.users.with_ref(ref_id.as_str());
        user.map(|entry| entry.component.shown_name()).or_else(|| self.former.name(ref_id))
    }

    /// The name of the service with this id, also of one that is gone; none where there never was one.
    pub fn service_name(&self, ref_id: &RefId) -> Option<&str> {
        self.name_of(&self.services, ref_id)
    }

    /// The same of a business service.
    pub fn business_service_name(&self, ref_id: &RefId) -> Option<&str> {
        self.name_of(&self.business_services, ref_id)
    }

    /// The same of a maintenance window.
    pub fn maintenance_window_name(&self, ref_id: &RefId) -> Option<&str> {
        self.name_of(&self.maintenance_windows, ref_id)
    }

    fn name_of<'a, T: Component>(&'a self, register: &'a Register<T>, ref_id: &RefId) -> Option<&'a str> {
        let here = register.with_ref(ref_id.as_str()).map(|entry| entry.component.name());
        here.or_else(|| self.former_components.get(ref_id).map(String::as_str))
    }

    /// The channels by which a user can be reached on this server, in the order in which they are used.
    pub fn channels_of(&self, username: &Username) -> Vec<Channel> {
        let Some(user) = self.user(username.as_str()) else { return Vec::new() };
        let usable = |channel: &Channel| {
            let has_contact = user.has_contact(*channel) && self.is_trusted(username, *channel);
            self.channels.contains(channel) && (has_contact || !self.devices_of(username, *channel).is_empty())
        };
        Channel::ALL.into_iter().filter(usable).collect()
    }

    /// Whether a contact may be used as far as verification goes: it needs none, or the person has proved that it is
    /// theirs.
    pub fn is_trusted(&self, username: &Username, channel: Channel) -> bool {
        !channel.needs_verification() || self.verified.contains(&(username.clone(), channel))
    }

    /// The browsers that a channel to this person leads to, beside their contact.
    pub fn devices_of(&self, username: &Username, channel: Channel) -> &[PushDevice] {
        let devices = self.devices.get(username).filter(|_| channel == Channel::Push);
        devices.map_or(&[], Vec::as_slice)
    }

    /// Who is on call by this routine at `at`, with all swaps; nobody by a routine that does not exist.
    pub fn on_call(&self, routine: &str, at: Instant) -> OnCall {
        let Some(entry) = self.routines.named(routine) else { return OnCall { users: Vec::new(), until: None } };
        routine::on_call(&entry.component, self.swaps_of(routine), at)
    }

    /// Who is on call by this routine at `at`, without the search for when that changes.
    pub fn on_call_at(&self, routine: &str, at: Instant) -> Vec<Username> {
        let Some(entry) = self.routines.named(routine) else { return Vec::new() };
        routine::resolve(&entry.component, self.swaps_of(routine), at)
    }

    /// The most days for which the schedule of this routine is worked out.
    pub fn schedule_days(&self, routine: &str) -> i64 {
        let entry = self.routines.named(routine);
        entry.map_or(limits::SCHEDULE_DAYS, |entry| entry.component.schedule_days(self.swaps_of(routine)))
    }

    /// Who is on call by this routine from `from` until `until`, with all swaps.
    pub fn schedule(&self, routine: &str, from: Instant, until: Instant) -> Vec<Interval> {
        let Some(entry) = self.routines.named(routine) else { return Vec::new() };
        routine::schedule(&entry.component, self.swaps_of(routine), from, until)
    }

    /// The swaps of this routine beside those that stand in it, the latest made last.
    pub fn swaps_of(&self, routine: &str) -> &[Swap] {
        self.swaps.get(routine).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests;
