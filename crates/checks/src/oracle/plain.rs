//! Routines in plain numbers, as the oracle computes with them and as the domain reads them.

use domain::routine::{Routine, Swap};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

/// A routine in plain numbers: instants in minutes since 1970 UTC, days since 1970-01-01, times in minutes.
#[derive(Clone, Debug)]
pub struct Plain {
    /// Its zone.
    pub zone: String,
    /// Its layers.
    pub layers: Vec<PlainLayer>,
    /// Its swaps, in their order.
    pub swaps: Vec<PlainSwap>,
}

/// A layer, whose hours are those of its zone.
#[derive(Clone, Debug)]
pub struct PlainLayer {
    /// The first day.
    pub first_day: i64,
    /// The day after the last.
    pub last_day: i64,
    /// Whether it replaces the base layers.
    pub is_exception: bool,
    /// When a shift begins.
    pub start: i64,
    /// How long it is.
    pub length: i64,
    /// Days of a turn.
    pub frequency: i64,
    /// Days of the week, from Monday, 0, on which no shift begins.
    pub skip_days: Vec<i64>,
    /// Who take turns.
    pub groups: Vec<Vec<String>>,
}

/// One person stands in for another, or nobody does; a later swap of the same person counts more.
#[derive(Clone, Debug)]
pub struct PlainSwap {
    /// Who does not come.
    pub out: String,
    /// Who comes instead.
    pub into: Option<String>,
    /// The first minute.
    pub from: i64,
    /// The minute after the last.
    pub until: i64,
}

impl Plain {
    /// The routine as the domain reads it, with every other swap in it and the rest beside it.
    pub fn read(&self) -> (Routine, Vec<Swap>) {
        // Of two swaps for one person the later counts, so the first ones go into the routine.
        let (inside, beside) = self.swaps.split_at(self.swaps.len() / 2);
        let written = json!({
            "name": "random",
            "timezone": self.zone,
            "routine_layers": self.layers.iter().map(layer_written).collect::<Vec<_>>(),
            "swaps": inside.iter().map(swap_written).collect::<Vec<_>>(),
        });
        let routine: Routine = serde_json::from_value(written).expect("a routine");
        assert_eq!(routine.faults(), []);
        let beside = beside.iter().map(|swap| serde_json::from_value(swap_written(swap)).expect("a swap"));
        (routine, beside.collect())
    }
}

fn layer_written(layer: &PlainLayer) -> Value {
    let day = |day: i64| Date::constant(1970, 1, 1).checked_add(day.days()).expect("a day").to_string();
    let time = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    json!({
        "valid_start": day(layer.first_day),
        "valid_end": day(layer.last_day),
        "is_exception": layer.is_exception,
        "rotation_start": time(layer.start) + ":00",
        "shift_length": time(layer.length),
        "rotation_frequency": layer.frequency,
        "skip_days": layer.skip_days,
        "rotations": layer.groups,
    })
}

fn swap_written(swap: &PlainSwap) -> Value {
    let at = |minute: i64| timestamp(minute).to_string();
    json!({"out": swap.out, "in": swap.into, "from": at(swap.from), "until": at(swap.until)})
}

fn timestamp(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).expect("an instant")
}
