//! Somebody else changed the routine meanwhile: the form laid over what stands now, with what differs and which of both counts.

use super::draft::current;
use super::typed::Typed;
use crate::console::form::Form;
use crate::console::set_up::Differing;
use domain::routine::Routine;
use jiff::civil::Date;
use serde_json::{Value, json};

/// What a choice is called in the form, before its layer and field; and what it says that takes what the other one saved.
const CHOICE: &str = "take-";
const THEIRS: &str = "theirs";
/// The field that stands for a layer as a whole.
const WHOLE: &str = "layer";
/// The fields of a layer, and what they are called.
const FIELDS: [(&str, &str); 9] = [
    ("name", "name"),
    ("turns", "turns"),
    ("days", "days"),
    ("from", "from"),
    ("until", "until"),
    ("each", "days of a turn"),
    ("since", "first day"),
    ("last", "last day"),
    ("gone", "taken back"),
];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// What a layer says in one of the fields.
fn said(typed: &Typed, field: &str) -> String {
    match field {
        "name" => typed.name.clone(),
        "turns" => typed.turns.iter().map(|turn| turn.join(" and ")).collect::<Vec<_>>().join(", "),
        "days" => {
            let days = typed.days.iter().filter_map(|day| DAYS.get(usize::try_from(*day).ok()?).copied());
            days.collect::<Vec<_>>().join(" ")
        }
        "from" => typed.from.clone(),
        "until" => typed.until.clone(),
        "each" => typed.each.clone(),
        "since" => typed.since.clone(),
        "last" => typed.last.clone(),
        _ if typed.is_gone => "yes".to_owned(),
        _ => String::new(),
    }
}

/// Takes over one of the fields.
fn take(typed: &mut Typed, field: &str, theirs: &Typed) {
    match field {
        "name" => theirs.name.clone_into(&mut typed.name),
        "turns" => theirs.turns.clone_into(&mut typed.turns),
        "days" => theirs.days.clone_into(&mut typed.days),
        "from" => theirs.from.clone_into(&mut typed.from),
        "until" => theirs.until.clone_into(&mut typed.until),
        "each" => theirs.each.clone_into(&mut typed.each),
        "since" => theirs.since.clone_into(&mut typed.since),
        "last" => theirs.last.clone_into(&mut typed.last),
        _ => typed.is_gone = theirs.is_gone,
    }
}

/// The layers that a form is drawn with, to be sent along: each with its place and its number.
pub(super) fn was(routine: &Routine, today: Date) -> String {
    let layer = |(number, typed): &(u32, Typed)| {
        let told = FIELDS.map(|(field, _)| json!(said(typed, field)));
        json!({"of": typed.of, "layer": number, "said": told})
    };
    Value::from(current(routine, today).iter().map(layer).collect::<Vec<_>>()).to_string()
}

/// The form over the routine as it stands now, and what differs; `was` is what the form was drawn with.
pub(super) fn rebased(mine: Vec<Typed>, was: &str, stands: &Routine, today: Date) -> (Vec<Typed>, Vec<Differing>) {
    let was: Value = serde_json::from_str(was).unwrap_or_default();
    let known = was.as_array().map(Vec::as_slice).unwrap_or_default();
    let theirs = current(stands, today);
    let (mut layers, mut differing) = (Vec::new(), Vec::new());
    for mut typed in mine {
        let number = layers.len() + 1;
        let before = known.iter().find(|known| typed.of.is_some() && known["of"] == json!(typed.of));
        if let Some(before) = before {
            let stands = theirs.iter().find(|(layer, _)| before["layer"] == json!(layer)).map(|(_, theirs)| theirs);
            match stands {
                Some(theirs) => {
                    differing.extend(of_layer(number, &typed, theirs, &before["said"]));
                    typed.of = theirs.of;
                }
                None => {
                    let name = format!("{} (layer {number})", typed.name);
                    differing.push(row(number, WHOLE, &name, ["there", "ended or taken away", "there"]));
                    typed.of = None;
                }
            }
        }
        layers.push(typed);
    }
    // What they made is in the form from now on.
    let is_new = |(layer, _): &(u32, Typed)| !known.iter().any(|known| known["layer"] == json!(layer));
    layers.extend(theirs.into_iter().filter(is_new).map(|(_, typed)| typed));
    (layers, differing)
}

fn of_layer(number: usize, mine: &Typed, theirs: &Typed, before: &Value) -> Vec<Differing> {
    let rows = FIELDS.iter().enumerate().filter_map(|(place, (field, label))| {
        let (theirs, mine) = (said(theirs, field), said(mine, field));
        let before = before[place].as_str().unwrap_or_default();
        let label = format!("{} (layer {number})", label);
        (theirs != mine).then(|| row(number, field, &label, [before, &theirs, &mine]))
    });
    rows.collect()
}

fn row(number: usize, field: &str, label: &str, [before, theirs, mine]: [&str; 3]) -> Differing {
    Differing {
        key: format!("l{number}-{field}"),
        label: label.to_owned(),
        before: before.to_owned(),
        theirs: theirs.to_owned(),
        mine: mine.to_owned(),
        takes_theirs: mine == before,
    }
}

/// The layers of a form with what its choices say. `stands` is the routine that the form was laid over.
pub(super) fn chosen(typed: Vec<Typed>, form: &Form, stands: &Routine, today: Date) -> Vec<Typed> {
    let takes = |number: usize, field: &str| form.text(&format!("{CHOICE}l{number}-{field}")) == THEIRS;
    let theirs = current(stands, today);
    let layers = typed.into_iter().zip(1..).filter(|(_, number)| !takes(*number, WHOLE));
    let chosen = layers.map(|(mut typed, number)| {
        let stands = theirs.iter().find(|(_, theirs)| typed.of.is_some() && theirs.of == typed.of);
        for (field, _) in FIELDS.iter().filter(|(field, _)| takes(number, field)) {
            if let Some((_, stands)) = stands {
                take(&mut typed, field, stands);
            }
        }
        typed
    });
    chosen.collect()
}

#[cfg(test)]
mod tests {
    use super::{chosen, current, rebased, was};
    use crate::console::form::Form;
    use domain::routine::Routine;
    use jiff::civil::Date;
    use serde_json::json;

    const TODAY: Date = Date::constant(2026, 11, 29);

    fn routine(layers: &serde_json::Value) -> Routine {
        serde_json::from_value(json!({"name": "payments", "timezone": "UTC", "routine_layers": layers})).unwrap()
    }

    #[test]
    fn a_form_is_laid_over_what_somebody_else_made_of_the_routine_and_each_field_is_chosen() {
        let layer = |layer: u32, name: &str, people: [&str; 2], at: &str| {
            json!({"layer": layer, "layer_name": name, "valid_start": "2026-12-07", "rotation_start": at,
                "rotations": [[people[0]], [people[1]]]})
        };
        let before = routine(&json!([
            layer(1, "week", ["ana", "ben"], "09:00:00"),
            layer(2, "night", ["ana", "ben"], "18:00:00"),
        ]));
        let mut mine: Vec<_> = current(&before, TODAY).into_iter().map(|(_, typed)| typed).collect();
        mine[0].from = "08:00".to_owned();
        mine[0].until = "08:00".to_owned();
        // They gave the layer other people, took the night away, and made another one before it.
        let now = routine(&json!([
            layer(3, "day", ["dee", "cho"], "09:00:00"),
            layer(1, "week", ["cho", "ben"], "09:00:00"),
        ]));
        let (layers, differing) = rebased(mine, &was(&before, TODAY), &now, TODAY);
        let told: Vec<_> = differing
            .iter()
            .map(|one| {
                (one.key.as_str(), one.before.as_str(), one.theirs.as_str(), one.mine.as_str(), one.takes_theirs)
            })
            .collect();
        assert_eq!(
            told,
            [
                ("l1-turns", "ana, ben", "cho, ben", "ana, ben", true),
                ("l1-from", "09:00", "09:00", "08:00", false),
                ("l1-until", "09:00", "09:00", "08:00", false),
                ("l2-layer", "there", "ended or taken away", "there", true),
            ]
        );
        let names: Vec<_> = layers.iter().map(|typed| (typed.name.as_str(), typed.of)).collect();
        assert_eq!(names, [("week", Some(1)), ("night", None), ("day", Some(0))]);
        let form = Form::read(b"take-l1-turns=theirs&take-l1-from=mine&take-l2-layer=theirs");
        let chosen = chosen(layers, &form, &now, TODAY);
        let told: Vec<_> = chosen.iter().map(|typed| (typed.name.as_str(), typed.from.as_str())).collect();
        assert_eq!(told, [("week", "08:00"), ("day", "09:00")]);
        assert_eq!(chosen[0].turns, [["cho"], ["ben"]]);
    }
}
