//! A text that must never be printed.

use std::fmt;

use super::reader::Reader;

/// A password, or a text that holds one. Its `Debug` shows `[hidden]`, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl Secret {
    /// Takes the text in.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that must send it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// The secret that stands in `key` or in the file that `file_key` names; the inner None says that it stands in neither,
/// the outer one is a mistake.
pub(super) fn read(reader: &mut Reader, key: &'static str, file_key: &'static str) -> Option<Option<Secret>> {
    let text = reader.text(key);
    let file = reader.text(file_key);
    let (text, file) = (text?, file?);
    let text = match (text.is_empty(), file.is_empty()) {
        (false, false) => return reader.reject(file_key, format!("{key} is set too; keep one")),
        (_, true) => text,
        (true, false) => match std::fs::read_to_string(&file) {
            Ok(text) => text.trim_end_matches(['\r', '\n']).to_owned(),
            Err(error) => return reader.reject(file_key, format!("`{file}` cannot be read: {error}")),
        },
    };
    Some((!text.is_empty()).then(|| Secret::new(text)))
}
