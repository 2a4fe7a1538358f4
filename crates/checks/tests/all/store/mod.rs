//! The store keeps the same promises on both databases: one file per noun, as in `crates/store/src`.

mod history;
mod seam;
