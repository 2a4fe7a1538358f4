//! The gate: what a request must pass before anything is asked, and how it is told no.

mod body;
mod caller;
mod change_refusal;
mod check;
mod condition;
mod encoding;
mod fields;
mod problem;
mod proposal;
mod rate;
mod refusal;
mod request;
mod site;

pub use body::{BodyRead, body_of_pairs, known_fields, known_keys, read_body, read_path, read_query, read_query_of};
pub use caller::{Caller, Peer, Shown, address, caller, failed};
pub use condition::{is_unchanged, only_if, version_of};
pub use encoding::unpacked;
pub use fields::Fields;
pub use problem::{Bucket, Problem, status};
pub use proposal::{changed_layer, period, proposal, wanted_layer, wanted_swap};
pub use rate::Limit;
pub(crate) use refusal::closed_words;
pub use request::{Request, request};
pub use senders::repair::Repair;
pub use site::for_browsers;
pub(crate) use site::{Cookie, Site, onward};

#[cfg(test)]
mod tests;
