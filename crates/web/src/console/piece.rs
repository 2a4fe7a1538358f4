//! The pieces that pages are made of, as `pieces.html` draws them.

use domain::Urgency;
use domain::incident::Status;
use domain::notification::Channel;

/// So many are chosen from a list, or ticked; of more, what is meant is typed.
pub(super) const CHOSEN_MOST: usize = 60;
/// Of so many at most a field offers what one begins to type.
pub(super) const OFFERED_MOST: usize = 1000;

/// How loud an incident is, by word and shape, so that colour alone says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UrgencyBadge {
    pub(super) word: &'static str,
    pub(super) shape: &'static str,
    /// The class of the style sheet.
    pub(super) class: &'static str,
}

impl From<Urgency> for UrgencyBadge {
    fn from(urgency: Urgency) -> Self {
        let (class, shape, word) = match urgency {
            Urgency::Critical => ("u5", "▲▲", "Critical"),
            Urgency::High => ("u4", "▲", "High"),
            Urgency::Medium => ("u3", "●", "Medium"),
            Urgency::Low => ("u2", "▽", "Low"),
            Urgency::Minor => ("u1", "·", "Minor"),
        };
        Self { word, shape, class }
    }
}

/// Where something stands, in a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StateBadge {
    pub(super) word: String,
    /// The class of the style sheet: `open`, `taken`, `over`, `good`, `bad` or `warn`.
    pub(super) class: &'static str,
}

impl StateBadge {
    /// With a word of one's own.
    pub(super) fn new(class: &'static str, word: impl Into<String>) -> Self {
        Self { word: word.into(), class }
    }
}

impl From<Status> for StateBadge {
    fn from(status: Status) -> Self {
        match status {
            Status::Open => Self::new("open", "OPEN"),
            Status::Acknowledged => Self::new("taken", "ACK"),
            Status::Resolved => Self::new("over", "resolved"),
        }
    }
}

/// What stands where a list has nothing: what belongs here, why one wants it, and how one begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Empty {
    /// What is missing: "No routines yet".
    pub(super) what: String,
    /// Why one wants it.
    pub(super) why: String,
    /// Where one makes the first: address and words; nothing for whoever may not.
    pub(super) button: Option<(String, String)>,
    /// The same by the command line.
    pub(super) command: Option<String>,
    /// Where more is written.
    pub(super) docs: Option<String>,
}

/// Where one is in a long list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pager {
    /// The first entry that is shown, counted from 1.
    pub(super) from: u64,
    /// The last one.
    pub(super) to: u64,
    /// How many there are, where somebody counted.
    pub(super) total: Option<u64>,
    /// The address of the entries before.
    pub(super) before: Option<String>,
    /// The address of the entries after.
    pub(super) after: Option<String>,
}

/// A tab above a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tab {
    pub(super) address: String,
    pub(super) title: String,
    pub(super) count: Option<u64>,
    /// By what its count is known where it changes while somebody looks; else nothing.
    pub(super) name: &'static str,
    pub(super) is_current: bool,
}

/// What is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldProblem {
    /// The `id` of the input; what is said beside it has this and `-problem`.
    pub(super) field: String,
    pub(super) label: String,
    /// The rest of the sentence that the label begins.
    pub(super) words: String,
}

/// Who changes a component, where it is not whoever reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Managed {
    /// By what: `acme.toml:41`.
    pub(super) by: String,
    /// How it is changed then.
    pub(super) how: String,
}

impl Managed {
    /// By a directory file, named where it is known.
    pub(super) fn by_file(place: Option<&str>) -> Self {
        let by = place.unwrap_or("a directory file").to_owned();
        Self { by, how: "Change it there, and run `reveille apply`.".to_owned() }
    }
}

/// A channel as people call it.
pub(super) fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "e-mail",
        Channel::Sms => "text message",
        Channel::Voice => "call",
        Channel::Webhook => "webhook",
        Channel::Chat => "chat",
        Channel::Push => "push",
    }
}

/// The pieces of a text between backticks are code; each with whether it is.
pub(super) fn with_code(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.split('`').enumerate().map(|(place, piece)| (place % 2 == 1, piece))
}

#[cfg(test)]
mod tests;
