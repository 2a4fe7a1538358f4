//! One field of a component as somebody types it alone, in the spelling of the directory file.

use serde_json::{Map, Number, Value};
use toml::Table;

/// The value of the field `key` in `text`: `levels = [...]`, its tables under `[levels]` or `[[levels]]`, or the value alone.
///
/// # Errors
/// Why it is no TOML, or is about something else, as the end of a sentence that the field begins.
pub fn read_field(key: &str, text: &str) -> Result<Value, String> {
    let alone = || format!("{key} = {}", text.trim()).parse::<Table>();
    let table = match text.parse::<Table>() {
        Ok(table) if table.contains_key(key) => Ok(table),
        Ok(table) => {
            let other = table.keys().next().map_or("nothing", String::as_str);
            return Err(format!("is to be written as `{key}`, and here is `{other}`"));
        }
        // The value alone is no document of its own.
        Err(error) => alone().map_err(|own| if text.contains(&format!("{key} =")) { error } else { own }),
    };
    let mut table = table.map_err(|error| format!("is not valid TOML: {}", error.message()))?;
    let value = table.remove(key).map(json).ok_or_else(|| "says nothing".to_owned())?;
    match table.keys().next() {
        None => Ok(value),
        Some(other) => Err(format!("has `{other}` beside `{key}`, which is a field of its own")),
    }
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        toml::Value::Boolean(truth) => Value::from(truth),
        toml::Value::Datetime(at) => Value::from(at.to_string()),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(fields) => {
            Value::Object(fields.into_iter().map(|(key, value)| (key, json(value))).collect::<Map<_, _>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read_field;
    use crate::file::{write_component, write_field};
    use domain::directory::ComponentKind;
    use serde_json::{Value, json};

    #[test]
    fn a_field_is_read_in_whichever_way_a_file_spells_it() {
        let levels = json!([{"minutes": 5, "users": ["ana"]}]);
        for text in [
            "levels = [{ minutes = 5, users = [\"ana\"] }]",
            "[{ minutes = 5, users = [\"ana\"] }]",
            "[[levels]]\nminutes = 5\nusers = [\"ana\"]",
        ] {
            assert_eq!(read_field("levels", text), Ok(levels.clone()), "{text}");
        }
        assert_eq!(read_field("starts", "2026-06-01T00:00:00"), Ok(json!("2026-06-01T00:00:00")));
    }

    #[test]
    fn what_is_no_field_of_this_name_is_told() {
        for (text, words) in [
            ("[{ minutes = }]", "is not valid TOML"),
            ("steps = [1]", "is to be written as `levels`, and here is `steps`"),
            ("levels = [1]\nname = \"a\"", "has `name` beside `levels`"),
            ("levels = [", "is not valid TOML"),
        ] {
            let error = read_field("levels", text).unwrap_err();
            assert!(error.starts_with(words), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let long = "x".repeat(90);
        for value in [
            json!([{"minutes": 5, "users": ["ana", long]}, {"minutes": 7, "users": []}]),
            json!({"timezone": "UTC", "hours": [{"from": "09:00", "until": long}]}),
            json!([[1], [2]]),
            json!("text"),
        ] {
            assert_eq!(read_field("levels", &write_field("levels", &value)), Ok(value));
        }
    }

    #[test]
    fn a_component_is_written_as_in_a_file_without_what_only_the_server_sets() {
        let Value::Object(fields) = json!({"ref_id": "x", "escalation_policy": "primary", "name": "checkout",
            "description": null, "support_hours": {"timezone": "UTC", "hours": [{"from": "09:00", "until": "17:00"}]}})
        else {
            panic!()
        };
        let expect = "[[service]]\nname = \"checkout\"\nescalation_policy = \"primary\"\n\
            support_hours = { timezone = \"UTC\", hours = [{ from = \"09:00\", until = \"17:00\" }] }\n";
        assert_eq!(write_component(ComponentKind::Service, &fields), expect);
    }
}
