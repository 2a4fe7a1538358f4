//! A routine as it is to be: what stands, with what a form says of it. The past stays as it was.

use super::typed::{Kind, Typed};
use domain::routine::{Layer, Routine};
use jiff::civil::Date;

/// What a form comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    pub(super) routine: Routine,
    /// For each layer of it the number, from 1, of the form's layer that made it.
    pub(super) made_by: Vec<Option<usize>>,
}

/// The layers of a routine that go on, as the form is filled in with them: not those that are over, or end before their next turn.
pub(super) fn drawn(routine: &Routine, today: Date) -> Vec<Typed> {
    let layers = routine.routine_layers.iter().enumerate();
    let current = layers.filter(|(_, layer)| !is_over(layer, today));
    let typed = current.filter_map(|(place, layer)| Typed::of(place, layer, today));
    let mut all: Vec<_> = typed.filter(Typed::goes_on).collect();
    all.sort_by_key(|typed| typed.kind == Kind::Exception);
    all
}

/// The layers of a routine that go on, each with its number.
pub(in crate::console::on_call::routine) fn current(routine: &Routine, today: Date) -> Vec<(u32, Typed)> {
    let number =
        |typed: &Typed| typed.of.and_then(|place| routine.routine_layers.get(place)).map_or(0, |layer| layer.layer);
    drawn(routine, today).into_iter().map(|typed| (number(&typed), typed)).collect()
}

fn is_over(layer: &Layer, today: Date) -> bool {
    layer.valid_end.get().is_some_and(|end| end <= today)
}

/// How many other layers there are, which are kept as they are.
pub(super) fn kept(routine: &Routine, today: Date) -> usize {
    routine.routine_layers.len() - drawn(routine, today).len()
}

/// The routine that the form means.
///
/// # Errors
/// What is wrong with the form, each `l2-from: must be …`.
pub(super) fn draft(stands: &Routine, typed: &[Typed], today: Date) -> Result<Draft, Vec<String>> {
    let mut wrong = Vec::new();
    let mut layers: Vec<Vec<(Layer, Option<usize>)>> =
        stands.routine_layers.iter().map(|layer| vec![(layer.clone(), None)]).collect();
    let mut new = Vec::new();
    for (typed, number) in typed.iter().zip(1..) {
        let stood = typed.of.and_then(|place| Some((place, stands.routine_layers.get(place)?)));
        let changed = match stood {
            Some((place, layer)) => changed(layer, typed, Typed::of(place, layer, today).as_ref(), today),
            None if typed.is_gone => Ok(Vec::new()),
            None => typed.layer().map(|layer| vec![(layer, Whose::Form)]),
        };
        let told = |(layer, whose): (Layer, Whose)| (layer, (whose == Whose::Form).then_some(number));
        match (changed, stood) {
            (Ok(changed), Some((place, _))) => layers[place] = changed.into_iter().map(told).collect(),
            (Ok(made), None) => new.extend(made.into_iter().map(told)),
            (Err(faults), _) => {
                wrong.extend(faults.into_iter().map(|(field, words)| format!("l{number}-{field}: {words}")));
            }
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let (layers, made_by) = layers.into_iter().flatten().chain(new).unzip();
    Ok(Draft { routine: Routine { routine_layers: layers, ..stands.clone() }, made_by })
}

/// Where a layer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Stood,
    Form,
}

type Faults = Vec<(&'static str, String)>;

/// What a layer becomes: itself, itself until a day and another from then on, or nothing.
fn changed(layer: &Layer, typed: &Typed, drawn: Option<&Typed>, today: Date) -> Result<Vec<(Layer, Whose)>, Faults> {
    let stood = |layer: Layer| (layer, Whose::Stood);
    // What an exception says is about its own days; only those that have passed stay.
    let since = match typed.kind {
        Kind::Layer => typed.first_day().map_err(|fault| vec![fault])?,
        Kind::Exception => today,
    };
    if drawn.is_some_and(|drawn| typed.is_as(drawn)) {
        return Ok(vec![stood(layer.clone())]);
    }
    let before = ended(layer, since);
    if typed.is_gone {
        return Ok(before.into_iter().map(stood).collect());
    }
    let after = (Layer { layer: layer.layer, ..typed.layer()? }, Whose::Form);
    Ok(match typed.kind {
        Kind::Layer => before.into_iter().map(stood).chain([after]).collect(),
        Kind::Exception => vec![after],
    })
}

/// A layer that ends before this day; nothing where it would never begin.
fn ended(layer: &Layer, day: Date) -> Option<Layer> {
    let has_begun = layer.valid_start.get().is_some_and(|begun| begun < day);
    let end = layer.valid_end.get().map_or(day, |end| end.min(day));
    has_begun.then(|| Layer { valid_end: end.into(), ..layer.clone() })
}

#[cfg(test)]
mod tests {
    use super::{draft, drawn, kept};
    use crate::console::on_call::routine::edit::typed::{Kind, NOBODY, Typed};
    use domain::Instant;
    use domain::routine::{Routine, on_call};
    use jiff::civil::Date;
    use serde_json::json;

    const TODAY: Date = Date::constant(2026, 11, 29);

    fn payments() -> Routine {
        serde_json::from_value(json!({"name": "payments", "timezone": "UTC", "routine_layers": [
            {"layer_name": "old", "valid_start": "2020-01-06", "valid_end": "2021-01-04", "rotations": [["ana"]]},
            {"layer_name": "weekly", "valid_start": "2021-01-04", "rotation_start": "09:00:00",
             "rotation_frequency": 7, "rotations": [["ana"], ["ben"], []]},
            {"layer_name": "Christmas", "valid_start": "2026-12-24", "valid_end": "2026-12-27", "is_exception": true,
             "rotations": [["dee"]]},
        ]}))
        .unwrap()
    }

    fn on(routine: &Routine, at: &str) -> String {
        let users = on_call(routine, &[], Instant::parse(at).unwrap()).users;
        users.iter().map(ToString::to_string).collect::<Vec<_>>().join("+")
    }

    #[test]
    fn a_form_that_is_sent_as_it_was_drawn_changes_nothing() {
        let stands = payments();
        let typed = drawn(&stands, TODAY);
        assert_eq!((typed.len(), kept(&stands, TODAY)), (2, 1));
        assert_eq!(draft(&stands, &typed, TODAY).unwrap().routine, stands);
        let later = Typed { since: "2027-02-01".to_owned(), ..typed[0].clone() };
        assert_eq!(draft(&stands, &[later], TODAY).unwrap().routine, stands, "a day alone says nothing");
    }

    #[test]
    fn a_change_begins_with_the_next_turn_and_what_was_before_stays() {
        let stands = payments();
        let typed = drawn(&stands, TODAY);
        // On 30 November the turn after Ana's or Ben's begins, as it would have without a change.
        assert_eq!(typed[0].since, "2026-11-30");
        let next = typed[0].turns[0].join("+").replace(NOBODY, "");
        assert_eq!(next, on(&stands, "2026-11-30T10:00:00"));
        let changed = Typed { from: "08:00".to_owned(), until: "08:00".to_owned(), ..typed[0].clone() };
        let is = draft(&stands, &[changed], TODAY).unwrap();
        assert_eq!(is.made_by, [None, None, Some(1), None]);
        for at in ["2026-11-20T12:00:00", "2026-11-30T07:59:00", "2026-12-01T12:00:00", "2026-12-10T12:00:00"] {
            assert_eq!(on(&is.routine, at), on(&stands, at), "{at}");
        }
        assert_eq!(on(&is.routine, "2026-12-25T12:00:00"), "dee");
        let turn = on(&stands, "2026-12-07T10:00:00");
        assert_eq!(on(&is.routine, "2026-12-07T08:30:00"), turn, "an hour earlier than before");
        let again = drawn(&is.routine, TODAY);
        assert_eq!((again.len(), again[0].from.as_str()), (2, "08:00"), "what ends on that day is not shown any more");
    }

    #[test]
    fn what_is_taken_away_ends_and_what_has_not_begun_is_gone() {
        let stands = payments();
        let gone = |typed: &Typed| Typed { is_gone: true, ..typed.clone() };
        let typed: Vec<_> = drawn(&stands, TODAY).iter().map(gone).collect();
        let is = draft(&stands, &typed, TODAY).unwrap().routine;
        assert_eq!(is.routine_layers.len(), 2);
        assert_eq!(is.routine_layers[1].valid_end.text(), "2026-11-30");
        let christmas = Date::constant(2026, 12, 25);
        let is = draft(&stands, &[gone(&drawn(&stands, christmas)[1])], christmas).unwrap().routine;
        assert_eq!(is.routine_layers[2].valid_end.text(), "2026-12-25", "the day that has passed stays");
    }

    #[test]
    fn a_new_layer_and_a_new_exception_stand_beside_the_others() {
        let stands = payments();
        let new = |kind, from: &str, until: &str, since: &str, last: &str| Typed {
            of: None,
            kind,
            name: "new".to_owned(),
            turns: vec![vec!["cho".to_owned(), "dee".to_owned()]],
            days: vec![0, 1, 2, 3, 4, 5, 6],
            from: from.to_owned(),
            until: until.to_owned(),
            each: "1".to_owned(),
            since: since.to_owned(),
            last: last.to_owned(),
            is_gone: false,
        };
        let exception = new(Kind::Exception, "18:00", "08:00", "2026-12-01", "2026-12-01");
        let is = draft(&stands, std::slice::from_ref(&exception), TODAY).unwrap().routine;
        assert_eq!(on(&is, "2026-12-01T18:30:00"), "cho+dee");
        assert_eq!(on(&is, "2026-12-02T18:30:00"), on(&stands, "2026-12-02T18:30:00"));
        let layer = new(Kind::Layer, "10:00", "18:00", "2026-12-01", "");
        assert!(on(&draft(&stands, &[layer], TODAY).unwrap().routine, "2030-06-01T12:00:00").contains("cho+dee"));
        let wrong = Typed { from: "noon".to_owned(), days: Vec::new(), last: "2026-11-01".to_owned(), ..exception };
        let faults = draft(&stands, &[wrong], TODAY).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.split(':').next().unwrap()).collect();
        assert_eq!(fields, ["l1-from", "l1-last", "l1-day"]);
    }
}
