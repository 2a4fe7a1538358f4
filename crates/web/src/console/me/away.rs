//! Being away: somebody takes over one's shifts in all routines at once, which are shown before that is made.

use crate::api::Wish;
use crate::console::form::Form;
use crate::console::on_call::Calendar;
use crate::console::piece::FieldProblem;
use crate::console::seen::Seen;
use crate::gate::Problem;
use domain::{Instant, Username};
use serde_json::Value;

/// The fields, and what they are called.
const LABELS: [(&str, &str); 3] = [("from", "Away from"), ("until", "Until"), ("in", "Who takes over")];

/// The form, with what was typed and what it comes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Away {
    pub(super) from: String,
    pub(super) until: String,
    pub(super) stand_in: String,
    /// How a repetition is known.
    pub(super) key: String,
    /// The zone in which times are typed.
    pub(super) zone: String,
    /// Who can take over: username and name.
    pub(super) people: Vec<(String, String)>,
    /// One's shifts of that time, where it was asked which they are.
    pub(super) shifts: Option<Vec<(String, String)>>,
    pub(super) problems: Vec<FieldProblem>,
}

impl Away {
    /// The form as it begins, or as it was typed.
    pub(super) fn of(seen: &Seen<'_>, form: &Form) -> Self {
        let own = &seen.session.person.username;
        let users = seen.snapshot.directory.users.by_name();
        let others = users.iter().map(|entry| &entry.component).filter(|user| user.username != *own && !user.locked);
        Self {
            from: form.text("from").to_owned(),
            until: form.text("until").to_owned(),
            stand_in: form.text("in").to_owned(),
            key: seen.form_key(),
            zone: seen.visit.clock.place(),
            people: others.map(|user| (user.username.to_string(), user.shown_name().to_owned())).collect(),
            ..Self::default()
        }
    }

    /// The same with what is wrong.
    pub(super) fn refused(self, problem: &Problem) -> Self {
        let told = |error: &String| {
            let (field, words) = error.split_once(": ").unwrap_or(("", error));
            let known = LABELS.iter().find(|(name, _)| *name == field);
            let (field, label, words) = match known {
                Some((name, label)) => (format!("away-{name}"), (*label).to_owned(), words.to_owned()),
                None => ("away".to_owned(), String::new(), error.clone()),
            };
            FieldProblem { field, label, words }
        };
        Self { problems: problem.errors.iter().map(told).collect(), ..self }
    }

    /// What is wrong with a field.
    pub(super) fn problem(&self, field: &str) -> Option<&FieldProblem> {
        self.problems.iter().find(|problem| problem.field == field)
    }
}

/// What came of the form: words where it was done, and the form.
pub(super) async fn act(seen: &Seen<'_>, form: &Form) -> (Result<Option<String>, Problem>, Away) {
    let away = Away::of(seen, form);
    match made(seen, form).await {
        Ok(Made::Seen(shifts)) => (Ok(None), Away { shifts: Some(shifts), ..away }),
        Ok(Made::Taken(words)) => (Ok(Some(words)), Away::of(seen, &Form::default())),
        Err(problem) => (Err(problem.clone()), away.refused(&problem)),
    }
}

enum Made {
    /// The shifts of that time, by their routines.
    Seen(Vec<(String, String)>),
    /// Somebody takes over.
    Taken(String),
}

async fn made(seen: &Seen<'_>, form: &Form) -> Result<Made, Problem> {
    let zone = Calendar::of(seen.visit.clock.zone());
    let (from, until) = zone.stretch((form.text("from"), form.text("until")))?;
    let looks = form.text("do") == "look";
    if !looks && form.get("in").is_none() {
        return Err(Problem::invalid(vec!["in: must be chosen, or look first which shifts those are".to_owned()]));
    }
    let idempotency_key = form.get("idempotency_key").filter(|_| !looks).map(str::to_owned);
    let mut wish = Wish { idempotency_key, ..Wish::default() };
    wish.body.insert("from".to_owned(), Value::from(from.wire() + "Z"));
    wish.body.insert("until".to_owned(), Value::from(until.wire() + "Z"));
    if let Some(stand_in) = form.get("in").filter(|_| !looks) {
        wish.body.insert("in".to_owned(), Value::from(stand_in));
    }
    let answer = seen.answer("be-away", wish).await?;
    let listed = |key: &str| answer.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    if looks {
        return Ok(Made::Seen(listed("uncovered").iter().filter_map(|shift| told(seen, shift)).collect()));
    }
    let name = seen.snapshot.directory.shown_name(&Username::from(form.text("in"))).to_owned();
    Ok(Made::Taken(match listed("swaps").len() {
        0 => "You have no shift then, so nothing is to be taken over.".to_owned(),
        1 => format!("{name} takes your shifts of one routine, {}.", seen.visit.clock.span(from, until)),
        count => format!("{name} takes your shifts of {count} routines, {}.", seen.visit.clock.span(from, until)),
    }))
}

fn told(seen: &Seen<'_>, shift: &Value) -> Option<(String, String)> {
    let text = |key: &str| shift.get(key).and_then(Value::as_str);
    let at = |key: &str| Instant::parse(&format!("{}Z", text(key)?));
    Some((text("routine_name")?.to_owned(), seen.visit.clock.span(at("from")?, at("until")?)))
}
