//! When a service is supported, and what is different at other times (intake §2.7).

use crate::routing::{Day, wall_seconds};
use crate::wall_clock::WallClock;
use crate::{Instant, Place, Urgency, limits};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Days that are looked at for the next start: a year of holidays and a little more.
const DAYS_AHEAD: i32 = 400;

/// When a service is supported, and what is different at other times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportHours {
    /// Zone of the hours and holidays; IANA name.
    pub timezone: String,
    /// The hours of a week.
    pub hours: Vec<Hours>,
    /// Days on which no hours begin, as `2026-12-25`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<String>,
    /// The most that an incident which begins at other times counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency_at_most: Option<Urgency>,
    /// Name of the policy that is asked at other times, instead of the service's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation_policy: Option<String>,
    /// Whether an incident that was lowered, and is still unresolved when the hours begin, is raised to what it was.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub raise_at_start: bool,
}

/// Hours of some days of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The days on which they begin; all where none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// Wall time at which they begin, `HH:MM`.
    pub from: String,
    /// Wall time at which they end, exclusive; `24:00` is the end of the day. Not after `from`: on the day after.
    pub until: String,
}

fn yes() -> bool {
    true
}

impl SupportHours {
    /// Whether the service is supported at this instant.
    pub fn hold(&self, now: Instant) -> bool {
        let Ok(zone) = TimeZone::get(&self.timezone) else { return true };
        let clock = WallClock::of(zone);
        let today = clock.day_of(now);
        let (days, holidays) = ([today.checked_sub(1.day()).ok(), Some(today)], self.holidays());
        let spans = days.into_iter().flatten().flat_map(|day| self.spans(&clock, &holidays, day));
        spans.into_iter().any(|(from, until)| (from..until).contains(&now))
    }

    /// When the hours begin next after `now`; `None` if not within some 400 days.
    pub fn next_start(&self, now: Instant) -> Option<Instant> {
        let clock = WallClock::of(TimeZone::get(&self.timezone).ok()?);
        let (today, holidays) = (clock.day_of(now), self.holidays());
        let days = (0..=DAYS_AHEAD).filter_map(|ahead| today.checked_add(ahead.days()).ok());
        days.filter_map(|day| {
            self.spans(&clock, &holidays, day).into_iter().map(|(from, _)| from).filter(|from| *from > now).min()
        })
        .next()
    }

    fn holidays(&self) -> BTreeSet<Date> {
        self.holidays.iter().filter_map(|holiday| holiday.parse().ok()).collect()
    }

    /// The hours that begin on a day.
    fn spans(&self, clock: &WallClock, holidays: &BTreeSet<Date>, day: Date) -> Vec<(Instant, Instant)> {
        if holidays.contains(&day) {
            return Vec::new();
        }
        let of_day =
            |hours: &&Hours| hours.days.is_empty() || hours.days.iter().any(|on| weekday(*on) == day.weekday());
        let span = |hours: &Hours| {
            let (from, until) = (wall_seconds(&hours.from)?, wall_seconds(&hours.until)?);
            let after = if until > from { 0 } else { 1 };
            let at = |days: i64, seconds: u32| {
                let wall = day.at(0, 0, 0, 0).checked_add(Span::new().days(days).seconds(i64::from(seconds))).ok()?;
                Some(clock.first_occurrence(wall))
            };
            Some((at(0, from)?, at(after, until)?))
        };
        self.hours.iter().filter(of_day).filter_map(span).collect()
    }

    /// What is wrong with it: the key inside it, and the problem. The policy's name is judged elsewhere.
    pub(super) fn faults(&self) -> Vec<(Place, String)> {
        let place = |key| Place::inside("support_hours", key);
        let mut faults = Vec::new();
        if !crate::instant::zone_is_known(&self.timezone) {
            faults.push((place("timezone"), format!("`{}` is not an IANA time zone", self.timezone)));
        }
        if !(1..=limits::SUPPORT_HOURS).contains(&self.hours.len()) {
            faults.push((place("hours"), format!("must be 1 to {} entries", limits::SUPPORT_HOURS)));
        }
        for hours in &self.hours {
            let ends = [("from", &hours.from), ("until", &hours.until)];
            let strange = ends
                .iter()
                .find(|(key, text)| wall_seconds(text).is_none_or(|seconds| *key == "from" && seconds == 24 * 3600));
            if let Some((key, text)) = strange {
                faults.push((place("hours"), format!("{key}: `{text}` is not a time of the form HH:MM")));
            } else if hours.from == hours.until {
                faults
                    .push((place("hours"), "`until` equals `from`; for a whole day write 00:00 and 24:00".to_owned()));
            }
        }
        if self.holidays.len() > limits::HOLIDAYS {
            faults.push((place("holidays"), format!("at most {}", limits::HOLIDAYS)));
        }
        let strange = self.holidays.iter().find(|text| text.parse::<Date>().is_err());
        faults.extend(strange.map(|text| (place("holidays"), format!("`{text}` is not a day such as `2026-12-25`"))));
        if self.urgency_at_most.is_none() && self.escalation_policy.is_none() {
            let nothing =
                "neither `urgency_at_most` nor `escalation_policy` is given, so nothing is different at other times";
            faults.push(("support_hours".into(), nothing.to_owned()));
        }
        faults
    }
}

fn weekday(day: Day) -> Weekday {
    match day {
        Day::Monday => Weekday::Monday,
        Day::Tuesday => Weekday::Tuesday,
        Day::Wednesday => Weekday::Wednesday,
        Day::Thursday => Weekday::Thursday,
        Day::Friday => Weekday::Friday,
        Day::Saturday => Weekday::Saturday,
        Day::Sunday => Weekday::Sunday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, from_value, json};

    fn hours(more: &Value) -> SupportHours {
        let mut keys = json!({
            "timezone": "Europe/Berlin",
            "hours": [
                {"days": ["monday", "tuesday", "wednesday", "thursday", "friday"], "from": "09:00", "until": "18:00"},
                {"days": ["saturday"], "from": "22:00", "until": "02:00"},
            ],
            "holidays": ["2026-12-25"],
            "urgency_at_most": 2,
        });
        if let (Value::Object(keys), Value::Object(more)) = (&mut keys, more) {
            keys.extend(more.clone());
        }
        from_value(keys).unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn the_hours_hold_by_the_wall_clock_of_their_zone_and_not_on_holidays() {
        let hours = hours(&json!({}));
        assert_eq!(hours.faults(), []);
        for (instant, expect) in [
            ("2026-11-27T07:59:59Z", false), // a Friday
            ("2026-11-27T08:00:00Z", true),
            ("2026-11-27T16:59:59Z", true),
            ("2026-11-27T17:00:00Z", false),
            ("2026-07-24T07:00:00Z", true), // in summer
            ("2026-11-28T12:00:00Z", false),
            ("2026-11-28T21:00:00Z", true), // into Sunday
            ("2026-11-29T00:59:59Z", true),
            ("2026-11-29T01:00:00Z", false),
            ("2026-12-25T10:00:00Z", false),
        ] {
            assert_eq!(hours.hold(at(instant)), expect, "{instant}");
        }
    }

    #[test]
    fn the_next_start_is_the_first_after_now_whatever_lies_between() {
        let hours = hours(&json!({}));
        for (instant, expect) in [
            ("2026-11-27T07:00:00Z", Some("2026-11-27T08:00:00Z")),
            ("2026-11-27T08:00:00Z", Some("2026-11-28T21:00:00Z")),
            ("2026-12-24T20:00:00Z", Some("2026-12-26T21:00:00Z")),
            ("2026-03-29T00:30:00Z", Some("2026-03-30T07:00:00Z")), // clocks go forward that night
        ] {
            assert_eq!(hours.next_start(at(instant)), expect.map(at), "{instant}");
        }
        let gap = json!({"hours": [{"days": ["sunday"], "from": "02:30", "until": "04:00"}]});
        let hours = super::tests::hours(&gap);
        assert_eq!(
            hours.next_start(at("2026-03-28T12:00:00Z")),
            Some(at("2026-03-29T01:00:00Z")),
            "the end of the gap"
        );
    }

    #[test]
    fn what_can_never_hold_is_refused_with_its_place() {
        for (wrong, place) in [
            (json!({"timezone": "Mars"}), "support_hours.timezone"),
            (json!({"hours": []}), "support_hours.hours"),
            (json!({"hours": [{"from": "24:00", "until": "10:00"}]}), "support_hours.hours"),
            (json!({"hours": [{"from": "09:00", "until": "9"}]}), "support_hours.hours"),
            (json!({"hours": [{"from": "09:00", "until": "09:00"}]}), "support_hours.hours"),
            (json!({"holidays": ["25.12.2026"]}), "support_hours.holidays"),
            (json!({"urgency_at_most": null}), "support_hours"),
        ] {
            let places: Vec<_> = hours(&wrong).faults().into_iter().map(|(place, _)| place.spelled()).collect();
            assert_eq!(places, [place], "{wrong}");
        }
    }
}
