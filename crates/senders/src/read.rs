//! Reading a body as one kind of sender writes it. What lacks the fields of its kind is read as generic, and one
//! entry of a list that cannot be read costs nothing of the others.

use crate::forge::{github, gitlab, jira};
use crate::hosted::{datadog, newrelic, sentry, splunk, sysdig};
use crate::input::{Input, Options};
use crate::json::json;
use crate::mail::{self, Envelope};
use crate::members::{Object, as_object, entries, text};
use crate::multipart::multipart;
use crate::remarks::{repaired, unknown};
use crate::{
    alertmanager, azure, checkmk, cloudwatch, form, generic, google_cloud, grafana, healthchecks, nagios, opsgenie,
    pagerduty, preset, uptime_kuma, zabbix,
};
use domain::intake::{Delivery, Received, SenderKind, Unreadable};
use serde_json::Value;

/// Reads an object as one sender writes it; `None` if it lacks what tells that it is one of this sender's.
type Reader = fn(&Object, &Options) -> Option<Vec<Received>>;

/// Headers in which senders give the id of a delivery, which stays the same when they repeat it (intake §1).
const EVENT_IDS: [&str; 4] =
    ["x-github-delivery", "x-amz-sns-message-id", "request-id", "x-atlassian-webhook-identifier"];
/// Kinds that send forms, or can be told to.
const FORMS: [SenderKind; 5] =
    [SenderKind::Datadog, SenderKind::UptimeKuma, SenderKind::Github, SenderKind::Prtg, SenderKind::Statuscake];

/// Reads a body as this kind of sender writes it. A body that is JSON is never refused: what lacks the fields of its
/// kind is read as generic, which is said in its repairs.
///
/// # Errors
/// A body that is no JSON, with line and column; for `Generic`, which takes forms and text too, one that begins as
/// JSON and is none, or that is empty.
pub fn read(kind: SenderKind, input: &Input<'_>, options: &Options) -> Result<Delivery, Unreadable> {
    let (reader, needs): (Reader, _) = match kind {
        SenderKind::Alertmanager => (alertmanager::read, "`alerts`"),
        SenderKind::Grafana => (grafana::read, "`alerts` or `ruleId`"),
        SenderKind::Pagerduty => (pagerduty::read, "`event_action` with `payload.summary` or `dedup_key`"),
        SenderKind::Opsgenie => (opsgenie::read, "`message`"),
        SenderKind::Nagios | SenderKind::Icinga2 => (nagios::read, "`host_name`"),
        SenderKind::Zabbix => (zabbix::read, "`eventid` or `eventname`"),
        SenderKind::Datadog => (|body, _| datadog::read(body), "`transition` or `alert_id`"),
        SenderKind::Cloudwatch => (cloudwatch::read, "`Type` or `AlarmName`"),
        SenderKind::Azure => (|body, _| azure::read(body), "`data.essentials`"),
        SenderKind::GoogleCloud => (google_cloud::read, "`incident`"),
        SenderKind::Newrelic => (newrelic::read, "`state` or `issueUrl`"),
        SenderKind::UptimeKuma => (uptime_kuma::read, "`heartbeat`"),
        SenderKind::Healthchecks => (|body, _| healthchecks::read(body), "`code`"),
        SenderKind::Sentry => (|body, _| sentry::read(body), "`data.event`, `data.metric_alert` or `data.issue`"),
        SenderKind::Checkmk => (checkmk::read, "`NOTIFY_HOSTNAME`"),
        SenderKind::Github => (|body, _| github::read(body), "`repository`"),
        SenderKind::Gitlab => (|body, _| gitlab::read(body), "`object_kind`"),
        SenderKind::Jira => (|body, _| jira::read(body), "`issue`"),
        SenderKind::Prtg => (|body, _| preset::read(SenderKind::Prtg, body), "`sensor` and `status`"),
        SenderKind::Pingdom => (|body, _| preset::read(SenderKind::Pingdom, body), "`check_id` and `current_state`"),
        SenderKind::Statuscake => (|body, _| preset::read(SenderKind::Statuscake, body), "`Status`"),
        SenderKind::Elastalert => (|body, _| preset::read(SenderKind::Elastalert, body), "`rule`"),
        SenderKind::Sysdig => (|body, _| sysdig::read(body), "`alert`"),
        SenderKind::Splunk => (splunk::read, "`search_name` or `incidentId`"),
        SenderKind::Email => (|_, _| None, "mail"),
        SenderKind::Generic => return Ok(delivery(input, generic::read(input)?)),
    };
    if kind == SenderKind::Email && json(input.body).is_err() && mail::begins(input.body) {
        // A mail that is posted as it is.
        return Ok(mail::read(input.body, &Envelope { settings: options.mail, ..Envelope::default() }));
    }
    if kind == SenderKind::Cloudwatch
        && let Some(message) = plain_text(input.body)
    {
        let mut received = cloudwatch::plain(&message, "");
        received.payload = Value::String(message);
        return Ok(delivery(input, vec![received]));
    }
    let (body, repairs) = body_of(kind, input)?;
    let remark = format!("read as generic: {} sends {needs}", kind.word());
    let received = parts(&body).iter().flat_map(|part| match as_object(part) {
        None => vec![unknown(part, "an object")],
        Some(object) => reader(object, options).unwrap_or_else(|| {
            let mut received = generic::object(object);
            received.repairs.push(remark.clone());
            vec![received]
        }),
    });
    let mut read = delivery(input, repaired(received.collect(), &repairs));
    if kind == SenderKind::Cloudwatch {
        // What was signed is believed before a header.
        read.event_id = as_object(&body).and_then(|body| text(body, "MessageId")).or(read.event_id);
    }
    Ok(read)
}

/// The body as JSON or, where its kind sends them, as a form, or as the query where there is no body.
fn body_of(kind: SenderKind, input: &Input<'_>) -> Result<(Value, Vec<String>), Unreadable> {
    let refused = match json(input.body) {
        Ok(read) => return Ok(read),
        Err(refused) => refused,
    };
    if !FORMS.contains(&kind) {
        return Err(refused);
    }
    let read = match input.body.trim_ascii().is_empty() {
        true => form::query(input.query),
        false => multipart(input.body).or_else(|| form::form(input.body, input.content_type)),
    };
    read.ok_or(refused)
}

/// A body that was never meant to be JSON, as raw delivery of SNS has it: text that begins as nothing of JSON does.
fn plain_text(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let begins_as_text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with(char::is_alphabetic);
    let is_word = ["true", "false", "null"].contains(&text.trim());
    (begins_as_text && !is_word).then(|| text.into_owned())
}

/// The entries of a list; what is no list is the only one, null too, so that it has its fate.
fn parts(body: &Value) -> &[Value] {
    if body.is_null() { std::slice::from_ref(body) } else { entries(body) }
}

fn delivery(input: &Input<'_>, received: Vec<Received>) -> Delivery {
    let event_id = EVENT_IDS.iter().find_map(|name| input.header(name)).map(str::to_owned);
    Delivery { event_id, received, origin: None }
}
