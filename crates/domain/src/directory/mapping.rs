//! How an integration reads JSON that no sender of the list writes (intake §3.7).

use crate::limits;
use crate::routing::{CompiledConditions, Condition, condition_faults};
use crate::template::template_fault;
use serde::{Deserialize, Serialize};

/// Where the fields of an alert stand in a body. What it does not name is read by the usual names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// JSON pointer to an array of which each entry is an alert; the whole body is one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<String>,
    /// What tells one problem from another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Source>,
    /// What happened, in brief.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Source>,
    /// What happened, at length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Source>,
    /// A word that says whether it is there or over, as the usual words go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Source>,
    /// A number from 1 to 5, or a word, which the integration's `urgencies` are asked for first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Source>,
    /// The sender's time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Source>,
    /// The sender's own id of the delivery, which stays the same when it is repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<Source>,
    /// A list, or a text with commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Source>,
    /// An object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Source>,
    /// An address, an object of addresses, or a list of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Source>,
    /// An address of a picture, or a list of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<Source>,
    /// It fires while all of these hold, and concerns nobody where they do not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub firing_when: Vec<Condition>,
    /// It is over when all of these hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolved_when: Vec<Condition>,
    /// Somebody acts when all of these hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledged_when: Vec<Condition>,
    /// It concerns nobody when all of these hold; asked before the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore_when: Vec<Condition>,
}

/// Where a field comes from: one text, or several of which the first that says something counts. A text that begins with
/// `/` is a JSON pointer, any other one a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Source {
    /// One.
    One(String),
    /// Several.
    First(Vec<String>),
}

impl Source {
    /// The places in the order in which they are looked at.
    pub fn places(&self) -> &[String] {
        match self {
            Self::One(place) => std::slice::from_ref(place),
            Self::First(places) => places,
        }
    }

    fn fault(&self) -> Option<String> {
        let most = limits::SOURCES;
        let count = self.places().len();
        if !(1..=most).contains(&count) {
            return Some(format!("must name 1 to {most} places"));
        }
        self.places()
            .iter()
            .find_map(|place| if place.starts_with('/') { pointer_fault(place) } else { template_fault(place) })
    }
}

fn pointer_fault(pointer: &str) -> Option<String> {
    let is_pointer = pointer.starts_with('/') && pointer.len() <= limits::POINTER_BYTES;
    let most = limits::POINTER_BYTES;
    (!is_pointer).then(|| format!("`{pointer:.100}` is no JSON pointer such as `/alerts` of at most {most} bytes"))
}

impl Mapping {
    /// The fields that come from somewhere, by their names.
    fn sources(&self) -> [(&'static str, Option<&Source>); 11] {
        [
            ("identity", self.identity.as_ref()),
            ("title", self.title.as_ref()),
            ("text", self.text.as_ref()),
            ("state", self.state.as_ref()),
            ("urgency", self.urgency.as_ref()),
            ("occurred_at", self.occurred_at.as_ref()),
            ("event_id", self.event_id.as_ref()),
            ("tags", self.tags.as_ref()),
            ("labels", self.labels.as_ref()),
            ("links", self.links.as_ref()),
            ("images", self.images.as_ref()),
        ]
    }

    fn conditions(&self) -> [(&'static str, &[Condition]); 4] {
        [
            ("firing_when", &self.firing_when),
            ("resolved_when", &self.resolved_when),
            ("acknowledged_when", &self.acknowledged_when),
            ("ignore_when", &self.ignore_when),
        ]
    }

    /// What is wrong with it: the key inside it, and the problem.
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let items = self.items.as_deref().and_then(pointer_fault).map(|fault| ("items", fault));
        let sources = self.sources().into_iter().filter_map(|(key, source)| Some((key, source?.fault()?)));
        let mut faults: Vec<_> = items.into_iter().chain(sources).collect();
        if self.labels.iter().flat_map(Source::places).any(|place| !place.starts_with('/')) {
            faults.push(("labels", "an object is wanted, which no template makes; give a JSON pointer".to_owned()));
        }
        for (key, conditions) in self.conditions() {
            if conditions.len() > limits::CONDITIONS {
                faults.push((key, format!("at most {} conditions", limits::CONDITIONS)));
            }
            let strange = conditions.iter().find(|condition| !condition.field.starts_with('/'));
            faults.extend(strange.map(|condition| {
                let field = &condition.field;
                (
                    key,
                    format!("`{field}` is no JSON pointer such as `/status`: nothing else is known before it is read"),
                )
            }));
            let more = condition_faults(conditions, None).into_iter().filter(|_| strange.is_none());
            faults.extend(more.map(|(item, problem)| {
                let item = item.map(|item| format!("condition {}: ", item + 1)).unwrap_or_default();
                (key, format!("{item}{problem}"))
            }));
        }
        faults
    }
}

/// A mapping with its patterns compiled.
#[derive(Clone, Debug)]
pub struct CompiledMapping {
    /// The mapping as it is written.
    pub mapping: Mapping,
    /// Its conditions; `None` where there are none.
    pub firing: Option<CompiledConditions>,
    /// The same of what is over.
    pub resolved: Option<CompiledConditions>,
    /// The same of what somebody acts on.
    pub acknowledged: Option<CompiledConditions>,
    /// The same of what concerns nobody.
    pub ignored: Option<CompiledConditions>,
}

impl CompiledMapping {
    /// Compiles the patterns of a mapping.
    ///
    /// # Errors
    /// Which pattern is wrong.
    pub fn new(mapping: Mapping) -> Result<Self, String> {
        let compiled = |conditions: &[Condition]| {
            (!conditions.is_empty()).then(|| CompiledConditions::new(conditions, None)).transpose()
        };
        Ok(Self {
            firing: compiled(&mapping.firing_when)?,
            resolved: compiled(&mapping.resolved_when)?,
            acknowledged: compiled(&mapping.acknowledged_when)?,
            ignored: compiled(&mapping.ignore_when)?,
            mapping,
        })
    }
}
