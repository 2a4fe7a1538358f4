//! Which channel is asked at once when another one does not reach a person (on-call §4).

use super::Channel;
use crate::Instant;

/// A page to a person, of the round that a page was not delivered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Its number within the incident.
    pub sequence: i64,
    /// By which channel.
    pub channel: Channel,
    /// When it is due.
    pub due_at: Instant,
    /// What came of it so far.
    pub progress: Progress,
}

/// How far a page has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nobody has touched it yet.
    Untried,
    /// It was tried, or something became of it.
    Tried,
}

/// What is done at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The page with this number is made due.
    Hurry(i64, Channel),
    /// One more page is sent, by this channel.
    Ask(Channel),
    /// Every channel was tried or is about to be.
    Nothing,
}

impl Next {
    /// The channel that is asked, if any.
    pub fn channel(self) -> Option<Channel> {
        match self {
            Self::Hurry(_, channel) | Self::Ask(channel) => Some(channel),
            Self::Nothing => None,
        }
    }
}

/// What is done at once for a person whom `failed` does not reach. The person's next step by a channel that was not
/// tried yet; where none waits, another usable channel that this round has not used. A channel that was tried, or is due
/// at this moment, is not asked twice.
pub fn next_channel(failed: Channel, queued: &[Queued], usable: &[Channel], now: Instant) -> Next {
    let is_under_way = |page: &Queued| page.progress == Progress::Tried || page.due_at <= now;
    let is_fresh = |channel: Channel| {
        channel != failed
            && usable.contains(&channel)
            && !queued.iter().any(|page| page.channel == channel && is_under_way(page))
    };
    let waiting = queued.iter().filter(|page| is_fresh(page.channel));
    if let Some(page) = waiting.min_by_key(|page| (page.due_at, page.sequence)) {
        return Next::Hurry(page.sequence, page.channel);
    }
    let other = Channel::ALL.into_iter().find(|channel| is_fresh(*channel));
    other.map_or(Next::Nothing, Next::Ask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Channel::{Email, Push, Sms, Voice, Webhook};
    use Progress::{Tried, Untried};

    const NOW: i64 = 100;

    fn page(sequence: i64, channel: Channel, due_at: i64, progress: Progress) -> Queued {
        Queued { sequence, channel, due_at: Instant(due_at), progress }
    }

    #[test]
    fn the_next_step_is_hurried_or_another_channel_is_asked_and_none_twice() {
        let email = page(1, Email, NOW, Tried);
        let sms = page(2, Sms, NOW, Untried);
        let (call, second_call) = (page(3, Voice, 220, Untried), page(4, Voice, 520, Untried));
        let all = [Email, Webhook, Sms, Voice, Push];
        type Row<'a> = (&'a str, Channel, &'a [Queued], &'a [Channel], Next);
        let table: [Row<'_>; 9] = [
            ("the call is brought forward", Sms, &[email, sms, call, second_call], &all, Next::Hurry(3, Voice)),
            ("the earliest of two", Sms, &[second_call, sms, call], &all, Next::Hurry(3, Voice)),
            (
                "a call that is due already is enough",
                Email,
                &[email, page(3, Voice, NOW, Untried), second_call],
                &[Email, Voice],
                Next::Nothing,
            ),
            ("what failed does not wait for itself", Voice, &[call, second_call], &[Voice], Next::Nothing),
            ("nothing waits: another channel", Email, &[email], &all, Next::Ask(Webhook)),
            ("nothing waits: not one that was tried", Email, &[email, sms], &[Email, Sms], Next::Nothing),
            ("nobody can be called any more", Sms, &[email, sms, call], &[Email, Sms], Next::Nothing),
            ("a call that cannot be made is no call", Sms, &[sms, call], &[Sms, Push], Next::Ask(Push)),
            ("no other channel", Email, &[email], &[Email], Next::Nothing),
        ];
        for (why, failed, queued, usable, expect) in table {
            assert_eq!(next_channel(failed, queued, usable, Instant(NOW)), expect, "{why}");
        }
    }
}
