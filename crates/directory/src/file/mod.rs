//! The directory file: what an organization is, as people write it; how it is read, compared and written.
//! Storing what it says is not here: the store takes a `Definition` and a `Plan`.

mod field;
mod form;
mod inspect;
mod intake_shape;
mod json;
mod mistake;
mod parts;
mod plan;
mod read;
mod shape;
mod source;
mod write;

#[cfg(test)]
mod tests;

pub use field::read_field;
pub(crate) use json::inspect_json;
pub use json::schema;
pub use mistake::Mistake;
pub(crate) use plan::SECRETS;
pub(crate) use plan::is_secret;
pub use plan::{Change, Entry, FieldChange, Plan, plan};
pub(crate) use read::put;
pub use read::{Texts, read, read_beside, read_text, read_text_beside, read_with_texts};
pub(crate) use shape::name_key;
pub use write::{write, write_component, write_field};
