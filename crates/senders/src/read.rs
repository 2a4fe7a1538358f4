//! Reading a body as one kind of sender writes it. What lacks the fields of its kind is read as generic, and one
//! entry of a list that cannot be read costs nothing of the others.

use crate::input::{Input, Options};
use crate::json::json;
use crate::mail::{self, Envelope};
use crate::members::{Object, as_object, entries};
use crate::remarks::{repaired, unknown};
use crate::{
    alertmanager, azure, datadog, generic, google_cloud, grafana, healthchecks, nagios, newrelic, opsgenie, pagerduty,
    sentry, splunk, sysdig, uptime_kuma, zabbix,
};
use domain::intake::{Delivery, Received, SenderKind, Unreadable};
use serde_json::Value;

/// Reads an object as one sender writes it; `None` if it lacks what tells that it is one of this sender's.
type Reader = fn(&Object, &Options) -> Option<Vec<Received>>;

/// Headers in which senders give the id of a delivery, which stays the same when they repeat it (intake §1).
const EVENT_IDS: [&str; 3] = ["x-github-delivery", "x-amz-sns-message-id", "request-id"];

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
        SenderKind::Azure => (|body, _| azure::read(body), "`data.essentials`"),
        SenderKind::GoogleCloud => (google_cloud::read, "`incident`"),
        SenderKind::Newrelic => (|body, _| newrelic::read(body), "`state` or `issueUrl`"),
        SenderKind::UptimeKuma => (uptime_kuma::read, "`heartbeat`"),
        SenderKind::Healthchecks => (|body, _| healthchecks::read(body), "`code`"),
        SenderKind::Sentry => (|body, _| sentry::read(body), "`data.event`, `data.metric_alert` or `data.issue`"),
        SenderKind::Sysdig => (|body, _| sysdig::read(body), "`alert`"),
        SenderKind::Splunk => (splunk::read, "`search_name` or `incidentId`"),
        SenderKind::Email => (|_, _| None, "mail"),
        SenderKind::Generic => return Ok(delivery(input, generic::read(input)?)),
    };
    let (body, repairs) = match json(input.body) {
        // A mail that is posted as it is.
        Err(_) if kind == SenderKind::Email && mail::begins(input.body) => {
            return Ok(mail::read(input.body, &Envelope { settings: options.mail, ..Envelope::default() }));
        }
        read => read?,
    };
    let remark = format!("read as generic: {} sends {needs}", kind.word());
    let received = parts(&body).iter().flat_map(|part| match as_object(part) {
        None => vec![unknown(part, "an object")],
        Some(object) => reader(object, options).unwrap_or_else(|| {
            let mut received = generic::object(object);
            received.repairs.push(remark.clone());
            vec![received]
        }),
    });
    Ok(delivery(input, repaired(received.collect(), &repairs)))
}

/// The entries of a list; what is no list is the only one, null too, so that it has its fate.
fn parts(body: &Value) -> &[Value] {
    if body.is_null() { std::slice::from_ref(body) } else { entries(body) }
}

fn delivery(input: &Input<'_>, received: Vec<Received>) -> Delivery {
    let event_id = EVENT_IDS.iter().find_map(|name| input.header(name)).map(str::to_owned);
    Delivery { event_id, received, origin: None }
}
