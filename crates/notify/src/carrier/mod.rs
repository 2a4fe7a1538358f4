//! Carriers: what takes a message to a person; each turns one message into one report, and never retries by itself.

mod address;
mod chat;
mod fit;
mod http;
mod mail;
mod push;
pub mod signature;
mod terminal;
mod twilio;
mod web_push;
mod webhook;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use domain::Instant;
use domain::Urgency;
use domain::directory::{ChatKind, PushDevice};
use serde_json::Value;

pub use address::address;
pub use chat::ChatCarrier;
pub use http::{HttpClient, HttpClientError};
pub use mail::{MailCarrier, MailSecurity, MailSettings, MailSettingsError};
pub use push::PushCarrier;
pub use terminal::TerminalCarrier;
pub use twilio::signature as twilio_signature;
pub use twilio::{SmsCarrier, SmsSender, TwilioAccount, TwilioSettings, TwilioSettingsError, VoiceCarrier};
pub use web_push::{VapidKey, device_fault};
pub use webhook::WebhookCarrier;

/// A future on the heap, so that a trait with asynchronous methods can be an object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What sends by one channel.
pub trait Carrier: Send + Sync {
    /// Tries once to hand `message` over. It ends within the carrier's time-out and always with a report.
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report>;
}

/// One message to one person, complete: a carrier adds nothing that would differ on a second attempt but the date. Its
/// `Debug` shows none of its words and links, by which whoever reads them can act.
#[derive(Clone)]
pub struct Message {
    /// The same for every attempt at this delivery, so that the receiver can tell a repetition from a new message.
    pub delivery_id: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// Where it goes.
    pub address: Address,
    /// One line.
    pub subject: String,
    /// The message in plain text.
    pub text: String,
    /// The same message as HTML, for carriers that can show it.
    pub html: Option<String>,
    /// The same for every message about one incident, so that they are shown together.
    pub thread: String,
    /// The message for machines: the body of a webhook.
    pub payload: Value,
    /// How loud the incident is.
    pub urgency: Urgency,
    /// The message in one or two lines, for SMS and push.
    pub brief: String,
    /// The message as a voice says it.
    pub spoken: String,
    /// What it is about beside its subject, such as the service of an incident.
    pub about: Option<String>,
    /// The page of the console that it is about.
    pub page: Option<String>,
    /// When the next step comes, from which on it is of no use that it waits somewhere.
    pub useful_until: Option<Instant>,
    /// Links by which the person can act, or look.
    pub actions: Vec<ActionLink>,
    /// Where the carrier reports whether the message arrived.
    pub status_url: Option<String>,
    /// Where a telephone call sends the digits that were pressed.
    pub digits_url: Option<String>,
    /// Further HTTP headers that the receiver of a webhook asked for, as name and value.
    pub headers: Vec<(String, String)>,
}

impl fmt::Debug for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { delivery_id, attempt, address, .. } = self;
        write!(out, "Message({delivery_id}, attempt {attempt}, {address:?})")
    }
}

/// A link in a message: what it does, and where it leads.
#[derive(Clone, PartialEq, Eq)]
pub struct ActionLink {
    /// A word or two, such as `Acknowledge`.
    pub label: String,
    /// An absolute URL that carries a signed token.
    pub url: String,
}

impl fmt::Debug for ActionLink {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ActionLink({}, URL hidden)", self.label)
    }
}

/// Where a message goes. Its `Debug` shows neither secrets nor a webhook's URL, which often holds one.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// An e-mail address, without a display name.
    Email(String),
    /// A receiver of HTTP requests.
    Webhook {
        /// An absolute http or https URL.
        url: String,
        /// Signing secrets, `whsec_<base64>`: each signs. None: the request is not signed.
        secrets: Vec<String>,
    },
    /// A telephone that reads text messages.
    Sms {
        /// Its number in the form of E.164, `+4915112345678`.
        to: String,
    },
    /// A telephone that rings.
    Voice {
        /// Its number in the form of E.164.
        to: String,
    },
    /// A chat room.
    Chat {
        /// Which chat.
        kind: ChatKind,
        /// Its incoming webhook.
        url: String,
        /// The room or person, for the kinds whose URL does not say it.
        recipient: Option<String>,
    },
    /// A topic of an ntfy server.
    Push {
        /// The topic's URL.
        url: String,
        /// What proves that we may publish there.
        token: Option<String>,
    },
    /// A browser whose owner allowed it to be pushed to.
    Device {
        /// Its subscription.
        device: PushDevice,
        /// By what its push service knows us.
        key: Arc<VapidKey>,
    },
    /// Several places, each of which is tried; one that takes the message is enough. No carrier is given this.
    Each {
        /// The topic of an ntfy server, where there is one.
        topic: Option<Box<Address>>,
        /// Browsers.
        devices: Vec<PushDevice>,
    },
    /// The name under which the terminal shows a person.
    Terminal(String),
}

impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(address) => out.debug_tuple("Email").field(address).finish(),
            Self::Webhook { secrets, .. } => write!(out, "Webhook({} secrets)", secrets.len()),
            Self::Sms { to } => out.debug_tuple("Sms").field(to).finish(),
            Self::Voice { to } => out.debug_tuple("Voice").field(to).finish(),
            Self::Chat { kind, .. } => write!(out, "Chat({kind:?})"),
            Self::Push { .. } => write!(out, "Push"),
            Self::Device { device, .. } => write!(out, "{device:?}"),
            Self::Each { topic, devices } => write!(out, "Each({topic:?}, {devices:?})"),
            Self::Terminal(name) => out.debug_tuple("Terminal").field(name).finish(),
        }
    }
}

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it means for the delivery.
    pub outcome: Outcome,
    /// What came back, for people to read: one line of at most 512 characters, such as `250 2.0.0 OK` or `HTTP 503`.
    pub answer: String,
    /// How long the attempt took.
    pub elapsed_micros: u64,
}

/// What an attempt means for its delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Handed to the carrier, which took responsibility; not that a person has read it.
    Delivered,
    /// Not handed over, or not known to be: the same attempt may succeed later.
    TemporaryFailure {
        /// How long the receiver asked to be left alone, at most [`RETRY_AFTER_MAX_SECONDS`].
        retry_after_seconds: Option<u32>,
    },
    /// Not handed over, and trying again would end the same way.
    PermanentFailure,
    /// Likewise, because there is no such destination any more.
    Gone,
}

/// The longest wait that a receiver may ask for: it may not put a page off for a night.
pub const RETRY_AFTER_MAX_SECONDS: u32 = 3_600;

/// The longest answer that is kept, in characters.
pub const ANSWER_MAX_CHARS: usize = domain::limits::ANSWER_CHARACTERS;

/// An outcome and the answer that caused it, before the time it took is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    pub(crate) answer: String,
}

impl Verdict {
    pub(crate) fn delivered(answer: impl AsRef<str>) -> Self {
        Self::new(Outcome::Delivered, answer.as_ref())
    }

    pub(crate) fn temporary(answer: impl AsRef<str>) -> Self {
        let outcome = Outcome::TemporaryFailure { retry_after_seconds: None };
        Self::new(outcome, answer.as_ref())
    }

    pub(crate) fn permanent(answer: impl AsRef<str>) -> Self {
        Self::new(Outcome::PermanentFailure, answer.as_ref())
    }

    pub(crate) fn new(outcome: Outcome, answer: &str) -> Self {
        let answer = one_line(answer, ANSWER_MAX_CHARS);
        Self { outcome, answer }
    }

    pub(crate) fn after(self, elapsed_micros: u64) -> Report {
        Report { outcome: self.outcome, answer: self.answer, elapsed_micros }
    }
}

/// `text` on one line: runs of white space and control characters become one space, and what exceeds `max_chars` is cut.
///
/// Other people's text passes through here before it reaches a header, a log or a terminal, where a line break or an escape
/// sequence would be obeyed instead of shown.
pub(crate) fn one_line(text: &str, max_chars: usize) -> String {
    let breaks = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<&str> = text.split(breaks).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(max_chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_one_bounded_line() {
        let long = "é".repeat(2_000);
        for (answer, expect) in [
            ("250 OK", "250 OK".to_owned()),
            ("250\r\nX: y\u{1b}[31m\u{0}\tz ", "250 X: y [31m z".to_owned()),
            ("", String::new()),
            (long.as_str(), "é".repeat(ANSWER_MAX_CHARS)),
        ] {
            assert_eq!(Verdict::delivered(answer).after(5).answer, expect);
        }
    }

    #[test]
    fn an_address_does_not_show_its_secrets() {
        let address = Address::Webhook {
            url: "https://example.org/token123".to_owned(),
            secrets: vec!["whsec_c2Vjb25k".to_owned()],
        };
        assert_eq!(format!("{address:?}"), "Webhook(1 secrets)");
        let chat = |url: &str| Address::Chat { kind: ChatKind::Slack, url: url.to_owned(), recipient: None };
        assert_eq!(format!("{:?}", chat("https://hooks.example.org/token123")), "Chat(Slack)");
        let push = Address::Push { url: "https://n.example/topic".to_owned(), token: Some("tk_1".to_owned()) };
        assert_eq!(format!("{push:?}"), "Push");
        let link = ActionLink { label: "Resolve".to_owned(), url: "https://r.example/act/token".to_owned() };
        assert_eq!(format!("{link:?}"), "ActionLink(Resolve, URL hidden)");
    }
}
