//! Times as senders write them.

use domain::Instant;
use serde_json::Value;

/// Before this there was no monitoring: what lies earlier is a zero of somebody's clock, year 1 of Go's or 1970.
const ZERO_UNTIL: Instant = Instant(86_400_000_000);

/// A time as ISO 8601 with any spelling of its zone, or a count of seconds, milliseconds, microseconds or nanoseconds
/// since 1970. No zone means UTC. A zero of a clock is absent.
pub(crate) fn time(value: &Value) -> Option<Instant> {
    let instant = match value {
        Value::Number(number) => counted(number.as_f64()?),
        Value::String(text) => written(text.trim())?,
        Value::Array(items) => match items.as_slice() {
            [one] => return time(one),
            _ => return None,
        },
        _ => return None,
    };
    (ZERO_UNTIL..=Instant::LATEST).contains(&instant).then_some(instant)
}

/// The unit is told by the size: each lies thousandfold apart, and all mean the years from 1973 to 5138.
fn counted(number: f64) -> Instant {
    let micros = match number {
        n if n < 1e11 => n * 1e6,
        n if n < 1e14 => n * 1e3,
        n if n < 1e17 => n,
        n => n / 1e3,
    };
    #[allow(clippy::cast_possible_truncation, reason = "a cast from a fraction is held within the bounds of i64")]
    Instant(micros.round() as i64)
}

fn written(text: &str) -> Option<Instant> {
    if let Ok(number) = text.parse::<f64>() {
        return (text.len() >= 9).then(|| counted(number));
    }
    Instant::parse(text).or_else(|| Instant::parse(&with_colon(text)?))
}

/// `2026-11-26 22:48:14 +0000` as `2026-11-26 22:48:14+00:00`. `None` if the text does not end so.
fn with_colon(text: &str) -> Option<String> {
    let (head, zone) = text.split_at_checked(text.len().checked_sub(5)?)?;
    let (sign, digits) = zone.split_at_checked(1)?;
    let (hours, minutes) = digits.split_at_checked(2)?;
    let fits = matches!(sign, "+" | "-") && digits.bytes().all(|digit| digit.is_ascii_digit());
    fits.then(|| format!("{}{sign}{hours}:{minutes}", head.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_time_is_read_as_senders_write_it() {
        let at = Some(Instant(1_795_733_294_000_000));
        let table = [
            (json!("2026-11-26T22:48:14Z"), at),
            (json!("2026-11-26T22:48:14.000000000Z"), at),
            (json!("2026-11-26 22:48:14 +0000"), at),
            (json!("2026-11-26T23:48:14+0100"), at),
            (json!("2026-11-26T23:48:14+01:00"), at),
            (json!("2026-11-26T22:48:14"), at),
            (json!(1_795_733_294), at),
            (json!(1_795_733_294.0), at),
            (json!("1795733294"), at),
            (json!(1_795_733_294_000_i64), at),
            (json!(1_795_733_294_000_000_i64), at),
            (json!(1_795_733_294_000_000_000_i64), at),
            (json!(["2026-11-26T22:48:14Z"]), at),
            (json!("0001-01-01T00:00:00Z"), None),
            (json!("1970-01-01T00:00:00Z"), None),
            (json!(0), None),
            (json!(-5), None),
            (json!(1e300), None),
            (json!("20261126"), None),
            (json!("Thu Nov 26 22:48:14 CET 2026"), None),
            (json!("nan"), None),
            (json!(""), None),
            (json!({}), None),
        ];
        for (value, expect) in table {
            assert_eq!(time(&value), expect, "{value}");
        }
    }
}
