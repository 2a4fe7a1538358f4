//! The list by day.

use super::{AgendaDay, Teller, agenda};
use crate::console::on_call::calendar::Calendar;
use crate::console::on_call::made_up::{add_payments, add_swap, clock, directory};
use crate::console::on_call::routine::mark::Marks;
use crate::console::on_call::routine::plan::{people, plan};
use domain::directory::Directory;
use jiff::civil::Date;
use serde_json::json;

fn listed(directory: &Directory, first: Date, count: u16) -> Vec<AgendaDay> {
    let clock = clock();
    let calendar = Calendar::of(clock.zone());
    let days = calendar.days(first, count);
    let routine = &directory.routines.named("payments").unwrap().component;
    let plan = plan(directory, routine, (days[0].from, days[days.len() - 1].until));
    let marks = Marks::of(directory, people(directory, routine));
    agenda(&plan, &days, Teller { marks: &marks, clock: &clock, calendar: &calendar })
}

fn hours(day: &AgendaDay) -> String {
    let told = day.entries.iter().map(|entry| {
        let letters: Vec<_> = entry.people.iter().map(|person| person.mark.letter.as_str()).collect();
        let letters = if letters.is_empty() { "nobody".to_owned() } else { letters.join("+") };
        format!("{} {letters}{}", entry.hours, if entry.is_now { " now" } else { "" })
    });
    told.collect::<Vec<_>>().join(", ")
}

#[test]
fn each_day_has_its_hours_in_order_with_what_nobody_covers() {
    let mut directory = directory();
    add_payments(&mut directory);
    let days = listed(&directory, Date::constant(2026, 11, 27), 3);
    assert_eq!(days[0].title, "Fri 27 Nov");
    assert_eq!(hours(&days[0]), "00:00–09:00 A, 09:00–18:00 C, 18:00–24:00 A");
    assert_eq!(hours(&days[2]), "00:00–09:00 A, 09:00–18:00 nobody now, 18:00–24:00 A");
    let gap = days[2].entries[1].exception.as_deref();
    assert_eq!(gap, Some("exception=2026-11-29T08%3A00%3A00.000000Z%7E2026-11-29T17%3A00%3A00.000000Z"));
    assert_eq!(days[0].entries[0].exception, None);
    assert_eq!(days.iter().map(|day| day.is_today).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn a_day_of_25_hours_says_so_and_tells_the_hour_that_comes_twice_apart() {
    let mut directory = directory();
    add_payments(&mut directory);
    let autumn = "2027-10-31";
    add_swap(
        &mut directory,
        "payments",
        &json!({"out": "ana", "in": "cho", "from": format!("{autumn}T00:30:00"), "until": format!("{autumn}T01:30:00")}),
    );
    add_swap(
        &mut directory,
        "payments",
        &json!({"out": "ben", "in": "cho", "from": format!("{autumn}T00:30:00"), "until": format!("{autumn}T01:30:00")}),
    );
    let days = listed(&directory, Date::constant(2027, 10, 31), 1);
    assert_eq!(days[0].title, "Sun 31 Oct (25 h)");
    let told = hours(&days[0]);
    assert!(told.contains("02:30 (UTC+02)–02:30 (UTC+01) C"), "{told}");
}

#[test]
fn a_link_prefills_the_whole_shift_and_what_is_over_has_none() {
    let mut directory = directory();
    add_payments(&mut directory);
    let days = listed(&directory, Date::constant(2026, 11, 29), 2);
    let person = |day: usize, entry: usize| days[day].entries[entry].people[0].clone();
    assert_eq!(person(0, 0).swap, None);
    let to_come = person(0, 2);
    assert_eq!(to_come.swap.as_deref(), Some("ana~2026-11-29T17:00:00.000000Z~2026-11-30T08:00:00.000000Z"));
    assert_eq!(to_come.swap, person(1, 0).swap);
    assert!(to_come.swap_words.starts_with("Swap Ana Alves, 18:00 today – 09:00 tomorrow"), "{}", to_come.swap_words);
}
