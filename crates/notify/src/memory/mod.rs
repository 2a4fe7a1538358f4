//! What a node remembers by itself, and another one finds out for itself: how destinations stand, how often a telephone
//! number did something, and when who is on call changes next.

mod breakers;
mod hourly;
mod next_handovers;

pub(crate) use breakers::{Breakers, Destination, PAUSED, destination};
pub(crate) use hourly::HourlyLimit;
pub(crate) use next_handovers::{Next, NextHandovers};
