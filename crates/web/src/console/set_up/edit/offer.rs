//! What fields offer to choose from, by the known shape of a kind and by what there is in the directory.

use crate::console::set_up::words::urgency;
use domain::directory::{ComponentKind, Directory};
use serde_json::Value;

/// A value, and the words for it.
pub(super) type Offered = (String, String);

/// Whether the shape holds values of this type.
pub(super) fn is_of(shape: &Value, wanted: &str) -> bool {
    match &shape["type"] {
        Value::String(kind) => kind == wanted,
        Value::Array(kinds) => kinds.iter().any(|kind| kind == wanted),
        _ => false,
    }
}

/// Whether the shape holds an urgency.
pub(super) fn is_urgency(shape: &Value) -> bool {
    is_of(shape, "integer") && shape["maximum"] == 5
}

/// The words of which the shape holds one; nothing where it is not of words.
pub(super) fn words(shape: &Value) -> Option<Vec<String>> {
    Some(shape["enum"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Words as one chooses them, in plain letters.
pub(super) fn plain(words: Vec<String>) -> impl Iterator<Item = Offered> {
    words.into_iter().map(|word| (word.clone(), word.replace('_', " ")))
}

/// Yes and no.
pub(super) fn truths() -> impl Iterator<Item = Offered> {
    [("true", "yes"), ("false", "no")].map(|(value, word)| (value.to_owned(), word.to_owned())).into_iter()
}

/// How loud something can be, the loudest first.
pub(super) fn urgencies() -> impl Iterator<Item = Offered> {
    (1..=5).rev().map(|number| (number.to_string(), format!("{number} {}", urgency(number))))
}

/// These, and before them that none is chosen: the empty one stands for the default.
pub(super) fn choice(offered: impl IntoIterator<Item = Offered>, is_needed: bool) -> Vec<Offered> {
    let first = if is_needed { "choose one" } else { "as usual" };
    [(String::new(), first.to_owned())].into_iter().chain(offered).collect()
}

/// The names of what there is of these kinds.
pub(super) fn names(directory: &Directory, kinds: &[ComponentKind]) -> Vec<String> {
    macro_rules! of {
        ($register:expr) => {
            $register.by_name().into_iter().map(|entry| entry.component.name.to_string()).collect()
        };
    }
    let all = kinds.iter().map(|kind| -> Vec<String> {
        match kind {
            ComponentKind::User => {
                directory.users.by_name().into_iter().map(|entry| entry.component.username.to_string()).collect()
            }
            ComponentKind::Team => of!(directory.teams),
            ComponentKind::Routine => of!(directory.routines),
            ComponentKind::EscalationPolicy => of!(directory.policies),
            ComponentKind::Service => of!(directory.services),
            ComponentKind::BusinessService => of!(directory.business_services),
            ComponentKind::ResponseSet => of!(directory.response_sets),
            ComponentKind::Workflow => of!(directory.workflows),
            ComponentKind::Integration => of!(directory.integrations),
            ComponentKind::Heartbeat => of!(directory.heartbeats),
            ComponentKind::MaintenanceWindow => of!(directory.maintenance_windows),
            ComponentKind::RoutingRule => Vec::new(),
        }
    });
    all.flatten().collect()
}
