//! Storms: how often one person is sent a message by each channel.

use std::collections::BTreeMap;

use domain::notification::{Channel, Pacing};

use super::reader::Reader;

/// The longest gap that can be configured, seconds.
const GAP_MOST: u32 = 3600;
/// The most messages in an hour that can be configured.
const PER_HOUR_MOST: u32 = 3600;

/// How often one person is sent a message; what comes between goes out together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Storm {
    /// By channel; a channel that is missing keeps no distance.
    pub(crate) pacing: BTreeMap<Channel, Pacing>,
}

impl Storm {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let gap = reader.whole("storm.gap_seconds", 0..=GAP_MOST);
        let sms_gap = reader.whole("storm.sms_gap_seconds", 0..=GAP_MOST);
        let sms_per_hour = reader.whole("storm.sms_per_hour", 0..=PER_HOUR_MOST);
        let voice_gap = reader.whole("storm.voice_gap_seconds", 0..=GAP_MOST);
        let voice_per_hour = reader.whole("storm.voice_per_hour", 0..=PER_HOUR_MOST);
        let quiet = pacing(gap?, 0);
        let table = [
            (Channel::Email, quiet),
            (Channel::Chat, quiet),
            (Channel::Push, quiet),
            (Channel::Sms, pacing(sms_gap?, sms_per_hour?)),
            (Channel::Voice, pacing(voice_gap?, voice_per_hour?)),
        ];
        let kept = |(channel, pacing): (Channel, Option<Pacing>)| pacing.map(|pacing| (channel, pacing));
        Some(Self { pacing: table.into_iter().filter_map(kept).collect() })
    }
}

/// `None` where both are 0, which keeps no distance.
fn pacing(gap_seconds: u32, per_hour: u32) -> Option<Pacing> {
    let messages_per_hour = (per_hour > 0).then_some(per_hour);
    (gap_seconds > 0 || per_hour > 0).then_some(Pacing { gap_seconds, messages_per_hour })
}
