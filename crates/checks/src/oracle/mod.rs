//! Who is on call by a second, slow and obvious computation that shares nothing with the product's.

mod plain;
mod schedule;

pub use plain::{Plain, PlainLayer, PlainSwap};
pub use schedule::{DAY, Oracle, Walls, people_at};
