//! An exception as somebody types it: these people, from then until then, by the clock of the routine.

use crate::console::form::Form;
use crate::console::on_call::calendar::Calendar;
use crate::console::on_call::routine::edit::{NOBODY, filling};
use crate::gate::Problem;
use domain::Instant;
use domain::routine::Layer;

/// People whom a link, or a form, may put into an exception.
const PEOPLE: usize = 20;
/// What one is called that is given no name.
const UNNAMED: &str = "Exception";

/// What is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::console::on_call::routine) struct Typed {
    pub(in crate::console::on_call::routine) name: String,
    /// Usernames; an empty one where somebody is still to be chosen.
    pub(in crate::console::on_call::routine) people: Vec<String>,
    pub(in crate::console::on_call::routine) from: String,
    pub(in crate::console::on_call::routine) until: String,
}

/// What it comes to: when, and the exceptions of a routine that say so.
pub(super) type Meant = ((Instant, Instant), Vec<Layer>);

impl Typed {
    /// What a link to a gap or a shift fills in, `2026-11-29T08:00:00Z~2026-11-29T17:00:00Z`, with who is on call then, or oneself.
    pub(in crate::console::on_call::routine) fn of_link(query: &Form, zone: &Calendar, me: &str) -> Option<Self> {
        let (from, until) = query.get("exception")?.split_once('~')?;
        let (from, until) = (Instant::parse(from)?, Instant::parse(until)?);
        let mut people: Vec<_> = query.all("person").into_iter().take(PEOPLE).map(str::to_owned).collect();
        if people.is_empty() {
            people.push(me.to_owned());
        }
        Some(Self { name: String::new(), people, from: zone.written(from), until: zone.written(until) })
    }

    /// What the form says.
    pub(super) fn of_form(form: &Form) -> Self {
        let text = |name| form.text(name).trim().to_owned();
        let people = form.all("person").into_iter().take(PEOPLE).map(|name| name.trim().to_owned());
        Self { name: text("name"), people: people.collect(), from: text("from"), until: text("until") }
    }

    /// The same with a place for one person more.
    pub(super) fn with_another(mut self) -> Self {
        if self.people.len() < PEOPLE {
            self.people.push(String::new());
        }
        self
    }

    /// What it is called.
    pub(super) fn name(&self) -> &str {
        if self.name.is_empty() { UNNAMED } else { &self.name }
    }

    /// What it means by the clock of the routine. A stretch that is no whole number of days, and longer than one, takes two
    /// exceptions: one for its whole days, and one for what is left.
    ///
    /// # Errors
    /// `invalid_fields` with every fault.
    pub(super) fn meant(&self, zone: &Calendar, now: Instant) -> Result<Meant, Problem> {
        let mut faults = Vec::new();
        let stretch = zone.stretch((&self.from, &self.until)).map_err(|problem| faults.extend(problem.errors)).ok();
        if stretch.is_some_and(|(_, until)| until <= now) {
            faults.push("until: must be in the future".to_owned());
        }
        if self.people.is_empty() {
            faults.push("person: must name somebody".to_owned());
        }
        if self.people.len() > 1 && self.people.iter().any(|name| name == NOBODY) {
            faults.push("person: must name people, or nobody, and not both".to_owned());
        }
        match stretch {
            Some((from, until)) if faults.is_empty() => {
                let pieces = filling(&self.people, (zone.wall(from), zone.wall(until)));
                let layers = pieces.iter().map(|piece| piece.layer().map(|layer| self.named(layer)));
                let layers: Result<Vec<_>, _> = layers.collect();
                layers.map(|layers| ((from, until), layers)).map_err(|wrong| {
                    Problem::invalid(wrong.into_iter().map(|(field, words)| format!("{field}: {words}")).collect())
                })
            }
            _ => Err(Problem::invalid(faults)),
        }
    }

    fn named(&self, layer: Layer) -> Layer {
        Layer { layer_name: self.name().to_owned(), ..layer }
    }
}

#[cfg(test)]
mod tests {
    use super::Typed;
    use crate::console::form::Form;
    use crate::console::on_call::calendar::Calendar;
    use domain::Instant;

    const NOW: &str = "2026-11-29T12:00:00";

    fn meant(form: &str) -> Result<Vec<String>, Vec<String>> {
        let now = Instant::parse(NOW).unwrap();
        let meant = Typed::of_form(&Form::read(form.as_bytes())).meant(&Calendar::of("Europe/Berlin"), now);
        let told = |layer: &domain::routine::Layer| {
            let (start, length) = (layer.rotation_start.text(), layer.shift_length.text());
            let people: Vec<_> = layer.rotations.iter().flatten().map(ToString::to_string).collect();
            let days = format!("{}..{}", layer.valid_start.text(), layer.valid_end.text());
            format!("{} {days} {start}+{length} {}", layer.layer_name, people.join("+"))
        };
        meant.map(|(_, layers)| layers.iter().map(told).collect()).map_err(|problem| problem.errors)
    }

    #[test]
    fn what_is_typed_means_one_exception_or_two_by_the_clock_of_the_routine() {
        let evening = "name=dinner&person=ana&person=&person=ben&from=2026-12-01T18:00&until=2026-12-01T21:30";
        assert_eq!(meant(evening), Ok(vec!["dinner 2026-12-01..2026-12-02 18:00:00+03:30 ana+ben".to_owned()]));
        let days = "person=-&from=2026-12-07T09:00&until=2026-12-11T18:00";
        let two =
            ["Exception 2026-12-07..2026-12-11 09:00:00+24:00 ", "Exception 2026-12-11..2026-12-12 09:00:00+09:00 "];
        assert_eq!(meant(days), Ok(two.map(str::to_owned).to_vec()));
    }

    #[test]
    fn whatever_is_wrong_with_it_is_told_at_once() {
        let wrong = meant("from=soon&until=2026-12-01T21:30").unwrap_err();
        assert!(wrong[0].starts_with("from: must be a date"), "{wrong:?}");
        assert_eq!(wrong[1..], ["person: must name somebody"]);
        let over = meant("person=ana&person=-&from=2026-11-01T18:00&until=2026-11-02T18:00").unwrap_err();
        assert_eq!(over, ["until: must be in the future", "person: must name people, or nobody, and not both"]);
    }
}
