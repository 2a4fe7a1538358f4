//! What people do from the messages they get: links, replies, digits; and what the telephone carrier reports.

use std::collections::BTreeSet;

use domain::notification::Channel;
use notify::carrier::twilio_signature;

use super::player::{Done, Player, channel};
use super::pretty::refusal;
use crate::{Answer, Call, NUMBER, PUBLIC_URL, Sent, TOKEN};

/// Where the telephone carrier brings text messages.
const SMS: &str = "/v1/carrier/twilio/sms";

impl Player {
    /// `ana opens Acknowledge of the email about #1`, as a person or a mail scanner does: a GET.
    pub(super) fn open_link_about(&mut self, words: &[&str]) -> Done {
        let sent = self.message(words[0], words[2], Some(words[3]))?;
        self.follow("GET", &sent, words[1])
    }

    /// `ana opens Acknowledge of the last email`, which is the last that offers it.
    pub(super) fn open_last_link(&mut self, words: &[&str]) -> Done {
        let sent = self.last_with_link(words[0], words[2], words[1])?;
        self.follow("GET", &sent, words[1])
    }

    /// `ana presses Acknowledge of the email about #1`: the button of the page, a POST.
    pub(super) fn press_button_about(&mut self, words: &[&str]) -> Done {
        let sent = self.message(words[0], words[2], Some(words[3]))?;
        self.follow("POST", &sent, words[1])
    }

    /// `ana presses Acknowledge of the last email`, likewise.
    pub(super) fn press_last_button(&mut self, words: &[&str]) -> Done {
        let sent = self.last_with_link(words[0], words[2], words[1])?;
        self.follow("POST", &sent, words[1])
    }

    /// `somebody changes a letter of ana's link Acknowledge and presses it`: each message of it, one after the other.
    pub(super) fn forge_link(&mut self, words: &[&str]) -> Done {
        let sent = self.message(words[0], "email", None)?;
        let link = sent.message.actions.iter().find(|action| action.label == words[1]);
        let path = path_of(&link.ok_or_else(|| format!("the message has no link `{}`", words[1]))?.url)?;
        let token = path.rfind('/').map_or(0, |at| at + 1);
        let mut told = BTreeSet::new();
        for at in token..path.len() {
            let other = if path[at..].starts_with('A') { "B" } else { "A" };
            let forged = format!("{}{other}{}", &path[..at], &path[at + 1..]);
            let answer = self.stage.send_as_stranger(Call::post(&forged));
            told.extend(self.page(&answer));
        }
        Ok(told.into_iter().collect())
    }

    fn follow(&mut self, method: &str, sent: &Sent, label: &str) -> Done {
        let link = sent.message.actions.iter().find(|action| action.label == label);
        let link = link.ok_or_else(|| format!("the message has no link `{label}`"))?;
        let path = path_of(&link.url)?;
        let answer = self.stage.send_as_stranger(Call::new(method, &path));
        Ok(self.page(&answer))
    }

    /// `show the last email to ana`: all that its reader sees.
    pub(super) fn show_message(&mut self, words: &[&str]) -> Done {
        let sent = self.message(words[1], words[0], None)?;
        let said = match sent.channel {
            Channel::Email | Channel::Webhook | Channel::Chat => &sent.message.text,
            Channel::Sms | Channel::Push => &sent.message.brief,
            Channel::Voice => &sent.message.spoken,
        };
        let labels: Vec<_> = sent.message.actions.iter().map(|action| format!("[{}]", action.label)).collect();
        let lines = said.lines().map(str::to_owned).chain([labels.join(" ")]).filter(|line| !line.is_empty());
        Ok(lines.map(|line| format!("  {}", self.names.tidy_ids(&line))).collect())
    }

    /// `ben replies "A{code 1}" by SMS`
    pub(super) fn reply(&mut self, words: &[&str]) -> Done {
        let number = self.number_of(words[0])?;
        self.text_us(&number, words[1], TOKEN)
    }

    /// `somebody replies "A{code 1}" from +4915199999999`
    pub(super) fn reply_from(&mut self, words: &[&str]) -> Done {
        self.text_us(words[1], words[0], TOKEN)
    }

    /// `somebody forges ben's reply "A{code 1}"`: with the right number, and a signature by another secret.
    pub(super) fn forge_reply(&mut self, words: &[&str]) -> Done {
        let number = self.number_of(words[0])?;
        self.text_us(&number, words[1], "another token")
    }

    fn text_us(&mut self, from: &str, said: &str, token: &str) -> Done {
        let said = self.names.resolve(said);
        self.texts += 1;
        let id = format!("SM{:032}", self.texts);
        let answer =
            self.carrier_asks(SMS, &[("MessageSid", &id), ("From", from), ("To", NUMBER), ("Body", &said)], token);
        Ok(self.page(&answer))
    }

    /// `ana presses 4 in the last call`
    pub(super) fn press_digit(&mut self, words: &[&str]) -> Done {
        let sent = self.message(words[0], "voice", None)?;
        let url = sent.message.digits_url.ok_or("the call takes no digits")?;
        self.texts += 1;
        let id = format!("CA{:032}", self.texts);
        let answer = self.carrier_asks(&path_of(&url)?, &[("CallSid", &id), ("Digits", words[1])], TOKEN);
        Ok(self.page(&answer))
    }

    /// `the carrier reports ana's last sms as delivered`
    pub(super) fn report(&mut self, words: &[&str]) -> Done {
        let sent = self.message(words[0], words[1], None)?;
        let url = sent.message.status_url.ok_or("the message has nowhere to report to")?;
        let field = if sent.channel == Channel::Voice { "CallStatus" } else { "MessageStatus" };
        let answer = self.carrier_asks(&path_of(&url)?, &[(field, words[2])], TOKEN);
        Ok(self.page(&answer))
    }

    /// A request as the telephone carrier makes it, signed with `token`.
    fn carrier_asks(&mut self, path: &str, fields: &[(&str, &str)], token: &str) -> Answer {
        let owned: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let signature = twilio_signature::sign(token, &format!("{PUBLIC_URL}{path}"), &owned);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let call = Call::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.stage.send_as_stranger(call.header("x-twilio-signature", signature).body(body))
    }

    /// The last message to somebody by a channel, about this incident or any.
    fn message(&self, user: &str, by: &str, about: Option<&str>) -> Result<Sent, String> {
        let by = channel(by)?;
        let number = about.map(|number| number.parse::<i64>().map_err(|_| format!("`#{number}` is no incident")));
        let number = number.transpose()?;
        let is_about = |sent: &&Sent| {
            number.is_none_or(|number| sent.message.payload["data"]["organization_instance_id"] == number)
        };
        let found = self.messages.iter().filter(|sent| sent.user == user && sent.channel == by).rfind(is_about);
        found.cloned().ok_or_else(|| format!("{user} has no such message"))
    }

    /// The last message to somebody by a channel that has a link of this label.
    fn last_with_link(&self, user: &str, by: &str, label: &str) -> Result<Sent, String> {
        let by = channel(by)?;
        let offers = |sent: &&Sent| sent.message.actions.iter().any(|link| link.label == label);
        let found = self.messages.iter().filter(|sent| sent.user == user && sent.channel == by).rfind(offers);
        found.cloned().ok_or_else(|| format!("{user} has no message with a link `{label}`"))
    }

    fn number_of(&self, user: &str) -> Result<String, String> {
        let number = self.cast.telephone(&self.person(user)?);
        number.ok_or_else(|| format!("{user} has no number for text messages"))
    }

    /// What is to be read of an answer: status and text, without what only a browser needs.
    fn page(&self, answer: &Answer) -> Vec<String> {
        if answer.header("content-type") == "application/problem+json" {
            return vec![refusal(answer)];
        }
        let text = visible(answer.text());
        let text = if text.is_empty() { "nothing".to_owned() } else { text };
        vec![format!("-> {} {}", answer.status, self.names.tidy(&text))]
    }
}

fn path_of(url: &str) -> Result<String, String> {
    let path = url.strip_prefix(PUBLIC_URL);
    path.map(str::to_owned).ok_or_else(|| format!("{url} does not lead to the server"))
}

/// The text of a page or of a script for the telephone, without elements and heads, on one line; buttons in brackets.
fn visible(page: &str) -> String {
    let body = page.split_once("</head>").map_or(page, |(_, body)| body);
    let marked = body.replace("<button", " [<button").replace("</button>", "] </button>").replace("</h1>", " - </h1>");
    let mut text = String::new();
    for part in marked.split('<') {
        let said = part.split_once('>').map_or(part, |(_, said)| said);
        text.push_str(said);
        text.push(' ');
    }
    let plain = [("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    let text = plain.iter().fold(text, |text, (entity, plain)| text.replace(entity, plain));
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("[ ", "[").replace(" ]", "]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_what_is_read_of_it() {
        let page = "<html><head><title>x</title></head><body><h1>Sure?</h1><p>Disk &amp; co</p>\n<button class=\"a\">Do it</button>";
        assert_eq!(visible(page), "Sure? - Disk & co [Do it]");
        assert_eq!(visible("<Response><Message>Done.</Message></Response>"), "Done.");
        assert_eq!(visible("plain"), "plain");
    }
}
