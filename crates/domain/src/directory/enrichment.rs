//! What an integration adds to its alerts, and what it says of them in words of its own (intake §2.7).

use crate::limits;
use crate::routing::{CompiledConditions, Condition, compile_pattern, condition_faults, tag_fault};
use crate::template::template_fault;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One step; each whose conditions hold is done, in the order in which they stand. Templates may name what the alert holds
/// (`title`, `text`, `identity`, `severity`, `tags`, `labels`, `payload`, `integration`) and what is extracted and looked up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrichment {
    /// Its name, by which its mistakes are told.
    pub name: String,
    /// What must hold of the alert, as in a routing rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// How many of the conditions must hold at least; all where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<usize>,
    /// What is taken out of texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extract: Vec<Extract>,
    /// What is looked up in a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup: Option<Lookup>,
    /// Template of the title instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_title: Option<String>,
    /// Template of the text instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_text: Option<String>,
    /// Template of what tells the problem from others instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_identity: Option<String>,
    /// Template of the urgency instead: it must come to a number from 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_urgency: Option<String>,
    /// Templates of tags to add.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add_tags: Vec<String>,
    /// Links to add.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add_links: Vec<LinkTemplate>,
}

/// A text of which parts are taken out by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extract {
    /// `title`, `text`, `identity`, or a JSON pointer into the alert's part of the body.
    pub from: String,
    /// Regular expression with named groups, each of which becomes a variable.
    pub pattern: String,
}

/// A table in which something is looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// Template of the row's name.
    pub key: String,
    /// The rows by their names; each of their columns becomes a variable.
    pub rows: BTreeMap<String, BTreeMap<String, String>>,
}

/// A link whose text and address are templates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkTemplate {
    /// What it leads to.
    pub text: String,
    /// Where it leads.
    pub url: String,
}

impl Enrichment {
    fn templates(&self) -> Vec<(&'static str, &String)> {
        let one = [
            ("lookup", self.lookup.as_ref().map(|lookup| &lookup.key)),
            ("set_title", self.set_title.as_ref()),
            ("set_text", self.set_text.as_ref()),
            ("set_identity", self.set_identity.as_ref()),
            ("set_urgency", self.set_urgency.as_ref()),
        ];
        let one = one.into_iter().filter_map(|(key, template)| Some((key, template?)));
        let tags = self.add_tags.iter().map(|tag| ("add_tags", tag));
        let links = self.add_links.iter().flat_map(|link| [&link.text, &link.url]).map(|part| ("add_links", part));
        one.chain(tags).chain(links).collect()
    }

    /// What is wrong with it: the key inside it, and the problem.
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let templates = self.templates();
        let wrong = templates.iter().filter_map(|(key, template)| Some((*key, template_fault(template)?)));
        let mut faults: Vec<_> = wrong.collect();
        if templates.iter().all(|(key, _)| *key == "lookup") {
            faults.push(("name", "sets and adds nothing".to_owned()));
        }
        if self.conditions.len() > limits::CONDITIONS {
            faults.push(("conditions", format!("at most {}", limits::CONDITIONS)));
        }
        let conditions = condition_faults(&self.conditions, self.minimum).into_iter();
        faults.extend(conditions.map(|(item, problem)| match item {
            Some(item) => ("conditions", format!("condition {}: {problem}", item + 1)),
            None => ("minimum", problem),
        }));
        if self.extract.len() > limits::SOURCES {
            faults.push(("extract", format!("at most {}", limits::SOURCES)));
        }
        faults.extend(self.extract.iter().filter_map(Extract::fault).map(|fault| ("extract", fault)));
        faults.extend(
            tag_fault(&self.add_tags).filter(|_| self.add_tags.len() > limits::TAGS).map(|fault| ("add_tags", fault)),
        );
        if self.add_links.len() > limits::LINKS {
            faults.push(("add_links", format!("at most {}", limits::LINKS)));
        }
        faults
    }
}

impl Extract {
    fn fault(&self) -> Option<String> {
        let Self { from, pattern } = self;
        if !from.starts_with('/') && !["title", "text", "identity"].contains(&from.as_str()) {
            return Some(format!(
                "unknown field `{from}`; known are title, text, identity, and JSON pointers such as `/labels/team`"
            ));
        }
        match compile_pattern(pattern) {
            Err(problem) => Some(format!("`{pattern}` is not a regular expression: {problem}")),
            Ok(compiled) if compiled.capture_names().flatten().next().is_none() => {
                Some(format!("`{pattern}` has no group with a name such as `(?<host>…)`, so nothing is taken out"))
            }
            Ok(_) => None,
        }
    }
}

/// An enrichment with its patterns compiled.
#[derive(Clone, Debug)]
pub struct CompiledEnrichment {
    /// The enrichment as it is written.
    pub enrichment: Enrichment,
    /// Its conditions.
    pub conditions: CompiledConditions,
    /// Its patterns, in the order of what is extracted.
    pub patterns: Vec<Regex>,
}

impl CompiledEnrichment {
    /// Compiles the patterns of an enrichment.
    ///
    /// # Errors
    /// Which pattern is wrong.
    pub fn new(enrichment: Enrichment) -> Result<Self, String> {
        let conditions = CompiledConditions::new(&enrichment.conditions, enrichment.minimum)?;
        let patterns = enrichment.extract.iter().map(|extract| compile_pattern(&extract.pattern));
        Ok(Self { patterns: patterns.collect::<Result<_, _>>()?, conditions, enrichment })
    }
}
