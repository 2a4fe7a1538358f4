//! Who did something to an incident, as its log keeps it.

use crate::directory::Directory;
use crate::ids::RefId;
use serde::{Deserialize, Serialize};

/// Who did something. A person is kept by their id: the name is looked up when it is shown, so that it is the present one, and that
/// of nobody any more where they were erased (administration §7). Before ids were kept, everybody stood here by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum By {
    /// A person.
    Person {
        /// Their id.
        person: RefId,
    },
    /// A key, an integration, or a person of before.
    Named(String),
}

impl By {
    /// The person with this id.
    #[must_use]
    pub fn person(ref_id: &RefId) -> Self {
        Self::Person { person: ref_id.clone() }
    }

    /// The name that is shown; none of a person whom the directory does not know, here or as one who left.
    #[must_use]
    pub fn shown<'a>(&'a self, directory: &'a Directory) -> Option<&'a str> {
        match self {
            Self::Person { person } => directory.person_name(person),
            Self::Named(name) => Some(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::By;
    use crate::directory::Directory;
    use crate::ids::{OrganizationId, RefId};
    use serde_json::json;

    #[test]
    fn a_person_is_shown_by_the_present_name_and_by_the_last_one_once_they_left() {
        let mut house = Directory::empty(OrganizationId(1), "house");
        let by = By::person(&RefId::from("id"));
        assert_eq!(by.shown(&house), None);
        house.former.add(RefId::from("id"), "ana".into(), "Ana Alves".to_owned());
        assert_eq!(by.shown(&house), Some("Ana Alves"));
        assert_eq!(house.shown_name(&"ana".into()), "Ana Alves");
        let ana = serde_json::from_value(json!({"username": "ana", "display_name": "Ana Berg"})).unwrap();
        house.add_user(RefId::from("id"), RefId::from("own"), ana);
        assert_eq!(by.shown(&house), Some("Ana Berg"));
        assert_eq!(By::Named("deploys".to_owned()).shown(&house), Some("deploys"));
    }

    #[test]
    fn what_was_kept_by_name_is_still_read() {
        let read = |text: &str| serde_json::from_str::<By>(text).unwrap();
        assert_eq!(read("\"robot\""), By::Named("robot".to_owned()));
        let person = By::person(&RefId::from("id"));
        assert_eq!(read(&serde_json::to_string(&person).unwrap()), person);
    }
}
