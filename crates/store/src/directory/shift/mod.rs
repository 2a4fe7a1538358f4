//! Who is on call in the place of whom, who is asked to be, and who was told so.

pub(crate) mod cover;
pub(crate) mod handover;
pub(crate) mod swap;
