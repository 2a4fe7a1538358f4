//! Asking people in, many at once, and what became of those who were asked.

use super::{text, time};
use crate::api::Wish;
use crate::console::again;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::StateBadge;
use crate::console::seen::Seen;
use crate::console::time::Moment;
use crate::console::visit::Visit;
use crate::gate::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Instant;
use domain::directory::Role;
use domain::permission::Action;
use serde_json::{Map, Value, json};

const PATH: &str = "/app/invitations";
/// People who are asked in at once.
const AT_ONCE: usize = 100;

#[derive(Template)]
#[template(path = "console/set_up/invitations.html")]
struct Invitations {
    frame: Frame,
    open: Vec<Open>,
    form_key: String,
    /// What came of each who was asked just now.
    results: Vec<Outcome>,
    notice: Option<String>,
    refused: Vec<String>,
    /// What was typed.
    people: String,
    roles: Vec<(&'static str, bool)>,
    teams: Vec<(String, bool)>,
}

/// Somebody who was asked in and has not followed the link.
struct Open {
    username: String,
    name: String,
    email: String,
    role: String,
    ends_at: Option<Moment>,
    state: StateBadge,
}

/// What came of asking one person in.
struct Outcome {
    who: String,
    words: String,
    is_done: bool,
    /// The link, where no mail server took it.
    url: Option<String>,
}

/// Lists them.
pub(super) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::Invite(Role::Responder)).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match listed(&seen).await {
        Ok(listed) => page::show(&visit.app, StatusCode::OK, &listed),
        Err(problem) => visit.refuse(&problem),
    }
}

async fn listed(seen: &Seen<'_>) -> Result<Invitations, Problem> {
    let open = seen.all("invitations").await?;
    let teams = seen.snapshot.directory.teams.by_name().into_iter();
    let given = Role::ALL.into_iter().rev().filter(|role| seen.may(Action::Invite(*role)));
    Ok(Invitations {
        frame: seen.visit.frame(),
        open: open.iter().map(|one| told(seen, one)).collect(),
        form_key: seen.form_key(),
        results: Vec::new(),
        notice: None,
        refused: Vec::new(),
        people: String::new(),
        roles: given.map(|role| (role.word(), role == Role::default())).collect(),
        teams: teams.map(|team| (team.component.name.clone(), false)).collect(),
    })
}

fn told(seen: &Seen<'_>, invitation: &Value) -> Open {
    let is_over = Instant::parse(&text(invitation, "ends_at")).is_none_or(|at| at <= seen.now);
    Open {
        username: text(invitation, "preferred_username"),
        name: text(invitation, "display_name"),
        email: text(invitation, "email"),
        role: text(invitation, "user_role"),
        ends_at: time(seen, invitation, "ends_at"),
        state: if is_over { StateBadge::new("over", "over") } else { StateBadge::new("good", "open") },
    }
}

/// Asks people in, sends a link again, or takes one back.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::Invite(Role::Responder)).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    if !seen.session.is_fresh(seen.now) {
        return again::needed(visit, seen.session, PATH).await;
    }
    if let Some(username) = form.get("take_back") {
        let done = seen.answer("take-invitation-back", of_person(username)).await;
        let words = || format!("The link of {username} counts no more.");
        return answered(&seen, done.map(|_| (Vec::new(), Some(words()))), form).await;
    }
    if let Some(username) = form.get("resend") {
        let sent = seen.answer("resend-invitation", of_person(username)).await;
        return answered(&seen, sent.map(|invited| (vec![outcome(username, Ok(invited))], None)), form).await;
    }
    let done = many(&seen, form).await;
    answered(&seen, done.map(|results| (results, None)), form).await
}

fn of_person(username: &str) -> Wish {
    Wish::default().at("preferred_username", username)
}

/// Asks everybody in whom a line names.
async fn many(seen: &Seen<'_>, form: &Form) -> Result<Vec<Outcome>, Problem> {
    let lines: Vec<&str> = form.text("people").lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() || lines.len() > AT_ONCE {
        let words =
            format!("people: must have from 1 to {AT_ONCE} lines, each with an address, and has {}", lines.len());
        return Err(Problem::invalid(vec![words]));
    }
    let mut results = Vec::with_capacity(lines.len());
    for line in lines {
        let (email, name) = address(line);
        let mut body = Map::from_iter([("email".to_owned(), json!(email))]);
        body.extend(name.map(|name| ("display_name".to_owned(), json!(name))));
        body.extend(form.get("role").map(|role| ("role".to_owned(), json!(role))));
        let teams = form.all("teams");
        if !teams.is_empty() {
            body.insert("teams".to_owned(), json!(teams));
        }
        results.push(outcome(line, seen.answer("invite", Wish { body, ..Wish::default() }).await));
    }
    Ok(results)
}

/// The address that a line has, and the name beside it: `Zoe Zorn <zoe@example.org>`, or the address alone.
fn address(line: &str) -> (&str, Option<&str>) {
    let parts = line.strip_suffix('>').and_then(|line| line.split_once('<'));
    match parts {
        Some((name, email)) => (email.trim(), Some(name.trim().trim_matches('"')).filter(|name| !name.is_empty())),
        None => (line.trim_end_matches([',', ';']), None),
    }
}

fn outcome(who: &str, asked: Result<Value, Problem>) -> Outcome {
    let who = who.to_owned();
    match asked {
        Err(problem) => Outcome { who, words: problem.errors.join("; "), is_done: false, url: None },
        Ok(invited) if invited.get("is_mailed") == Some(&Value::Bool(true)) => {
            let words = format!("was sent a link, as {}", text(&invited, "preferred_username"));
            Outcome { who, words, is_done: true, url: None }
        }
        Ok(invited) => {
            let words =
                format!("is {}; no mail was sent, so hand them this link", text(&invited, "preferred_username"));
            Outcome { who, words, is_done: true, url: Some(text(&invited, "url")) }
        }
    }
}

async fn answered(seen: &Seen<'_>, done: Result<(Vec<Outcome>, Option<String>), Problem>, form: &Form) -> Response {
    let visit = seen.visit;
    let listed = match listed(seen).await {
        Ok(listed) => listed,
        Err(problem) => return visit.refuse(&problem),
    };
    match done {
        Ok((results, notice)) => page::show(&visit.app, StatusCode::OK, &Invitations { results, notice, ..listed }),
        Err(problem) => {
            let (refused, people) = (problem.errors.clone(), form.text("people").to_owned());
            let ticked = form.all("teams");
            let teams = listed.teams.iter().map(|(team, _)| (team.clone(), ticked.contains(&team.as_str()))).collect();
            visit.refuse_on(&problem, &Invitations { refused, people, teams, ..listed })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_line_is_an_address_or_one_with_a_name() {
        for (line, expected) in [
            ("zoe@example.org", ("zoe@example.org", None)),
            ("zoe@example.org,", ("zoe@example.org", None)),
            ("Zoe Zorn <zoe@example.org>", ("zoe@example.org", Some("Zoe Zorn"))),
            ("\"Zorn, Zoe\" <zoe@example.org>", ("zoe@example.org", Some("Zorn, Zoe"))),
            ("<zoe@example.org>", ("zoe@example.org", None)),
        ] {
            assert_eq!(address(line), expected, "{line}");
        }
    }
}
