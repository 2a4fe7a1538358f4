//! Who may do what: the scopes of keys, the actions, and the one function that answers (administration §4).

mod action;
mod actor;
mod may;
mod scope;

#[cfg(test)]
mod tests;

pub use action::Action;
pub use actor::{Actor, Object, Relation};
pub use may::{Answer, Needs, NotInYourName, in_whose_name, key_may, may, may_anywhere};
pub use scope::Scope;
