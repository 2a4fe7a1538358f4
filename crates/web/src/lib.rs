//! The HTTP face: the table of operations, the gate that checks requests, views, and the documents made from the table.

pub mod docs;
pub mod gate;
pub mod openapi;
pub mod operation;
pub mod view;
