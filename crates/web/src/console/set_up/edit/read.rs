//! What somebody typed into the editor, as the body of an operation.

use super::field::{Field, Widget, spelled};
use super::inner::Typed;
use crate::console::form::Form;
use directory::file::read_field;
use serde_json::{Map, Value, json};

/// Fills the fields with what was typed, so that nothing of it is lost.
pub(super) fn fill(fields: &mut [Field], form: &Form) {
    let typed = Typed::of(form);
    let nothing = Typed::default();
    for field in fields {
        if let Widget::Inner(shape) = &field.widget {
            field.inner = shape.read(typed.field(&field.key).unwrap_or(&nothing));
            field.said = spelled(&field.widget, &field.key, &field.inner);
            continue;
        }
        field.said = match field.widget {
            Widget::Ticks(_) => form.all(&field.key).into_iter().map(str::to_owned).collect(),
            _ => form.get(&field.key).map(|text| vec![text.to_owned()]).unwrap_or_default(),
        };
    }
}

/// The body that the fields come to; what says nothing is left out.
///
/// # Errors
/// What cannot be read, each `field: what is wrong`.
pub(super) fn body(fields: &[Field]) -> Result<Map<String, Value>, Vec<String>> {
    let mut body = Map::new();
    let mut mistakes = Vec::new();
    for field in fields {
        let misnamed = match &field.widget {
            Widget::Inner(shape) => shape.misnamed(&field.key, &shape.usual(&field.inner)),
            _ => None,
        };
        if let Some((place, wrong)) = misnamed {
            mistakes.push(format!("{place}: {wrong}"));
            continue;
        }
        match value(field) {
            Ok(value) => body.extend(value.map(|value| (field.key.clone(), value))),
            Err(wrong) => mistakes.push(format!("{}: {wrong}", field.key)),
        }
    }
    if mistakes.is_empty() { Ok(body) } else { Err(mistakes) }
}

fn value(field: &Field) -> Result<Option<Value>, String> {
    if field.said.iter().all(|said| said.trim().is_empty()) {
        return Ok(None);
    }
    // Browsers send lines with both characters.
    let text = field.text().replace("\r\n", "\n");
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(Some(match &field.widget {
        Widget::Ticks(_) => json!(field.said),
        Widget::Lines => lines().map(Value::from).collect(),
        Widget::Members => lines().map(member).collect(),
        Widget::Inner(shape) => shape.usual(&field.inner),
        Widget::File(_) => read_field(&field.key, &text)?,
        Widget::Number => number(&text)?,
        Widget::Choice(words) if is_number(words) => number(&text)?,
        Widget::Choice(_) if field.is_truth => Value::from(text == "true"),
        Widget::Text => Value::from(text.trim_end()),
        Widget::Line | Widget::Choice(_) => Value::from(text.trim()),
    }))
}

fn is_number(words: &[(String, String)]) -> bool {
    words.iter().any(|(value, _)| value == "5") && words.len() == 6
}

fn number(text: &str) -> Result<Value, String> {
    text.trim().parse::<i64>().map(Value::from).map_err(|_| "must be a whole number".to_owned())
}

fn member(line: &str) -> Value {
    match line.split_once(':') {
        Some((name, role)) => json!({"username": name.trim(), "team_role": role.trim()}),
        None => Value::from(line),
    }
}

/// The merge patch that makes `after` of `before`, of these fields alone.
pub(super) fn patch(before: &Value, after: &Map<String, Value>, fields: &[Field]) -> Map<String, Value> {
    let mut patch = Map::new();
    for field in fields {
        let of = |component: Option<&Value>| component.cloned().unwrap_or_default();
        let (was, is) = (field.usual(&of(before.get(&field.key))), of(after.get(&field.key)));
        if was != is {
            patch.insert(field.key.clone(), merged(&was, &is));
        }
    }
    patch
}

/// What makes the one of the other: of a table, what it does not have any more is taken away.
fn merged(was: &Value, is: &Value) -> Value {
    let (Value::Object(was), Value::Object(is)) = (was, is) else { return is.clone() };
    let gone = was.keys().filter(|key| !is.contains_key(*key)).map(|key| (key.clone(), Value::Null));
    Value::Object(is.clone().into_iter().chain(gone).collect())
}

#[cfg(test)]
mod tests {
    use super::{body, fill, patch};
    use crate::console::form::Form;
    use crate::console::set_up::edit::field::{Field, fields};
    use domain::OrganizationId;
    use domain::directory::{ComponentKind, Directory};
    use serde_json::{Value, json};

    fn typed(kind: ComponentKind, form: &str) -> Vec<Field> {
        let mut fields = fields(kind, &Directory::empty(OrganizationId(1), "acme"));
        fill(&mut fields, &Form::read(form.as_bytes()));
        fields
    }

    #[test]
    fn what_is_typed_becomes_the_body_of_the_operation() {
        let form = "name=nights&enabled=false&days=monday&days=friday&minimum=2&conditions[0].field=title\
            &conditions[0].test=contains&conditions[0].value=a&conditions[4].field=&actions.set_urgency=1&description=";
        let expect = json!({"name": "nights", "enabled": false, "days": ["monday", "friday"],
            "conditions": [{"field": "title", "contains": "a"}], "minimum": 2, "actions": {"set_urgency": 1}});
        assert_eq!(body(&typed(ComponentKind::RoutingRule, form)).map(Value::Object), Ok(expect));
        let team = body(&typed(ComponentKind::Team, "name=a&members=ana%0D%0Aben:+manager%0D%0A"));
        let expect = json!({"name": "a", "members": ["ana", {"username": "ben", "team_role": "manager"}]});
        assert_eq!(team.map(Value::Object), Ok(expect));
        let integration =
            body(&typed(ComponentKind::Integration, "name=a&kind=generic&default_urgency=4&networks=10.0.0.0/8"));
        let expect = json!({"name": "a", "kind": "generic", "default_urgency": 4, "networks": ["10.0.0.0/8"]});
        assert_eq!(integration.map(Value::Object), Ok(expect));
    }

    #[test]
    fn all_that_cannot_be_read_is_told_at_once() {
        let mistakes = body(&typed(ComponentKind::Routine, "name=a&swaps=soon&routine_layers={")).unwrap_err();
        assert_eq!(mistakes.len(), 2, "{mistakes:?}");
        assert!(mistakes.iter().all(|mistake| mistake.contains(": is not valid")), "{mistakes:?}");
    }

    #[test]
    fn only_what_differs_is_sent_of_a_person() {
        let fields = typed(ComponentKind::User, "");
        let before = json!({"username": "ana", "email": "a…@example.org", "job_title": "x", "tags": ["a"],
            "push": {"url": "(hidden)", "token": "(hidden)"}});
        let Value::Object(after) = json!({"username": "ana", "email": "a…@example.org", "tags": ["b"],
            "push": {"url": "(hidden)"}})
        else {
            panic!()
        };
        let expect = json!({"push": {"url": "(hidden)", "token": null}, "job_title": null, "tags": ["b"]});
        assert_eq!(Value::Object(patch(&before, &after, &fields)), expect);
    }
}
