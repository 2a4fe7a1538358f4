//! A value on its way into a statement or out of a row.

/// What both databases can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// No value; fits a column of any type.
    Null,
    /// BIGINT.
    Integer(i64),
    /// TEXT, without the character NUL, which PostgreSQL cannot hold.
    Text(String),
    /// BOOLEAN; SQLite keeps 0 or 1.
    Boolean(bool),
    /// BYTEA.
    Bytes(Vec<u8>),
}

impl Value {
    /// The name of the kind, for messages that must not show the value itself.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Integer(_) => "an integer",
            Self::Text(_) => "text",
            Self::Boolean(_) => "a boolean",
            Self::Bytes(_) => "bytes",
        }
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
