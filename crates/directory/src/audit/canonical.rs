//! The canonical form of JSON (RFC 8785), of which the digests of the audit log are: for values without fractions.

use serde_json::{Map, Value};
use std::cmp::Ordering;

/// The largest whole number that every reader of JSON keeps exactly: 2^53 - 1.
const EXACT: u64 = (1 << 53) - 1;

/// The canonical form: no spaces, keys by their UTF-16, strings escaped as little as can be. `None` where a number is no
/// whole one of at most 2^53 - 1; see [`plain`].
pub(super) fn canonical(value: &Value) -> Option<String> {
    let mut text = String::with_capacity(1_024);
    write(&mut text, value)?;
    Some(text)
}

/// The same value with texts in the place of the numbers that have no canonical form here.
pub(super) fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) if whole(number).is_none() => Value::from(number.to_string()),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => Value::Object(fields.iter().map(|(key, value)| (key.clone(), plain(value))).collect()),
        other => other.clone(),
    }
}

fn whole(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().filter(|number| number.unsigned_abs() <= EXACT)
}

fn write(text: &mut String, value: &Value) -> Option<()> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => text.push_str(&whole(number)?.to_string()),
        Value::String(string) => write_string(text, string),
        Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write(text, item)?;
            }
            text.push(']');
        }
        Value::Object(fields) => write_object(text, fields)?,
    }
    Some(())
}

fn write_object(text: &mut String, fields: &Map<String, Value>) -> Option<()> {
    let mut sorted: Vec<_> = fields.iter().collect();
    sorted.sort_by(|(left, _), (right, _)| by_utf16(left, right));
    text.push('{');
    for (place, (key, value)) in sorted.into_iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        write_string(text, key);
        text.push(':');
        write(text, value)?;
    }
    text.push('}');
    Some(())
}

fn by_utf16(left: &str, right: &str) -> Ordering {
    if left.is_ascii() && right.is_ascii() { left.cmp(right) } else { left.encode_utf16().cmp(right.encode_utf16()) }
}

fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            control if control < ' ' => text.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::{EXACT, canonical, plain};
    use proptest::prelude::*;
    use serde_json::{Value, from_str, json};

    #[test]
    fn keys_are_sorted_and_strings_escaped_as_rfc_8785_has_it() {
        // Its example of section 3.2.3: keys by UTF-16, where a surrogate pair comes before U+FB33.
        let keys = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
            "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
        let sorted = canonical(&from_str::<Value>(keys).unwrap()).unwrap();
        let order = ["Carriage Return", "One", "Control", "Latin Small", "Euro Sign", "Emoji", "Hebrew Letter"];
        let places: Vec<_> = order.iter().map(|name| sorted.find(name).unwrap()).collect();
        assert!(places.is_sorted(), "{sorted}");
        // Its string of section 3.2.2.
        let string = json!("\u{20ac}$\u{f}\nA'B\"\\\\\"/");
        assert_eq!(canonical(&string).unwrap(), r#""€$\u000f\nA'B\"\\\\\"/""#);
        let literals = json!({"b": [null, true, false], "a": {"c": [], "": {}}});
        assert_eq!(canonical(&literals).unwrap(), r#"{"a":{"":{},"c":[]},"b":[null,true,false]}"#);
        assert_eq!(
            canonical(&json!("\u{8}\t\n\u{c}\r\u{0}\u{1f}\u{7f}")).unwrap(),
            "\"\\b\\t\\n\\f\\r\\u0000\\u001f\u{7f}\""
        );
    }

    #[test]
    fn numbers_are_whole_and_exact_or_become_texts() {
        let exact = EXACT as i64;
        for (number, expected) in [(json!(0), "0"), (json!(-7), "-7"), (json!(exact), "9007199254740991")] {
            assert_eq!(canonical(&number).as_deref(), Some(expected));
            assert_eq!(plain(&number), number);
        }
        for number in [json!(1.5), json!(1.0), json!(exact + 1), json!(-exact - 1), json!(u64::MAX)] {
            assert_eq!(canonical(&json!([number])), None);
            assert_eq!(plain(&json!({"a": [number]})), json!({"a": [number.to_string()]}));
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let number = (-(EXACT as i64)..=EXACT as i64).prop_map(Value::from);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            number,
            any::<String>().prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_form_reads_back_equal_and_is_its_own_form_however_keys_were_ordered(value in values()) {
            let text = canonical(&value).unwrap();
            let read: Value = from_str(&text).unwrap();
            prop_assert_eq!(&read, &value);
            prop_assert_eq!(canonical(&read).unwrap(), text.clone());
            if let Value::Object(fields) = &value {
                let reversed = Value::Object(fields.clone().into_iter().rev().collect());
                prop_assert_eq!(canonical(&reversed).unwrap(), text);
            }
        }
    }
}
