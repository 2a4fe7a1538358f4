//! Amazon CloudWatch's alarms: as SNS wraps them, bare, and as EventBridge tells of them (intake §3.5, §3.6). Whether SNS
//! signed what it wraps is asked before, in `sns`.

use crate::generic;
use crate::input::Options;
use crate::json::json;
use crate::links::add;
use crate::members::{Object, as_object, entries, object, paragraphs, text, words};
use crate::remarks::{if_unnamed, say_once};
use crate::severity;
use crate::times::time;
use crate::titles::entitle;
use domain::Urgency;
use domain::intake::{Received, State};
use serde_json::Value;

/// One alert; `None` if it is neither a message of SNS nor an alarm.
pub(crate) fn read(body: &Object, options: &Options) -> Option<Vec<Received>> {
    let mut received = match text(body, "Type").as_deref() {
        Some("Notification") => published(body, options),
        Some("SubscriptionConfirmation") => subscription(body, State::Resolved, "Subscribed to"),
        Some("UnsubscribeConfirmation") => subscription(body, State::Firing, "No longer subscribed to"),
        _ => alarm(body, options)?,
    };
    if received.payload.is_null() {
        received.payload = Value::Object(body.clone());
    }
    Some(vec![received])
}

/// A message that is no JSON: its subject or first line, of which nothing says when it is over.
pub(crate) fn plain(message: &str, subject: &str) -> Received {
    let mut received = Received::of(State::Firing);
    entitle(&mut received, subject, message.trim().to_owned());
    received.repairs.push("a message without fields: each is a new alert".to_owned());
    received
}

/// What was published to a topic.
fn published(body: &Object, options: &Options) -> Received {
    let message = text(body, "Message").unwrap_or_default();
    let subject = text(body, "Subject").unwrap_or_default();
    let inside = json(message.as_bytes()).ok();
    let mut received = match inside.as_ref().and_then(|(value, _)| as_object(value)) {
        None => plain(&message, &subject),
        Some(inside) => alarm(inside, options).unwrap_or_else(|| {
            let mut named = inside.clone();
            named.entry("subject").or_insert(Value::String(subject));
            let mut received = generic::object(&named);
            received.repairs.push("read as generic: the message is no alarm of CloudWatch".to_owned());
            received
        }),
    };
    // What conditions look at is the message, not what wraps it.
    received.payload = inside.as_ref().map(|(value, _)| value.clone()).unwrap_or_default();
    for repair in inside.iter().flat_map(|(_, repairs)| repairs) {
        say_once(&mut received, repair);
    }
    received.occurred_at = received.occurred_at.or_else(|| body.get("Timestamp").and_then(time));
    received
}

/// That alarms come, or come no more: the one is a problem that the other ends.
fn subscription(body: &Object, state: State, what: &str) -> Received {
    let mut received = Received::of(state);
    let topic = text(body, "TopicArn").unwrap_or_default();
    received.identity = Some(format!("subscription {topic}"));
    let lost =
        "Nothing that is published to the topic comes here any more, until somebody subscribes this address again.";
    let said = if received.state == State::Firing { lost } else { "" };
    entitle(&mut received, &format!("{what} {topic}"), said.to_owned());
    received.urgency = Some(Urgency::Medium);
    received.occurred_at = body.get("Timestamp").and_then(time);
    received
}

fn alarm(body: &Object, options: &Options) -> Option<Received> {
    if body.contains_key("NewStateValue") || body.contains_key("AlarmName") {
        Some(told(body, options))
    } else if object(body, "detail").is_some_and(|detail| detail.contains_key("alarmName")) {
        Some(event(body, options))
    } else {
        None
    }
}

/// An alarm's own message.
fn told(body: &Object, options: &Options) -> Received {
    let [account, region, arn] = ["AWSAccountId", "Region", "AlarmArn"].map(|name| text(body, name));
    let name = text(body, "AlarmName");
    let trigger = object(body, "Trigger");
    let facts = Facts {
        // Of two accounts or regions one name is two alarms.
        identity: arn.clone().or_else(|| {
            let parts = [account.as_deref(), region.as_deref(), name.as_deref()];
            name.as_ref().map(|_| parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
        }),
        state: text(body, "NewStateValue"),
        description: text(body, "AlarmDescription"),
        reason: text(body, "NewStateReason"),
        metric: trigger.and_then(|trigger| metric(text(trigger, "Namespace"), text(trigger, "MetricName"))),
        dimensions: trigger.and_then(|trigger| trigger.get("Dimensions")).map(pairs).unwrap_or_default(),
        at: body.get("StateChangeTime").cloned(),
        name,
        account,
        region,
        arn,
    };
    facts.received(options)
}

/// What EventBridge tells of an alarm.
fn event(body: &Object, options: &Options) -> Received {
    let detail = object(body, "detail").cloned().unwrap_or_default();
    let state = object(&detail, "state").cloned().unwrap_or_default();
    let configuration = object(&detail, "configuration").cloned().unwrap_or_default();
    let arn = body.get("resources").map(entries).unwrap_or_default().first().and_then(Value::as_str).map(str::to_owned);
    let metrics = configuration.get("metrics").map(entries).unwrap_or_default();
    let of_metric = metrics.iter().filter_map(as_object).find_map(|one| object(object(one, "metricStat")?, "metric"));
    let facts = Facts {
        identity: arn.clone().or_else(|| text(&detail, "alarmName")),
        state: text(&state, "value"),
        description: text(&configuration, "description"),
        reason: text(&state, "reason"),
        metric: of_metric.and_then(|of| metric(text(of, "namespace"), text(of, "name"))),
        dimensions: of_metric.and_then(|of| of.get("dimensions")).map(pairs).unwrap_or_default(),
        at: state.get("timestamp").or_else(|| body.get("time")).cloned(),
        name: text(&detail, "alarmName"),
        account: text(body, "account"),
        region: text(body, "region"),
        arn,
    };
    facts.received(options)
}

/// What both tell of an alarm.
struct Facts {
    identity: Option<String>,
    name: Option<String>,
    state: Option<String>,
    description: Option<String>,
    reason: Option<String>,
    account: Option<String>,
    region: Option<String>,
    arn: Option<String>,
    metric: Option<String>,
    dimensions: Vec<String>,
    at: Option<Value>,
}

impl Facts {
    fn received(self, options: &Options) -> Received {
        let word = self.state.unwrap_or_default().to_uppercase();
        let mut received = Received::of(match word.as_str() {
            "OK" => State::Resolved,
            "INSUFFICIENT_DATA" if !options.insufficient_data_opens => State::Noted,
            _ => State::Firing,
        });
        if !["OK", "ALARM", "INSUFFICIENT_DATA"].contains(&word.as_str()) {
            received.repairs.push("the state is none that CloudWatch has: taken as an alarm".to_owned());
        }
        received.identity = self.identity;
        if_unnamed(&mut received, "`AlarmArn` and `AlarmName` are");
        received.severity = self.description.as_deref().and_then(priority);
        received.urgency = received.severity.as_deref().and_then(severity::urgency);
        if word == "INSUFFICIENT_DATA" {
            received.urgency = Some(Urgency::Low);
        }
        let facts = [("Metric", &self.metric), ("Account", &self.account), ("Region", &self.region)];
        let facts = facts.map(|(name, value)| Some(format!("{name}: {}", value.as_ref()?)));
        let facts = facts.into_iter().flatten().collect::<Vec<_>>().join("\n");
        let told = [self.description.unwrap_or_default(), self.reason.unwrap_or_default(), facts];
        entitle(&mut received, self.name.as_deref().unwrap_or_default(), paragraphs(told));
        received.tags = self.dimensions;
        let labels =
            [("account", self.account), ("region", self.region), ("metric", self.metric), ("alarm", self.name)];
        received.labels.extend(labels.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        add(&mut received, "CloudWatch", self.arn.as_deref().and_then(console));
        received.occurred_at = self.at.as_ref().and_then(time);
        received
    }
}

fn metric(namespace: Option<String>, name: Option<String>) -> Option<String> {
    let name = name?;
    Some(namespace.map_or(name.clone(), |namespace| format!("{namespace} {name}")))
}

/// `name:value` of each dimension: CloudWatch lists them, EventBridge has them as an object.
fn pairs(dimensions: &Value) -> Vec<String> {
    let pair = |one: &Value| {
        let one = as_object(one)?;
        let (name, value) = (text(one, "name")?, text(one, "value")?);
        Some(format!("{name}:{value}"))
    };
    match dimensions {
        Value::Object(_) => words(dimensions),
        listed => entries(listed).iter().filter_map(pair).collect(),
    }
}

/// `p1` of a description that holds `[P1]`, to `p5`.
fn priority(description: &str) -> Option<String> {
    let words = (1..=5).map(|number| format!("[p{number}]"));
    let description = description.to_lowercase();
    words.into_iter().find(|word| description.contains(word)).map(|word| word.trim_matches(['[', ']']).to_owned())
}

/// Where a person sees the alarm, if its name stands in an address as it is.
fn console(arn: &str) -> Option<String> {
    let parts: Vec<&str> = arn.splitn(7, ':').collect();
    let ["arn", "aws", "cloudwatch", region, _, "alarm", name] = *parts else { return None };
    let is_plain =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let fits = is_plain(region) && is_plain(name);
    fits.then(|| {
        format!("https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#alarmsV2:alarm/{name}")
    })
}
