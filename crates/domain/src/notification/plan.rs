//! By which channels and when a person is notified: their own rules, or the defaults of on-call §3.

use super::{Channel, Content, Notification};
use crate::directory::{Directory, NotificationRule, RuleStep, User};
use crate::ids::Username;
use crate::{Instant, Urgency};

/// The notifications that tell `user` of `message`, each due `after_minutes` of its step after `now`. A step whose
/// channel cannot be used is left out, and the first notification says so. Somebody who can be reached at all is told:
/// where no step is left, by e-mail, else by every channel that can be used, at once.
pub fn plan(directory: &Directory, user: &Username, content: &Content, round: u32, now: Instant) -> Vec<Notification> {
    let (steps, unusable) = match directory.user(user.as_str()) {
        Some(person) if content.reason.is_page() => usable_steps(directory, user, steps_of(person, content.urgency)),
        _ => (notice_steps(&directory.channels_of(user)), Vec::new()),
    };
    let notify = |step: RuleStep| Notification {
        user: user.clone(),
        channel: step.channel,
        due_at: now.plus_minutes(step.after_minutes),
        round,
        content: content.clone(),
    };
    let mut plan: Vec<Notification> = steps.into_iter().map(notify).collect();
    if let Some(first) = plan.first_mut().filter(|_| content.reason.is_page()) {
        first.content.skipped = skipped(directory, user, content.urgency, &unusable);
    }
    plan
}

/// The channels by which `user` is paged for an incident of this urgency, sooner or later, each once.
pub fn channels_for(directory: &Directory, user: &Username, urgency: Urgency) -> Vec<Channel> {
    each_once(steps_for(directory, user, urgency).iter().map(|step| step.channel))
}

/// The steps by which `user` is paged for an incident of this urgency: those whose channel can be used, or what is done
/// instead where there is none. Nothing reaches somebody without any.
pub fn steps_for(directory: &Directory, user: &Username, urgency: Urgency) -> Vec<RuleStep> {
    let Some(found) = directory.user(user.as_str()) else { return Vec::new() };
    usable_steps(directory, user, steps_of(found, urgency)).0
}

/// What of `wanted` can be done, or what is done instead; and what cannot be done.
fn usable_steps(directory: &Directory, user: &Username, wanted: Vec<RuleStep>) -> (Vec<RuleStep>, Vec<RuleStep>) {
    let usable = directory.channels_of(user);
    let (steps, unusable): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|step| usable.contains(&step.channel));
    if steps.is_empty() { (last_resort(&usable), unusable) } else { (steps, unusable) }
}

/// The steps by which `user` is paged for an incident of this urgency: of the first rule that names it, else the
/// defaults.
pub fn steps_of(user: &User, urgency: Urgency) -> Vec<RuleStep> {
    own_rule(user, urgency).map_or_else(|| defaults(urgency), |rule| rule.steps.clone())
}

pub(super) fn own_rule(user: &User, urgency: Urgency) -> Option<&NotificationRule> {
    user.notification_rules.iter().find(|rule| rule.urgencies.contains(&urgency))
}

/// On-call §3. A webhook and a chat are given by a person to be used, so they are, beside the e-mail.
fn defaults(urgency: Urgency) -> Vec<RuleStep> {
    let mut steps = notice();
    let after: &[(u32, Channel)] = match urgency {
        Urgency::Minor | Urgency::Low => &[],
        Urgency::Medium => &[(0, Channel::Push), (5, Channel::Sms)],
        Urgency::High | Urgency::Critical => {
            &[(0, Channel::Push), (0, Channel::Sms), (2, Channel::Voice), (7, Channel::Voice)]
        }
    };
    steps.extend(
        after.iter().map(|(after_minutes, channel)| RuleStep { after_minutes: *after_minutes, channel: *channel }),
    );
    steps
}

/// What informs only comes by what wakes nobody.
fn notice() -> Vec<RuleStep> {
    at_once([Channel::Email, Channel::Webhook, Channel::Chat])
}

/// The steps by which somebody is kept informed who can be reached by these: all that wake nobody, else the one that wakes the
/// least.
fn notice_steps(usable: &[Channel]) -> Vec<RuleStep> {
    const OTHERWISE: [Channel; 3] = [Channel::Push, Channel::Sms, Channel::Voice];
    let quiet: Vec<_> = notice().into_iter().filter(|step| usable.contains(&step.channel)).collect();
    let otherwise = OTHERWISE.into_iter().find(|channel| usable.contains(channel));
    if quiet.is_empty() { at_once(otherwise) } else { quiet }
}

/// By which of the `usable` channels somebody hears that what they were paged for is over, and sleeps on: one that wakes
/// nobody, if possible one that the pages came by, where they look. A text message only where nothing else is, and no call.
pub fn quiet_channel(usable: &[Channel], paged_by: &[Channel]) -> Option<Channel> {
    const QUIET: [Channel; 4] = [Channel::Push, Channel::Chat, Channel::Email, Channel::Webhook];
    let quiet = || QUIET.into_iter().filter(|channel| usable.contains(channel));
    let sms = usable.iter().copied().find(|channel| *channel == Channel::Sms);
    quiet().find(|channel| paged_by.contains(channel)).or_else(|| quiet().next()).or(sms)
}

fn last_resort(usable: &[Channel]) -> Vec<RuleStep> {
    if usable.contains(&Channel::Email) {
        return at_once([Channel::Email]);
    }
    at_once(usable.iter().copied())
}

fn at_once(channels: impl IntoIterator<Item = Channel>) -> Vec<RuleStep> {
    channels.into_iter().map(|channel| RuleStep { after_minutes: 0, channel }).collect()
}

/// The channels of these steps that are missed, each once.
fn skipped(directory: &Directory, user: &Username, urgency: Urgency, steps: &[RuleStep]) -> Vec<Channel> {
    let user = directory.user(user.as_str());
    let is_missed = |channel: &Channel| match user {
        Some(user) => is_missed(user, urgency, *channel),
        None => !is_optional(*channel),
    };
    each_once(steps.iter().map(|step| step.channel).filter(is_missed))
}

/// Whether somebody misses a channel that cannot be used. The defaults name webhook and chat for whoever has them: nobody misses
/// the ones that were never given.
pub(super) fn is_missed(user: &User, urgency: Urgency, channel: Channel) -> bool {
    !is_optional(channel) || user.has_contact(channel) || own_rule(user, urgency).is_some()
}

fn is_optional(channel: Channel) -> bool {
    matches!(channel, Channel::Webhook | Channel::Chat)
}

fn each_once(channels: impl Iterator<Item = Channel>) -> Vec<Channel> {
    let mut once: Vec<Channel> = Vec::new();
    for channel in channels {
        if !once.contains(&channel) {
            once.push(channel);
        }
    }
    once
}
