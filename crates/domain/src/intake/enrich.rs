//! What an integration adds to an alert before anything is decided about it (intake §2.7).

use super::received::{Link, Received};
use crate::Urgency;
use crate::directory::{CompiledEnrichment, Integration, Lookup, Reading};
use crate::routing::Signal;
use crate::template::{Budget, Context, Filled, fill};
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Reading {
    /// Does each enrichment whose conditions hold, in order, as far as the budget of the body goes. One that cannot be done
    /// changes nothing, and is told in the alert's repairs.
    pub fn enrich(&self, received: &mut Received, integration: &Integration, budget: &mut Budget) {
        if !received.state.is_about_a_problem() {
            return;
        }
        for step in &self.enrichments {
            if !holds(step, received, integration) {
                continue;
            }
            let name = &step.enrichment.name;
            let mut remarks = Vec::new();
            match Filling::of(step, received, integration, (&mut *budget, &mut remarks))
                .and_then(|mut filling| filling.changes())
            {
                Ok(changes) => changes.apply(received),
                Err(why) => remarks.push(why),
            }
            received.repairs.extend(remarks.into_iter().map(|remark| format!("enrichment `{name}`: {remark}")));
        }
    }
}

fn holds(step: &CompiledEnrichment, received: &Received, integration: &Integration) -> bool {
    step.conditions.hold(&Signal {
        title: &received.title,
        description: &received.text,
        urgency: received.urgency_for(integration),
        service: integration.service.as_deref(),
        integration: Some(&integration.name),
        tags: &received.tags,
        dedup_key: received.identity.as_deref(),
        payload: &received.payload,
    })
}

/// What one enrichment changes.
#[derive(Debug, Default)]
struct Changes {
    title: Option<String>,
    text: Option<String>,
    identity: Option<String>,
    urgency: Option<Urgency>,
    tags: Vec<String>,
    links: Vec<Link>,
}

impl Changes {
    fn apply(self, received: &mut Received) {
        received.title = self.title.unwrap_or_else(|| std::mem::take(&mut received.title));
        received.text = self.text.unwrap_or_else(|| std::mem::take(&mut received.text));
        received.identity = self.identity.or_else(|| received.identity.take());
        received.set_urgency = self.urgency.or(received.set_urgency);
        received.tags.extend(self.tags);
        received.links.extend(self.links);
    }
}

/// An enrichment, with all that its templates may name.
struct Filling<'a> {
    step: &'a CompiledEnrichment,
    context: Context,
    budget: &'a mut Budget,
    remarks: &'a mut Vec<String>,
}

impl<'a> Filling<'a> {
    fn of(
        step: &'a CompiledEnrichment,
        received: &Received,
        integration: &Integration,
        (budget, remarks): (&'a mut Budget, &'a mut Vec<String>),
    ) -> Result<Self, String> {
        let mut known = json!({
            "title": received.title,
            "text": received.text,
            "identity": received.identity,
            "severity": received.severity,
            "urgency": received.urgency_for(integration).number(),
            "tags": received.tags,
            "labels": received.labels,
            "integration": integration.name,
        });
        let payload = BTreeMap::from([("payload".to_owned(), Context::value(&received.payload))]);
        let variables = extracted(step, received)?;
        extend(&mut known, variables);
        let mut filling = Self { step, context: Context::of(&known, payload.clone()), budget, remarks };
        if let Some(lookup) = &step.enrichment.lookup {
            let columns = filling.row(lookup)?.clone();
            extend(&mut known, columns);
            filling.context = Context::of(&known, payload);
        }
        Ok(filling)
    }

    fn row<'b>(&mut self, lookup: &'b Lookup) -> Result<&'b BTreeMap<String, String>, String> {
        let key = self.filled("lookup", &lookup.key)?;
        lookup.rows.get(&key).ok_or_else(|| format!("no row `{key:.100}`"))
    }

    fn filled(&mut self, key: &str, template: &str) -> Result<String, String> {
        let filled = fill(template, &self.context, self.budget);
        self.told(key, filled)
    }

    fn told(&mut self, key: &str, filled: Result<Filled, String>) -> Result<String, String> {
        let filled = filled.map_err(|why| format!("{key}: {why}"))?;
        self.remarks.extend(filled.missing.map(|missing| format!("{key}: {missing}")));
        Ok(filled.text)
    }

    fn one(&mut self, key: &str, template: Option<&String>) -> Result<Option<String>, String> {
        template.map(|template| self.filled(key, template)).transpose()
    }

    /// Without which the alert could not be ended, so that it has a budget of its own.
    fn identity(&mut self, template: Option<&String>) -> Result<Option<String>, String> {
        let filled = template.map(|template| fill(template, &self.context, &mut Budget::default()));
        filled.map(|filled| self.told("set_identity", filled)).transpose()
    }

    fn changes(&mut self) -> Result<Changes, String> {
        let enrichment = &self.step.enrichment;
        let urgency = self.one("set_urgency", enrichment.set_urgency.as_ref())?;
        let urgency = urgency.map(|text| {
            let urgency = text.parse().ok().and_then(|number: i64| Urgency::try_from(number).ok());
            urgency.ok_or_else(|| format!("set_urgency: `{text:.100}` is no number from 1 to 5"))
        });
        let identity = self.identity(enrichment.set_identity.as_ref())?;
        if identity.as_ref().is_some_and(String::is_empty) {
            return Err("set_identity: it is empty".to_owned());
        }
        let tags = enrichment.add_tags.iter().map(|tag| self.filled("add_tags", tag)).collect::<Result<Vec<_>, _>>()?;
        let mut links = Vec::new();
        for link in &enrichment.add_links {
            let (text, url) = (self.filled("add_links", &link.text)?, self.filled("add_links", &link.url)?);
            links.push(Link { text, url });
        }
        Ok(Changes {
            title: self.one("set_title", enrichment.set_title.as_ref())?,
            text: self.one("set_text", enrichment.set_text.as_ref())?,
            identity,
            urgency: urgency.transpose()?,
            tags: tags.into_iter().filter(|tag| !tag.is_empty()).collect(),
            links: links.into_iter().filter(|link| !link.url.is_empty()).collect(),
        })
    }
}

fn extend(known: &mut Value, variables: BTreeMap<String, String>) {
    if let Value::Object(known) = known {
        known.extend(variables.into_iter().map(|(name, text)| (name, Value::String(text))));
    }
}

/// The named groups of all patterns of an enrichment.
fn extracted(step: &CompiledEnrichment, received: &Received) -> Result<BTreeMap<String, String>, String> {
    let mut variables = BTreeMap::new();
    for (extract, pattern) in step.enrichment.extract.iter().zip(&step.patterns) {
        let from = extract.from.as_str();
        let text = match from {
            "title" => received.title.clone(),
            "text" => received.text.clone(),
            "identity" => received.identity.clone().unwrap_or_default(),
            pointer => match received.payload.pointer(pointer) {
                Some(Value::String(text)) => text.clone(),
                None | Some(Value::Null) => String::new(),
                Some(other) => other.to_string(),
            },
        };
        let groups = pattern.captures(&text).ok_or_else(|| format!("extract: the pattern does not fit `{from}`"))?;
        let named = pattern.capture_names().flatten();
        variables.extend(named.filter_map(|name| Some((name.to_owned(), groups.name(name)?.as_str().to_owned()))));
    }
    Ok(variables)
}

#[cfg(test)]
mod tests {
    use super::super::received::State;
    use super::*;
    use serde_json::from_value;

    fn integration(enrichments: Value) -> Integration {
        let keys = json!({"name": "watch", "kind": "generic", "service": "web", "enrichments": enrichments});
        from_value(keys).unwrap()
    }

    fn alert() -> Received {
        let mut received = Received::of(State::Firing);
        received.title = "disk full on db1.example".to_owned();
        received.identity = Some("disk".to_owned());
        received.tags = vec!["disk".to_owned()];
        received.payload = json!({"host": {"rack": "r7"}, "size": 12});
        received
    }

    fn enriched(enrichments: Value) -> Received {
        let integration = integration(enrichments);
        assert_eq!(integration.faults(), []);
        let mut received = alert();
        Reading::of(&integration).unwrap().enrich(&mut received, &integration, &mut Budget::default());
        received
    }

    #[test]
    fn what_is_extracted_and_looked_up_fills_the_templates() {
        let received = enriched(json!([{
            "name": "teams",
            "conditions": [{"field": "title", "contains": "disk"}, {"field": "/host/rack", "exists": true}],
            "extract": [
                {"from": "title", "pattern": "on (?<host>\\w+)"}, {"from": "/size", "pattern": "(?<size>\\d+)"},
            ],
            "lookup": {"key": "{{ host }}", "rows": {"db1": {"team": "payments", "level": "5"}}},
            "set_title": "{{ team | upper }}: {{ title }} ({{ size }})",
            "set_text": "in {{ payload.host.rack }}, said {{ integration }}",
            "set_identity": "{{ host }}/{{ identity }}",
            "set_urgency": "{{ level }}",
            "add_tags": ["team:{{ team }}", "{% if false %}never{% endif %}"],
            "add_links": [{"text": "Runbook of {{ team }}", "url": "https://wiki.example/{{ team }}"}],
        }]));
        assert_eq!(received.title, "PAYMENTS: disk full on db1.example (12)");
        assert_eq!(received.text, "in r7, said watch");
        assert_eq!(received.identity.as_deref(), Some("db1/disk"));
        assert_eq!(received.set_urgency, Some(Urgency::Critical));
        assert_eq!(received.tags, ["disk", "team:payments"]);
        let link = Link { text: "Runbook of payments".to_owned(), url: "https://wiki.example/payments".to_owned() };
        assert_eq!(received.links, [link]);
        assert_eq!(received.repairs, [""; 0]);
    }

    #[test]
    fn steps_are_done_in_order_and_one_that_does_not_fit_is_none() {
        let received = enriched(json!([
            {"name": "one", "set_title": "{{ title }}!"},
            {"name": "other", "conditions": [{"field": "title", "equals": "elsewhere"}], "set_title": "never"},
            {"name": "two", "conditions": [{"field": "title", "matches": "!$"}], "set_title": "{{ title }}?"},
        ]));
        assert_eq!((received.title.as_str(), received.repairs.len()), ("disk full on db1.example!?", 0));
    }

    #[test]
    fn a_step_that_cannot_be_done_changes_nothing_and_is_told() {
        for (wrong, why) in [
            (json!({"set_urgency": "loud"}), "set_urgency: `loud` is no number from 1 to 5"),
            (json!({"set_urgency": "6"}), "set_urgency: `6` is no number from 1 to 5"),
            (json!({"set_identity": "{% if false %}x{% endif %}"}), "set_identity: it is empty"),
            (json!({"lookup": {"key": "{{ identity }}", "rows": {}}}), "no row `disk`"),
            (
                json!({"extract": [{"from": "/host/rack", "pattern": "(?<row>x)"}]}),
                "extract: the pattern does not fit `/host/rack`",
            ),
            (json!({"set_text": "{{ 'x' * 9000000 }}"}), "set_text: it does too much work"),
        ] {
            let mut step = json!({"name": "odd", "set_title": "changed", "add_tags": ["changed"]});
            extend_with(&mut step, wrong);
            let received = enriched(json!([step, {"name": "next", "add_tags": ["done"]}]));
            assert_eq!(received.title, alert().title, "{why}");
            assert_eq!(received.tags, ["disk", "done"], "{why}");
            assert_eq!(received.repairs, [format!("enrichment `odd`: {why}")]);
        }
    }

    fn extend_with(step: &mut Value, more: Value) {
        if let (Value::Object(step), Value::Object(more)) = (step, more) {
            step.extend(more);
        }
    }

    #[test]
    fn a_name_that_is_missing_is_empty_and_told() {
        let received = enriched(json!([{"name": "row", "set_title": "{{ row }}{{ title }}"}]));
        assert_eq!(received.title, alert().title);
        assert_eq!(received.repairs.len(), 1);
        assert!(
            received.repairs[0].starts_with("enrichment `row`: set_title: ") && received.repairs[0].contains("row")
        );
    }

    #[test]
    fn what_can_never_be_done_is_refused_when_it_is_written() {
        for (wrong, place) in [
            (json!({"set_title": "{{"}), "enrichments[0].set_title"),
            (json!({"add_tags": ["{% nothing %}"]}), "enrichments[0].add_tags"),
            (json!({"add_links": [{"text": "x", "url": "{{ }}"}]}), "enrichments[0].add_links"),
            (json!({}), "enrichments[0].name"),
            (
                json!({"set_title": "x", "conditions": [{"field": "colour", "exists": true}]}),
                "enrichments[0].conditions",
            ),
            (json!({"set_title": "x", "minimum": 1}), "enrichments[0].minimum"),
            (json!({"set_title": "x", "extract": [{"from": "tags", "pattern": "(?<a>b)"}]}), "enrichments[0].extract"),
            (json!({"set_title": "x", "extract": [{"from": "title", "pattern": "b"}]}), "enrichments[0].extract"),
            (json!({"set_title": "x", "extract": [{"from": "title", "pattern": "("}]}), "enrichments[0].extract"),
        ] {
            let mut step = json!({"name": "odd"});
            extend_with(&mut step, wrong.clone());
            let places: Vec<_> =
                integration(json!([step])).faults().into_iter().map(|(place, _)| place.spelled()).collect();
            assert_eq!(places, [place], "{wrong}");
        }
        let twice = json!([{"name": "a", "set_title": "x"}, {"name": "a", "set_title": "y"}]);
        assert_eq!(integration(twice).faults()[0].1, "`a` is there twice");
    }
}
