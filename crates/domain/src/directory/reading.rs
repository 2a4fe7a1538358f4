//! What is compiled of an integration, once for many bodies.

use super::enrichment::CompiledEnrichment;
use super::integration::Integration;
use super::mail::CompiledMail;
use super::mapping::CompiledMapping;

/// How an integration's bodies are read, and what is added to their alerts, with all patterns compiled.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Its mapping, where it has one.
    pub mapping: Option<CompiledMapping>,
    /// Its enrichments, in order.
    pub enrichments: Vec<CompiledEnrichment>,
    /// How its mail is read, where it says so.
    pub mail: Option<CompiledMail>,
}

impl Reading {
    /// Compiles what an integration says.
    ///
    /// # Errors
    /// Which pattern is wrong.
    pub fn of(integration: &Integration) -> Result<Self, String> {
        let enrichments = integration.enrichments.iter().cloned().map(CompiledEnrichment::new);
        Ok(Self {
            mapping: integration.mapping.clone().map(CompiledMapping::new).transpose()?,
            enrichments: enrichments.collect::<Result<_, _>>()?,
            mail: integration.mail.clone().map(CompiledMail::new).transpose()?,
        })
    }
}
