//! Exceptions of a routine that are not over, as they are listed to be ended or removed.

use crate::console::on_call::calendar::Calendar;
use crate::console::on_call::routine::edit::{Kind, NOBODY, current};
use crate::console::seen::Seen;
use domain::Username;
use domain::routine::Routine;
use jiff::civil::Date;

/// An exception that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console::on_call::routine) struct ComingException {
    /// Its number within the routine.
    pub(in crate::console::on_call::routine) layer: u32,
    pub(in crate::console::on_call::routine) name: String,
    pub(in crate::console::on_call::routine) people: String,
    /// Its days and hours, by the clock of the routine.
    pub(in crate::console::on_call::routine) when: String,
    /// Whether its first day has come, so that some of it may be past.
    pub(in crate::console::on_call::routine) has_begun: bool,
}

impl ComingException {
    /// What it says, by which a form knows that its number is not another's by now.
    pub(in crate::console::on_call::routine) fn said(&self) -> String {
        format!("{}: {}, {}", self.name, self.people, self.when)
    }
}

/// Those of a routine.
pub(in crate::console::on_call::routine) fn coming(seen: &Seen<'_>, routine: &Routine) -> Vec<ComingException> {
    let directory = &seen.snapshot.directory;
    let today = Calendar::of(&routine.timezone).day_of(seen.now);
    let shown = |name: &String| directory.shown_name(&Username::from(name.as_str())).to_owned();
    let exceptions = current(routine, today).into_iter().filter(|(_, typed)| typed.kind == Kind::Exception);
    let told = exceptions.map(|(layer, typed)| {
        let people: Vec<_> = typed
            .turns
            .iter()
            .flatten()
            .map(|name| if name == NOBODY { "nobody".to_owned() } else { shown(name) })
            .collect();
        let days = match typed.last.as_str() {
            last if last == typed.since => day(last),
            "" => format!("from {} on", day(&typed.since)),
            last => format!("{} – {}", day(&typed.since), day(last)),
        };
        ComingException {
            layer,
            name: typed.name,
            people: people.join(", "),
            when: format!("{days}, {}–{}", typed.from, typed.until),
            has_begun: typed.since.parse::<Date>().is_ok_and(|since| since <= today),
        }
    });
    told.collect()
}

/// `Thu 24 Dec 2026`.
fn day(written: &str) -> String {
    written.parse::<Date>().map_or_else(|_| written.to_owned(), |day| day.strftime("%a %-d %b %Y").to_string())
}
