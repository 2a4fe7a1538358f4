//! A forgotten password: asked for by mail, where this server sends any.

use super::form::Form;
use super::page::{self, Field, FormView, Simple};
use super::visit::Visit;
use super::words::{problem, said};
use axum::http::StatusCode;
use axum::response::Response;
use directory::SignInError;

const TITLE: &str = "A new password";

/// Asks whose password was forgotten.
pub(super) async fn show(visit: &Visit) -> Response {
    match form_page(visit, &visit.query).await {
        Ok(page) => page::show(&visit.app, StatusCode::OK, &page),
        Err(response) => response,
    }
}

async fn form_page(visit: &Visit, typed: &Form) -> Result<Simple, Response> {
    let page = Simple::new(visit.frame(), TITLE);
    if !visit.app.administration.can_mail_links() {
        return Ok(page.line("This server sends no mail about passwords.").line(
            "Whoever runs it can help you: `reveille setup-link --user NAME` makes a link by which you choose a new one.",
        ));
    }
    let ways = visit.app.administration.ways_in(None).await.map_err(|failure| visit.failed(failure))?;
    let field = |name, label, autocomplete| {
        let value = typed.text(name).to_owned();
        Field { name, label, kind: "text", autocomplete, value, ..Field::default() }
    };
    let mut fields = vec![field("name", "Username or e-mail address", "username")];
    if ways.has_organizations {
        fields.insert(0, field("organization", "Organization", "organization"));
    }
    let form = FormView { action: "/app/reset".to_owned(), hidden: Vec::new(), fields, button: "Send me a link" };
    Ok(Simple {
        form: Some(form.focused()),
        links: vec![("/app/sign-in".to_owned(), "Back to the sign-in page".to_owned())],
        ..page
    })
}

/// Has a link sent, to whoever it is; the answer is the same for everybody.
pub(super) async fn ask(visit: &Visit, form: &Form) -> Response {
    let administration = &visit.app.administration;
    if !administration.can_mail_links() {
        return show(visit).await;
    }
    let organization = form.get("organization").map(str::to_owned);
    match administration.ask_for_reset(organization, form.text("name").to_owned(), &visit.visitor).await {
        Ok(()) => {
            let page = Simple::new(visit.frame(), TITLE)
                .line(
                    "If somebody of this name has a password and an e-mail address here, a link is on its way to them.",
                )
                .line("It works once, within an hour. A second factor is still asked for afterwards.");
            page::show(&visit.app, StatusCode::OK, &page)
        }
        Err(SignInError::Failed(failure)) => visit.failed(failure),
        Err(error) => {
            let problem = problem(error);
            match form_page(visit, form).await {
                Ok(page) => visit.refuse_on(&problem, &Simple { problem: Some(said(&problem)), ..page }),
                Err(response) => response,
            }
        }
    }
}
