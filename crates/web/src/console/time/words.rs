//! How long something is, and how far from now, in words.

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Below this, what is to come is counted down by the second.
const COUNTED_DOWN: i64 = 10 * MINUTE;
/// From here on minutes say nothing any more.
const WHOLE_HOURS: i64 = 12 * HOUR;

/// So many seconds, in the two largest units that say something: `12 s`, `5 min`, `2 h 5 min`, `3 days 4 h`.
pub(in crate::console) fn duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        0..MINUTE => format!("{seconds} s"),
        MINUTE..HOUR => format!("{} min", seconds / MINUTE),
        HOUR..DAY => two((seconds / HOUR, "h"), (seconds % HOUR / MINUTE, "min")),
        _ => two((seconds / DAY, days(seconds / DAY)), (seconds % DAY / HOUR, "h")),
    }
}

/// How far from now, in one unit where it is far: `now`, `in 2:41 min`, `5 min ago`, `3 days ago`.
pub(super) fn from_now(seconds: i64) -> String {
    let far = far(seconds.abs());
    match seconds {
        0 => "now".to_owned(),
        1..COUNTED_DOWN => format!("in {}:{:02} min", seconds / MINUTE, seconds % MINUTE),
        COUNTED_DOWN.. => format!("in {far}"),
        _ => format!("{far} ago"),
    }
}

fn far(seconds: i64) -> String {
    match seconds {
        0..WHOLE_HOURS => duration(seconds),
        WHOLE_HOURS..DAY => format!("{} h", seconds / HOUR),
        _ => {
            let whole = seconds / DAY;
            match whole {
                0..60 => format!("{whole} {}", days(whole)),
                60..730 => format!("{} months", whole / 30),
                _ => format!("{} years", whole / 365),
            }
        }
    }
}

fn days(count: i64) -> &'static str {
    if count == 1 { "day" } else { "days" }
}

fn two((large, large_unit): (i64, &str), (small, small_unit): (i64, &str)) -> String {
    match small {
        0 => format!("{large} {large_unit}"),
        _ => format!("{large} {large_unit} {small} {small_unit}"),
    }
}
