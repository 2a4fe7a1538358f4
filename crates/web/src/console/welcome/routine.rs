//! Who is on call, and when: a first routine from a pattern.

use super::Done;
use super::field::{Field, FormView, Input};
use super::part::{Parts, There};
use super::pattern::{Handover, Site, day_and_night, follow_the_sun, read_time, weekly};
use super::progress::Step;
use super::service::make;
use crate::console::form::Form;
use crate::console::seen::Seen;
use crate::console::set_up::Kind;
use crate::gate::Problem;
use domain::directory::{ComponentKind, Entry, User};
use domain::routine::Routine;
use jiff::civil::Time;
use serde_json::{Map, Value, json};

/// Places that can be named for following the sun.
const SITES: usize = 3;
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// When a week's turn begins, unless something else is said.
const HANDOVER: &str = "09:00";

/// Errors are about these fields.
const PLACES: &[(&str, &str)] = &[("routine_layers", "people"), ("name", "name"), ("timezone", "timezone")];

/// How people take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pattern {
    Weekly,
    DayAndNight,
    FollowTheSun,
}

impl Pattern {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Weekly, "weekly", "Week by week"),
        (Self::DayAndNight, "day-and-night", "Days and nights"),
        (Self::FollowTheSun, "follow-the-sun", "Follow the sun"),
    ];

    /// The pattern that a form or a query names; the plainest where none is named.
    fn of(form: &Form) -> (Self, &'static str) {
        let named = Self::ALL.into_iter().find(|(_, word, _)| *word == form.text("pattern"));
        named.map_or((Self::Weekly, "weekly"), |(pattern, word, _)| (pattern, word))
    }
}

/// The routines, and the form for one more by the pattern that is asked for, or that was sent.
pub(super) fn parts(seen: &Seen<'_>, sent: Option<&Form>) -> Parts {
    let kind = Kind::of(ComponentKind::Routine);
    let there = |entry: &&Entry<Routine>| There {
        words: entry.component.name.clone(),
        more: format!("by the clock of {}", entry.component.timezone),
        address: kind.page(&entry.component.name),
    };
    let routines = seen.snapshot.directory.routines.by_name();
    let (pattern, word) = Pattern::of(sent.unwrap_or(&seen.visit.query));
    let way = |(_, other, title): (Pattern, &'static str, &'static str)| {
        (format!("{}?pattern={other}", Step::Routine.path()), title, other == word)
    };
    let mut fields = vec![
        Field::line("name", "Name", if routines.is_empty() { "on-call" } else { "" }),
        Field::new("timezone", "By the clock of", Input::Zone).saying([own_zone(seen)]),
    ];
    fields.extend(match pattern {
        Pattern::Weekly => weekly_fields(seen),
        Pattern::DayAndNight => day_and_night_fields(seen),
        Pattern::FollowTheSun => sun_fields(seen),
    });
    let days = DAYS.iter().zip(0..).map(|(day, number)| (number.to_string(), (*day).to_owned())).collect();
    fields.push(Field::new("weekday", "The next one's turn begins on", Input::Choice(days)).saying(["0".to_owned()]));
    let form = FormView::primary(seen, "make", fields, "Make the routine");
    let form = FormView { hidden: vec![("pattern", word.to_owned())], ..form };
    let notes = match people(seen).len() {
        1 => vec!["You are alone yet: week by week is right for you, and others can be added to it later.".to_owned()],
        _ => Vec::new(),
    };
    Parts {
        there: routines.iter().map(there).collect(),
        notes,
        ways: Pattern::ALL.map(way).into(),
        forms: vec![form],
        places: PLACES,
        ..Parts::default()
    }
}

fn own_zone(seen: &Seen<'_>) -> String {
    seen.session.person.timezone.clone().unwrap_or_else(|| "UTC".to_owned())
}

/// Whoever can be put on call: username, name, zone. Oneself is the first.
fn people(seen: &Seen<'_>) -> Vec<(String, String, Option<String>)> {
    let me = &seen.session.person.username;
    let told = |user: &User| (user.username.to_string(), user.shown_name().to_owned(), user.timezone.clone());
    let mut users: Vec<_> = seen.snapshot.directory.users.by_name().iter().map(|entry| &entry.component).collect();
    users.sort_by_key(|user| user.username != *me);
    users.into_iter().map(told).collect()
}

fn ticks(seen: &Seen<'_>) -> Input {
    Input::Ticks(people(seen).into_iter().map(|(username, name, _)| (username, name)).collect())
}

/// What turns are offered to begin with: everybody whom something reaches, or whoever is setting up.
fn reached(seen: &Seen<'_>) -> Vec<String> {
    let directory = &seen.snapshot.directory;
    let all = people(seen).into_iter().map(|(username, ..)| username);
    let reached: Vec<_> = all.filter(|name| !directory.channels_of(&name.as_str().into()).is_empty()).collect();
    if reached.is_empty() { vec![seen.session.person.username.to_string()] } else { reached }
}

fn time(name: &'static str, label: &'static str, said: &str) -> Field {
    Field::new(name, label, Input::Line("time")).saying([said.to_owned()])
}

fn weekly_fields(seen: &Seen<'_>) -> Vec<Field> {
    vec![
        Field::new("people", "Who takes turns", ticks(seen))
            .hint("A week each, in this order; the first is on call now.")
            .saying(reached(seen)),
        time("at", "Handed over at", HANDOVER),
    ]
}

fn day_and_night_fields(seen: &Seen<'_>) -> Vec<Field> {
    let hint = "A week each, in this order.";
    vec![
        Field::new("people", "Who takes turns by day", ticks(seen)).hint(hint).saying(reached(seen)),
        time("at", "Day is from", HANDOVER),
        time("until", "until", "21:00"),
        Field::new("night", "Who takes turns by night", ticks(seen)).hint(hint).saying(reached(seen)),
    ]
}

fn sun_fields(seen: &Seen<'_>) -> Vec<Field> {
    let all = people(seen);
    let mut zones: Vec<String> = Vec::new();
    for zone in all.iter().filter_map(|(_, _, zone)| zone.clone()) {
        if !zones.contains(&zone) && zones.len() < SITES {
            zones.push(zone);
        }
    }
    let mut fields = vec![time("at", "Each place begins, by its own clock, at", HANDOVER)];
    for place in 0..SITES {
        let zone = zones.get(place).cloned().unwrap_or_default();
        let there = all.iter().filter(|(_, _, of)| !zone.is_empty() && of.as_deref() == Some(zone.as_str()));
        let there: Vec<_> = there.map(|(username, ..)| username.clone()).collect();
        let number = place + 1;
        fields.push(Field::new(format!("zone-{number}"), format!("Place {number}"), Input::Zone).saying([zone]));
        let label = format!("Who is on call from place {number}");
        fields.push(Field::new(format!("people-{number}"), label, ticks(seen)).saying(there));
    }
    fields
}

/// Makes a routine from the pattern.
pub(super) async fn act(seen: &Seen<'_>, form: &Form) -> Result<Done, Problem> {
    let layers = layers(seen, form).map_err(Problem::invalid)?;
    let body = [
        ("name", json!(form.text("name").trim())),
        ("timezone", json!(form.text("timezone").trim())),
        ("routine_layers", layers),
    ];
    let body: Map<String, Value> = body.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let name = make(seen, "add-routine", form, body).await?;
    Ok(Done::on(format!("The routine {name} is there.")))
}

/// The layers that the pattern comes to.
fn layers(seen: &Seen<'_>, form: &Form) -> Result<Value, Vec<String>> {
    let zone = form.text("timezone").trim();
    if !domain::instant::zone_is_known(zone) {
        return Err(vec![format!("timezone: `{zone}` is not an IANA time zone")]);
    }
    let at = read(form, "at")?;
    let weekday: i8 = form.text("weekday").parse().ok().filter(|day| (0..7).contains(day)).unwrap_or_default();
    let (handover, here) = (Handover { weekday, time: at }, (zone, seen.now));
    match Pattern::of(form).0 {
        Pattern::Weekly => Ok(weekly(&named(form, "people")?, handover, here)),
        Pattern::DayAndNight => {
            let groups = (named(form, "people")?, named(form, "night")?);
            let until = read(form, "until")?;
            if until == at {
                return Err(vec!["until: must be another time than the beginning of the day".to_owned()]);
            }
            Ok(day_and_night((&groups.0, &groups.1), handover, until, here))
        }
        Pattern::FollowTheSun => {
            let same = || vec!["zone-2: must begin its day at another time than place 1".to_owned()];
            follow_the_sun(&sites(form)?, weekday, at, here).ok_or_else(same)
        }
    }
}

fn read(form: &Form, field: &str) -> Result<Time, Vec<String>> {
    read_time(form.text(field)).ok_or_else(|| vec![format!("{field}: must be a time, such as 09:00")])
}

fn named(form: &Form, field: &str) -> Result<Vec<String>, Vec<String>> {
    let named: Vec<_> = form.all(field).into_iter().map(str::to_owned).collect();
    if named.is_empty() { Err(vec![format!("{field}: must name somebody")]) } else { Ok(named) }
}

fn sites(form: &Form) -> Result<Vec<Site>, Vec<String>> {
    let (mut sites, mut wrong) = (Vec::new(), Vec::new());
    for number in 1..=SITES {
        let (zone_field, people_field) = (format!("zone-{number}"), format!("people-{number}"));
        let zone = form.text(&zone_field).trim();
        let people: Vec<_> = form.all(&people_field).into_iter().map(str::to_owned).collect();
        match (zone.is_empty(), people.is_empty()) {
            (true, true) => {}
            (true, false) => wrong.push(format!("{zone_field}: must be the zone of those who are there")),
            (false, true) => wrong.push(format!("{people_field}: must name somebody")),
            (false, false) if !domain::instant::zone_is_known(zone) => {
                wrong.push(format!("{zone_field}: `{zone}` is not an IANA time zone"));
            }
            (false, false) => sites.push(Site { zone: zone.to_owned(), people }),
        }
    }
    if wrong.is_empty() && sites.len() < 2 {
        wrong.push("zone-2: must be a second place, or else week by week is right".to_owned());
    }
    if wrong.is_empty() { Ok(sites) } else { Err(wrong) }
}
