//! What a page of the console sends: the fields of a form, bounded and read once.

use crate::api::{App, receive};
use crate::gate::Problem;
use axum::body::Body;
use domain::limits;

/// The fields of a form.
#[derive(Clone, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form.
    pub(super) async fn receive(app: &App, body: Body) -> Result<Self, Problem> {
        let bytes = receive(body, &app.settings, limits::FORM_BYTES.min(app.settings.body_bytes)).await?;
        Ok(Self::read(&bytes))
    }

    /// A form of these fields.
    pub(super) fn of(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The pairs of a form, or of a query.
    pub(super) fn read(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// All fields, as they were sent.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Everything that fields of this name say.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let said = self.0.iter().filter(|(known, value)| known == name && !value.is_empty());
        said.map(|(_, value)| value.as_str()).collect()
    }

    /// The first field of this name that says something.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let said = |(known, value): &&(String, String)| known == name && !value.is_empty();
        self.0.iter().find(said).map(|(_, value)| value.as_str())
    }

    /// What the field says; nothing where it is missing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }
}
