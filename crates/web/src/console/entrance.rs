//! The entrance: the sign-in page, what it says where nobody can sign in, and the way out.

use super::page::{self, Field, FormView, Simple};
use super::site::{Cookie, onward};
use super::visit::Visit;
use crate::api::App;
use crate::gate::Problem;
use crate::operation::Code;
use axum::http::{StatusCode, header};
use axum::response::Response;
use directory::SignInError;
use domain::sign_in::PasswordFault;

/// No cookie that says who is signed in goes over this connection.
pub(super) fn not_here(app: &App) -> Response {
    let page = Simple::new(None, "Nobody can sign in at this address").line(
        "Sign-in wants HTTPS, or http://localhost on the machine that the server runs on. Whoever runs the server sets \
         server.public_url to the https:// address by which people reach it.",
    );
    page::show(app, StatusCode::FORBIDDEN, &page)
}

/// `/app/setup` without a link.
pub(super) fn how_to_begin(visit: &Visit) -> Response {
    let page = Simple::new(visit.session.as_ref(), "Setting up").line(HOW_TO_BEGIN);
    page::show(&visit.app, StatusCode::OK, &page)
}

const HOW_TO_BEGIN: &str = "Run `reveille setup-link` on the server. It prints a link by which the first person of an \
    organization chooses a password.";

/// The sign-in page, asked for.
pub(super) async fn show(visit: &Visit) -> Response {
    if visit.session.is_some() {
        return page::go_on(&onward(visit.query.get("next")));
    }
    match sign_in_page(visit, visit.query.get("next")).await {
        Ok(page) => page::show(&visit.app, StatusCode::OK, &page),
        Err(response) => response,
    }
}

/// The sign-in page in the place of another one, for nobody is signed in.
pub(super) async fn signed_out(visit: &Visit) -> Response {
    let status = if visit.is_entrance() { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
    match sign_in_page(visit, visit.again()).await {
        Ok(page) => page::show(&visit.app, status, &page),
        Err(response) => response,
    }
}

async fn sign_in_page(visit: &Visit, next: Option<&str>) -> Result<Simple, Response> {
    let ways = visit.app.administration.ways_in().await.map_err(|failure| visit.failed(failure))?;
    let page = Simple::new(None, "Sign in");
    if !ways.is_set_up {
        return Ok(page.line("Nobody can sign in yet.").line(HOW_TO_BEGIN));
    }
    let mut fields = vec![
        Field { name: "name", label: "Username or e-mail", kind: "text", autocomplete: "username", ..Field::default() },
        Field {
            name: "password",
            label: "Password",
            kind: "password",
            autocomplete: "current-password",
            ..Field::default()
        },
    ];
    if ways.has_organizations {
        let organization = visit.query.text("organization").to_owned();
        let label = "Organization";
        fields.push(Field {
            name: "organization",
            label,
            kind: "text",
            autocomplete: "organization",
            value: organization,
            ..Field::default()
        });
    }
    let hidden = vec![("next", onward(next))];
    let form = FormView { action: "/app/sign-in".to_owned(), hidden, fields, button: "Sign in" };
    Ok(Simple { form: Some(form.focused()), ..page })
}

/// Ends the session.
pub(super) async fn sign_out(visit: &Visit) -> Response {
    if let Some(session) = &visit.session
        && let Err(failure) = visit.app.administration.end_session(session, session.ref_id.clone()).await
    {
        return visit.failed(failure);
    }
    let mut response = page::go_on("/app/sign-in");
    if let Some(value) = visit.site.forget(Cookie::Session) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// What is wrong with a password that somebody chose.
pub(super) fn password_problem(fault: PasswordFault) -> String {
    match fault {
        PasswordFault::TooShort { least } => format!("must have at least {least} characters"),
        PasswordFault::TooLong { most } => format!("must have at most {most} characters"),
        PasswordFault::Common => {
            "is among the first that are tried, or made of your name and that of your organization; choose another"
                .to_owned()
        }
    }
}

/// A link that does not count, whatever the reason.
pub(super) fn unknown_link(visit: &Visit) -> Response {
    let page = Simple::new(visit.session.as_ref(), "This link does not count")
        .line("It was used before, is too old, or is not whole. Whoever gave it to you can make another.");
    page::show(&visit.app, StatusCode::NOT_FOUND, &page)
}

/// The problem that tells why somebody is not signed in.
pub(super) fn problem(error: SignInError) -> Problem {
    match error {
        SignInError::Refused => {
            Problem::new(Code::SignInRefused, "sign-in: the name, the password or the code is wrong")
        }
        SignInError::TooMany { retry_after_seconds } => Problem::too_many_sign_ins(retry_after_seconds),
        SignInError::Busy => Problem::try_again(Code::SignInBusy, "server: busy with other sign-ins", 1),
        SignInError::UnknownLink => Problem::unknown_path(),
        SignInError::Password(fault) => Problem::invalid(vec![format!("password: {}", password_problem(fault))]),
        SignInError::WrongCode => Problem::invalid(vec!["code: is not the present one".to_owned()]),
        SignInError::NotFresh => Problem::new(Code::FreshSignInNeeded, "session: sign in once more"),
        SignInError::Failed(failure) => crate::gate::failed(failure),
    }
}
