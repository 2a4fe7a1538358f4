//! Swaps of a routine: the form in which one is asked for, and those that are to come.

use super::plan::people;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::on_call::calendar::Calendar;
use crate::console::on_call::cover;
use crate::console::piece::FieldProblem;
use crate::console::seen::Seen;
use crate::gate::Problem;
use directory::KnownSwap;
use domain::directory::{Directory, Entry};
use domain::permission::Action;
use domain::routine::{Routine, Swap};
use domain::{Instant, Username};

/// The fields, and what they are called on the page.
const LABELS: [(&str, &str); 4] =
    [("out", "Who lets go"), ("in", "Who takes over"), ("from", "From"), ("until", "Until")];

/// What is typed into the form, by the clock of the routine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) out: String,
    pub(super) stand_in: String,
    pub(super) from: String,
    pub(super) until: String,
}

/// The form.
#[derive(Clone, Debug)]
pub(super) struct SwapForm {
    /// How a repetition is known.
    pub(super) key: String,
    pub(super) typed: Typed,
    /// Who can let go: username and name.
    pub(super) outs: Vec<(String, String)>,
    /// Who can take over: those of the routine first.
    pub(super) ins: Vec<(String, String)>,
    /// The zone of the routine.
    pub(super) zone: String,
    pub(super) problems: Vec<FieldProblem>,
    /// Where others are asked to take it, if it is a shift of whoever reads.
    pub(super) cover: Option<String>,
    /// Whether it is what the page was asked for.
    pub(super) is_asked_for: bool,
}

/// A swap that is to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Coming {
    pub(super) out: String,
    /// Nobody where none is named.
    pub(super) stand_in: Option<String>,
    pub(super) span: String,
    pub(super) by: Option<String>,
    /// By which it is taken back; none where it stands in a file.
    pub(super) id: Option<String>,
    /// Whether whoever reads is the one who is off duty by it, and may take it back.
    pub(super) is_own: bool,
}

impl Typed {
    /// What a link to a shift prefills: `ana~2026-11-28T17:00:00Z~2026-11-29T08:00:00Z`.
    pub(super) fn of_link(link: &str, zone: &Calendar) -> Option<Self> {
        let mut parts = link.rsplitn(3, '~');
        let (until, from, out) = (parts.next()?, parts.next()?, parts.next()?);
        let (from, until) = (Instant::parse(from)?, Instant::parse(until)?);
        let out = out.to_owned();
        Some(Self { out, stand_in: String::new(), from: zone.written(from), until: zone.written(until) })
    }

    /// What the form says.
    pub(super) fn of_form(form: &Form) -> Self {
        let text = |name| form.text(name).to_owned();
        Self { out: text("out"), stand_in: text("in"), from: text("from"), until: text("until") }
    }

    /// The time that is meant, by the clock of the routine.
    ///
    /// # Errors
    /// `invalid_fields` with every fault.
    pub(super) fn time(&self, zone: &Calendar) -> Result<(Instant, Instant), Problem> {
        zone.stretch((&self.from, &self.until))
    }

    /// The same as a swap.
    pub(super) fn swap(&self, (from, until): (Instant, Instant)) -> Swap {
        let in_ = Some(self.stand_in.as_str()).filter(|name| !name.is_empty()).map(Username::from);
        Swap { out: Username::from(self.out.as_str()), in_, from: from.into(), until: until.into() }
    }

    /// What is asked of the operation.
    pub(super) fn wish(&self, (from, until): (Instant, Instant), form: &Form, routine: &str) -> Wish {
        let pairs =
            [("out", self.out.clone()), ("in", self.stand_in.clone()), ("from", wire(from)), ("until", wire(until))];
        let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<_> = said.map(|(name, value)| (name.to_owned(), value)).collect();
        let idempotency_key = form.get("idempotency_key").map(str::to_owned);
        Wish { idempotency_key, ..Wish::of_pairs("add-swap", &said) }.at("routine_ref_id", routine)
    }
}

fn wire(at: Instant) -> String {
    at.wire() + "Z"
}

impl SwapForm {
    /// The form for whoever may make a swap of this routine at all.
    pub(super) fn of(seen: &Seen<'_>, entry: &Entry<Routine>, typed: Typed) -> Option<Self> {
        let directory = &seen.snapshot.directory;
        let own = &seen.session.person.username;
        let named = named(directory, people(directory, &entry.component));
        let is_in = named.iter().any(|(username, _)| username == own.as_str());
        let (takes, swaps_all) = (seen.may(Action::TakeShift), seen.may(Action::SwapOthers));
        if !(swaps_all || takes || is_in) {
            return None;
        }
        let only_own = |all: &[(String, String)]| -> Vec<_> {
            all.iter().filter(|(username, _)| username == own.as_str()).cloned().collect()
        };
        let outs = if takes || swaps_all { named.clone() } else { only_own(&named) };
        let everybody = directory.users.by_name().into_iter().map(|entry| &entry.component.username);
        let ins = self::named(
            directory,
            named.iter().filter_map(|(name, _)| directory.user(name).map(|user| &user.username)).chain(everybody),
        );
        let mut typed = typed;
        if typed.stand_in.is_empty() && !swaps_all && typed.out != own.as_str() && !typed.out.is_empty() {
            own.as_str().clone_into(&mut typed.stand_in);
        }
        let zone = entry.component.timezone.clone();
        let is_own = typed.out == own.as_str() && !typed.from.is_empty() && !typed.until.is_empty();
        let cover = is_own.then(|| cover::asking(entry.ref_id.as_str(), &typed.from, &typed.until));
        Some(Self { key: seen.form_key(), typed, outs, ins, zone, problems: Vec::new(), cover, is_asked_for: false })
    }

    /// The same with what is wrong.
    pub(super) fn refused(self, problem: &Problem) -> Self {
        Self { problems: problems(problem), is_asked_for: true, ..self }
    }

    /// What is wrong with a field.
    pub(super) fn problem(&self, field: &str) -> Option<&FieldProblem> {
        self.problems.iter().find(|problem| problem.field == field)
    }
}

/// What an operation refuses, in its words, each with the field that it is about.
pub(super) fn problems(problem: &Problem) -> Vec<FieldProblem> {
    let told = |error: &String| {
        let (field, words) = error.split_once(": ").unwrap_or(("", error));
        match LABELS.iter().find(|(name, _)| *name == field) {
            Some((name, label)) => {
                FieldProblem { field: (*name).to_owned(), label: (*label).to_owned(), words: words.to_owned() }
            }
            None => FieldProblem { field: "swap".to_owned(), label: String::new(), words: error.clone() },
        }
    };
    problem.errors.iter().map(told).collect()
}

/// Those of the swaps that are not over.
pub(super) fn coming(seen: &Seen<'_>, swaps: &[KnownSwap]) -> Vec<Coming> {
    let directory = &seen.snapshot.directory;
    let name = |user: &Username| directory.shown_name(user).to_owned();
    let told = |known: &KnownSwap| {
        let (from, until) = (known.swap.from.get()?, known.swap.until.get()?);
        (until > seen.now).then(|| Coming {
            out: name(&known.swap.out),
            stand_in: known.swap.in_.as_ref().map(name),
            span: seen.visit.clock.span(from, until),
            by: known.made_by.clone(),
            id: known.swap_ref_id.clone(),
            is_own: known.swap.out == seen.session.person.username,
        })
    };
    swaps.iter().filter_map(told).collect()
}

/// These people, each once, with their names.
pub(super) fn named<'a>(
    directory: &Directory,
    people: impl IntoIterator<Item = &'a Username>,
) -> Vec<(String, String)> {
    let mut named: Vec<(String, String)> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for user in people {
        if seen.insert(user) {
            named.push((user.to_string(), directory.shown_name(user).to_owned()));
        }
    }
    named
}
