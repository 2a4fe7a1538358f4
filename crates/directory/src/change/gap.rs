//! Leaving a person out wherever they are named: their turns become gaps, which are kept and shown, and nobody moves up.

use super::draft::{Draft, Piece};
use domain::Refusal;
use domain::directory::{ChangeRefusal, ComponentKind};
use serde_json::{Map, Value};

/// Leaves the person of this name out of everything. Of components of other kinds there is nothing to leave out.
///
/// # Errors
/// `Invalid` where a policy would ask nobody any more.
pub(super) fn leave_out(draft: &mut Draft, kind: ComponentKind, name: &str) -> Result<(), Refusal> {
    if kind != ComponentKind::User {
        return Ok(());
    }
    for piece in &mut draft.pieces {
        if piece.kind != ComponentKind::User && without(&mut piece.body, name) {
            piece.is_touched = true;
        }
    }
    none_is_emptied(draft, |policy| {
        format!(
            "leave_gaps: {name} alone is asked by escalation policy `{policy}`: say by transfer_to who is asked instead"
        )
    })
}

/// The keys under which people are named in lists, whatever stands between.
const PEOPLE: [&str; 4] = ["users", "subscribers", "members", "rotations"];

/// Leaves the person of this name out of a body; whether something was.
pub(super) fn without(body: &mut Map<String, Value>, name: &str) -> bool {
    let mut is_changed = false;
    for (key, value) in body.iter_mut() {
        is_changed |= match (key.as_str(), value) {
            (key, Value::Array(items)) if PEOPLE.contains(&key) => drop_from(items, name),
            ("swaps", Value::Array(swaps)) => drop_swaps(swaps, name),
            (key, Value::Array(items)) => {
                // Of all of them, also after one that had the name.
                let parts = items.iter_mut().filter_map(Value::as_object_mut).map(|part| without(part, name));
                let is_changed = parts.filter(|is_changed| *is_changed).count() > 0;
                if key == "levels" && is_changed {
                    drop_empty_levels(items);
                }
                is_changed
            }
            _ => false,
        };
    }
    is_changed
}

/// A level on which nobody stands any more would only be waited for; the last one stays, for nothing says what comes instead.
fn drop_empty_levels(levels: &mut Vec<Value>) {
    if levels.iter().any(|level| !is_empty_level(level)) {
        levels.retain(|level| !is_empty_level(level));
    }
}

fn is_empty_level(level: &Value) -> bool {
    ["users", "routines"].iter().all(|key| level.get(key).and_then(Value::as_array).is_none_or(Vec::is_empty))
}

/// Refuses to leave policies behind that ask nobody any more, with a mistake for each.
pub(super) fn none_is_emptied(draft: &Draft, mistake: impl Fn(&str) -> String) -> Result<(), Refusal> {
    let policies =
        draft.pieces.iter().filter(|piece| piece.is_touched && piece.kind == ComponentKind::EscalationPolicy);
    let is_emptied = |piece: &&Piece| {
        let levels = piece.body.get("levels").and_then(Value::as_array);
        levels.is_some_and(|levels| !levels.is_empty() && levels.iter().all(is_empty_level))
    };
    let mistakes: Vec<String> = policies.filter(is_emptied).map(|piece| mistake(&piece.name)).collect();
    if mistakes.is_empty() { Ok(()) } else { Err(Refusal::Change(Box::new(ChangeRefusal::Invalid { mistakes }))) }
}

/// A group of a rotation stays, even when nobody is left in it: whose turn it is must not move.
fn drop_from(items: &mut Vec<Value>, name: &str) -> bool {
    let count = items.len();
    items.retain(|item| !is_called(item, name));
    let mut is_changed = items.len() < count;
    for group in items.iter_mut().filter_map(Value::as_array_mut) {
        is_changed |= drop_from(group, name);
    }
    is_changed
}

/// Leaves the person of this name in each list once, where they took somebody's place beside themselves.
pub(super) fn keep_once(draft: &mut Draft, name: &str) {
    for piece in &mut draft.pieces {
        if piece.is_touched && piece.kind != ComponentKind::User {
            once(&mut piece.body, name);
        }
    }
}

fn once(body: &mut Map<String, Value>, name: &str) {
    for (key, value) in body.iter_mut() {
        let Value::Array(items) = value else { continue };
        if PEOPLE.contains(&key.as_str()) {
            items.iter_mut().filter_map(Value::as_array_mut).for_each(|group| drop_again(group, name));
            drop_again(items, name);
        } else {
            items.iter_mut().filter_map(Value::as_object_mut).for_each(|part| once(part, name));
        }
    }
}

fn drop_again(items: &mut Vec<Value>, name: &str) {
    let mut is_there = false;
    items.retain(|item| !(is_called(item, name) && std::mem::replace(&mut is_there, true)));
}

fn is_called(item: &Value, name: &str) -> bool {
    item.as_str() == Some(name) || item.get("username").and_then(Value::as_str) == Some(name)
}

/// Who stood in for them is asked no more; where they stood in for somebody, nobody does.
fn drop_swaps(swaps: &mut Vec<Value>, name: &str) -> bool {
    let count = swaps.len();
    swaps.retain(|swap| swap.get("out").and_then(Value::as_str) != Some(name));
    let mut is_changed = swaps.len() < count;
    for swap in swaps.iter_mut().filter_map(Value::as_object_mut) {
        if swap.get("in").and_then(Value::as_str) == Some(name) {
            swap.remove("in");
            is_changed = true;
        }
    }
    is_changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_person_is_left_out_wherever_they_are_named_and_groups_stay_in_their_order() {
        let mut routine = json!({"name": "r", "routine_layers": [{"rotations": [["ana"], ["ben", "ana"], []]}],
            "swaps": [{"out": "ana", "in": "ben"}, {"out": "ben", "in": "ana"}, {"out": "ben"}]});
        assert!(without(routine.as_object_mut().unwrap(), "ana"));
        let expected = json!({"name": "r", "routine_layers": [{"rotations": [[], ["ben"], []]}],
            "swaps": [{"out": "ben"}, {"out": "ben"}]});
        assert_eq!(routine, expected);
        let mut policy =
            json!({"name": "ana", "levels": [{"minutes": 5, "users": ["ana", "ben"], "routines": ["ana"]}]});
        assert!(without(policy.as_object_mut().unwrap(), "ana"));
        let expected = json!({"name": "ana", "levels": [{"minutes": 5, "users": ["ben"], "routines": ["ana"]}]});
        assert_eq!(policy, expected);
        let mut policy =
            json!({"levels": [{"users": ["ana"]}, {"users": ["ben"]}, {"users": ["ana"], "routines": ["r"]}]});
        assert!(without(policy.as_object_mut().unwrap(), "ana"));
        assert_eq!(policy, json!({"levels": [{"users": ["ben"]}, {"users": [], "routines": ["r"]}]}));
        assert!(without(policy.as_object_mut().unwrap(), "ben"));
        assert_eq!(policy, json!({"levels": [{"users": [], "routines": ["r"]}]}));
        let mut team = json!({"name": "t", "members": ["ben", {"username": "ana", "team_role": "manager"}]});
        assert!(without(team.as_object_mut().unwrap(), "ana"));
        assert_eq!(team, json!({"name": "t", "members": ["ben"]}));
        assert!(!without(team.as_object_mut().unwrap(), "ana"));
    }

    #[test]
    fn who_takes_a_place_beside_themselves_is_there_once() {
        let mut policy = json!({"name": "p", "levels": [{"users": ["ana", "ben", "ana"]}, {"users": ["ana"]}],
            "rotations": [["ana"], ["ana", "ana"]], "members": [{"username": "ana", "team_role": "manager"}, "ana"]});
        once(policy.as_object_mut().unwrap(), "ana");
        let expected = json!({"name": "p", "levels": [{"users": ["ana", "ben"]}, {"users": ["ana"]}],
            "rotations": [["ana"], ["ana"]], "members": [{"username": "ana", "team_role": "manager"}]});
        assert_eq!(policy, expected);
    }
}
