//! The HTTP face: the table of operations, the gate that checks requests, views, and the documents made from the table.

mod act;
mod activity;
mod api;
mod console;
pub mod docs;
pub mod gate;
mod hub;
mod intake;
mod listen;
pub mod openapi;
pub mod operation;
mod router;
mod settings;
pub mod view;

pub use gate::for_browsers;
pub use listen::serve;
pub use openapi::text as openapi_text;
pub use router::router;
pub use settings::{Rate, Settings};
