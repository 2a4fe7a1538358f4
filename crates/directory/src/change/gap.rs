//! Leaving a person out wherever they are named: their turns become gaps, which are kept and shown, and nobody moves up.

use super::draft::Draft;
use domain::directory::ComponentKind;
use serde_json::{Map, Value};

/// Leaves the person of this name out of everything. Of components of other kinds there is nothing to leave out.
pub(super) fn leave_out(draft: &mut Draft, kind: ComponentKind, name: &str) {
    if kind != ComponentKind::User {
        return;
    }
    for piece in &mut draft.pieces {
        if piece.kind != ComponentKind::User && without(&mut piece.body, name) {
            piece.is_touched = true;
        }
    }
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
            (_, Value::Array(items)) => {
                // Of all of them, also after one that had the name.
                let parts = items.iter_mut().filter_map(Value::as_object_mut).map(|part| without(part, name));
                parts.filter(|is_changed| *is_changed).count() > 0
            }
            _ => false,
        };
    }
    is_changed
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
