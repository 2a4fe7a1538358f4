//! Inserts that wait, so that PostgreSQL is asked once for many rows and not once for each.

use tokio_postgres::types::Type;

use super::Value;
use crate::Error;

/// Rows that may wait for one statement.
const MOST_ROWS: usize = 1_000;

/// Rows by the statement that inserts one, in the order in which the statements were first used.
#[derive(Default)]
pub(super) struct Queue(Vec<(String, Vec<Vec<Value>>)>);

impl Queue {
    /// Adds a row; says whether so many wait that it is time to run them.
    pub(super) fn push(&mut self, sql: &str, row: Vec<Value>) -> bool {
        let known = self.0.iter_mut().find(|(known, _)| known == sql);
        match known {
            Some((_, rows)) => {
                rows.push(row);
                rows.len() >= MOST_ROWS
            }
            None => {
                self.0.push((sql.to_owned(), vec![row]));
                false
            }
        }
    }

    /// What waits; afterwards nothing does.
    pub(super) fn take(&mut self) -> Vec<(String, Vec<Vec<Value>>)> {
        std::mem::take(&mut self.0)
    }

    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The statement that inserts many rows, given as one array for each placeholder, where `sql` inserts one.
///
/// # Errors
/// `Statement` when `sql` is not `insert into … (…) values (…)`.
pub(super) fn of_many_rows(sql: &str, types: &[Type]) -> Result<String, Error> {
    let wrong = || Error::Statement(format!("only an insert of one row can wait; statement: {sql}"));
    let (head, rest) = sql.split_once("values (").ok_or_else(wrong)?;
    let (values, tail) = rest.split_once(')').ok_or_else(wrong)?;
    if !head.starts_with("insert into ") || values.contains('(') {
        return Err(wrong());
    }
    let mut selected = values.to_owned();
    // From the last on, so that $1 is not found within $10.
    for number in (1..=types.len()).rev() {
        selected = selected.replace(&format!("${number}"), &format!("given.v{number}"));
    }
    let arrays: Vec<_> =
        types.iter().enumerate().map(|(place, kind)| format!("${}::{}[]", place + 1, kind.name())).collect();
    let names: Vec<_> = (1..=types.len()).map(|number| format!("v{number}")).collect();
    Ok(format!("{head}select {selected} from unnest({}) as given ({}){tail}", arrays.join(", "), names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::{Type, of_many_rows};

    #[test]
    fn an_insert_of_one_row_becomes_one_of_many() {
        let sql = "insert into thing (a, b, c, d) values ($1, 'word', $2, $2) on conflict do nothing";
        let expected = "insert into thing (a, b, c, d) select given.v1, 'word', given.v2, given.v2 \
                        from unnest($1::int8[], $2::text[]) as given (v1, v2) on conflict do nothing";
        assert_eq!(of_many_rows(sql, &[Type::INT8, Type::TEXT]).unwrap(), expected);
    }

    #[test]
    fn what_is_no_insert_of_one_row_cannot_wait() {
        for sql in
            ["update thing set a = $1", "insert into thing (a) select $1", "insert into thing (a) values (f($1))"]
        {
            assert!(of_many_rows(sql, &[Type::INT8]).is_err(), "{sql}");
        }
    }
}
