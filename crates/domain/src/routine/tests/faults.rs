//! What is wrong with a routine is told with its layer and field, and a sound one is written as clients read it.

use super::super::{Routine, Swap};
use crate::{Place, limits};
use serde_json::{Value, json};

fn whole() -> Value {
    json!({
        "name": "nights", "timezone": "Europe/Berlin",
        "routine_layers": [
            {"layer": 1, "layer_name": "days", "valid_start": "2026-06-01", "valid_end": "9999-01-01",
             "is_exception": false, "rotation_start": "09:00:00", "shift_length": "24:00",
             "rotation_frequency": 7, "skip_days": [5, 6], "rotations": [["ana"], ["ben", "cho"], []]},
            {"valid_start": "2026-06-01", "rotations": [["ana"]]},
        ],
        "swaps": [{"out": "ana", "in": "ben", "from": "2026-06-01T00:00:00.000000",
                   "until": "2026-06-02T00:00:00.000000"}],
    })
}

fn read(value: Value) -> Routine {
    serde_json::from_value(value).unwrap()
}

/// `routine_layers[0].valid_end`.
fn spelled(place: Place) -> String {
    let item = place.item.map_or(String::new(), |item| format!("[{item}]"));
    let key = place.key.map_or(String::new(), |key| format!(".{key}"));
    format!("{}{item}{key}", place.field)
}

#[test]
fn a_routine_is_written_as_clients_read_it_and_reads_back() {
    let written = serde_json::to_value(read(whole())).unwrap();
    assert_eq!(written["routine_layers"][0].to_string(), whole()["routine_layers"][0].to_string());
    assert_eq!(
        written["routine_layers"][1],
        json!({"layer": 2, "layer_name": "", "valid_start": "2026-06-01", "valid_end": "9999-01-01",
               "is_exception": false, "rotation_start": "00:00:00", "shift_length": "24:00",
               "rotation_frequency": 1, "skip_days": [], "rotations": [["ana"]]})
    );
    assert_eq!(written["swaps"], whole()["swaps"]);
    assert_eq!(read(written), read(whole()));
}

#[test]
fn short_forms_are_written_in_full() {
    let mut short = whole();
    short["routine_layers"][0]["rotation_start"] = json!("09:00");
    short["routine_layers"][0]["shift_length"] = json!("24:00:00");
    short["swaps"][0]["from"] = json!("2026-06-01T02:00+02:00");
    assert_eq!(read(short), read(whole()));
}

#[test]
fn what_cannot_be_read_is_kept_as_it_was() {
    let mut broken = whole();
    broken["routine_layers"][0]["valid_end"] = json!("never");
    let routine = read(broken.clone());
    assert_eq!(serde_json::to_value(&routine).unwrap()["routine_layers"][0]["valid_end"], json!("never"));
    let told = super::told(&routine, &[], "2026-06-08", "2026-06-09");
    assert_eq!(told, ["2026-06-08T00:00 2026-06-09T00:00 ana"], "the other layer counts, this one does not");
}

#[test]
fn a_sound_routine_has_no_fault() {
    assert_eq!(read(whole()).faults(), []);
    assert_eq!(read(json!({"name": "new", "timezone": "UTC"})).faults(), []);
}

#[test]
fn every_fault_names_its_layer_and_field() {
    let groups = json!(vec![["ana"]; limits::GROUPS + 1]);
    let crowd = json!([[], vec!["ana"; limits::GROUP_USERS + 1]]);
    let table = [
        ("/timezone", json!("Mars/Base"), "timezone", "`Mars/Base`"),
        ("/routine_layers/1/layer_name", json!("x".repeat(256)), "routine_layers[1].layer_name", "layer 2"),
        (
            "/routine_layers/0/valid_start",
            json!("2026-02-30"),
            "routine_layers[0].valid_start",
            "layer 1: `2026-02-30`",
        ),
        ("/routine_layers/0/valid_start", json!("1.6.2026"), "routine_layers[0].valid_start", "YYYY-MM-DD"),
        ("/routine_layers/0/valid_end", json!("2026-06-01"), "routine_layers[0].valid_end", "after valid_start"),
        ("/routine_layers/0/valid_end", json!("2026-05-31"), "routine_layers[0].valid_end", "after valid_start"),
        ("/routine_layers/0/valid_end", json!(""), "routine_layers[0].valid_end", "YYYY-MM-DD"),
        ("/routine_layers/0/rotation_start", json!("24:00:00"), "routine_layers[0].rotation_start", "23:59:59"),
        ("/routine_layers/0/rotation_start", json!("9:00"), "routine_layers[0].rotation_start", "HH:MM:SS"),
        ("/routine_layers/1/shift_length", json!("00:00"), "routine_layers[1].shift_length", "00:01 to 24:00"),
        ("/routine_layers/1/shift_length", json!("24:01"), "routine_layers[1].shift_length", "layer 2: `24:01`"),
        ("/routine_layers/1/shift_length", json!("08:60"), "routine_layers[1].shift_length", "`08:60`"),
        ("/routine_layers/1/shift_length", json!("08:00:30"), "routine_layers[1].shift_length", "HH:MM"),
        ("/routine_layers/0/rotation_frequency", json!(0), "routine_layers[0].rotation_frequency", "from 1"),
        ("/routine_layers/0/rotation_frequency", json!(3661), "routine_layers[0].rotation_frequency", "3660"),
        ("/routine_layers/0/skip_days", json!([0, 7]), "routine_layers[0].skip_days", "`7`"),
        ("/routine_layers/0/skip_days", json!([0, 0, 0, 0, 0, 0, 0, 0]), "routine_layers[0].skip_days", "at most 7"),
        ("/routine_layers/0/rotations", json!([]), "routine_layers[0].rotations", "at least one group"),
        ("/routine_layers/0/rotations", groups, "routine_layers[0].rotations", "at most 1000"),
        ("/routine_layers/0/rotations", crowd, "routine_layers[0].rotations", "group 2"),
        ("/swaps/0/in", json!("ana"), "swaps[0].in", "swap 1: `ana`"),
        ("/swaps/0/from", json!("noon"), "swaps[0].from", "`noon`"),
        ("/swaps/0/until", json!("2026-06-32"), "swaps[0].until", "timestamp"),
        ("/swaps/0/until", json!("2026-06-01"), "swaps[0].until", "after from"),
    ];
    for (pointer, value, place, part) in table {
        let mut broken = whole();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        broken.pointer_mut(parent).unwrap()[key] = value;
        let faults = read(broken).faults();
        let [(found, problem)] = &faults[..] else { panic!("{pointer}: {faults:?}") };
        assert_eq!(spelled(*found), place, "{problem}");
        assert!(problem.contains(part), "{pointer}: {problem}");
    }
}

#[test]
fn lists_have_bounds() {
    let mut many = read(whole());
    many.routine_layers = vec![many.routine_layers[1].clone(); limits::LAYERS];
    many.swaps = vec![many.swaps[0].clone(); limits::SWAPS];
    assert_eq!(many.faults(), []);
    many.routine_layers.push(many.routine_layers[0].clone());
    many.swaps.push(many.swaps[0].clone());
    let places: Vec<_> = many.faults().into_iter().map(|(place, _)| spelled(place)).collect();
    assert_eq!(places, ["routine_layers", "swaps"]);
}

#[test]
fn a_swap_for_nobody_may_say_so_or_be_silent() {
    let swap = |value: Value| serde_json::from_value::<Swap>(value).unwrap();
    let silent = json!({"out": "ana", "from": "2026-06-01", "until": "2026-06-02"});
    let mut said = silent.clone();
    said["in"] = Value::Null;
    assert_eq!(swap(silent).in_, None);
    assert_eq!(swap(said).in_, None);
}
