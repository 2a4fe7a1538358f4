//! Schemas of what is said about who is on call.

use super::component;
use super::{list_of, nullable, number, object, text, timestamp};
use serde_json::{Value, json};

pub(super) fn policies() -> Value {
    let person = object([("preferred_username", text()), ("display_name", text())]);
    let level = object([
        ("level", number()),
        ("minutes", number()),
        ("on_call", list_of(person)),
        ("until", nullable(timestamp())),
    ]);
    list_of(object([("policy_ref_id", text()), ("name", text()), ("levels", list_of(level))]))
}

/// People by preferred username, sorted.
fn people() -> Value {
    list_of(text())
}

fn intervals() -> Value {
    let mut on_call = people();
    on_call["minItems"] = json!(1);
    list_of(object([("from", timestamp()), ("until", timestamp()), ("on_call", on_call)]))
}

pub(super) fn schedule() -> Value {
    object([("intervals", intervals())])
}

pub(super) fn coverage() -> Value {
    let level = object([("level", number()), ("intervals", intervals())]);
    let gap = object([("from", timestamp()), ("until", timestamp())]);
    object([("levels", list_of(level)), ("gaps", list_of(gap))])
}

pub(super) fn preview() -> Value {
    let change = object([("from", timestamp()), ("until", timestamp()), ("before", people()), ("after", people())]);
    object([("intervals", intervals()), ("changes", nullable(list_of(change))), ("unknown_users", people())])
}

/// A layer or exception of a routine; a change says what it brings with it.
pub(super) fn layer() -> Value {
    let count = |least: u32, most: u32| json!({"type": "integer", "minimum": least, "maximum": most});
    let mut layer = object([
        ("routine_ref_id", text()),
        ("layer", count(0, u32::MAX)),
        ("layer_name", text()),
        ("valid_start", text()),
        ("valid_end", text()),
        ("is_exception", json!({"type": "boolean"})),
        ("rotation_start", text()),
        ("shift_length", text()),
        ("rotation_frequency", count(1, u32::MAX)),
        ("skip_days", list_of(count(0, 6))),
        ("rotations", list_of(list_of(text()))),
    ]);
    layer["properties"]["warnings"] = component::warnings();
    layer["properties"]["gaps"] = component::gaps();
    layer
}

/// A swap; one that was made by the API has all that one of the directory file has not.
pub(super) fn swap(is_made: impl Fn(Value) -> Value) -> Value {
    object([
        ("swap_ref_id", is_made(text())),
        ("routine_ref_id", text()),
        ("out", text()),
        ("in", nullable(text())),
        ("from", timestamp()),
        ("until", timestamp()),
        ("by", nullable(text())),
        ("timestamp", is_made(timestamp())),
    ])
}

/// A swap that was made just now, and what it brings with it.
pub(super) fn made_swap() -> Value {
    let mut swap = swap(std::convert::identity);
    swap["properties"]["warnings"] = component::warnings();
    swap["properties"]["gaps"] = component::gaps();
    swap
}

pub(super) fn feed() -> Value {
    object([("url", json!({"type": "string", "format": "uri-reference"}))])
}
