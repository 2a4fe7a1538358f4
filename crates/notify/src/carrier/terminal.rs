//! The terminal as a carrier: prints each message as a readable line and its links below, for the demo.

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use super::{ActionLink, Address, BoxFuture, Carrier, Message, Report, Verdict, one_line};
use engine::Clock;

const TEXT_MAX_CHARS: usize = 300;
const NAME_MAX_CHARS: usize = 60;

/// Prints messages instead of sending them, in place of the carrier of any one channel.
pub struct TerminalCarrier {
    out: Mutex<Box<dyn Write + Send>>,
    clock: Clock,
}

impl TerminalCarrier {
    /// A carrier that writes to `out` and stands in for the carrier of any channel; it takes messages to any address.
    #[must_use]
    pub fn new(out: Box<dyn Write + Send>, clock: Clock) -> Self {
        Self { out: Mutex::new(out), clock }
    }

    fn print(&self, message: &Message) -> Verdict {
        let line = line(self.clock.now(), message);
        // A writer that panicked half-way may have left half a line, no more.
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        match writeln!(out, "{line}").and_then(|()| out.flush()) {
            Ok(()) => Verdict::delivered("printed"),
            Err(error) => Verdict::temporary(error.to_string()),
        }
    }
}

impl Carrier for TerminalCarrier {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let watch = self.clock.stopwatch();
            self.print(message).after(watch.micros())
        })
    }
}

/// The time of day in UTC, who, by which channel, and what that channel shows or says; which attempt, if not the first;
/// and below it the links that it carries.
fn line(now_micros: i64, message: &Message) -> String {
    let (who, channel, what, links) = match &message.address {
        Address::Email(address) => (address.as_str(), "e-mail", &message.subject, message.actions.as_slice()),
        // The rest of the URL may hold a secret.
        Address::Webhook { url, .. } => (host(url), "webhook", &message.subject, [].as_slice()),
        Address::Sms { to } => (to.as_str(), "sms", &message.brief, [].as_slice()),
        Address::Voice { to } => (to.as_str(), "call", &message.spoken, [].as_slice()),
        Address::Chat { url, .. } => (host(url), "chat", &message.subject, message.actions.as_slice()),
        Address::Push { url, .. } => (host(url), "push", &message.brief, message.actions.as_slice()),
        Address::Device { device, .. } => (device.name.as_str(), "push", &message.brief, message.actions.as_slice()),
        Address::Each { .. } => ("several devices", "push", &message.brief, message.actions.as_slice()),
        Address::Terminal(name) => (name.as_str(), "terminal", &message.subject, message.actions.as_slice()),
    };
    let again = match message.attempt {
        0 | 1 => String::new(),
        attempt => format!(" (attempt {attempt})"),
    };
    let link = |link: &ActionLink| format!("\n{:13}{}: {}", "", link.label, one_line(&link.url, usize::MAX));
    format!(
        "{}  -> {:<20} {:<8}  {}{again}{}",
        time_of_day(now_micros),
        one_line(who, NAME_MAX_CHARS),
        channel,
        one_line(what, TEXT_MAX_CHARS),
        links.iter().map(link).collect::<String>(),
    )
}

fn host(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#', '\\']).next().unwrap_or("");
    authority.rsplit('@').next().unwrap_or("")
}

fn time_of_day(now_micros: i64) -> String {
    let seconds = now_micros.div_euclid(1_000_000).rem_euclid(86_400);
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}Z", seconds % 60)
}

#[cfg(test)]
mod tests {
    use domain::directory::ChatKind;

    use super::*;

    fn message(address: Address, subject: &str, attempt: u32) -> Message {
        Message {
            delivery_id: "d1".to_owned(),
            attempt,
            address,
            subject: subject.to_owned(),
            text: String::new(),
            html: None,
            thread: "t1".to_owned(),
            payload: serde_json::Value::Null,
            urgency: domain::Urgency::High,
            brief: "[#7] Disk full. Reply A1234".to_owned(),
            spoken: "Disk full. Press 4.".to_owned(),
            actions: Vec::new(),
            status_url: None,
            digits_url: None,
            about: None,
            page: None,
            useful_until: None,
            headers: Vec::new(),
        }
    }

    #[test]
    fn a_line_says_when_who_how_and_what() {
        let webhook =
            Address::Webhook { url: "https://u:p@hooks.example.org/secret?x".to_owned(), secrets: Vec::new() };
        for (address, subject, attempt, expect) in [
            (
                Address::Terminal("ann".to_owned()),
                "Disk full",
                1,
                "03:14:07Z  -> ann                  terminal  Disk full",
            ),
            (
                Address::Email("bob@example.org".to_owned()),
                "Disk\r\nfull\u{1b}[2J",
                2,
                "03:14:07Z  -> bob@example.org      e-mail    Disk full [2J (attempt 2)",
            ),
            (webhook, "Disk full", 1, "03:14:07Z  -> hooks.example.org    webhook   Disk full"),
            (
                Address::Sms { to: "+4915112345678".to_owned() },
                "Disk full",
                1,
                "03:14:07Z  -> +4915112345678       sms       [#7] Disk full. Reply A1234",
            ),
            (
                Address::Voice { to: "+4915112345678".to_owned() },
                "Disk full",
                3,
                "03:14:07Z  -> +4915112345678       call      Disk full. Press 4. (attempt 3)",
            ),
            (
                Address::Chat {
                    kind: ChatKind::Slack,
                    url: "https://hooks.slack.com/T1/secret".to_owned(),
                    recipient: None,
                },
                "Disk full",
                1,
                "03:14:07Z  -> hooks.slack.com      chat      Disk full",
            ),
            (
                Address::Push { url: "https://ntfy.example.org/topic".to_owned(), token: Some("tk_x".to_owned()) },
                "Disk full",
                1,
                "03:14:07Z  -> ntfy.example.org     push      [#7] Disk full. Reply A1234",
            ),
        ] {
            let now_micros = (86_400 * 20_000 + 3 * 3_600 + 14 * 60 + 7) * 1_000_000;
            assert_eq!(line(now_micros, &message(address, subject, attempt)), expect);
        }
    }

    #[test]
    fn links_stand_below_the_line_where_the_channel_carries_them() {
        let actions = vec![ActionLink { label: "Acknowledge".to_owned(), url: "https://r.example/act/t\n".to_owned() }];
        let shown = |address| line(0, &Message { actions: actions.clone(), ..message(address, "Disk full", 1) });
        let mail = shown(Address::Email("ann@example.org".to_owned()));
        assert!(mail.ends_with("Disk full\n             Acknowledge: https://r.example/act/t"), "{mail}");
        assert_eq!(shown(Address::Sms { to: "+4915112345678".to_owned() }).lines().count(), 1);
    }

    struct Broken;

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_screen_that_went_away_is_a_temporary_failure() {
        let message = message(Address::Terminal("ann".to_owned()), "Disk full", 1);
        for (out, delivered) in [(Box::new(std::io::sink()) as Box<dyn Write + Send>, true), (Box::new(Broken), false)]
        {
            let carrier = TerminalCarrier::new(out, Clock::held(0));
            let report = carrier.send(&message).await;
            assert_eq!(report.outcome == super::super::Outcome::Delivered, delivered);
        }
    }
}
