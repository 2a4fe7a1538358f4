//! Nobody is stormed.

use std::collections::HashMap;

use domain::notification::{Channel, Pacing};

use super::{Checker, View};
use crate::usual_pace;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;

/// What a person was sent by a channel, by the clocks of the engines that sent it.
#[derive(Default)]
struct Stream {
    last: Option<i64>,
    fresh: Vec<i64>,
}

/// Remembers when everybody was sent something.
#[derive(Default)]
pub(super) struct Pace {
    streams: HashMap<(String, Channel), Stream>,
}

impl Checker for Pace {
    fn promise(&self) -> &'static str {
        "new messages to one person by one channel keep their distance, and are no more in an hour than is allowed"
    }

    fn check(&mut self, view: &View<'_>) -> Vec<String> {
        let pacing = usual_pace();
        let mut broken = Vec::new();
        for handed in view.handed {
            let Some(Pacing { gap_seconds, messages_per_hour }) = pacing.get(&handed.channel) else { continue };
            // Handovers come when they come.
            if handed.kind().starts_with("on_call") {
                continue;
            }
            let stream = self.streams.entry((handed.user.clone(), handed.channel)).or_default();
            let (user, channel) = (&handed.user, handed.channel.word());
            if handed.letter.attempt == 1 {
                let gap = i64::from(*gap_seconds) * SECOND;
                if let Some(last) = stream.last.filter(|last| handed.at < last + gap) {
                    let after = (handed.at - last) / SECOND;
                    broken.push(format!("{user} was sent a new message by {channel} {after} s after the one before"));
                }
                stream.fresh.push(handed.at);
                let in_hour = stream.fresh.iter().filter(|at| **at > handed.at - HOUR).count();
                // Hours are counted one after the other, so that any hour may hold the ends of two.
                let most = messages_per_hour.map_or(usize::MAX, |most| 2 * most as usize);
                if in_hour > most {
                    broken.push(format!("{user} was sent {in_hour} messages by {channel} within an hour"));
                }
            }
            stream.last = stream.last.max(Some(handed.at));
        }
        broken
    }
}
