//! What a house is fitted out with beside a store and people.

use std::collections::BTreeMap;

use domain::notification::{Channel, Pacing};
use engine::DeskLimits;

use crate::{PUBLIC_URL, TOKEN, usual_pace};

/// Desk limits of a house unless it is built with others.
pub const DESK: DeskLimits = DeskLimits { queue: 2_000, batch: 64, writers: 2 };

/// How a house is fitted out; by default as plainly as can be: no links, no replies, and every message by itself.
#[derive(Clone, Debug)]
pub struct Fittings {
    /// Limits of the desk.
    pub desk: DeskLimits,
    /// How often one person is sent a message.
    pub pacing: BTreeMap<Channel, Pacing>,
    /// Where people reach it.
    pub public_url: Option<String>,
    /// With what the telephone carrier signs.
    pub twilio_auth_token: Option<String>,
}

impl Default for Fittings {
    fn default() -> Self {
        Self { desk: DESK, pacing: BTreeMap::new(), public_url: None, twilio_auth_token: None }
    }
}

impl Fittings {
    /// A house that people and the telephone carrier reach.
    pub fn reachable() -> Self {
        let (public_url, twilio_auth_token) = (Some(PUBLIC_URL.to_owned()), Some(TOKEN.to_owned()));
        Self { public_url, twilio_auth_token, ..Self::default() }
    }

    /// The same, with messages held back in a storm as a server does by default.
    pub fn paced() -> Self {
        Self { pacing: usual_pace(), ..Self::reachable() }
    }
}
