//! Calls: a voice says the message twice and waits for a digit, as one request for a `Call`.

use super::super::fit::fit;
use super::super::{Address, BoxFuture, Carrier, Message, Report, Verdict};
use super::TwilioAccount;
use crate::markup::{escaped, pieces};

/// How much may be said, in characters as they are written in XML: the form takes 4,000 for the whole script.
const SPOKEN_MAX: usize = 2_400;

/// What is said when nobody pressed a key.
const FAREWELL: &str = "No key was pressed. Goodbye.";

/// Lets messages be spoken on the telephone.
pub struct VoiceCarrier {
    account: TwilioAccount,
    from: String,
}

impl VoiceCarrier {
    /// A carrier that calls from the number `from` of `account`.
    #[must_use]
    pub fn new(account: TwilioAccount, from: String) -> Self {
        Self { account, from }
    }

    async fn call(&self, message: &Message) -> Verdict {
        let Address::Voice { to } = &message.address else {
            return Verdict::permanent("a call needs a telephone number");
        };
        let script = script(&message.spoken, message.digits_url.as_deref());
        let mut parameters = vec![("To", to.as_str()), ("From", &self.from), ("Twiml", &script)];
        if let Some(url) = &message.status_url {
            // Without these words only the end is told, and a call that rang out ends, too.
            parameters.extend([("StatusCallback", url.as_str())]);
            parameters.extend([("StatusCallbackEvent", "answered"), ("StatusCallbackEvent", "completed")]);
        }
        self.account.create("Calls.json", &parameters).await
    }
}

impl Carrier for VoiceCarrier {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let watch = self.account.clock.stopwatch();
            self.call(message).await.after(watch.micros())
        })
    }
}

/// What the carrier does when the telephone is picked up.
fn script(spoken: &str, digits_url: Option<&str>) -> String {
    let spoken = fit(pieces(spoken), SPOKEN_MAX, str::len, "...");
    let say = format!("<Say loop=\"2\">{spoken}</Say>");
    let script = match digits_url {
        None => say,
        Some(url) => {
            let url = escaped(url);
            let gather =
                format!("<Gather numDigits=\"1\" timeout=\"10\" method=\"POST\" action=\"{url}\">{say}</Gather>");
            format!("{gather}<Say>{FAREWELL}</Say>")
        }
    };
    format!("<Response>{script}</Response>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_said_twice_while_a_digit_is_waited_for() {
        assert_eq!(
            script("Disk full. Press 4.", Some("https://r.example/voice/t?a=1&b=2")),
            "<Response><Gather numDigits=\"1\" timeout=\"10\" method=\"POST\" \
             action=\"https://r.example/voice/t?a=1&amp;b=2\"><Say loop=\"2\">Disk full. Press 4.</Say></Gather>\
             <Say>No key was pressed. Goodbye.</Say></Response>"
        );
        assert_eq!(script("Disk full", None), "<Response><Say loop=\"2\">Disk full</Say></Response>");
    }

    #[test]
    fn no_title_can_add_an_element() {
        let evil = "x</Say><Dial>+1900</Dial>\u{0}\u{b}\u{ffff}&amp;\"'";
        let said = "x&lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt;   &amp;amp;&quot;&#39;";
        assert_eq!(script(evil, None), format!("<Response><Say loop=\"2\">{said}</Say></Response>"));
    }

    #[test]
    fn a_script_is_never_longer_than_the_carrier_takes() {
        for text in ["\"".repeat(9_000), "é".repeat(9_000), "Disk full. ".repeat(900)] {
            let script = script(&text, Some(&"https://r.example/".repeat(40)));
            assert!(script.chars().count() < 4_000, "{}", script.chars().count());
            assert!(script.contains("...</Say>"));
        }
    }
}
