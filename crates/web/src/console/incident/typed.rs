//! Whom a form means that has a field to type in, since there are too many to choose from: a person by username or name, or a
//! policy.

use super::forms::POLICY;
use domain::directory::Directory;

/// Fields of operations that say who.
const WHO: [&str; 4] = ["reassign_to", "assignees", "subscribers", "users"];

/// The same pairs, in which whoever was typed is said as operations say it. What nobody is called stays as it was typed.
pub(super) fn meant(pairs: &[(String, String)], directory: &Directory) -> Vec<(String, String)> {
    let one = |(name, value): &(String, String)| {
        let value = if WHO.contains(&name.as_str()) { who(value.trim(), directory) } else { value.clone() };
        (name.clone(), value)
    };
    pairs.iter().map(one).collect()
}

fn who(typed: &str, directory: &Directory) -> String {
    if directory.user(typed).is_some() {
        return typed.to_owned();
    }
    if let Some(policy) = typed.strip_prefix(POLICY).and_then(|name| directory.policies.named(name)) {
        return policy.ref_id.to_string();
    }
    let mut called = directory.users.iter().filter(|entry| entry.component.shown_name() == typed);
    match (called.next(), called.next()) {
        (Some(entry), None) => entry.component.username.to_string(),
        _ => typed.to_owned(),
    }
}
