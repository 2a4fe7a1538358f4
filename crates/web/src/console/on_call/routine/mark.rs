//! By what people are told apart in a drawing: a letter and a pattern besides a colour.

use domain::Username;
use domain::directory::Directory;
use std::collections::{HashMap, HashSet};

/// How many colours and patterns there are, each.
const KINDS: usize = 8;

/// What stands for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// One letter, or a few where one is taken.
    pub(super) letter: String,
    /// The class of the style sheet is `p` and this.
    pub(super) colour: usize,
    /// The pattern is `h` and this; 0 is plain.
    pub(super) pattern: usize,
    /// The name shown to people.
    pub(super) name: String,
}

/// The marks of everybody in a routine.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks(HashMap<Username, Mark>);

impl Marks {
    /// Marks for these people, who may be named more than once, in their order.
    pub(super) fn of<'a>(directory: &Directory, people: impl IntoIterator<Item = &'a Username>) -> Self {
        let mut marks = HashMap::new();
        let mut taken = HashSet::new();
        for user in people {
            if marks.contains_key(user) {
                continue;
            }
            let (place, name) = (marks.len(), directory.shown_name(user).to_owned());
            let letter = letter(&name, place, &taken);
            taken.insert(letter.clone());
            let (colour, pattern) = (place % KINDS, (place + place / KINDS) % KINDS);
            marks.insert(user.clone(), Mark { letter, colour, pattern, name });
        }
        Self(marks)
    }

    /// The mark of somebody.
    pub(super) fn get(&self, user: &Username) -> Mark {
        let stranger = || Mark { letter: "?".to_owned(), colour: KINDS - 1, pattern: 0, name: user.to_string() };
        self.0.get(user).cloned().unwrap_or_else(stranger)
    }
}

/// The first letter of the name; with another of its letters, or a number, where that is taken.
fn letter(name: &str, place: usize, taken: &HashSet<String>) -> String {
    let mut letters = name.chars().filter(|letter| letter.is_alphanumeric());
    let Some(first) = letters.next() else { return (place + 1).to_string() };
    let first = first.to_uppercase().to_string();
    let longer = letters.map(|letter| format!("{first}{}", letter.to_lowercase()));
    let mut candidates = std::iter::once(first.clone()).chain(longer);
    candidates.find(|candidate| !taken.contains(candidate)).unwrap_or_else(|| format!("{first}{}", place + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::on_call::made_up::{add_user, directory};
    use serde_json::json;

    #[test]
    fn everybody_has_another_letter_and_nobody_shares_colour_and_pattern() {
        let mut directory = directory();
        for (username, name) in [("al", "Al Anders"), ("aa", "Aa"), ("laila", "ليلى"), ("none", "…")] {
            add_user(&mut directory, &json!({"username": username, "display_name": name}));
        }
        let people: Vec<Username> =
            ["ana", "ben", "ana", "al", "aa", "laila", "none", "gone"].into_iter().map(Username::from).collect();
        let marks = Marks::of(&directory, &people);
        let letters: Vec<_> = people.iter().map(|user| marks.get(user).letter).collect();
        assert_eq!(letters, ["A", "B", "A", "Al", "Aa", "ل", "6", "G"]);
        let many: Vec<Username> = (0..60).map(|number| Username(format!("user {number}"))).collect();
        let marks = Marks::of(&directory, &many);
        let kinds: HashSet<_> = many.iter().map(|user| (marks.get(user).colour, marks.get(user).pattern)).collect();
        let letters: HashSet<_> = many.iter().map(|user| marks.get(user).letter).collect();
        assert_eq!((kinds.len(), letters.len()), (60, 60));
    }
}
