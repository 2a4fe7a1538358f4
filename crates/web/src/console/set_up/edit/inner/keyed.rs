//! A table whose rows have names, as rows of a form: what each is called is a field of its own, beside what it holds.

use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// The fields of a row in a form.
pub(super) const NAME: &str = "name";
pub(super) const HOLDS: &str = "holds";

/// The table as rows of a form; rows stay what they are.
pub(super) fn opened(value: &Value) -> Value {
    match value {
        Value::Object(table) => table.iter().map(|(name, holds)| json!({NAME: name, HOLDS: holds})).collect(),
        value => value.clone(),
    }
}

/// The rows of a form as a table, where `empty` is held by a row of which nothing more is said. They stay rows as long as one
/// has no name, or two have the same, so that nothing of them is lost.
pub(super) fn closed(rows: &[Value], empty: &Value) -> Value {
    if fault(rows).is_some() {
        return Value::from(rows.to_vec());
    }
    let entry = |row: &Value| (name_of(row).to_owned(), row.get(HOLDS).unwrap_or(empty).clone());
    Value::Object(rows.iter().map(entry).collect::<Map<_, _>>())
}

/// What is wrong with the names of these rows: of which row, and how.
pub(super) fn fault(rows: &[Value]) -> Option<(usize, &'static str)> {
    let mut names = HashSet::new();
    rows.iter().enumerate().find_map(|(place, row)| match name_of(row) {
        "" => Some((place, "is required")),
        name if !names.insert(name) => Some((place, "is there twice")),
        _ => None,
    })
}

fn name_of(row: &Value) -> &str {
    row.get(NAME).and_then(Value::as_str).unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::{closed, fault, opened};
    use serde_json::{Value, json};

    #[test]
    fn a_table_is_opened_into_rows_and_closed_again_unless_a_name_is_missing_or_there_twice() {
        let table = json!({"db-1": {"team": "storage"}, "db-2": {}});
        let rows = opened(&table);
        assert_eq!(rows, json!([{"name": "db-1", "holds": {"team": "storage"}}, {"name": "db-2", "holds": {}}]));
        let list = |rows: &Value| rows.as_array().cloned().unwrap();
        assert_eq!((closed(&list(&rows), &json!({})), opened(&rows)), (table, rows));
        let bare = json!([{"name": "a"}]);
        assert_eq!(closed(&list(&bare), &json!("")), json!({"a": ""}));
        for (rows, expect) in [
            (json!([{"name": "a"}, {"name": " a "}]), (1, "is there twice")),
            (json!([{"holds": "x"}]), (0, "is required")),
        ] {
            assert_eq!((fault(&list(&rows)), closed(&list(&rows), &json!(""))), (Some(expect), rows));
        }
    }
}
