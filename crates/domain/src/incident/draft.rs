//! A draft: the incident while a step changes it, with the events and notifications that come of it.

use super::change::{Change, Pending};
use super::command::Actor;
use super::event::{Alerting, Event, Happening};
use super::replay::{apply, opened};
use super::seek::{Ladders, targets_from_level_1};
use super::{Incident, Status};
use crate::Instant;
use crate::directory::Directory;
use crate::ids::Username;
use crate::limits;
use crate::notification::{Channel, Content, Notification, Reason, plan, quiet_channel};

pub(super) struct Draft<'a> {
    pub(super) incident: Incident,
    pub(super) directory: &'a Directory,
    pub(super) actor: &'a Actor,
    pub(super) now: Instant,
    /// Whom the incident's pages reached, and by which channels.
    pub(super) reached: Vec<(Username, Channel)>,
    events: Vec<Event>,
    notifications: Vec<Notification>,
    pending: Pending,
}

impl<'a> Draft<'a> {
    pub(super) fn new(incident: Incident, directory: &'a Directory, actor: &'a Actor, now: Instant) -> Self {
        let (reached, events, notifications) = (Vec::new(), Vec::new(), Vec::new());
        Self { incident, directory, actor, now, reached, events, notifications, pending: Pending::Keep }
    }

    /// A draft of the incident that begins with this TRIGGER.
    pub(super) fn opening(
        trigger: Happening,
        directory: &'a Directory,
        actor: &'a Actor,
        now: Instant,
    ) -> Option<Self> {
        let event = Event { at: now, method: actor.method, by: actor.by.clone(), what: trigger };
        let mut draft = Self::new(opened(&event)?, directory, actor, now);
        draft.events.push(event);
        Some(draft)
    }

    pub(super) fn done(self) -> Change {
        let Self { incident, events, notifications, pending, .. } = self;
        Change { incident, events, notifications, pending }
    }

    /// Records what the actor brought about, and applies it.
    pub(super) fn record(&mut self, what: Happening) {
        let event = Event { at: self.now, method: self.actor.method, by: self.actor.by.clone(), what };
        self.take(event);
    }

    /// Records what follows by itself, and applies it.
    pub(super) fn record_by_system(&mut self, what: Happening) {
        let event = Event { at: self.now, method: Actor::SYSTEM.method, by: None, what };
        self.take(event);
    }

    fn take(&mut self, event: Event) {
        apply(&mut self.incident, &event);
        self.events.push(event);
    }

    /// Calls off what waits to be sent; a stronger demand stands over a weaker one.
    pub(super) fn call_off(&mut self, pending: Pending) {
        self.pending = self.pending.max(pending);
    }

    /// Notifies `level`: `happening` tells of it. Where nobody can be reached there, the level is passed over.
    pub(super) fn alert(&mut self, level: u32, happening: impl FnOnce(Alerting) -> Happening) {
        let alerting = self.alerting(level);
        let found = !alerting.assignees.is_empty();
        self.record(happening(alerting));
        if found { self.page_assignees() } else { self.pass_over(level) }
    }

    /// The alerting of `level` by the directory as it stands now.
    pub(super) fn alerting(&self, level: u32) -> Alerting {
        let ladders = Ladders::of(&self.incident, self.directory, self.now);
        let next_alert_at = self.now.plus_minutes(ladders.minutes(level));
        Alerting { level, assignees: ladders.people(level), next_alert_at }
    }

    /// Nobody can be reached on `level`: the levels after it, then those before, then the fallback policy.
    pub(super) fn pass_over(&mut self, level: u32) {
        let ladders = Ladders::of(&self.incident, self.directory, self.now);
        let others = (level + 1..=ladders.top()).chain(1..level);
        match ladders.first_with_people(others) {
            Some((found, mut passed_over)) => {
                passed_over.insert(0, level);
                let alerting = self.alerting(found);
                self.record_by_system(Happening::Escalate { alerting, passed_over });
                self.page_assignees();
            }
            None if self.fall_back() => {}
            None => self.strand(),
        }
    }

    /// Hands the incident to the organization's fallback policy, if somebody can be reached there.
    pub(super) fn fall_back(&mut self) -> bool {
        let directory = self.directory;
        let fallback = directory.fallback_policy.as_deref().and_then(|name| directory.policies.named(name));
        let Some(policy) = fallback.map(|entry| entry.ref_id.clone()) else { return false };
        let targets = targets_from_level_1(std::slice::from_ref(&policy));
        let ladders = Ladders::of_targets(&targets, directory, self.now);
        let Some((level, _)) = ladders.first_with_people(1..=ladders.top()) else { return false };
        let next_alert_at = self.now.plus_minutes(ladders.minutes(level));
        let alerting = Alerting { level, assignees: ladders.people(level), next_alert_at };
        self.call_off(Pending::DropAll);
        self.record_by_system(Happening::Reassign { targets: vec![policy], alerting, fallback: true });
        self.page_assignees();
        true
    }

    /// Nobody can be found at all: tried again every minute, said once.
    pub(super) fn strand(&mut self) {
        let next_alert_at = self.now.plus_minutes(limits::STRANDED_MINUTES);
        if self.incident.stranded {
            self.incident.next_alert_at = next_alert_at;
            return;
        }
        let alerting = Alerting { level: self.incident.level, assignees: Vec::new(), next_alert_at };
        self.record_by_system(Happening::Dispatch { alerting, stranded: true, after_maintenance: None });
    }

    /// Pages everyone whom the incident is with.
    pub(super) fn page_assignees(&mut self) {
        let people = self.incident.assignees.clone();
        self.page(&people);
    }

    /// Pages these people for the incident as it is now.
    pub(super) fn page(&mut self, people: &[Username]) {
        let reason = Reason::Page { level: self.incident.level };
        self.tell(people, reason);
    }

    /// Tells everyone who is kept informed.
    pub(super) fn tell_subscribers(&mut self, reason: Reason) {
        let people = self.informed();
        self.tell(&people, reason);
    }

    /// Everyone who is kept informed: the incident's subscribers and those of the impacted business services.
    fn informed(&self) -> Vec<Username> {
        let mut people = self.incident.subscribers.clone();
        let impacted =
            self.incident.impacts.iter().filter_map(|id| self.directory.business_services.with_ref(id.as_str()));
        for user in impacted.flat_map(|entry| &entry.component.subscribers) {
            if !people.contains(user) {
                people.push(user.clone());
            }
        }
        people
    }

    /// Tells those whom pages reached that it is over, each once and by what wakes nobody: whoever ended it knows, and who is
    /// kept informed is told as such.
    fn tell_paged(&mut self, reason: &Reason) {
        let informed = self.informed();
        let mut reached: Vec<(Username, Vec<Channel>)> = Vec::new();
        for (user, channel) in std::mem::take(&mut self.reached) {
            match reached.iter_mut().find(|(known, _)| *known == user) {
                Some((_, channels)) => channels.push(channel),
                None => reached.push((user, vec![channel])),
            }
        }
        for (user, by) in reached {
            let wants = self.directory.user(user.as_str()).is_some_and(|user| user.resolution_notices);
            if !wants || informed.contains(&user) || self.actor.user.as_ref() == Some(&user) {
                continue;
            }
            let Some(channel) = quiet_channel(&self.directory.channels_of(&user), &by) else { continue };
            let (content, round, due_at) = (self.content(reason.clone()), self.incident.round, self.now);
            self.notifications.push(Notification { user, channel, due_at, round, content });
        }
    }

    fn content(&self, reason: Reason) -> Content {
        Content {
            reason,
            title: self.incident.title.clone(),
            urgency: self.incident.urgency,
            created_at: self.incident.created_at,
            task_ref_id: self.incident.task_ref_id.clone(),
            skipped: Vec::new(),
        }
    }

    fn tell(&mut self, people: &[Username], reason: Reason) {
        let content = self.content(reason);
        for user in people {
            self.notifications.extend(plan(self.directory, user, &content, self.incident.round, self.now));
        }
    }

    /// Queues a notification that was made before, due now and in this round. Nobody is paged for what is resolved.
    pub(super) fn queue(&mut self, notification: Notification) {
        if self.incident.status != Status::Resolved || !notification.content.reason.is_page() {
            let (round, due_at) = (self.incident.round, self.now);
            self.notifications.push(Notification { round, due_at, ..notification });
        }
    }

    /// Ends the incident: its waiting pages are called off, and whoever was paged or is kept informed is told.
    pub(super) fn resolve(&mut self) {
        self.call_off(Pending::DropAll);
        self.record(Happening::Resolve);
        self.tell_subscribers(Reason::Resolved);
        self.tell_paged(&Reason::Resolved);
        debug_assert_eq!(self.incident.status, Status::Resolved);
    }
}
