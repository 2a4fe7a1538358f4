//! Statements that wait, so that PostgreSQL is asked once for many rows and waits for one answer instead of many.

use tokio_postgres::types::Type;

use super::Value;
use crate::Error;

/// Rows that may wait.
const MOST_ROWS: usize = 1_000;

/// Statements that wait, in the order in which they are to run.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Vec<Waiting>,
    rows: usize,
}

/// A statement that waits.
pub(super) struct Waiting {
    pub(super) sql: String,
    /// Several for an insert only.
    pub(super) rows: Vec<Vec<Value>>,
    pub(super) demand: Demand,
}

/// How many rows a statement must change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    /// As many as it does.
    Any,
    /// One, or somebody else came first.
    One,
}

impl Queue {
    /// Adds a row; says whether so many wait that it is time to run them. An insert joins one of the same kind that
    /// waits, but for one that a later change of the same table may need to have run.
    pub(super) fn push(&mut self, sql: &str, row: Vec<Value>, demand: Demand) -> bool {
        self.rows += 1;
        let newest = self.waiting.iter_mut().rev();
        let mut of_table = newest.take_while(|waiting| is_insert(&waiting.sql) || table(&waiting.sql) != table(sql));
        match of_table.find(|waiting| is_insert(sql) && waiting.sql == sql) {
            Some(waiting) => waiting.rows.push(row),
            None => self.waiting.push(Waiting { sql: sql.to_owned(), rows: vec![row], demand }),
        }
        self.rows >= MOST_ROWS
    }

    /// What waits; afterwards nothing does.
    pub(super) fn take(&mut self) -> Vec<Waiting> {
        self.rows = 0;
        std::mem::take(&mut self.waiting)
    }

    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.take();
    }
}

fn is_insert(sql: &str) -> bool {
    sql.starts_with("insert into ")
}

/// The table that a statement writes to.
fn table(sql: &str) -> &str {
    let rest = ["insert into ", "update ", "delete from "].iter().find_map(|verb| sql.strip_prefix(verb));
    rest.and_then(|rest| rest.split_whitespace().next()).unwrap_or(sql)
}

/// The statement that inserts many rows, given as one array for each placeholder, where `sql` inserts one.
///
/// # Errors
/// `Statement` when `sql` is not `insert into … (…) values (…)`.
pub(super) fn of_many_rows(sql: &str, types: &[Type]) -> Result<String, Error> {
    let wrong = || Error::Statement(format!("only an insert of one row can wait; statement: {sql}"));
    let (head, rest) = sql.split_once("values (").ok_or_else(wrong)?;
    let (values, tail) = rest.split_at(closing(rest).ok_or_else(wrong)?);
    let tail = &tail[1..];
    if !head.starts_with("insert into ") {
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

/// Where the parenthesis closes that was open before `rest`.
fn closing(rest: &str) -> Option<usize> {
    let mut open = 1;
    rest.bytes().position(|byte| {
        open += i32::from(byte == b'(') - i32::from(byte == b')');
        open == 0
    })
}

#[cfg(test)]
mod tests {
    use super::{Demand, Queue, Type, Value, of_many_rows};

    /// The statements as they would run, each with the number of its rows.
    fn order(statements: &[&str]) -> Vec<(String, usize)> {
        let mut queue = Queue::default();
        for sql in statements {
            queue.push(sql, vec![Value::Null], Demand::Any);
        }
        queue.take().into_iter().map(|waiting| (waiting.sql, waiting.rows.len())).collect()
    }

    #[test]
    fn inserts_go_together_unless_a_change_of_their_table_came_between() {
        let (thing, part, change) =
            ("insert into thing (a) values ($1)", "insert into part (a) values ($1)", "update thing set a = $1");
        let together = order(&[thing, part, thing, change, part, thing, thing]);
        let expected = [(thing, 2), (part, 2), (change, 1), (thing, 2)];
        assert_eq!(together, expected.map(|(sql, rows)| (sql.to_owned(), rows)));
    }

    #[test]
    fn changes_run_one_by_one_in_their_order() {
        let (change, removal) = ("update thing set a = $1", "delete from thing where a = $1");
        let expected = [(change, 1), (change, 1), (removal, 1), (change, 1)];
        assert_eq!(order(&[change, change, removal, change]), expected.map(|(sql, rows)| (sql.to_owned(), rows)));
    }

    #[test]
    fn an_insert_of_one_row_becomes_one_of_many() {
        let sql = "insert into thing (a, b, c, d) values ($1, 'word', $2, $2) on conflict do nothing";
        let expected = "insert into thing (a, b, c, d) select given.v1, 'word', given.v2, given.v2 \
                        from unnest($1::int8[], $2::text[]) as given (v1, v2) on conflict do nothing";
        assert_eq!(of_many_rows(sql, &[Type::INT8, Type::TEXT]).unwrap(), expected);
        let sql =
            "insert into thing (a) values (coalesce((select b from other where c = $1), $1)) on conflict do nothing";
        let expected = "insert into thing (a) select coalesce((select b from other where c = given.v1), given.v1) \
                        from unnest($1::int8[]) as given (v1) on conflict do nothing";
        assert_eq!(of_many_rows(sql, &[Type::INT8]).unwrap(), expected);
    }

    #[test]
    fn what_is_no_insert_of_one_row_cannot_wait() {
        for sql in ["update thing set a = $1", "insert into thing (a) select $1", "insert into thing (a) values (f($1)"]
        {
            assert!(of_many_rows(sql, &[Type::INT8]).is_err(), "{sql}");
        }
    }
}
