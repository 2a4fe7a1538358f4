//! What can be done from messages: links, forms of the telephone carrier, digits and codes. Whatever is not to the letter
//! what we sent or the carrier signed acts on nothing.

use super::{damage, hold, spoiled, text};
use crate::web::everything;
use checks::{Api, Call, Database, PUBLIC_URL, TOKEN};
use domain::incident::Action;
use domain::notification::Channel;
use notify::carrier::twilio_signature;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{Index, select};
use proptest::{prop_assert, prop_assert_eq};

const ANA: &str = "+4915112300001";
const SMS: &str = "/v1/carrier/twilio/sms";

/// A server whose Ana has a telephone, with an incident that she was told of, and every path that a message gave her.
fn set() -> (Api, Vec<String>) {
    let api = Api::reachable(Database::Sqlite);
    api.equip("ana", &format!("sms = \"{ANA}\"\nvoice = \"{ANA}\""), &[Channel::Sms, Channel::Voice]);
    api.incident("Disk full");
    api.beat();
    api.pass_minutes(2);
    api.beat();
    let messages = api.sent.lock().expect("no panic").clone();
    let links = messages.iter().flat_map(|message| message.actions.iter().map(|link| link.url.clone()));
    let asked = api.send(Call::post("/v1/users/ana/feed").key(&api.key).json(&serde_json::json!({})));
    let feed = asked.ok()["url"].as_str().expect("a URL").to_owned();
    let others = messages.iter().flat_map(|message| [message.status_url.clone(), message.digits_url.clone()]).flatten();
    let paths: Vec<String> =
        links.chain(others).chain([feed]).map(|url| url.strip_prefix(PUBLIC_URL).expect("ours").to_owned()).collect();
    for kind in ["/act/", "/feeds/", "/v1/carrier/twilio/status/", "/v1/carrier/twilio/voice/"] {
        assert!(paths.iter().any(|path| path.starts_with(kind)), "{kind}: {paths:?}");
    }
    (api, paths)
}

/// A form as the carrier sends it.
fn form(path: &str, fields: &[(String, String)]) -> Call {
    form_signed(path, fields, signature(path, fields).as_bytes())
}

fn signature(path: &str, fields: &[(String, String)]) -> String {
    twilio_signature::sign(TOKEN, &format!("{PUBLIC_URL}{path}"), fields)
}

fn form_signed(path: &str, fields: &[(String, String)], signature: &[u8]) -> Call {
    let mut body = form_urlencoded::Serializer::new(String::new());
    Call::post(path).header("x-twilio-signature", signature).body(body.extend_pairs(fields).finish())
}

#[test]
fn a_link_with_any_change_acts_on_nothing() {
    let (api, paths) = set();
    let before = everything(&api);
    let bits = (any::<Index>(), 0..7_u32).prop_map(|(place, bit)| (Some((place, bit)), Vec::new()));
    let damages = vec(damage(), 1..3).prop_map(|damages| (None, damages));
    let fields = vec![("Digits".to_owned(), "4".to_owned()), ("MessageStatus".to_owned(), "failed".to_owned())];
    hold(400, &(any::<Index>(), prop_oneof![3 => bits, 1 => damages]), |(index, (bit, damages))| {
        let path = index.get(&paths);
        let (place, token) = path.rsplit_once('/').expect("a token");
        let mut bytes = spoiled(token.as_bytes(), &damages);
        if let Some((place, bit)) = bit {
            bytes[place.index(token.len())] ^= 1 << bit;
        }
        if bytes == token.as_bytes() {
            return Ok(());
        }
        let changed = bytes.iter().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let path = format!("{place}/{changed}");
        let answers = [api.send(Call::get(&path)), api.send(Call::post(&path)), api.send(form(&path, &fields))];
        for answer in answers {
            prop_assert!([403, 404, 405].contains(&answer.status), "{}: {}", answer.status, answer.text());
        }
        Ok(())
    });
    assert_eq!(everything(&api), before);
    let link = paths.iter().find(|path| path.starts_with("/act/")).expect("a link");
    assert_eq!(api.send(Call::post(link)).status, 200, "unchanged it acts");
}

#[test]
fn a_form_that_the_carrier_did_not_sign_to_the_letter_changes_nothing() {
    let (api, paths) = set();
    let before = everything(&api);
    let paths: Vec<String> =
        paths.into_iter().filter(|path| path.starts_with("/v1/")).chain([SMS.to_owned()]).collect();
    let damages = vec(damage(), 1..3);
    hold(200, &(select(paths), damages), |(path, damages)| {
        let fields = [("From", ANA), ("Body", "A1"), ("Digits", "4"), ("MessageStatus", "failed"), ("CallSid", "CA1")];
        let fields: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let sound = signature(&path, &fields);
        let mut spoilt = spoiled(sound.as_bytes(), &damages);
        spoilt.retain(|byte| *byte >= 0x20 && *byte != 0x7f);
        if spoilt.trim_ascii() != sound.as_bytes() {
            let answer = api.send(form_signed(&path, &fields, &spoilt));
            prop_assert_eq!(answer.status, 403, "{}", answer.text());
        }
        Ok(())
    });
    assert_eq!(everything(&api), before);
}

#[test]
fn a_signed_form_of_any_fields_is_answered_and_acts_only_as_it_says() {
    let (api, paths) = set();
    let paths: Vec<String> =
        paths.into_iter().filter(|path| path.starts_with("/v1/")).chain([SMS.to_owned()]).collect();
    let names =
        select(vec!["From", "Body", "Digits", "MessageStatus", "CallStatus", "MessageSid", "CallSid", "ErrorCode"]);
    let words = select(vec![ANA, "A1", "R99999", "delivered", "no-answer", "queued", "5", "SM1", "\u{0}"]);
    let values = prop_oneof![words.prop_map(str::to_owned), text()];
    let names = prop_oneof![9 => names.prop_map(str::to_owned), 1 => text()];
    let from = Just(("From".to_owned(), ANA.to_owned()));
    let fields = (from, vec((names, values), 0..6)).prop_map(|(from, mut fields)| {
        fields.insert(0, from);
        fields
    });
    hold(300, &(select(paths), fields), |(path, fields)| {
        // Each in an hour of its own, or wrong codes would be all that is looked at.
        api.pass_minutes(1);
        let get = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let acts = get("Body").is_some_and(|text| Action::from_reply(&text).is_some())
            || get("Digits").is_some_and(|digits| Action::from_digits(&digits).is_some())
            || ["MessageStatus", "SmsStatus", "CallStatus"].iter().any(|name| get(name).is_some());
        let before = everything(&api);
        let answer = api.send(form(&path, &fields));
        prop_assert!([200, 204, 404].contains(&answer.status), "{}: {}", answer.status, answer.text());
        if answer.status == 200 {
            prop_assert!(answer.text().starts_with("<?xml") && answer.text().ends_with("</Response>"));
        }
        prop_assert!(acts || everything(&api) == before, "{fields:?}");
        Ok(())
    });
}
