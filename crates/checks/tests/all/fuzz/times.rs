//! Timestamps and time zones, printed and read.

use super::{damage, hold, spoiled, text};
use domain::Instant;
use domain::instant::zone_is_known;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::{prop_assert, prop_assert_eq};

/// Anything that could be taken for a timestamp.
fn timestamps() -> impl Strategy<Value = String> {
    let number = || prop_oneof![0..70_u32, any::<u32>()];
    let written = (0..11_000_u32, number(), number(), number(), number(), number(), text()).prop_map(
        |(year, month, day, hour, minute, second, rest)| {
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{rest}")
        },
    );
    let printed = (any::<i64>(), vec(damage(), 0..3)).prop_map(|(at, damages)| {
        String::from_utf8_lossy(&spoiled(Instant(at).wire().as_bytes(), &damages)).into_owned()
    });
    prop_oneof![written, printed, text()]
}

#[test]
fn whatever_is_read_as_a_timestamp_is_printed_and_read_as_the_same() {
    hold(3000, &timestamps(), |text| {
        if let Some(at) = Instant::parse(&text) {
            prop_assert!((Instant::EARLIEST..=Instant::LATEST).contains(&at), "{at:?}");
            prop_assert_eq!(Instant::parse(&at.wire()), Some(at));
            prop_assert_eq!(Instant::parse(&at.wire_date()).map(|day| day <= at), Some(true));
        }
        Ok(())
    });
}

#[test]
fn every_instant_is_printed_in_one_form_and_read_again() {
    hold(3000, &(any::<i64>(), any::<i64>(), any::<u32>()), |(at, micros, minutes)| {
        let held = Instant(at).clamp(Instant::EARLIEST, Instant::LATEST);
        let wire = Instant(at).wire();
        prop_assert_eq!(wire.len(), "2021-05-05T17:20:14.343825".len());
        prop_assert_eq!(Instant::parse(&wire), Some(held));
        let later = Instant(at).plus_micros(micros).plus_minutes(minutes);
        prop_assert!((Instant::EARLIEST..=Instant::LATEST).contains(&later));
        Ok(())
    });
}

#[test]
fn what_is_no_zone_is_none_everywhere() {
    let zones =
        prop_oneof![text(), "[A-Z][a-z]{2,8}/[A-Z][a-z_]{2,10}", "Etc/GMT[+-][0-9]{1,2}", "[A-Z]{3}[0-9]?[A-Z]{0,3}"];
    hold(1000, &(zones, any::<i64>()), |(zone, at)| {
        let known = zone_is_known(&zone);
        prop_assert_eq!(Instant(at).wall_minute(&zone).is_some(), known);
        let wall = Instant(at).wall_clock(&zone);
        prop_assert_eq!(wall.is_some(), known);
        prop_assert!(wall.is_none_or(|(day, second)| day < 7 && second < 86_400));
        Ok(())
    });
}
