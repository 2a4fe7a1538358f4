//! What the buttons within a form do: rows more, fewer, and in another order.

use super::typed::{Step, steps};
use serde_json::{Map, Value};

/// What a button says before the path that it is about.
pub(super) const MORE: &str = "more";
pub(super) const ONE: &str = "one";
pub(super) const UP: &str = "up";
pub(super) const DOWN: &str = "down";
pub(super) const DROP: &str = "drop";

/// A button that arranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::console::set_up::edit) struct Press<'a> {
    what: &'a str,
    path: &'a str,
}

impl<'a> Press<'a> {
    /// What a pressed button is for; nothing where it arranges nothing.
    pub(in crate::console::set_up::edit) fn of(button: &'a str) -> Option<Self> {
        let (what, path) = button.split_once(' ')?;
        [MORE, ONE, UP, DOWN, DROP].contains(&what).then_some(Self { what, path })
    }

    /// The field that it is about.
    pub(in crate::console::set_up::edit) fn key(self) -> &'a str {
        self.path.split(['.', '[']).next().unwrap_or_default()
    }
}

/// Arranges the value of the field, and says with which path within it one goes on.
pub(in crate::console::set_up::edit) fn arrange(inner: &mut Value, press: Press<'_>) -> Option<String> {
    let steps = steps(press.path)?;
    let Press { what, path } = press;
    match (what, steps.as_slice()) {
        (ONE, _) => Some(path.to_owned()),
        (DROP, [_]) => {
            *inner = Value::Null;
            Some(path.to_owned())
        }
        (MORE, [_, below @ ..]) => {
            let rows = below.iter().try_fold(inner, entered)?;
            if !rows.is_array() {
                *rows = Value::Array(Vec::new());
            }
            let rows = rows.as_array_mut()?;
            rows.push(Value::Object(Map::new()));
            Some(format!("{path}[{}]", rows.len() - 1))
        }
        (_, [_, below @ .., Step::Row(row)]) => {
            let rows = below.iter().try_fold(inner, entered)?.as_array_mut()?;
            let list = &path[..path.rfind('[')?];
            let to = match what {
                UP => row.checked_sub(1)?,
                DOWN => row.checked_add(1)?,
                _ => *row,
            };
            if *row >= rows.len() || to >= rows.len() {
                return None;
            }
            if what == DROP {
                rows.remove(*row);
            } else {
                rows.swap(*row, to);
            }
            Some(format!("{list}[{to}]"))
        }
        _ => None,
    }
}

/// What stands one step below; a group that is not there begins empty.
fn entered<'a>(value: &'a mut Value, step: &Step<'_>) -> Option<&'a mut Value> {
    match step {
        Step::Row(row) => value.get_mut(row),
        Step::Key(key) => {
            if value.is_null() {
                *value = Value::Object(Map::new());
            }
            Some(value.as_object_mut()?.entry(*key).or_insert(Value::Null))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Press, arrange};
    use serde_json::{Value, json};

    fn pressed(inner: &Value, button: &str) -> (Value, Option<String>) {
        let mut inner = inner.clone();
        let focus = arrange(&mut inner, Press::of(button).expect("it arranges"));
        (inner, focus)
    }

    #[test]
    fn rows_come_go_and_change_places_and_one_goes_on_where_they_are() {
        let rows = json!([{"a": 1}, {"a": 2}]);
        for (button, expect, focus) in [
            ("more f", json!([{"a": 1}, {"a": 2}, {}]), Some("f[2]")),
            ("up f[1]", json!([{"a": 2}, {"a": 1}]), Some("f[0]")),
            ("down f[0]", json!([{"a": 2}, {"a": 1}]), Some("f[1]")),
            ("drop f[0]", json!([{"a": 2}]), Some("f[0]")),
            ("drop f", Value::Null, Some("f")),
            ("one f[0].b", rows.clone(), Some("f[0].b")),
            ("up f[0]", rows.clone(), None),
            ("down f[1]", rows.clone(), None),
            ("drop f[9]", rows.clone(), None),
            ("down f[18446744073709551615]", rows.clone(), None),
            ("more f[9].b", rows.clone(), None),
            ("more f[", rows.clone(), None),
        ] {
            let (arranged, at) = pressed(&rows, button);
            assert_eq!((&arranged, at.as_deref()), (&expect, focus), "{button}");
        }
        assert_eq!(pressed(&Value::Null, "more f.hours").0, json!({"hours": [{}]}));
        assert_eq!(pressed(&json!([{}]), "more f[0].steps").0, json!([{"steps": [{}]}]));
        for none in ["look", "save", "more", "", "else f"] {
            assert_eq!(Press::of(none), None, "{none}");
        }
    }
}
