//! The Twilio form as its documentation describes it: what may be asked, and nothing else.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The account at the telephone carrier.
pub const ACCOUNT: &str = "AC00000000000000000000000000000001";
/// What proves that a request is the account's, and signs what the carrier asks of us.
pub const TOKEN: &str = "a token of the tests";
/// The number from which the account sends and calls.
pub const NUMBER: &str = "+4930555000";
/// Where everything of the telephone carrier is.
pub(crate) const TELEPHONE: &str = "/2010-04-01/";

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
    pub(crate) fn prefix(self) -> &'static str {
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

/// Reads a request that was posted to `path`; the error says what about it is not of the form. `header` gives the value of a
/// header by its name in lower case.
pub(crate) fn read<'a>(path: &str, header: impl Fn(&str) -> Option<&'a str>, body: &str) -> Result<Dialled, String> {
    let kind = match path.strip_prefix(&format!("{TELEPHONE}Accounts/{ACCOUNT}/")) {
        Some("Messages.json") => Kind::Text,
        Some("Calls.json") => Kind::Call,
        _ => return Err(format!("the carrier has nothing at {path}")),
    };
    let credentials = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{TOKEN}")));
    ensure(header("authorization") == Some(&credentials), "wrong account or token")?;
    ensure(header("content-type") == Some("application/x-www-form-urlencoded"), "the body is not a form")?;
    let mut parameters = Parameters::new();
    for (name, value) in form_urlencoded::parse(body.as_bytes()).into_owned() {
        parameters.entry(name).or_default().push(value);
    }
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

fn ensure(holds: bool, wanted: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(wanted.to_owned()) }
}
