//! Nobody is stormed.

use std::collections::HashMap;

use domain::notification::{Channel, Pacing};

use super::{Checker, View};
use crate::usual_pace;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;

/// What a person was sent by a channel.
#[derive(Default)]
struct Stream {
    /// The last one, by the clock of its engine and by the world's.
    last: Option<(i64, i64)>,
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
            if handed.message.attempt == 1 {
                let gap = i64::from(*gap_seconds) * SECOND;
                // Engines whose clocks differ keep the distance by their own clock or by that of the world.
                let since = |(at, on): (i64, i64)| (handed.at - at).max(handed.on - on);
                if let Some(after) = stream.last.map(since).filter(|after| *after < gap) {
                    let after = after / SECOND;
                    broken.push(format!("{user} was sent a new message by {channel} {after} s after the one before"));
                }
                stream.fresh.push(handed.on);
                let in_hour = stream.fresh.iter().filter(|at| **at > handed.on - HOUR).count();
                // Hours are counted one after the other, so that any hour may hold the ends of two.
                let most = messages_per_hour.map_or(usize::MAX, |most| 2 * most as usize);
                if in_hour > most {
                    broken.push(format!("{user} was sent {in_hour} messages by {channel} within an hour"));
                }
            }
            stream.last = Some((handed.at, handed.on));
        }
        broken
    }
}
