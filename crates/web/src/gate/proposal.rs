//! From checked fields to routines, swaps and periods, whose faults are told like those of fields.

use super::fields::Fields;
use super::problem::Problem;
use directory::Proposal;
use domain::routine::{Layer, Routine, Swap, Written};
use domain::{Instant, Username, limits};
use serde_json::{Map, Value};

/// The routine and swaps of a preview.
///
/// # Errors
/// `invalid_fields` with every fault, each with the layer or swap and its key.
pub fn proposal(fields: &Fields) -> Result<Proposal, Problem> {
    let routine = fields.object("routine").map(routine);
    let swaps: Vec<_> = fields.objects("swaps").into_iter().map(swap).collect();
    let mut mistakes = Vec::new();
    for (place, problem) in routine.iter().flat_map(Routine::faults) {
        mistakes.push(format!("routine.{}: {problem}", place.spelled()));
    }
    for (place, swap) in swaps.iter().enumerate() {
        mistakes.extend(swap.faults().into_iter().map(|(key, problem)| format!("swaps[{place}].{key}: {problem}")));
    }
    if !mistakes.is_empty() {
        return Err(Problem::invalid(mistakes));
    }
    Ok(Proposal { routine, stands: fields.text("routine_ref_id").map(str::to_owned), swaps })
}

/// The swap that is asked for.
///
/// # Errors
/// `invalid_fields` with every fault.
pub fn wanted_swap(fields: &Fields) -> Result<Swap, Problem> {
    let swap = swap(fields);
    let mistakes: Vec<_> = swap.faults().into_iter().map(|(key, problem)| format!("{key}: {problem}")).collect();
    if mistakes.is_empty() { Ok(swap) } else { Err(Problem::invalid(mistakes)) }
}

/// The period that is asked for: from `now` where no begin is given, and for four weeks where no end is.
///
/// # Errors
/// `invalid_fields` when it is empty.
pub fn period(fields: &Fields, now: Instant) -> Result<(Instant, Instant), Problem> {
    let from = fields.instant("from").unwrap_or(now);
    let default = || from.plus_minutes(limits::SCHEDULE_DAYS_DEFAULT * 24 * 60);
    let until = fields.instant("until").unwrap_or_else(default);
    if until <= from {
        return Err(Problem::invalid(vec![format!("until: must be after from, which is {}", from.wire())]));
    }
    Ok((from, until))
}

fn routine(fields: &Fields) -> Routine {
    let layers = fields.objects("routine_layers");
    Routine {
        team: None,
        name: String::new(),
        timezone: fields.required_text("timezone"),
        routine_layers: (1..).zip(layers).map(|(place, fields)| layer(place, fields)).collect(),
        swaps: Vec::new(),
        past: Vec::new(),
    }
}

/// The layer that is asked for; its number and kind are said elsewhere.
///
/// # Errors
/// `invalid_fields` with every fault.
pub fn wanted_layer(fields: &Fields) -> Result<Layer, Problem> {
    let layer = layer(0, fields);
    let mistakes: Vec<_> = layer.faults().into_iter().map(|(key, problem)| format!("{key}: {problem}")).collect();
    if mistakes.is_empty() { Ok(layer) } else { Err(Problem::invalid(mistakes)) }
}

/// What a merge patch of a layer changes: each key with its value, null for those that get their default back.
///
/// # Errors
/// `invalid_fields` where what has no default is to have it.
pub fn changed_layer(fields: &Fields, payload: &Value) -> Result<Map<String, Value>, Problem> {
    let whole = serde_json::to_value(layer(0, fields)).map_err(Problem::internal)?;
    let mut changed = Map::new();
    for (key, value) in whole.as_object().into_iter().flatten() {
        if fields.has(key) {
            changed.insert(key.clone(), value.clone());
        } else if payload.get(key).is_some() {
            changed.insert(key.clone(), Value::Null);
        }
    }
    changed.remove("layer");
    changed.remove("is_exception");
    let is_cleared = |key: &&str| changed.get(*key).is_some_and(Value::is_null);
    let cleared = ["valid_start", "rotations"].into_iter().filter(is_cleared);
    let mistakes: Vec<_> = cleared.map(|key| format!("{key}: has no default")).collect();
    if mistakes.is_empty() { Ok(changed) } else { Err(Problem::invalid(mistakes)) }
}

fn layer(place: u32, fields: &Fields) -> Layer {
    let whole = |name: &str| fields.number(name).and_then(|number| u32::try_from(number).ok());
    let group = |names: Vec<String>| names.into_iter().map(Username).collect();
    let default = Layer::starting(Written::new(fields.text("valid_start").unwrap_or_default()));
    Layer {
        layer: whole("layer").unwrap_or(place),
        layer_name: fields.text("layer_name").unwrap_or_default().to_owned(),
        valid_end: fields.text("valid_end").map_or(default.valid_end, Written::new),
        is_exception: fields.is_true("is_exception"),
        rotation_start: fields.text("rotation_start").map_or(default.rotation_start, Written::new),
        shift_length: fields.text("shift_length").map_or(default.shift_length, Written::new),
        rotation_frequency: whole("rotation_frequency").unwrap_or(default.rotation_frequency),
        skip_days: fields.numbers("skip_days").into_iter().filter_map(|day| u32::try_from(day).ok()).collect(),
        rotations: fields.groups("rotations").into_iter().map(group).collect(),
        valid_start: default.valid_start,
    }
}

fn swap(fields: &Fields) -> Swap {
    let instant = |name: &str| Written::from(fields.instant(name).unwrap_or(Instant::EARLIEST));
    Swap {
        out: Username(fields.required_text("out")),
        in_: fields.text("in").map(Username::from),
        from: instant("from"),
        until: instant("until"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_body;
    use super::*;
    use crate::operation::operations;
    use serde_json::json;

    fn read(operation: &str, body: &Value) -> Result<Fields, Problem> {
        let operation = operations().find(|known| known.name == operation).expect("an operation");
        read_body(operation, body.to_string().as_bytes()).map(|read| read.fields)
    }

    /// What is wrong with a preview of one layer that has these keys beside those it needs.
    fn layer_mistakes(keys: &Value) -> Vec<String> {
        let mut layer = json!({"valid_start": "2026-06-01", "rotations": [["ana"]]});
        layer.as_object_mut().expect("an object").extend(keys.as_object().expect("an object").clone());
        let body = json!({"routine": {"timezone": "Europe/Lisbon", "routine_layers": [layer]}});
        match read("preview-routine", &body).and_then(|fields| proposal(&fields)) {
            Ok(_) => Vec::new(),
            Err(problem) => problem.errors,
        }
    }

    #[test]
    fn a_routine_is_read_with_all_of_its_keys_and_the_defaults_of_the_directory_file() {
        let whole = json!({
            "layer": 7, "layer_name": "Nights", "valid_start": "2026-06-01", "valid_end": "2027-01-01",
            "is_exception": true, "rotation_start": "20:30:00", "shift_length": "10:15", "rotation_frequency": 3,
            "skip_days": [5, 6], "rotations": [["ana", "ben"], []],
        });
        let bare = json!({"valid_start": "2026-06-01", "rotations": [["ana"]]});
        let routine = json!({"timezone": "Asia/Kathmandu", "routine_layers": [whole, bare], "routine_name": "x"});
        let swap = json!({"out": "ana", "in": "ben", "from": "2026-06-01", "until": "2026-06-02 12:00:00+02:00"});
        let body = json!({"routine": routine, "swaps": swap, "routine_ref_id": "r"});
        let proposal = proposal(&read("preview-routine", &body).expect("a body")).expect("a proposal");
        let file = json!({"name": "", "timezone": "Asia/Kathmandu", "routine_layers": [whole, bare]});
        let expect: Routine = serde_json::from_value(file).expect("a routine of a directory file");
        assert_eq!(proposal.routine, Some(expect));
        assert_eq!(proposal.stands.as_deref(), Some("r"));
        let expect = json!({"out": "ana", "in": "ben", "from": "2026-06-01T00:00:00.000000",
            "until": "2026-06-02T10:00:00.000000"});
        assert_eq!(json!(proposal.swaps), json!([expect]));
    }

    #[test]
    fn an_invalid_routine_is_told_with_layer_and_key() {
        let table = [
            (json!({"valid_end": "2026-06-01"}), "routine.routine_layers[0].valid_end: layer 1: "),
            (json!({"valid_end": "2026-06-31"}), "routine.routine_layers[0].valid_end: must be a day "),
            (json!({"valid_start": null}), "routine.routine_layers[0].valid_start: is required"),
            (json!({"rotation_frequency": 0}), "routine.routine_layers[0].rotation_frequency: must be "),
            (json!({"shift_length": "24:01"}), "routine.routine_layers[0].shift_length: must be "),
            (json!({"rotation_start": "24:00:00"}), "routine.routine_layers[0].rotation_start: must be "),
            (json!({"skip_days": [7]}), "routine.routine_layers[0].skip_days[0]: must be "),
            (json!({"rotations": []}), "routine.routine_layers[0].rotations: must have at least 1 entry"),
            (json!({"rotations": ["ana", "ben"]}), "routine.routine_layers[0].rotations[0]: must be a list"),
        ];
        for (keys, expect) in table {
            let mistakes = layer_mistakes(&keys);
            assert!(mistakes.iter().any(|mistake| mistake.starts_with(expect)), "{keys}: {mistakes:?}");
        }
        assert_eq!(layer_mistakes(&json!({})), Vec::<String>::new());
        let body = json!({
            "routine": {"timezone": "Europe/Atlantis"},
            "swaps": [{"out": "ana", "from": "2026-06-02", "until": "2026-06-02"}],
        });
        let problem = proposal(&read("preview-routine", &body).expect("a body")).expect_err("it is refused");
        let expect = [
            "routine.timezone: `Europe/Atlantis` is not an IANA time zone",
            "swaps[0].until: until 2026-06-02T00:00:00.000000 must be after from 2026-06-02T00:00:00.000000",
        ];
        assert_eq!(problem.errors, expect);
    }

    #[test]
    fn a_swap_is_with_somebody_else_and_takes_time() {
        let swap = json!({"out": "ana", "in": "ana", "from": "2026-06-02", "until": "2026-06-01"});
        let problem = wanted_swap(&read("add-swap", &swap).expect("a body")).expect_err("it is refused");
        let expect = [
            "in: `ana` cannot stand in for themselves",
            "until: until 2026-06-01T00:00:00.000000 must be after from 2026-06-02T00:00:00.000000",
        ];
        assert_eq!(problem.errors, expect);
    }

    #[test]
    fn a_period_begins_now_and_lasts_four_weeks_unless_it_is_said() {
        let now = Instant(1_780_272_000_000_000);
        let day = |number: u32| now.plus_minutes(number * 24 * 60);
        let table = [
            (json!({}), Some((day(0), day(28)))),
            (json!({"from": day(3).wire()}), Some((day(3), day(31)))),
            (json!({"until": day(1).wire()}), Some((day(0), day(1)))),
            (json!({"from": day(1).wire(), "until": day(1).wire()}), None),
            (json!({"until": day(0).wire()}), None),
        ];
        for (given, expect) in table {
            let mut body = json!({"routine_ref_id": "r"});
            body.as_object_mut().expect("an object").extend(given.as_object().expect("an object").clone());
            let period = period(&read("preview-routine", &body).expect("a body"), now);
            assert_eq!(period.ok(), expect, "{given}");
        }
    }
}
