//! Messages of Amazon SNS: what OpenSSL signed for the tests of `senders` comes over HTTP, and Amazon is played.

use checks::{Answer, Api, Call, Database, Outside, Script};
use engine::Clock;
use notify::carrier::BoxFuture;
use notify::{Fetch, FormPost};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::sync::Mutex as Turn;

const LINES: &str = r#"
[[integration]]
name = "first come"
kind = "cloudwatch"
service = "checkout"

[[integration]]
name = "listed"
kind = "cloudwatch"
service = "checkout"
[integration.cloudwatch]
topics = ["arn:aws:sns:eu-west-1:999999999999:theirs"]

[[integration]]
name = "strict"
kind = "cloudwatch"
service = "checkout"
[integration.cloudwatch]
topics = ["arn:aws:sns:eu-west-1:123456789012:alarms"]
signature_version = 2

[[integration]]
name = "of moto"
kind = "cloudwatch"
service = "checkout"
[integration.cloudwatch]
topics = ["arn:aws:sns:eu-west-1:123456789012:alarms"]
signature_version = 2

[[integration]]
name = "raw"
kind = "cloudwatch"
service = "checkout"
[integration.cloudwatch]
raw_delivery = true
"#;

macro_rules! message {
    ($name:literal) => {
        include_str!(concat!("../../../../senders/tests/sns/", $name, ".json"))
    };
}

const ALARM: &str = message!("alarm_1");
const OK: &str = message!("ok_2");
const SUBSCRIPTION: &str = message!("subscription_1");
const UNSUBSCRIPTION: &str = message!("unsubscription_1");
const OTHERS_SUBSCRIPTION: &str = message!("others_subscription_1");
const OTHERS_ALARM: &str = message!("others_alarm_1");

/// Amazon, which gives what its certificate's address holds, and confirms what it is asked to.
#[derive(Default)]
struct Amazon {
    called: Mutex<Vec<String>>,
    certificate: Mutex<Option<&'static [u8]>>,
    /// Whether it confirms, and what the next confirmation waits for.
    refuses: Mutex<bool>,
    waits_for: Mutex<Option<Arc<Turn<()>>>>,
}

impl Fetch for Amazon {
    fn get<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        self.called.lock().expect("no panic").push(url.to_owned());
        let certificate = *self.certificate.lock().expect("no panic");
        let is_confirmation = !url.ends_with(".pem");
        let refuses = is_confirmation && *self.refuses.lock().expect("no panic");
        let turn = if is_confirmation { self.waits_for.lock().expect("no panic").take() } else { None };
        Box::pin(async move {
            if let Some(turn) = turn {
                drop(turn.lock().await);
            }
            if refuses {
                return Err("no answer in time".to_owned());
            }
            let certificate = certificate.ok_or("no answer in time")?;
            Ok(if url.ends_with(".pem") { certificate.to_vec() } else { b"<ConfirmSubscriptionResponse/>".to_vec() })
        })
    }

    fn post<'a>(&'a self, _: FormPost<'a>) -> BoxFuture<'a, Result<(u16, Vec<u8>), String>> {
        Box::pin(async { Err("there is nothing outside of this test".to_owned()) })
    }
}

impl Amazon {
    fn gives(&self, certificate: Option<&'static [u8]>) {
        *self.certificate.lock().expect("no panic") = certificate;
    }

    /// What was called since it was asked last: each a certificate or a confirmation.
    fn calls(&self) -> Vec<&'static str> {
        let called = std::mem::take(&mut *self.called.lock().expect("no panic"));
        let kind = |url: &String| {
            assert!(url.starts_with("https://sns.eu-west-1.amazonaws.com/"), "{url}");
            if url.ends_with(".pem") { "certificate" } else { "confirmation" }
        };
        called.iter().map(kind).collect()
    }
}

/// Amazon as moto plays it: certificates that it made, at the addresses that its messages name.
struct Moto(Mutex<Script>);

impl Moto {
    /// What it answers to this.
    fn asked(&self, what: &Value) -> Value {
        let mut script = self.0.lock().expect("no panic");
        script.go_on(&what.to_string());
        script.wait_for("told")
    }
}

impl Fetch for Moto {
    fn get<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        let told = self.asked(&json!({"url": url}));
        let body = told[1].as_str().filter(|_| told[0] == 200).map(|body| body.as_bytes().to_vec());
        Box::pin(async move { body.ok_or_else(|| told.to_string()) })
    }

    fn post<'a>(&'a self, _: FormPost<'a>) -> BoxFuture<'a, Result<(u16, Vec<u8>), String>> {
        Box::pin(async { Err("there is nothing outside of this test".to_owned()) })
    }
}

const CERTIFICATE: &[u8] = include_bytes!("../../../../senders/tests/sns/cert.pem");
const ANOTHER: &[u8] = include_bytes!("../../../../senders/tests/sns/other.pem");

fn on_both(body: impl Fn(&Api, &Amazon)) {
    for database in [Database::Sqlite, Database::Postgresql] {
        let amazon = Arc::new(Amazon::default());
        amazon.gives(Some(CERTIFICATE));
        let api = Api::fetching(database, Arc::clone(&amazon) as Arc<dyn Fetch>);
        api.extend(LINES);
        body(&api, &amazon);
    }
}

fn sent(api: &Api, integration: &str, body: &str) -> Answer {
    let call = Call::post(&api.intake_path(integration)).header("content-type", "text/plain; charset=UTF-8");
    api.send(call.body(body))
}

fn fate(answer: &Answer) -> String {
    answer.clone().ok()["alerts"][0]["fate"].as_str().expect("a fate").to_owned()
}

fn kept(api: &Api, integration: &str) -> Value {
    json!([
        api.get(&format!("/v1/alerts?integration={}", integration.replace(' ', "%20"))),
        api.get(&format!("/v1/integrations/{}/payloads", integration.replace(' ', "%20"))),
    ])
}

#[test]
fn the_first_topic_that_is_subscribed_is_confirmed_once_and_no_other_is_taken() {
    on_both(|api, amazon| {
        let before = kept(api, "first come");
        sent(api, "first come", ALARM).refused(403, "invalid_signature");
        assert_eq!(
            (amazon.calls().len(), kept(api, "first come")),
            (0, before),
            "nothing of a topic that nobody confirmed"
        );
        let subscribed = sent(api, "first come", SUBSCRIPTION);
        assert_eq!(fate(&subscribed), "ignored");
        assert_eq!(amazon.calls(), ["certificate", "confirmation"]);
        assert_eq!(fate(&sent(api, "first come", SUBSCRIPTION)), "repeated");
        assert_eq!(amazon.calls().len(), 0, "once");
        for body in [OTHERS_SUBSCRIPTION, OTHERS_ALARM] {
            sent(api, "first come", body).refused(403, "invalid_signature");
        }
        assert_eq!(amazon.calls().len(), 0);

        let opened = sent(api, "first come", ALARM);
        assert_eq!(fate(&opened), "opened");
        let id = opened.ok()["alerts"][0]["instance_id"].clone();
        let details = api.details(id.as_i64().expect("a number"));
        let task = ["task_title", "urgency_level"].map(|key| details["task"][key].clone());
        assert_eq!(task, [json!("db-1-cpu"), json!(5)]);
        api.clock.advance(1_000_000);
        let over = sent(api, "first come", OK).ok();
        assert_eq!((&over["alerts"][0]["fate"], &over["alerts"][0]["instance_id"]), (&json!("resolved"), &id));
        assert_eq!(fate(&sent(api, "first come", OK)), "repeated", "by the id of its message");

        let opened = sent(api, "first come", UNSUBSCRIPTION);
        assert_eq!(fate(&opened), "opened", "that nothing comes any more is told");
        assert_eq!(amazon.calls().len(), 0, "and never subscribed again by itself");
        let payloads = api.get("/v1/integrations/first%20come/payloads").to_string();
        assert!(payloads.contains("SubscribeURL") && !payloads.contains("Token=2336"), "{payloads}");
    });
}

#[test]
fn only_topics_that_are_listed_are_taken_where_some_are() {
    on_both(|api, amazon| {
        sent(api, "listed", SUBSCRIPTION).refused(403, "invalid_signature");
        assert_eq!(amazon.calls().len(), 0);
        assert_eq!(fate(&sent(api, "listed", OTHERS_ALARM)), "opened", "though it was subscribed elsewhere");
        assert_eq!(fate(&sent(api, "listed", OTHERS_SUBSCRIPTION)), "ignored");
        assert_eq!(amazon.calls(), ["certificate", "confirmation"]);
        sent(api, "strict", ALARM).refused(403, "invalid_signature");
        assert_eq!(fate(&sent(api, "strict", OK)), "ignored");
    });
}

#[test]
fn what_amazon_did_not_sign_is_refused_and_calls_nobody_it_names() {
    on_both(|api, amazon| {
        let before = kept(api, "strict");
        let mut message: Value = serde_json::from_str(OK).expect("JSON");
        message["Message"] = json!("another");
        sent(api, "strict", &message.to_string()).refused(403, "invalid_signature");
        assert_eq!(amazon.calls(), ["certificate"]);
        message["SigningCertURL"] = json!("https://evil.example/a.pem");
        sent(api, "strict", &message.to_string()).refused(403, "invalid_signature");
        let mut subscription: Value = serde_json::from_str(SUBSCRIPTION).expect("JSON");
        subscription["SubscribeURL"] = json!("https://evil.example/");
        sent(api, "first come", &subscription.to_string()).refused(403, "invalid_signature");
        for body in ["{\"AlarmName\": \"x\", \"NewStateValue\": \"ALARM\"}", "CPU is high", "[]", ""] {
            sent(api, "strict", body).refused(403, "invalid_signature");
        }
        let raw = Call::post(&api.intake_path("strict").replace("cloudwatch", "generic")).body("{\"title\": \"x\"}");
        api.send(raw).refused(403, "invalid_signature");
        assert_eq!(kept(api, "strict"), before, "nothing is kept");
        assert!(amazon.calls().iter().all(|call| *call == "certificate"));
        assert_eq!(fate(&sent(api, "raw", "{\"AlarmName\": \"x\", \"NewStateValue\": \"ALARM\"}")), "opened");
        assert_eq!(fate(&sent(api, "raw", "CPU is high")), "opened");

        api.pass_minutes(61);
        sent(api, "strict", OK).refused(403, "invalid_signature");
    });
}

#[test]
fn what_cannot_be_fetched_is_asked_for_again_and_a_certificate_is_kept_for_a_day_if_it_fits() {
    on_both(|api, amazon| {
        amazon.gives(None);
        let answer = sent(api, "first come", SUBSCRIPTION);
        assert_eq!((answer.status, answer.header("retry-after")), (503, "20"));
        amazon.gives(Some(ANOTHER));
        sent(api, "first come", SUBSCRIPTION).refused(403, "invalid_signature");
        amazon.gives(Some(CERTIFICATE));
        amazon.calls();
        assert_eq!(fate(&sent(api, "first come", SUBSCRIPTION)), "ignored");
        assert_eq!(amazon.calls(), ["certificate", "confirmation"], "one that did not fit was not kept");
        amazon.gives(None);
        assert_eq!(fate(&sent(api, "first come", ALARM)), "opened");
        assert_eq!(amazon.calls().len(), 0);
    });
}

#[test]
fn of_two_first_topics_at_once_only_the_one_that_is_taken_is_confirmed() {
    on_both(|api, amazon| {
        let turn = Arc::new(Turn::new(()));
        let meanwhile = Arc::clone(&turn).try_lock_owned().expect("nobody has it");
        *amazon.waits_for.lock().expect("no panic") = Some(turn);
        let calls =
            [SUBSCRIPTION, OTHERS_SUBSCRIPTION].map(|body| Call::post(&api.intake_path("first come")).body(body));
        let answers = api.send_together(calls.to_vec(), 1, meanwhile);
        assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [403, 200]);
        assert_eq!(amazon.calls().into_iter().filter(|call| *call == "confirmation").count(), 1);
    });
}

#[test]
fn a_topic_that_could_not_be_confirmed_keeps_no_other_out() {
    on_both(|api, amazon| {
        *amazon.refuses.lock().expect("no panic") = true;
        assert_eq!(sent(api, "first come", SUBSCRIPTION).status, 503);
        *amazon.refuses.lock().expect("no panic") = false;
        assert_eq!(fate(&sent(api, "first come", OTHERS_SUBSCRIPTION)), "ignored");
        sent(api, "first come", SUBSCRIPTION).refused(403, "invalid_signature");
        assert_eq!(amazon.calls(), ["certificate", "confirmation", "confirmation"]);
    });
}

#[test]
fn what_moto_signs_as_amazon_does_is_believed_by_the_certificate_that_it_names() {
    let outside = Outside::open();
    let mut script = Script::sns(&format!("{}/alarms", outside.url()));
    assert_eq!(script.wait_for("topic"), "arn:aws:sns:eu-west-1:123456789012:alarms");
    let moto = Arc::new(Moto(Mutex::new(script)));
    let api = Api::fetching(Database::Sqlite, Arc::clone(&moto) as Arc<dyn Fetch>);
    api.extend(LINES);
    let published = |alarm: &Value| {
        let message = json!({"Message": alarm.to_string()});
        let id = moto.asked(&message);
        let heard = outside.wait_for_one();
        assert!(heard.body.contains(id.as_str().expect("an id")), "{}", heard.body);
        // Its messages and certificates are of today.
        api.clock.set(Clock::system().now());
        heard.body
    };
    let alarm = |state: &str, minute: u32| {
        json!({"AlarmName": "db-1-cpu", "AlarmArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:db-1-cpu",
            "NewStateValue": state, "NewStateReason": "Threshold Crossed", "Region": "EU (Ireland)",
            "StateChangeTime": format!("2021-05-05T17:{minute}:00.000+0000")})
    };
    let body = published(&alarm("ALARM", 10));
    assert_eq!(fate(&sent(&api, "of moto", &body)), "opened");
    assert_eq!(fate(&sent(&api, "of moto", &body)), "repeated", "by the id of its message");
    sent(&api, "of moto", &body.replace("Crossed", "crossed")).refused(403, "invalid_signature");
    assert_eq!(fate(&sent(&api, "of moto", &published(&alarm("ALARM", 11)))), "joined");
    assert_eq!(fate(&sent(&api, "of moto", &published(&alarm("OK", 12)))), "resolved");
    let listed = api.get("/v1/alerts?integration=of%20moto");
    assert_eq!(listed.as_array().map(Vec::len), Some(4), "{listed}");
    assert_eq!(api.get("/list/incidents"), json!([]));
}
