//! JSON as a story shows it, what fits on a line stands on one; and refusals.

use serde_json::Value;

use crate::Answer;

/// The longest line that is not broken up.
const WIDTH: usize = 110;

/// The value on as few lines as can be read.
pub(super) fn pretty(value: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    write(value, "", 0, &mut lines);
    lines
}

/// `-> 409 no_further_level: instance_id: …`
pub(super) fn refusal(answer: &Answer) -> String {
    let problem = answer.json();
    let code = problem["code"].as_str().expect("a code").to_owned();
    let problem = answer.refused(answer.status, &code);
    let errors: Vec<&str> = problem["errors"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    format!("-> {} {code}: {}", answer.status, errors.join("; "))
}

fn write(value: &Value, label: &str, indent: usize, lines: &mut Vec<String>) {
    let margin = " ".repeat(indent);
    let whole = format!("{margin}{label}{}", compact(value));
    match value {
        Value::Array(items) if whole.chars().count() > WIDTH && !items.is_empty() => {
            lines.push(format!("{margin}{label}["));
            items.iter().for_each(|item| write(item, "", indent + 2, lines));
            lines.push(format!("{margin}]"));
        }
        Value::Object(members) if whole.chars().count() > WIDTH && !members.is_empty() => {
            lines.push(format!("{margin}{label}{{"));
            members.iter().for_each(|(key, value)| write(value, &format!("{key}: "), indent + 2, lines));
            lines.push(format!("{margin}}}"));
        }
        _ => lines.push(whole),
    }
}

/// On one line, with a space after each colon and comma, and keys without quotes.
pub(super) fn compact(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(compact).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{key}: {}", compact(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_fits_on_a_line_stands_on_one() {
        assert_eq!(pretty(&json!({"a": [1, "b"], "c": null})), [r#"{a: [1, "b"], c: null}"#]);
        let long = "x".repeat(WIDTH);
        let told = pretty(&json!({"a": [1, long], "b": 2}));
        assert_eq!(told, ["{", "  a: [", "    1", &format!("    \"{long}\""), "  ]", "  b: 2", "}"]);
    }
}
