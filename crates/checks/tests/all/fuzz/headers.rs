//! Headers of any value: a key is one or none, and no other header breaks anything.

use super::{damage, hold, spoiled};
use checks::{Api, Call, Database, settings};
use domain::limits;
use engine::DeskLimits;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq};
use serde_json::json;
use web::Settings;

/// What HTTP lets a header hold: visible characters, spaces, tabs, and all bytes above.
fn header_values() -> impl Strategy<Value = Vec<u8>> + Clone {
    let byte = prop_oneof![5 => 0x20..0x7f_u8, 1 => 0x80..=0xff_u8, 1 => Just(b'\t')];
    let long = (0x21..0x7f_u8, 200..400_usize).prop_map(|(byte, times)| vec![byte; times]);
    prop_oneof![9 => vec(byte, 0..40), 1 => long]
}

/// A sound value with some damage, as far as a header can hold it.
fn spoilt(sound: String) -> impl Strategy<Value = Vec<u8>> {
    (Just(sound), vec(damage(), 0..3)).prop_map(|(sound, damages)| {
        let mut bytes = spoiled(sound.as_bytes(), &damages);
        bytes.retain(|byte| *byte == b'\t' || (*byte >= 0x20 && *byte != 0x7f));
        bytes
    })
}

fn incidents(api: &Api) -> usize {
    api.get("/list/incidents").as_array().expect("a list").len()
}

fn service(api: &Api) -> String {
    api.ref_id("services", "checkout")
}

#[test]
fn a_key_with_any_damage_is_no_key() {
    let api = Api::new();
    let body = json!({"title": "Disk full", "service_ref_id": service(&api)});
    let sound: Vec<String> =
        ["token", "Bearer", "Token token="].iter().map(|scheme| format!("{scheme} {}", api.key)).collect();
    let values = prop_oneof![2 => select(sound).prop_flat_map(spoilt), 1 => header_values()];
    let before = incidents(&api);
    hold(300, &values, |value| {
        // What is left of the key after the damage is the whole key, or a key that nobody has.
        let text = String::from_utf8_lossy(&value);
        if text.split([' ', '\t', '=', '"']).any(|word| word == api.key) {
            return Ok(());
        }
        let answer = api.send(Call::post("/create").header("authorization", &value).json(&body));
        prop_assert_eq!(answer.status, 401, "{}", answer.text());
        answer.refused(401, answer.json()["code"].as_str().expect("a code"));
        Ok(())
    });
    assert_eq!(incidents(&api), before);
}

#[test]
fn an_idempotency_key_is_visible_characters_within_its_limit_or_refused() {
    let api = Api::new();
    let service = service(&api);
    let most = limits::IDEMPOTENCY_KEY_BYTES;
    let sized = (0x21..0x7f_u8, most - 1..most + 2).prop_map(|(byte, times)| vec![byte; times]);
    let keys = prop_oneof![4 => header_values(), 1 => sized, 1 => Just(b"sms SM1".to_vec())];
    hold(200, &(keys, any::<u32>()), |(key, number)| {
        let before = incidents(&api);
        let body = json!({"title": format!("Disk {number} full"), "service_ref_id": service});
        let send = || api.send(Call::post("/create").key(&api.key).header("idempotency-key", &key).json(&body));
        let answer = send();
        if (1..=most).contains(&key.len()) && key.iter().all(u8::is_ascii_graphic) {
            // Short keys come twice, with another body.
            prop_assert!([200, 409].contains(&answer.status), "{}", answer.text());
            prop_assert_eq!(send().body == answer.body, answer.status == 200);
            prop_assert!(incidents(&api) <= before + 1);
        } else {
            answer.refused(400, "invalid_idempotency_key");
            prop_assert_eq!(incidents(&api), before);
        }
        Ok(())
    });
}

#[test]
fn no_other_header_breaks_anything() {
    let trusted_proxies = vec!["192.0.2.0/24".parse().expect("a network")];
    let desk = DeskLimits { queue: 1000, batch: 64, writers: 2 };
    let api = Api::with(Database::Sqlite, Settings { trusted_proxies, ..settings() }, desk);
    let names = select(vec![
        "x-forwarded-for",
        "forwarded",
        "content-type",
        "content-length",
        "content-encoding",
        "accept",
        "accept-encoding",
        "host",
        "origin",
        "cookie",
        "range",
        "if-none-match",
        "expect",
        "transfer-encoding",
        "x-request-id",
        "x-twilio-signature",
        "x-http-method-override",
        "traceparent",
        "connection",
        "upgrade",
        "te",
    ]);
    let forwarded = "203.0.113.9, [2001:db8::1]:443, ::ffff:192.0.2.7";
    let values = prop_oneof![header_values(), spoilt(forwarded.to_owned())];
    let paths = select(vec!["/list/users", "/v1/on-call", "/healthz", "/act/x", "/feeds/x.ics", "/docs"]);
    hold(300, &(vec((names, values), 1..4), paths), |(headers, path)| {
        let call = headers.iter().fold(Call::get(path).key(&api.key), |call, (name, value)| call.header(name, value));
        let answer = api.send(call);
        prop_assert!(answer.status < 500, "{path}: {}", answer.text());
        answer.guarded();
        Ok(())
    });
}
