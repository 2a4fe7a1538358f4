//! SMS: the message in few words, as one request for a `Message`.

use super::super::fit::{characters, fit, printable, utf16};
use super::super::{Address, BoxFuture, Carrier, Message, Report, Verdict};
use super::TwilioAccount;

/// The longest text that the form takes.
const TEXT_MAX: usize = 1_600;

/// What a text that was cut ends with: one character outside the telephone alphabet would double the length of the whole.
const CUT: &str = "...";

/// Who a text message is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmsSender {
    /// A telephone number or a name that the carrier knows as ours.
    Number(String),
    /// A service that chooses among numbers, by its id.
    MessagingService(String),
}

/// Sends messages as text messages.
pub struct SmsCarrier {
    account: TwilioAccount,
    sender: SmsSender,
}

impl SmsCarrier {
    /// A carrier that sends from `sender` of `account`.
    #[must_use]
    pub fn new(account: TwilioAccount, sender: SmsSender) -> Self {
        Self { account, sender }
    }

    async fn text(&self, message: &Message) -> Verdict {
        let Address::Sms { to } = &message.address else {
            return Verdict::permanent("a text message needs a telephone number");
        };
        let text = fit(characters(&printable(&message.brief)), TEXT_MAX, utf16, CUT);
        let from = match &self.sender {
            SmsSender::Number(number) => ("From", number.as_str()),
            SmsSender::MessagingService(sid) => ("MessagingServiceSid", sid.as_str()),
        };
        let mut parameters = vec![("To", to.as_str()), from, ("Body", &text)];
        parameters.extend(message.status_url.as_deref().map(|url| ("StatusCallback", url)));
        self.account.create("Messages.json", &parameters).await
    }
}

impl Carrier for SmsCarrier {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let watch = self.account.clock.stopwatch();
            self.text(message).await.after(watch.micros())
        })
    }
}
