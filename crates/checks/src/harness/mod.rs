//! A server in the test's hand: its parts, the organization that it serves, carriers that keep what they are given, time that
//! passes when the test says so, and the promises that are looked at in the end.

mod api;
mod assembly;
mod browser;
mod events;
mod fittings;
mod house;
mod organization;
mod pace;
mod post;
mod promises;
mod settle;

pub use api::{Api, PUBLIC_URL, START, number, settings};
pub use assembly::Parts;
pub use browser::Browser;
pub use events::{Event, Events};
pub use fittings::{DESK, Fittings};
pub use house::{House, in_both, in_both_with};
pub use organization::{TestOrganization, eve};
pub use pace::usual_pace;
pub use post::{Post, Reply, Sent};
pub(crate) use promises::{broken, log_does_not_replay};
pub(crate) use settle::beat;
