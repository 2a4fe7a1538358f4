//! All ways in which alerts come in, a file for each family, and the parts that families share.

mod alerts;
mod events;
mod heartbeats;
mod senders;

use super::way::{Family, Part, PartShape, Serves, Way};

/// Every way, in the order in which they are documented.
pub(crate) fn ways() -> impl Iterator<Item = &'static Way> {
    const FAMILIES: [&[Way]; 4] = [senders::WAYS, events::WAYS, alerts::WAYS, heartbeats::WAYS];
    FAMILIES.into_iter().flatten()
}

/// What most ways have in common.
const WAY: Way = Way {
    name: "",
    methods: &["POST"],
    path: "",
    also: &[],
    family: Family::Integration,
    serves: Serves::Sender,
    summary: "",
    description: "",
    parameters: &[],
    query: &[],
    body: "",
    status: 200,
    answer: "",
    refusals: &[],
};

/// The secret part of a URL.
const KEY: Part = Part {
    name: "key",
    doc: "The key, a UUID with or without dashes, in any case.",
    shape: PartShape::Text("^[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}$"),
};
