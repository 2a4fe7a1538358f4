//! How a server of a story stands to the world: real peers, the real carriers that lead to them, and its pace.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::Instant;
use domain::notification::{Channel, Pacing};
use engine::{Clock, Ids};
use notify::{
    carrier::{
        Address, Carrier, ChatCarrier, HttpClient, MailCarrier, MailSecurity, MailSettings, Outcome, PushCarrier,
        SmsCarrier, SmsSender, TwilioAccount, TwilioSettings, VoiceCarrier, WebhookCarrier,
    },
    egress::Egress,
};
use serde_json::Value;
use store::Authorities;

use super::pretty::compact;
use crate::{ACCOUNT, Heard, NUMBER, Outside, Peer, Sent, TOKEN, Treatment, usual_pace};

/// How long a request to the world outside may take: long for a machine that is busy, short for a story in which it
/// passes.
const TIMEOUT: Duration = Duration::from_secs(3);

/// What of the world outside is real in a story.
#[derive(Default)]
pub(super) struct Peers {
    mailbox: Option<RefCell<Peer>>,
    outside: Option<Outside>,
    receiver: Option<RefCell<Peer>>,
    is_paced: bool,
}

/// What the receiver of webhooks knows of the secret.
const SECRET: &str = "whsec_cmVjZWl2ZXI=";

impl Peers {
    /// Those of `a mail server and the world outside`, in a story that begins at `at`.
    pub(super) fn open(words: Option<&str>, at: Instant) -> Result<Self, String> {
        let mut peers = Self::default();
        for word in words.iter().flat_map(|words| words.split(" and ")) {
            match word {
                "a mail server" => peers.mailbox = Some(RefCell::new(Peer::mailbox())),
                "the world outside" => peers.outside = Some(Outside::open()),
                "a webhook receiver" => {
                    let receiver = Peer::receiver_at(SECRET, at.0.div_euclid(1_000_000));
                    peers.receiver = Some(RefCell::new(receiver));
                }
                "the usual pace" => peers.is_paced = true,
                _ => return Err(format!("there is no peer `{word}`")),
            }
        }
        Ok(peers)
    }

    /// `text` with the URLs of the world outside and of the receiver of webhooks in their places.
    pub(super) fn placed(&self, text: &str) -> String {
        let outside = self.outside.as_ref().map(|outside| ("{outside}", outside.url()));
        let receiver = self.receiver.as_ref().map(|peer| ("{receiver}", receiver_url(&peer.borrow())));
        let put = |text: String, (place, url): (&str, String)| text.replace(place, &url);
        outside.into_iter().chain(receiver).fold(text.to_owned(), put)
    }

    /// The carriers that lead to them.
    pub(super) fn carriers(&self, clock: &Clock) -> Vec<(Channel, Arc<dyn Carrier>)> {
        let mut carriers: Vec<(Channel, Arc<dyn Carrier>)> = Vec::new();
        let egress = Egress::new(vec!["127.0.0.1/32".parse().expect("a network")]);
        let http = HttpClient::with_timeout(egress, TIMEOUT).expect("a client");
        if let Some(mailbox) = &self.mailbox {
            let settings = mail(mailbox.borrow().port);
            let carrier = MailCarrier::new(settings, clock.clone()).expect("a carrier of mail");
            carriers.push((Channel::Email, Arc::new(carrier)));
        }
        if self.outside.is_some() || self.receiver.is_some() {
            carriers.push((Channel::Webhook, Arc::new(WebhookCarrier::new(http.clone(), clock.clone()))));
        }
        if let Some(outside) = &self.outside {
            let account = account(outside.url(), clock);
            let sms = SmsCarrier::new(account.clone(), SmsSender::Number(NUMBER.to_owned()));
            carriers.push((Channel::Sms, Arc::new(sms)));
            carriers.push((Channel::Voice, Arc::new(VoiceCarrier::new(account, NUMBER.to_owned()))));
            carriers.push((Channel::Chat, Arc::new(ChatCarrier::new(http.clone(), clock.clone()))));
            carriers.push((Channel::Push, Arc::new(PushCarrier::new(http, clock.clone(), Ids::system()))));
        }
        carriers
    }

    /// How often one person is sent a message: as a server is configured that says nothing else, or as often as there
    /// is something to say.
    pub(super) fn pacing(&self) -> BTreeMap<Channel, Pacing> {
        if self.is_paced { usual_pace() } else { BTreeMap::new() }
    }

    /// How the next requests to `path` are treated.
    pub(super) fn script(&self, path: &str, words: &str) -> Result<(), String> {
        let treatments: Vec<Treatment> =
            words.split(", ").map(|word| treatment(&self.placed(word))).collect::<Result<_, _>>()?;
        let outside = self.outside.as_ref().ok_or("this story begins without `, with the world outside`")?;
        outside.script(path, &treatments);
        Ok(())
    }

    /// What they heard since the last time, in an order that does not depend on chance. A mail or webhook that was
    /// handed over is waited for.
    pub(super) fn heard(&self, messages: &[Sent]) -> Vec<String> {
        let mut heard: Vec<String> =
            self.outside.iter().flat_map(Outside::heard).map(|heard| request_text(&heard)).collect();
        let taken = |sent: &&Sent| sent.report.as_ref().is_some_and(|report| report.outcome == Outcome::Delivered);
        for sent in messages.iter().filter(taken) {
            match &sent.message.address {
                Address::Email(_) => heard.extend(told_by(self.mailbox.as_ref(), mail_text)),
                Address::Webhook { url, .. } => {
                    let here = self.receiver.as_ref().filter(|peer| url.starts_with(&receiver_url(&peer.borrow())));
                    heard.extend(told_by(here, webhook_text));
                }
                _ => {}
            }
        }
        heard.sort();
        heard
    }
}

/// What a peer that was handed something tells of it.
fn told_by(peer: Option<&RefCell<Peer>>, text: fn(&Value) -> String) -> Option<String> {
    peer.map(|peer| text(&peer.borrow_mut().wait_for_one()))
}

fn receiver_url(receiver: &Peer) -> String {
    format!("http://127.0.0.1:{}", receiver.port)
}

fn account(base_url: String, clock: &Clock) -> TwilioAccount {
    let (account_sid, auth_token) = (ACCOUNT.to_owned(), TOKEN.to_owned());
    let authorities = Authorities::default();
    let settings = TwilioSettings { base_url, account_sid, auth_token, authorities };
    TwilioAccount::with_timeout(&settings, clock.clone(), TIMEOUT).expect("an account")
}

fn mail(port: u16) -> MailSettings {
    MailSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security: MailSecurity::None,
        username: None,
        password: None,
        from: "Reveille <reveille@example.org>".to_owned(),
        reply_to: None,
        authorities: Authorities::default(),
    }
}

fn treatment(words: &str) -> Result<Treatment, String> {
    let wrong = || format!("nobody answers `{words}`");
    let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
    Ok(match (first, rest) {
        ("hang", "") => Treatment::Hang,
        ("take", "and hang") => Treatment::TakeAndHang,
        ("break", "") => Treatment::Break,
        ("endless", "") => Treatment::Endless,
        (status, "") => Treatment::Status(status.parse().map_err(|_| wrong())?),
        ("302", to) => Treatment::Redirect(to.strip_prefix("to ").ok_or_else(wrong)?.to_owned()),
        ("429", pause) => {
            let seconds = pause.strip_prefix("for ").and_then(|pause| pause.strip_suffix(" seconds"));
            Treatment::Pause(seconds.and_then(|seconds| seconds.parse().ok()).ok_or_else(wrong)?)
        }
        _ => return Err(wrong()),
    })
}

fn request_text(heard: &Heard) -> String {
    let answered = match &heard.treatment {
        Err(problem) => format!("UNEXPECTED: {problem}"),
        Ok(Treatment::Status(status)) => status.to_string(),
        Ok(Treatment::Redirect(_)) => "302".to_owned(),
        Ok(Treatment::Pause(seconds)) => format!("429 for {seconds} seconds"),
        Ok(Treatment::Hang) => "no answer".to_owned(),
        Ok(Treatment::TakeAndHang) => "taken, no answer".to_owned(),
        Ok(Treatment::Break) => "the connection breaks".to_owned(),
        Ok(Treatment::Endless) => "200 without end".to_owned(),
    };
    format!("{} -> {answered}", essence(heard))
}

/// What a request asks for, in a line.
fn essence(heard: &Heard) -> String {
    let field = |name: &str| heard.field(name).unwrap_or_default();
    if heard.path.ends_with("/Messages.json") {
        return format!("telephone carrier: SMS to {}: {}", field("To"), field("Body").replace('\n', " / "));
    }
    if heard.path.ends_with("/Calls.json") {
        return format!("telephone carrier: call to {}", field("To"));
    }
    let body: Value = serde_json::from_str(&heard.body).unwrap_or_default();
    // A webhook's body says what it is; that of a chat is what people see of it.
    let kind = if body["type"].as_str().is_some_and(|kind| kind.starts_with("incident.")) {
        format!(" {}", body["type"].as_str().unwrap_or_default())
    } else {
        format!(" {}", compact(&body))
    };
    let signatures = heard.header("webhook-signature").map(|all| all.split(' ').count());
    let signed = signatures.map(|count| format!(", signatures: {count}")).unwrap_or_default();
    format!("POST {}{kind}{signed}", heard.path)
}

fn mail_text(mail: &Value) -> String {
    let subject = mail["subject"].as_str().unwrap_or_default();
    let recipients: Vec<&str> =
        mail["recipients"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let thread = mail["in_reply_to"].as_str().unwrap_or("none");
    format!("mail server: to {}: {subject}, in the thread {thread}", recipients.join(", "))
}

fn webhook_text(heard: &Value) -> String {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, user) = (word(&heard["body"]["type"]), word(&heard["body"]["data"]["preferred_username"]));
    let verdict = heard["fault"].as_str().map_or("verified".to_owned(), |fault| format!("NOT VERIFIED: {fault}"));
    format!("webhook receiver: {kind} for {user}, {} {verdict}", word(&heard["headers"]["webhook-id"]))
}
