//! Fields within a field: drawn as rows and groups by the known shape, read back, and arranged by buttons.

mod arrange;
mod condition;
mod keyed;
mod piece;
mod read;
mod shape;
mod typed;
mod words;

pub(super) use arrange::{Press, arrange};
pub(super) use piece::{Mistake, Piece};
pub(super) use shape::{Known, Shape};
pub(super) use typed::Typed;

#[cfg(test)]
mod tests;
