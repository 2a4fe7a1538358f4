//! The Twilio form as its documentation describes it: what may be asked, and nothing else.

use std::collections::BTreeMap;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text message.
    Text,
    /// A call.
    Call,
}

impl Kind {
    /// What the ids of its kind begin with.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Text => "SM",
            Self::Call => "CA",
        }
    }
}

/// A text or call that was asked for as the form allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialled {
    /// Which of the two.
    pub kind: Kind,
    /// Its id at the carrier.
    pub sid: String,
    /// To which number.
    pub to: String,
    /// From which number or messaging service.
    pub from: String,
    /// The text, or the script of the call.
    pub said: String,
    /// Where the carrier is to report what came of it.
    pub status_url: Option<String>,
}

impl Dialled {
    /// Where the digits that are pressed in a call go.
    pub fn digits_url(&self) -> Option<String> {
        let (_, rest) = self.said.split_once(" action=\"")?;
        let (url, _) = rest.split_once('"')?;
        Some(url.replace("&amp;", "&"))
    }
}

/// What may be asked for a text and for a call: name, and whether it may be there more than once.
const TEXT: [(&str, bool); 5] =
    [("To", false), ("From", false), ("MessagingServiceSid", false), ("Body", false), ("StatusCallback", false)];
const CALL: [(&str, bool); 5] =
    [("To", false), ("From", false), ("Twiml", false), ("StatusCallback", false), ("StatusCallbackEvent", true)];

type Parameters = BTreeMap<String, Vec<String>>;

/// Reads a request; the error says what about it is not of the form.
pub(super) fn read(head: &str, body: &str, account: &str, token: &str) -> Result<Dialled, String> {
    let first = head.lines().next().unwrap_or_default();
    let kind = match first.strip_prefix(&format!("POST /2010-04-01/Accounts/{account}/")) {
        Some("Messages.json HTTP/1.1") => Kind::Text,
        Some("Calls.json HTTP/1.1") => Kind::Call,
        _ => return Err(format!("unknown request: {first}")),
    };
    let credentials = format!("Basic {}", base64(format!("{account}:{token}").as_bytes()));
    ensure(header(head, "authorization") == Some(&credentials), "wrong account or token")?;
    let form = header(head, "content-type") == Some("application/x-www-form-urlencoded");
    ensure(form, "the body is not a form")?;
    let parameters = decode(body)?;
    let known = if kind == Kind::Text { TEXT } else { CALL };
    for (name, values) in &parameters {
        let (_, many) = known.iter().find(|(known, _)| known == name).ok_or(format!("unknown parameter {name}"))?;
        ensure(*many || values.len() == 1, &format!("{name} is there {} times", values.len()))?;
    }
    let one = |name: &str| parameters.get(name).and_then(|values| values.first()).cloned();
    let to = one("To").ok_or("To is missing")?;
    ensure(is_number(&to), &format!("To is no number: {to}"))?;
    let status_url = one("StatusCallback");
    ensure(status_url.as_deref().is_none_or(|url| url.starts_with("http")), "StatusCallback is no URL")?;
    let (from, said) = match kind {
        Kind::Text => (text_from(&parameters)?, text(one("Body").ok_or("Body is missing")?)?),
        Kind::Call => (call_from(&parameters)?, script(one("Twiml").ok_or("Twiml is missing")?)?),
    };
    Ok(Dialled { kind, sid: String::new(), to, from, said, status_url })
}

fn text_from(parameters: &Parameters) -> Result<String, String> {
    let from: Vec<&String> =
        ["From", "MessagingServiceSid"].iter().filter_map(|name| parameters.get(*name)).flatten().collect();
    match from.as_slice() {
        [one] => Ok((*one).clone()),
        other => Err(format!("one of From and MessagingServiceSid is needed, found {other:?}")),
    }
}

fn call_from(parameters: &Parameters) -> Result<String, String> {
    let events = parameters.get("StatusCallbackEvent").map_or(&[][..], Vec::as_slice);
    let known = ["initiated", "ringing", "answered", "completed"];
    ensure(events.iter().all(|event| known.contains(&event.as_str())), "an unknown event")?;
    ensure(events.is_empty() || parameters.contains_key("StatusCallback"), "events, but nowhere to report them")?;
    let from = parameters.get("From").and_then(|from| from.first()).ok_or("From is missing")?;
    ensure(is_number(from), &format!("From is no number: {from}"))?;
    Ok(from.clone())
}

fn text(text: String) -> Result<String, String> {
    ensure((1..=1_600).contains(&text.chars().count()), "Body must have 1 to 1600 characters")?;
    Ok(text)
}

/// A script of the few elements that a call needs, in which nothing is open and nothing that is said is an element.
fn script(script: String) -> Result<String, String> {
    ensure(script.chars().count() <= 4_000, "Twiml must have at most 4000 characters")?;
    let mut open: Vec<&str> = Vec::new();
    for part in script.split('<').skip(1) {
        let (tag, _) = part.split_once('>').ok_or("Twiml: an element without an end")?;
        if let Some(name) = tag.strip_prefix('/') {
            ensure(open.pop() == Some(name), &format!("Twiml: </{name}> ends nothing"))?;
            continue;
        }
        let name = tag.split(' ').next().unwrap_or_default();
        let parent = open.last().copied();
        let allowed = match name {
            "Response" => parent.is_none(),
            "Gather" => parent == Some("Response"),
            "Say" => matches!(parent, Some("Response" | "Gather")),
            _ => false,
        };
        ensure(allowed, &format!("Twiml: <{name}> within {parent:?}"))?;
        open.push(name);
    }
    ensure(open.is_empty() && script.starts_with("<Response>"), "Twiml: not one whole <Response>")?;
    let entities = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"];
    let rest = entities.iter().fold(script.clone(), |rest, entity| rest.replace(entity, ""));
    ensure(!rest.contains('&'), "Twiml: an unknown entity")?;
    Ok(script)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
}

pub(super) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    fields.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The pairs of a form; a browser's way of writing them, read by hand so that ours is read by another's rules.
fn decode(body: &str) -> Result<Parameters, String> {
    let mut parameters = Parameters::new();
    for pair in body.split('&') {
        let (name, value) = pair.split_once('=').ok_or("a parameter without a value")?;
        parameters.entry(unescape(name)?).or_default().push(unescape(value)?);
    }
    Ok(parameters)
}

fn unescape(text: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next(), rest.next()].map(|digit| char::from(digit.unwrap_or(b'?')).to_digit(16));
                let [Some(high), Some(low)] = digits else { return Err(format!("a wrong escape in {text}")) };
                u8::try_from(high * 16 + low).expect("two digits")
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// The body of a form with these pairs.
pub(super) fn encode(parameters: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        let write = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(write).collect()
    };
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let padded = [chunk[0], chunk.get(1).copied().unwrap_or(0), chunk.get(2).copied().unwrap_or(0)];
        let bits = u32::from_be_bytes([0, padded[0], padded[1], padded[2]]);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

fn ensure(holds: bool, wanted: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(wanted.to_owned()) }
}
