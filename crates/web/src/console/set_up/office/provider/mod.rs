//! Sign-in providers: listed, made, changed, removed, and checked.

mod fields;

use super::{list, text};
use crate::api::Wish;
use crate::console::again;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::StateBadge;
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use crate::gate::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::TeamRole;
use domain::permission::Action;
use domain::sign_in::SIGN_UP_ROLES;
use fields::{EMPTY_ROWS, Fields, Group};
use serde_json::Value;

/// Where they are.
const PATH: &str = "/app/settings/providers";

#[derive(Template)]
#[template(path = "console/set_up/providers.html")]
struct List {
    frame: Frame,
    /// Name, issuer and client of each.
    providers: Vec<(String, String, String)>,
    form: FormView,
    notice: Option<String>,
    refused: Vec<String>,
}

#[derive(Template)]
#[template(path = "console/set_up/provider.html")]
struct One {
    frame: Frame,
    name: String,
    form: FormView,
    check: Option<Check>,
    notice: Option<String>,
    refused: Vec<String>,
}

/// The form of a provider, filled in.
struct FormView {
    action: String,
    button: &'static str,
    form_key: String,
    /// The version that is shown; none of a new one.
    version: Option<String>,
    fields: Fields,
    roles: Vec<String>,
    teams: Vec<String>,
    team_roles: Vec<String>,
}

/// What a provider says of itself, and what it is to know of this server.
struct Check {
    is_fine: bool,
    findings: Vec<(StateBadge, String, String)>,
    redirect_uri: String,
    logout_uri: String,
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The form, with rows for more rules.
fn view(
    seen: &Seen<'_>,
    (action, button): (String, &'static str),
    version: Option<String>,
    fields: Fields,
) -> FormView {
    let mut fields = fields;
    fields.groups.extend((0..EMPTY_ROWS).map(|_| Group::default()));
    fields.domains.extend((0..EMPTY_ROWS).map(|_| Default::default()));
    FormView {
        action,
        button,
        form_key: seen.form_key(),
        version,
        fields,
        roles: words(SIGN_UP_ROLES),
        teams: seen.snapshot.directory.teams.by_name().iter().map(|entry| entry.component.name.clone()).collect(),
        team_roles: words(TeamRole::WORDS),
    }
}

async fn listed(seen: &Seen<'_>, typed: Fields) -> Result<List, Problem> {
    let providers = list(seen.answer("sign-in-providers", Wish::default()).await?);
    let one = |provider: &Value| (text(provider, "name"), text(provider, "issuer"), text(provider, "client_id"));
    Ok(List {
        frame: seen.visit.frame(),
        providers: providers.iter().map(one).collect(),
        form: view(seen, (PATH.to_owned(), "Add the provider"), None, typed),
        notice: None,
        refused: Vec::new(),
    })
}

fn drawn(seen: &Seen<'_>, provider: &Value) -> One {
    let fields = Fields::stored(provider);
    One {
        frame: seen.visit.frame(),
        name: fields.name.clone(),
        form: view(seen, (format!("{PATH}/{}", fields.name), "Save"), Some(text(provider, "version")), fields),
        check: None,
        notice: None,
        refused: Vec::new(),
    }
}

/// Lists them.
pub(super) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::ChangeSettings).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match listed(&seen, Fields::default()).await {
        Ok(list) => page::show(&visit.app, StatusCode::OK, &list),
        Err(problem) => visit.refuse(&problem),
    }
}

/// Shows one.
pub(super) async fn show_one(visit: &Visit, name: &str) -> Response {
    let seen = match visit.seen(Action::ChangeSettings).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match read(&seen, name).await {
        Ok(provider) => page::show(&visit.app, StatusCode::OK, &drawn(&seen, &provider)),
        Err(problem) => visit.refuse(&problem),
    }
}

async fn read(seen: &Seen<'_>, name: &str) -> Result<Value, Problem> {
    seen.answer("sign-in-provider", Wish::default().at("provider", name)).await
}

/// Adds one.
pub(super) async fn add(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::ChangeSettings).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    if !seen.session.is_fresh(seen.now) {
        return again::needed(visit, seen.session, PATH).await;
    }
    let typed = Fields::typed(form, (false, String::new()));
    let idempotency_key = form.get("idempotency_key").map(str::to_owned);
    let wish = Wish { body: typed.body(form), idempotency_key, ..Wish::default() };
    match seen.answer("add-sign-in-provider", wish).await {
        Ok(provider) => {
            let notice = "It stands on the sign-in page. Check it, and register its two addresses at the provider.";
            page::show(&visit.app, StatusCode::OK, &One { notice: Some(notice.to_owned()), ..drawn(&seen, &provider) })
        }
        Err(problem) => match listed(&seen, typed).await {
            Ok(list) => visit.refuse_on(&problem, &List { refused: problem.errors.clone(), ..list }),
            Err(problem) => visit.refuse(&problem),
        },
    }
}

/// Saves, removes or checks one.
pub(super) async fn act(visit: &Visit, name: &str, form: &Form) -> Response {
    let seen = match visit.seen(Action::ChangeSettings).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    if !seen.session.is_fresh(seen.now) {
        return again::needed(visit, seen.session, PATH).await;
    }
    let before = match read(&seen, name).await {
        Ok(provider) => provider,
        Err(problem) => return visit.refuse(&problem),
    };
    let wish = Wish {
        idempotency_key: form.get("idempotency_key").map(str::to_owned),
        version: form.get("version").and_then(|version| version.parse().ok()),
        ..Wish::default().at("provider", name)
    };
    match form.text("do") {
        "check" => check(&seen, &before, name).await,
        "remove" => remove(&seen, &before, wish).await,
        _ => save(&seen, &before, wish, form).await,
    }
}

async fn save(seen: &Seen<'_>, before: &Value, wish: Wish, form: &Form) -> Response {
    let (visit, stored) = (seen.visit, Fields::stored(before));
    let typed = Fields::typed(form, (stored.has_secret, stored.tail));
    let wish = Wish { body: typed.body(form), ..wish };
    match seen.answer("replace-sign-in-provider", wish).await {
        Ok(provider) => {
            let notice = Some("Saved.".to_owned());
            page::show(&visit.app, StatusCode::OK, &One { notice, ..drawn(seen, &provider) })
        }
        Err(problem) => {
            let one = drawn(seen, before);
            let version = form.get("version").map(str::to_owned);
            let form = view(seen, (one.form.action.clone(), one.form.button), version, typed);
            visit.refuse_on(&problem, &One { form, refused: problem.errors.clone(), ..one })
        }
    }
}

async fn remove(seen: &Seen<'_>, before: &Value, wish: Wish) -> Response {
    let visit = seen.visit;
    if let Err(problem) = seen.answer("remove-sign-in-provider", wish).await {
        return visit.refuse_on(&problem, &One { refused: problem.errors.clone(), ..drawn(seen, before) });
    }
    match listed(seen, Fields::default()).await {
        Ok(list) => {
            let notice = Some(format!("{} is removed: nobody signs in by it from now on.", text(before, "name")));
            page::show(&visit.app, StatusCode::OK, &List { notice, ..list })
        }
        Err(problem) => visit.refuse(&problem),
    }
}

async fn check(seen: &Seen<'_>, before: &Value, name: &str) -> Response {
    let (visit, one) = (seen.visit, drawn(seen, before));
    match seen.answer("check-sign-in-provider", Wish::default().at("provider", name)).await {
        Ok(checked) => page::show(&visit.app, StatusCode::OK, &One { check: Some(Check::told(&checked)), ..one }),
        Err(problem) => visit.refuse_on(&problem, &One { refused: problem.errors.clone(), ..one }),
    }
}

impl Check {
    fn told(checked: &Value) -> Self {
        let is_fine = |value: &Value| value.get("is_fine").and_then(Value::as_bool).unwrap_or_default();
        let finding = |finding: &Value| {
            let badge = match is_fine(finding) {
                true => StateBadge::new("good", "fine"),
                false => StateBadge::new("bad", "wrong"),
            };
            (badge, text(finding, "subject"), text(finding, "found"))
        };
        let findings = checked.get("findings").and_then(Value::as_array).into_iter().flatten();
        Self {
            is_fine: is_fine(checked),
            findings: findings.map(finding).collect(),
            redirect_uri: text(checked, "redirect_uri"),
            logout_uri: text(checked, "backchannel_logout_uri"),
        }
    }
}
