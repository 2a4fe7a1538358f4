//! Administration as it is answered: changes and versions of the directory, keys, and people's addresses for those who may not
//! see them whole.

pub mod cover;
pub mod directory;
pub mod invitation;
pub mod key;
pub mod me;
pub mod person;
