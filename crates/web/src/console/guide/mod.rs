//! Pages by which people find their way: the list of all pages, and help.

mod help;
mod more;

pub(super) use help::{choose, show as help};
pub(super) use more::show as more;

#[cfg(test)]
mod tests;
