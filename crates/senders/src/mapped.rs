//! Any JSON, form or text, read as an integration's own mapping says (intake §3.7). What the mapping does not name is read
//! by the names that most senders use.

use crate::generic;
use crate::input::Input;
use crate::links::{add, caption};
use crate::members::{Object, as_object, entries, spelled, texts, words};
use crate::remarks::repaired;
use crate::secrets::secret;
use crate::times::time;
use crate::titles::entitle;
use domain::directory::{CompiledMapping, Mapping, Source};
use domain::intake::{Delivery, Received, State, Unreadable};
use domain::limits;
use domain::routing::CompiledConditions;
use domain::template::{Budget, Context, fill};
use serde_json::Value;
use std::collections::BTreeMap;

/// The field without which an alert cannot be ended.
const IDENTITY: &str = "identity";

/// Reads a body as a mapping says.
///
/// # Errors
/// As of a generic body: one that begins as JSON and is none, or an empty one with an empty query.
pub fn read_mapped(input: &Input<'_>, compiled: &CompiledMapping) -> Result<Delivery, Unreadable> {
    let (body, repairs) = generic::body(input)?;
    let (headers, query) = (shown(input.headers), shown(input.query));
    let names = BTreeMap::from([
        ("body".to_owned(), Context::value(&body)),
        ("headers".to_owned(), Context::value(&headers)),
        ("query".to_owned(), Context::value(&query)),
    ]);
    let pointer = compiled.mapping.items.as_deref();
    let found = pointer.map(|pointer| (pointer, body.pointer(pointer)));
    let (items, remark) = match found {
        Some((_, Some(items))) => (entries(items), None),
        Some((pointer, None)) => (
            std::slice::from_ref(&body),
            Some(format!("items: nothing is at `{pointer}`; the whole body is one alert")),
        ),
        None => (std::slice::from_ref(&body), None),
    };
    let (mut event_id, mut budget, mut for_identities) = (None, Budget::default(), Budget::for_identities());
    let mut received = Vec::with_capacity(items.len());
    for item in items {
        let mut names = names.clone();
        names.insert("item".to_owned(), Context::value(item));
        let context = Context::of(item, names);
        let mut part = Part {
            compiled,
            item,
            body: &body,
            headers: &headers,
            query: &query,
            context,
            budget: &mut budget,
            for_identities: &mut for_identities,
            remarks: Vec::new(),
        };
        received.push(part.read());
        event_id = event_id.or_else(|| part.text("event_id", compiled.mapping.event_id.as_ref()));
    }
    let repairs: Vec<_> = repairs.into_iter().chain(remark).collect();
    Ok(Delivery { event_id, received: repaired(received, &repairs), ..Delivery::default() })
}

/// Headers or a query as an object, names in lower case, without what must not be shown.
fn shown(pairs: &[(String, String)]) -> Object {
    let shown = pairs.iter().filter(|(name, _)| !secret(name));
    shown.map(|(name, value)| (name.to_lowercase(), Value::String(value.clone()))).collect()
}

/// One alert of the body, with all that its mapping may name.
struct Part<'a> {
    compiled: &'a CompiledMapping,
    item: &'a Value,
    body: &'a Value,
    headers: &'a Object,
    query: &'a Object,
    context: Context,
    budget: &'a mut Budget,
    for_identities: &'a mut Budget,
    remarks: Vec<String>,
}

impl<'a> Part<'a> {
    fn read(&mut self) -> Received {
        let mapping: &'a Mapping = &self.compiled.mapping;
        let mut received = generic::one(self.item);
        // What stands in the whole body or a header may say what the item does not.
        if matches!(received.state, State::Unknown(_)) && self.item.is_object() {
            received = Received { payload: self.item.clone(), ..Received::of(State::Firing) };
        }
        if !matches!(received.state, State::Unknown(_)) {
            received.state = self.state(received.state.clone());
        }
        if let Some(source) = &mapping.identity {
            received.identity = self.text(IDENTITY, Some(source));
        }
        if received.identity.is_none() {
            self.remarks.push("identity: it is missing, so each is a new alert".to_owned());
        }
        let title = self.text("title", mapping.title.as_ref()).unwrap_or_else(|| std::mem::take(&mut received.title));
        let text = self.text("text", mapping.text.as_ref()).unwrap_or_else(|| std::mem::take(&mut received.text));
        entitle(&mut received, &title, text);
        if let Some(word) = self.text("urgency", mapping.urgency.as_ref()) {
            received.urgency = generic::urgency("urgency", &word);
            received.severity = Some(word.to_lowercase());
        }
        if let Some(found) = self.found("occurred_at", mapping.occurred_at.as_ref()) {
            received.occurred_at = time(&found);
            if received.occurred_at.is_none() {
                self.remarks.push(format!("occurred_at: `{found:.100}` is no time"));
            }
        }
        if let Some(tags) = self.found("tags", mapping.tags.as_ref()) {
            received.tags = words(&tags);
        }
        if let Some(labels) = self.found("labels", mapping.labels.as_ref()) {
            received.labels = as_object(&labels).map(texts).unwrap_or_default();
        }
        if let Some(links) = self.found("links", mapping.links.as_ref()) {
            received.links.clear();
            look(&mut received, &links);
        }
        if let Some(images) = self.found("images", mapping.images.as_ref()) {
            received.images.clear();
            entries(&images).iter().for_each(|image| generic::picture(&mut received, image));
        }
        received.repairs.append(&mut self.remarks);
        received
    }

    /// What the conditions say, else the word that the mapping names, else `usual`.
    fn state(&mut self, usual: State) -> State {
        let CompiledMapping { mapping, firing, resolved, acknowledged, ignored } = self.compiled;
        if self.hold(ignored.as_ref()) {
            return State::Ignored("informational");
        }
        if self.hold(resolved.as_ref()) {
            return State::Resolved;
        }
        if self.hold(acknowledged.as_ref()) {
            return State::Acknowledged { by: None };
        }
        if firing.is_some() {
            return if self.hold(firing.as_ref()) { State::Firing } else { State::Ignored("informational") };
        }
        match self.text("state", mapping.state.as_ref()) {
            Some(word) => generic::state(&word),
            None if mapping.state.is_some() || resolved.is_some() || acknowledged.is_some() => State::Firing,
            None => usual,
        }
    }

    fn hold(&self, conditions: Option<&CompiledConditions>) -> bool {
        conditions.is_some_and(|conditions| conditions.hold_of(|pointer| self.at(pointer)))
    }

    /// What is at a JSON pointer: below `/headers/` and `/query/` what came beside the body, else in the item, else in the
    /// whole body.
    fn at(&self, pointer: &str) -> Option<&Value> {
        if let Some(name) = pointer.strip_prefix("/headers/") {
            return self.headers.get(&name.to_lowercase());
        }
        if let Some(name) = pointer.strip_prefix("/query/") {
            return self.query.get(&name.to_lowercase());
        }
        self.item.pointer(pointer).filter(|value| !value.is_null()).or_else(|| self.body.pointer(pointer))
    }

    /// The first place that says something.
    fn found(&mut self, field: &str, source: Option<&Source>) -> Option<Value> {
        let source = source?;
        for place in source.places() {
            let value = match place.starts_with('/') {
                true => self.at(place).map(within_limits),
                false => self.filled(field, place).map(Value::String),
            };
            let Some(value) = value.filter(|value| spelled(value).is_some()) else { continue };
            // The same large value may be found for very many alerts.
            if self.budget_of(field).pay_for(weight(&value)) {
                return Some(value);
            }
            self.remarks.push(format!("{field}: too much is kept of one body"));
            return None;
        }
        let places = source.places().join("`, `");
        self.remarks.push(format!("{field}: nothing is at `{places:.200}`"));
        None
    }

    fn filled(&mut self, field: &str, template: &str) -> Option<String> {
        let Self { context, budget, for_identities, .. } = self;
        let budget = if field == IDENTITY { &mut **for_identities } else { &mut **budget };
        match fill(template, context, budget) {
            Ok(filled) => {
                self.remarks.extend(filled.missing.map(|missing| format!("{field}: {missing}")));
                Some(filled.text)
            }
            Err(why) => {
                self.remarks.push(format!("{field}: {why}"));
                None
            }
        }
    }

    fn budget_of(&mut self, field: &str) -> &mut Budget {
        if field == IDENTITY { self.for_identities } else { self.budget }
    }

    fn text(&mut self, field: &str, source: Option<&Source>) -> Option<String> {
        self.found(field, source).as_ref().and_then(spelled)
    }
}

/// A value of which texts are no longer than anything that is kept.
fn within_limits(value: &Value) -> Value {
    match value {
        Value::String(text) if text.len() > limits::DESCRIPTION_BYTES => {
            // One more byte tells that it was cut.
            Value::String(text[..text.floor_char_boundary(limits::DESCRIPTION_BYTES + 4)].to_owned())
        }
        other => other.clone(),
    }
}

/// How many bytes a value takes, roughly.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum::<usize>() + 32 * items.len(),
        Value::Object(object) => object.iter().map(|(name, value)| name.len() + weight(value) + 64).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
    }
}

/// Links: an address, a list, an object with `url` or `href`, or one whose members are addresses.
fn look(received: &mut Received, links: &Value) {
    match links.as_object().filter(|object| !object.contains_key("url") && !object.contains_key("href")) {
        Some(named) => named.iter().for_each(|(name, url)| add(received, &caption(name), spelled(url))),
        None => generic::link(received, links),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Urgency;
    use domain::directory::{Integration, Reading};
    use domain::intake::Link;
    use serde_json::json;

    fn compiled(mapping: &Value) -> CompiledMapping {
        let keys = json!({"name": "watch", "kind": "generic", "service": "web", "mapping": mapping});
        let integration: Integration = serde_json::from_value(keys).unwrap();
        assert_eq!(integration.faults(), [], "{mapping}");
        Reading::of(&integration).unwrap().mapping.unwrap()
    }

    fn read(mapping: &Value, body: &Value) -> Delivery {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = [pair("X-Site", "north"), pair("Authorization", "Bearer 1")];
        let query = [pair("room", "7"), pair("token", "1")];
        let text = body.to_string();
        let input = Input { headers: &headers, query: &query, content_type: None, body: text.as_bytes() };
        read_mapped(&input, &compiled(mapping)).unwrap()
    }

    fn one(mapping: &Value, body: &Value) -> Received {
        let mut received = read(mapping, body).received;
        assert_eq!(received.len(), 1);
        received.remove(0)
    }

    #[test]
    fn each_entry_of_the_items_is_an_alert_of_which_each_field_comes_from_where_the_mapping_says() {
        let mapping = json!({
            "items": "/report/checks",
            "identity": "{{ body.report.site }}/{{ check.name }}",
            "title": ["/check/headline", "{{ check.name }} in {{ headers['x-site'] }} {{ query.room }}"],
            "text": "/check/output",
            "state": "/check/result",
            "urgency": "/check/weight",
            "occurred_at": "/when",
            "event_id": "/report/run",
            "tags": "/check/groups",
            "labels": "/check/of",
            "links": "/check/pages",
            "images": "/check/graph",
        });
        let body = json!({"report": {"site": "berlin", "run": 77, "checks": [
            {"check": {"name": "disk", "headline": "", "output": "92 %", "result": "broken", "weight": 5, "groups": ["a", "b"],
                "of": {"rack": "r7"}, "pages": {"wiki_url": "https://wiki.example/disk"}, "graph": "https://graph.example/1.png"},
                "when": "2026-11-26T22:48:14Z"},
            {"check": {"name": "load", "headline": "Load is fine", "result": "OK", "weight": "warning"}},
        ]}});
        let delivery = read(&mapping, &body);
        assert_eq!(delivery.event_id.as_deref(), Some("77"));
        let [disk, load] = <[Received; 2]>::try_from(delivery.received).unwrap();
        assert_eq!((disk.identity.as_deref(), disk.title.as_str()), (Some("berlin/disk"), "disk in north 7"));
        assert_eq!((disk.text.as_str(), &disk.state, disk.urgency), ("92 %", &State::Firing, Some(Urgency::Critical)));
        assert_eq!(disk.occurred_at.map(|at| at.0), Some(1_795_733_294_000_000));
        assert_eq!(
            (disk.tags, disk.images),
            (vec!["a".to_owned(), "b".to_owned()], vec!["https://graph.example/1.png".to_owned()])
        );
        assert_eq!(disk.labels.get("rack").map(String::as_str), Some("r7"));
        assert_eq!(disk.links, [Link { text: "Wiki".to_owned(), url: "https://wiki.example/disk".to_owned() }]);
        assert_eq!(disk.payload, body["report"]["checks"][0]);
        assert_eq!(disk.repairs, [""; 0]);
        assert_eq!(
            (load.title.as_str(), &load.state, load.severity.as_deref()),
            ("Load is fine", &State::Resolved, Some("warning"))
        );
        assert!(load.repairs.contains(&"text: nothing is at `/check/output`".to_owned()), "{:?}", load.repairs);
    }

    #[test]
    fn conditions_say_the_state_whatever_the_usual_words_are() {
        let mapping = json!({
            "ignore_when": [{"field": "/headers/x-site", "equals": "south"}],
            "resolved_when": [{"field": "/value", "lte": 10}, {"field": "/armed", "equals": true}],
            "acknowledged_when": [{"field": "/seen_by", "exists": true}],
        });
        let state = |body: Value| one(&mapping, &body).state;
        assert_eq!(state(json!({"status": "ok", "value": 11})), State::Firing);
        assert_eq!(state(json!({"value": 10, "armed": true})), State::Resolved);
        assert_eq!(state(json!({"value": 10, "armed": false})), State::Firing);
        assert_eq!(state(json!({"seen_by": "ana"})), State::Acknowledged { by: None });
        let only = json!({"firing_when": [{"field": "/level", "matches": "^(?i)crit"}]});
        assert_eq!(one(&only, &json!({"level": "CRITICAL"})).state, State::Firing);
        assert_eq!(one(&only, &json!({"level": "info"})).state, State::Ignored("informational"));
        let here = json!({"ignore_when": [{"field": "/query/room", "equals": "7"}], "resolved_when": [{"field": "/x", "exists": true}]});
        assert_eq!(one(&here, &json!({"x": 1})).state, State::Ignored("informational"));
    }

    #[test]
    fn a_template_that_fails_costs_its_field_alone() {
        let received = one(
            &json!({"title": "{{ name.x.y.z('a') }}", "identity": "/ref"}),
            &json!({"ref": 7, "message": "it burns"}),
        );
        assert_eq!((received.title.as_str(), received.identity.as_deref()), ("it burns", Some("7")));
        assert_eq!(
            received.repairs.iter().filter(|repair| repair.starts_with("title: ")).count(),
            2,
            "{:?}",
            received.repairs
        );
    }

    #[test]
    fn what_names_no_problem_is_new_each_time_whatever_the_usual_names_hold() {
        let received = one(&json!({"identity": "/ref"}), &json!({"id": 1, "title": "x"}));
        assert_eq!(received.identity, None);
        assert_eq!(
            received.repairs,
            ["identity: nothing is at `/ref`", "identity: it is missing, so each is a new alert"]
        );
    }

    #[test]
    fn items_that_are_not_there_leave_one_alert_and_none_is_none() {
        let mapping = json!({"items": "/alerts"});
        assert_eq!(
            one(&mapping, &json!({"id": 1, "title": "x"})).repairs,
            ["items: nothing is at `/alerts`; the whole body is one alert"]
        );
        assert_eq!(read(&mapping, &json!({"alerts": []})).received, []);
    }

    #[test]
    fn what_is_found_again_and_again_is_kept_within_bounds_and_names_are_found_to_the_end() {
        let body = json!({"big": "x".repeat(200_000), "all": vec![json!({"id": 1}); 5_000]});
        let mapping = json!({"items": "/all", "text": "/big", "identity": "{{ id }}", "title": "{{ big }}"});
        let received = read(&mapping, &body).received;
        let kept: usize = received.iter().map(|received| received.text.len() + received.title.len()).sum();
        assert!(kept < 300_000_000, "{kept}");
        assert!(received.iter().all(|received| received.identity.as_deref() == Some("1")));
        let told = "text: too much is kept of one body".to_owned();
        assert!(received.last().is_some_and(|last| last.repairs.contains(&told)));
    }

    #[test]
    fn secrets_of_the_request_are_not_told_to_templates() {
        let received =
            one(&json!({"title": "{{ headers.authorization }}{{ query.token }}{{ id }}"}), &json!({"id": "a"}));
        assert_eq!(received.title, "a");
    }
}
