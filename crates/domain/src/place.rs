//! Where in a component a key stands, so that a fault can be shown on the line that must be mended.

/// A key of a component, or one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The component's own key, such as `levels`.
    pub field: &'static str,
    /// Which item of the list under that key, from 0; `None` where it is no list, or the list as a whole.
    pub item: Option<usize>,
    /// The key inside the item or the table, such as `minutes`.
    pub key: Option<&'static str>,
}

impl Place {
    /// Item number `item`, from 0, of the list under `field`.
    pub fn item(field: &'static str, item: usize) -> Self {
        Self { field, item: Some(item), key: None }
    }

    /// The key `key` of the table under `field`.
    pub fn inside(field: &'static str, key: &'static str) -> Self {
        Self { field, item: None, key: Some(key) }
    }

    /// The same place, at the key `key` of it.
    pub fn key(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    /// `levels[0].minutes`, as errors write a place.
    pub fn spelled(self) -> String {
        let item = self.item.map(|item| format!("[{item}]")).unwrap_or_default();
        let key = self.key.map(|key| format!(".{key}")).unwrap_or_default();
        format!("{}{item}{key}", self.field)
    }
}

impl From<&'static str> for Place {
    fn from(field: &'static str) -> Self {
        Self { field, item: None, key: None }
    }
}
