//! How somebody would be paged if it happened now: by which channels, after how long, and what is left out and why.

use super::Channel;
use super::plan::{is_missed, own_rule, steps_for, steps_of};
use crate::directory::{Directory, RuleStep, User};
use crate::{Urgency, Username};

/// Why a step of a rule is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The person has no contact for the channel.
    NoContact,
    /// Nobody has proved that the contact is the person's.
    NotVerified,
    /// This server has no carrier for the channel.
    NoCarrier,
}

impl LeftOut {
    /// Each word, as the API says it.
    pub const WORDS: &[&str] = &["no_contact", "not_verified", "no_carrier"];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoContact => "no_contact",
            Self::NotVerified => "not_verified",
            Self::NoCarrier => "no_carrier",
        }
    }
}

/// How somebody is paged for incidents of one urgency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The urgency.
    pub urgency: Urgency,
    /// Whether none of their own rules names it, so that the defaults of on-call §3 hold.
    pub is_default: bool,
    /// What the rule says.
    pub rule: Vec<RuleStep>,
    /// What is done: the steps whose channel can be used, or what is done instead where there is none.
    pub steps: Vec<RuleStep>,
    /// The steps that are left out, and why.
    pub left_out: Vec<(RuleStep, LeftOut)>,
    /// Whether no step of the rule can be done, so that something is done instead.
    pub is_instead: bool,
}

/// How this person is paged, for each urgency, the lowest first; nothing where there is no such person.
pub fn reach(directory: &Directory, username: &Username) -> Vec<Reach> {
    let Some(user) = directory.user(username.as_str()) else { return Vec::new() };
    let usable = directory.channels_of(username);
    let of = |urgency: Urgency| {
        let rule = steps_of(user, urgency);
        let is_left_out = |step: &&RuleStep| !usable.contains(&step.channel) && is_missed(user, urgency, step.channel);
        let left_out = rule.iter().filter(is_left_out).map(|step| (*step, why(directory, user, step.channel)));
        Reach {
            urgency,
            is_default: own_rule(user, urgency).is_none(),
            is_instead: !rule.iter().any(|step| usable.contains(&step.channel)),
            steps: steps_for(directory, username, urgency),
            left_out: left_out.collect(),
            rule,
        }
    };
    Urgency::ALL.into_iter().map(of).collect()
}

/// Why a channel that cannot be used to somebody cannot.
fn why(directory: &Directory, user: &User, channel: Channel) -> LeftOut {
    let is_given = user.has_contact(channel) || !directory.devices_of(&user.username, channel).is_empty();
    match (is_given, directory.channels.contains(&channel)) {
        (false, _) => LeftOut::NoContact,
        (true, false) => LeftOut::NoCarrier,
        (true, true) => LeftOut::NotVerified,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OrganizationId;
    use serde_json::json;

    #[test]
    fn a_step_that_cannot_be_done_is_left_out_for_a_reason_and_something_is_done_instead_of_a_rule_of_such_steps() {
        let mut directory = Directory::empty(OrganizationId(1), "acme");
        let user = json!({"username": "ana", "email": "ana@example.com", "sms": "+4915112345678", "voice": "+4915112345678",
        "notification_rules": [
            {"urgencies": [5], "steps": [{"after_minutes": 0, "channel": "sms"}, {"after_minutes": 3, "channel": "email"}]},
            {"urgencies": [4], "steps": [{"after_minutes": 1, "channel": "voice"}, {"after_minutes": 2, "channel": "chat"}]},
        ]});
        directory.add_user("ana".into(), "own".into(), serde_json::from_value(user).expect("a user"));
        directory.channels = [Channel::Email, Channel::Sms, Channel::Chat].into_iter().collect();
        let reach = reach(&directory, &Username("ana".into()));
        let told = |reach: &Reach| {
            let steps = reach.steps.iter().map(|step| (step.after_minutes, step.channel));
            let left_out = reach.left_out.iter().map(|(step, why)| (step.channel, *why));
            (reach.is_default, steps.collect::<Vec<_>>(), left_out.collect::<Vec<_>>(), reach.is_instead)
        };
        let of = |urgency: Urgency| reach.iter().find(|reach| reach.urgency == urgency).map(told).expect("an urgency");
        let mail = (3, Channel::Email);
        assert_eq!(of(Urgency::Critical), (false, vec![mail], vec![(Channel::Sms, LeftOut::NotVerified)], false));
        let left_out = vec![(Channel::Voice, LeftOut::NoCarrier), (Channel::Chat, LeftOut::NoContact)];
        assert_eq!(of(Urgency::High), (false, vec![(0, Channel::Email)], left_out, true));
        assert!(of(Urgency::Minor).0);
    }
}
