//! Warnings about people on call: contacts that reach them for no urgency, and steps of rules that never come.

use super::{LevelPeople, Lint};
use crate::Urgency;
use crate::channel::Channel;
use crate::directory::{NotificationRule, User};
use crate::ids::Username;
use crate::notification::{channels_for, steps_of};
use crate::place::Place;
use std::collections::HashMap;

/// Warns of everybody who can be on one of `levels`.
pub(super) fn warn(lint: &mut Lint<'_>, levels: &[LevelPeople<'_>]) {
    let mut by_person: HashMap<&Username, Vec<&LevelPeople<'_>>> = HashMap::new();
    for level in levels {
        level.people.iter().for_each(|user| by_person.entry(user).or_default().push(level));
    }
    for entry in lint.directory.users.iter() {
        let user = &entry.component;
        let theirs = by_person.remove(&user.username).unwrap_or_default();
        if user.locked && !theirs.is_empty() {
            let problem =
                "is locked and on call still: they are paged, and cannot sign in; put somebody else in their place";
            lint.warn(user, "locked", problem.to_owned());
        }
        if !theirs.is_empty() && is_reachable(lint, user) {
            urgencies(lint, user);
            push_alone(lint, user);
            for (item, rule) in user.notification_rules.iter().enumerate() {
                late_steps(lint, user, item, rule, &theirs);
            }
        }
    }
}

/// Whether any contact can be used; warns of those that cannot.
fn is_reachable(lint: &mut Lint<'_>, user: &User) -> bool {
    let directory = lint.directory;
    let usable = directory.channels_of(&user.username);
    let there = |channel: &Channel| user.has_contact(*channel) && directory.channels.contains(channel);
    let unverified: Vec<_> =
        Channel::ALL.into_iter().filter(|channel| there(channel) && !usable.contains(channel)).collect();
    let contacts = if unverified.len() == 1 { "contact is" } else { "contacts are" };
    let problem = match (usable.is_empty(), unverified.is_empty()) {
        (true, true) => "is on call and has no contact, so nobody can reach them".to_owned(),
        (true, false) => {
            format!("is on call, and nobody can reach them: the {} {contacts} not verified", words(&unverified))
        }
        (false, false) => format!("the {} {contacts} not verified and not used before that", words(&unverified)),
        (false, true) => return true,
    };
    lint.warn(user, "username", problem);
    !usable.is_empty()
}

/// Warns of urgencies for which nothing that is to be done can be done.
fn urgencies(lint: &mut Lint<'_>, user: &User) {
    let usable = lint.directory.channels_of(&user.username);
    let is_lost = |urgency: &Urgency| !steps_of(user, *urgency).iter().any(|step| usable.contains(&step.channel));
    let lost: Vec<Urgency> = Urgency::ALL.into_iter().filter(is_lost).collect();
    let Some(first) = lost.first() else { return };
    let place = place_of(user, *first);
    let numbers: Vec<_> = lost.iter().map(|urgency| urgency.number().to_string()).collect();
    let instead = words(&channels_for(lint.directory, &user.username, *first));
    let problem = format!(
        "no step for urgency {} has a contact that can be used, so {instead} is used at once",
        numbers.join(", ")
    );
    lint.warn(user, place, problem);
}

/// Warns of urgencies for which somebody is pushed to and nothing else, which wakes nobody whose device is silent.
fn push_alone(lint: &mut Lint<'_>, user: &User) {
    let is_alone = |urgency: &Urgency| channels_for(lint.directory, &user.username, *urgency) == [Channel::Push];
    let alone: Vec<Urgency> = Urgency::ALL.into_iter().filter(is_alone).collect();
    let Some(first) = alone.first() else { return };
    let place = place_of(user, *first);
    let numbers: Vec<_> = alone.iter().map(|urgency| urgency.number().to_string()).collect();
    let problem = format!(
        "is reached by nothing but push for urgency {}, and push does not ring through silence: add sms or voice",
        numbers.join(", ")
    );
    lint.warn(user, place, problem);
}

/// Where it is said what is done for an urgency.
fn place_of(user: &User, urgency: Urgency) -> Place {
    let rule = user.notification_rules.iter().position(|rule| rule.urgencies.contains(&urgency));
    rule.map_or_else(|| "username".into(), |item| Place::item("notification_rules", item).key("steps"))
}

/// Warns of steps that the end of a level's wait always comes before.
fn late_steps(lint: &mut Lint<'_>, user: &User, item: usize, rule: &NotificationRule, levels: &[&LevelPeople<'_>]) {
    let place = Place::item("notification_rules", item).key("steps");
    let longest = levels.iter().map(|level| level.minutes).max().unwrap_or(0);
    for (step, number) in rule.steps.iter().zip(1..) {
        if step.after_minutes >= longest {
            let problem = format!(
                "rule {}, step {number} never comes: it is due after {} minutes, and every level that `{}` is on moves on \
                 after {longest} at the latest",
                item + 1,
                step.after_minutes,
                user.username
            );
            lint.warn(user, place, problem);
        }
    }
    let usable = lint.directory.channels_of(&user.username);
    let first = rule.steps.iter().find(|step| usable.contains(&step.channel)).map(|step| step.after_minutes);
    let Some(first) = first else { return };
    if let Some(level) = levels.iter().find(|level| level.minutes <= first && level.minutes < longest) {
        let problem = format!(
            "rule {} says nothing before {first} minutes, but level {} of `{}` moves on after {}: `{}` is not told there \
             at all",
            item + 1,
            level.number,
            level.policy.name,
            level.minutes,
            user.username
        );
        lint.warn(user, place, problem);
    }
}

fn words(channels: &[Channel]) -> String {
    let words: Vec<_> = channels.iter().map(|channel| channel.word()).collect();
    words.join(", ")
}
