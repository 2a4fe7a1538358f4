//! Bodies and queries that are forms: names with values, or one field that holds JSON (intake §3.7).

use crate::json::json;
use crate::members::Object;
use serde_json::Value;

/// Fields in which senders put their JSON.
const HOLDING_JSON: [&str; 2] = ["payload", "data"];
/// Names in a query that are keys of integrations, not what the sender says (intake §3.1).
const KEYS: [&str; 5] = ["key", "token", "auth_token", "apikey", "integration_key"];

/// The body as a form, with what its JSON was repaired of; `None` if it does not begin with a name and `=`, or if there
/// are spaces in it and its sender does not say that it is a form.
pub(crate) fn form(body: &[u8], content_type: Option<&str>) -> Option<(Value, Vec<String>)> {
    let body = body.trim_ascii();
    let name = body.split(|byte| *byte == b'=').next().filter(|name| name.len() < body.len() && !name.is_empty())?;
    let named = name.iter().copied().all(is_of_a_name);
    let said = content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("x-www-form-urlencoded"));
    let spaced = body.iter().any(u8::is_ascii_whitespace);
    let pairs = || form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned()));
    (named && (said || !spaced)).then(|| fields(pairs()))
}

/// A form whose values `change` replaces where it says another one for a name; all else is as it was written. What is no
/// form is nearly always left as it is: a part of it is a field where a name of one word and `=` come first.
#[must_use]
pub fn changed_form(form: &str, change: impl Fn(&str, &str) -> Option<String>) -> String {
    let field = |part: &str| {
        let (name, value) = part.split_once('=')?;
        let is_named = !name.is_empty() && name.trim().bytes().all(is_of_a_name);
        let (known, held) = form_urlencoded::parse(part.as_bytes()).next().filter(|_| is_named && !value.is_empty())?;
        let held = change(known.trim(), &held)?;
        Some(format!("{name}={}", form_urlencoded::byte_serialize(held.as_bytes()).collect::<String>()))
    };
    let parts = form.split('&').map(|part| field(part).unwrap_or_else(|| part.to_owned()));
    parts.collect::<Vec<_>>().join("&")
}

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.[]%+".contains(&byte)
}

/// The query as an object, without what is a key of ours; `None` if nothing else is in it.
pub(crate) fn query(query: &[(String, String)]) -> Option<(Value, Vec<String>)> {
    let said = query.iter().filter(|(name, _)| !KEYS.contains(&name.to_ascii_lowercase().as_str()));
    let said: Vec<_> = said.cloned().collect();
    (!said.is_empty()).then(|| fields(said.into_iter()))
}

/// The fields as an object, or what the JSON in one of them says. Of two with one name the last counts.
pub(crate) fn fields(pairs: impl Iterator<Item = (String, String)>) -> (Value, Vec<String>) {
    let object: Object = pairs.map(|(name, value)| (name, Value::String(value))).collect();
    let held = HOLDING_JSON.iter().filter_map(|name| object.get(*name)?.as_str());
    let held = held.filter_map(|text| json(text.as_bytes()).ok()).find(|(value, _)| value.is_object());
    held.unwrap_or((Value::Object(object), Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json as value;

    #[test]
    fn a_form_is_told_from_text() {
        const FORM: Option<&str> = Some("application/x-www-form-urlencoded; charset=utf-8");
        let table = [
            ("a=b+c&d=%C3%BC", None, Some(value!({"a": "b c", "d": "ü"}))),
            ("a=disk full on /var", FORM, Some(value!({"a": "disk full on /var"}))),
            ("a=disk full on /var", None, None),
            ("disk full", FORM, None),
            ("disk is a=b", FORM, None),
            ("a=1&a=2", None, Some(value!({"a": "2"}))),
            ("payload=%7B%22title%22%3A%22x%22%7D&token=1", None, Some(value!({"title": "x"}))),
            ("data=no+json", None, Some(value!({"data": "no json"}))),
            ("=", FORM, None),
            ("", FORM, None),
        ];
        for (body, content_type, expect) in table {
            assert_eq!(form(body.as_bytes(), content_type).map(|(value, _)| value), expect, "{body}");
        }
    }

    #[test]
    fn a_key_in_the_query_is_not_what_the_sender_says() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(query(&[pair("apiKey", "x"), pair("token", "y")]), None);
        let said = query(&[pair("token", "y"), pair("title", "down")]);
        assert_eq!(said.map(|(value, _)| value), Some(value!({"title": "down"})));
    }
}
