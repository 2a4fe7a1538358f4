//! One row of an answer, read by position and checked by type.

use std::sync::Arc;

use super::Value;
use crate::Error;

/// A row; every getter takes the column's position from 0 and answers `Error::Corrupt`, naming the column and the
/// statement, when the column is not there or holds something else.
#[derive(Clone, Debug)]
pub struct Row {
    values: Vec<Value>,
    statement: Arc<str>,
}

impl Row {
    pub(crate) fn new(values: Vec<Value>, statement: Arc<str>) -> Self {
        Self { values, statement }
    }

    /// An integer.
    pub fn integer(&self, column: usize) -> Result<i64, Error> {
        match self.value(column)? {
            Value::Integer(value) => Ok(*value),
            other => Err(self.wrong(column, "an integer", other)),
        }
    }

    /// An integer or null.
    pub fn optional_integer(&self, column: usize) -> Result<Option<i64>, Error> {
        match self.value(column)? {
            Value::Null => Ok(None),
            _ => self.integer(column).map(Some),
        }
    }

    /// Text.
    pub fn text(&self, column: usize) -> Result<&str, Error> {
        match self.value(column)? {
            Value::Text(value) => Ok(value),
            other => Err(self.wrong(column, "text", other)),
        }
    }

    /// Text or null.
    pub fn optional_text(&self, column: usize) -> Result<Option<&str>, Error> {
        match self.value(column)? {
            Value::Null => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// A boolean; SQLite's 0 and 1 count, other integers do not.
    pub fn boolean(&self, column: usize) -> Result<bool, Error> {
        match self.value(column)? {
            Value::Boolean(value) => Ok(*value),
            Value::Integer(0) => Ok(false),
            Value::Integer(1) => Ok(true),
            other => Err(self.wrong(column, "a boolean", other)),
        }
    }

    /// Bytes.
    pub fn bytes(&self, column: usize) -> Result<&[u8], Error> {
        match self.value(column)? {
            Value::Bytes(value) => Ok(value),
            other => Err(self.wrong(column, "bytes", other)),
        }
    }

    fn value(&self, column: usize) -> Result<&Value, Error> {
        self.values
            .get(column)
            .ok_or_else(|| Error::Corrupt(format!("there is no column {column}; statement: {}", self.statement)))
    }

    fn wrong(&self, column: usize, expected: &str, found: &Value) -> Error {
        Error::Corrupt(format!(
            "column {column} should hold {expected} but holds {}; statement: {}",
            found.kind(),
            self.statement
        ))
    }
}
