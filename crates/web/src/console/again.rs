//! Proving once more who one is, before what is dangerous.

use super::form::Form;
use super::page::{self, Field, FormView, Simple};
use super::passkey_form::PasskeyForm;
use super::visit::Visit;
use super::words::{problem, said};
use crate::gate::{Problem, onward};
use crate::operation::Code;
use axum::http::StatusCode;
use axum::response::Response;
use directory::{Session, SignInError};

/// Asks for the password once more, and for a code where there is a second factor.
pub(super) async fn show(visit: &Visit) -> Response {
    let session = match visit.signed_in().await {
        Ok(session) => session,
        Err(page) => return page,
    };
    match form_page(visit, session, visit.query.get("next")).await {
        Ok(page) => page::show(&visit.app, StatusCode::OK, &page),
        Err(response) => response,
    }
}

/// The same in the place of what needs it; nothing was done.
pub(super) async fn needed(visit: &Visit, session: &Session, next: &str) -> Response {
    let problem = Problem::new(Code::FreshSignInNeeded, "session: the sign-in is older than ten minutes");
    match form_page(visit, session, Some(next)).await {
        Ok(page) => visit.refuse_on(&problem, &page),
        Err(response) => response,
    }
}

/// The same page with what was refused.
pub(super) async fn refused(
    visit: &Visit,
    session: &Session,
    form: &Form,
    problem: &Problem,
    said: String,
) -> Response {
    match form_page(visit, session, form.get("next")).await {
        Ok(page) => visit.refuse_on(problem, &Simple { problem: Some(said), ..page }),
        Err(response) => response,
    }
}

async fn form_page(visit: &Visit, session: &Session, next: Option<&str>) -> Result<Simple, Response> {
    let factors = visit.app.administration.factors(session).await.map_err(|failure| visit.failed(failure))?;
    let page = Simple::new(visit.frame(), "Is it still you?");
    let page = page.line("What comes next wants that you signed in within the last ten minutes.");
    let accounts = visit.app.administration.linked_accounts(session).await.map_err(|failure| visit.failed(failure))?;
    let next = onward(next);
    let names = accounts.iter().filter_map(|account| account.provider.as_deref());
    let links: Vec<_> = names.map(|name| (by_provider(name, &next), format!("Prove it by {name}"))).collect();
    let site = visit.site.passkeys();
    let passkey = (factors.passkeys > 0 && site.is_ok()).then(|| PasskeyForm::again(next.clone()));
    let page = Simple { passkey, ..page };
    if !factors.has_password {
        let page = match (&page.passkey, site) {
            (Some(_), _) => page,
            (None, Err(why)) if factors.passkeys > 0 => page.line(why),
            (None, _) if links.is_empty() => {
                page.line("You have no password. Sign in once more by a link, and choose one then.")
            }
            (None, _) => page.line("You have no password. The provider that you signed in by can say that it is you."),
        };
        return Ok(Simple { links, ..page });
    }
    let password = Field {
        name: "password",
        label: "Password",
        kind: "password",
        autocomplete: "current-password",
        ..Field::default()
    };
    let mut fields = vec![Field::whose(&session.person), password];
    if factors.codes_left.is_some() {
        let hint = "The six digits that your app shows now, or one of your codes for recovery.".to_owned();
        let (kind, autocomplete) = ("text", "one-time-code");
        fields.push(Field { name: "code", label: "Code", kind, autocomplete, hint, ..Field::default() });
    }
    let hidden = vec![("next", next)];
    let form = FormView { action: "/app/again".to_owned(), hidden, fields, button: "Go on" };
    Ok(Simple { form: Some(form.focused()), links, ..page })
}

fn by_provider(name: &str, next: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("again", "1").append_pair("next", next);
    format!("/app/sign-in/oidc/{name}?{}", query.finish())
}

/// Takes them.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let session = match visit.signed_in().await {
        Ok(session) => session,
        Err(page) => return page,
    };
    let (password, code) = (form.text("password"), form.get("code"));
    match visit.app.administration.sign_in_again(session, password, code, &visit.visitor).await {
        Ok(signed_in) => visit.let_in(&signed_in, &onward(form.get("next"))),
        Err(SignInError::Failed(failure)) => visit.failed(failure),
        Err(error) => {
            let problem = problem(error);
            refused(visit, session, form, &problem, said(&problem)).await
        }
    }
}
