//! A step of the wizard as a page: the steps beside it, how it stands, and the forms of the step.

use super::field::{FormView, Input};
use super::part::{Parts, Rung, There};
use super::progress::{Progress, Step};
use super::standing::Standing;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::piece::FieldProblem;
use crate::console::seen::Seen;
use crate::console::set_up::Snippet;
use crate::gate::Problem;
use askama::Template;

#[derive(Template)]
#[template(path = "console/welcome/page.html")]
pub(super) struct Page {
    frame: Frame,
    organization: String,
    step: Step,
    steps: Vec<StepLink>,
    is_done: bool,
    /// Whether all of it is.
    is_over: bool,
    notice: Option<String>,
    problems: Vec<FieldProblem>,
    /// What is wrong with none of the fields.
    refused: Vec<String>,
    standing: Standing,
    there: Vec<There>,
    snippet: Option<Snippet>,
    rung: Option<Rung>,
    /// What else there is to know.
    notes: Vec<String>,
    /// Other ways of the step: address, words, whether it is this one.
    ways: Vec<(String, &'static str, bool)>,
    forms: Vec<FormView>,
    zones: Vec<String>,
    next: Option<Step>,
}

/// A step among the others.
struct StepLink {
    step: Step,
    is_done: bool,
    is_current: bool,
}

/// What came of what was sent with the page.
#[derive(Default)]
pub(super) struct Told<'a> {
    pub(super) notice: Option<String>,
    pub(super) refused: Option<&'a Problem>,
    /// What was sent.
    pub(super) sent: Option<&'a Form>,
}

impl Page {
    /// The page of a step.
    pub(super) fn of(seen: &Seen<'_>, step: Step, progress: Progress, parts: Parts, told: Told<'_>) -> Self {
        let Parts { there, snippet, rung, notes, ways, mut forms, places } = parts;
        let (mut problems, mut refused) = (Vec::new(), Vec::new());
        if let (Some(problem), Some(form)) = (told.refused, told.sent) {
            match forms.iter().position(|view| view.act == form.text("do")) {
                Some(place) => {
                    let view = forms.remove(place);
                    let (view, beside, rest) = view.refused(form, problem, places);
                    (problems, refused) = (beside, rest);
                    forms.insert(0, view);
                }
                None => refused.clone_from(&problem.errors),
            }
        }
        let has_zone =
            forms.iter().flat_map(|form| &form.fields).any(|field| matches!(field.input, Input::Zone | Input::OwnZone));
        let mut forms = forms.into_iter();
        let first = forms.next().map(FormView::focused);
        let link = |other: Step| StepLink { step: other, is_done: progress.is_done(other), is_current: other == step };
        Self {
            frame: seen.visit.frame(),
            organization: seen.session.person.organization_name.clone(),
            step,
            steps: Step::ALL.into_iter().map(link).collect(),
            is_done: progress.is_done(step),
            is_over: progress.first().is_none(),
            notice: told.notice,
            problems,
            refused,
            standing: Standing::of(seen),
            there,
            snippet,
            rung,
            notes,
            ways,
            forms: first.into_iter().chain(forms).collect(),
            zones: if has_zone { zones() } else { Vec::new() },
            next: step.after(),
        }
    }
}

/// The zones of the world that people name, each once.
fn zones() -> Vec<String> {
    let all = jiff::tz::db().available().map(|zone| zone.to_string());
    let mut zones: Vec<_> = all.filter(|zone| is_of_people(zone)).collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

fn is_of_people(zone: &str) -> bool {
    const PLACES: [&str; 10] =
        ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
    zone == "UTC" || zone.split_once('/').is_some_and(|(place, _)| PLACES.contains(&place))
}

#[cfg(test)]
mod tests {
    use super::zones;

    #[test]
    fn zones_are_those_that_people_name() {
        let zones = zones();
        let has = |zone: &str| zones.iter().any(|known| known == zone);
        assert!(has("UTC") && has("Europe/Berlin") && has("Asia/Seoul") && has("America/Argentina/Buenos_Aires"));
        assert!(!has("Etc/GMT+1") && !has("posixrules"));
    }
}
