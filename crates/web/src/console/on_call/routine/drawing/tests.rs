//! The drawing: in proportion, by letter and pattern, with what is missing.

use super::{Drawing, LEFT, Pen, drawing, fitting};
use crate::console::on_call::calendar::Calendar;
use crate::console::on_call::made_up::{add_payments, add_routine, clock, directory};
use crate::console::on_call::routine::mark::Marks;
use crate::console::on_call::routine::plan::{people, plan};
use domain::directory::Directory;
use jiff::civil::Date;
use serde_json::json;

fn drawn(directory: &Directory, first: Date, count: u16) -> Drawing {
    let clock = clock();
    let calendar = Calendar::of(clock.zone());
    let days = calendar.days(first, count);
    let routine = &directory.routines.named("payments").unwrap().component;
    let plan = plan(directory, routine, (days[0].from, days[days.len() - 1].until));
    let marks = Marks::of(directory, people(directory, routine));
    drawing(&plan, &days, Pen { marks: &marks, clock: &clock, calendar: &calendar })
}

#[test]
fn rows_stand_below_each_other_and_the_last_is_the_final_one_with_its_gaps() {
    let mut directory = directory();
    add_payments(&mut directory);
    let drawing = drawn(&directory, Date::constant(2026, 11, 23), 7);
    let titles: Vec<_> = drawing.rows.iter().map(|row| (row.title.as_str(), row.is_final)).collect();
    assert_eq!(titles, [("night", false), ("day", false), ("FINAL", true)]);
    let last = &drawing.rows[2];
    let gaps: Vec<_> = last.bars.iter().filter(|bar| bar.class == "gap").collect();
    assert_eq!(gaps.len(), 3);
    assert!(
        gaps.iter()
            .all(|gap| gap.pattern > 0 && gap.words.as_deref().is_some_and(|words| words.starts_with("nobody, ")))
    );
    let night = &drawing.rows[0].bars[0];
    assert_eq!((night.class.as_str(), night.pattern), ("shift p0", 0));
    let day = &drawing.rows[1].bars[0];
    assert_eq!((day.class.as_str(), day.pattern), ("shift p2", 2));
    assert!(day.text.as_deref().is_some_and(|text| text.starts_with('C')));
    for bar in drawing.rows.iter().flat_map(|row| &row.bars) {
        assert!(bar.x >= LEFT && bar.x + bar.width <= drawing.width && bar.width > 0, "{bar:?}");
    }
    assert!(drawing.now.is_some());
}

#[test]
fn a_day_of_25_hours_is_wider_and_says_so() {
    let mut directory = directory();
    add_payments(&mut directory);
    let drawing = drawn(&directory, Date::constant(2026, 10, 19), 14);
    let notes: Vec<_> =
        drawing.ticks.iter().filter_map(|tick| tick.note.as_deref().map(|note| (tick.label.as_str(), note))).collect();
    assert_eq!(notes, [("Mon 19", "Oct"), ("Sun 25", "(25 h)"), ("Sun 1", "Nov")]);
    let width = |place: usize| drawing.ticks[place + 1].x - drawing.ticks[place].x;
    assert!(width(6) > width(5), "{} {}", width(6), width(5));
    assert_eq!(drawing.now, None);
    let labels: Vec<_> =
        drawn(&directory, Date::constant(2026, 11, 29), 1).ticks.iter().map(|tick| tick.label.clone()).collect();
    assert_eq!(labels, ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"]);
    let weeks = drawn(&directory, Date::constant(2026, 11, 23), 42);
    assert_eq!(weeks.ticks.iter().filter(|tick| !tick.label.is_empty()).count(), 6);
}

#[test]
fn people_on_duty_together_share_a_bar_and_many_are_counted() {
    let mut directory = directory();
    let layer = |people: &[&str]| json!([{"valid_start": "2026-01-01", "rotations": [people]}]);
    add_routine(&mut directory, "payments", "Europe/Berlin", &layer(&["ana", "ben"]));
    let pair = drawn(&directory, Date::constant(2026, 11, 23), 14);
    let bars = &pair.rows[0].bars;
    assert_eq!(bars.len(), 2);
    assert!(bars[1].y >= bars[0].y + bars[0].height);
    add_routine(&mut directory, "payments", "Europe/Berlin", &layer(&["ana", "ben", "cho", "dee", "eva"]));
    let many = drawn(&directory, Date::constant(2026, 11, 23), 14);
    assert_eq!(many.rows[1].bars[0].text.as_deref(), Some("5 people"));
    assert!(many.rows[1].bars[0].words.as_deref().is_some_and(|words| words.contains("Ana Alves, Ben Bauer")));
}

#[test]
fn what_does_not_fit_is_left_out() {
    let texts = ["A Ana Alves".to_owned(), "A".to_owned()];
    for (width, expect) in [(200, Some("A Ana Alves")), (40, Some("A")), (10, None)] {
        assert_eq!(fitting(&texts, width, 28).as_deref(), expect);
    }
    assert_eq!(fitting(&texts, 200, 6), None);
}
