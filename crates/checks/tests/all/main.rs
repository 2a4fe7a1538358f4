//! The one integration binary: everything that crosses rooms.

mod tidy;
