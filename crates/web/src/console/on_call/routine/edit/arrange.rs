//! What the buttons within the form do: people more, fewer, in another order, and layers and exceptions more.

use super::typed::{Kind, Typed};
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

/// By which a new layer begins: its word, and what it is called.
pub(super) const PATTERNS: [(&str, &str); 5] = [
    ("weekly", "Week by week, all day"),
    ("weekdays", "Monday to Friday, 09:00–18:00"),
    ("nights", "Nights, 18:00–09:00"),
    ("weekends", "Saturday and Sunday, all day"),
    ("daily", "Day by day, all day"),
];

/// The layers after this button was pressed; nothing for one that arranges nothing.
pub(super) fn arranged(mut all: Vec<Typed>, button: &str, pattern: &str, me: &str, today: Date) -> Option<Vec<Typed>> {
    let mut parts = button.split('-');
    let (what, numbers) = (parts.next()?, parts.map(|part| part.parse::<usize>().ok()?.checked_sub(1)));
    let numbers: Vec<_> = numbers.collect();
    let [layer, turn] = [0, 1].map(|place| numbers.get(place).copied().flatten());
    match what {
        "layer" => all.push(new_layer(pattern, me, today)),
        "exception" => all.push(new_exception(me, today)),
        "leave" => drop(all.remove(layer.filter(|layer| *layer < all.len())?)),
        "add" => all.get_mut(layer?)?.turns.push(vec![me.to_owned()]),
        "with" => all.get_mut(layer?)?.turns.get_mut(turn?)?.push(me.to_owned()),
        "drop" => {
            let turns = &mut all.get_mut(layer?)?.turns;
            drop(turns.remove(turn.filter(|turn| *turn < turns.len())?));
        }
        "up" => {
            let turns = &mut all.get_mut(layer?)?.turns;
            let turn = turn.filter(|turn| (1..turns.len()).contains(turn))?;
            turns.swap(turn - 1, turn);
        }
        _ => return None,
    }
    Some(all)
}

fn new_layer(pattern: &str, me: &str, today: Date) -> Typed {
    let title = PATTERNS.iter().find(|(word, _)| *word == pattern).map_or("", |(_, title)| title);
    let (days, from, until, each): (Vec<u32>, _, _, _) = match pattern {
        "weekdays" => ((0..5).collect(), "09:00", "18:00", "7"),
        "nights" => ((0..7).collect(), "18:00", "09:00", "7"),
        "weekends" => (vec![5, 6], "00:00", "00:00", "7"),
        "daily" => ((0..7).collect(), "09:00", "09:00", "1"),
        _ => ((0..7).collect(), "09:00", "09:00", "7"),
    };
    // Turns of a week are handed over on Mondays.
    let monday = i32::from((7 - today.weekday().to_monday_zero_offset()) % 7);
    let since = today.saturating_add(if each == "7" { monday } else { 0 }.days());
    Typed {
        of: None,
        kind: Kind::Layer,
        name: title.split(',').next().unwrap_or_default().to_owned(),
        turns: vec![vec![me.to_owned()]],
        days,
        from: from.to_owned(),
        until: until.to_owned(),
        each: each.to_owned(),
        since: since.to_string(),
        last: String::new(),
        is_gone: false,
    }
}

/// Exceptions that put these people on call for exactly this stretch of time, by the routine's clock: one for its whole days of
/// 24 hours, and one for what is left.
pub(in crate::console::on_call::routine) fn filling(
    people: &[String],
    (from, until): (DateTime, DateTime),
) -> Vec<Typed> {
    let time = |at: DateTime| at.strftime("%H:%M").to_string();
    let piece = |first: DateTime, last: Date, end: DateTime| Typed {
        turns: vec![people.to_vec()],
        from: time(first),
        until: time(end),
        since: first.date().to_string(),
        last: last.to_string(),
        ..new_exception("", first.date())
    };
    let days = from.until(until).map_or(0, |span| span.get_days()).max(0);
    let rest = from.saturating_add(days.days());
    let whole = (days > 0).then(|| piece(from, rest.date().saturating_sub(1.days()), from));
    whole.into_iter().chain((rest < until).then(|| piece(rest, rest.date(), until))).collect()
}

fn new_exception(me: &str, today: Date) -> Typed {
    let tomorrow = today.tomorrow().unwrap_or(today).to_string();
    Typed {
        kind: Kind::Exception,
        name: "Exception".to_owned(),
        days: (0..7).collect(),
        each: "1".to_owned(),
        since: tomorrow.clone(),
        last: tomorrow,
        ..new_layer("weekly", me, today)
    }
}

#[cfg(test)]
mod tests {
    use super::{PATTERNS, arranged, filling, new_layer};
    use crate::console::on_call::routine::edit::typed::{Kind, Typed};
    use jiff::civil::{Date, DateTime};

    const TODAY: Date = Date::constant(2026, 11, 29);

    fn turns(all: &[Typed]) -> Vec<String> {
        all[0].turns.iter().map(|turn| turn.join("+")).collect()
    }

    #[test]
    fn people_come_go_and_change_places_by_buttons() {
        let mut all = vec![new_layer("weekly", "ana", TODAY)];
        for (button, expect) in [
            ("add-1", vec!["ana", "me"]),
            ("up-1-2", vec!["me", "ana"]),
            ("with-1-2", vec!["me", "ana+me"]),
            ("drop-1-1", vec!["ana+me"]),
        ] {
            all = arranged(all, button, "", "me", TODAY).unwrap();
            assert_eq!(turns(&all), expect, "{button}");
        }
        for nothing in ["up-1-1", "up-1-2", "drop-1-2", "drop-9-1", "leave-2", "leave-0", "add", "save", "look", ""] {
            assert_eq!(arranged(all.clone(), nothing, "", "me", TODAY), None, "{nothing}");
        }
        assert_eq!(arranged(all, "leave-1", "", "me", TODAY), Some(Vec::new()));
    }

    #[test]
    fn a_gap_is_filled_by_an_exception_of_its_own_hours() {
        let told = |from: DateTime, until: DateTime| -> Vec<String> {
            let filling = filling(&["ana".to_owned(), "ben".to_owned()], (from, until));
            assert!(filling.iter().all(|piece| piece.kind == Kind::Exception && piece.layer().is_ok()), "{filling:?}");
            assert!(filling.iter().all(|piece| piece.turns == [["ana", "ben"]]), "{filling:?}");
            let told = |piece: &Typed| format!("{}..{} {}–{}", piece.since, piece.last, piece.from, piece.until);
            filling.iter().map(told).collect()
        };
        let day = |number: i8, hour: i8, minute: i8| Date::constant(2026, 12, number).at(hour, minute, 0, 0);
        assert_eq!(told(day(1, 21, 30), day(1, 23, 59)), ["2026-12-01..2026-12-01 21:30–23:59"]);
        assert_eq!(told(day(1, 18, 0), day(2, 9, 0)), ["2026-12-01..2026-12-01 18:00–09:00"]);
        assert_eq!(told(day(7, 9, 0), day(14, 9, 0)), ["2026-12-07..2026-12-13 09:00–09:00"]);
        let pieces = ["2026-12-07..2026-12-10 09:00–09:00", "2026-12-11..2026-12-11 09:00–18:00"];
        assert_eq!(told(day(7, 9, 0), day(11, 18, 0)), pieces);
        assert_eq!(told(day(1, 9, 0), day(1, 9, 0)), [""; 0]);
    }

    #[test]
    fn every_pattern_and_a_new_exception_are_whole() {
        for (pattern, title) in PATTERNS {
            let all = arranged(Vec::new(), "layer", pattern, "ana", TODAY).unwrap();
            assert!(all[0].layer().is_ok() && title.starts_with(&all[0].name), "{pattern}");
        }
        let all = arranged(Vec::new(), "exception", "", "ana", TODAY).unwrap();
        assert_eq!(
            (all[0].kind, all[0].since.as_str(), all[0].last.as_str()),
            (Kind::Exception, "2026-11-30", "2026-11-30")
        );
        assert!(all[0].layer().is_ok());
    }
}
