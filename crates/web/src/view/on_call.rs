//! Who is on call by every policy.

use directory::{LevelOnCall, PolicyOnCall};
use domain::Username;
use domain::directory::Directory;
use serde::Serialize;

/// A policy as it is answered.
#[derive(Debug, Serialize)]
pub struct PolicyItem<'a> {
    policy_ref_id: &'a str,
    name: &'a str,
    levels: Vec<LevelItem<'a>>,
}

#[derive(Debug, Serialize)]
struct LevelItem<'a> {
    level: usize,
    minutes: u32,
    on_call: Vec<Person<'a>>,
    until: Option<String>,
}

#[derive(Debug, Serialize)]
struct Person<'a> {
    preferred_username: &'a str,
    display_name: &'a str,
}

/// The policies, as they are given.
pub fn policies<'a>(policies: &'a [PolicyOnCall], directory: &'a Directory) -> Vec<PolicyItem<'a>> {
    let person =
        |user: &'a Username| Person { preferred_username: user.as_str(), display_name: directory.shown_name(user) };
    let level = |(number, level): (usize, &'a LevelOnCall)| LevelItem {
        level: number,
        minutes: level.minutes,
        on_call: level.on_call.users.iter().map(person).collect(),
        until: level.on_call.until.map(|at| at.wire()),
    };
    let item = |policy: &'a PolicyOnCall| PolicyItem {
        policy_ref_id: policy.ref_id.as_str(),
        name: &policy.name,
        levels: (1..).zip(&policy.levels).map(level).collect(),
    };
    policies.iter().map(item).collect()
}
