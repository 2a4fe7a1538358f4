//! How often one person is sent a message by a server that is not configured otherwise.

use std::collections::BTreeMap;

use domain::notification::{Channel, Pacing};

/// The pace of a server whose configuration says nothing of it.
pub fn usual_pace() -> BTreeMap<Channel, Pacing> {
    let pace = |gap_seconds, messages_per_hour| Pacing { gap_seconds, messages_per_hour };
    BTreeMap::from([
        (Channel::Email, pace(10, None)),
        (Channel::Chat, pace(10, None)),
        (Channel::Push, pace(10, None)),
        (Channel::Sms, pace(60, Some(20))),
        (Channel::Voice, pace(120, Some(10))),
    ])
}
