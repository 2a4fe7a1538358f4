//! Layers as forms have them.

use super::{Kind, Typed};
use crate::console::form::Form;
use domain::routine::Layer;
use jiff::civil::Date;
use serde_json::json;

const TODAY: Date = Date::constant(2026, 11, 29);

fn layer(more: serde_json::Value) -> Layer {
    let mut layer = json!({"layer": 1, "layer_name": "nights", "valid_start": "2027-01-04", "rotation_start": "18:00:00",
        "shift_length": "15:00", "rotation_frequency": 7, "skip_days": [5], "rotations": [["ana", "ben"], []]});
    layer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(layer).unwrap()
}

#[test]
fn a_layer_is_shown_as_it_is_stored_and_read_as_it_is_shown() {
    let shown = Typed::of(3, &layer(json!({"valid_end": "2027-03-01"})), TODAY).unwrap();
    assert_eq!((shown.from.as_str(), shown.until.as_str()), ("18:00", "09:00"));
    assert_eq!((shown.since.as_str(), shown.last.as_str()), ("2027-01-04", "2027-02-28"));
    let sent = "l1-of=3&l1-kind=layer&l1-name=nights&l1-turn-1=ana&l1-turn-1=ben&l1-turn-2=-&l1-day=0&l1-day=1&l1-day=2&l1-day=3\
        &l1-day=4&l1-day=6&l1-from=18:00&l1-until=09:00&l1-each=7&l1-since=2027-01-04&l1-last=2027-02-28&l3-of=new";
    assert_eq!(Typed::all(&Form::read(sent.as_bytes())), std::slice::from_ref(&shown));
    assert_eq!(Layer { layer: 1, ..shown.layer().unwrap() }, layer(json!({"valid_end": "2027-03-01"})));
    assert_eq!(shown.kind, Kind::Layer);
}

#[test]
fn one_that_has_begun_is_shown_from_its_next_turn_on() {
    let table = [
        ("2026-11-29", 7, "2026-12-06", "nobody's"),
        ("2026-11-28", 1, "2026-11-30", "both's"),
        ("2026-11-30", 7, "2026-11-30", "both's"),
        ("2026-11-16", 7, "2026-11-30", "both's"),
    ];
    for (begun, each, since, whose) in table {
        let shown = Typed::of(0, &layer(json!({"valid_start": begun, "rotation_frequency": each})), TODAY).unwrap();
        let first = if shown.turns[0].len() == 2 { "both's" } else { "nobody's" };
        assert_eq!((shown.since.as_str(), first), (since, whose), "{begun}");
    }
    let exception = Typed::of(0, &layer(json!({"valid_start": "2026-11-01", "is_exception": true})), TODAY).unwrap();
    assert_eq!((exception.since.as_str(), exception.kind), ("2026-11-01", Kind::Exception));
}

#[test]
fn all_that_cannot_be_read_is_told_with_its_field() {
    let shown = Typed::of(0, &layer(json!({})), TODAY).unwrap();
    let wrong = Typed {
        from: "noon".to_owned(),
        until: "25:00".to_owned(),
        each: "0".to_owned(),
        since: "soon".to_owned(),
        last: "never".to_owned(),
        turns: Vec::new(),
        days: Vec::new(),
        ..shown
    };
    let fields: Vec<_> = wrong.layer().unwrap_err().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["from", "until", "each", "since", "last", "day", "turns"]);
}
