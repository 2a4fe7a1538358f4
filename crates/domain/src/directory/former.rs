//! People who left: what is shown of them in all that happened.

use crate::ids::{RefId, Username};
use std::collections::HashMap;

/// People who left, by id and by username.
#[derive(Clone, Debug, Default)]
pub struct FormerPeople {
    names: HashMap<RefId, String>,
    by_username: HashMap<Username, RefId>,
}

impl FormerPeople {
    /// Adds somebody who left, with the name that is shown for them; of two with the same username, the later one is found by it.
    pub fn add(&mut self, ref_id: RefId, username: Username, name: String) {
        self.by_username.insert(username, ref_id.clone());
        self.names.insert(ref_id, name);
    }

    /// The name shown for the one with this id.
    pub fn name(&self, ref_id: &RefId) -> Option<&str> {
        self.names.get(ref_id).map(String::as_str)
    }

    /// The id of the one with this username.
    pub fn id(&self, username: &Username) -> Option<&RefId> {
        self.by_username.get(username)
    }

    /// The one with this id, else the one with this username: id and username.
    pub fn known(&self, id_or_username: &str) -> Option<(&RefId, &Username)> {
        let has_id = |(_, id): &(&Username, &RefId)| id.as_str() == id_or_username;
        let has_name = |(username, _): &(&Username, &RefId)| username.as_str() == id_or_username;
        let found = self.by_username.iter().find(has_id).or_else(|| self.by_username.iter().find(has_name));
        found.map(|(username, id)| (id, username))
    }
}
