//! Who is asked first, and who next.

use super::Done;
use super::field::{Field, FormView, Input};
use super::part::{Parts, There};
use super::service::make;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::seen::Seen;
use crate::console::set_up::Kind;
use crate::gate::Problem;
use domain::directory::{ComponentKind, Entry, EscalationPolicy};
use domain::permission::Action;
use serde_json::{Map, Value, json};

/// After so many minutes the next level is asked.
const MINUTES: &str = "5";

/// Errors are about these fields.
const PLACES: &[(&str, &str)] = &[
    ("levels[0].minutes", "minutes"),
    ("levels[0].routines", "routine"),
    ("levels[1].minutes", "minutes"),
    ("levels[1].users", "users"),
    ("levels", "routine"),
];

/// The policies, and the form for one more.
pub(super) fn parts(seen: &Seen<'_>) -> Parts {
    let directory = &seen.snapshot.directory;
    let kind = Kind::of(ComponentKind::EscalationPolicy);
    let there = |entry: &&Entry<EscalationPolicy>| There {
        words: entry.component.name.clone(),
        more: match entry.component.levels.len() {
            1 => "one level".to_owned(),
            levels => format!("{levels} levels"),
        },
        address: kind.page(&entry.component.name),
    };
    let policies = directory.policies.by_name();
    let routines: Vec<_> = directory.routines.by_name().iter().map(|entry| entry.component.name.clone()).collect();
    let notes = match routines.is_empty() {
        true => vec!["There is no routine yet. Until there is, the people below are asked first.".to_owned()],
        false => Vec::new(),
    };
    let me = seen.session.person.username.to_string();
    let people: Vec<_> = directory.users.by_name().iter().map(|entry| entry.component.username.to_string()).collect();
    // Whoever sets up alone has nobody to go on to; the routine's people are asked again then.
    let second = if people.len() > 1 || routines.is_empty() { Some(me) } else { None };
    let named = |name: &String| (name.clone(), directory.shown_name(&name.as_str().into()).to_owned());
    let first = routines.first().cloned();
    let routines = routines.into_iter().map(|name| (name.clone(), name)).collect();
    let mut fields = vec![
        Field::line("name", "Name", if policies.is_empty() { "default" } else { "" }),
        Field::new("routine", "First whoever is on call by", Input::Choice(routines)).saying(first),
        Field::line("minutes", "Minutes until the next level is asked", MINUTES),
        Field::new("users", "Then", Input::Ticks(people.iter().map(named).collect()))
            .hint("Nobody ticked: the first level is asked again and again.")
            .saying(second),
    ];
    if seen.may(Action::ChangeSettings) && directory.fallback_policy.is_none() {
        let yes = vec![("yes".to_owned(), "ask by it, too, when nobody else can be found".to_owned())];
        fields.push(Field::new("fallback", "For the organization", Input::Ticks(yes)).saying(["yes".to_owned()]));
    }
    let form = FormView::primary(seen, "make", fields, "Make the policy");
    Parts { there: policies.iter().map(there).collect(), notes, forms: vec![form], places: PLACES, ..Parts::default() }
}

/// Makes one, and lets the organization fall back on it where that is wanted.
pub(super) async fn act(seen: &Seen<'_>, form: &Form) -> Result<Done, Problem> {
    let name = make(seen, "add-escalation-policy", form, body(form)?).await?;
    let mut notice = format!("The policy {name} is there.");
    if form.get("fallback").is_some() {
        let body = Map::from_iter([("fallback_policy".to_owned(), json!(name))]);
        let idempotency_key = form.get("idempotency_key").map(|key| format!("{key}-fallback"));
        seen.ask("change-organization", Wish { body, idempotency_key, any_version: true, ..Wish::default() }).await?;
        notice.push_str(" It is asked, too, when nobody else can be found.");
    }
    Ok(Done::on(notice))
}

fn body(form: &Form) -> Result<Map<String, Value>, Problem> {
    let minutes: u32 = form
        .text("minutes")
        .trim()
        .parse()
        .map_err(|_| Problem::invalid(vec!["levels[0].minutes: must be a whole number".to_owned()]))?;
    let (routine, users) = (form.get("routine"), form.all("users"));
    let first = routine.map(|routine| json!({"minutes": minutes, "routines": [routine]}));
    let second = (!users.is_empty()).then(|| json!({"minutes": minutes, "users": users}));
    let levels: Vec<_> = first.into_iter().chain(second).collect();
    Ok(Map::from_iter([("name".to_owned(), json!(form.text("name").trim())), ("levels".to_owned(), json!(levels))]))
}
